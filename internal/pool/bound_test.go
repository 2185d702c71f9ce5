package pool

import (
	"context"
	"math/rand/v2"
	"net"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/fairlead-go/fairlead/internal/budget"
	"github.com/fairlead-go/fairlead/internal/conn"
	"github.com/fairlead-go/fairlead/redistest"
)

// realPool returns a pool for a real server.
func realPool(t *testing.T, server *redistest.Server, limit int, cfg Config) *Pool {
	t.Helper()
	cfg.Conn = &conn.Config{Network: "tcp", Addr: server.Addr(), ClientName: "bound", Timeout: 10 * time.Second}
	cfg.Slots = budget.NewProcess(limit)
	p := New(cfg)
	t.Cleanup(p.Close)
	return p
}

// The bound is counted by the server, which knows best how many connections there are.
func TestServerNeverSeesMoreConnectionsThanTheBound(t *testing.T) {
	t.Parallel()
	server := redistest.Start(t)
	p := realPool(t, server, 3, Config{Shared: 1, WaitTimeout: -1})
	var users sync.WaitGroup
	for user := range 200 {
		users.Go(func() {
			for i := range 40 {
				usePool(t, p, user+i)
			}
		})
	}
	over := make(chan struct{})
	go func() { users.Wait(); close(over) }()
	most := 0
	for looking := true; looking; {
		select {
		case <-over:
			looking = false // after one last look
		default:
		}
		clients, err := server.Clients()
		if err != nil {
			t.Error(err)
		}
		most = max(most, len(clients))
	}
	<-over
	if most != 3 {
		t.Errorf("the server saw %d connections at most, want 3: all that are allowed, and no more", most)
	}
	if s := p.Stats(); s.Dials != 3 || s.Closes != 0 || s.Peak != 3 {
		t.Errorf("%d dials, %d closed, %d at most; want 3, 0, 3: nobody had a reason to close one", s.Dials, s.Closes, s.Peak)
	}
}

// A real server closes connections that rest, as its own "timeout" setting or an operator does.
func TestConnectionsThatARealServerClosesAreDropped(t *testing.T) {
	t.Parallel()
	server := redistest.Start(t)
	p := realPool(t, server, 8, Config{Shared: 1, WaitTimeout: -1})
	var conns []*conn.Conn
	for range 4 {
		c, err := p.Get(t.Context(), "PING")
		if err != nil {
			t.Fatal(err)
		}
		for range 10 { // after some calls of a lone caller nobody reads for a moment
			if err := c.Ping(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
		conns = append(conns, c)
	}
	shared, err := p.Shared(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range conns {
		p.Put(c, true)
	}
	if killed, err := server.Do("CLIENT", "KILL", "TYPE", "normal"); err != nil || killed != "5" {
		t.Fatalf("the server closed %s connections, %v; want 5", killed, err)
	}
	for _, c := range append(conns, shared) {
		<-c.Closed()
		if cause := c.Info().Cause; cause != conn.PeerClosed && cause != conn.PeerReset {
			t.Errorf("connection %d ended because %v, want that the server closed it", c.ID(), cause)
		}
	}
	c, err := p.Get(t.Context(), "PING")
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Ping(t.Context()); err != nil {
		t.Errorf("a dead connection was handed out: %v", err)
	}
}

// usePool uses a connection in one of the ways there are.
func usePool(t *testing.T, p *Pool, way int) {
	if way%4 == 0 {
		if c, err := p.Shared(t.Context()); err != nil {
			t.Errorf("Shared: %v", err)
		} else if err := c.Ping(t.Context()); err != nil && !conn.Unavailable(err) {
			t.Errorf("PING: %v", err)
		}
		return
	}
	c, err := p.Get(t.Context(), "PING")
	if err != nil {
		t.Errorf("Get: %v", err)
		return
	}
	if err := c.Ping(t.Context()); err != nil {
		t.Errorf("PING: %v", err)
	}
	p.Put(c, true)
}

// Whatever callers, contexts, deaths and limits do in whatever order: when all have come back every slot belongs to a
// connection, and after Close there is neither.
func TestNothingLeaksWhateverHappens(t *testing.T) {
	for _, limit := range []int{1, 2, 5} {
		for _, shared := range []int{0, 2} {
			sockets := &sockets{}
			scene{max: limit, down: true, latency: 100 * time.Microsecond, Config: Config{
				Shared: shared, MinIdle: limit / 2, WaitTimeout: 20 * time.Millisecond, IdleTimeout: 50 * time.Millisecond,
				MaxLifetime: 200 * time.Millisecond,
				Conn:        &conn.Config{Timeout: 50 * time.Millisecond, DialTimeout: 20 * time.Millisecond, Dialer: sockets.dial},
			}}.playNamed(t, map[bool]string{true: "shared", false: "exclusive"}[shared > 0], func(r *rig) {
				sockets.net = r.net
				r.serve(moody)
				var users sync.WaitGroup
				var served, refused atomic.Int64
				for range 20 {
					users.Go(func() {
						for range 60 {
							if r.misuse() {
								served.Add(1)
							} else {
								refused.Add(1)
							}
						}
					})
				}
				users.Wait()
				if served.Load() == 0 || refused.Load() == 0 {
					r.t.Errorf("%d were served, %d refused: neither may be none, or little was tried", served.Load(), refused.Load())
				}
				pass(2 * settleTime) // until what still owed a reply has it, or is closed
				s := r.Stats()
				for wait := 0; s.Open != s.Idle+s.Shared && wait < 100; wait++ {
					pass(time.Millisecond) // a connection for MinIdle may be on its way at any moment
					s = r.Stats()
				}
				if len(r.Conns()) != s.Open || s.Open != s.Idle+s.Shared || s.Waiting != 0 {
					r.t.Errorf("%d slots for %d connections, %d idle, %d shared, %d waiting; want each slot to be one's that rests",
						s.Open, len(r.Conns()), s.Idle, s.Shared, s.Waiting)
				}
				if most := sockets.most.Load(); most != int64(limit) || s.Peak != limit {
					r.t.Errorf("%d sockets were open at some time, %d slots held; want all %d, and no more", most, s.Peak, limit)
				}
			})
		}
	}
}

// playNamed is play as a subtest.
func (s scene) playNamed(t *testing.T, name string, test func(r *rig)) {
	t.Run(name, func(t *testing.T) { s.play(t, test) })
}

// moody is a script: it answers, but now and then so late that nobody waits any more, or with a reset.
func moody(c *redistest.FakeConn) {
	for {
		args, err := c.ReadCommand()
		if err != nil {
			return // the client has closed the connection, perhaps in the middle of its handshake
		}
		switch rand.N(40) {
		case 0:
			c.Reset()
			return
		case 1:
			<-time.After(30 * time.Millisecond)
		}
		c.Reply(answer(args))
	}
}

// sockets counts those that are open.
type sockets struct {
	net        *redistest.Network
	open, most atomic.Int64
}

func (s *sockets) dial(ctx context.Context, network, addr string) (net.Conn, error) {
	c, err := s.net.Dial(ctx, network, addr)
	if err != nil {
		return nil, err
	}
	n := s.open.Add(1)
	for most := s.most.Load(); n > most && !s.most.CompareAndSwap(most, n); {
		most = s.most.Load()
	}
	return &socket{c, s}, nil
}

type socket struct {
	net.Conn
	of *sockets
}

func (s *socket) Close() error {
	s.of.open.Add(-1)
	return s.Conn.Close()
}

// misuse uses a connection and then does something to it, or leaves early. It reports whether it got one.
func (r *rig) misuse() bool {
	ctx, cancel := context.WithTimeout(r.ctx, rand.N(10*time.Millisecond))
	defer cancel()
	if r.cfg.Shared > 0 && rand.N(3) == 0 {
		c, err := r.Shared(ctx)
		if err == nil {
			_ = c.Ping(ctx) // may fail in many ways: only the pool's books are of interest
		}
		return err == nil
	}
	c := r.TryGet("try")
	if c == nil {
		var err error
		if c, err = r.Get(ctx, "get"); err != nil {
			return false
		}
	}
	_ = c.Ping(ctx) // as above
	switch rand.N(8) {
	case 0:
		c.Close(conn.PeerReset, nil)
	case 1:
		c.Drain(conn.Topology)
	case 2:
		r.CloseIdle()
	}
	r.Put(c, rand.N(8) > 0)
	return true
}
