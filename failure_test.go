package fairlead_test

import (
	"context"
	"errors"
	"io"
	"net"
	"os"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/fairlead-go/fairlead"
	"github.com/fairlead-go/fairlead/redis"
	"github.com/fairlead-go/fairlead/redistest"
	"github.com/fairlead-go/fairlead/resp"
)

// TestErrorsWrapTheirCause: errors.Is and errors.As find what a caller asks for, from the command down to the operating system.
func TestErrorsWrapTheirCause(t *testing.T) {
	t.Parallel()
	broken := func(end func(*redistest.FakeConn)) func(t *testing.T) error {
		return func(t *testing.T) error {
			fake := redistest.NewFake(t, func(c *redistest.FakeConn) {
				c.AnswerHandshake()
				c.ExpectCommand("INCR", "n")
				end(c)
			})
			_, err := open(t, fake.URL()).Incr(background, "n")
			return err
		}
	}
	for _, test := range []struct {
		what string
		run  func(t *testing.T) error
		is   []error
	}{
		{"the server ends the stream", broken((*redistest.FakeConn).Close), []error{io.EOF}},
		{"the server resets the connection", broken((*redistest.FakeConn).Reset), []error{syscall.ECONNRESET}},
		{"the reply is cut short", broken(func(c *redistest.FakeConn) { c.Reply(":1"); c.Close() }), []error{io.EOF}},
		{"nobody listens", func(t *testing.T) error { _, err := open(t, "redis://"+freeAddr(t)).Incr(background, "n"); return err },
			[]error{syscall.ECONNREFUSED}},
	} {
		t.Run(test.what, func(t *testing.T) {
			t.Parallel()
			err := test.run(t)
			wraps(t, err, test.is...)
			var call *fairlead.CallError
			is(t, "a *CallError is in the chain", errors.As(err, &call), true)
			is(t, "the command", call.Command, "INCR")
			is(t, "a timeout", call.Timeout(), false)
			is(t, "a context's error", errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded), false)
		})
	}
}

// hang is a server that shakes hands and answers nothing more.
func hang(c *redistest.FakeConn) {
	c.AnswerHandshake()
	c.Hang()
}

func TestTimeout(t *testing.T) {
	o := fairlead.Options{Timeout: time.Second}
	inMemory(t, "bounds a command whose context has no deadline", o, func(t *testing.T, c *fairlead.Client, _ *redistest.Fake) {
		took(t, time.Second, func() {
			err := c.Set(background, "k", "v", 0)
			says(t, err, "SET at redis:6379 failed after 1s (awaiting reply): no reply within Options.Timeout; it was sent and may have run")
			wraps(t, err, fairlead.ErrTimeout, os.ErrDeadlineExceeded)
			is(t, "a context's error", errors.Is(err, context.DeadlineExceeded), false)
			var netErr net.Error
			is(t, "a net.Error that is a timeout", errors.As(err, &netErr) && netErr.Timeout(), true)
			sentAs(t, err, true)
		})
	}, hang)
	inMemory(t, "bounds one that can be cancelled, too", o, func(t *testing.T, c *fairlead.Client, _ *redistest.Fake) {
		ctx, cancel := context.WithCancel(background)
		defer cancel()
		took(t, time.Second, func() { wraps(t, c.Set(ctx, "k", "v", 0), fairlead.ErrTimeout) })
	}, hang)
	inMemory(t, "bounds a pipe and a transaction", o, func(t *testing.T, c *fairlead.Client, _ *redistest.Fake) {
		for _, p := range []*fairlead.Pipe{c.Pipeline(), c.TxPipeline()} {
			reply := fairlead.Queue(p, redis.Incr("n"))
			took(t, time.Second, func() { wraps(t, p.Exec(background), fairlead.ErrTimeout) })
			_, err := reply.Result()
			sentAs(t, err, true)
		}
	}, hang)
	inMemory(t, "gives way to a later deadline", o, func(t *testing.T, c *fairlead.Client, _ *redistest.Fake) {
		ctx, cancel := context.WithTimeout(background, 10*time.Second)
		defer cancel()
		took(t, 10*time.Second, func() {
			err := c.Set(ctx, "k", "v", 0)
			says(t, err, "SET at redis:6379 failed after 10s (awaiting reply): context deadline exceeded; it was sent and may have run")
			wraps(t, err, context.DeadlineExceeded)
			is(t, "ErrTimeout, which is about Options.Timeout", errors.Is(err, fairlead.ErrTimeout), false)
			sentAs(t, err, true)
		})
	}, hang)
	inMemory(t, "gives way to an earlier deadline", o, func(t *testing.T, c *fairlead.Client, _ *redistest.Fake) {
		ctx, cancel := context.WithTimeout(background, 10*time.Millisecond)
		defer cancel()
		took(t, 10*time.Millisecond, func() { wraps(t, c.Set(ctx, "k", "v", 0), context.DeadlineExceeded) })
	}, hang)
	inMemory(t, "below 0 is no bound", fairlead.Options{Timeout: -1}, func(t *testing.T, c *fairlead.Client, _ *redistest.Fake) {
		ctx, cancel := context.WithCancel(background)
		time.AfterFunc(24*time.Hour, cancel)
		took(t, 24*time.Hour, func() { wraps(t, c.Set(ctx, "k", "v", 0), context.Canceled) })
	}, hang)
}

// TestCancelledCommandDisturbsNobody: its connection stays, and its late reply goes to nobody else.
func TestCancelledCommandDisturbsNobody(t *testing.T) {
	t.Parallel()
	asked, answer := make(chan struct{}), make(chan struct{})
	fake := redistest.NewFake(t, func(c *redistest.FakeConn) {
		c.AnswerHandshake()
		c.ExpectCommand("GET", "slow")
		close(asked)
		c.ExpectCommand("GET", "other")
		c.Hold(answer)
		c.Reply("$4\r\nslow\r\n$5\r\nother\r\n")
		c.Hang()
	})
	c := open(t, fake.URL())
	ctx, cancel := context.WithCancel(background)
	slow, other := make(chan error, 1), make(chan string, 1)
	go func() {
		_, err := c.Get(ctx, "slow")
		slow <- err
	}()
	<-asked
	go func() {
		v, err := c.Get(background, "other")
		must(t, err)
		other <- v
	}()
	cancel()
	err := <-slow
	says(t, err, "GET at "+fake.Addr(), "context canceled", "it was sent and may have run")
	wraps(t, err, context.Canceled)
	sentAs(t, err, true)
	close(answer)
	is(t, "the other caller's reply", <-other, "other")
	is(t, "connections", fake.Conns(), 1)
}

// TestHostileReplies: bytes that are no RESP, or past a limit, end the connection with an error that says where. Nobody gets a wrong
// reply, and nothing is sent again that may have run.
func TestHostileReplies(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ what, reply, says string }{
		{"a string of a terabyte", "$1099511627776\r\n", "Limits.Bulk"},
		{"a string of a length below nothing", "$-2\r\n", "$-2"},
		{"a length that overflows", "$99999999999999999999\r\n", "$99999999999999999999"},
		{"too many elements", "*1048577\r\n", "Limits.Elements"},
		{"arrays in arrays without end", strings.Repeat("*1\r\n", 100), "Limits.Depth"},
		{"a line without end", "+" + strings.Repeat("x", 70<<10), "Limits.Line"},
		{"a type that does not exist", "?what\r\n", "?what"},
		{"a bulk string that is longer than it said", "$1\r\nab\r\n", ""},
		{"a number that is none", ":12a\r\n", ":12a"},
		{"a web page", "HTTP/1.1 200 OK\r\n", "HTTP/1.1"},
		{"a reply that nobody asked for", ":1\r\n:2\r\n", ""},
	} {
		t.Run(test.what, func(t *testing.T) {
			t.Parallel()
			closed := make(chan fairlead.TraceClosed, 1)
			fake := redistest.NewFake(t, func(c *redistest.FakeConn) {
				c.AnswerHandshake()
				c.ExpectCommand("INCR", "n")
				c.Reply(test.reply)
				c.Hang()
			})
			c := openTo(t, &fairlead.Options{Addr: fake.Addr(), Trace: &fairlead.Trace{Closed: func(e fairlead.TraceClosed) { closed <- e }}})
			n, err := c.Incr(background, "n")
			e := <-closed
			is(t, "cause", e.Cause, fairlead.CauseProtocolBroken)
			if strings.HasPrefix(test.reply, ":1\r\n") {
				must(t, err) // the first reply is its own
				is(t, "INCR", n, 1)
				says(t, e.Err, "the server sent a reply that no command asked for")
				return
			}
			says(t, err, "INCR at "+fake.Addr(), "protocol broken", test.says, "it was sent and may have run")
			var protocol *resp.ProtocolError
			is(t, "a *resp.ProtocolError is in the chain", errors.As(err, &protocol), true)
			sentAs(t, err, true)
			is(t, "connections", fake.Conns(), 1)
		})
	}
}

// TestLimitsCanBeSet: a reply past one is refused, one below it is taken.
func TestLimitsCanBeSet(t *testing.T) {
	eachProtocol(t, func(t *testing.T, c *fairlead.Client) {
		key := newKey(t)
		must(t, c.Set(background, key, strings.Repeat("x", 1000), 0))
		narrow := openTo(t, &fairlead.Options{Addr: c.Pool().Options().Addr, Limits: resp.Limits{Bulk: 999}})
		_, err := fairlead.Do(background, narrow, redis.New[string]("GETEX", key)) // a write command: not sent again
		says(t, err, "Limits.Bulk")
		wide := openTo(t, &fairlead.Options{Addr: c.Pool().Options().Addr, Limits: resp.Limits{Bulk: 1000}})
		v, err := wide.Get(background, key)
		must(t, err)
		is(t, "length", len(v), 1000)
	})
}
