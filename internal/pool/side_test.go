package pool

import (
	"context"
	"errors"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/fairlead-go/fairlead/internal/conn"
	"github.com/fairlead-go/fairlead/redistest"
)

// meet has two calls under way on a connection at a time, and waits until both were answered. The network must have a latency.
func (r *rig) meet(c *conn.Conn) {
	r.t.Helper()
	for _, end := range []<-chan error{r.send(r.ctx, c, "GET", "k"), r.send(r.ctx, c, "GET", "k")} {
		if err := <-end; err != nil {
			r.t.Fatalf("a call over connection %d: %v", c.ID(), err)
		}
	}
}

// beside opens the primary connection, makes it busy, and has the pool open another one beside it.
func (r *rig) beside() (primary, side *conn.Conn) {
	r.t.Helper()
	primary = r.share()
	r.meet(primary)
	r.same(r.Side(), primary, "there is no other one yet")
	pass(10 * time.Millisecond)
	side = r.Side()
	r.other(side, primary, "the one that was opened owes nothing")
	return primary, side
}

// Side is asked on a call's fast way: it neither dials nor waits where there is nothing.
func TestSideOfNothing(t *testing.T) {
	scene{max: 8, Config: Config{Shared: 2}}.play(t, func(r *rig) {
		r.same(r.Side(), nil, "Shared has to be asked: it is who opens the first")
		r.dialed(0, "as above")
	})
}

// A caller that is alone holds nobody back: it costs the server no second connection.
func TestLoneCallersNeedNoSide(t *testing.T) {
	scene{max: 8, latency: time.Millisecond, Config: Config{Shared: 4}}.play(t, func(r *rig) {
		c := r.share()
		for range 20 {
			if err := <-r.send(r.ctx, c, "GET", "k"); err != nil {
				r.t.Fatal(err)
			}
			r.same(r.Side(), c, "no two calls were under way at a time")
		}
		r.holds(1, 0, 1, "as above")
	})
}

// Where calls meet on the primary connection a large one would hold others back, so it has another; only while they do.
func TestBusyPrimaryHasASide(t *testing.T) {
	scene{max: 8, latency: time.Millisecond, Config: Config{Shared: 4}}.play(t, func(r *rig) {
		primary, side := r.beside()
		r.same(r.Primary(), primary, "small calls stay where they are")
		for range 100 {
			r.same(r.Side(), side, "it is at rest")
		}
		r.holds(2, 0, 2, "a third would be opened only if the second had something to do")

		pass(time.Second)
		r.same(r.Side(), primary, "for a second nobody met anybody there")
		r.holds(2, 0, 2, "it is kept until it was idle for too long")
		r.meet(primary)
		r.same(r.Side(), side, "the others are back, and it is still there")
		r.dialed(2, "nothing else was opened")
	})
}

// Who wants one connection gets one, whatever travels over it.
func TestSharedOneHasNoSide(t *testing.T) {
	scene{max: 8, latency: time.Millisecond, Config: Config{Shared: 1}}.play(t, func(r *rig) {
		only := r.share()
		for range 20 {
			r.meet(only)
			r.same(r.Side(), only, "SharedConns allows no other")
		}
		r.holds(1, 0, 1, "as above")
	})
}

// Large calls hold each other back, too: they are spread, over no more connections than the user allows.
func TestSideIsTheOneThatOwesLeast(t *testing.T) {
	scene{max: 8, latency: time.Millisecond, Config: Config{Shared: 3}}.play(t, func(r *rig) {
		_, a := r.beside()
		owe := func(c *conn.Conn) { r.send(r.ctx, c, "BLPOP", "q", 0) } // never answered
		owe(a)
		paced()
		r.same(r.Side(), a, "it owes a reply, so another one is opened; but that is not there yet")
		pass(10 * time.Millisecond)
		b := r.Side()
		r.other(b, a, "the new one owes nothing")
		r.other(b, r.Primary(), "as above")
		owe(b)
		owe(b)
		r.same(r.Side(), a, "it owes one reply, the other two")
		owe(a)
		owe(a)
		r.same(r.Side(), b, "now it owes two replies, the other three")
		for range 100 {
			r.Side()
		}
		paced()
		r.Side()
		pass(10 * time.Millisecond)
		r.holds(3, 0, 3, "all beside the primary one owe something, but SharedConns allows no fourth")
		r.dialed(3, "as above")
	})
}

// Many ask in the moment in which there is no side yet: one is opened for all of them, and none of them waits for it.
func TestManyOpenOneSide(t *testing.T) {
	scene{max: 8, latency: time.Millisecond, Config: Config{Shared: 4}}.play(t, func(r *rig) {
		primary := r.share()
		r.meet(primary)
		var callers []*asked
		for range 100 {
			callers = append(callers, r.ask("Side", func() (*conn.Conn, error) { return r.Side(), nil }))
		}
		for _, a := range callers {
			r.same(a.has("Side does not wait"), primary, "the other one is not open yet")
		}
		pass(10 * time.Millisecond)
		r.holds(2, 0, 2, "one is opened at a time")
	})
}

// A pool that was closed must not be opened again from aside, nor keep what was being opened.
func TestSideOfAClosedPool(t *testing.T) {
	gone := func(r *rig, dials int) {
		r.t.Helper()
		r.same(r.Side(), nil, "the pool takes no calls; Shared says so")
		r.dialed(dials, "and opens nothing")
	}
	play := func(name string, test func(r *rig)) {
		t.Run(name, func(t *testing.T) {
			scene{max: 8, latency: time.Millisecond, Config: Config{Shared: 2}}.play(t, test)
		})
	}
	play("Close", func(r *rig) {
		r.beside()
		r.Close()
		gone(r, 2)
	})
	play("Shutdown", func(r *rig) {
		r.beside()
		if err := r.Shutdown(r.ctx); err != nil {
			r.t.Error(err)
		}
		gone(r, 2)
	})
	play("Close while a side is opened", func(r *rig) {
		primary := r.share()
		r.meet(primary)
		r.Side()
		synctest.Wait() // the dial is under way
		r.Close()
		gone(r, 2)
		r.holdsNothing()
	})
	play("Shutdown while a side is opened", func(r *rig) {
		primary := r.share()
		r.meet(primary)
		r.Side()
		synctest.Wait()
		ctx, cancel := context.WithTimeout(r.ctx, time.Minute)
		defer cancel()
		if err := r.Shutdown(ctx); err != nil {
			r.t.Errorf("Shutdown: %v, though no call was under way", err)
		}
		gone(r, 2)
		r.holdsNothing()
	})
}

// A side is a comfort: where there is no slot for it nobody waits, and nobody else's wait takes longer.
func TestSideWithoutASlot(t *testing.T) {
	scene{max: 2, latency: time.Millisecond, Config: Config{Shared: 2, WaitTimeout: -1}}.play(t, func(r *rig) {
		primary := r.share()
		held := r.get("BLPOP")
		for range 20 {
			r.meet(primary)
			r.same(r.Side(), primary, "calls are served where they were before")
			paced()
		}
		r.dialed(2, "no slot, no dial")
		if s := r.Stats(); s.Waiting != 0 || s.DialErrors != 0 {
			r.t.Errorf("%d waiting for a slot, %d failed dials; want none", s.Waiting, s.DialErrors)
		}
		r.open(held, "it is in use")

		next := r.askGet(r.ctx, "next")
		r.meet(primary)
		r.Side()
		next.waits("there is no slot for it either")
		r.Put(held, true)
		r.same(next.has("it waited, the side did not"), held, "the connection is passed on")
		r.Put(held, false)
		r.meet(primary)
		paced()
		r.Side()
		pass(10 * time.Millisecond)
		r.holds(2, 0, 2, "the slot is free, so the side has it")
	})
}

// The connections beside the primary one are the first to go when somebody needs one to himself.
func TestSideGivesWay(t *testing.T) {
	scene{max: 2, latency: time.Millisecond, Config: Config{Shared: 2, WaitTimeout: -1}}.play(t, func(r *rig) {
		primary, side := r.beside()
		end := r.send(r.ctx, side, "GET", "large")
		waiting := r.askGet(r.ctx, "BLPOP")
		waiting.waits("the side still owes a reply")
		r.same(r.Side(), primary, "the side takes no more calls")
		if err := <-end; err != nil {
			r.t.Errorf("what the side owed was lost: %v", err)
		}
		r.ended(side, conn.BudgetCalled, "it has delivered")
		pass(10 * time.Millisecond)
		waiting.has("the slot is free")
		r.open(primary, "it is the last one that all share")
		r.holds(2, 0, 1, "as above")
	})
}

// A dial that hangs, as behind a firewall that drops packets, is waited for by nobody.
func TestSideWhoseDialHangs(t *testing.T) {
	hanging := Config{Shared: 2, Conn: &conn.Config{Timeout: 5 * time.Second, DialTimeout: time.Second}}
	scene{max: 8, down: true, latency: time.Millisecond, Config: hanging}.play(t, func(r *rig) {
		r.serve(answering, (*redistest.FakeConn).Hang)
		primary := r.share()
		for range 100 {
			r.meet(primary)
			r.same(r.Side(), primary, "the other one is not open yet")
		}
		if n := r.fake.Conns(); n != 2 {
			r.t.Errorf("the server has met %d connections, want 2: one try is under way", n)
		}
		pass(2 * time.Second)
		r.holds(1, 0, 1, "the try has run out of time")
		r.meet(primary)
		r.same(r.Side(), primary, "another try begins; Close, which comes now, ends it")
	})
}

// A connection that takes no calls, for whatever reason, is passed over, and replaced once it has ended.
func TestSideThatIsNotToBeTrusted(t *testing.T) {
	t.Run("closed by the server", func(t *testing.T) {
		scene{max: 8, down: true, latency: time.Millisecond, Config: Config{Shared: 2}}.play(t, func(r *rig) {
			hangUp := make(chan struct{})
			r.serve(answering, hangsUp(hangUp), answering)
			primary, side := r.beside()
			close(hangUp)
			paced()
			r.ended(side, conn.PeerClosed, "somebody reads")
			r.same(r.Side(), primary, "it is gone")
			pass(10 * time.Millisecond)
			r.other(r.Side(), primary, "there is a new one")
			r.holds(2, 0, 2, "it has the place of the old one")
		})
	})
	t.Run("silent", func(t *testing.T) {
		scene{max: 8, down: true, latency: time.Millisecond, Config: Config{Shared: 2}}.play(t, func(r *rig) {
			r.serve(answering, func(c *redistest.FakeConn) { c.AnswerHandshake(); c.Hang() }, answering)
			primary, side := r.beside()
			if err := <-r.send(r.ctx, side, "GET", "k"); err == nil {
				r.t.Fatal("the server is silent, so there is no reply")
			}
			r.meet(primary)
			r.same(r.Side(), primary, "it owes a reply for too long, so it takes no calls")
			<-side.Closed()
			r.ended(side, conn.ReadTimeout, "nothing came from it")
			r.meet(primary)
			r.Side()
			pass(10 * time.Millisecond)
			r.other(r.Side(), primary, "there is a new one")
			r.holds(2, 0, 2, "it has the place of the old one")
		})
	})
	t.Run("draining", func(t *testing.T) {
		scene{max: 8, latency: time.Millisecond, Config: Config{Shared: 2}}.play(t, func(r *rig) {
			primary, side := r.beside()
			end := r.send(r.ctx, side, "GET", "k")
			side.Drain(conn.Topology)
			r.same(r.Side(), primary, "it only delivers what it owes")
			if err := <-end; err != nil {
				r.t.Error(err)
			}
		})
	})
}

// When the primary connection ends, the one beside it takes its place, and is nobody's side any more.
func TestSideBecomesPrimary(t *testing.T) {
	scene{max: 8, latency: time.Millisecond, Config: Config{Shared: 2}}.play(t, func(r *rig) {
		primary, side := r.beside()
		primary.Close(conn.PeerReset, nil)
		r.same(r.Primary(), side, "it is the first of those that are left")
		r.same(r.Side(), side, "no two calls have met on it yet")
		r.meet(side)
		paced()
		r.Side()
		pass(10 * time.Millisecond)
		r.other(r.Side(), side, "it is busy now, so it has a side of its own")
		r.holds(2, 0, 2, "as many as SharedConns allows")
	})
}

// Side looks at connections while others use, take and close them. What is under test is the order of the locks, and that nothing
// is left over.
func TestSideAmongOthers(t *testing.T) {
	scene{max: 4, latency: time.Millisecond, Config: Config{Shared: 3, WaitTimeout: -1}}.play(t, func(r *rig) {
		var users sync.WaitGroup
		for user := range 12 {
			users.Go(func() {
				for i := range 30 {
					if err := r.useAnyhow(user + i); err != nil && !conn.Unavailable(err) {
						r.t.Error(err)
					}
				}
			})
		}
		users.Wait()
		if s := r.Stats(); s.Peak > 4 || s.Shared > 3 || s.Waiting != 0 {
			r.t.Errorf("%d connections at most, %d shared, %d waiting; want 4 and 3 at most, and nobody", s.Peak, s.Shared, s.Waiting)
		}
	})
}

// useAnyhow uses the pool in one of the ways there are.
func (r *rig) useAnyhow(n int) error {
	switch n % 7 {
	case 0:
		c, err := r.Get(r.ctx, "WATCH")
		if err != nil {
			return err
		}
		err = c.Ping(r.ctx)
		r.Put(c, n%2 == 0)
		return err
	case 1:
		if n%5 == 0 {
			r.CloseIdle()
		}
		r.Stats()
		r.Conns()
	}
	c := r.Side()
	if c == nil || n%3 == 0 {
		var err error
		if c, err = r.Shared(r.ctx); err != nil {
			return err
		}
	}
	err := c.Ping(r.ctx)
	if errors.Is(err, conn.ErrClosed) {
		r.t.Errorf("connection %d was closed under a call: %v", c.ID(), err)
	}
	return err
}
