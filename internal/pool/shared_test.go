package pool

import (
	"context"
	"errors"
	"strings"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"github.com/fairlead-go/fairlead/internal/conn"
	"github.com/fairlead-go/fairlead/redistest"
)

func TestHundredCallersOpenOneSharedConnection(t *testing.T) {
	scene{max: 8, latency: time.Millisecond, Config: Config{Shared: 4, WaitTimeout: -1}}.play(t, func(r *rig) {
		var callers []*asked
		for range 100 {
			callers = append(callers, r.askShared(r.ctx))
		}
		r.same(r.Primary(), nil, "it is not open yet")
		pass(time.Second)
		first := callers[0].has("the server is there")
		for _, a := range callers {
			r.same(a.has("it is open"), first, "one connection serves all")
		}
		r.dialed(1, "those who come while it is opened wait for it")
		r.same(r.Primary(), first, "calls find it without asking the pool")
		r.holds(1, 0, 1, "as above")
	})
}

func TestAllWhoWaitLearnWhyItCouldNotBeOpened(t *testing.T) {
	scene{max: 8, latency: time.Millisecond, down: true, Config: Config{Shared: 1}}.play(t, func(r *rig) {
		a, b := r.askShared(r.ctx), r.askShared(r.ctx)
		a.fails(syscall.ECONNREFUSED, "nobody listens")
		b.fails(syscall.ECONNREFUSED, "it waited for the same try")
		r.dialed(1, "one try for both")
		r.holds(0, 0, 0, "its slot is free again")
		r.serve()
		r.open(r.share(), "the next call tries again")
	})
}

// sendsLargely is a script: it answers the first command with the beginning of a large reply, and the end when it is told.
func sendsLargely(finish <-chan struct{}) func(*redistest.FakeConn) {
	return func(c *redistest.FakeConn) {
		c.AnswerHandshake()
		c.ExpectCommand("GET", "large")
		c.Reply("$300000\r\nxxxx")
		c.Hold(finish)
		c.Reply(strings.Repeat("x", 300000-4) + "\r\n")
		c.Serve(answer)
	}
}

func TestLargeReplyBringsASecondConnection(t *testing.T) {
	scene{max: 8, down: true, latency: time.Millisecond, Config: Config{Shared: 2, WaitTimeout: -1}}.play(t, func(r *rig) {
		finish, later := make(chan struct{}), make(chan struct{})
		r.serve(sendsLargely(finish), sendsLargely(later))
		first := r.share()
		end := r.send(r.ctx, first, "GET", "large")
		pass(10 * time.Millisecond)
		r.same(r.Primary(), nil, "a call would have to wait for the rest of the large reply")
		r.same(r.share(), first, "there is no other connection yet, but one is being opened")
		pass(10 * time.Millisecond)
		r.holds(2, 0, 2, "SharedConns allows two")
		second := r.share()
		r.other(second, first, "nothing holds the new one back")

		endToo := r.send(r.ctx, second, "GET", "large")
		further := r.send(r.ctx, first, "GET", "k")
		pass(10 * time.Millisecond)
		r.same(r.share(), second, "both are held back; it owes one reply, the first owes two")
		r.holds(2, 0, 2, "SharedConns allows no third")
		close(finish)
		for _, e := range []<-chan error{end, further} {
			if err := <-e; err != nil {
				r.t.Errorf("a call behind the large reply: %v", err)
			}
		}
		r.same(r.share(), first, "it is free again, the second is not")
		r.same(r.Primary(), first, "as above")
		close(later)
		if err := <-endToo; err != nil {
			r.t.Errorf("the second large reply: %v", err)
		}
		r.dialed(2, "nothing else was opened")
	})
}

// A second shared connection is a comfort: where there is no slot for it nobody waits.
func TestSecondSharedConnectionDoesNotWaitForASlot(t *testing.T) {
	scene{max: 2, down: true, latency: time.Millisecond, Config: Config{Shared: 2, WaitTimeout: -1}}.play(t, func(r *rig) {
		finish := make(chan struct{})
		r.serve(sendsLargely(finish), answering)
		first := r.share()
		r.get("BLPOP")
		end := r.send(r.ctx, first, "GET", "large")
		pass(10 * time.Millisecond)
		r.same(r.share(), first, "held back, but the only one")
		pass(10 * time.Millisecond)
		if s := r.Stats(); s.Waiting != 0 {
			r.t.Errorf("%d waiting for a slot, want 0", s.Waiting)
		}
		r.dialed(2, "no slot, no third connection")
		close(finish)
		if err := <-end; err != nil {
			r.t.Error(err)
		}
	})
}

func TestSuspectConnectionIsReplaced(t *testing.T) {
	scene{max: 8, down: true, Config: Config{Shared: 1}}.play(t, func(r *rig) {
		r.serve(func(c *redistest.FakeConn) { c.AnswerHandshake(); c.Hang() }, answering)
		silent := r.share()
		end := r.send(r.ctx, silent, "GET", "k")
		if err := <-end; err == nil {
			r.t.Fatal("the server is silent, so there is no reply")
		}
		next := r.share()
		r.other(next, silent, "its server may be frozen, so new calls go elsewhere")
		r.same(r.Primary(), next, "as above")
		r.open(next, "it was just opened")
		<-silent.Closed()
		r.ended(silent, conn.ReadTimeout, "it was given up as soon as somebody wanted to use it")
		r.holds(1, 0, 1, "the new one has its place")
	})
}

func TestDrainingConnectionIsReplacedAndStillDelivers(t *testing.T) {
	scene{max: 8, down: true, Config: Config{Shared: 1}}.play(t, func(r *rig) {
		release := make(chan struct{})
		r.serve(func(c *redistest.FakeConn) {
			c.AnswerHandshake()
			c.ExpectCommand("GET", "k")
			c.Hold(release)
			c.Reply("$1\r\nv\r\n")
			c.ExpectClose()
		}, answering)
		old := r.share()
		end := r.send(r.ctx, old, "GET", "k")
		old.Drain(conn.Topology)
		next := r.share()
		r.other(next, old, "a draining connection takes no calls")
		close(release)
		if err := <-end; err != nil {
			r.t.Errorf("what it owed was lost: %v", err)
		}
		r.ended(old, conn.Topology, "it has delivered")
		r.holds(1, 0, 1, "the new one stays")
	})
}

func TestSharedConnectionThatTheServerClosesIsNobodysPrimary(t *testing.T) {
	scene{max: 8, down: true, Config: Config{Shared: 1}}.play(t, func(r *rig) {
		hangUp := make(chan struct{})
		r.serve(hangsUp(hangUp), answering)
		old := r.share()
		close(hangUp)
		r.ended(old, conn.PeerClosed, "somebody reads")
		r.same(r.Primary(), nil, "it is gone")
		r.holds(0, 0, 0, "its slot is free")
		r.other(r.share(), old, "the next call opens another one")
	})
}

// The pool hears of a connection's end before it hears of the connection: the server hung up right after the handshake.
func TestConnectionThatEndsBeforeThePoolKnowsIt(t *testing.T) {
	cfg := Config{Shared: 1, WaitTimeout: -1, OnDial: func(string, time.Duration, error) { <-time.After(time.Millisecond) }}
	hangUp := func(c *redistest.FakeConn) { c.AnswerHandshake(); c.Close() }
	t.Run("shared", func(t *testing.T) {
		scene{max: 2, down: true, Config: cfg}.play(t, func(r *rig) {
			r.serve(hangUp)
			<-r.askShared(r.ctx).done
			r.holds(0, 0, 0, "its slot was given back, once")
			r.same(r.Primary(), nil, "it is gone")
		})
	})
	t.Run("exclusive", func(t *testing.T) {
		scene{max: 2, down: true, Config: cfg}.play(t, func(r *rig) {
			r.serve(hangUp)
			a := r.askGet(r.ctx, "A")
			<-a.done
			if a.err == nil {
				r.Put(a.c, true)
			}
			r.holds(0, 0, 0, "its slot was given back, once")
		})
	})
	t.Run("while the pool is shut down", func(t *testing.T) {
		scene{max: 2, down: true, latency: time.Millisecond, Config: cfg}.play(t, func(r *rig) {
			r.serve(hangUp)
			go r.Get(r.ctx, "A")
			synctest.Wait() // the dial is under way
			ctx, cancel := context.WithTimeout(r.ctx, time.Minute)
			defer cancel()
			if err := r.Shutdown(ctx); err != nil {
				r.t.Errorf("Shutdown: %v, though no connection is left", err)
			}
		})
	})
}

func TestSharedCallersContext(t *testing.T) {
	scene{max: 1, down: true, Config: Config{Shared: 1}}.play(t, func(r *rig) {
		r.net.Drop(redisAddr) // dials hang
		ctx, cancel := context.WithTimeout(r.ctx, time.Second)
		defer cancel()
		began := time.Now()
		_, err := r.Shared(ctx)
		if took := time.Since(began); !errors.Is(err, context.DeadlineExceeded) || took != time.Second {
			r.t.Errorf("%v after %v, want the context's end after 1s", err, took)
		}
		later := r.askShared(r.ctx)
		later.waits("the dial is still under way, for whoever comes next")
		r.Close()
		later.fails(ErrClosed, "nobody needs the connection any more, so Close ends the dial")
		r.holdsNothing()
	})
}
