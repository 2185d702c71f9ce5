package conn_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/fairlead-go/fairlead/internal/conn"
	"github.com/fairlead-go/fairlead/resp"
)

// pushes records what OnPush is given.
type pushes struct {
	mu  sync.Mutex // guards all
	all []string
}

func (p *pushes) add(_ *conn.Conn, r resp.Reply) {
	var words []string
	for e := r.Elements(); ; {
		word, ok := e.Next()
		if !ok {
			break
		}
		words = append(words, word.Text())
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.all = append(p.all, strings.Join(words, " "))
}

func (p *pushes) lines() []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.all
}

func TestPushesBetweenReplies(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		var pushed pushes
		p := connect(t, inMemory(t, 0), conn.Config{OnPush: pushed.add})
		p.server.sends(">2\r\n+message\r\n+idle\r\n") // nobody asked for anything
		synctest.Wait()
		a := p.start(context.Background(), command("GET", "a"))
		p.server.wants(wire("GET", "a"))
		b := p.start(context.Background(), command("GET", "b"))
		p.server.wants(wire("GET", "b"))
		p.server.sends(">2\r\n+message\r\n+before\r\n" + bulk("1") + ">2\r\n+message\r\n+between\r\n" + bulk("2") + ">2\r\n+message\r\n+after\r\n")
		a.gets("1")
		b.gets("2")
		synctest.Wait()
		wantLines(t, pushed.lines(), "message idle", "message before", "message between", "message after")
		if p.Replies() != 2 {
			t.Errorf("%d replies, want 2: pushes are none", p.Replies())
		}
	})
}

func TestPushesThatNobodyWants(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		p := connect(t, inMemory(t, 0), conn.Config{})
		get := p.start(context.Background(), command("GET", "a"))
		p.server.wants(wire("GET", "a"))
		p.server.sends(">1\r\n+x\r\n" + bulk("1"))
		get.gets("1")
	})
}

// What came with the last reply of the handshake, in the same read, is read without waiting for more.
func TestWhatComesRightBehindTheHandshake(t *testing.T) {
	t.Run("a push", func(t *testing.T) {
		inBubble(t, func(t *testing.T) {
			var pushed pushes
			p := connectTo(t, conn.Config{OnPush: pushed.add}, helloReply+">1\r\n+welcome\r\n")
			synctest.Wait()
			wantLines(t, pushed.lines(), "welcome")
			get := p.start(context.Background(), command("GET", "a"))
			p.server.wants(wire("GET", "a"))
			p.server.sends(bulk("1"))
			get.gets("1")
		})
	})
	t.Run("a reply too many", func(t *testing.T) {
		inBubble(t, func(t *testing.T) {
			p := connectTo(t, conn.Config{}, helloReply+"+OK\r\n")
			err := p.Do(context.Background(), command("GET", "a")) // it must not be taken for the answer to this
			if !conn.Unavailable(err) {
				t.Errorf("error %v, want Unavailable", err)
			}
			p.wantEnd(conn.ProtocolBroken)
		})
	})
}

func TestReplyThatNobodyAskedFor(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		p := connect(t, inMemory(t, 0), conn.Config{})
		get := p.start(context.Background(), command("GET", "a"))
		p.server.wants(wire("GET", "a"))
		p.server.sends(bulk("1") + bulk("2"))
		get.gets("1") // it was answered before the connection went wrong
		p.server.wantsEnd()
		p.wantEnd(conn.ProtocolBroken)
		if !containsText(p.Gone(), "a reply that no command asked for") {
			t.Errorf("%v does not say what was wrong", p.Gone())
		}
	})
}

func TestLastWordsOfAServer(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		p := connect(t, inMemory(t, 0), conn.Config{})
		p.server.sends("-ERR max idle time reached\r\n")
		p.server.wantsEnd()
		<-p.Closed()
		var said *resp.Error
		if err := p.Gone(); !errors.As(err, &said) || said.Message != "ERR max idle time reached" {
			t.Errorf("%v, want what the server said", err)
		}
	})
}

func TestGarbage(t *testing.T) {
	for _, garbage := range []string{"HTTP/1.1 200 OK\r\n", "$-5\r\n", ":12x\r\n", "*99999999999\r\n", "\x00", "+OK\rx\n"} {
		t.Run(fmt.Sprintf("%q", garbage), func(t *testing.T) {
			inBubble(t, func(t *testing.T) {
				p := connect(t, inMemory(t, 0), conn.Config{})
				a := p.start(context.Background(), command("GET", "a"))
				p.server.wants(wire("GET", "a"))
				b := p.start(context.Background(), command("GET", "b"))
				p.server.wants(wire("GET", "b"))
				p.server.sends(bulk("1") + garbage)
				a.gets("1") // what came before is right
				var broken *resp.ProtocolError
				if e := b.fails(conn.AwaitingReply, nil); !errors.As(e, &broken) || broken.Offset < int64(len(helloReply+bulk("1"))) {
					t.Errorf("%v, want a *resp.ProtocolError with its place", e)
				}
				p.server.wantsEnd()
				if i := p.Info(); i.Cause != conn.ProtocolBroken || !errors.As(i.Err, &broken) {
					t.Errorf("it ended because of %q (%v)", i.Cause, i.Err)
				}
			})
		})
	}
}

func TestLimits(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		p := connect(t, inMemory(t, 0), conn.Config{Limits: resp.Limits{Bulk: 10}})
		a := p.start(context.Background(), command("GET", "a"))
		p.server.wants(wire("GET", "a"))
		p.server.sends("$11\r\n") // not a byte of it has to come
		var broken *resp.ProtocolError
		if e := a.fails(conn.AwaitingReply, nil); !errors.As(e, &broken) || !strings.Contains(broken.Reason, "Limits.Bulk") {
			t.Errorf("%v does not name the limit", e)
		}
	})
}

// The same replies arrive, wherever the stream is cut.
func TestRepliesCutAnywhere(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		var pushed pushes
		p := connect(t, inMemory(t, 0), conn.Config{OnPush: pushed.add})
		raw := ">2\r\n+message\r\n$2\r\nhi\r\n" + bulk("one") + "+OK\r\n*2\r\n:1\r\n$1\r\nx\r\n%1\r\n+k\r\n_\r\n-ERR no\r\n"
		for i := range len(raw) + 1 {
			calls := []*pending{p.start(context.Background(), command("GET", "k"))}
			p.server.wants(wire("GET", "k"))
			calls = append(calls, p.start(t.Context(), block("SET k v", "LRANGE l 0 1", "HGETALL h")))
			p.server.wants(wires("SET k v", "LRANGE l 0 1", "HGETALL h"))
			calls = append(calls, p.start(context.Background(), command("FOO")))
			p.server.wants(wire("FOO"))
			p.server.sends(raw[:i])
			synctest.Wait()
			p.server.sends(raw[i:])
			calls[0].gets("one")
			calls[1].getsAll("OK", "", "")
			calls[2].gets("ERR no")
			if n := calls[1].call.Replies[1].Len(); n != 2 {
				t.Errorf("cut at %d: an array of %d elements, want 2", i, n)
			}
		}
		if len(pushed.lines()) != len(raw)+1 {
			t.Errorf("%d pushes, want %d", len(pushed.lines()), len(raw)+1)
		}
	})
}

func TestRepliesByteByByte(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		p := connect(t, inMemory(t, 0), conn.Config{})
		p.alone()
		synctest.Wait()
		get := p.start(context.Background(), command("GET", "k")) // its caller reads
		p.server.wants(wire("GET", "k"))
		for _, b := range []byte(bulk("value")) {
			<-time.After(time.Second)
			p.server.sends(string(b))
		}
		get.gets("value")
	})
}

// A reply that is there before its command was written cannot be the command's: whoever waits at the front does not get it.
func TestReplyToACommandThatWasNotWritten(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		o := inMemory(t, 0)
		gate := &gatedDialer{dial: o.dial, open: make(chan struct{}), entered: make(chan string, 10)}
		p := connect(t, o, conn.Config{Dialer: gate.Dial})
		first := p.start(context.Background(), command("GET", "a"))
		p.server.wants(wire("GET", "a"))
		gate.shut()
		second := p.start(context.Background(), command("GET", "b"))
		<-gate.entered // its write is under way
		third := p.start(context.Background(), command("GET", "c"))
		synctest.Wait() // it is appended, and waits for that write
		p.server.sends(bulk("1") + bulk("2") + bulk("3"))
		first.gets("1")
		third.fails(conn.Writing, nil)
		p.wantEnd(conn.ProtocolBroken)
		close(gate.open)
		second.gets("2")
	})
}
