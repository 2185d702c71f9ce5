package redistest

import (
	"net"
	"time"
)

// Close ends both directions: the peer reads what was written and then io.EOF. Like TCP, it resets the connection instead
// if there are bytes here that nobody has read. Reads and writes that wait at this end fail with net.ErrClosed.
func (c *MemConn) Close() error {
	return c.end("close", func() {
		if c.unread > 0 {
			c.link.send(c.peer, rstPacket, nil, 1)
		} else if !c.finSent {
			c.link.send(c.peer, finPacket, nil, 1)
		}
	})
}

// Reset closes the connection with an RST: after what was written before, the peer's reads and writes fail with
// syscall.ECONNRESET.
func (c *MemConn) Reset() error {
	return c.end("close", func() { c.link.send(c.peer, rstPacket, nil, 1) })
}

// end closes this end and says so to the other in the given way.
func (c *MemConn) end(op string, farewell func()) error {
	c.link.mu.Lock()
	if c.closed {
		c.link.mu.Unlock()
		return c.failed(op, net.ErrClosed)
	}
	if !c.peer.closed {
		farewell()
	}
	c.closed, c.finSent = true, true
	c.incoming, c.unread = nil, 0
	c.link.broadcast()
	over := c.peer.closed
	c.link.mu.Unlock()
	if over {
		c.link.network.forget(c.link)
	}
	return nil
}

// CloseWrite ends this end's direction: the peer reads io.EOF, and may go on writing.
func (c *MemConn) CloseWrite() error {
	c.link.mu.Lock()
	defer c.link.mu.Unlock()
	if c.closed {
		return c.failed("close", net.ErrClosed)
	}
	if !c.finSent {
		c.finSent = true
		c.link.send(c.peer, finPacket, nil, 1)
	}
	return nil
}

// Drop makes this one connection go silent, as if the peer's machine had vanished: nothing passes in either direction any
// more, neither bytes nor FIN nor RST, and writes succeed until the window is full. Network.Drop does it to a whole address.
func (c *MemConn) Drop() { c.link.setDropped(true) }

// Restore ends Drop: what was held back arrives.
func (c *MemConn) Restore() { c.link.setDropped(false) }

// LocalAddr returns the address of this end.
func (c *MemConn) LocalAddr() net.Addr { return c.local }

// RemoteAddr returns the address of the other end.
func (c *MemConn) RemoteAddr() net.Addr { return c.remote }

// SetDeadline sets both deadlines. The zero time takes them away.
func (c *MemConn) SetDeadline(t time.Time) error {
	return c.setDeadlines(func() { c.readDeadline, c.writeDeadline = t, t })
}

// SetReadDeadline sets the time at which reads fail, those that wait already too.
func (c *MemConn) SetReadDeadline(t time.Time) error {
	return c.setDeadlines(func() { c.readDeadline = t })
}

// SetWriteDeadline sets the time at which writes fail, those that wait already too.
func (c *MemConn) SetWriteDeadline(t time.Time) error {
	return c.setDeadlines(func() { c.writeDeadline = t })
}

func (c *MemConn) setDeadlines(set func()) error {
	c.link.mu.Lock()
	defer c.link.mu.Unlock()
	if c.closed {
		return c.failed("set", net.ErrClosed)
	}
	set()
	c.link.broadcast()
	return nil
}
