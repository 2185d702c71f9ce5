package redistest

import (
	"io"
	"net"
	"os"
	"syscall"
	"time"
)

// MemConn is one end of a connection of a Network. Dial and Accept return it as a net.Conn; its further methods are what a
// *net.TCPConn has for the same purpose, and Drop. All may be called by any goroutine.
type MemConn struct {
	link          *link
	peer          *MemConn
	local, remote memAddr

	// Guarded by link.mu:

	incoming      []packet // on its way to this end or arrived, in order
	unread        int      // bytes in incoming
	finSent       bool     // by CloseWrite or Close
	closed        bool     // by Close or Reset
	readDeadline  time.Time
	writeDeadline time.Time
}

// Read returns what has arrived, or waits for it. It fails with io.EOF after the peer's FIN, syscall.ECONNRESET after its
// RST, os.ErrDeadlineExceeded and net.ErrClosed. What arrived before a FIN or RST is read first.
func (c *MemConn) Read(p []byte) (int, error) {
	l := c.link
	l.mu.Lock()
	defer l.mu.Unlock()
	for {
		now := time.Now()
		if err := c.unusable(c.readDeadline, now); err != nil {
			return 0, c.failed("read", err)
		}
		if len(p) == 0 {
			return 0, nil
		}
		wake := c.readDeadline
		if len(c.incoming) > 0 {
			head := c.incoming[0]
			if head.hasArrived(now) {
				return c.receive(p, now)
			}
			wake = earliest(wake, head.at)
		}
		l.wait(wake)
	}
}

// receive takes what has arrived: there is something. link.mu is held.
func (c *MemConn) receive(p []byte, now time.Time) (int, error) {
	switch c.incoming[0].kind {
	case finPacket:
		return 0, io.EOF
	case rstPacket:
		return 0, c.failed("read", os.NewSyscallError("read", syscall.ECONNRESET))
	}
	n := 0
	for n < len(p) && len(c.incoming) > 0 {
		head := &c.incoming[0]
		if head.kind != dataPacket || !head.hasArrived(now) {
			break
		}
		copied := copy(p[n:], head.data)
		n += copied
		head.data = head.data[copied:]
		if len(head.data) == 0 {
			c.incoming = c.incoming[1:]
		}
	}
	c.unread -= n
	c.link.broadcast() // the peer's window is open again
	return n, nil
}

// Write sends p, waiting for room in the window; it copies p. It fails with syscall.EPIPE after CloseWrite and once the
// peer, which had closed, has answered earlier bytes with RST; with syscall.ECONNRESET after the peer's Reset; with
// os.ErrDeadlineExceeded and net.ErrClosed. The number says how many bytes were sent all the same.
func (c *MemConn) Write(p []byte) (int, error) {
	l := c.link
	l.mu.Lock()
	defer l.mu.Unlock()
	sent := 0
	for {
		if err := c.unwritable(time.Now()); err != nil {
			return sent, c.failed("write", err)
		}
		sent += c.put(p[sent:])
		if sent == len(p) {
			return sent, nil
		}
		reset, _ := c.coming(rstPacket)
		l.wait(earliest(c.writeDeadline, reset.at))
	}
}

// put sends as much of p as there is room for and returns how much that was. link.mu is held.
func (c *MemConn) put(p []byte) int {
	l := c.link
	if c.peer.closed && !l.dropped {
		l.refuseBytes(c)
		return len(p)
	}
	part := append([]byte(nil), p[:min(len(p), max(0, l.window-c.peer.unread))]...)
	if len(part) > 0 {
		l.send(c.peer, dataPacket, part, 1)
	}
	return len(part)
}

// unwritable returns why nothing can be written, nil if something can. link.mu is held.
func (c *MemConn) unwritable(now time.Time) error {
	if err := c.unusable(c.writeDeadline, now); err != nil {
		return err
	}
	if c.finSent {
		return os.NewSyscallError("write", syscall.EPIPE)
	}
	if reset, _ := c.coming(rstPacket); !reset.hasArrived(now) {
		return nil
	}
	if _, finished := c.coming(finPacket); finished {
		return os.NewSyscallError("write", syscall.EPIPE)
	}
	return os.NewSyscallError("write", syscall.ECONNRESET)
}

// unusable returns why nothing at all can be done before deadline. link.mu is held.
func (c *MemConn) unusable(deadline, now time.Time) error {
	if c.closed {
		return net.ErrClosed
	}
	if !deadline.IsZero() && !now.Before(deadline) {
		return os.ErrDeadlineExceeded
	}
	return nil
}

// coming returns the first packet of a kind that has arrived here or is on its way. link.mu is held.
func (c *MemConn) coming(kind packetKind) (packet, bool) {
	for _, p := range c.incoming {
		if p.kind == kind {
			return p, true
		}
	}
	return packet{}, false
}

func (p packet) hasArrived(now time.Time) bool { return !p.at.IsZero() && !p.at.After(now) }

// failed is err as the methods of a net.Conn return it.
func (c *MemConn) failed(op string, err error) error {
	return &net.OpError{Op: op, Net: "tcp", Source: c.local, Addr: c.remote, Err: err}
}
