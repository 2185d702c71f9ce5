package fairlead_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/fairlead-go/fairlead"
	"github.com/fairlead-go/fairlead/redis"
)

func TestBadURL(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ url, says string }{
		{"", "redis://"},
		{"localhost:6379", "redis://"},
		{"http://localhost", "http"},
		{"redis://:" + secret + "@localhost:port/0", "port"},
		{"redis://:" + secret + "@localhost/zero", "zero"},
		{"redis://:" + secret + "@localhost/0?max_conections=20", "max_connections"},
		{"redis://:" + secret + "@localhost/0?socket_timeout=soon", "socket_timeout"},
	} {
		c, err := fairlead.Open(test.url)
		says(t, err, test.says)
		is(t, "client beside the error", c, nil)
	}
}

func TestBadOptions(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		options *fairlead.Options
		says    string
	}{
		{nil, "Options is nil: write &fairlead.Options{} for the defaults"},
		{&fairlead.Options{Password: secret, Timeout: 5}, "Options.Timeout is 5ns, too short for anything to happen in: write a unit"},
		{&fairlead.Options{Password: secret, DB: -1}, "Options.DB is -1"},
		{&fairlead.Options{Addr: "redis://:" + secret + "@localhost"}, "Options.Addr has the look of a URL: hand a URL to Open or ParseURL"},
		{&fairlead.Options{Mode: 7}, "Options.Mode is"},
	} {
		p, err := fairlead.NewPool(test.options)
		says(t, err, test.says)
		is(t, "pool beside the error", p, nil)
	}
}

// TestNilContext: no method panics.
func TestNilContext(t *testing.T) {
	t.Parallel()
	c, _ := nobody(t)
	p := c.Pipeline()
	fairlead.Queue(p, redis.Get("k"))
	traced := openTo(t, &fairlead.Options{Addr: c.Pool().Options().Addr, Trace: &fairlead.Trace{
		CommandStart: func(ctx context.Context, _ fairlead.TraceCommand) context.Context { return ctx },
	}})
	var none context.Context
	for what, run := range map[string]func() error{
		"Get":          func() error { _, err := c.Get(none, "k"); return err },
		"Do":           func() error { _, err := fairlead.Do(none, c, redis.Get("k")); return err },
		"BLPop":        func() error { _, err := c.BLPop(none, 0, "k"); return err },
		"DB":           func() error { _, err := c.DB(3).Get(none, "k"); return err },
		"Exec":         func() error { return p.Exec(none) },
		"Conn":         func() error { _, err := c.Conn(none); return err },
		"Watch":        func() error { return c.Watch(none, func(*fairlead.Tx) error { return nil }, "k") },
		"Shutdown":     func() error { return open(t, "redis://localhost").Shutdown(none) },
		"with a trace": func() error { _, err := traced.Get(none, "k"); return err },
	} {
		t.Run(what, func(t *testing.T) {
			err := run()
			says(t, err, "the context is nil: use context.Background()")
			if what != "Shutdown" {
				sentAs(t, err, false)
			}
		})
	}
}

func TestContextThatIsOverAlready(t *testing.T) {
	t.Parallel()
	c, _ := nobody(t)
	why := errors.New("the user left")
	ctx, cancel := context.WithCancelCause(background)
	cancel(why)
	_, err := c.Get(ctx, "k")
	says(t, err, "GET", "context canceled", "the user left", "it was not sent")
	wraps(t, err, context.Canceled, why)
	sentAs(t, err, false)
	_, err = c.Conn(ctx)
	wraps(t, err, context.Canceled)
	p := c.TxPipeline()
	reply := fairlead.Queue(p, redis.Get("k"))
	err = p.Exec(ctx)
	wraps(t, err, context.Canceled)
	_, err = reply.Result()
	wraps(t, err, context.Canceled)
	sentAs(t, err, false)
}

func TestWatchWithoutAFunction(t *testing.T) {
	t.Parallel()
	c, _ := nobody(t)
	says(t, c.Watch(background, nil, "k"), "Watch needs a function to run")
}

// TestZeroValues: what was not made by Open or NewClient says so and does not panic.
func TestZeroValues(t *testing.T) {
	t.Parallel()
	var c fairlead.Client
	for what, run := range map[string]func() error{
		"Get":       func() error { _, err := c.Get(background, "k"); return err },
		"Commands":  func() error { _, err := fairlead.Commands{}.Get(background, "k"); return err },
		"DB":        func() error { _, err := c.DB(1).Get(background, "k"); return err },
		"Conn":      func() error { _, err := c.Conn(background); return err },
		"Watch":     func() error { return c.Watch(background, func(*fairlead.Tx) error { return nil }, "k") },
		"Pipeline":  func() error { return execOne(c.Pipeline()) },
		"Pipe":      func() error { return execOne(new(fairlead.Pipe)) },
		"a Conn":    func() error { _, err := new(fairlead.Conn).Get(background, "k"); return err },
		"a Tx":      func() error { _, err := new(fairlead.Tx).Get(background, "k"); return err },
		"NewClient": func() error { _, err := fairlead.NewClient(nil).Get(background, "k"); return err },
		"DB of it":  func() error { _, err := fairlead.NewClient(nil).DB(1).Get(background, "k"); return err },
		"a Pool":    func() error { _, err := fairlead.NewClient(new(fairlead.Pool)).Get(background, "k"); return err },
	} {
		t.Run(what, func(t *testing.T) {
			err := run()
			says(t, err, "belong to no client: get them from Open, NewClient")
			is(t, "NotRun: there is nobody to run it", fairlead.NotRun(err), true)
		})
	}
	is(t, "Close", c.Close(), nil)
	is(t, "Shutdown", c.Shutdown(background), nil)
	is(t, "Close of a client without a pool", fairlead.NewClient(nil).Close(), nil)
	is(t, "Close of a zero Conn", new(fairlead.Conn).Close(), nil)
}

func execOne(p *fairlead.Pipe) error {
	fairlead.Queue(p, redis.Get("k"))
	return p.Exec(background)
}

// TestUseAfterClose: everything fails with ErrClosed and a sentence that names what was closed.
func TestUseAfterClose(t *testing.T) {
	t.Parallel()
	c, _ := nobody(t)
	p := c.Pipeline()
	must(t, c.Close())
	must(t, c.Close())
	useAfterClose(t, c, p, "the client was closed")
}

func TestUseAfterThePoolWasClosed(t *testing.T) {
	t.Parallel()
	c, _ := nobody(t)
	p := c.Pipeline()
	must(t, c.Pool().Close())
	must(t, c.Pool().Close())
	useAfterClose(t, c, p, "the pool is closed")
	must(t, c.Pool().Shutdown(background))
}

func useAfterClose(t *testing.T, c *fairlead.Client, p *fairlead.Pipe, sentence string) {
	t.Helper()
	for what, run := range map[string]func() error{
		"Get":        func() error { _, err := c.Get(background, "k"); return err },
		"DB":         func() error { _, err := c.DB(3).Get(background, "k"); return err },
		"BLPop":      func() error { _, err := c.BLPop(background, time.Second, "k"); return err },
		"Conn":       func() error { _, err := c.Conn(background); return err },
		"Watch":      func() error { return c.Watch(background, func(*fairlead.Tx) error { return nil }, "k") },
		"a new Pipe": func() error { return execOne(c.TxPipeline()) },
		"Exec":       func() error { return execOne(p) },
	} {
		t.Run(what, func(t *testing.T) {
			err := run()
			says(t, err, sentence, "it was not sent")
			wraps(t, err, fairlead.ErrClosed)
			sentAs(t, err, false)
		})
	}
}

func TestConnAfterClose(t *testing.T) {
	eachProtocol(t, func(t *testing.T, c *fairlead.Client) {
		own, err := c.Conn(background)
		must(t, err)
		must(t, own.Close())
		must(t, own.Close())
		_, err = own.Get(background, "k")
		says(t, err, "GET at ", "the connection was given back", "it was not sent")
		wraps(t, err, fairlead.ErrClosed)
		sentAs(t, err, false)
		p := own.Pipeline()
		fairlead.Queue(p, redis.Get("k"))
		wraps(t, p.Exec(background), fairlead.ErrClosed)
	})
}

func TestTxAfterWatchReturned(t *testing.T) {
	eachProtocol(t, func(t *testing.T, c *fairlead.Client) {
		var kept *fairlead.Tx
		must(t, c.Watch(background, func(tx *fairlead.Tx) error { kept = tx; return nil }, newKey(t)))
		_, err := kept.Get(background, "k")
		says(t, err, "the connection was given back")
		wraps(t, err, fairlead.ErrClosed)
		_, err = fairlead.Queue(kept, redis.Get("k")).Result()
		says(t, err, "the transaction is over")
		wraps(t, err, fairlead.ErrNotExecuted)
	})
}

func TestPipeIsExecutedOnce(t *testing.T) {
	eachProtocol(t, func(t *testing.T, c *fairlead.Client) {
		key := newKey(t)
		for n, p := range []*fairlead.Pipe{c.Pipeline(), c.TxPipeline()} {
			reply := fairlead.Queue(p, redis.Incr(key))
			must(t, p.Exec(background))
			says(t, p.Exec(background), "the pipe was executed before: get a new one from Pipeline or TxPipeline")
			late := fairlead.Queue(p, redis.Incr(key))
			_, err := late.Result()
			says(t, err, "the pipe was executed before, get a new one")
			wraps(t, err, fairlead.ErrNotExecuted)
			got, err := reply.Result()
			must(t, err)
			is(t, "INCR, whose reply stays as it was", got, int64(n+1))
		}
	})
}

func TestEmptyPipeDoesNothing(t *testing.T) {
	t.Parallel()
	c, fake := nobody(t)
	must(t, c.Pipeline().Exec(background))
	must(t, c.TxPipeline().Exec(background))
	is(t, "connections", fake.Conns(), 0)
}

func TestReplyBeforeExec(t *testing.T) {
	t.Parallel()
	c, _ := nobody(t)
	p := c.Pipeline()
	reply := fairlead.Queue(p, redis.Get("k"))
	v, err := reply.Result()
	is(t, "value", v, "")
	is(t, "error", err, fairlead.ErrNotExecuted)
	is(t, "commands in the pipe", p.Len(), 1)
}

func TestConnWithinAConnIsRefused(t *testing.T) {
	eachProtocol(t, func(t *testing.T, c *fairlead.Client) {
		own := lend(t, c)
		err := own.Commands.Watch(background, func(*fairlead.Tx) error { return nil }, "k")
		says(t, err, "a connection of its own comes from a Client, not from another connection")
	})
}
