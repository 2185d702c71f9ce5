package pool

import (
	"context"
	"time"

	"github.com/fairlead-go/fairlead/internal/conn"
)

// Get returns a connection for the caller alone: the one used last, or a new one, or the next that comes back. The caller
// gives it back with Put. holder says what it is for, in errors of those who wait. The error is a *WaitError, a
// *conn.DialError, ErrClosed or the context's.
func (p *Pool) Get(ctx context.Context, holder string) (*conn.Conn, error) {
	for {
		p.mu.Lock()
		if p.closed {
			p.mu.Unlock()
			return nil, ErrClosed
		}
		if c := p.takeIdle(holder); c != nil {
			p.mu.Unlock()
			return c, nil
		}
		if len(p.waiting) == 0 && p.cfg.Slots.TryTake(p.spare(false)) {
			p.mu.Unlock()
			return p.dialLease(ctx, holder)
		}
		if p.makeRoom() {
			continue // it gave up p.mu; the slot may be ours now
		}
		g, err := p.wait(ctx, false)
		switch {
		case err != nil:
			return nil, err
		case g.conn == nil:
			return p.dialLease(ctx, holder)
		case p.hold(g.conn, holder):
			return g.conn, nil
		}
	}
}

// TryGet is Get without waiting or dialling: it returns the idle connection used last, or nil.
func (p *Pool) TryGet(holder string) *conn.Conn {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.closed || len(p.waiting) > 0 {
		return nil
	}
	return p.takeIdle(holder)
}

// takeIdle returns the idle connection used last, or nil. Called with p.mu held.
func (p *Pool) takeIdle(holder string) *conn.Conn {
	for len(p.idle) > 0 {
		l := p.idle[len(p.idle)-1]
		p.idle = p.idle[:len(p.idle)-1]
		if l.conn.Usable() {
			l.holder, l.since = holder, time.Now()
			return l.conn
		}
	}
	return nil
}

// hold notes who has a connection that was passed on, and reports whether it is still good.
func (p *Pool) hold(c *conn.Conn, holder string) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if l := p.leases[c]; l != nil {
		l.holder, l.since = holder, time.Now()
	}
	return c.Usable()
}

// dialLease opens a connection for the caller alone, with a slot it has taken.
func (p *Pool) dialLease(ctx context.Context, holder string) (*conn.Conn, error) {
	c, err := p.gate.open(ctx)
	if err != nil {
		p.giveSlot()
		return nil, err
	}
	p.mu.Lock()
	l, open := p.adopt(c, false)
	l.holder = holder
	p.mu.Unlock()
	if !open {
		c.Close(conn.UserClosed, nil)
		return nil, ErrClosed
	}
	return c, nil
}

// makeRoom closes a shared connection that owes nothing, so that its slot can be had, but not the last one unless there is a
// single slot in all. Where all of them owe replies, one is closed after it has delivered. Called with p.mu held; if it reports true
// it has given up p.mu.
func (p *Pool) makeRoom() bool {
	kept := 1
	if _, _, limit := p.cfg.Slots.Usage(); limit == 1 {
		kept = 0
	}
	for i := len(p.shared) - 1; i >= kept; i-- {
		if c := p.shared[i]; c.Quiet(conn.AnyDB) {
			p.dropShared(c)
			p.mu.Unlock()
			c.Drain(conn.BudgetCalled)
			return true
		}
	}
	if last := len(p.shared) - 1; last >= kept {
		c := p.shared[last]
		p.dropShared(c)
		go c.Drain(conn.BudgetCalled) // ends at once; it takes p.mu when the connection closes
	}
	return false
}

// Put gives a connection back. clean says that its state at the server is as after the handshake, the database aside; a
// connection that is not, or that still owes replies, is never handed on.
func (p *Pool) Put(c *conn.Conn, clean bool) {
	switch {
	case !clean:
		c.Close(conn.Dirty, nil)
	case c.Quiet(conn.AnyDB):
		p.put(c)
	case c.Usable():
		go p.putLater(c) // ends when the replies have come or are overdue
	default:
		c.Drain(conn.Dirty)
	}
}

// putLater gives a connection back once it owes nothing: a call was cancelled and its reply is still on its way.
func (p *Pool) putLater(c *conn.Conn) {
	ctx, cancel := context.WithTimeout(context.Background(), settleTime)
	defer cancel()
	if err := c.Ping(ctx); err != nil {
		c.Close(conn.Dirty, err)
		return
	}
	p.put(c)
}

// settleTime is how long the reply to a cancelled call may take before its connection is closed.
const settleTime = time.Second

// put hands a clean connection to who waits longest, or keeps it idle.
func (p *Pool) put(c *conn.Conn) {
	now := time.Now()
	p.mu.Lock()
	l := p.leases[c]
	cause := conn.NoCause
	switch {
	case l == nil: // closed meanwhile
		p.mu.Unlock()
		return
	case p.closed:
		cause = conn.UserClosed
	case l.expired(now):
		cause = conn.LifetimeLimit
	case len(p.waiting) > 0 && p.waiting[0].slotOnly:
		cause = conn.BudgetCalled // the slot is wanted, not the connection
	case len(p.waiting) > 0:
		w := p.waiting[0]
		p.waiting = p.waiting[1:]
		w.deliver(grant{conn: c})
	default:
		l.holder, l.since = "", now
		p.idle = append(p.idle, l)
	}
	p.mu.Unlock()
	if cause != conn.NoCause {
		c.Drain(cause)
	}
}
