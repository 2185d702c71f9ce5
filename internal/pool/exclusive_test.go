package pool

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"github.com/fairlead-go/fairlead/internal/conn"
	"github.com/fairlead-go/fairlead/redistest"
)

func TestGetReusesTheConnectionUsedLast(t *testing.T) {
	scene{max: 3}.play(t, func(r *rig) {
		first, second, third := r.get("A"), r.get("B"), r.get("C")
		r.other(first, second, "a connection belongs to one caller at a time")
		r.other(second, third, "as above")
		r.holds(3, 0, 0, "all are in use")
		r.Put(first, true)
		r.Put(third, true)
		r.Put(second, true)
		r.holds(3, 3, 0, "they stay open")
		r.same(r.get("D"), second, "it came back last, so that the others may rest until IdleTimeout")
		r.same(r.get("E"), third, "then the one before")
		r.same(r.get("F"), first, "and the one that rested longest")
		r.dialed(3, "nothing was opened for the second round")
	})
}

func TestTryGetNeverDials(t *testing.T) {
	scene{max: 2}.play(t, func(r *rig) {
		r.same(r.TryGet("GET"), nil, "there is no connection yet")
		c := r.get("GET")
		r.same(r.TryGet("GET"), nil, "the only one is in use")
		r.Put(c, true)
		r.same(r.TryGet("GET"), c, "it is idle now")
		r.dialed(1, "TryGet opens nothing")
		r.Put(c, true)
		r.Close()
		r.same(r.TryGet("GET"), nil, "the pool is closed")
	})
}

func TestDirtyConnectionIsNeverHandedOn(t *testing.T) {
	scene{max: 1}.play(t, func(r *rig) {
		c := r.get("WATCH")
		r.Put(c, false)
		r.ended(c, conn.Dirty, "its keys are still watched")
		r.other(r.get("GET"), c, "the next user begins afresh")
	})
}

func TestDirtyConnectionGivesItsSlotToWhoWaits(t *testing.T) {
	scene{Config: Config{WaitTimeout: -1}, max: 1}.play(t, func(r *rig) {
		c := r.get("WATCH")
		next := r.askGet(r.ctx, "GET")
		next.waits("the only slot is taken")
		r.Put(c, false)
		r.other(next.has("the slot is free"), c, "a dirty connection is closed, not handed on")
	})
}

func TestConnectionThatOwesAReplyComesBackWhenItIsDrained(t *testing.T) {
	scene{max: 1, down: true, Config: Config{WaitTimeout: -1}}.play(t, func(r *rig) {
		release := make(chan struct{})
		r.serve(func(c *redistest.FakeConn) {
			c.AnswerHandshake()
			c.ExpectCommand("GET", "slow")
			c.Hold(release)
			c.Reply("$4\r\nlate\r\n")
			c.Serve(answer)
		})
		c := r.get("GET")
		ctx, cancel := context.WithCancel(r.ctx)
		end := r.send(ctx, c, "GET", "slow")
		cancel()
		if err := <-end; err == nil {
			r.t.Fatal("a cancelled call has no reply")
		}
		r.Put(c, true)
		r.holds(1, 0, 0, "the reply to the cancelled call would be the next user's, so nobody gets the connection yet")
		next := r.askGet(r.ctx, "GET")
		next.waits("as above")
		close(release)
		r.same(next.has("the late reply was dropped"), c, "cancelling costs no connection")
		if err := c.Ping(r.ctx); err != nil {
			r.t.Fatalf("the stream is out of step: %v", err)
		}
		r.dialed(1, "cancelling costs no connection")
	})
}

func TestConnectionThatGoesOnOwingIsClosed(t *testing.T) {
	scene{max: 1}.play(t, func(r *rig) {
		c := r.get("BLPOP")
		ctx, cancel := context.WithCancel(r.ctx)
		end := r.send(ctx, c, "BLPOP", "never", 0)
		cancel()
		<-end
		began := time.Now()
		r.Put(c, true)
		<-c.Closed()
		if took := time.Since(began); took != settleTime {
			r.t.Errorf("closed after %v, want settleTime, %v", took, settleTime)
		}
		r.ended(c, conn.Dirty, "the reply to BLPOP could come at any time")
		r.holds(0, 0, 0, "its slot is free")
	})
}

func TestConnectionInDoubtIsNotKept(t *testing.T) {
	scene{max: 1, down: true}.play(t, func(r *rig) {
		r.serve(func(c *redistest.FakeConn) { c.AnswerHandshake(); c.Hang() })
		c := r.get("GET")
		if err := <-r.send(r.ctx, c, "GET", "k"); err == nil {
			r.t.Fatal("the server is silent, so there is no reply")
		}
		if s := c.Info().State; s != conn.Suspect {
			r.t.Fatalf("state %v, want suspect: its reply is overdue", s)
		}
		r.Put(c, true)
		r.same(r.TryGet("GET"), nil, "a suspect connection is nobody's")
		<-c.Closed()
		r.ended(c, conn.Dirty, "it came back suspect and still owing")
	})
}

func TestIdleConnectionThatTheServerClosesIsDroppedAtOnce(t *testing.T) {
	scene{max: 2, down: true}.play(t, func(r *rig) {
		hangUp := make(chan struct{})
		r.serve(hangsUp(hangUp), answering)
		doomed, good := r.get("A"), r.get("B")
		r.Put(good, true)
		r.Put(doomed, true) // on top: the next Get would take it
		r.holds(2, 2, 0, "both rest")
		before := time.Now()
		close(hangUp)
		r.ended(doomed, conn.PeerClosed, "somebody reads idle connections")
		if took := time.Since(before); took > 0 {
			r.t.Errorf("noticed after %v, want at once", took)
		}
		r.holds(1, 1, 0, "its slot is free")
		r.same(r.get("C"), good, "the dead one is not handed out")
	})
}

func TestConnectionThatEndsWhileItIsOutIsForgotten(t *testing.T) {
	scene{max: 1, down: true}.play(t, func(r *rig) {
		hangUp := make(chan struct{})
		r.serve(hangsUp(hangUp), answering)
		c := r.get("A")
		close(hangUp)
		r.ended(c, conn.PeerClosed, "the server hung up")
		r.holds(0, 0, 0, "its slot came back before the connection did")
		r.Put(c, true)
		r.holds(0, 0, 0, "putting it back changes nothing: the slot is not given twice")
		r.other(r.get("B"), c, "the dead one is not handed on")
	})
}

// A connection passed on at the moment it dies must not reach its new holder dead.
func TestWaiterIsNotGivenADeadConnection(t *testing.T) {
	scene{max: 1, Config: Config{WaitTimeout: -1}}.play(t, func(r *rig) {
		c := r.get("A")
		next := r.askGet(r.ctx, "B")
		next.waits("the only connection is out")
		r.put(c)
		c.Close(conn.PeerReset, nil) // before the waiter's goroutine runs, as in a bubble it does when we wait
		got := next.has("its slot is free again")
		r.open(got, "whatever was handed on works")
	})
}

func TestUnusableIdleConnectionIsSkipped(t *testing.T) {
	scene{max: 2}.play(t, func(r *rig) {
		c := r.get("A")
		r.Put(c, true)
		end := r.send(r.ctx, c, "BLPOP", "never", 0) // owes a reply, so that it drains for a while
		c.Drain(conn.Topology)
		r.other(r.get("B"), c, "a draining connection takes no calls")
		r.Close()
		<-end
	})
}

func TestHolderIsNamedUntilTheConnectionComesBack(t *testing.T) {
	scene{max: 2, Config: Config{WaitTimeout: -1}}.play(t, func(r *rig) {
		a := r.get("BLPOP")
		r.get("WATCH")
		r.wantHolders("BLPOP", "WATCH")
		next := r.askGet(r.ctx, "XREAD")
		r.Put(a, true)
		r.same(next.has("a connection came back"), a, "it was handed on")
		r.wantHolders("XREAD", "WATCH")
		r.Put(a, true)
		r.wantHolders("", "WATCH")
		r.TryGet("LMOVE")
		r.wantHolders("LMOVE", "WATCH")
	})
}

// wantHolders compares who has the connections, the oldest connection first.
func (r *rig) wantHolders(want ...string) {
	r.t.Helper()
	synctest.Wait()
	for i, info := range r.Conns() {
		if info.Shared || i >= len(want) || info.Holder != want[i] {
			r.t.Errorf("connection %d of %v: held by %q, shared %v", i, want, info.Holder, info.Shared)
		}
	}
}
