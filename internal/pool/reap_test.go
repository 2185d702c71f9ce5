package pool

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/fairlead-go/fairlead/internal/conn"
	"github.com/fairlead-go/fairlead/redistest"
)

func TestIdleConnectionsAreClosedDownToMinIdle(t *testing.T) {
	scene{max: 8, Config: Config{IdleTimeout: time.Minute, MinIdle: 2}}.play(t, func(r *rig) {
		var conns []*conn.Conn
		for range 5 {
			conns = append(conns, r.get("BLPOP"))
		}
		busy := conns[4]
		for _, c := range conns[:4] {
			r.Put(c, true)
		}
		pass(time.Minute - time.Millisecond)
		r.holds(5, 4, 0, "nobody was idle for a minute yet")
		pass(time.Minute/4 + time.Millisecond)
		r.ended(conns[0], conn.IdleLimit, "it rested longest, and a limit is passed by a quarter at most")
		r.ended(conns[1], conn.IdleLimit, "the next")
		r.holds(3, 2, 0, "MinIdle keeps two")
		r.open(conns[3], "the last used are kept")
		r.open(busy, "it is in use, not idle")
		pass(time.Hour)
		r.holds(3, 2, 0, "MinIdle still keeps two")
		r.dialed(5, "nothing had to be opened for that")
	})
}

func TestIdleSharedConnectionIsClosed(t *testing.T) {
	scene{max: 8, Config: Config{Shared: 2, IdleTimeout: time.Minute}}.play(t, func(r *rig) {
		first := r.share()
		second := r.addShared()
		for range 10 {
			pass(30 * time.Second)
			if err := first.Ping(r.ctx); err != nil {
				r.t.Fatalf("it is used twice a minute: %v", err)
			}
		}
		r.ended(second, conn.IdleLimit, "nobody used it")
		end := r.send(r.ctx, first, "BLPOP", "never", 0)
		pass(time.Hour)
		r.open(first, "it owes a reply")
		first.Close(conn.PeerReset, nil)
		<-end
		third := r.share()
		pass(2 * time.Minute)
		r.ended(third, conn.IdleLimit, "nobody used it")
		r.holds(0, 0, 0, "after a burst all are given back")
	})
}

func TestNoReaperWithoutAnythingToLookAfter(t *testing.T) {
	scene{max: 2, Config: Config{IdleTimeout: time.Minute}}.play(t, func(r *rig) {
		reaping := func() bool {
			synctest.Wait()
			r.Pool.mu.Lock()
			defer r.Pool.mu.Unlock()
			return r.reaper != nil
		}
		if reaping() {
			r.t.Error("there is no connection yet, and a timer")
		}
		r.Put(r.get("A"), true)
		if !reaping() {
			r.t.Error("there is a connection, and no timer")
		}
		pass(2 * time.Minute)
		r.holds(0, 0, 0, "it was idle for too long")
		if reaping() {
			r.t.Error("no connection is left, and the timer goes on")
		}
		r.Put(r.get("A"), true)
		pass(2 * time.Minute)
		r.holds(0, 0, 0, "the timer was set again with the next connection")
	})
}

func TestLifetimeEndsWithinItsLastTenth(t *testing.T) {
	scene{max: 64, Config: Config{MaxLifetime: time.Hour}}.play(t, func(r *rig) {
		began := time.Now()
		drawn := map[time.Duration]bool{}
		for range 64 {
			r.get("A")
		}
		r.Pool.mu.Lock()
		for _, l := range r.leases {
			life := l.expires.Sub(began)
			if life < 54*time.Minute || life > time.Hour {
				r.t.Errorf("a lifetime of %v, want 54 to 60 minutes", life)
			}
			drawn[life] = true
		}
		r.Pool.mu.Unlock()
		if len(drawn) < 60 {
			r.t.Errorf("%d different lifetimes of 64: they would all be replaced at once", len(drawn))
		}
	})
}

func TestOldConnectionsAreReplaced(t *testing.T) {
	scene{max: 8, Config: Config{Shared: 1, MaxLifetime: 4 * time.Second, WaitTimeout: -1}}.play(t, func(r *rig) {
		idle, busy, again := r.get("A"), r.get("B"), r.get("C")
		r.Put(idle, true)
		s := r.share()
		pass(3500 * time.Millisecond)
		for _, c := range []*conn.Conn{idle, busy, again, s} {
			r.open(c, "its life lasts 3.6 seconds at least")
		}
		pass(1500 * time.Millisecond)
		r.ended(idle, conn.LifetimeLimit, "it is old")
		r.ended(s, conn.LifetimeLimit, "as above")
		r.same(r.Primary(), nil, "the next call opens another one")
		r.open(busy, "it is in use, so that its user is not disturbed")
		r.Put(busy, true)
		r.ended(busy, conn.LifetimeLimit, "it came back old")
		next := r.askGet(r.ctx, "D")
		r.other(next.has("there are free slots"), busy, "the old one is not handed on")
		r.Put(again, false)
	})
}

func TestOldSharedConnectionDeliversFirst(t *testing.T) {
	scene{max: 2, down: true, Config: Config{Shared: 1, MaxLifetime: 4 * time.Second}}.play(t, func(r *rig) {
		release := make(chan struct{})
		r.serve(func(c *redistest.FakeConn) {
			c.AnswerHandshake()
			c.ExpectCommand("GET", "k")
			c.Hold(release)
			c.Reply("$1\r\nv\r\n")
			c.ExpectClose()
		}, answering)
		s := r.share()
		pass(3 * time.Second)
		end := r.send(r.ctx, s, "GET", "k")
		pass(2 * time.Second)
		r.other(r.share(), s, "it takes no new calls")
		close(release)
		if err := <-end; err != nil {
			r.t.Errorf("its last call failed: %v", err)
		}
		r.ended(s, conn.LifetimeLimit, "it has delivered")
	})
}

func TestMinIdleIsKeptReady(t *testing.T) {
	scene{max: 8, Config: Config{MinIdle: 3, IdleTimeout: time.Minute}}.play(t, func(r *rig) {
		r.dialed(0, "nothing is opened before the first connection is asked for")
		c := r.get("A")
		pass(time.Minute)
		r.holds(4, 3, 0, "three are kept ready beside the one in use")
		r.Put(c, true)
		for _, info := range r.Conns() {
			if info.State != conn.Ready || info.Server.Protocol != 3 || info.Server.Version == "" {
				r.t.Errorf("connection %d is %v and speaks RESP%d: it is to be ready, handshake and all", info.ID, info.State, info.Server.Protocol)
			}
		}
		tries := len(r.tries())
		r.get("A")
		r.get("B")
		r.dialed(tries, "nobody waits for a dial")
		pass(time.Minute)
		r.holds(5, 3, 0, "those taken are replaced")
	})
}

func TestMinIdleIsTriedAgainAfterAFailure(t *testing.T) {
	scene{max: 8, Config: Config{MinIdle: 2, IdleTimeout: time.Minute}}.play(t, func(r *rig) {
		r.Put(r.get("A"), true)
		pass(time.Minute)
		r.holds(2, 2, 0, "two are kept ready")
		r.fake.Close()
		r.holds(0, 0, 0, "the server is gone")
		tries := len(r.tries())
		pass(time.Minute)
		r.dialed(tries+6, "one try every ten seconds, not one for each connection missing")
		r.serve()
		pass(20 * time.Second)
		r.holds(2, 2, 0, "the server is back")
	})
}

func TestMinIdleLeavesSlotsToCallers(t *testing.T) {
	scene{max: 3, Config: Config{Shared: 1, MinIdle: 3, IdleTimeout: time.Minute, WaitTimeout: -1}}.play(t, func(r *rig) {
		c := r.get("BLPOP")
		pass(time.Minute)
		r.holds(2, 1, 0, "the last slot is spared for the shared connection")
		r.share()
		pass(time.Minute)
		r.holds(3, 1, 1, "all slots are taken: one busy, one idle, one shared")
		r.TryGet("BLPOP")
		next := r.askGet(r.ctx, "BLPOP")
		pass(time.Minute)
		next.waits("all slots are taken")
		r.Put(c, true)
		r.same(next.has("one came back"), c, "callers come before MinIdle")
	})
}

// A dial that takes longer than the reaper's tick is not begun a second time by the next look.
func TestSlowDialForMinIdleIsNotDoubled(t *testing.T) {
	scene{max: 8, Config: Config{MinIdle: 1, IdleTimeout: time.Second}}.play(t, func(r *rig) {
		r.get("A")
		r.net.Drop(redisAddr)
		pass(10 * time.Second)
		if s := r.Stats(); s.Open != 2 {
			r.t.Errorf("%d slots are held, want 2: one connection is in use, one is being opened", s.Open)
		}
		r.net.Restore(redisAddr)
		pass(200 * time.Millisecond)
		r.holds(2, 1, 0, "one is kept ready")
	})
}

func TestTick(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ idle, life, want time.Duration }{
		{0, 0, 2500 * time.Millisecond},                        // for MinIdle
		{5 * time.Minute, 0, 10 * time.Second},                 // often enough for that
		{8 * time.Second, time.Hour, 2 * time.Second},          // a quarter of the shorter
		{time.Hour, 8 * time.Second, 2 * time.Second},          // as above
		{time.Millisecond, 0, 10 * time.Millisecond},           // but no busy loop
		{-1, 12 * time.Second, 3 * time.Second},                // without IdleTimeout
		{20 * time.Second, -1, 5 * time.Second},                // without MaxLifetime
		{40 * time.Second, 40 * time.Second, 10 * time.Second}, // the bound itself
	} {
		p := &Pool{cfg: Config{IdleTimeout: test.idle, MaxLifetime: test.life}}
		if got := p.tick(); got != test.want {
			t.Errorf("IdleTimeout %v, MaxLifetime %v: looked at every %v, want %v", test.idle, test.life, got, test.want)
		}
	}
}

func TestCloseIdle(t *testing.T) {
	scene{max: 8, Config: Config{Shared: 2, MinIdle: 2, WaitTimeout: -1}}.play(t, func(r *rig) {
		if n := r.CloseIdle(); n != 0 {
			r.t.Errorf("closed %d of no connections", n)
		}
		quiet := r.share()
		owing := r.addShared()
		end := r.send(r.ctx, owing, "BLPOP", "never", 0)
		a, b, busy := r.get("A"), r.get("B"), r.get("C")
		r.Put(a, true)
		r.Put(b, true)
		if n := r.CloseIdle(); n != 3 {
			r.t.Errorf("closed %d, want 3: two idle ones and a shared one that owes nothing", n)
		}
		for _, c := range []*conn.Conn{quiet, a, b} {
			r.ended(c, conn.IdleLimit, "nobody used it")
		}
		r.open(owing, "it owes a reply")
		r.open(busy, "it is in use")
		r.holds(2, 0, 1, "these two are left")
		r.Put(busy, true)
		r.same(r.get("D"), busy, "the pool goes on")
		owing.Close(conn.UserClosed, nil)
		<-end
	})
}
