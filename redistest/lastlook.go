package redistest

import (
	"errors"
	"net"
	"os"
	"time"
)

// lastLookTime is how long a script may still read what the client sent, or did, just before the fake was closed.
const lastLookTime = 20 * time.Millisecond

// lastLook reads from a connection until the fake is closed, and then once more: a client that was closed a moment before
// the fake has kept to a script that expects that, and must not be blamed for the order in which goroutines wake up.
type lastLook struct {
	conn    net.Conn
	closing func() bool
	looked  bool // owned by the reading goroutine
}

// Read is the connection's; it fails with net.ErrClosed after the last look.
func (l *lastLook) Read(p []byte) (int, error) {
	n, err := l.conn.Read(p)
	if n > 0 || !errors.Is(err, os.ErrDeadlineExceeded) || !l.closing() {
		return n, err
	}
	if l.looked {
		return 0, net.ErrClosed
	}
	l.looked = true
	if err := l.conn.SetReadDeadline(time.Now().Add(lastLookTime)); err != nil {
		return 0, err
	}
	return l.Read(p)
}

// interrupt wakes a script that waits for the client: the fake is being closed.
func (c *FakeConn) interrupt() {
	now := time.Now()
	_ = c.conn.SetReadDeadline(now) // both fail only if the connection is closed already
	_ = c.conn.SetWriteDeadline(now.Add(lastLookTime))
}
