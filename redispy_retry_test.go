package fairlead_test

import (
	"context"
	"errors"
	"io"
	"net"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/fairlead-go/fairlead"
	"github.com/fairlead-go/fairlead/redis"
	"github.com/fairlead-go/fairlead/redistest"
)

// silent is a server that reads and answers nothing.
func silent(c *redistest.FakeConn) {
	c.AnswerHandshake()
	c.Hang()
}

// cutting is a server that ends the connection instead of answering its first command.
func cutting(c *redistest.FakeConn) {
	c.AnswerHandshake()
	_, _ = c.ReadCommand() // which one is what the test asks Fake.Commands
	c.Close()
}

// incr is a command that must not run twice unless its caller says so.
func incr(c *fairlead.Client) error {
	_, err := c.Incr(background, "n")
	return err
}

func get(c *fairlead.Client) error {
	_, err := c.Get(background, "k")
	return err
}

func TestRedisPyRetryOnTimeout(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name  string
		retry fairlead.Retry
		sent  int
	}{
		{"retry_on_timeout alone: the default number of retries", fairlead.Retry{OnTimeout: true}, 1 + 3},
		{"retry_on_timeout false: 0", fairlead.Retry{}, 1},
		{"retry_on_timeout + Retry(n): n retries", fairlead.Retry{OnTimeout: true, MaxRetries: 5}, 1 + 5},
		{"retry_on_timeout + Retry(0): 0", fairlead.Retry{OnTimeout: true, MaxRetries: -1}, 1},
	} {
		inMemory(t, test.name, fairlead.Options{Timeout: time.Second, Retry: test.retry},
			func(t *testing.T, c *fairlead.Client, fake *redistest.Fake) {
				err := incr(c)
				if sentAs(t, err, true); !errors.Is(err, fairlead.ErrTimeout) {
					t.Errorf("the error is %v, want ErrTimeout", err)
				}
				wantCommands(t, fake, test.sent, "INCR")
			}, silent)
	}
	inMemory(t, "a command that the caller calls idempotent needs no retry_on_timeout", fairlead.Options{Timeout: time.Second},
		func(t *testing.T, c *fairlead.Client, fake *redistest.Fake) {
			_, err := fairlead.Do(background, c, redis.Idempotent(redis.Set("k", "v", 0)))
			sentAs(t, err, true)
			wantCommands(t, fake, 1+3, "SET")
		}, silent)
}

// wantCommands looks that the server was sent one command so many times.
func wantCommands(t *testing.T, fake *redistest.Fake, n int, name string) {
	t.Helper()
	got := fake.Commands()
	if len(got) != n {
		t.Errorf("the server was sent %d commands, want %d: %q", len(got), n, got)
	}
	for _, command := range got {
		if command[0] != name {
			t.Errorf("the server was sent %q, want %s only", command, name)
		}
	}
}

func TestRedisPyRetry(t *testing.T) {
	t.Parallel()
	behaviour(t, "Retry: equality and hash by parameters", func(t *testing.T) {
		times := map[fairlead.Retry]int{{MaxRetries: 2, MinBackoff: time.Second}: 1}
		times[fairlead.Retry{MinBackoff: time.Second, MaxRetries: 2}]++
		times[fairlead.Retry{MinBackoff: time.Second, MaxRetries: 3}]++
		if len(times) != 2 || times[fairlead.Retry{MaxRetries: 2, MinBackoff: time.Second}] != 2 {
			t.Errorf("equal parameters are not the same key: %v", times)
		}
	})
	behaviour(t, "get_retry", func(t *testing.T) {
		want := fairlead.Retry{MaxRetries: 7, MinBackoff: time.Second, MaxBackoff: time.Minute, OnTimeout: true}
		if got := openTo(t, &fairlead.Options{Retry: want}).Pool().Options().Retry; got != want {
			t.Errorf("the pool retries by %+v, want %+v", got, want)
		}
	})
	dials := func(t *testing.T, retry fairlead.Retry, fail func(n int) error) (int, error) {
		t.Helper()
		n, network := new(atomic.Int32), fakePing(t)
		c := openTo(t, &fairlead.Options{Retry: retry, Addr: network.Addr(), Dialer: func(ctx context.Context, n1, addr string) (net.Conn, error) {
			if err := fail(int(n.Add(1))); err != nil {
				return nil, err
			}
			return new(net.Dialer).DialContext(ctx, n1, addr)
		}})
		_, err := c.Ping(background)
		return int(n.Load()), err
	}
	refused := &net.OpError{Op: "dial", Err: syscall.ECONNREFUSED}
	behaviour(t, "retries=n: n+1 attempts", func(t *testing.T) {
		n, err := dials(t, fairlead.Retry{MaxRetries: 4}, func(int) error { return refused })
		if sentAs(t, err, false); n != 5 || !errors.Is(err, syscall.ECONNREFUSED) {
			t.Errorf("%d attempts and %v, want 5 and the last refusal", n, err)
		}
	})
	behaviour(t, "retries=-1 is none, never endless", func(t *testing.T) {
		if n, err := dials(t, never, func(int) error { return refused }); n != 1 || err == nil {
			t.Errorf("%d attempts and %v, want 1 and its error", n, err)
		}
	})
	behaviour(t, "dial timeouts retried up to retries (3rd succeeds)", func(t *testing.T) {
		timeout := &net.OpError{Op: "dial", Err: syscall.ETIMEDOUT} // the kernel's, which no caller asked for
		n, err := dials(t, fairlead.Retry{MaxRetries: 2}, func(n int) error {
			if n < 3 {
				return timeout
			}
			return nil
		})
		if n != 3 || err != nil {
			t.Errorf("%d attempts and %v, want the third to succeed", n, err)
		}
	})
	behaviour(t, "non-retryable error dialled once", func(t *testing.T) {
		n, err := dials(t, fairlead.Retry{}, func(int) error { return &net.DNSError{Name: "nowhere", Err: "no such host", IsNotFound: true} })
		if sentAs(t, err, false); n != 1 {
			t.Errorf("%d attempts, want 1: the name will not begin to exist", n)
		}
		says(t, err, "check the host's name")
	})
	behaviour(t, "handshake write OSError retries the whole connect (retries 2 → 3 sends)", func(t *testing.T) {
		n := new(atomic.Int32)
		c := openTo(t, &fairlead.Options{Addr: fakePing(t).Addr(), Retry: fairlead.Retry{MaxRetries: 2},
			Dialer: func(ctx context.Context, network, addr string) (net.Conn, error) {
				conn, err := new(net.Dialer).DialContext(ctx, network, addr)
				if n.Add(1) < 3 {
					return brokenWrites{conn}, err
				}
				return conn, err
			}})
		if _, err := c.Ping(background); err != nil || n.Load() != 3 {
			t.Errorf("%d connections and %v, want the third to succeed", n.Load(), err)
		}
	})
}

// fakePing is a fake server whose connections take a handshake, whole or cut off, and PING.
func fakePing(t *testing.T) *redistest.Fake {
	t.Helper()
	return redistest.NewFake(t, func(c *redistest.FakeConn) {
		c.Serve(func(args []string) string {
			switch args[0] {
			case "HELLO":
				return "%1\r\n$5\r\nproto\r\n:3\r\n"
			case "PING":
				return "+PONG\r\n"
			}
			return "+OK\r\n"
		})
	})
}

// brokenWrites is a connection whose peer is gone.
type brokenWrites struct{ net.Conn }

func (b brokenWrites) Write([]byte) (int, error) {
	_ = b.Conn.Close() // so that the read after it fails as well
	return 0, &net.OpError{Op: "write", Err: syscall.EPIPE}
}

func TestRedisPyRetryOfCommands(t *testing.T) {
	t.Parallel()
	inMemory(t, "client: listed error retried then succeeds (2 calls)", fairlead.Options{},
		func(t *testing.T, c *fairlead.Client, fake *redistest.Fake) {
			wantGet(t, c.Commands, "k", "v")
			wantCommands(t, fake, 2, "GET")
			if s := c.Pool().Stats(); s.Retries != 1 {
				t.Errorf("%d retries were counted, want 1", s.Retries)
			}
		}, cutting, func(c *redistest.FakeConn) {
			c.AnswerHandshake()
			c.ExpectCommand("GET", "k")
			c.Reply("$1\r\nv\r\n")
		})
	inMemory(t, "client: exhausted raises after n+1 calls", fairlead.Options{Retry: fairlead.Retry{MaxRetries: 2}},
		func(t *testing.T, c *fairlead.Client, fake *redistest.Fake) {
			err := get(c)
			if sentAs(t, err, true); !errors.Is(err, io.EOF) {
				t.Errorf("the error is %v, want io.EOF", err)
			}
			wantCommands(t, fake, 3, "GET")
		}, cutting)
	inMemory(t, "unlisted error type raised after 1 call: a command that may have run", fairlead.Options{},
		func(t *testing.T, c *fairlead.Client, fake *redistest.Fake) {
			sentAs(t, incr(c), true)
			wantCommands(t, fake, 1, "INCR")
		}, cutting)
	inMemory(t, "unlisted error type raised after 1 call: the server's own error", fairlead.Options{Retry: fairlead.Retry{OnTimeout: true}},
		func(t *testing.T, c *fairlead.Client, fake *redistest.Fake) {
			wantCode(t, get(c), "WRONGTYPE")
			wantCommands(t, fake, 1, "GET")
		}, func(c *redistest.FakeConn) {
			c.AnswerHandshake()
			c.ExpectCommand("GET", "k")
			c.Reply("-WRONGTYPE Operation against a key holding the wrong kind of value\r\n")
		})
	inMemory(t, "TimeoutError: n+1 calls of a command that only reads, with or without retry_on_timeout",
		fairlead.Options{Timeout: time.Second, Retry: fairlead.Retry{MaxRetries: 2}},
		func(t *testing.T, c *fairlead.Client, fake *redistest.Fake) {
			sentAs(t, get(c), true)
			wantCommands(t, fake, 3, "GET")
		}, silent)
	inMemory(t, "a caller who gave up is no reason to send anything again", fairlead.Options{Retry: fairlead.Retry{OnTimeout: true}},
		func(t *testing.T, c *fairlead.Client, fake *redistest.Fake) {
			ctx, cancel := context.WithTimeout(background, time.Second)
			defer cancel()
			_, err := c.Get(ctx, "k")
			if sentAs(t, err, true); !errors.Is(err, context.DeadlineExceeded) {
				t.Errorf("the error is %v, want context.DeadlineExceeded", err)
			}
			wantCommands(t, fake, 1, "GET")
		}, silent)
}

// TestRetriedCommandMayHaveRun: what the last try met says nothing about those before it.
func TestRetriedCommandMayHaveRun(t *testing.T) {
	t.Parallel()
	once := fairlead.Retry{OnTimeout: true, MaxRetries: 1, MinBackoff: 1, MaxBackoff: 1} // a nanosecond, of which nothing is left by chance
	refuseSecond := func(t *testing.T) *fairlead.Client {
		n, fake := new(atomic.Int32), redistest.NewFake(t, cutting)
		return openTo(t, &fairlead.Options{Retry: once, Addr: fake.Addr(), Dialer: func(ctx context.Context, network, addr string) (net.Conn, error) {
			if n.Add(1) > 1 {
				return nil, &net.OpError{Op: "dial", Err: syscall.ECONNREFUSED}
			}
			return new(net.Dialer).DialContext(ctx, network, addr)
		}})
	}
	behaviour(t, "sent and cut off, then no connection", func(t *testing.T) {
		err := incr(refuseSecond(t))
		sentAs(t, err, true)
		wraps(t, err, syscall.ECONNREFUSED)
	})
	behaviour(t, "a pipe sent and cut off, then no connection", func(t *testing.T) {
		p := refuseSecond(t).Pipeline()
		replies := []*fairlead.Reply[int64]{fairlead.Queue(p, redis.Incr("n")), fairlead.Queue(p, redis.Incr("n"))}
		sentAs(t, p.Exec(background), true)
		for _, reply := range replies {
			_, err := reply.Result()
			sentAs(t, err, true)
		}
	})
	inMemory(t, "sent and cut off, then refused", fairlead.Options{Retry: once},
		func(t *testing.T, c *fairlead.Client, fake *redistest.Fake) {
			err := incr(c)
			sentAs(t, err, true)
			wantCode(t, err, "LOADING")
		}, cutting, func(c *redistest.FakeConn) {
			c.AnswerHandshake()
			c.ExpectCommand("INCR", "n")
			c.Reply(loading)
		})
	inMemory(t, "a blocking command that is sent again waits no longer than one that is not", fairlead.Options{Timeout: time.Second, Retry: once},
		func(t *testing.T, c *fairlead.Client, fake *redistest.Fake) {
			took(t, 2*(time.Second+3*time.Second), func() { // two tries, each for Timeout and its own time
				_, err := c.BLPop(background, 3*time.Second, "q")
				sentAs(t, err, true)
			})
			wantCommands(t, fake, 2, "BLPOP")
		}, silent)
}

func TestRedisPyBackoff(t *testing.T) {
	t.Parallel()
	arrivals := make(chan time.Time, 64) // more than are sent
	inMemory(t, "exponential-with-jitter: rand·base·2^n capped",
		fairlead.Options{Retry: fairlead.Retry{MaxRetries: 10, MinBackoff: time.Second, MaxBackoff: 4 * time.Second}, Timeout: time.Hour},
		func(t *testing.T, c *fairlead.Client, fake *redistest.Fake) {
			const calls = 6 // of 10 retries each: together less than the pool's allowance for retries at once
			short, long := 0, 0
			for range calls {
				wantCode(t, get(c), "LOADING")
				last := <-arrivals
				for _, most := range []int{1, 2, 4, 4, 4, 4, 4, 4, 4, 4} { // seconds
					next := <-arrivals
					wait, limit := next.Sub(last), time.Duration(most)*time.Second
					last = next
					if wait >= limit {
						t.Errorf("it waited %v, want less than %v", wait, limit)
					}
					if wait < limit/2 {
						short++
					} else {
						long++
					}
				}
			}
			if short == 0 || long == 0 {
				t.Errorf("%d waits were in the lower half and %d in the upper one: that is not drawn evenly", short, long)
			}
		}, func(c *redistest.FakeConn) {
			c.AnswerHandshake()
			c.Serve(func([]string) string {
				arrivals <- time.Now()
				return loading
			})
		})
}
