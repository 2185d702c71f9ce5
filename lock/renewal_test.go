package lock_test

import (
	"context"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/fairlead-go/fairlead/lock"
)

func TestRenewal(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		k := &keeper{}
		lease, err := newLock(t, inMemory(t, k), "k", lock.Options{TTL: 30 * time.Second}).Acquire(background)
		must(t, err)
		pass(25 * time.Second)
		is(t, "what is left", lease.Left(), 30*time.Second-300*time.Millisecond-(25*time.Second-19400*time.Millisecond))
		must(t, lease.Release(background))
		pass(time.Hour) // nothing is renewed any more
		want := []string{
			"acquire at 0s",
			"extend at 9.7s", // a third of the TTL, less the hundredth that is kept back
			"extend at 19.4s",
			"release at 25s",
		}
		if got := k.log(); !slices.Equal(got, want) {
			t.Errorf("the server was asked to\n%q, want\n%q", got, want)
		}
	})
}

// TestServerThatFallsSilent: the lease ends when its time has passed, whatever the server would say.
func TestServerThatFallsSilent(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		k := &keeper{}
		lease, err := newLock(t, inMemory(t, k), "k", lock.Options{TTL: 3 * time.Second}).Acquire(background)
		must(t, err)
		work, stop := lease.Context(background)
		defer stop()
		k.change(func() { k.silent = true })
		<-work.Done()
		is(t, "when the work was told", time.Since(epoch()), 2970*time.Millisecond) // before the server gives the lock away, at 3s
		wraps(t, context.Cause(work), lock.ErrLost)
		wraps(t, lease.Release(background), lock.ErrLost)
	})
}

// TestRenewalIsTriedAgain: one that failed does not cost the lock.
func TestRenewalIsTriedAgain(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		k := &keeper{}
		c := inMemory(t, k)
		lease, err := newLock(t, c, "k", lock.Options{TTL: 60 * time.Second}).Acquire(background)
		must(t, err)
		k.change(func() { k.silent = true })
		pass(30 * time.Second) // the renewal at 19.4s has waited in vain
		k.change(func() { k.silent = false })
		pass(5 * time.Minute)
		must(t, lease.Err())
		must(t, lease.Release(background))
	})
}

// TestStolenLock: the renewal finds another token, and the work is told at once.
func TestStolenLock(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		k := &keeper{}
		lease, err := newLock(t, inMemory(t, k), "k", lock.Options{TTL: 3 * time.Second}).Acquire(background)
		must(t, err)
		work, stop := lease.Context(background)
		defer stop()
		k.change(func() { k.token = "another" })
		<-work.Done()
		is(t, "when the work was told", time.Since(epoch()), 970*time.Millisecond)
		wraps(t, context.Cause(work), lock.ErrLost)
	})
}

// TestByHand: the lease lasts its TTL, and longer by Extend only.
func TestByHand(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		k := &keeper{}
		lease, err := newLock(t, inMemory(t, k), "k", lock.Options{TTL: 10 * time.Second, ByHand: true}).Acquire(background)
		must(t, err)
		work, stop := lease.Context(background)
		defer stop()
		pass(5 * time.Second)
		must(t, lease.Extend(background, 20*time.Second))
		<-work.Done()
		is(t, "when the work was told", time.Since(epoch()), 5*time.Second+19800*time.Millisecond)
		wraps(t, lease.Err(), lock.ErrLost)
		is(t, "how often the server was asked", len(k.log()), 2)
	})
}

// TestWaiterComesWhenTheTimeIsOver: a holder that died keeps the lock for its TTL and no longer.
func TestWaiterComesWhenTheTimeIsOver(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		k := &keeper{token: "the dead", until: time.Now().Add(10 * time.Second), fence: 6}
		lease, err := newLock(t, inMemory(t, k), "k", lock.Options{Poll: time.Minute}).Acquire(background)
		must(t, err)
		if waited := time.Since(epoch()); waited < 10*time.Second || waited > 10*time.Second+2*time.Millisecond {
			t.Errorf("it was acquired after %v, want at 10s and 2ms later at most", waited)
		}
		is(t, "the fencing number", lease.Fence(), 7)
		must(t, lease.Release(background))
	})
}

// TestAcquisitionWithoutAReplyIsUndone: the command ran, its caller left; nobody shall wait for the TTL.
func TestAcquisitionWithoutAReplyIsUndone(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		k := &keeper{silent: true}
		l := newLock(t, inMemory(t, k), "k", lock.Options{TTL: time.Hour})
		ctx, cancel := context.WithTimeout(background, time.Second)
		defer cancel()
		_, err := l.Acquire(ctx)
		wraps(t, err, context.DeadlineExceeded)
		synctest.Wait()
		if want := []string{"acquire at 0s", "release at 1s"}; !slices.Equal(k.log(), want) {
			t.Errorf("the server was asked to %q, want %q", k.log(), want)
		}
	})
}
