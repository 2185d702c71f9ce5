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

// CauseOf lets tests ask for what a socket seldom gives.
var CauseOf = causeOf

// StepsBack has the resident goroutine, which must be waiting in the socket, decide as after so many lone calls.
func (c *Conn) StepsBack() bool {
	c.lone = loneCalls
	return c.stepBack()
}

// WhileYielding has flushers call f where they let others append, until the function it returns is called.
func WhileYielding(f func()) (restore func()) {
	was := yield
	yield = f
	return func() { yield = was }
}
