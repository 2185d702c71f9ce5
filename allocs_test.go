//go:build !race

package fairlead_test

import (
	"context"
	"testing"

	"github.com/fairlead-go/fairlead"
	"github.com/fairlead-go/fairlead/redis"
	"github.com/fairlead-go/fairlead/redistest"
)

// TestAllocs: a command costs no more allocations than its value. With the race detector it is not compiled, as sync.Pool then
// drops at random what it should keep. Not parallel: allocations are those of the whole process.
func TestAllocs(t *testing.T) {
	addr := redistest.Default(t).Addr()
	for _, setup := range []struct {
		name    string
		options fairlead.Options
	}{
		{"RESP3", fairlead.Options{Protocol: 3}},
		{"RESP2", fairlead.Options{Protocol: 2}},
		{"Exclusive", fairlead.Options{Mode: fairlead.Exclusive}},
		{"with a trace", fairlead.Options{Trace: &fairlead.Trace{
			CommandStart: func(ctx context.Context, _ fairlead.TraceCommand) context.Context { return ctx },
		}}},
	} {
		t.Run(setup.name, func(t *testing.T) {
			setup.options.Addr = addr
			c := openTo(t, &setup.options)
			countAllocs(background, t, c)
			ctx, cancel := context.WithCancel(background)
			defer cancel()
			countAllocs(ctx, t, c)
		})
	}
}

func countAllocs(ctx context.Context, t *testing.T, c *fairlead.Client) {
	t.Helper()
	key, text, bytes, number := newKey(t), "a string", []byte("some bytes"), 1234567890
	counter, none, hash, fraction := key+":n", key+":none", key+":h", 1.5
	other := c.DB(0)
	must(t, c.Set(ctx, key, text, 0))
	for _, test := range []struct {
		what string
		most float64
		run  func() error
	}{
		{"GET: the string", 1, func() error { _, err := c.Get(ctx, key); return err }},
		{"GET in a view: the string", 1, func() error { _, err := other.Get(ctx, key); return err }},
		{"GET of nothing", 0, func() error { _, err := c.Get(ctx, none); return ignoreNil(err) }},
		{"SET of a string", 0, func() error { return c.Set(ctx, key, text, 0) }},
		{"SET of bytes", 0, func() error { return c.Set(ctx, key, bytes, 0) }},
		{"SET of an int", 0, func() error { return c.Set(ctx, key, number, 0) }},
		{"SET of a float", 0, func() error { return c.Set(ctx, key, fraction, 0) }},
		{"SET with an expiration", 0, func() error { return c.Set(ctx, key, text, 3600e9) }},
		{"INCR", 0, func() error { _, err := c.Incr(ctx, counter); return err }},
		{"DEL", 0, func() error { _, err := c.Del(ctx, counter); return err }},
		{"HSET of a field", 0, func() error { _, err := c.HSet(ctx, hash, "field", text); return err }},
		{"HSET of 3 fields: the arguments beyond four", 1, func() error {
			_, err := c.HSet(ctx, hash, "field", text, "other", text, "number", number)
			return err
		}},
		{"HGET: the string", 1, func() error { _, err := c.HGet(ctx, hash, "field"); return err }},
		{"Do of a kept command: the string", 1, do1(ctx, c, redis.Get(key))},
		{"a pipe of 8 SETs: the pipe, the replies, a name for them", 3, pipe(ctx, c, key, 8)},
		{"a pipe of 100 SETs: two slabs of futures, too", 5, pipe(ctx, c, key, 100)},
	} {
		var err error
		got := testing.AllocsPerRun(200, func() {
			if e := test.run(); e != nil {
				err = e
			}
		})
		must(t, err)
		if got > test.most {
			t.Errorf("%s: %v allocations, want at most %v", test.what, got, test.most)
		}
	}
}

func do1(ctx context.Context, c *fairlead.Client, cmd redis.Cmd[string]) func() error {
	return func() error {
		_, err := fairlead.Do(ctx, c, cmd)
		return err
	}
}

func pipe(ctx context.Context, c *fairlead.Client, key string, n int) func() error {
	return func() error {
		p := c.Pipeline()
		for range n {
			fairlead.Queue(p, redis.Set(key, "a string", 0))
		}
		return p.Exec(ctx)
	}
}
