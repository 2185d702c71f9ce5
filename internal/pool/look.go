package pool

import (
	"cmp"
	"slices"

	"github.com/fairlead-go/fairlead/internal/conn"
	"github.com/fairlead-go/fairlead/internal/stats"
)

// An Info is what can be seen of one of the pool's connections.
type Info struct {
	conn.Info
	Shared bool
	Holder string // the command or purpose that has it to itself; "" if it is shared or idle
}

// Conns returns what can be seen of every connection now, the oldest first.
func (p *Pool) Conns() []Info {
	p.mu.Lock()
	shared := map[*conn.Conn]bool{}
	for _, c := range p.shared {
		shared[c] = true
	}
	infos := make([]Info, 0, len(p.leases))
	for c, l := range p.leases {
		infos = append(infos, Info{Info: c.Info(), Shared: shared[c], Holder: l.holder})
	}
	p.mu.Unlock()
	slices.SortFunc(infos, func(a, b Info) int { return cmp.Compare(a.ID, b.ID) })
	return infos
}

// Events returns the last changes of state of the pool's connections, the oldest first.
func (p *Pool) Events() []conn.Event { return p.events.events() }

// Stats returns what the pool has counted and what it holds.
func (p *Pool) Stats() stats.Snapshot {
	s := p.stats.Snapshot()
	s.Open, s.Peak, s.Limit = p.cfg.Slots.Usage()
	p.mu.Lock()
	defer p.mu.Unlock()
	s.Shared, s.Idle, s.Waiting = len(p.shared), len(p.idle), len(p.waiting)
	for c := range p.leases {
		i := c.Info()
		if c.Streams() {
			s.PubSub++
		}
		s.InFlight += i.Owes
		s.Replies += i.Replies
		s.BytesIn += i.BytesIn
		s.BytesOut += i.BytesOut
	}
	return s
}

// CountRetry counts a call that is sent again.
func (p *Pool) CountRetry() { p.stats.Retries.Add(1) }
