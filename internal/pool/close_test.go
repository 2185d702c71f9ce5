package pool

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/fairlead-go/fairlead/internal/conn"
	"github.com/fairlead-go/fairlead/redistest"
)

func TestCloseEndsEverythingAtOnce(t *testing.T) {
	scene{max: 3, Config: Config{Shared: 1, WaitTimeout: -1, IdleTimeout: time.Minute}}.play(t, func(r *rig) {
		s := r.share()
		out, idle := r.get("A"), r.get("B")
		r.Put(idle, true)
		end := r.send(r.ctx, s, "BLPOP", "never", 0)
		r.TryGet("B")
		first, second := r.askGet(r.ctx, "C"), r.askGet(r.ctx, "D")
		began := time.Now()
		r.Close()
		first.fails(ErrClosed, "it waits for nothing any more")
		second.fails(ErrClosed, "as above")
		for _, c := range []*conn.Conn{s, out, idle} {
			r.ended(c, conn.UserClosed, "the pool was closed")
		}
		var e *conn.CallError
		if err := <-end; !errors.As(err, &e) || !e.Sent {
			r.t.Errorf("the call on its way ended with %v, want that it was sent and may have run", err)
		}
		r.holdsNothing()
		r.Put(out, true)
		r.Put(idle, false)
		r.holdsNothing()
		r.askGet(r.ctx, "E").fails(ErrClosed, "the pool is closed")
		r.askShared(r.ctx).fails(ErrClosed, "as above")
		r.Close()
		if took := time.Since(began); took > 0 {
			r.t.Errorf("took %v, want no time", took)
		}
		if err := r.Shutdown(r.ctx); err != nil {
			r.t.Errorf("Shutdown of a closed pool: %v", err)
		}
	})
}

func TestCloseWhileConnectionsAreOpened(t *testing.T) {
	scene{max: 8, latency: time.Millisecond, Config: Config{Shared: 1, WaitTimeout: -1}}.play(t, func(r *rig) {
		exclusive, shared := r.askGet(r.ctx, "A"), r.askShared(r.ctx)
		exclusive.waits("the network takes its time")
		r.Close()
		shared.fails(ErrClosed, "its dial ends with the pool")
		exclusive.fails(ErrClosed, "a connection that was opened meanwhile is closed")
		r.holdsNothing()
	})
}

// The pool is closed between the end of a dial and the moment the pool learns of the connection.
func TestConnectionOpenedAfterCloseIsClosed(t *testing.T) {
	opened := Config{Shared: 1, WaitTimeout: -1, OnDial: func(string, time.Duration, error) { <-time.After(time.Second) }}
	scene{max: 8, Config: opened}.play(t, func(r *rig) {
		exclusive, shared := r.askGet(r.ctx, "A"), r.askShared(r.ctx)
		r.dialed(2, "both are open, the pool does not know it yet")
		r.Close()
		exclusive.fails(ErrClosed, "the pool is closed")
		shared.fails(ErrClosed, "as above")
		r.holdsNothing()
		for id, cause := range r.ends {
			if cause != conn.UserClosed {
				r.t.Errorf("connection %d ended because %v, want %v", id, cause, conn.UserClosed)
			}
		}
		if len(r.ends) != 2 {
			r.t.Errorf("%d connections were closed, want 2", len(r.ends))
		}
	})
}

func TestShutdownLetsCallsFinish(t *testing.T) {
	scene{max: 8, down: true, Config: Config{Shared: 1, WaitTimeout: -1}}.play(t, func(r *rig) {
		release := make(chan struct{})
		slow := func(c *redistest.FakeConn) {
			c.AnswerHandshake()
			c.ExpectCommand("GET", "k")
			c.Hold(release)
			c.Reply("$1\r\nv\r\n")
			c.ExpectClose()
		}
		r.serve(slow, slow, answering)
		shared, exclusive, idle := r.share(), r.get("GET"), r.get("A")
		r.Put(idle, true)
		a, b := r.send(r.ctx, shared, "GET", "k"), r.send(r.ctx, exclusive, "GET", "k")
		down := make(chan error, 1)
		go func() { down <- r.Shutdown(r.ctx) }()
		synctest.Wait()
		r.ended(idle, conn.UserClosed, "nobody used it")
		r.askGet(r.ctx, "B").fails(ErrClosed, "no new calls")
		r.askShared(r.ctx).fails(ErrClosed, "as above")
		pass(time.Second)
		select {
		case err := <-down:
			r.t.Fatalf("Shutdown returned %v, though two replies are owed", err)
		default:
		}
		close(release)
		for _, end := range []<-chan error{a, b} {
			if err := <-end; err != nil {
				r.t.Errorf("a call on its way failed: %v", err)
			}
		}
		if err := <-down; err != nil {
			r.t.Errorf("Shutdown: %v", err)
		}
		r.ended(exclusive, conn.UserClosed, "it has delivered")
		r.holdsNothing()
		r.Put(exclusive, true)
		r.holdsNothing()
	})
}

func TestShutdownEndsWithItsContext(t *testing.T) {
	scene{max: 8, Config: Config{WaitTimeout: -1}}.play(t, func(r *rig) {
		c := r.get("BLPOP")
		end := r.send(r.ctx, c, "BLPOP", "never", 0)
		ctx, cancel := context.WithTimeout(r.ctx, 3*time.Second)
		defer cancel()
		began := time.Now()
		err := r.Shutdown(ctx)
		if took := time.Since(began); !errors.Is(err, context.DeadlineExceeded) || took != 3*time.Second {
			r.t.Errorf("Shutdown: %v after %v, want its context's end after 3s", err, took)
		}
		if err := <-end; err == nil {
			r.t.Error("the call that kept it was not cut off")
		}
		r.holdsNothing()
	})
}

func TestShutdownOfAnUnusedPool(t *testing.T) {
	scene{max: 1}.play(t, func(r *rig) {
		if err := r.Shutdown(r.ctx); err != nil {
			r.t.Errorf("Shutdown: %v", err)
		}
		r.askGet(r.ctx, "A").fails(ErrClosed, "the pool is closed")
	})
}

// MinIdle's own dials neither keep a pool open nor fill it again.
func TestCloseEndsTheReaper(t *testing.T) {
	scene{max: 4, Config: Config{MinIdle: 2, IdleTimeout: time.Minute}}.play(t, func(r *rig) {
		r.get("A")
		r.net.Drop(redisAddr)
		pass(20 * time.Second)
		if s := r.Stats(); s.Open < 2 {
			r.t.Fatalf("%d slots held, want 2: a dial for MinIdle is under way", s.Open)
		}
		tries := len(r.tries())
		r.Close()
		r.holds(0, 0, 0, "the dial ended with the pool")
		r.net.Restore(redisAddr)
		pass(time.Hour)
		r.holds(0, 0, 0, "a closed pool opens nothing")
		r.dialed(tries+1, "the dial that was under way")
		r.Pool.reap() // a timer that had fired just before Close
		r.holds(0, 0, 0, "as above")
	})
}
