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

// paced waits until another connection that calls can do without may be opened.
func paced() { pass(leastRest + time.Nanosecond) }

// The limit is used up by a connection that rests: it is kept, for closing and opening it again in turns would cost more than a side
// is worth.
func TestSideTakesNoRestingConnectionsPlace(t *testing.T) {
	keeps := func(r *rig, ask func()) {
		r.t.Helper()
		for range 50 {
			c := r.get("WATCH")
			r.Put(c, true)
			ask()
			pass(20 * time.Millisecond)
			r.open(c, "it rests")
		}
		r.dialed(2, "the shared one, and the one that comes back")
		if s := r.Stats(); s.Closes != 0 || s.Waits != 0 {
			r.t.Errorf("%d closed, %d waits; want none", s.Closes, s.Waits)
		}
		r.holds(2, 1, 1, "one of each kind")
	}
	t.Run("beside a busy one", func(t *testing.T) {
		scene{max: 2, latency: time.Millisecond, Config: Config{Shared: 2}}.play(t, func(r *rig) {
			primary := r.share()
			keeps(r, func() {
				r.meet(primary)
				r.same(r.Side(), primary, "there is no other one")
			})
		})
	})
	t.Run("beside a large reply", func(t *testing.T) {
		scene{max: 2, down: true, latency: time.Millisecond, Config: Config{Shared: 2}}.play(t, func(r *rig) {
			finish := make(chan struct{})
			r.serve(sendsLargely(finish), answering)
			primary := r.share()
			end := r.send(r.ctx, primary, "GET", "large")
			pass(10 * time.Millisecond)
			r.same(r.Primary(), nil, "a large reply is on its way")
			keeps(r, func() { r.same(r.share(), primary, "it is held back, but the only one") })
			close(finish)
			if err := <-end; err != nil {
				r.t.Error(err)
			}
		})
	})
}

// suspects makes the primary connection one that takes no calls, because its server is silent, but was busy just now, and that keeps
// its slot until leave is called. The server's first connection must be silent.
func (r *rig) suspects() (primary *conn.Conn, leave func()) {
	r.t.Helper()
	primary = r.share()
	lost := r.send(r.ctx, primary, "GET", "k") // with a Timeout of 5s
	pass(4500 * time.Millisecond)
	patient, cancel := context.WithTimeout(r.ctx, time.Hour)
	owed := r.send(patient, primary, "GET", "k") // it meets the first
	if err := <-lost; err == nil {
		r.t.Fatal("the server is silent, so there is no reply")
	}
	if !primary.Busy() || primary.Usable() {
		r.t.Fatalf("busy %v, usable %v; want it to be busy and to take no calls", primary.Busy(), primary.Usable())
	}
	return primary, func() {
		cancel()
		<-owed
		<-primary.Closed()
	}
}

// An opening that calls could do without fails while they cannot do without it any more: they wait for one that is begun for them.
func TestWhoWaitsForAnOpeningThatHasNoSlot(t *testing.T) {
	silent := func(c *redistest.FakeConn) { c.AnswerHandshake(); c.Hang() }
	t.Run("there is no slot", func(t *testing.T) {
		scene{max: 2, down: true, Config: Config{Shared: 2, WaitTimeout: -1}}.play(t, func(r *rig) {
			r.serve(silent, answering)
			primary, leave := r.suspects()
			r.get("BLPOP")
			o := &opening{done: make(chan struct{})} // as Side does, before the goroutine it starts has run
			r.Pool.mu.Lock()
			r.opening = o
			r.Pool.mu.Unlock()
			next := r.askShared(r.ctx)
			next.waits("an opening is under way")
			r.openShared(o)
			if !errors.Is(o.err, ErrTimeout) {
				r.t.Fatalf("the opening ended with %v, want %v: there is no slot", o.err, ErrTimeout)
			}
			next.waits("now one is needed, for which it waits as long as it takes")
			leave()
			r.other(next.has("the slot is free"), primary, "that one is gone")
			r.dialed(3, "the primary one, the exclusive one, and this")
		})
	})
	t.Run("there is no slot, and many ask", func(t *testing.T) {
		scene{max: 2, down: true, Config: Config{Shared: 2, WaitTimeout: -1}}.play(t, func(r *rig) {
			r.serve(silent, answering)
			primary, leave := r.suspects()
			r.get("BLPOP")
			var callers []*asked
			for range 20 {
				callers = append(callers, r.ask("Side, then Shared", func() (*conn.Conn, error) {
					r.Side() // it takes no calls
					return r.Shared(r.ctx)
				}))
			}
			for _, a := range callers {
				a.waits("the primary one still has its slot")
			}
			leave()
			next := callers[0].has("the slot is free")
			r.other(next, primary, "that one is gone")
			for _, a := range callers {
				r.same(a.has("as above"), next, "one connection serves all")
			}
			r.dialed(3, "as above")
		})
	})
	t.Run("there is no slot in time", func(t *testing.T) {
		scene{max: 2, down: true, Config: Config{Shared: 2, WaitTimeout: 3 * time.Second}}.play(t, func(r *rig) {
			r.serve(silent, answering)
			_, leave := r.suspects()
			r.get("BLPOP")
			r.Side()
			began := time.Now()
			_, err := r.Shared(r.ctx)
			var wait *WaitError
			if took := time.Since(began); !errors.As(err, &wait) || !errors.Is(err, ErrTimeout) || took != 3*time.Second || wait.Limit != 2 {
				r.t.Errorf("%v after %v, want a *WaitError after WaitTimeout, 3s", err, took)
			}
			leave()
		})
	})
}

// The same where the slot is there, and the server decides.
func TestWhoWaitsForAnOpeningThatTheServerRefuses(t *testing.T) {
	t.Run("the server refuses it", func(t *testing.T) {
		scene{max: 8, down: true, latency: time.Millisecond, Config: Config{Shared: 2, WaitTimeout: -1}}.play(t, func(r *rig) {
			r.serve(answering, (*redistest.FakeConn).Close, answering)
			primary := r.share()
			r.meet(primary)
			r.same(r.Side(), primary, "the other one is being opened")
			synctest.Wait()
			primary.Close(conn.PeerReset, nil)
			next := r.askShared(r.ctx)
			next.waits("an opening is under way")
			pass(100 * time.Millisecond)
			r.open(next.has("it was tried again"), "the server takes connections again")
			r.dialed(3, "the primary one, the one that was refused, and this")
		})
	})
	t.Run("the server refuses both", func(t *testing.T) {
		scene{max: 8, down: true, latency: time.Millisecond, Config: Config{Shared: 2, WaitTimeout: -1}}.play(t, func(r *rig) {
			r.serve(answering, (*redistest.FakeConn).Close)
			primary := r.share()
			r.meet(primary)
			r.Side()
			synctest.Wait()
			primary.Close(conn.PeerReset, nil)
			next := r.askShared(r.ctx)
			<-next.done
			var dial *conn.DialError
			if !errors.As(next.err, &dial) {
				r.t.Errorf("it ended with %v, want a *DialError", next.err)
			}
			r.dialed(3, "one more try is made for those who need it, not more")
		})
	})
	t.Run("it succeeds", func(t *testing.T) {
		scene{max: 8, latency: time.Millisecond, Config: Config{Shared: 2, WaitTimeout: -1}}.play(t, func(r *rig) {
			primary := r.share()
			r.meet(primary)
			r.Side()
			synctest.Wait()
			primary.Close(conn.PeerReset, nil)
			r.open(r.share(), "it is as good as any")
			r.dialed(2, "nothing else was opened")
		})
	})
}

// The server takes no second connection, or hangs up on it: the calls do not notice, and it is not asked more often than is needed to
// learn that it has changed its mind.
func TestSideThatCannotBeOpened(t *testing.T) {
	type server struct {
		refuses func(*redistest.FakeConn)
		least   int // tries within a second
		most    int
	}
	for name, server := range map[string]server{
		"before the handshake":     {(*redistest.FakeConn).Close, 3, 4}, // the time between them doubles: at 0, 100, 300, 700 ms
		"just after the handshake": {func(c *redistest.FakeConn) { c.AnswerHandshake(); c.Close() }, 8, 10},
		"with a refusal":           {func(c *redistest.FakeConn) { c.Reply("-ERR max number of clients reached\r\n"); c.Close() }, 3, 4},
	} {
		t.Run(name, func(t *testing.T) {
			scene{max: 8, down: true, latency: time.Millisecond, Config: Config{Shared: 2}}.play(t, func(r *rig) {
				well := make(chan struct{}) // closed when it takes one again
				r.serve(answering, func(c *redistest.FakeConn) {
					select {
					case <-well:
						answering(c)
					default:
						server.refuses(c)
					}
				})
				primary := r.share()
				for began := time.Now(); time.Since(began) < time.Second; {
					r.meet(primary)
					r.Side() // the other one, for the moment in which it seems to be open
				}
				if n := len(r.tries()) - 1; n < server.least || n > server.most {
					r.t.Errorf("%d tries in vain within a second, want %d to %d", n, server.least, server.most)
				}
				pass(time.Second)
				r.holds(1, 0, 1, "the slot of the last try is free again")
				r.same(r.Primary(), primary, "it serves as before")
				tries := len(r.tries())
				pass(time.Minute)
				r.dialed(tries, "nobody asks for a side any more")

				close(well)
				r.meet(primary)
				r.same(r.Side(), primary, "the next try is under way")
				pass(100 * time.Millisecond)
				r.other(r.Side(), primary, "it succeeded")
			})
		})
	}
}

// The same where a connection is asked for because a large reply holds back all others.
func TestTriesBesideALargeReplyArePaced(t *testing.T) {
	scene{max: 8, down: true, latency: time.Millisecond, Config: Config{Shared: 2}}.play(t, func(r *rig) {
		finish := make(chan struct{})
		r.serve(sendsLargely(finish), func(c *redistest.FakeConn) { c.AnswerHandshake(); c.Close() })
		primary := r.share()
		end := r.send(r.ctx, primary, "GET", "large")
		pass(10 * time.Millisecond)
		for began := time.Now(); time.Since(began) < time.Second; pass(time.Millisecond) {
			r.share()
		}
		if n := len(r.tries()) - 1; n < 8 || n > 10 {
			r.t.Errorf("%d tries in vain within a second, want one every 100ms", n)
		}
		close(finish)
		if err := <-end; err != nil {
			r.t.Error(err)
		}
	})
}

// Only what calls can do without is paced: those without any connection have theirs at once, however lately one was opened.
func TestNeededConnectionIsNotPaced(t *testing.T) {
	scene{max: 8, latency: time.Millisecond, Config: Config{Shared: 2}}.play(t, func(r *rig) {
		for range 5 {
			primary, side := r.beside()
			began := time.Now()
			primary.Close(conn.PeerReset, nil)
			side.Close(conn.PeerReset, nil)
			next := r.share()
			r.other(next, side, "both are gone")
			if took := time.Since(began); took != 4*time.Millisecond {
				r.t.Errorf("it took %v, want a round trip to connect and one for the handshake, 4ms", took)
			}
			r.meet(next)
			tries := len(r.tries())
			r.same(r.Side(), next, "one beside it was just opened")
			pass(leastRest - time.Since(began))
			r.Side()
			r.dialed(tries, "as above")
			next.Close(conn.UserClosed, nil)
			paced()
		}
	})
}
