package limit_test

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/fairlead-go/fairlead"
	"github.com/fairlead-go/fairlead/limit"
	"github.com/fairlead-go/fairlead/redistest"
)

func TestAllow(t *testing.T) {
	t.Parallel()
	c, key := open(t), newKey(t)
	l := newLimiter(t, c, limit.Rate{Count: 10, Per: time.Hour}) // a burst of 10
	r, err := l.AllowN(background, key, 0)
	must(t, err)
	is(t, "before anything", r, limit.Result{Allowed: true, Remaining: 10})
	n, err := c.Exists(background, key)
	must(t, err)
	is(t, "keys after a question about nothing", n, 0)
	r, err = l.AllowN(background, key, 9)
	must(t, err)
	is(t, "nine", r, limit.Result{Allowed: true, Remaining: 1, ResetAfter: 54 * time.Minute})
	r, err = l.AllowN(background, key, 2)
	must(t, err)
	if r.Allowed || r.Remaining != 1 || r.RetryAfter > 6*time.Minute || r.RetryAfter < 5*time.Minute {
		t.Errorf("two more: got %+v, want none of them, one remaining, within six minutes", r)
	}
	r, err = l.Allow(background, key)
	must(t, err)
	is(t, "one more", r.Allowed, true)
	ttl, err := c.PTTL(background, key)
	must(t, err)
	if ttl > time.Hour || ttl < 59*time.Minute {
		t.Errorf("the key lasts %v, want until it is drained, in an hour", ttl)
	}
}

// TestManyClients: over several clients at once no more and no less is allowed.
func TestManyClients(t *testing.T) {
	t.Parallel()
	key, rate := newKey(t), limit.Rate{Count: 1, Per: time.Hour, Burst: 50}
	var allowed atomic.Int64
	var all sync.WaitGroup
	for range 4 {
		l := newLimiter(t, open(t), rate)
		for range 8 {
			all.Go(func() {
				for range 5 {
					r, err := l.Allow(background, key)
					if err != nil {
						t.Error(err)
					}
					if r.Allowed {
						allowed.Add(1)
					}
				}
			})
		}
	}
	all.Wait()
	is(t, "allowed out of 160", allowed.Load(), 50)
}

// TestWaitersAreServedInTurn: each is let go when its own turn comes, and none asks twice.
func TestWaitersAreServedInTurn(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		asked := 0
		c := inMemory(t, func([]string) string {
			asked++
			return fmt.Sprintf("*2\r\n:1\r\n:%d\r\n", asked*100_000) // the debt in microseconds, of 10 events a second, one at once
		})
		l, began := newLimiter(t, c, limit.Rate{Count: 10, Per: time.Second, Burst: 1}), time.Now()
		for turn := range 3 {
			must(t, l.Wait(background, "k"))
			is(t, "the time of its turn", time.Since(began), [...]time.Duration{0, 100, 300}[turn]*time.Millisecond)
		}
		is(t, "questions", asked, 3)
	})
}

func TestWaitKeepsToItsContext(t *testing.T) {
	t.Parallel()
	c, key := open(t), newKey(t)
	l := newLimiter(t, c, limit.Rate{Count: 1, Per: time.Hour, Burst: 1})
	must(t, l.Wait(background, key))
	ctx, cancel := context.WithTimeout(background, time.Minute)
	defer cancel()
	err := l.Wait(ctx, key) // at once
	wraps(t, err, context.DeadlineExceeded)
	says(t, err, "after the context's end")
	must(t, ctx.Err())
	r, err := l.AllowN(background, key, 0)
	must(t, err)
	is(t, "a turn that was not taken", r.ResetAfter <= time.Hour, true)

	ctx, stop := context.WithCancelCause(background)
	over := make(chan error, 1)
	go func() { over <- l.Wait(ctx, key) }()
	redistest.Eventually(t, 5*time.Second, "the turn is taken", func() bool {
		r, err := l.AllowN(background, key, 0)
		return err == nil && r.ResetAfter > time.Hour
	})
	why := fmt.Errorf("the user left")
	stop(why)
	wraps(t, <-over, why)
}

func TestWaitHasTimeEnough(t *testing.T) {
	t.Parallel()
	c, key := open(t), newKey(t)
	l := newLimiter(t, c, limit.Rate{Count: 100, Per: time.Second, Burst: 2})
	ctx, cancel := context.WithTimeout(background, time.Minute)
	defer cancel()
	began := time.Now()
	for range 6 {
		must(t, l.Wait(ctx, key))
	}
	if took := time.Since(began); took < 35*time.Millisecond { // four of them waited 10 ms each, less what passed between the first two
		t.Errorf("six events took %v, want 40ms", took)
	}
}

func TestMisuseIsAnErrorBeforeAnythingIsSent(t *testing.T) {
	t.Parallel()
	c, err := fairlead.Open("redis://localhost:1") // nobody listens there
	must(t, err)
	defer c.Close()
	for _, test := range []struct {
		rate limit.Rate
		want string
	}{
		{limit.Rate{}, "allows nothing"},
		{limit.Rate{Count: -1, Per: time.Second}, "allows nothing"},
		{limit.Rate{Count: 1, Per: time.Second, Burst: -1}, "allows nothing"},
		{limit.Rate{Count: 1}, "a rate per 0s cannot be"},
		{limit.Rate{Count: 1, Per: -time.Second}, "a rate per -1s cannot be"},
		{limit.Rate{Count: 1, Per: 1500}, "whole microseconds"},
		{limit.Rate{Count: 1<<62 - 1, Per: time.Hour * 24 * 365, Burst: 1 << 62}, "beyond what can be counted"},
	} {
		_, err := limit.New(c, test.rate)
		says(t, err, test.want)
	}
	_, err = limit.New(nil, limit.Rate{Count: 1, Per: time.Second})
	says(t, err, "needs a client")
	newLimiter(t, c, limit.Rate{Count: 1_000_000, Per: 24 * time.Hour})
	l := newLimiter(t, c, limit.Rate{Count: 1, Per: time.Second, Burst: 9_000_000_000})
	for _, n := range []int64{-1, 9_000_000_001} {
		_, err := l.AllowN(background, "k", n)
		says(t, err, "the burst is 9000000000")
		says(t, l.WaitN(background, "k", n), "the burst is 9000000000")
	}
	_, err = l.Allow(background, "")
	says(t, err, "needs a key")
	//lint:ignore SA1012 a nil context is what is tested
	says(t, l.Wait(nil, "k"), "context is nil")
}

func TestForeignKeyIsLeftAlone(t *testing.T) {
	t.Parallel()
	c, key := open(t), newKey(t)
	must(t, c.Set(background, key, "somebody's", time.Minute))
	_, err := newLimiter(t, c, limit.Rate{Count: 1, Per: time.Second}).Allow(background, key)
	says(t, err, "something else than a limit")
	v, err := c.Get(background, key)
	must(t, err)
	is(t, "the key", v, "somebody's")
}

// inMemory returns a client of a server that answers all commands so, over a network in memory.
func inMemory(t *testing.T, answer func(args []string) string) *fairlead.Client {
	t.Helper()
	var network redistest.Network
	listener, err := network.Listen("redis:6379")
	must(t, err)
	fake := redistest.NewFakeOn(t, listener, func(c *redistest.FakeConn) {
		c.AnswerHandshake()
		c.Serve(answer)
	})
	pool, err := fairlead.NewPool(&fairlead.Options{Addr: fake.Addr(), Dialer: network.Dial})
	must(t, err)
	t.Cleanup(func() { _ = pool.Close() })
	return fairlead.NewClient(pool)
}
