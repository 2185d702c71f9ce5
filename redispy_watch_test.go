package fairlead_test

import (
	"errors"
	"strconv"
	"testing"

	"github.com/fairlead-go/fairlead"
	"github.com/fairlead-go/fairlead/redis"
	"github.com/fairlead-go/fairlead/redistest"
)

// keyAtOne is a client and a key of its own whose value is 1.
func keyAtOne(t *testing.T) (*fairlead.Client, string) {
	t.Helper()
	c, key := openTo(t, &fairlead.Options{Addr: redistest.Default(t).Addr()}), newKey(t)
	must(t, c.Set(background, key, 1, 0))
	return c, key
}

func TestRedisPyWatch(t *testing.T) {
	t.Parallel()
	behaviour(t, "WATCH ok: immediate reads", func(t *testing.T) {
		c, key := keyAtOne(t)
		var set *fairlead.Reply[int64]
		must(t, c.Watch(background, func(tx *fairlead.Tx) error {
			wantGet(t, tx.Commands, key, "1") // at once
			set = fairlead.Queue(tx, redis.Incr(key))
			_, err := set.Result()
			wraps(t, err, fairlead.ErrNotExecuted)
			wantGet(t, tx.Commands, key, "1") // what is queued has not run
			return nil
		}, key))
		is(t, "INCR", result(t, set), 2)
		wantGet(t, c.Commands, key, "2")
	})
	inMemory(t, "WATCH failure: WatchError", fairlead.Options{}, func(t *testing.T, c *fairlead.Client, _ *redistest.Fake) {
		var replies []*fairlead.Reply[int64]
		err := c.Watch(background, func(tx *fairlead.Tx) error {
			replies = append(replies, fairlead.Queue(tx, redis.Incr("k")))
			return nil
		}, "k")
		wraps(t, err, fairlead.ErrTxFailed)
		is(t, "NotRun", fairlead.NotRun(err), true)
		is(t, "runs of the function: one and 64 more", len(replies), 65)
		for _, reply := range replies {
			_, err := reply.Result()
			wraps(t, err, fairlead.ErrTxFailed)
		}
	}, serve(func(args []string) string {
		return map[string]string{"WATCH": "+OK\r\n", "MULTI": "+OK\r\n", "INCR": "+QUEUED\r\n", "EXEC": "_\r\n"}[args[0]] // always changed by somebody
	}))
	behaviour(t, "WATCH failure with empty MULTI: there is nothing that could fail", func(t *testing.T) {
		c, key := keyAtOne(t)
		must(t, c.Watch(background, func(*fairlead.Tx) error { return c.Set(background, key, 2, 0) }, key))
	})
	behaviour(t, "transaction(): retried until unwatched change, result list; value_from_callable", func(t *testing.T) {
		c, key := keyAtOne(t)
		var old int
		var replies []*fairlead.Reply[int64]
		must(t, c.Watch(background, func(tx *fairlead.Tx) error {
			n, err := fairlead.As[int](tx.Get(background, key))
			must(t, err)
			if n < 3 { // somebody else gets in between, twice
				must(t, c.Set(background, key, strconv.Itoa(n+1), 0))
			}
			old = n
			replies = []*fairlead.Reply[int64]{fairlead.Queue(tx, redis.IncrBy(key, 10)), fairlead.Queue(tx, redis.IncrBy(key, 100))}
			return nil
		}, key))
		is(t, "the value that the last run read", old, 3)
		is(t, "the first result", result(t, replies[0]), 13)
		is(t, "the second result", result(t, replies[1]), 113)
	})
}

func TestRedisPyWatchAndUnwatchByHand(t *testing.T) {
	t.Parallel()
	behaviour(t, "non-transaction pipeline with WATCH", func(t *testing.T) {
		c, key := keyAtOne(t)
		p := c.Pipeline()
		fairlead.Queue(p, redis.New[string]("WATCH", key))
		err := p.Exec(background)
		says(t, err, "WATCH changes its connection for the commands after it: use Client.Watch")
		sentAs(t, err, false)
	})
	behaviour(t, "unwatch clears watching, later commands queue", func(t *testing.T) {
		c, key := keyAtOne(t)
		must(t, c.Watch(background, func(tx *fairlead.Tx) error {
			_, err := fairlead.Do(background, tx, redis.New[string]("UNWATCH"))
			says(t, err, "UNWATCH changes its connection for the commands after it")
			sentAs(t, err, false)
			return nil
		}, key))
		must(t, c.Watch(background, func(tx *fairlead.Tx) error { // watching no key is what is left after UNWATCH
			must(t, c.Set(background, key, 5, 0))
			fairlead.Queue(tx, redis.Incr(key))
			return nil
		}))
		wantGet(t, c.Commands, key, "6")
	})
}

// What is sent around a transaction, byte by byte.
func TestRedisPyWatchBytes(t *testing.T) {
	t.Parallel()
	const watch = "*2\r\n$5\r\nWATCH\r\n$1\r\nk\r\n"
	const transaction = "*1\r\n$5\r\nMULTI\r\n*2\r\n$4\r\nINCR\r\n$1\r\nk\r\n*1\r\n$4\r\nEXEC\r\n"
	const ping = "*1\r\n$4\r\nPING\r\n"
	exclusive := fairlead.Options{Mode: fairlead.Exclusive}
	run := func(t *testing.T, c *fairlead.Client, fn func(tx *fairlead.Tx) error) error {
		t.Helper()
		err := c.Watch(background, fn, "k")
		_, pingErr := c.Ping(background) // over the same connection, given back
		must(t, pingErr)
		return err
	}
	inMemory(t, "EXEC is not followed by UNWATCH", exclusive, func(t *testing.T, c *fairlead.Client, _ *redistest.Fake) {
		must(t, run(t, c, func(tx *fairlead.Tx) error {
			fairlead.Queue(tx, redis.Incr("k"))
			return nil
		}))
	}, func(c *redistest.FakeConn) {
		c.AnswerHandshake()
		c.Expect(watch)
		c.Reply("+OK\r\n")
		c.Expect(transaction)
		c.Reply("+OK\r\n+QUEUED\r\n*1\r\n:1\r\n")
		c.Expect(ping)
		c.Reply("+PONG\r\n")
	})
	unwatches := func(c *redistest.FakeConn) {
		c.AnswerHandshake()
		c.Expect(watch)
		c.Reply("+OK\r\n")
		c.Expect("*1\r\n$7\r\nUNWATCH\r\n")
		c.Reply("+OK\r\n")
		c.Expect(ping)
		c.Reply("+PONG\r\n")
	}
	inMemory(t, "reset while watching sends UNWATCH: the function failed", exclusive, func(t *testing.T, c *fairlead.Client, _ *redistest.Fake) {
		why := errors.New("of the function itself")
		err := run(t, c, func(tx *fairlead.Tx) error {
			fairlead.Queue(tx, redis.Incr("k"))
			return why
		})
		is(t, "the error", err, why)
	}, unwatches)
	inMemory(t, "reset while watching sends UNWATCH: nothing was queued", exclusive, func(t *testing.T, c *fairlead.Client, _ *redistest.Fake) {
		must(t, run(t, c, func(*fairlead.Tx) error { return nil }))
	}, unwatches)
	inMemory(t, "WATCH whose connection broke: never retried over another one", exclusive, func(t *testing.T, c *fairlead.Client, fake *redistest.Fake) {
		err := c.Watch(background, func(tx *fairlead.Tx) error {
			fairlead.Queue(tx, redis.Incr("k"))
			return nil
		}, "k")
		sentAs(t, err, true)
		is(t, "connections", fake.Conns(), 1)
	}, func(c *redistest.FakeConn) {
		c.AnswerHandshake()
		c.Expect(watch)
		c.Reply("+OK\r\n")
		c.Expect(transaction)
		c.Close()
	})
}
