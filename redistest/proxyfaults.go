package redistest

import (
	"net"
	"time"
)

// Direction is one of the two ways through a Proxy.
type Direction int

const (
	// ToServer is the way of requests.
	ToServer Direction = iota
	// ToClient is the way of replies.
	ToClient
)

// fault is what is broken in one direction. The zero value is nothing.
type fault struct {
	delay     time.Duration
	stalled   bool
	dripBytes int // zero: no drip
	dripEvery time.Duration
	cut       *cut
}

// cut is a CutAfter that has not happened yet.
type cut struct {
	after int
	how   Ending
	done  chan struct{} // closed when it has happened
}

// set makes f the fault of a direction.
func (p *Proxy) set(dir Direction, f fault) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.faults[dir] = f
	p.broadcast()
}

// broadcast tells the lanes that faults has changed; p.mu is held.
func (p *Proxy) broadcast() {
	close(p.changed)
	p.changed = make(chan struct{})
}

// Delay lets everything in one direction arrive later by d. The order and the throughput stay.
func (p *Proxy) Delay(dir Direction, d time.Duration) { p.set(dir, fault{delay: d}) }

// Stall forwards nothing in one direction any more, neither bytes nor FIN nor RST, but still accepts up to a mebibyte.
// Stall(ToServer) is a server that seems to hear nothing; with Stall(ToClient) requests are carried out and their replies
// withheld. Restore lets go what was held.
func (p *Proxy) Stall(dir Direction) { p.set(dir, fault{stalled: true}) }

// SlowDrip forwards at most n bytes, 1 or more, at a time in one direction, and then waits.
func (p *Proxy) SlowDrip(dir Direction, n int, every time.Duration) {
	p.set(dir, fault{dripBytes: max(n, 1), dripEvery: every})
}

// CutAfter lets n more bytes through in one direction of each connection. The first connection that has had them is ended,
// on both sides, and with that the fault is over: what is dialled next works. With n of 0 the end comes instead of the first
// byte. The channel is closed when the cut has happened; it never is if the fault is replaced or restored before.
func (p *Proxy) CutAfter(dir Direction, n int, how Ending) <-chan struct{} {
	c := &cut{after: max(n, 0), how: how, done: make(chan struct{})}
	p.set(dir, fault{cut: c})
	return c.done
}

// CloseNow ends all connections of now with a FIN, dropping what is under way.
func (p *Proxy) CloseNow() { p.endAll(FIN) }

// ResetNow ends all connections of now with an RST, dropping what is under way.
func (p *Proxy) ResetNow() { p.endAll(RST) }

// HalfClose sends a FIN in one direction of all connections of now, after what is under way; what comes later in that
// direction is thrown away. The other direction stays open: after HalfClose(ToClient) the client reads io.EOF, but its
// requests still get through.
func (p *Proxy) HalfClose(dir Direction) {
	for _, c := range p.all() {
		c.lanes[dir].add(item{kind: finItem})
	}
}

// Garbage puts bytes that the server never sent into the stream to the client, on all connections of now.
func (p *Proxy) Garbage(raw string) {
	for _, c := range p.all() {
		c.lanes[ToClient].add(item{kind: dataItem, data: []byte(raw)})
	}
}

// Refuse stops listening: who dials now gets "connection refused". Connections of now go on.
func (p *Proxy) Refuse() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.refusing = true
	closeListener(p.listener)
}

// AcceptAndReset accepts new connections and resets them at once, which clients learn while they dial or when they first
// read or write. Connections of now go on.
func (p *Proxy) AcceptAndReset() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.resetNew = true
}

// Restore ends every fault: what was held is forwarded, and new connections are accepted. Connections that were ended stay
// so. The error says that the port, free since Refuse, is now taken by another process.
func (p *Proxy) Restore() error {
	p.set(ToServer, fault{})
	p.set(ToClient, fault{})
	p.mu.Lock()
	defer p.mu.Unlock()
	p.resetNew = false
	if !p.refusing || p.ctx.Err() != nil {
		return nil
	}
	l, err := net.Listen("tcp", p.addr)
	if err != nil {
		return err
	}
	p.listener, p.refusing = l, false
	p.running.Go(func() { p.accept(l) })
	return nil
}
