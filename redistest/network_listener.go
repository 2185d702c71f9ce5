package redistest

import (
	"net"
	"sync"
)

// listener is a net.Listener of a Network. Its queue has no bound.
type listener struct {
	network *Network
	addr    memAddr

	mu      sync.Mutex // guards what follows
	waiting []*MemConn // dialled and not yet accepted
	closed  bool
	changed chan struct{} // closed and replaced when one of the two above changes
}

// Accept waits for the next connection. After Close its error is net.ErrClosed.
func (l *listener) Accept() (net.Conn, error) {
	for {
		l.mu.Lock()
		closed, changed := l.closed, l.changed
		if !closed && len(l.waiting) > 0 {
			conn := l.waiting[0]
			l.waiting = l.waiting[1:]
			l.mu.Unlock()
			return conn, nil
		}
		l.mu.Unlock()
		if closed {
			return nil, l.network.failed("accept", string(l.addr), net.ErrClosed)
		}
		<-changed
	}
}

// Close stops listening; the address can be listened on again. Connections that nobody has accepted are reset.
func (l *listener) Close() error {
	if !l.network.stopListening(l) {
		return l.network.failed("close", string(l.addr), net.ErrClosed)
	}
	l.mu.Lock()
	l.closed = true
	abandoned := l.waiting
	l.waiting = nil
	close(l.changed)
	l.mu.Unlock()
	for _, conn := range abandoned {
		conn.Reset()
	}
	return nil
}

// Addr returns the address given to Listen.
func (l *listener) Addr() net.Addr { return l.addr }

// add puts a new connection into the queue; network.mu is held, so that l is not closed.
func (l *listener) add(conn *MemConn) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.waiting = append(l.waiting, conn)
	close(l.changed)
	l.changed = make(chan struct{})
}

// stopListening gives up l's address. It returns false if that was done before.
func (n *Network) stopListening(l *listener) bool {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.listeners[string(l.addr)] != l {
		return false
	}
	delete(n.listeners, string(l.addr))
	return true
}
