// Package pool holds the connections to one server: those that all callers share, and those that one caller has
// to itself for a while. One bound covers both.
package pool

import (
	"context"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/fairlead-go/fairlead/internal/budget"
	"github.com/fairlead-go/fairlead/internal/conn"
	"github.com/fairlead-go/fairlead/internal/stats"
)

// A Config says how a pool keeps its connections. It is not changed once in use.
type Config struct {
	Conn        *conn.Config // OnEvent and OnClose are the pool's own
	Slots       *budget.Process
	Shared      int           // how many connections callers may share; 0: none, every call has one to itself
	MinIdle     int           // connections kept ready
	WaitTimeout time.Duration // bounds the wait for a connection; negative: no bound, 0: do not wait
	IdleTimeout time.Duration // closes connections unused for so long; 0 or less: never
	MaxLifetime time.Duration // replaces connections after so long; 0 or less: never

	// OnDial is told of every try to open a connection, and OnClosed of every connection that was closed; both outside of all locks.
	OnDial   func(addr string, took time.Duration, err error)
	OnClosed func(id uint64, addr string, cause conn.Cause, err error)
}

// A Pool is safe for concurrent use. It starts no goroutine before its first connection.
type Pool struct {
	cfg     Config
	conn    conn.Config
	stats   stats.Pool
	events  history
	gate    gate
	life    context.Context // ends with the pool, and with it the dials that no single caller waits for
	end     context.CancelCauseFunc
	primary atomic.Pointer[conn.Conn] // shared[0], where calls go without taking mu

	// mu guards all fields below. It is never held while a connection is dialled, used or closed: a connection's lock is
	// taken under it only to look at the connection's state.
	mu          sync.Mutex
	shared      []*conn.Conn  // open and shared, in the order they were opened
	opening     *opening      // a shared connection that is being opened
	another     time.Time     // when last one was that calls could do without
	anotherRest time.Duration // before the next one
	sharedSlots int           // slots held by shared connections, the one being opened included
	idle        []*lease      // exclusive ones nobody has, the last used last
	leases      map[*conn.Conn]*lease
	waiting     []*waiter // first come first
	reaper      *time.Timer
	warming     bool // connections for MinIdle are being opened
	closed      bool
	parting     bool          // Shutdown waits for calls to end; not Close
	drained     chan struct{} // closed when the pool is closed and no connection is left
}

// ErrClosed is the error of every call after the pool was closed.
var ErrClosed = conn.ErrClosed

// New returns a pool. It does no I/O.
func New(cfg Config) *Pool {
	p := &Pool{cfg: cfg, conn: *cfg.Conn, leases: map[*conn.Conn]*lease{}, drained: make(chan struct{})}
	p.conn.OnEvent = p.events.add
	p.conn.OnClose = p.connClosed
	p.gate.dial = p.dial
	p.life, p.end = context.WithCancelCause(context.Background())
	return p
}

// dial opens one connection, with a slot that the caller has taken. If that fails the slot is given back.
func (p *Pool) dial(ctx context.Context) (*conn.Conn, error) {
	began := time.Now()
	c, err := conn.Dial(ctx, &p.conn)
	if err != nil {
		p.stats.DialErrors.Add(1)
	} else {
		p.stats.Dials.Add(1)
	}
	if p.cfg.OnDial != nil {
		p.cfg.OnDial(p.conn.Addr, time.Since(began), err)
	}
	return c, err
}

// connClosed forgets a connection that was closed and passes its slot on. Called once for each connection, by whoever closed it.
func (p *Pool) connClosed(c *conn.Conn) {
	info := c.Info()
	p.stats.Closes.Add(1)
	p.stats.Replies.Add(info.Replies)
	p.stats.BytesIn.Add(info.BytesIn)
	p.stats.BytesOut.Add(info.BytesOut)
	p.mu.Lock()
	known := p.forget(c)
	p.mu.Unlock()
	if known {
		p.giveSlot()
	}
	if p.cfg.OnClosed != nil {
		p.cfg.OnClosed(info.ID, info.Addr, info.Cause, info.Err)
	}
}

// forget drops a closed connection from the lists and reports whether it was in one. Called with p.mu held.
func (p *Pool) forget(c *conn.Conn) bool {
	l, known := p.leases[c]
	if !known {
		return false
	}
	delete(p.leases, c)
	if l.shared {
		p.sharedSlots--
	}
	p.dropShared(c)
	for i, other := range p.idle {
		if other == l {
			p.idle = append(p.idle[:i], p.idle[i+1:]...)
			break
		}
	}
	return true
}

// dropShared takes a connection off the shared ones. Called with p.mu held.
func (p *Pool) dropShared(c *conn.Conn) {
	for i, other := range p.shared {
		if other == c {
			p.shared = append(p.shared[:i], p.shared[i+1:]...)
			break
		}
	}
	p.setPrimary()
}

// setPrimary makes the first shared connection the one calls try first. Called with p.mu held.
func (p *Pool) setPrimary() {
	if len(p.shared) > 0 && !p.closed {
		p.primary.Store(p.shared[0])
	} else {
		p.primary.Store(nil)
	}
}

// giveSlot gives a slot back and serves those who wait for one.
func (p *Pool) giveSlot() {
	p.cfg.Slots.Give()
	p.mu.Lock()
	p.serve()
	p.checkDrained()
	p.mu.Unlock()
}

// adopt makes a connection that was dialled with a slot the pool's own. Called with p.mu held. It reports false, and the
// caller has to close the connection, if the pool was closed meanwhile; its slot comes back by connClosed either way.
func (p *Pool) adopt(c *conn.Conn, shared bool) (*lease, bool) {
	l := &lease{conn: c, shared: shared, since: time.Now(), expires: p.lifetimeFrom(c.Opened())}
	p.leases[c] = l
	p.startReaper()
	select {
	case <-c.Closed(): // it ended before we knew it: connClosed has looked for it in vain
		p.forget(c)
		p.cfg.Slots.Give()
		p.serve()
		p.checkDrained()
		return l, true
	default:
	}
	return l, !p.closed
}

// Close closes every connection at once; calls on their way fail. Calling it again changes nothing.
func (p *Pool) Close() {
	for _, c := range p.shut() {
		c.Close(conn.UserClosed, nil)
	}
}

// Shutdown takes no new calls and lets the connections deliver what they owe. If the context ends first, the rest is
// closed at once and the context's error returned.
func (p *Pool) Shutdown(ctx context.Context) error {
	for _, c := range p.shut() {
		if !p.isShared(c) {
			c.Drain(conn.UserClosed)
		}
	}
	p.mu.Lock()
	p.parting = true
	p.dismissShared()
	p.mu.Unlock()
	select {
	case <-p.drained:
		return nil
	case <-ctx.Done():
		p.Close()
		return conn.ContextError(ctx)
	}
}

// dismissShared drains the shared connections of a pool that is shut down once no exclusive one is left: until then they are
// needed to have cancelled blocking commands let go. Close ends them itself, before it returns. Called with p.mu held.
func (p *Pool) dismissShared() {
	if !p.parting || len(p.leases) != len(p.shared) {
		return
	}
	for _, c := range p.shared {
		go c.Drain(conn.UserClosed) // ends at once; it takes p.mu when the connection closes
	}
}

func (p *Pool) isShared(c *conn.Conn) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return slices.Contains(p.shared, c)
}

// shut closes the pool to new calls, sends those who wait away, and returns the connections that are open.
func (p *Pool) shut() []*conn.Conn {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.closed, p.parting = true, false
	p.primary.Store(nil)
	p.end(ErrClosed)
	for _, w := range p.waiting {
		w.deliver(grant{err: ErrClosed})
	}
	p.waiting = nil
	if p.reaper != nil {
		p.reaper.Stop()
	}
	open := make([]*conn.Conn, 0, len(p.leases))
	for c := range p.leases {
		open = append(open, c)
	}
	p.checkDrained()
	return open
}

// checkDrained tells Shutdown when nothing is left. Called with p.mu held.
func (p *Pool) checkDrained() {
	p.dismissShared()
	held, _, _ := p.cfg.Slots.Usage()
	if p.closed && held == 0 {
		select {
		case <-p.drained:
		default:
			close(p.drained)
		}
	}
}
