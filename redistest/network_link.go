package redistest

import (
	"sync"
	"time"
)

// link is one connection of a Network: two ends, and for each what is on its way to it.
type link struct {
	network *Network
	window  int
	latency time.Duration
	ends    [2]MemConn // the dialling end, the accepting end

	mu      sync.Mutex    // guards what follows, and the ends' own fields
	changed chan struct{} // closed and replaced whenever something under mu changes that somebody may wait for
	dropped bool          // nothing passes
}

// packet is something on its way to one end.
type packet struct {
	kind packetKind
	data []byte    // of a dataPacket: what has not been read yet
	at   time.Time // when it arrives; zero while it is being dropped
}

// packetKind says what a packet does to the end that it reaches.
type packetKind int

const (
	// dataPacket is bytes to read.
	dataPacket packetKind = iota
	// finPacket ends the stream: reads return io.EOF. It stays at the head of the queue.
	finPacket
	// rstPacket breaks the connection: reads return ECONNRESET, writes too. It stays at the head of the queue.
	rstPacket
)

func newLink(n *Network, local, remote memAddr) *link {
	l := &link{network: n, window: n.Window, latency: n.Latency, changed: make(chan struct{})}
	if l.window <= 0 {
		l.window = defaultWindow
	}
	l.ends[0] = MemConn{link: l, peer: &l.ends[1], local: local, remote: remote}
	l.ends[1] = MemConn{link: l, peer: &l.ends[0], local: remote, remote: local}
	return l
}

// broadcast wakes everyone who waits; l.mu is held.
func (l *link) broadcast() {
	close(l.changed)
	l.changed = make(chan struct{})
}

// wait returns when something has changed or at the time wake, if that is not zero. l.mu is held, except while it waits.
func (l *link) wait(wake time.Time) {
	changed := l.changed
	l.mu.Unlock()
	defer l.mu.Lock()
	if wake.IsZero() {
		<-changed
		return
	}
	timer := time.NewTimer(time.Until(wake))
	defer timer.Stop()
	select {
	case <-changed:
	case <-timer.C:
	}
}

// send puts a packet on its way to an end; l.mu is held. It arrives after trips times the latency.
func (l *link) send(to *MemConn, kind packetKind, data []byte, trips int) {
	p := packet{kind: kind, data: data}
	if !l.dropped {
		p.at = time.Now().Add(time.Duration(trips) * l.latency)
	}
	to.incoming = append(to.incoming, p)
	to.unread += len(data)
	l.broadcast()
}

// refuseBytes answers bytes from one end for the other, which has closed, as a kernel does: with an RST. l.mu is held.
func (l *link) refuseBytes(from *MemConn) {
	if _, refused := from.coming(rstPacket); !refused {
		l.send(from, rstPacket, nil, 2)
	}
}

// setDropped starts or ends the dropping of packets. What was held back sets out when it ends.
func (l *link) setDropped(dropped bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	ends := l.dropped && !dropped
	l.dropped = dropped
	if ends {
		l.release(&l.ends[0])
		l.release(&l.ends[1])
	}
	l.broadcast()
}

// release sends to an end what was held back. l.mu is held.
func (l *link) release(to *MemConn) {
	if to.closed && to.unread > 0 {
		to.incoming, to.unread = nil, 0
		l.refuseBytes(to.peer)
	}
	for i := range to.incoming {
		if to.incoming[i].at.IsZero() {
			to.incoming[i].at = time.Now().Add(l.latency)
		}
	}
}

// earliest returns the earlier of two times; a zero time is never.
func earliest(a, b time.Time) time.Time {
	if a.IsZero() || !b.IsZero() && b.Before(a) {
		return b
	}
	return a
}
