package fairlead_test

import (
	"context"
	"errors"
	"io"
	"net"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/fairlead-go/fairlead"
	"github.com/fairlead-go/fairlead/redis"
	"github.com/fairlead-go/fairlead/redistest"
	"github.com/fairlead-go/fairlead/resp"
)

func TestRedisPyParser(t *testing.T) {
	t.Parallel()
	inMemory(t, `unknown type byte: InvalidResponse "Protocol Error"`, fairlead.Options{Retry: never},
		func(t *testing.T, c *fairlead.Client, fake *redistest.Fake) {
			_, err := c.Get(background, "k")
			sentAs(t, err, true)
			if e, ok := errors.AsType[*resp.ProtocolError](err); !ok || !strings.Contains(e.Excerpt, "xuser") {
				t.Errorf("the error is %v, want a ProtocolError that shows what was read", err)
			}
			wantEnd(t, c, fairlead.CauseProtocolBroken)
			wantGet(t, c.Commands, "k", "v") // over a new connection
		}, func(c *redistest.FakeConn) {
			c.AnswerHandshake()
			c.ExpectCommand("GET", "k")
			c.Reply("xuser\r\n")
			c.ExpectClose()
		}, answering("$1\r\nv\r\n"))
	inMemory(t, "push frame first: handled and skipped", fairlead.Options{},
		func(t *testing.T, c *fairlead.Client, fake *redistest.Fake) { wantGet(t, c.Commands, "k", "v") },
		answering(">2\r\n+invalidate\r\n*1\r\n$1\r\nk\r\n$1\r\nv\r\n"))
	inMemory(t, "timeout kept after a skipped push", fairlead.Options{Timeout: time.Second, Retry: never},
		func(t *testing.T, c *fairlead.Client, fake *redistest.Fake) {
			took, err := timed(func() error { return get(c) })
			if sentAs(t, err, true); !errors.Is(err, fairlead.ErrTimeout) || took != time.Second {
				t.Errorf("after %v the error is %v, want ErrTimeout after 1s: the push is no reply", took, err)
			}
		}, func(c *redistest.FakeConn) {
			c.AnswerHandshake()
			c.ExpectCommand("GET", "k")
			pass(500 * time.Millisecond)
			c.Reply(">2\r\n+invalidate\r\n*1\r\n$1\r\nk\r\n")
			c.Hang()
		})
	inMemory(t, "timeout=0 with no data: TimeoutError", fairlead.Options{},
		func(t *testing.T, c *fairlead.Client, fake *redistest.Fake) {
			ctx, cancel := context.WithTimeout(background, 0)
			defer cancel()
			_, err := c.Get(ctx, "k")
			if sentAs(t, err, false); !errors.Is(err, context.DeadlineExceeded) {
				t.Errorf("the error is %v, want context.DeadlineExceeded", err)
			}
			if fake.Conns() != 0 {
				t.Error("a connection was opened for a command whose time was over")
			}
		})
	for _, protocol := range []int{2, 3} {
		name := map[int]string{2: "parser interrupted at arbitrary byte boundaries resumes: RESP2", 3: "parser interrupted at arbitrary byte boundaries resumes: RESP3"}[protocol]
		inMemory(t, name, fairlead.Options{Protocol: protocol}, byteByByte, func(c *redistest.FakeConn) {
			c.AnswerHandshake()
			for range 4 {
				_, _ = c.ReadCommand()
			}
			for _, b := range []byte("$5\r\nhe\r\no\r\n:-12\r\n*2\r\n$1\r\na\r\n$-1\r\n-ERR no\r\n") {
				synctest.Wait() // until the client has read what there is, and waits for more
				c.Reply(string(b))
			}
		})
	}
}

// byteByByte runs four commands whose replies come one byte at a time.
func byteByByte(t *testing.T, c *fairlead.Client, _ *redistest.Fake) {
	p := c.Pipeline()
	bulk, number := fairlead.Queue(p, redis.Get("k")), fairlead.Queue(p, redis.Incr("n"))
	list, failure := fairlead.Queue(p, redis.MGet("a", "b")), fairlead.Queue(p, redis.Get("x"))
	says(t, p.Exec(background), "command 4 of the pipe (GET) failed: ERR no")
	if v, err := bulk.Result(); err != nil || v != "he\r\no" {
		t.Errorf("GET is %q, %v", v, err)
	}
	if n, err := number.Result(); err != nil || n != -12 {
		t.Errorf("INCR is %d, %v", n, err)
	}
	if l, err := list.Result(); err != nil || len(l) != 2 || l[0].Value != "a" || !l[0].Found || l[1].Found {
		t.Errorf("MGET is %+v, %v", l, err)
	}
	_, err := failure.Result()
	wantCode(t, err, "ERR")
}

// answering is a server that sends the bytes in answer to GET k.
func answering(raw string) func(*redistest.FakeConn) {
	return func(c *redistest.FakeConn) {
		c.AnswerHandshake()
		c.ExpectCommand("GET", "k")
		c.Reply(raw)
	}
}

// wantEnd looks for a connection that ended with the cause.
func wantEnd(t *testing.T, c *fairlead.Client, cause fairlead.Cause) {
	t.Helper()
	for _, e := range c.Pool().Events() {
		if e.To == fairlead.StateClosed && e.Cause == cause {
			return
		}
	}
	t.Errorf("no connection was closed because of %q: %+v", cause, c.Pool().Events())
}

func TestRedisPyLiveness(t *testing.T) {
	t.Parallel()
	inMemory(t, "can_read true if the reader holds data: the second reply in one packet", fairlead.Options{},
		func(t *testing.T, c *fairlead.Client, fake *redistest.Fake) {
			p := c.Pipeline()
			one, two := fairlead.Queue(p, redis.Incr("n")), fairlead.Queue(p, redis.Incr("n"))
			must(t, p.Exec(background))
			first, _ := one.Result()
			if second, err := two.Result(); err != nil || first != 1 || second != 2 {
				t.Errorf("the replies are %d and %d, %v", first, second, err)
			}
		}, func(c *redistest.FakeConn) {
			c.AnswerHandshake()
			c.ExpectCommand("INCR", "n")
			c.ExpectCommand("INCR", "n")
			c.Reply(":1\r\n:2\r\n")
		})
	for _, mode := range []fairlead.Mode{fairlead.Shared, fairlead.Exclusive} {
		inMemory(t, "a connection with bytes that nobody asked for is never handed out: "+mode.String(), fairlead.Options{Mode: mode, Retry: never},
			func(t *testing.T, c *fairlead.Client, fake *redistest.Fake) {
				wantGet(t, c.Commands, "k", "v")
				pass(time.Second) // the server sends the reply of nothing meanwhile
				wantEnd(t, c, fairlead.CauseProtocolBroken)
				wantGet(t, c.Commands, "k", "right") // and not "wrong"
			}, func(c *redistest.FakeConn) {
				answering("$1\r\nv\r\n")(c)
				pass(time.Second / 2)
				c.Reply("$5\r\nwrong\r\n")
				c.ExpectClose()
			}, answering("$5\r\nright\r\n"))
	}
}

func TestRedisPyEndOfTheStream(t *testing.T) {
	t.Parallel()
	inMemory(t, "data then FIN: readable until drained, then ConnectionError; closed detection: deferred while unread data", fairlead.Options{},
		func(t *testing.T, c *fairlead.Client, fake *redistest.Fake) {
			p := c.Pipeline()
			one, two := fairlead.Queue(p, redis.Incr("n")), fairlead.Queue(p, redis.Incr("n"))
			says(t, p.Exec(background), "command 2 of the pipe (INCR) failed")
			if n, err := one.Result(); err != nil || n != 1 {
				t.Errorf("the first reply is %d, %v; it came before the end", n, err)
			}
			_, err := two.Result()
			if sentAs(t, err, true); !errors.Is(err, io.EOF) {
				t.Errorf("the second command's error is %v, want io.EOF", err)
			}
			wantEnd(t, c, fairlead.CausePeerClosed)
		}, func(c *redistest.FakeConn) {
			c.AnswerHandshake()
			c.ExpectCommand("INCR", "n")
			c.ExpectCommand("INCR", "n")
			c.Reply(":1\r\n")
			c.Close()
		})
	inMemory(t, "concurrent disconnect during read: ConnectionError, never a nil crash", fairlead.Options{Retry: fairlead.Retry{OnTimeout: true}},
		func(t *testing.T, c *fairlead.Client, fake *redistest.Fake) {
			errs := make(chan error)
			for range 8 {
				go func() { errs <- get(c) }()
			}
			synctest.Wait() // all eight wait for their replies
			must(t, c.Pool().Close())
			for range 8 {
				err := <-errs
				if sentAs(t, err, true); !errors.Is(err, net.ErrClosed) && !errors.Is(err, fairlead.ErrClosed) {
					t.Errorf("the error is %v, want net.ErrClosed or ErrClosed", err)
				}
			}
		}, silent)
	inMemory(t, "in-flight read finishes on its own reader", fairlead.Options{},
		func(t *testing.T, c *fairlead.Client, fake *redistest.Fake) {
			reply := make(chan error)
			go func() { reply <- get(c) }()
			synctest.Wait()
			must(t, c.Pool().Shutdown(background)) // returns after the reply, which comes a second later
			must(t, <-reply)
			_, err := c.Get(background, "k")
			if sentAs(t, err, false); !errors.Is(err, fairlead.ErrClosed) {
				t.Errorf("after Shutdown the error is %v, want ErrClosed", err)
			}
		}, func(c *redistest.FakeConn) {
			c.AnswerHandshake()
			c.ExpectCommand("GET", "k")
			pass(time.Second)
			c.Reply("$1\r\nv\r\n")
			c.ExpectClose()
		})
}

// The ends that only real sockets have: each time the connection is idle when its peer ends it.
func TestRedisPyClosedDetection(t *testing.T) {
	t.Parallel()
	listeners := map[string]func(t *testing.T, scripts ...func(*redistest.FakeConn)) *redistest.Fake{
		"UNIX": unixFake,
		"TCP": func(t *testing.T, scripts ...func(*redistest.FakeConn)) *redistest.Fake {
			return redistest.NewFake(t, scripts...)
		},
	}
	endings := map[string]struct {
		end   func(*redistest.FakeConn)
		cause fairlead.Cause
	}{
		"peer close": {(*redistest.FakeConn).Close, fairlead.CausePeerClosed},
		"half-close": {func(c *redistest.FakeConn) {
			c.HalfClose()
			c.ExpectClose()
		}, fairlead.CausePeerClosed},
		"peer reset": {(*redistest.FakeConn).Reset, fairlead.CausePeerReset},
	}
	for network, listen := range listeners {
		for name, ending := range endings {
			if network == "UNIX" && name == "peer reset" {
				continue // a unix socket has no RST
			}
			behaviour(t, "closed detection: "+network+" "+name, func(t *testing.T) {
				now := make(chan struct{})
				fake := listen(t, func(c *redistest.FakeConn) {
					answering("$1\r\nv\r\n")(c)
					c.Hold(now)
					ending.end(c)
				}, answering("$5\r\nagain\r\n"))
				o := fairlead.Options{Addr: fake.Addr(), Retry: never}
				closed := watchClosed(&o)
				c := openTo(t, &o)
				wantGet(t, c.Commands, "k", "v")
				close(now)
				if got := <-closed; got.Cause != ending.cause {
					t.Errorf("the connection was closed because of %q, want %q", got.Cause, ending.cause)
				}
				wantGet(t, c.Commands, "k", "again")
			})
		}
	}
	behaviour(t, "pool restores a killed connection", func(t *testing.T) {
		server := redistest.Start(t)
		o := fairlead.Options{Addr: server.Addr(), Mode: fairlead.Exclusive, Retry: never}
		closed := watchClosed(&o)
		c := openTo(t, &o)
		one := lend(t, c)
		must(t, one.Close())
		if _, err := server.Do("CLIENT", "KILL", "TYPE", "normal"); err != nil {
			t.Fatal(err)
		}
		<-closed
		if two := lend(t, c); two.ID() == one.ID() {
			t.Error("the killed connection was lent again")
		}
	})
	behaviour(t, "TLS pending bytes → not closed", func(t *testing.T) {
		long := strings.Repeat("v", 40_000) // several TLS records, more than one read
		fake, trust := tlsFake(t, func(c *redistest.FakeConn) {
			c.AnswerHandshake()
			c.Serve(func([]string) string { return "$40000\r\n" + long + "\r\n" })
		})
		c := openTo(t, &fairlead.Options{Addr: fake.Addr(), Retry: never, TLS: trust})
		for range 20 {
			wantGet(t, c.Commands, "k", long)
			p := c.Pipeline()
			for range 5 {
				fairlead.Queue(p, redis.Get("k"))
			}
			must(t, p.Exec(background))
		}
		if s := c.Pool().Stats(); s.Dials != 1 {
			t.Errorf("%d connections were opened, want 1 that is kept", s.Dials)
		}
	})
}
