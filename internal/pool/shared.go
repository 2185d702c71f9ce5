package pool

import (
	"context"
	"time"

	"github.com/fairlead-go/fairlead/internal/conn"
)

// Primary returns the connection that calls share, or nil if Shared has to be asked: none is open, or a large
// reply is arriving on it.
func (p *Pool) Primary() *conn.Conn {
	if c := p.primary.Load(); c != nil && !c.HeldBack() {
		return c
	}
	return nil
}

// Side returns the shared connection for a call that others should not have to wait behind: the one that owes least of those beside
// the primary one. It opens another, for later calls, if none is at rest and there is room for one more. Where nobody else is there to
// wait it is the primary one. It returns nil if Shared has to be asked.
func (p *Pool) Side() *conn.Conn {
	primary := p.primary.Load()
	if primary == nil || p.cfg.Shared < 2 || !primary.Busy() {
		return primary
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	var best *conn.Conn
	least := 0
	for _, c := range p.shared {
		if owes, usable := c.Standing(); usable && c != primary && (best == nil || owes < least) {
			best, least = c, owes
		}
	}
	if best == nil || least > 0 {
		p.openAnother()
	}
	if best == nil {
		return primary
	}
	return best
}

// openAnother opens one more shared connection if that is allowed, not under way, and was not tried just before. Called with p.mu held.
func (p *Pool) openAnother() {
	if p.opening == nil && len(p.shared) < p.cfg.Shared && !p.closed && time.Since(p.another) > p.anotherRest {
		p.another = time.Now()
		p.open(false)
	}
}

// The time between two tries to open a shared connection that calls can do without: it doubles with each that the server failed.
const (
	leastRest = 100 * time.Millisecond
	mostRest  = 10 * time.Second
)

// open begins to open a shared connection. needed: there is no other, so it may wait for a slot. Called with p.mu held.
func (p *Pool) open(needed bool) {
	p.opening = &opening{done: make(chan struct{}), needed: needed}
	go p.openShared(p.opening) // ends when the connection is open or could not be opened
}

// First returns the shared connection that has been open longest, whatever arrives on it, or nil if none is open. Calls that write go over
// it, so that they stay in order.
func (p *Pool) First() *conn.Conn { return p.primary.Load() }

// Aside returns a shared connection that is open, also while the pool is shut down, or nil.
func (p *Pool) Aside() *conn.Conn {
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.shared) == 0 {
		return nil
	}
	return p.shared[0]
}

// Shared returns a connection that calls may share, opening one if none is usable, or if all are held back by large replies
// and there is room for another one. The error is as from Get.
func (p *Pool) Shared(ctx context.Context) (*conn.Conn, error) {
	for {
		p.mu.Lock()
		if p.closed {
			p.mu.Unlock()
			return nil, ErrClosed
		}
		if best := p.bestShared(); best != nil {
			if best.HeldBack() {
				p.openAnother() // for later calls
			}
			p.mu.Unlock()
			return best, nil
		}
		if p.opening == nil {
			p.open(true)
		}
		o := p.opening
		p.mu.Unlock()
		began := time.Now()
		select {
		case <-o.done:
			if o.err == nil || o.needed {
				return o.conn, o.err
			}
		case <-ctx.Done():
			return nil, p.unfinished(o, time.Since(began), conn.ContextError(ctx))
		}
	}
}

// unfinished is the error of a call whose time was over before its connection was open: what it waited for meanwhile.
func (p *Pool) unfinished(o *opening, waited time.Duration, reason error) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if o.dialing {
		return conn.Unfinished(&p.conn, reason)
	}
	return p.waitError(waited, reason)
}

// bestShared returns the usable shared connection that owes least, preferring those not held back; nil if there is none. Those that
// take no calls any more are let go. Called with p.mu held.
func (p *Pool) bestShared() (best *conn.Conn) {
	for i := 0; i < len(p.shared); {
		c := p.shared[i]
		if !c.Usable() {
			p.dropShared(c)
			go c.Drain(conn.ReadTimeout) // ends at once; it takes p.mu if the connection closes
			continue
		}
		if best == nil || best.HeldBack() && (!c.HeldBack() || c.Owes() < best.Owes()) {
			best = c
		}
		i++
	}
	return best
}

// An opening is a shared connection on its way: any number of calls wait for the one try.
type opening struct {
	done    chan struct{} // closed when conn or err is set
	conn    *conn.Conn
	err     error
	needed  bool // there was no other connection when it began
	dialing bool // it has its slot; guarded by Pool.mu
}

// openShared opens a shared connection for all who wait for it.
func (p *Pool) openShared(o *opening) {
	o.conn, o.err = p.dialShared(p.life, o.needed)
	p.mu.Lock()
	p.opening = nil
	switch {
	case o.err == nil, !o.dialing: // it is open, or there was no slot
		p.anotherRest = leastRest
	case !o.needed:
		p.anotherRest = min(max(leastRest, 2*p.anotherRest), mostRest)
	}
	p.mu.Unlock()
	close(o.done)
	if o.err == nil {
		p.takeTurns(o.conn)
	}
}

// takeTurns passes the only slot there is on to those who began to wait for it while the shared connection was opened, once
// the calls that waited for that connection have had it.
func (p *Pool) takeTurns(c *conn.Conn) {
	p.mu.Lock()
	_, _, limit := p.cfg.Slots.Usage()
	wanted := limit == 1 && len(p.waiting) > 0
	p.mu.Unlock()
	if !wanted || c.Ping(p.life) != nil {
		return
	}
	p.mu.Lock()
	if !p.makeRoom() {
		p.mu.Unlock()
	}
}

func (p *Pool) dialShared(ctx context.Context, needed bool) (*conn.Conn, error) {
	if err := p.sharedSlot(ctx, needed); err != nil {
		return nil, err
	}
	p.mu.Lock()
	p.sharedSlots++
	p.opening.dialing = true
	p.serve() // an exclusive connection may have left this slot free
	p.mu.Unlock()
	c, err := p.gate.open(ctx)
	if err != nil {
		p.mu.Lock()
		p.sharedSlots--
		p.mu.Unlock()
		p.giveSlot()
		return nil, err
	}
	p.mu.Lock()
	_, open := p.adopt(c, true)
	if open && p.leases[c] != nil {
		p.shared = append(p.shared, c)
		p.setPrimary()
	}
	p.mu.Unlock()
	if !open {
		c.Close(conn.UserClosed, nil)
		return nil, ErrClosed
	}
	return c, nil
}

// sharedSlot takes a slot for a shared connection: a free one, or, if it is needed, an idle exclusive connection's, or the next.
func (p *Pool) sharedSlot(ctx context.Context, needed bool) error {
	p.mu.Lock()
	if p.closed {
		p.mu.Unlock()
		return ErrClosed
	}
	if (len(p.waiting) == 0 || p.spare(false) > 0) && p.cfg.Slots.TryTake(0) { // a spare slot is none of those who wait
		p.mu.Unlock()
		return nil
	}
	if !needed {
		p.mu.Unlock()
		return ErrTimeout
	}
	if len(p.idle) > 0 {
		l := p.idle[0]
		p.idle = p.idle[1:]
		w := &waiter{slotOnly: true, ch: make(chan grant, 1)}
		p.waiting = append([]*waiter{w}, p.waiting...)
		p.mu.Unlock()
		l.conn.Drain(conn.BudgetCalled)
		return (<-w.ch).err
	}
	_, err := p.wait(ctx, true)
	return err
}
