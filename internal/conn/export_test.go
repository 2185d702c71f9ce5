package conn

import "net"

// Socket is the connection's socket, under TLS if there is any.
func (c *Conn) Socket() net.Conn { return c.raw }

// Reader says who has the reader's role.
func (c *Conn) Reader() string {
	c.mu.Lock()
	defer c.mu.Unlock()
	switch c.reading {
	case caller:
		return "caller"
	case resident:
		return "resident"
	}
	return "nobody"
}

// Waiting is how many bytes wait to be written.
func (c *Conn) Waiting() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return len(c.wbuf)
}

// CauseOf, ErrorCode and EndedBy let tests ask for what a socket seldom gives.
var (
	CauseOf = causeOf
	EndedBy = endedBy
)

// ErrDialTimeout is what Dial says if Config.DialTimeout was too short.
var ErrDialTimeout = errDialTimeout

// StepsBack has the resident goroutine, which must be waiting in the socket, decide as after so many lone calls.
func (c *Conn) StepsBack() bool {
	c.lone = loneCalls
	return c.stepBack()
}
