package conn_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/fairlead-go/fairlead/internal/conn"
	"github.com/fairlead-go/fairlead/redis"
	"github.com/fairlead-go/fairlead/resp"
)

// wire is a command as it travels.
func wire(words ...string) string {
	var b strings.Builder
	fmt.Fprintf(&b, "*%d\r\n", len(words))
	for _, w := range words {
		fmt.Fprintf(&b, "$%d\r\n%s\r\n", len(w), w)
	}
	return b.String()
}

// bulk is a string as a server replies it.
func bulk(s string) string { return fmt.Sprintf("$%d\r\n%s\r\n", len(s), s) }

// request is any command: its name and arguments.
func request(words ...string) redis.Request {
	args := make([]any, len(words)-1)
	for i, w := range words[1:] {
		args[i] = w
	}
	return redis.New[resp.Reply](words[0], args...).Request
}

// command is a call of one command, in whatever database the connection has.
func command(words ...string) *conn.Call {
	call := conn.NewCall()
	call.Request, call.DB = request(words...), conn.AnyDB
	return call
}

// block is a call of many commands, each given in one string with spaces.
func block(lines ...string) *conn.Call {
	call := conn.NewCall()
	call.DB = conn.AnyDB
	for _, line := range lines {
		call.Many = append(call.Many, request(strings.Fields(line)...))
	}
	call.Replies = make([]resp.Reply, len(lines))
	return call
}

// wires is what a block of such lines sends.
func wires(lines ...string) string {
	var b strings.Builder
	for _, line := range lines {
		b.WriteString(wire(strings.Fields(line)...))
	}
	return b.String()
}

// A pending call runs in a goroutine of its own.
type pending struct {
	t    *testing.T
	call *conn.Call
	done chan struct{} // closed when Do has returned
	err  error         // set before done is closed
}

// start runs a call in a goroutine; it is over when the call is.
func (p *pair) start(ctx context.Context, call *conn.Call) *pending {
	c := &pending{t: p.t, call: call, done: make(chan struct{})}
	go func() {
		defer close(c.done)
		c.err = p.Do(ctx, call)
	}()
	return c
}

// isOver reports whether Do has returned.
func (c *pending) isOver() bool {
	select {
	case <-c.done:
		return true
	default:
		return false
	}
}

// gets waits for the call and its reply.
func (c *pending) gets(want string) {
	c.t.Helper()
	<-c.done
	if c.err != nil {
		c.t.Fatalf("%s: %v", c.call.Name(), c.err)
	}
	if got := c.call.Reply.Text(); got != want {
		c.t.Errorf("%s got the reply %.60q, want %.60q", c.call.Name(), got, want)
	}
}

// getsAll waits for a block and its replies.
func (c *pending) getsAll(want ...string) {
	c.t.Helper()
	<-c.done
	if c.err != nil {
		c.t.Fatalf("%s: %v", c.call.Name(), c.err)
	}
	if got := texts(c.call.Replies); !slices.Equal(got, want) {
		c.t.Errorf("%s got the replies %q, want %q", c.call.Name(), got, want)
	}
}

func texts(replies []resp.Reply) []string {
	var all []string
	for _, r := range replies {
		all = append(all, r.Text())
	}
	return all
}

// fails waits for the call and returns its error, which must be a *conn.CallError of this phase whose chain has the target.
func (c *pending) fails(phase conn.Phase, target error) *conn.CallError {
	c.t.Helper()
	<-c.done
	return wantCallError(c.t, c.err, phase, target)
}

func wantCallError(t *testing.T, err error, phase conn.Phase, target error) *conn.CallError {
	t.Helper()
	var e *conn.CallError
	if !errors.As(err, &e) {
		t.Fatalf("error %v (%T), want a *conn.CallError", err, err)
	}
	if e.Phase != phase || e.Sent != (phase == conn.AwaitingReply) {
		t.Errorf("phase %v, Sent %v, want phase %v: %v", e.Phase, e.Sent, phase, e)
	}
	if target != nil && !errors.Is(err, target) {
		t.Errorf("error %v does not wrap %v", err, target)
	}
	return e
}

// wantLines compares what happened with what was to happen.
func wantLines(t *testing.T, got []string, want ...string) {
	t.Helper()
	if !slices.Equal(got, want) {
		t.Errorf("got\n\t%s\nwant\n\t%s", strings.Join(got, "\n\t"), strings.Join(want, "\n\t"))
	}
}

// wantEnd waits until the connection is closed and compares its cause.
func (p *pair) wantEnd(cause conn.Cause) conn.Info {
	p.t.Helper()
	<-p.Closed()
	i := p.Info()
	if i.State != conn.Closed || i.Cause != cause {
		p.t.Errorf("the connection is %v because of %q (%v), want closed because of %q", i.State, i.Cause, i.Err, cause)
	}
	return i
}

// alone makes the connection one whose lone callers read for themselves: after three calls in a row without company.
func (p *pair) alone() {
	p.t.Helper()
	for range 3 {
		call := p.start(context.Background(), command("PING"))
		p.server.wants(wire("PING"))
		p.server.sends("+PONG\r\n")
		call.gets("PONG")
	}
}
