// Package budget says how many connections there may be. Nobody dials without a slot; a closed connection gives its slot
// back. There is one level so far: the process.
package budget

import "sync"

// A Process bounds the connections of one pool. It is safe for concurrent use and never waits: who finds no slot
// free waits elsewhere, and asks again when one was given back.
type Process struct {
	mu   sync.Mutex // guards held and peak; nothing is called under it
	max  int
	held int
	peak int
}

// NewProcess returns a budget of so many slots, at least 1.
func NewProcess(limit int) *Process { return &Process{max: limit} }

// TryTake takes a slot if one is free and leaves at least spare slots free, and reports whether it did.
func (p *Process) TryTake(spare int) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.held+spare >= p.max {
		return false
	}
	p.held++
	p.peak = max(p.peak, p.held)
	return true
}

// Give gives a slot back.
func (p *Process) Give() {
	p.mu.Lock()
	p.held--
	p.mu.Unlock()
}

// Usage returns the slots held now, the most that were held at any time, and how many there are.
func (p *Process) Usage() (held, peak, limit int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.held, p.peak, p.max
}
