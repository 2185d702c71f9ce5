package pool

import (
	"time"

	"github.com/fairlead-go/fairlead/internal/conn"
)

const (
	leastTick = 10 * time.Millisecond
	mostTick  = 10 * time.Second
)

// tick is how often the reaper looks: often enough that a limit is passed by a quarter at most.
func (p *Pool) tick() time.Duration {
	shortest := time.Duration(0)
	for _, d := range []time.Duration{p.cfg.IdleTimeout, p.cfg.MaxLifetime} {
		if d > 0 && (shortest == 0 || d < shortest) {
			shortest = d
		}
	}
	if shortest == 0 {
		shortest = mostTick
	}
	return min(max(shortest/4, leastTick), mostTick)
}

// startReaper sets the reaper's timer if it is not set. Called with p.mu held, with each new connection.
func (p *Pool) startReaper() {
	if p.reaper == nil && !p.closed && (p.cfg.IdleTimeout > 0 || p.cfg.MaxLifetime > 0 || p.cfg.MinIdle > 0) {
		p.reaper = time.AfterFunc(p.tick(), p.reap)
	}
}

// reap closes what was idle or has lived for too long, opens what MinIdle asks for, and sets its timer again while there is
// anything to look after.
func (p *Pool) reap() {
	now := time.Now()
	p.mu.Lock()
	if p.closed {
		p.mu.Unlock()
		return
	}
	old := p.overIdle(now)
	aged := p.overAge(now)
	missing := p.cfg.MinIdle - len(p.idle) - len(p.shared)
	warm := missing > 0 && !p.warming
	p.warming = p.warming || warm
	if len(p.leases) > 0 || p.cfg.MinIdle > 0 {
		p.reaper.Reset(p.tick())
	} else {
		p.reaper = nil
	}
	p.mu.Unlock()
	for _, c := range old {
		c.Drain(conn.IdleLimit)
	}
	for _, c := range aged {
		c.Drain(conn.LifetimeLimit)
	}
	if warm {
		p.warm(missing)
		p.mu.Lock()
		p.warming = false
		p.mu.Unlock()
	}
}

// overIdle takes out the connections that nobody used for IdleTimeout, down to MinIdle. Called with p.mu held.
func (p *Pool) overIdle(now time.Time) (old []*conn.Conn) {
	if p.cfg.IdleTimeout <= 0 {
		return nil
	}
	kept := len(p.idle) + len(p.shared)
	for len(p.idle) > 0 && kept > p.cfg.MinIdle && now.Sub(p.idle[0].since) >= p.cfg.IdleTimeout {
		old = append(old, p.idle[0].conn)
		p.idle = p.idle[1:]
		kept--
	}
	for i := len(p.shared) - 1; i >= 0 && kept > p.cfg.MinIdle; i-- {
		c := p.shared[i]
		if c.Quiet(conn.AnyDB) && now.Sub(c.LastUsed()) >= p.cfg.IdleTimeout {
			p.dropShared(c)
			old = append(old, c)
			kept--
		}
	}
	return old
}

// overAge takes out the connections that have lived long enough: idle ones and shared ones; those in use are looked at when they come
// back. Called with p.mu held.
func (p *Pool) overAge(now time.Time) (aged []*conn.Conn) {
	for c, l := range p.leases {
		if l.holder == "" && l.expired(now) {
			aged = append(aged, c)
		}
	}
	for _, c := range aged {
		p.dropShared(c)
		p.dropIdle(c)
	}
	return aged
}

func (p *Pool) dropIdle(c *conn.Conn) {
	for i, l := range p.idle {
		if l.conn == c {
			p.idle = append(p.idle[:i], p.idle[i+1:]...)
			return
		}
	}
}

// warm opens connections that MinIdle asks for; if the server cannot be reached the next look tries again.
func (p *Pool) warm(missing int) {
	for range missing {
		p.mu.Lock()
		free := !p.closed && len(p.waiting) == 0 && p.cfg.Slots.TryTake(p.spare(false))
		p.mu.Unlock()
		if !free {
			return
		}
		c, err := p.dialLease(p.life, "MinIdle")
		if err != nil {
			return
		}
		p.Put(c, true)
	}
}

// CloseIdle closes every connection that nobody uses, MinIdle or not, and returns how many it closed.
func (p *Pool) CloseIdle() int {
	p.mu.Lock()
	var unused []*conn.Conn
	for _, l := range p.idle {
		unused = append(unused, l.conn)
	}
	p.idle = nil
	for _, c := range append([]*conn.Conn(nil), p.shared...) {
		if c.Quiet(conn.AnyDB) {
			p.dropShared(c)
			unused = append(unused, c)
		}
	}
	p.mu.Unlock()
	for _, c := range unused {
		c.Drain(conn.IdleLimit)
	}
	return len(unused)
}
