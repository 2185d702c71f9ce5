package fairlead_test

import (
	"context"
	"errors"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/fairlead-go/fairlead"
	"github.com/fairlead-go/fairlead/redis"
	"github.com/fairlead-go/fairlead/redistest"
)

func TestWatchRunsWhatWasQueued(t *testing.T) {
	eachProtocol(t, func(t *testing.T, c *fairlead.Client) {
		key := newKey(t)
		must(t, c.Set(background, key, 41, 0))
		var reply *fairlead.Reply[int64]
		must(t, c.Watch(background, func(tx *fairlead.Tx) error {
			n, err := fairlead.As[int](tx.Get(background, key))
			must(t, err)
			fairlead.Queue(tx, redis.Set(key, n+1, 0))
			reply = fairlead.Queue(tx, redis.Incr(key))
			_, err = reply.Result()
			is(t, "the reply inside of the function, when nothing has run yet", err, fairlead.ErrNotExecuted)
			return nil
		}, key))
		n, err := reply.Result()
		must(t, err)
		is(t, "INCR after SET to 42", n, 43)
	})
}

func TestWatchRunsItsFunctionAgainOnConflict(t *testing.T) {
	eachProtocol(t, func(t *testing.T, c *fairlead.Client) {
		key := newKey(t)
		runs := 0
		must(t, c.Watch(background, func(tx *fairlead.Tx) error {
			runs++
			n, err := fairlead.As[int](tx.Get(background, key))
			must(t, ignoreNil(err))
			if runs == 1 {
				must(t, c.Set(background, key, 10, 0)) // somebody else, over another connection
			}
			fairlead.Queue(tx, redis.Set(key, n+1, 0))
			return nil
		}, key))
		is(t, "runs of the function", runs, 2)
		v, err := c.Get(background, key)
		must(t, err)
		is(t, "value: the second run has seen the 10", v, "11")
	})
}

// TestWatchCountsExactly lets goroutines fight over one counter: with WATCH no increment is lost or doubled.
func TestWatchCountsExactly(t *testing.T) {
	eachProtocol(t, func(t *testing.T, c *fairlead.Client) {
		key := newKey(t)
		const goroutines, each = 4, 10
		var all sync.WaitGroup
		for range goroutines {
			all.Go(func() {
				for range each {
					if err := c.Watch(background, increment(key), key); err != nil {
						t.Error(err)
					}
				}
			})
		}
		all.Wait()
		v, err := c.Get(background, key)
		must(t, err)
		is(t, "the counter", v, strconv.Itoa(goroutines*each))
	})
}

func increment(key string) func(*fairlead.Tx) error {
	return func(tx *fairlead.Tx) error {
		n, err := fairlead.As[int](tx.Get(background, key))
		if ignoreNil(err) != nil {
			return err
		}
		fairlead.Queue(tx, redis.Set(key, n+1, 0))
		return nil
	}
}

func TestWatchGivesUpAfter64Conflicts(t *testing.T) {
	script := serve(func(args []string) string {
		switch args[0] {
		case "SET":
			return "+QUEUED\r\n"
		case "EXEC":
			return "_\r\n" // a watched key was changed, again
		}
		return "+OK\r\n"
	})
	inMemory(t, "", fairlead.Options{}, func(t *testing.T, c *fairlead.Client, f *redistest.Fake) {
		runs := 0
		var reply *fairlead.Reply[struct{}]
		err := c.Watch(background, func(tx *fairlead.Tx) error {
			runs++
			reply = fairlead.Queue(tx, redis.Set("k", 1, 0))
			return nil
		}, "k")
		is(t, "error", err, fairlead.ErrTxFailed)
		is(t, "NotRun", fairlead.NotRun(err), true)
		is(t, "runs: the first, and 64 more", runs, 65)
		_, err = reply.Result()
		is(t, "error of what was queued", err, fairlead.ErrTxFailed)
		is(t, "connections: it goes back with no key watched, so it is used again", f.Conns(), 1)
	}, script)
}

func TestWatchWaitsForConflictsNoLongerThanItsContext(t *testing.T) {
	eachProtocol(t, func(t *testing.T, c *fairlead.Client) {
		key := newKey(t)
		ctx, cancel := context.WithCancel(background)
		defer cancel()
		runs := 0
		err := c.Watch(ctx, func(tx *fairlead.Tx) error {
			runs++
			must(t, c.Set(background, key, runs, 0))
			fairlead.Queue(tx, redis.Incr(key))
			if runs == 3 {
				cancel()
			}
			return nil
		}, key)
		wraps(t, err, context.Canceled)
		is(t, "runs", runs, 3)
	})
}

// oneConnection is a pool in which a connection that was not given back, or not in order, meets its next user.
func oneConnection(t *testing.T, protocol int) *fairlead.Client {
	t.Helper()
	return openTo(t, &fairlead.Options{Addr: redistest.Default(t).Addr(), Protocol: protocol, Mode: fairlead.Exclusive, MaxConnections: 1})
}

// TestWatchLeavesNoKeyWatched ends a Watch early in every way there is. The next user of the connection runs a transaction after the
// key was changed: it must not be told that a watched key was changed, for it watches none.
func TestWatchLeavesNoKeyWatched(t *testing.T) {
	t.Parallel()
	sentinel := errors.New("not today")
	for _, test := range []struct {
		what   string
		fn     func(tx *fairlead.Tx, cancel func()) error
		wants  error
		closed int64 // connections closed
	}{
		{"the function fails", func(*fairlead.Tx, func()) error { return sentinel }, sentinel, 0},
		{"nothing is queued", func(*fairlead.Tx, func()) error { return nil }, nil, 0},
		{"what is queued cannot be sent", func(tx *fairlead.Tx, _ func()) error {
			fairlead.Queue(tx, redis.Set("k", nil, 0))
			return nil
		}, nil, 0},
		{"the server does not accept what is queued", func(tx *fairlead.Tx, _ func()) error {
			fairlead.Queue(tx, redis.New[string]("NO.SUCH.COMMAND"))
			return nil
		}, nil, 0},
		{"a command fails in the transaction", func(tx *fairlead.Tx, _ func()) error {
			fairlead.Queue(tx, redis.New[string]("INCRBY", "k:"+t.Name(), "one"))
			return nil
		}, nil, 0},
		{"the context ends before EXEC", func(tx *fairlead.Tx, cancel func()) error {
			fairlead.Queue(tx, redis.Incr("k:"+t.Name()))
			cancel()
			return nil
		}, context.Canceled, 1}, // UNWATCH would have to wait for the server, which the caller no longer wants
		{"the context ends and the function fails", func(_ *fairlead.Tx, cancel func()) error {
			cancel()
			return sentinel
		}, sentinel, 1},
		{"the function panics", func(*fairlead.Tx, func()) error { panic(sentinel) }, sentinel, 0},
	} {
		for _, protocol := range []int{2, 3} {
			t.Run(test.what+" RESP"+strconv.Itoa(protocol), func(t *testing.T) {
				t.Parallel()
				c, key := oneConnection(t, protocol), newKey(t)
				ctx, cancel := context.WithCancel(background)
				defer cancel()
				err := watchRecovered(ctx, c, func(tx *fairlead.Tx) error { return test.fn(tx, cancel) }, key)
				if test.wants != nil {
					wraps(t, err, test.wants)
				}
				must(t, redistestSet(t, key))
				p := c.TxPipeline()
				fairlead.Queue(p, redis.Get(key))
				must(t, p.Exec(background))
				is(t, "connections closed", c.Pool().Stats().Closes, test.closed)
			})
		}
	}
}

// watchRecovered is Watch, but a panic of its function with an error is that error.
func watchRecovered(ctx context.Context, c *fairlead.Client, fn func(*fairlead.Tx) error, key string) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = r.(error)
		}
	}()
	return c.Watch(ctx, fn, key)
}

// redistestSet changes a key past the clients under test.
func redistestSet(t *testing.T, key string) error {
	t.Helper()
	_, err := redistest.Default(t).Do("SET", key, "changed")
	return err
}

func TestWatchErrorOfTheFunctionKeepsEverythingFromRunning(t *testing.T) {
	eachProtocol(t, func(t *testing.T, c *fairlead.Client) {
		key, sentinel := newKey(t), errors.New("not today")
		err := c.Watch(background, func(tx *fairlead.Tx) error {
			fairlead.Queue(tx, redis.Incr(key))
			return sentinel
		}, key)
		is(t, "error: the function's own", err, sentinel)
		n, err := c.Exists(background, key)
		must(t, err)
		is(t, "keys", n, 0)
		is(t, "exclusive connections that are free again", c.Pool().Stats().Idle, 1)
	})
}

func TestWatchWithoutKeysIsATransaction(t *testing.T) {
	script := func(c *redistest.FakeConn) {
		c.AnswerHandshake()
		c.Expect("*1\r\n$5\r\nMULTI\r\n*2\r\n$4\r\nINCR\r\n$1\r\nn\r\n*1\r\n$4\r\nEXEC\r\n")
		c.Reply("+OK\r\n+QUEUED\r\n*1\r\n:7\r\n")
	}
	fake := redistest.NewFake(t, script)
	c := open(t, fake.URL())
	var reply *fairlead.Reply[int64]
	must(t, c.Watch(background, func(tx *fairlead.Tx) error {
		reply = fairlead.Queue(tx, redis.Incr("n"))
		return nil
	}))
	n, err := reply.Result()
	must(t, err)
	is(t, "INCR", n, 7)
	must(t, c.Close())
}

func TestWatchWhoseConnectionBreaks(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		when   string
		script func(c *redistest.FakeConn)
		sent   bool
	}{
		{"in the function, before EXEC was sent", func(c *redistest.FakeConn) {
			c.AnswerHandshake()
			c.ExpectCommand("WATCH", "k")
			c.Reply("+OK\r\n")
			c.ExpectCommand("GET", "k")
			c.Reply("$1\r\n1\r\n")
			c.Reset()
		}, false},
		{"after EXEC was sent", func(c *redistest.FakeConn) {
			c.AnswerHandshake()
			c.ExpectCommand("WATCH", "k")
			c.Reply("+OK\r\n")
			c.ExpectCommand("GET", "k")
			c.Reply("$1\r\n1\r\n")
			c.ExpectCommand("MULTI")
			c.ExpectCommand("SET", "k", "2")
			c.ExpectCommand("EXEC")
			c.Reset()
		}, true},
	} {
		t.Run(test.when, func(t *testing.T) {
			t.Parallel()
			closed := make(chan fairlead.TraceClosed, 1)
			fake := redistest.NewFake(t, test.script)
			c := openTo(t, &fairlead.Options{Addr: fake.Addr(), Trace: &fairlead.Trace{Closed: func(e fairlead.TraceClosed) { closed <- e }}})
			var reply *fairlead.Reply[struct{}]
			err := c.Watch(background, func(tx *fairlead.Tx) error {
				n, err := fairlead.As[int](tx.Get(background, "k"))
				must(t, err)
				reply = fairlead.Queue(tx, redis.Set("k", n+1, 0))
				if !test.sent {
					is(t, "cause", (<-closed).Cause, fairlead.CausePeerReset)
				}
				return nil
			}, "k")
			says(t, err, "EXEC")
			is(t, "the call that got no reply", sentAs(t, err, test.sent).Command, "EXEC")
			_, err = reply.Result()
			is(t, "the queued command's own call", sentAs(t, err, test.sent).Command, "SET")
			is(t, "connections: a transaction is not begun again by itself", fake.Conns(), 1)
		})
	}
}

// TestWatchIsCountedAsItsCommands makes sure that nothing else travels: no second WATCH, no UNWATCH after EXEC.
func TestWatchIsCountedAsItsCommands(t *testing.T) {
	t.Parallel()
	fake := redistest.NewFake(t, serve(func(args []string) string {
		return map[string]string{"GET": "$1\r\n1\r\n", "SET": "+QUEUED\r\n", "EXEC": "*1\r\n+OK\r\n"}[args[0]] + strings.Repeat("+OK\r\n",
			map[string]int{"WATCH": 1, "MULTI": 1, "UNWATCH": 1}[args[0]])
	}))
	c := open(t, fake.URL())
	must(t, c.Watch(background, increment("k"), "k"))
	same(t, "commands", names(fake.Commands()), []string{"WATCH", "GET", "MULTI", "SET", "EXEC"})
}

func TestTransactionInsideOfWatchIsRefused(t *testing.T) {
	t.Parallel()
	s := redistest.Start(t)
	c := openTo(t, &fairlead.Options{Addr: s.Addr()})
	err := c.Watch(background, func(tx *fairlead.Tx) error {
		p := tx.TxPipeline()
		fairlead.Queue(p, redis.Set("k", "v", 0))
		return p.Exec(background)
	}, "k")
	if err == nil || !strings.Contains(err.Error(), "queue the commands on the Tx itself") || !fairlead.NotRun(err) {
		t.Errorf("an EXEC of its own would end the watch unseen: %v", err)
	}
	if n, err := c.Exists(background, "k"); n != 0 || err != nil {
		t.Errorf("EXISTS k = %d, %v; want 0: nothing ran", n, err)
	}
}
