package pool

import (
	"context"
	"errors"
	"os"
	"testing"
	"testing/synctest"
	"time"

	"github.com/fairlead-go/fairlead/internal/conn"
	"github.com/fairlead-go/fairlead/redistest"
)

func TestWaitersAreServedInTheirOrder(t *testing.T) {
	scene{max: 1, Config: Config{WaitTimeout: -1}}.play(t, func(r *rig) {
		c := r.get("holder")
		var queue []*asked
		for range 5 {
			queue = append(queue, r.askGet(r.ctx, "GET"))
		}
		for i, next := range queue {
			r.Put(c, true)
			r.same(next.has("it has waited longest"), c, "the connection is passed on")
			for _, later := range queue[i+1:] {
				later.waits("others came before it")
			}
		}
		if s := r.Stats(); s.Waits != 5 || s.Waiting != 0 {
			r.t.Errorf("%d waits counted, %d waiting; want 5, 0", s.Waits, s.Waiting)
		}
	})
}

// A slot is free for a moment before those who wait are served. Who comes in that moment must not take it.
func TestNewcomerDoesNotOvertake(t *testing.T) {
	scene{max: 2, Config: Config{WaitTimeout: -1}}.play(t, func(r *rig) {
		r.get("holder")
		r.slots.TryTake(0) // the other slot is taken too
		first := r.askGet(r.ctx, "first")
		r.slots.Give() // as giveSlot does before it serves
		newcomer := r.askGet(r.ctx, "newcomer")
		newcomer.waits("another one was there first")
		first.waits("nobody has served it yet")
		r.Pool.mu.Lock()
		r.Pool.serve()
		r.Pool.mu.Unlock()
		c := first.has("it was there first")
		newcomer.waits("as above")
		r.Put(c, true)
		r.same(newcomer.has("its turn has come"), c, "the connection is passed on")
	})
}

// Callers that want a shared connection wait in the same queue, for a slot.
func TestSlotWaitersStandInTheSameQueue(t *testing.T) {
	scene{max: 1, Config: Config{WaitTimeout: -1, Shared: 1}}.play(t, func(r *rig) {
		c := r.get("holder")
		first := r.askGet(r.ctx, "first")
		shared := r.askShared(r.ctx)
		third := r.askGet(r.ctx, "third")
		r.Put(c, true)
		r.same(first.has("it came first"), c, "the connection is passed on")
		shared.waits("it came second")
		third.waits("it came third")
		r.Put(c, true)
		r.ended(c, conn.BudgetCalled, "the next in the queue wants the slot, not this connection")
		s := shared.has("it came second")
		r.other(s, c, "as above")
		r.ended(s, conn.BudgetCalled, "it has served those who waited for it, and there is one slot only")
		r.open(third.has("it came third"), "it has the slot to itself")
	})
}

func TestPoolTimeoutSaysHowLongAndWhoHolds(t *testing.T) {
	scene{max: 2, Config: Config{WaitTimeout: 3 * time.Second}}.play(t, func(r *rig) {
		r.get("BLPOP")
		pass(1500 * time.Millisecond)
		r.get("WATCH")
		began := time.Now()
		_, err := r.Get(r.ctx, "GET")
		if took := time.Since(began); took != 3*time.Second {
			r.t.Errorf("waited %v, want WaitTimeout, 3s", took)
		}
		want := "no connection became free in time after 3s: all 2 connections are in use, held by BLPOP for 4.5s, WATCH for 3s"
		if err == nil || err.Error() != want {
			r.t.Errorf("error %v\nwant  %s", err, want)
		}
		var w *WaitError
		if !errors.As(err, &w) || w.Waited != 3*time.Second || w.Limit != 2 || !w.Timeout() {
			r.t.Errorf("%+v, want a *WaitError that is a timeout after 3s at 2 connections", w)
		}
		if !errors.Is(err, ErrTimeout) || !errors.Is(err, os.ErrDeadlineExceeded) {
			r.t.Errorf("%v is not ErrTimeout, or not os.ErrDeadlineExceeded", err)
		}
		if s := r.Stats(); s.WaitTimeouts != 1 || s.WaitTime != 3*time.Second || s.Waiting != 0 {
			r.t.Errorf("counted %d waits in vain of %v, %d waiting; want 1 of 3s, 0", s.WaitTimeouts, s.WaitTime, s.Waiting)
		}
	})
}

func TestErrorNamesTheFiveLongestHolders(t *testing.T) {
	scene{max: 7}.play(t, func(r *rig) {
		for _, holder := range []string{"A", "B", "C", "D", "E", "F", "G"} {
			r.get(holder)
			pass(time.Second)
		}
		_, err := r.Get(r.ctx, "GET")
		want := "no connection became free in time after 0s: all 7 connections are in use, " +
			"held by A for 7s, B for 6s, C for 5s, D for 4s, E for 3s and 2 more"
		if err == nil || err.Error() != want {
			r.t.Errorf("error %v\nwant  %s", err, want)
		}
	})
}

func TestFailAtOnce(t *testing.T) {
	scene{max: 1, Config: Config{WaitTimeout: 0, Shared: 1}}.play(t, func(r *rig) {
		c := r.get("BLPOP")
		began := time.Now()
		r.askGet(r.ctx, "GET").fails(ErrTimeout, "WaitTimeout 0 is: do not wait")
		r.askShared(r.ctx).fails(ErrTimeout, "as above")
		if took := time.Since(began); took > 0 {
			r.t.Errorf("took %v, want no time", took)
		}
		r.Put(c, true)
		r.same(r.get("GET"), c, "nothing else is wrong")
	})
}

func TestContextEndsTheWait(t *testing.T) {
	scene{max: 1, Config: Config{WaitTimeout: time.Minute}}.play(t, func(r *rig) {
		r.get("BLPOP")
		reason := errors.New("the user closed the page")
		cancelled, cancel := context.WithCancelCause(r.ctx)
		limited, stop := context.WithTimeout(r.ctx, 2*time.Second)
		defer stop()
		a, b := r.askGet(cancelled, "A"), r.askGet(limited, "B")
		cancel(reason)
		a.fails(context.Canceled, "its context was cancelled")
		if !errors.Is(a.err, reason) {
			r.t.Errorf("%v does not tell the cause that the user gave", a.err)
		}
		var w *WaitError
		if !errors.As(a.err, &w) || w.Holders != "held by BLPOP for 0s" || w.Timeout() {
			r.t.Errorf("%#v, want a *WaitError that names BLPOP and is no timeout", a.err)
		}
		b.waits("its context has two seconds")
		b.fails(context.DeadlineExceeded, "its context has ended, long before WaitTimeout")
		if s := r.Stats(); s.Waiting != 0 || s.WaitTime != 2*time.Second {
			r.t.Errorf("%d waiting, %v waited; want 0, 2s", s.Waiting, s.WaitTime)
		}
	})
}

func TestContextOfASharedCallerEndsOnlyItsOwnWait(t *testing.T) {
	scene{max: 1, Config: Config{WaitTimeout: -1, Shared: 1}}.play(t, func(r *rig) {
		c := r.get("BLPOP")
		ctx, cancel := context.WithCancel(r.ctx)
		a, b := r.askShared(ctx), r.askShared(r.ctx)
		cancel()
		a.fails(context.Canceled, "its context was cancelled")
		b.waits("it wants the connection still")
		r.Put(c, true)
		b.has("the slot is free")
	})
}

// The moment in which a waiter is granted something and leaves is the pool's most delicate one: the connection would be lost
// to all if the waiter left without it.
func TestGrantAtTheMomentOfLeavingIsNotLost(t *testing.T) {
	scene{max: 1, Config: Config{WaitTimeout: time.Second}}.play(t, func(r *rig) {
		for range 200 {
			c := r.get("holder")
			ctx, cancel := context.WithCancel(r.ctx)
			next := r.askGet(ctx, "GET")
			cancel() // the waiter's goroutine has both to choose from when it runs next
			r.Put(c, true)
			if <-next.done; next.err == nil {
				r.same(next.c, c, "it was granted this one")
				r.Put(c, true)
			} else if !errors.Is(next.err, context.Canceled) {
				r.t.Errorf("error %v, want the context's", next.err)
			}
			r.holds(1, 1, 0, "whoever won, the connection is idle again")
		}
		r.dialed(1, "it was never lost")
	})
}

func TestSlotGrantedAtTheMomentOfLeavingIsNotLost(t *testing.T) {
	scene{max: 1, down: true, Config: Config{WaitTimeout: time.Second}}.play(t, func(r *rig) {
		r.serve(func(c *redistest.FakeConn) { c.Serve(answer) }) // a handshake may be broken off
		for range 200 {
			c := r.get("holder")
			ctx, cancel := context.WithCancel(r.ctx)
			next := r.askGet(ctx, "GET")
			go c.Close(conn.PeerReset, nil)
			go cancel()
			synctest.Wait()
			if next.err == nil {
				r.Put(next.c, false)
			}
			r.holds(0, 0, 0, "whoever won, the slot is free again")
		}
	})
}

// A waiter whose time is over takes its grant all the same if that was there first: leaveQueue is asked directly, since
// which of the two a select finds is left to chance.
func TestLeavingAfterTheGrantTakesIt(t *testing.T) {
	scene{max: 1}.play(t, func(r *rig) {
		c := r.get("holder")
		w := &waiter{ch: make(chan grant, 1)}
		r.Pool.mu.Lock()
		r.waiting = append(r.waiting, w)
		r.Pool.mu.Unlock()
		r.Put(c, true)
		g, err := r.leaveQueue(w, time.Second, ErrTimeout)
		if err != nil || g.conn != c {
			r.t.Errorf("left with %v, %v; want the connection it was granted", number(g.conn), err)
		}
		if s := r.Stats(); s.WaitTimeouts != 0 {
			r.t.Errorf("%d waits counted as in vain, want 0: this one was not", s.WaitTimeouts)
		}
	})
}
