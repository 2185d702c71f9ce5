package demo

import (
	"context"
	"fmt"
	"net"
	"strconv"
	"strings"
	"time"

	"github.com/fairlead-go/fairlead/resp"
)

// plainTimeout bounds one question over a plain connection.
const plainTimeout = 10 * time.Second

// A plain connection looks at the server past the client that is shown: it has no pool, sends nothing again and waits for
// each reply. It belongs to one goroutine.
type plain struct {
	conn    net.Conn
	replies *resp.Reader
}

func dialPlain(ctx context.Context, addr string) (*plain, error) {
	var dialer net.Dialer
	conn, err := dialer.DialContext(ctx, "tcp", addr)
	if err != nil {
		return nil, err
	}
	return &plain{conn: conn, replies: resp.NewReader(conn, resp.Limits{})}, nil
}

func (p *plain) close() { p.conn.Close() }

// ask sends one command and returns its reply. The error is the server's, if it answered with one.
func (p *plain) ask(words ...string) (resp.Reply, error) {
	if err := p.conn.SetDeadline(time.Now().Add(plainTimeout)); err != nil {
		return resp.Reply{}, err
	}
	if _, err := p.conn.Write(resp.AppendCommand(nil, words...)); err != nil {
		return resp.Reply{}, err
	}
	reply, err := p.replies.Next()
	if err == nil {
		err = reply.Err()
	}
	if err != nil {
		return resp.Reply{}, fmt.Errorf("%s failed: %w", words[0], err)
	}
	return reply, nil
}

// text is ask for a string; "" if there is none.
func (p *plain) text(words ...string) (string, error) {
	reply, err := p.ask(words...)
	return reply.Text(), err
}

// number is ask for a number; 0 if there is none.
func (p *plain) number(words ...string) (int64, error) {
	reply, err := p.ask(words...)
	if err != nil || reply.IsNull() {
		return 0, err
	}
	n, err := strconv.ParseFloat(reply.Text(), 64) // scores have the form of floats
	return int64(n), err
}

// list is ask for a list of strings; a missing element is "".
func (p *plain) list(words ...string) ([]string, error) {
	reply, err := p.ask(words...)
	if err != nil {
		return nil, err
	}
	list := make([]string, 0, reply.Len())
	elements := reply.Elements()
	for e, more := elements.Next(); more; e, more = elements.Next() {
		list = append(list, e.Text())
	}
	return list, nil
}

// infoField returns a field of INFO's text, or "".
func infoField(info, name string) string {
	for line := range strings.Lines(info) {
		if value, found := strings.CutPrefix(line, name+":"); found {
			return strings.TrimSpace(value)
		}
	}
	return ""
}
