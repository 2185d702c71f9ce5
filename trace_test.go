package fairlead_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/fairlead-go/fairlead"
	"github.com/fairlead-go/fairlead/redis"
	"github.com/fairlead-go/fairlead/redistest"
)

// A diary is what the hooks of a Trace were told, one line each.
type diary struct {
	mu    sync.Mutex // guards lines: hooks run on many goroutines
	lines []string
}

func (d *diary) add(format string, args ...any) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.lines = append(d.lines, fmt.Sprintf(format, args...))
}

type spanKey struct{}

func (d *diary) trace() *fairlead.Trace {
	spans := 0
	return &fairlead.Trace{
		CommandStart: func(ctx context.Context, c fairlead.TraceCommand) context.Context {
			spans++
			d.add("start %d: %s, %d in database %d", spans, c.Name, c.Commands, c.DB)
			return context.WithValue(ctx, spanKey{}, spans)
		},
		CommandEnd: func(ctx context.Context, c fairlead.TraceCommand, _ time.Duration, err error) {
			d.add("end %v: %s, %v", ctx.Value(spanKey{}), c.Name, err)
		},
		Dial:   func(addr string, _ time.Duration, err error) { d.add("dial %s: %v", addr, err) },
		Closed: func(c fairlead.TraceClosed) { d.add("closed %s: %v, %v", c.Addr, c.Cause, c.Err) },
	}
}

func TestTraceTellsWhatHappens(t *testing.T) {
	t.Parallel()
	addr := redistest.Default(t).Addr()
	for _, protocol := range []int{2, 3} {
		var d diary
		c := openTo(t, &fairlead.Options{Addr: addr, Protocol: protocol, Trace: d.trace()})
		key := newKey(t) + secret
		must(t, c.Set(background, key, secret, 0))
		_, err := c.DB(2).Get(background, key)
		is(t, "GET in another database", err, fairlead.Nil)
		_, err = c.LPop(background, key)
		says(t, err, "WRONGTYPE")
		p := c.TxPipeline()
		fairlead.Queue(p, redis.Append(key, secret))
		fairlead.Queue(p, redis.Get(key))
		must(t, p.Exec(background))
		must(t, c.Watch(background, func(*fairlead.Tx) error { return nil }, key))
		must(t, c.Pool().Close())
		same(t, "diary", d.lines, []string{
			"start 1: SET, 1 in database 0",
			"dial " + addr + ": <nil>", // the first command opens the connection
			"end 1: SET, <nil>",
			"start 2: GET, 1 in database 2",
			"end 2: GET, <nil>",
			"start 3: LPOP, 1 in database 0",
			"end 3: LPOP, <nil>", // the server's error is its answer
			"start 4: MULTI …, 2 in database 0",
			"end 4: MULTI …, <nil>",
			"dial " + addr + ": <nil>", // WATCH needs one of its own
			"start 5: WATCH, 1 in database 0",
			"end 5: WATCH, <nil>",
			"closed " + addr + ": closed by the user, <nil>",
			"closed " + addr + ": closed by the user, <nil>",
		})
		if all := strings.Join(d.lines, "\n"); strings.Contains(all, secret) {
			t.Errorf("the trace shows a key or a value:\n%s", all)
		}
	}
}

func TestTraceTellsOfFailures(t *testing.T) {
	t.Parallel()
	var d diary
	addr := freeAddr(t)
	c := openTo(t, &fairlead.Options{Addr: addr, Password: secret, Retry: fairlead.Retry{MaxRetries: -1}, Trace: d.trace()})
	err := c.Set(background, "k", secret, 0)
	says(t, err, "connection refused")
	is(t, "lines", len(d.lines), 3)
	says(t, errors.New(d.lines[0]), "start 1: SET")
	says(t, errors.New(d.lines[1]), "dial "+addr, "connection refused")
	says(t, errors.New(d.lines[2]), "end 1: SET", "connection refused", "it was not sent")
}

func TestTraceTellsWhyAConnectionEnded(t *testing.T) {
	t.Parallel()
	fake := redistest.NewFake(t, func(c *redistest.FakeConn) {
		c.AnswerHandshake()
		c.ExpectCommand("INCR", "n")
		c.Close()
	})
	closed := make(chan fairlead.TraceClosed, 1)
	c := openTo(t, &fairlead.Options{Addr: fake.Addr(), Trace: &fairlead.Trace{Closed: func(e fairlead.TraceClosed) { closed <- e }}})
	_, err := c.Incr(background, "n")
	call := sentAs(t, err, true)
	e := <-closed
	is(t, "connection", e.Conn, call.Conn)
	is(t, "address", e.Addr, fake.Addr())
	is(t, "cause", e.Cause, fairlead.CausePeerClosed)
	is(t, "the error behind it", e.Err, io.EOF)
}

// TestTraceThatReturnsNoContext is a hook's mistake, and is told to the caller as one.
func TestTraceThatReturnsNoContext(t *testing.T) {
	t.Parallel()
	fake := redistest.NewFake(t)
	c := openTo(t, &fairlead.Options{Addr: fake.Addr(), Trace: &fairlead.Trace{
		CommandStart: func(context.Context, fairlead.TraceCommand) context.Context { return nil },
	}})
	_, err := c.Get(background, "k")
	says(t, err, "the context is nil")
	sentAs(t, err, false)
}
