package route

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/fairlead-go/fairlead/internal/budget"
	"github.com/fairlead-go/fairlead/internal/conn"
	"github.com/fairlead-go/fairlead/internal/pool"
	"github.com/fairlead-go/fairlead/redis"
	"github.com/fairlead-go/fairlead/redistest"
)

// A store is what the server of these tests has: a large value or a small one at the key big of every database, and small ones
// elsewhere.
type store struct {
	small atomic.Bool   // big has become small
	gate  chan struct{} // if set, GET big is answered when it gives a value
}

func (s *store) answer(args []string) string {
	switch {
	case args[0] == "GET" && args[1] == "big" && !s.small.Load():
		if s.gate != nil {
			<-s.gate
		}
		return fmt.Sprintf("$%d\r\n%s\r\n", len(large), large)
	case args[0] == "GETSET":
		return fmt.Sprintf("$%d\r\n%s\r\n", len(large), large)
	case args[0] == "GET":
		return "$1\r\nv\r\n"
	}
	return ok
}

// serve is the script of such a server.
func (s *store) serve(c *redistest.FakeConn) {
	c.AnswerHandshake()
	c.Serve(s.answer)
}

// shares has the calls of a test share so many connections, of so many in all, over a network that takes its time, so that calls
// meet on their way. The server begins as the scripts say.
func (r *rig) shares(shared, limit int, scripts ...func(*redistest.FakeConn)) {
	r.t.Helper()
	r.net.Latency = time.Millisecond
	r.serve(scripts...)
	p := pool.New(pool.Config{
		Conn:  &conn.Config{Addr: redisAddr, Dialer: r.net.Dial, Timeout: 5 * time.Second},
		Slots: budget.NewProcess(limit), Shared: shared, WaitTimeout: 10 * time.Second,
		OnDial: func(string, time.Duration, error) {
			r.mu.Lock()
			defer r.mu.Unlock()
			r.dials = append(r.dials, time.Now())
		},
	})
	r.t.Cleanup(p.Close)
	cfg := r.cfg
	cfg.Limit = limit
	r.Single = NewSingle(p, cfg)
}

// over runs a command and returns the number of the connection that served it.
func (r *rig) over(cmd redis.Request) uint64 {
	r.t.Helper()
	return r.overIn(r.cfg.DB, cmd)
}

func (r *rig) overIn(db int, cmd redis.Request) uint64 {
	r.t.Helper()
	call := conn.NewCall()
	call.Request, call.DB = cmd, db
	err := r.RoundTrip(r.ctx, call)
	if err != nil || call.Final().Reply.Err() != nil {
		r.t.Fatalf("%s: %v, %v", cmd.Name(), call.Final().Reply.Value(), err)
	}
	return call.Final().Over().ID()
}

// company has two small calls under way at a time, and returns the number of the connection that served both.
func (r *rig) company() uint64 {
	r.t.Helper()
	var ids [2]uint64
	var both sync.WaitGroup
	for i := range ids {
		both.Go(func() { ids[i] = r.over(get) })
	}
	both.Wait()
	if ids[0] != ids[1] {
		r.t.Fatalf("small calls went over the connections %v, want one", ids)
	}
	return ids[0]
}

// went says over which connection a call was to go.
func (r *rig) went(got, want uint64, why string) {
	r.t.Helper()
	if got != want {
		r.t.Fatalf("it went over connection %d, want %d: %s", got, want, why)
	}
}

// settled runs a command in company until the connection beside the primary one serves it, which takes two calls at most, and
// returns the numbers of both.
func (r *rig) settled(cmd redis.Request) (primary, side uint64) {
	r.t.Helper()
	primary = r.company()
	r.over(cmd)
	pass(10 * time.Millisecond)
	r.went(r.company(), primary, "small calls stay where they were")
	side = r.over(cmd)
	if side == primary {
		r.t.Fatalf("%s went over connection %d, want another one than the small calls beside it", cmd.Name(), side)
	}
	return primary, side
}

// Once its reply was large a command makes way for those that are under way beside it, and they for it.
func TestLargeReplyIsFetchedOverAnotherConnection(t *testing.T) {
	scene{}.play(t, func(r *rig) {
		r.shares(4, 8, (&store{}).serve)
		primary := r.company()
		r.went(r.over(getBig), primary, "nobody knows that it is large")
		r.went(r.company(), primary, "it was the only connection")
		r.dialed(1, "what happened once is no reason to open another one")
		r.went(r.over(getBig), primary, "now it is known, and others are there; but another connection is only being opened")
		pass(10 * time.Millisecond)
		r.dialed(2, "as above")
		side := r.over(getBig)
		if side == primary {
			r.t.Fatal("the large reply came over the connection of the small ones")
		}
		for range 5 {
			r.went(r.company(), primary, "small calls stay where they were")
			r.went(r.over(getBig), side, "and the large one where it is")
			r.went(r.over(command("GET", "other")), primary, "it is another key's reply that is large")
			r.went(r.over(command("STRLEN", "big")), primary, "it is another command's reply that is large")
		}
		r.dialed(2, "one beside the first is enough")
	})
}

// That is what another connection is for: a large reply that takes its time costs the small ones none.
func TestSmallCallsDoNotWaitBehindALargeOne(t *testing.T) {
	scene{}.play(t, func(r *rig) {
		big := &store{}
		r.shares(4, 8, big.serve)
		r.over(get)
		r.over(getBig)
		primary, side := r.settled(getBig)
		big.gate = make(chan struct{})
		var over uint64
		end := make(chan struct{})
		go func() {
			defer close(end)
			over = r.over(getBig)
		}()
		synctest.Wait() // it is under way
		for range 5 {
			began := time.Now()
			r.went(r.company(), primary, "as before")
			if took := time.Since(began); took != 2*time.Millisecond {
				r.t.Errorf("small calls took %v beside a large one, want there and back, 2ms", took)
			}
		}
		close(big.gate)
		<-end
		r.went(over, side, "and this was beside them")
	})
}

// Who is alone holds nobody back: one connection is enough, and no handshake has to be waited for.
func TestLoneCallerStaysOnOneConnection(t *testing.T) {
	scene{}.play(t, func(r *rig) {
		r.shares(4, 8, (&store{}).serve)
		only := r.over(get)
		for range 5 {
			r.went(r.over(getBig), only, "nobody else is there")
			r.went(r.over(setLong), only, "as above")
			r.went(r.over(get), only, "as above")
		}
		r.dialed(1, "as above")
	})
}

// The others have gone: a second later the connection they left is as good as the one beside it.
func TestLoneCallerComesBack(t *testing.T) {
	scene{}.play(t, func(r *rig) {
		r.shares(4, 8, (&store{}).serve)
		r.over(get)
		r.over(getBig)
		primary, side := r.settled(getBig)
		pass(900 * time.Millisecond)
		r.went(r.over(getBig), side, "the others were there within the last second")
		pass(100 * time.Millisecond)
		r.went(r.over(getBig), primary, "now they were not")
		r.went(r.company(), primary, "they are back")
		r.went(r.over(getBig), side, "so it makes way for them again")
		r.dialed(2, "nothing was opened anew")
	})
}

// Writes stay on the connection that all share, whatever they carry and whatever comes back: none overtakes another.
func TestWritesStayOnOneConnection(t *testing.T) {
	for name, cmd := range map[string]redis.Request{
		"a long string":   setLong,
		"long bytes":      command("SET", "k", []byte(large)),
		"a large reply":   command("GETSET", "k", "v"),
		"both, elsewhere": command("GETSET", "big", large),
	} {
		t.Run(name, func(t *testing.T) {
			scene{}.play(t, func(r *rig) {
				r.shares(4, 8, (&store{}).serve)
				primary := r.company()
				for range 5 {
					r.went(r.over(cmd), primary, "it writes")
					r.went(r.company(), primary, "small calls stay where they were")
				}
				r.dialed(1, "nothing else is needed")

				r.over(getBig)
				_, side := r.settled(getBig)
				for range 5 {
					r.company()
					r.went(r.over(cmd), primary, "also while there is another connection")
					r.went(r.over(getBig), side, "which serves those that only read")
				}
				r.dialed(2, "one beside the first is enough")
			})
		})
	}
}

// The caller of a long write has left before it was answered: its next one must not run first.
func TestWriteThatWasGivenUpIsNotOvertaken(t *testing.T) {
	scene{}.play(t, func(r *rig) {
		r.shares(2, 8, (&store{}).serve)
		r.over(getBig)
		primary, _ := r.settled(getBig)
		r.company()
		ctx, leave := context.WithCancel(r.ctx)
		first := conn.NewCall()
		first.Request, first.DB = setLong, r.cfg.DB
		end := make(chan error, 1)
		go func() { end <- r.RoundTrip(ctx, first) }()
		synctest.Wait()
		leave()
		r.failed(<-end, true, context.Canceled, "it was sent, and its caller has left")
		r.went(first.Over().ID(), primary, "writes go one way")
		r.went(r.over(set), primary, "so the server reads them in the order in which they were made")
	})
}

// What is learned of a command does not depend on the way it went.
func TestLargeReplyIsNotedWhereverItComesFrom(t *testing.T) {
	big := &store{}
	t.Run("the first call of all", func(t *testing.T) {
		scene{}.play(t, func(r *rig) {
			r.shares(2, 8, big.serve)
			r.over(getBig) // it opens the connection
			r.settled(getBig)
		})
	})
	t.Run("after a connection has ended", func(t *testing.T) {
		scene{}.play(t, func(r *rig) {
			r.shares(2, 8, fin, big.serve)
			r.over(getBig)
			if n := r.pool.Stats().Retries; n != 1 {
				r.t.Fatalf("%d retries, want 1: the first connection ended", n)
			}
			r.settled(getBig)
		})
	})
	t.Run("after a refusal", func(t *testing.T) {
		scene{}.play(t, func(r *rig) {
			r.shares(2, 8, func(c *redistest.FakeConn) {
				c.AnswerHandshake()
				c.ExpectCommand("GET", "k")
				c.Reply("$1\r\nv\r\n")
				c.ExpectCommand("GET", "big")
				c.Reply("-LOADING Redis is loading the dataset in memory\r\n")
				c.Serve(big.answer)
			}, big.serve)
			r.over(get)
			r.over(getBig)
			if n := r.pool.Stats().Retries; n != 1 {
				r.t.Fatalf("%d retries, want 1: the server was loading", n)
			}
			r.settled(getBig)
		})
	})
	t.Run("in another database", func(t *testing.T) {
		scene{}.play(t, func(r *rig) {
			r.shares(4, 8, big.serve)
			primary := r.company()
			r.went(r.overIn(2, getBig), primary, "nobody knows that it is large")
			r.company()
			r.went(r.overIn(2, getBig), primary, "now it is known, but another connection is only being opened")
			pass(10 * time.Millisecond)
			r.company()
			side := r.overIn(2, getBig)
			if side == primary {
				r.t.Fatal("the large reply came over the connection of the small ones")
			}
			r.company()
			r.went(r.over(getBig), primary, "nobody knows what is at this key in the client's own database")
			r.company()
			r.went(r.over(getBig), side, "now it is known, too")
			r.company()
			r.went(r.overIn(3, getBig), primary, "nor in a third one")
			r.dialed(2, "one beside the first is enough")
		})
	})
}

// Connections that rest are those of blocking commands and transactions: they are not closed for a comfort, only to be opened again.
func TestRestingConnectionsAreKept(t *testing.T) {
	scene{}.play(t, func(r *rig) {
		r.shares(2, 2, (&store{}).serve)
		only := r.company()
		r.over(getBig)
		for range 50 {
			c, err := r.Lease(r.ctx, 0, "WATCH")
			if err != nil {
				r.t.Fatal(err)
			}
			r.GiveBack(c, true)
			r.went(r.company(), only, "there is no other that is shared")
			r.went(r.over(getBig), only, "nor will there be while the limit is used up")
			pass(20 * time.Millisecond)
		}
		r.dialed(2, "the shared one, and the one that comes back")
		if s := r.pool.Stats(); s.Closes != 0 || s.Waiting != 0 || s.Shared != 1 || s.Idle != 1 {
			r.t.Errorf("%+v, want one shared and one idle connection, none closed, nobody waiting", s)
		}
	})
}

// The connection that all share is silent and takes no calls, and there is no room for one beside it: who comes now waits for its
// place.
func TestCallsWaitForTheSuccessorOfASilentConnection(t *testing.T) {
	scene{retries: -1}.play(t, func(r *rig) {
		big := &store{}
		r.shares(2, 2, func(c *redistest.FakeConn) {
			c.AnswerHandshake()
			c.ExpectCommand("GET", "big")
			c.Reply(big.answer([]string{"GET", "big"}))
			c.Hang()
		}, big.serve)
		r.over(getBig)
		if _, err := r.Lease(r.ctx, 0, "WATCH"); err != nil {
			r.t.Fatal(err)
		}
		lost := r.later(r.ctx, get)
		pass(4500 * time.Millisecond)
		patient, leave := context.WithTimeout(r.ctx, time.Hour)
		defer leave()
		owed := r.later(patient, get) // it meets the first
		r.failed((<-lost).err, true, conn.ErrTimeout, "the server is silent")

		var calls []<-chan ended
		for range 5 {
			calls = append(calls, r.later(r.ctx, getBig), r.later(r.ctx, get))
		}
		pass(time.Second)
		for _, call := range calls {
			select {
			case e := <-call:
				r.t.Fatalf("it ended with %v, want it to wait: somebody waits for a reply of the silent connection", e.err)
			default:
			}
		}
		leave()
		<-owed
		for _, call := range calls {
			if e := <-call; e.err != nil {
				r.t.Errorf("it ended with %v, though the place of the silent connection is free", e.err)
			}
		}
	})
}

// The key has become small: the first small reply comes over the connection of the large ones, those after it with the others.
func TestReplyThatHasBecomeSmallComesBack(t *testing.T) {
	scene{}.play(t, func(r *rig) {
		big := &store{}
		r.shares(4, 8, big.serve)
		r.over(get)
		r.over(getBig)
		primary, side := r.settled(getBig)
		big.small.Store(true)
		r.went(r.over(getBig), side, "nobody knows yet that it has become small")
		for range 3 {
			r.company()
			r.went(r.over(getBig), primary, "it is a small one now")
		}
		big.small.Store(false)
		r.went(r.over(getBig), primary, "nobody knows yet that it is large again")
		r.company()
		r.went(r.over(getBig), side, "now it is known")
	})
}

// Where there can be no other connection, or none is to be had, everything goes over the one there is.
func TestHeavyCallsWithoutAnotherConnection(t *testing.T) {
	for name, row := range map[string]struct {
		shared, limit int
		scripts       []func(*redistest.FakeConn) // of connections after the first
		dials         int
	}{
		"one may be shared": {1, 8, nil, 1},
		"one in all":        {1, 1, nil, 1},
		"one slot":          {4, 1, nil, 1},
		"it is refused":     {4, 8, []func(*redistest.FakeConn){(*redistest.FakeConn).Close}, 0},
	} {
		t.Run(name, func(t *testing.T) {
			scene{}.play(t, func(r *rig) {
				r.shares(row.shared, row.limit, append([]func(*redistest.FakeConn){(&store{}).serve}, row.scripts...)...)
				only := r.over(get)
				for range 10 {
					r.went(r.company(), only, "there is no other")
					r.went(r.over(getBig), only, "as above")
					r.went(r.over(setLong), only, "as above")
				}
				if row.dials > 0 {
					r.dialed(row.dials, "there is no slot for another")
				}
				if s := r.pool.Stats(); s.Waiting != 0 || s.WaitTimeouts != 0 || s.Retries != 0 || s.Shared != 1 {
					r.t.Errorf("%+v, want one connection, for which nobody waits and nothing is sent again", s)
				}
			})
		})
	}
}

// The connection beside the primary one ends under a call: what becomes of the call is as over any other.
func TestHeavyCallWhoseConnectionEnds(t *testing.T) {
	begin := func(r *rig) (primary, side uint64) {
		r.shares(2, 8, (&store{}).serve, func(c *redistest.FakeConn) {
			c.AnswerHandshake()
			c.ExpectCommand("GET", "big")
			c.Reply((&store{}).answer([]string{"GET", "big"}))
			if _, err := c.ReadCommand(); err == nil {
				c.Close()
			}
		}, (&store{}).serve)
		r.over(get)
		r.over(getBig)
		return r.settled(getBig)
	}
	t.Run("it may be repeated", func(t *testing.T) {
		scene{}.play(t, func(r *rig) {
			primary, side := begin(r)
			pass(200 * time.Millisecond) // another one may be opened again
			r.company()
			r.went(r.over(getBig), primary, "it may be sent again, and the first connection is there")
			r.company()
			r.over(getBig)
			pass(10 * time.Millisecond)
			r.company()
			if over := r.over(getBig); over == primary || over == side {
				r.t.Errorf("it went over connection %d, want a new one beside %d", over, primary)
			}
			r.dialed(3, "the first, the one that ended, and the one in its place")
		})
	})
	t.Run("it may not", func(t *testing.T) {
		scene{retries: -1}.play(t, func(r *rig) {
			_, side := begin(r)
			r.company()
			_, err := r.do(r.ctx, getBig)
			e := r.failed(err, true, nil, "no repetitions were asked for")
			if e.Conn != side || e.Command != "GET" {
				r.t.Errorf("%+v, want a GET over connection %d", e, side)
			}
		})
	})
}

// Small and large calls of many at a time, with a real server: each has its own reply, and there are no more connections than may
// be shared.
func TestHeavyCallsOfManyOnARealServer(t *testing.T) {
	t.Parallel()
	server := redistest.Start(t)
	p := pool.New(pool.Config{
		Conn:  &conn.Config{Network: "tcp", Addr: server.Addr(), Timeout: 10 * time.Second},
		Slots: budget.NewProcess(8), Shared: 3, WaitTimeout: -1,
	})
	t.Cleanup(p.Close)
	s := NewSingle(p, Config{Addr: server.Addr(), Limit: 8, Timeout: 10 * time.Second})
	run := func(name string, args ...any) string {
		call := conn.NewCall()
		call.Request, call.DB = command(name, args...), 0
		if err := s.RoundTrip(t.Context(), call); err != nil {
			t.Error(err)
		}
		return call.Reply.Text()
	}
	var users sync.WaitGroup
	for user := range 8 {
		users.Go(func() {
			key, values := fmt.Sprint("user:", user), [2]string{fmt.Sprint("small ", user), fmt.Sprint(user, large)}
			for i := range 20 {
				want := values[i/3%2] // it becomes large, and small again
				run("SET", key, want)
				if got := run("GET", key); got != want {
					t.Errorf("%s is %.20q… of %d bytes, want %.20q… of %d: it was set before", key, got, len(got), want, len(want))
				}
			}
		})
	}
	users.Wait()
	if got := p.Stats(); got.Peak > 3 || got.Retries != 0 {
		t.Errorf("%d connections at most, %d retries; want 3 at most, and none", got.Peak, got.Retries)
	}
}
