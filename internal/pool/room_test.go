package pool

import (
	"context"
	"testing"
	"time"

	"github.com/fairlead-go/fairlead/internal/conn"
	"github.com/fairlead-go/fairlead/redistest"
)

// With one connection in all, shared and exclusive use take turns.
func TestOneConnectionServesSharedAndExclusiveInTurn(t *testing.T) {
	scene{max: 1, Config: Config{Shared: 1, WaitTimeout: time.Second}}.play(t, func(r *rig) {
		for range 3 {
			s := r.share()
			if err := s.Ping(r.ctx); err != nil {
				r.t.Fatal(err)
			}
			r.holds(1, 0, 1, "the one connection is shared")
			c := r.get("BLPOP")
			r.ended(s, conn.BudgetCalled, "it owed nothing, so it makes room before anyone waits")
			r.holds(1, 0, 0, "the one connection is exclusive")
			r.Put(c, true)
			r.holds(1, 1, 0, "it rests")
		}
		s := r.share()
		r.holds(1, 0, 1, "an idle exclusive connection makes room for a shared one")
		r.open(s, "it was just opened")
	})
}

func TestOneSharedConnectionDeliversBeforeItMakesRoom(t *testing.T) {
	scene{max: 1, down: true, Config: Config{Shared: 1, WaitTimeout: -1}}.play(t, func(r *rig) {
		release := make(chan struct{})
		r.serve(func(c *redistest.FakeConn) {
			c.AnswerHandshake()
			c.ExpectCommand("GET", "slow")
			c.Hold(release)
			c.Reply("$1\r\nv\r\n")
			c.ExpectClose()
		}, answering)
		s := r.share()
		end := r.send(r.ctx, s, "GET", "slow")
		next := r.askGet(r.ctx, "BLPOP")
		next.waits("the shared connection still owes a reply")
		r.same(r.Primary(), nil, "it takes no new calls, or the one who waits would wait for ever")
		close(release)
		if err := <-end; err != nil {
			r.t.Errorf("the shared connection's last call failed: %v", err)
		}
		r.ended(s, conn.BudgetCalled, "it has delivered")
		next.has("the slot is free")
	})
}

// Somebody asks for a connection of its own while the only slot is being used to open a shared one.
func TestExclusiveCallerDuringTheOpeningOfTheOnlySharedConnection(t *testing.T) {
	scene{max: 1, latency: time.Millisecond, Config: Config{Shared: 1, WaitTimeout: 5 * time.Second}}.play(t, func(r *rig) {
		s := r.askShared(r.ctx)
		next := r.askGet(r.ctx, "BLPOP")
		pass(100 * time.Millisecond)
		s.has("it was first")
		got := next.has("nobody uses the shared connection, so it makes room")
		r.open(got, "it was just opened")
	})
}

func TestFirstSharedConnectionStays(t *testing.T) {
	scene{max: 2, Config: Config{Shared: 2, WaitTimeout: time.Second}}.play(t, func(r *rig) {
		s := r.share()
		r.get("BLPOP")
		r.askGet(r.ctx, "BLMOVE").fails(ErrTimeout, "the shared connection is everybody's and is not closed for one")
		r.open(s, "as above")
	})
}

func TestFurtherSharedConnectionMakesRoom(t *testing.T) {
	scene{max: 2, Config: Config{Shared: 2, WaitTimeout: time.Second}}.play(t, func(r *rig) {
		first := r.share()
		second := r.addShared()
		r.holds(2, 0, 2, "two shared ones")
		r.get("BLPOP")
		r.ended(second, conn.BudgetCalled, "it owed nothing, and one shared connection is enough")
		r.open(first, "the first one stays")
		r.holds(2, 0, 1, "one of each kind")
	})
}

// A further shared connection that is busy makes room as soon as it has delivered: the first one is enough.
func TestBusyFurtherSharedConnectionMakesRoomLater(t *testing.T) {
	scene{max: 3, down: true, Config: Config{Shared: 3, WaitTimeout: time.Minute}}.play(t, func(r *rig) {
		release := make(chan struct{})
		slow := func(c *redistest.FakeConn) {
			c.AnswerHandshake()
			c.ExpectCommand("GET", "k")
			c.Hold(release)
			c.Reply("$1\r\nv\r\n")
			c.Serve(answer)
		}
		r.serve(slow, slow, slow, answering)
		var ends []<-chan error
		shared := []*conn.Conn{r.share(), r.addShared(), r.addShared()}
		for _, c := range shared {
			ends = append(ends, r.send(r.ctx, c, "GET", "k"))
		}
		next := r.askGet(r.ctx, "BLPOP")
		next.waits("all three owe a reply")
		close(release)
		for _, end := range ends {
			if err := <-end; err != nil {
				r.t.Errorf("a call on a shared connection failed: %v", err)
			}
		}
		r.ended(shared[2], conn.BudgetCalled, "the last one was asked to go once it has delivered")
		r.open(next.has("its slot is free"), "it was just opened")
		r.open(shared[0], "the first one stays")
		r.open(shared[1], "one slot was wanted, not two")
	})
}

// addShared opens one more shared connection, as Shared does when the others are held back.
func (r *rig) addShared() *conn.Conn {
	r.t.Helper()
	o := &opening{done: make(chan struct{})}
	r.Pool.mu.Lock()
	r.opening = o
	r.Pool.mu.Unlock()
	r.openShared(o)
	if o.err != nil {
		r.t.Fatal(o.err)
	}
	return o.conn
}

func TestLastSlotIsLeftForTheSharedConnection(t *testing.T) {
	scene{max: 3, Config: Config{Shared: 1, WaitTimeout: time.Second}}.play(t, func(r *rig) {
		a := r.get("BLPOP")
		r.get("BLPOP")
		r.askGet(r.ctx, "BLPOP").fails(ErrTimeout, "the last slot is the shared connection's, though nobody has it yet")
		r.share()
		r.holds(3, 0, 1, "two exclusive ones, one shared")
		r.Put(a, true)
		r.same(r.get("BLPOP"), a, "those two are used as ever")
	})
}

func TestSpareSlotIsNoneOfASharedConnectionsConcern(t *testing.T) {
	scene{max: 2, Config: Config{Shared: 1, WaitTimeout: -1}}.play(t, func(r *rig) {
		s := r.share()
		r.get("BLPOP")
		waiting := r.askGet(r.ctx, "BLPOP")
		s.Close(conn.PeerReset, nil)
		waiting.waits("the slot that came free is the next shared connection's")
		next := r.share()
		r.open(next, "it takes the slot before the one who waits: that one would block it")
		waiting.waits("all slots are taken")
		r.holds(2, 0, 1, "one of each kind")
	})
}

// A shared connection that is about to be opened has not got its slot yet. Blocking commands must not take it.
func TestOpeningKeepsItsSlotFromBlockingCommands(t *testing.T) {
	scene{max: 2, Config: Config{Shared: 1, WaitTimeout: time.Second}}.play(t, func(r *rig) {
		r.get("BLPOP")
		o := &opening{done: make(chan struct{}), needed: true} // as Shared does, before the goroutine it starts has run
		r.Pool.mu.Lock()
		r.opening = o
		r.Pool.mu.Unlock()
		taken := r.askGet(r.ctx, "BLPOP")
		taken.waits("the last slot is the shared connection's")
		go r.openShared(o)
		<-o.done
		if o.err != nil {
			r.t.Fatalf("the shared connection was shut out: %v", o.err)
		}
		taken.fails(ErrTimeout, "all slots are taken")
	})
}

// When a shared connection cannot be opened its slot stays the shared connections' own: the next try needs it.
func TestSlotOfAFailedOpeningIsNotGivenToBlockingCommands(t *testing.T) {
	scene{max: 2, down: true, Config: Config{Shared: 1, WaitTimeout: 10 * time.Second}}.play(t, func(r *rig) {
		r.net.Drop(redisAddr)
		r.serve()
		blocked := r.askGet(r.ctx, "BLPOP") // its dial hangs
		a := r.askShared(r.ctx)             // so does this one
		waiting := r.askGet(r.ctx, "BLPOP")
		r.fake.Close()
		r.net.Restore(redisAddr)
		<-a.done
		<-blocked.done
		if a.err == nil || blocked.err == nil {
			r.t.Fatalf("a connection to a server that is gone: %v, %v", a.err, blocked.err)
		}
		r.serve()
		pass(mostPause) // which the next try may wait after a failure
		first := waiting.has("there are two slots, one of them for it")
		r.open(first, "the server is back")
		r.askGet(r.ctx, "BLPOP").waits("the last slot is the shared connection's")
		r.open(r.share(), "its slot was kept")
	})
}

// A suspect shared connection keeps its slot until it is closed. Its successor gets that slot, though blocking commands
// have waited for longer: they would keep everybody else out.
func TestSuccessorOfASuspectConnectionOvertakesBlockingCommands(t *testing.T) {
	scene{max: 2, down: true, Config: Config{Shared: 1, WaitTimeout: -1}}.play(t, func(r *rig) {
		r.serve(func(c *redistest.FakeConn) { c.AnswerHandshake(); c.Hang() }, answering)
		s := r.share()
		r.get("BLPOP")
		waiting := r.askGet(r.ctx, "BLPOP")
		patient, leave := context.WithTimeout(r.ctx, time.Hour)
		defer leave()
		slow := r.send(patient, s, "FCALL", "slow")
		if err := <-r.send(r.ctx, s, "GET", "k"); err == nil {
			r.t.Fatal("the server is silent, so there is no reply")
		}
		next := r.askShared(r.ctx)
		next.waits("the suspect connection still holds its slot: somebody waits for its reply")
		leave()
		<-slow
		<-s.Closed()
		r.other(next.has("the slot is free"), s, "the suspect one is gone")
		waiting.waits("all slots are taken")
	})
}
