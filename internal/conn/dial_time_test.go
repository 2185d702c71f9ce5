package conn_test

import (
	"context"
	"crypto/tls"
	"errors"
	"net"
	"os"
	"testing"
	"testing/synctest"
	"time"

	"github.com/fairlead-go/fairlead/internal/conn"
	"github.com/fairlead-go/fairlead/redistest"
)

// inBubble runs a test with a fake clock, beside other tests.
func inBubble(t *testing.T, test func(t *testing.T)) {
	t.Helper()
	t.Parallel()
	synctest.Test(t, test)
}

// stopwatch returns a function that checks how long it is since the last call, by the fake clock: to the nanosecond.
func stopwatch(t *testing.T) func(want time.Duration) {
	last := time.Now()
	return func(want time.Duration) {
		t.Helper()
		if got := time.Since(last); got != want {
			t.Fatalf("took %v, want %v", got, want)
		}
		last = time.Now()
	}
}

func TestDialTimeout(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		var network redistest.Network
		network.Drop("redis:6379") // no packet comes back
		took := stopwatch(t)
		e := refuse(t, &conn.Config{Addr: "redis:6379", Dialer: network.Dial, DialTimeout: 5 * time.Second}, conn.DialFailed,
			"cannot connect to redis:6379: no connection within Options.DialTimeout")
		took(5 * time.Second)
		if !errors.Is(e, os.ErrDeadlineExceeded) || conn.Permanent(e) {
			t.Errorf("%v: time ran out, and may not the next time", e)
		}
	})
}

func TestDialTimeoutBoundsHandshakeToo(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		o := inMemory(t, 0)
		fake := redistest.NewFakeOn(t, o, (*redistest.FakeConn).Hang)
		took := stopwatch(t)
		slow := func(ctx context.Context, network, addr string) (net.Conn, error) {
			<-time.After(2 * time.Second)
			return o.dial(ctx, network, addr)
		}
		e := refuse(t, &conn.Config{Addr: fake.Addr(), Dialer: slow, DialTimeout: 5 * time.Second}, conn.ReadTimeout,
			"no connection to redis:6379: no connection within Options.DialTimeout")
		took(5 * time.Second) // both together
		if !e.Handshake {
			t.Errorf("%v: it was the handshake that took too long", e)
		}
	})
}

func TestDialTimeoutInTLSHandshake(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		o := inMemory(t, 0)
		redistest.NewFakeOn(t, o, (*redistest.FakeConn).Hang) // Redis lets a TLS handshake on its plain port wait for ever
		took := stopwatch(t)
		refuse(t, &conn.Config{Addr: "redis:6379", Dialer: o.dial, DialTimeout: time.Second, TLS: &tls.Config{ServerName: "redis"}},
			conn.DialFailed, "no connection within Options.DialTimeout: does the server speak TLS on this port?")
		took(time.Second)
	})
}

func TestContextEndsDial(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		var network redistest.Network
		network.Drop("redis:6379")
		ctx, cancel := context.WithTimeout(context.Background(), time.Second)
		defer cancel()
		took := stopwatch(t)
		_, err := conn.Dial(ctx, &conn.Config{Network: "tcp", Addr: "redis:6379", Dialer: network.Dial, DialTimeout: time.Minute})
		took(time.Second)
		if e := wantSentence(t, err, "cannot connect to redis:6379: context deadline exceeded"); !errors.Is(e, context.DeadlineExceeded) {
			t.Errorf("%v does not wrap the context's error", e)
		}
	})
}

func TestContextEndsHandshake(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		o := inMemory(t, 0)
		fake := redistest.NewFakeOn(t, o, func(c *redistest.FakeConn) {
			c.Expect(helloCommand)
			c.ExpectClose() // at once
		})
		left := errors.New("the caller left")
		ctx, cancel := context.WithCancelCause(context.Background())
		time.AfterFunc(time.Second, func() { cancel(left) })
		took := stopwatch(t)
		_, err := conn.Dial(ctx, &conn.Config{Network: "tcp", Addr: fake.Addr(), Dialer: o.dial, DialTimeout: time.Minute})
		took(time.Second)
		e := wantSentence(t, err, "no connection to redis:6379: context canceled: the caller left")
		if !errors.Is(e, context.Canceled) || !errors.Is(e, left) {
			t.Errorf("%v does not wrap the context's error and its cause", e)
		}
	})
}

func TestContextEndsWithTheLastReply(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(context.Background())
		o := inMemory(t, 0)
		fake := redistest.NewFakeOn(t, o, func(c *redistest.FakeConn) {
			c.Expect(helloCommand)
			c.Reply(helloReply)
			c.Hang()
		})
		cancelling := func(ctx context.Context, network, addr string) (net.Conn, error) {
			n, err := o.dial(ctx, network, addr)
			return cancelsAtRead{n, cancel}, err
		}
		c, err := conn.Dial(ctx, &conn.Config{Network: "tcp", Addr: fake.Addr(), Dialer: cancelling})
		if err == nil {
			c.Close(conn.UserClosed, nil)
			t.Fatal("a connection was made whose socket is about to get a deadline in the past")
		}
		wantSentence(t, err, "context canceled")
	})
}

// cancelsAtRead cancels when something was read.
type cancelsAtRead struct {
	net.Conn
	cancel func()
}

func (c cancelsAtRead) Read(p []byte) (int, error) {
	n, err := c.Conn.Read(p)
	c.cancel()
	return n, err
}

// The socket's deadline is the context's, but two clocks are never the same: whichever is first, the error tells of the context's.
func TestDeadlineOfSocketAndContext(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		for range 50 { // timers of one moment fire in any order
			ctx, cancel := context.WithTimeout(context.Background(), time.Second)
			deadline, _ := ctx.Deadline()
			dialer := func(context.Context, string, string) (net.Conn, error) {
				<-time.After(time.Until(deadline))
				return nil, os.ErrDeadlineExceeded
			}
			_, err := conn.Dial(ctx, &conn.Config{Network: "tcp", Addr: "redis:6379", Dialer: dialer, DialTimeout: time.Minute})
			if !errors.Is(err, context.DeadlineExceeded) {
				t.Fatalf("error %v, want the context's: it is not DialTimeout that was too short", err)
			}
			cancel()
		}
	})
}

func TestConnectionOutlivesTheContextOfItsDial(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		o := inMemory(t, 0)
		fake := redistest.NewFakeOn(t, o, func(c *redistest.FakeConn) {
			c.AnswerHandshake()
			c.Serve(func([]string) string { return "+PONG\r\n" })
		})
		ctx, cancel := context.WithCancel(context.Background())
		c, err := conn.Dial(ctx, &conn.Config{Network: "tcp", Addr: fake.Addr(), Dialer: o.dial, DialTimeout: time.Second})
		if err != nil {
			t.Fatal(err)
		}
		defer c.Close(conn.UserClosed, nil)
		cancel()
		<-time.After(time.Minute) // DialTimeout is over, too
		if err := c.Ping(context.Background()); err != nil {
			t.Error(err)
		}
	})
}
