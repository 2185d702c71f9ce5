package conn

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strconv"
	"time"

	"github.com/fairlead-go/fairlead/resp"
)

// A Server is what a server said about itself when a connection was made.
type Server struct {
	ClientID int64  // the connection's number at the server, for CLIENT KILL and CLIENT UNBLOCK; 0 if it tells none
	Name     string // "redis" or "valkey"; "" under RESP2
	Version  string // "7.0.15"; "" under RESP2
	Mode     string // "standalone", "sentinel" or "cluster"; "" under RESP2
	Role     string // "master" or "replica"; "" under RESP2
	Protocol int    // the RESP version agreed on: 3 or 2
}

// A step is one command of the handshake.
type step struct {
	words    []string
	required bool                    // an error ends the handshake
	read     func(*Conn, resp.Reply) // takes what the reply tells; nil: nothing
}

// shakeHands tells the server who we are and agrees on a protocol: one write, all steps in it. A server that does not know HELLO
// (before Redis 6.0) is asked again the old way.
func (c *Conn) shakeHands(ctx context.Context) error {
	stop := context.AfterFunc(ctx, func() { _ = c.net.SetDeadline(time.Unix(1, 0)) }) // fails only on a closed socket
	defer stop()
	var user, password string
	if c.cfg.Credentials != nil {
		var err error
		if user, password, err = c.cfg.Credentials(ctx); err != nil {
			return fmt.Errorf("the credentials could not be had: %w", err)
		}
	}
	if c.cfg.Protocol != 2 {
		err := c.run(c.steps(3, user, password))
		if !c.fallsBack(err) {
			return c.finish(ctx, stop, err)
		}
	}
	return c.finish(ctx, stop, c.run(c.steps(2, user, password)))
}

// finish clears the deadline that the end of ctx may be about to set.
func (c *Conn) finish(ctx context.Context, stop func() bool, err error) error {
	if err == nil && !stop() {
		return ContextError(ctx)
	}
	return err
}

// fallsBack reports whether RESP3 was refused by a server that is too old for it and RESP2 is allowed.
func (c *Conn) fallsBack(err error) bool {
	if c.cfg.Protocol == 3 {
		return false
	}
	return errorCode(err) == "NOPROTO" || errorHas(err, "unknown command")
}

// steps are the commands of the handshake for a protocol.
func (c *Conn) steps(protocol int, user, password string) []step {
	var steps []step
	if protocol == 3 {
		hello := []string{"HELLO", "3"}
		if password != "" || user != "" {
			hello = append(hello, "AUTH", orDefault(user), password)
		}
		steps = append(steps, step{hello, true, (*Conn).readHello})
	} else {
		if user != "" {
			steps = append(steps, step{[]string{"AUTH", user, password}, true, nil})
		} else if password != "" {
			steps = append(steps, step{[]string{"AUTH", password}, true, nil})
		}
		steps = append(steps, step{[]string{"CLIENT", "ID"}, false, (*Conn).readClientID})
	}
	if c.cfg.ClientName != "" {
		steps = append(steps, step{[]string{"CLIENT", "SETNAME", c.cfg.ClientName}, false, nil})
	}
	if c.cfg.LibName != "" {
		steps = append(steps, step{[]string{"CLIENT", "SETINFO", "LIB-NAME", c.cfg.LibName}, false, nil},
			step{[]string{"CLIENT", "SETINFO", "LIB-VER", c.cfg.LibVersion}, false, nil})
	}
	if c.cfg.DB != 0 {
		steps = append(steps, step{[]string{"SELECT", strconv.Itoa(c.cfg.DB)}, true, nil})
	}
	return steps
}

func orDefault(user string) string {
	if user == "" {
		return "default"
	}
	return user
}

// run writes all steps at once and reads all their replies, whatever the first says; the error is that of the first
// required step that failed.
func (c *Conn) run(steps []step) error {
	var out []byte
	for _, s := range steps {
		out = resp.AppendCommand(out, s.words...)
	}
	n, writeErr := writeAll(c.net, out)
	c.written.Add(int64(n))
	c.server.Protocol = 2
	var first error
	for _, s := range steps {
		r, err := c.readOne()
		if err != nil {
			return cmp.Or(first, err) // what the server said tells more than that it hung up then
		}
		err = r.Err()
		if slices.Contains(s.words, "AUTH") {
			err = withoutArguments(err)
		}
		switch {
		case err == nil && s.read != nil:
			s.read(c, r)
		case err != nil && TurnedAway(err):
			return &stepError{s.words[0], err} // the server closes the connection without answering the rest
		case err != nil && first == nil && (s.required || errorCode(err) == "NOAUTH"):
			first = &stepError{s.words[0], err}
		}
	}
	return cmp.Or(first, writeErr)
}

// readOne reads the next reply that is no push.
func (c *Conn) readOne() (resp.Reply, error) {
	for {
		r, ok, err := c.scan.Next()
		if err != nil {
			return r, err
		}
		if ok && r.Kind() != resp.Push {
			return r, nil
		}
		if !ok {
			if err := c.fill(); err != nil {
				return r, err
			}
		}
	}
}

func (c *Conn) readHello(r resp.Reply) {
	c.server.Protocol = 3
	for e := r.Elements(); ; {
		k, ok := e.Next()
		if !ok {
			return
		}
		v, _ := e.Next()
		switch k.Text() {
		case "server":
			c.server.Name = v.Text()
		case "version":
			c.server.Version = v.Text()
		case "mode":
			c.server.Mode = v.Text()
		case "role":
			c.server.Role = v.Text()
		case "id":
			c.server.ClientID, _ = v.Int() // 0, "tells none", where it is no number
		}
	}
}

func (c *Conn) readClientID(r resp.Reply) {
	c.server.ClientID, _ = r.Int() // as above
}
