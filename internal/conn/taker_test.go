package conn_test

import (
	"context"
	"errors"
	"io"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/fairlead-go/fairlead/internal/conn"
	"github.com/fairlead-go/fairlead/resp"
)

// TestStreamTakesEverything: pushes, replies and errors, in order, as they come.
func TestStreamTakesEverything(t *testing.T) {
	t.Parallel()
	for _, what := range []string{"a resident goroutine reads", "nobody reads, after calls of a lone caller"} {
		t.Run(what, func(t *testing.T) {
			inBubble(t, func(t *testing.T) {
				var pushed pushes
				p := connect(t, inMemory(t, 0), conn.Config{OnPush: pushed.add})
				if strings.HasPrefix(what, "nobody") {
					for range 5 {
						call := p.start(context.Background(), command("GET", "a"))
						p.server.wants(wire("GET", "a"))
						p.server.sends(bulk("1"))
						call.gets("1")
					}
				}
				var taken []string
				p.Stream(func(replies []resp.Reply) error {
					for _, r := range replies {
						taken = append(taken, r.Kind().String())
					}
					return nil
				})
				if err := p.Post([]byte("PING\r\n")); err != nil {
					t.Fatal(err)
				}
				p.server.wants("PING\r\n")
				p.server.sends("+PONG\r\n>2\r\n+message\r\n+x\r\n-ERR no\r\n*1\r\n:1\r\n")
				<-time.After(time.Second) // the bubble's: it passes at once
				synctest.Wait()
				wantLines(t, taken, resp.SimpleString.String(), resp.Push.String(), resp.SimpleError.String(), resp.Array.String())
				wantLines(t, pushed.lines())
				if !p.Streams() {
					t.Error("it does not say that it streams")
				}
				p.Close(conn.UserClosed, nil)
			})
		})
	}
}

// TestStreamEnds with the taker's error, with the server's end, and with a write that nobody reads.
func TestStreamEnds(t *testing.T) {
	t.Parallel()
	refused := errors.New("this was not asked for")
	for _, test := range []struct {
		what  string
		end   func(p *pair)
		cause conn.Cause
		err   error
	}{
		{"the taker's error", func(p *pair) { p.server.sends(":1\r\n") }, conn.ProtocolBroken, refused},
		{"no RESP", func(p *pair) { p.server.sends("?\r\n") }, conn.ProtocolBroken, nil},
		{"FIN", func(p *pair) { p.server.Close() }, conn.PeerClosed, io.EOF},
		{"a full socket", func(p *pair) {
			if p.Post(make([]byte, 1<<20)) == nil {
				p.t.Error("more was written than the window holds")
			}
		}, conn.WriteTimeout, nil},
	} {
		t.Run(test.what, func(t *testing.T) {
			inBubble(t, func(t *testing.T) {
				p := connect(t, inMemory(t, 0), conn.Config{Timeout: time.Second})
				p.Stream(func([]resp.Reply) error { return refused })
				test.end(p)
				<-p.Closed()
				info := p.Info()
				if info.Cause != test.cause || test.err != nil && !errors.Is(info.Err, test.err) {
					t.Errorf("%s: the cause is %v (%v), want %v (%v)", test.what, info.Cause, info.Err, test.cause, test.err)
				}
				if err := p.Post([]byte("PING\r\n")); err == nil {
					t.Errorf("%s: something was written to a closed connection", test.what)
				}
			})
		})
	}
}
