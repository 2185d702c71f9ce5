package goredis_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/fairlead-go/fairlead"
	"github.com/fairlead-go/fairlead/contrib/goredis"
	"github.com/fairlead-go/fairlead/redistest"
	"github.com/redis/go-redis/v9"
)

func TestMain(m *testing.M) { redistest.Main(m) }

func ok(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// newClient returns a client of go-redis over one of ours, with a server of its own.
func newClient(t *testing.T, url string) (*redis.Client, *fairlead.Client) {
	t.Helper()
	c, err := fairlead.Open(redistest.Start(t).URL() + url)
	ok(t, err)
	t.Cleanup(func() { _ = c.Close() })
	rdb := redis.NewClient(goredis.Options(c))
	t.Cleanup(func() { ok(t, rdb.Close()) })
	return rdb, c
}

func eachProtocol(t *testing.T, test func(t *testing.T, rdb *redis.Client, c *fairlead.Client)) {
	t.Parallel()
	for _, url := range []string{"?protocol=2", "?protocol=3", "?db=3"} {
		t.Run(url, func(t *testing.T) {
			t.Parallel()
			rdb, c := newClient(t, url)
			test(t, rdb, c)
		})
	}
}

func TestValuesAndErrors(t *testing.T) {
	eachProtocol(t, func(t *testing.T, rdb *redis.Client, c *fairlead.Client) {
		ctx := t.Context()
		ok(t, rdb.Set(ctx, "k", "v", time.Minute).Err())
		if v, err := c.Get(ctx, "k"); v != "v" || err != nil {
			t.Errorf("%q, %v, want the value: both are in the same database", v, err)
		}
		if err := rdb.Get(ctx, "nothing").Err(); err != redis.Nil {
			t.Errorf("%v, want redis.Nil", err)
		}
		if err := rdb.LPush(ctx, "k", 1).Err(); err == nil || err.Error() != "WRONGTYPE Operation against a key holding the wrong kind of value" {
			t.Errorf("%v, want the server's sentence", err)
		}
		ok(t, rdb.HSet(ctx, "h", "a", 1, "b", 2).Err())
		if h, err := rdb.HGetAll(ctx, "h").Result(); len(h) != 2 || h["b"] != "2" || err != nil {
			t.Errorf("%v, %v, want two fields", h, err)
		}
		ok(t, rdb.ZAdd(ctx, "z", redis.Z{Score: 1.5, Member: "m"}).Err())
		if z, err := rdb.ZRangeWithScores(ctx, "z", 0, -1).Result(); len(z) != 1 || z[0].Score != 1.5 || err != nil {
			t.Errorf("%v, %v, want one member with its score", z, err)
		}
		script := redis.NewScript("return {KEYS[1], ARGV[1]}")
		if got, err := script.Run(ctx, rdb, []string{"key"}, "arg").StringSlice(); strings.Join(got, " ") != "key arg" || err != nil {
			t.Errorf("%v, %v, want what the script returns, though the server did not have it", got, err)
		}
		if stats := c.Pool().Stats(); stats.Peak != 1 {
			t.Errorf("%d connections, want 1", stats.Peak)
		}
	})
}

func TestPipelinesAndTransactions(t *testing.T) {
	eachProtocol(t, func(t *testing.T, rdb *redis.Client, c *fairlead.Client) {
		ctx := t.Context()
		var incr *redis.IntCmd
		_, err := rdb.Pipelined(ctx, func(p redis.Pipeliner) error {
			incr = p.Incr(ctx, "n")
			p.Get(ctx, "nothing")
			return nil
		})
		if incr.Val() != 1 || err != redis.Nil {
			t.Errorf("%d, %v, want 1, and redis.Nil of the other command", incr.Val(), err)
		}
		big := strings.Repeat("x", 100<<10) // so that go-redis writes it in several pieces
		_, err = rdb.TxPipelined(ctx, func(p redis.Pipeliner) error {
			for range 5 {
				p.Set(ctx, "big", big, 0)
			}
			incr = p.Incr(ctx, "n")
			return nil
		})
		if incr.Val() != 2 || err != nil {
			t.Errorf("%d, %v, want 2", incr.Val(), err)
		}
		if peak := c.Pool().Stats().Peak; peak != 1 {
			t.Errorf("%d connections, want 1: transactions travel in one piece", peak)
		}
		_, err = rdb.TxPipelined(ctx, func(p redis.Pipeliner) error {
			p.Set(ctx, "n", "lost", 0)
			p.Do(ctx, "NO.SUCH")
			return nil
		})
		if n, _ := rdb.Get(ctx, "n").Result(); n != "2" || err == nil {
			t.Errorf("%v, n is %s; want an error, and nothing run", err, n)
		}
	})
}

// TestWatch counts with check-and-set, in twenty goroutines.
func TestWatch(t *testing.T) {
	eachProtocol(t, func(t *testing.T, rdb *redis.Client, c *fairlead.Client) {
		ctx := t.Context()
		count := func() error {
			return rdb.Watch(ctx, func(tx *redis.Tx) error {
				n, err := tx.Get(ctx, "n").Int()
				if err != nil && err != redis.Nil {
					return err
				}
				_, err = tx.TxPipelined(ctx, func(p redis.Pipeliner) error { return p.Set(ctx, "n", n+1, 0).Err() })
				return err
			}, "n")
		}
		var all sync.WaitGroup
		for range 20 {
			all.Go(func() {
				var err error = redis.TxFailedErr
				for errors.Is(err, redis.TxFailedErr) {
					err = count()
				}
				if err != nil {
					t.Error(err)
				}
			})
		}
		all.Wait()
		if n, err := rdb.Get(ctx, "n").Int(); n != 20 || err != nil {
			t.Errorf("%d, %v, want 20: no count is lost", n, err)
		}
		stats := c.Pool().Stats()
		if stats.Closes != 0 || stats.Dials > 21 {
			t.Errorf("%d connections opened, %d closed; want those of the transactions used again", stats.Dials, stats.Closes)
		}
	})
}

func TestBlockingAndConn(t *testing.T) {
	eachProtocol(t, func(t *testing.T, rdb *redis.Client, _ *fairlead.Client) {
		ctx := t.Context()
		popped := make(chan string, 1)
		go func() {
			kv, err := rdb.BLPop(ctx, 0, "list").Result()
			popped <- fmt.Sprint(kv, err)
		}()
		ok(t, rdb.LPush(ctx, "list", "x").Err())
		if got := <-popped; got != "[list x] <nil>" {
			t.Errorf("%s, want the element", got)
		}
		own := rdb.Conn()
		defer func() { ok(t, own.Close()) }()
		ok(t, own.Select(ctx, 7).Err())
		ok(t, own.Set(ctx, "k", "seven", 0).Err())
		if err := rdb.Get(ctx, "k").Err(); err != redis.Nil {
			t.Errorf("%v, want nothing: the others stay in their database", err)
		}
	})
}

func TestContextThatEnds(t *testing.T) {
	t.Parallel()
	rdb, c := newClient(t, "")
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer cancel()
	began := time.Now()
	if err := rdb.BLPop(ctx, 0, "list").Err(); err == nil || time.Since(began) > 5*time.Second {
		t.Errorf("%v after %v, want an error after 20 ms", err, time.Since(began))
	}
	ok(t, rdb.LPush(t.Context(), "list", "x").Err())
	if n, err := c.LLen(t.Context(), "list"); n != 1 || err != nil {
		t.Errorf("%d, %v, want the element there still: who was let go takes nothing", n, err)
	}
}

// TestNothingRunsTwice: go-redis would send an INCR again whose reply was lost, three times unless it is told otherwise.
func TestNothingRunsTwice(t *testing.T) {
	t.Parallel()
	fake := redistest.NewFake(t, func(conn *redistest.FakeConn) {
		conn.Serve(func(args []string) string {
			switch args[0] {
			case "PING":
				return "+PONG\r\n"
			case "INCR":
				conn.Close()
				return ""
			}
			return "-ERR unknown command\r\n"
		})
	})
	c, err := fairlead.Open(fake.URL() + "?protocol=2")
	ok(t, err)
	t.Cleanup(func() { _ = c.Close() })
	o := goredis.Options(c)
	o.MaxRetries = 3 // even so
	rdb := redis.NewClient(o)
	defer func() { ok(t, rdb.Close()) }()
	err = rdb.Incr(t.Context(), "n").Err()
	var call *fairlead.CallError
	if !errors.As(err, &call) || fairlead.NotRun(err) {
		t.Errorf("%v, want fairlead's error: it may have run", err)
	}
	sent := 0
	for _, command := range fake.Commands() {
		if command[0] == "INCR" {
			sent++
		}
	}
	if sent != 1 {
		t.Errorf("INCR was sent %d times, want once", sent)
	}
}

func TestWhatIsNotCarried(t *testing.T) {
	t.Parallel()
	rdb, _ := newClient(t, "")
	sub := rdb.Subscribe(t.Context(), "news")
	defer func() { _ = sub.Close() }() // its connection may have been closed by go-redis
	if _, err := sub.Receive(t.Context()); err == nil || !strings.Contains(err.Error(), "SUBSCRIBE is not carried") {
		t.Errorf("%v, want a refusal", err)
	}
	none := redis.NewClient(goredis.Options(nil))
	defer func() { ok(t, none.Close()) }()
	if err := none.Ping(t.Context()).Err(); err == nil || !strings.Contains(err.Error(), "needs a fairlead.Client") {
		t.Errorf("%v, want what to pass", err)
	}
}
