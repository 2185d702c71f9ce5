package lock_test

import (
	"context"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/fairlead-go/fairlead"
	"github.com/fairlead-go/fairlead/lock"
	"github.com/fairlead-go/fairlead/redistest"
)

func TestMain(m *testing.M) {
	if holdOrders() {
		return
	}
	redistest.Main(m)
}

func TestOnlyOneHolds(t *testing.T) {
	t.Parallel()
	c, key := open(t), newKey(t)
	first := newLock(t, c, key, lock.Options{TTL: time.Minute})
	second := newLock(t, open(t), key, lock.Options{TTL: time.Minute})
	a, err := first.TryAcquire(background)
	must(t, err)
	v, err := c.Get(background, key)
	must(t, err)
	is(t, "what the key holds", v, a.Token())
	if left := a.Left(); left <= 59*time.Second || left > time.Minute {
		t.Errorf("%v are left of a minute", left)
	}
	_, err = second.TryAcquire(background)
	wraps(t, err, lock.ErrHeld)
	_, err = first.TryAcquire(background) // it is not reentrant: a second lease is a second holder
	wraps(t, err, lock.ErrHeld)
	must(t, a.Release(background))
	must(t, a.Release(background)) // changes nothing
	wraps(t, a.Err(), lock.ErrReleased)
	is(t, "what is left", a.Left(), 0)
	b, err := second.TryAcquire(background)
	must(t, err)
	if b.Fence() <= a.Fence() {
		t.Errorf("the fencing number after %d is %d", a.Fence(), b.Fence())
	}
	must(t, a.Release(background)) // and takes nothing from the next holder
	must(t, b.Extend(background, time.Hour))
	ttl, err := c.PTTL(background, key)
	must(t, err)
	if ttl <= 59*time.Minute {
		t.Errorf("the lock lasts %v, want an hour", ttl)
	}
	must(t, b.Extend(background, time.Second)) // does not shorten
	if left := b.Left(); left < 59*time.Minute {
		t.Errorf("%v are left of an hour", left)
	}
	must(t, b.Release(background))
}

// TestFenceRisesWithoutItsKey: the last number is lost with the server's data, its clock is not.
func TestFenceRisesWithoutItsKey(t *testing.T) {
	t.Parallel()
	c, key := open(t), newKey(t)
	l := newLock(t, c, key, lock.Options{})
	last := int64(0)
	for _, forget := range []bool{false, true, true, false} {
		lease, err := l.TryAcquire(background)
		must(t, err)
		if lease.Fence() <= last {
			t.Errorf("the fencing number after %d is %d", last, lease.Fence())
		}
		last = lease.Fence()
		must(t, lease.Release(background))
		if forget {
			n, err := c.Del(background, "{"+key+"}:fence")
			must(t, err)
			is(t, "keys deleted", n, 1)
		}
	}
	must(t, c.Set(background, "{"+key+"}:fence", last+1e12, time.Minute)) // as if the server's clock had been set back since
	lease, err := l.TryAcquire(background)
	must(t, err)
	is(t, "the fencing number", lease.Fence(), last+1e12+1)
	must(t, lease.Release(background))
}

func TestUnfencedSparesTheKey(t *testing.T) {
	t.Parallel()
	c, key := open(t), newKey(t)
	lease, err := newLock(t, c, key, lock.Options{Unfenced: true}).Acquire(background)
	must(t, err)
	is(t, "the fencing number", lease.Fence(), 0)
	n, err := c.Exists(background, "{"+key+"}:fence")
	must(t, err)
	is(t, "keys for it", n, 0)
	must(t, lease.Release(background))
}

// TestHoldersTakeTurns: what they do to a counter would get lost if two of them did it at a time.
func TestHoldersTakeTurns(t *testing.T) {
	t.Parallel()
	c, key := open(t), newKey(t)
	l := newLock(t, c, key, lock.Options{Poll: 5 * time.Millisecond})
	counter, last := 0, int64(0)
	var all sync.WaitGroup
	for range 16 {
		all.Go(func() {
			lease, err := l.Acquire(background)
			if err != nil {
				t.Error(err)
				return
			}
			if lease.Fence() <= last { // the race detector would see two at a time
				t.Errorf("the fencing number after %d is %d", last, lease.Fence())
			}
			counter, last = counter+1, lease.Fence()
			if err := lease.Release(background); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	is(t, "the counter", counter, 16)
}

func TestAcquireWaitsAsLongAsItsContext(t *testing.T) {
	t.Parallel()
	c, key := open(t), newKey(t)
	l := newLock(t, c, key, lock.Options{})
	lease, err := l.Acquire(background)
	must(t, err)
	ctx, cancel := context.WithTimeout(background, 30*time.Millisecond)
	defer cancel()
	_, err = l.Acquire(ctx)
	wraps(t, err, context.DeadlineExceeded)
	must(t, lease.Release(ctx)) // though the context has ended
	n, err := c.Exists(background, key)
	must(t, err)
	is(t, "locks", n, 0)
}

// TestLostLock: the key was taken away, as by an eviction.
func TestLostLock(t *testing.T) {
	t.Parallel()
	c, key := open(t), newKey(t)
	lease, err := newLock(t, c, key, lock.Options{TTL: time.Minute, ByHand: true}).Acquire(background)
	must(t, err)
	work, stop := lease.Context(background)
	defer stop()
	_, err = c.Del(background, key)
	must(t, err)
	must(t, lease.Err()) // nobody has asked yet
	wraps(t, lease.Extend(background, time.Minute), lock.ErrLost)
	<-work.Done()
	wraps(t, context.Cause(work), lock.ErrLost)
	wraps(t, lease.Err(), lock.ErrLost)
	wraps(t, lease.Release(background), lock.ErrLost)
}

func TestWrongKeyIsTheServersError(t *testing.T) {
	t.Parallel()
	c, key := open(t), newKey(t)
	_, err := c.RPush(background, key, "a list")
	must(t, err)
	_, err = newLock(t, c, key, lock.Options{}).Acquire(background)
	if err == nil || !strings.Contains(err.Error(), "WRONGTYPE") {
		t.Errorf("the error is %v, want WRONGTYPE", err)
	}
}

func TestNewSaysWhatIsWrong(t *testing.T) {
	t.Parallel()
	c := open(t)
	for _, test := range []struct {
		client fairlead.RoundTripper
		key    string
		o      lock.Options
		want   string // "": all is well
	}{
		{c, "k", lock.Options{}, ""},
		{c, "{user:1}:lock", lock.Options{}, ""},
		{c, "a}b", lock.Options{Unfenced: true}, ""},
		{nil, "k", lock.Options{}, "needs a client"},
		{c, "", lock.Options{}, "needs a key"},
		{c, "k", lock.Options{TTL: -time.Second}, "a TTL of -1s cannot be"},
		{c, "k", lock.Options{TTL: 9 * time.Millisecond}, "a TTL of 9ms cannot be"},
		{c, "k", lock.Options{TTL: time.Second + 1}, "in whole milliseconds"},
		{c, "k", lock.Options{Poll: -1}, "Poll of -1ns is no pause"},
		{c, "a}b", lock.Options{}, "no hash tag"},
		{c, "{}b", lock.Options{}, "no hash tag"},
	} {
		_, err := lock.New(test.client, test.key, test.o)
		switch {
		case test.want == "" && err != nil:
			t.Errorf("New(%q, %+v): %v", test.key, test.o, err)
		case test.want != "" && (err == nil || !strings.Contains(err.Error(), test.want)):
			t.Errorf("New(%q, %+v): the error is %v, want one that says %q", test.key, test.o, err, test.want)
		}
	}
}
