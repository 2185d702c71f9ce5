package conn

import (
	"cmp"
	"time"

	"github.com/fairlead-go/fairlead/resp"
)

// A taker is given what a server sends that answers no call, in the order of the stream. The slice is its own until it returns. An error
// ends the connection, as something that should not have been sent.
type taker func([]resp.Reply) error

// Stream makes the connection one for what the server sends by itself, such as messages: from now on everything that arrives is given to
// take, by the goroutine that reads. Until take returns nothing more is read. The connection must owe no replies and takes no calls
// afterwards; what is to be sent is sent by Post. It stays so until it is closed.
func (c *Conn) Stream(take func([]resp.Reply) error) {
	t := taker(take)
	c.mu.Lock()
	defer c.mu.Unlock()
	c.stream.Store(&t)
	if c.reading == nobody && c.state != Closed {
		c.toResident()
	}
}

// Streams reports whether the connection was given to Stream.
func (c *Conn) Streams() bool { return c.stream.Load() != nil }

// Post writes bytes to a connection that streams, within Config.Timeout. Only one goroutine at a time may call it. After an error the
// connection is closed.
func (c *Conn) Post(b []byte) error {
	if t := c.cfg.Timeout; t > 0 {
		_ = c.net.SetWriteDeadline(time.Now().Add(min(t, endless))) // fails only on a closed socket, as the write does then
	}
	n, err := writeAll(c.net, b)
	c.written.Add(int64(n))
	if err == nil {
		return nil
	}
	cause := causeOf(err)
	if cause == ReadTimeout {
		cause = WriteTimeout
	}
	c.Close(cause, err)
	return c.Gone()
}

// pass gives the taker every complete reply. readErr is what the last read gave. It reports whether the connection is open.
func (c *Conn) pass(take taker, readErr error) bool {
	c.scan.LongLines() // of MONITOR; other streams have none
	for more := true; more; {
		var err error
		more, err = c.scanStream()
		if len(c.replies) > 0 {
			err = cmp.Or(take(c.replies), err)
			clear(c.replies)
			c.replies = c.replies[:0]
		}
		if err != nil {
			c.Close(ProtocolBroken, err)
			return false
		}
	}
	if readErr != nil {
		c.Close(causeOf(readErr), readErr)
	}
	return !isClosed(c.closed)
}

// scanStream takes complete replies off the scanner, pushes among them, a batch at most, and reports whether there may be more.
func (c *Conn) scanStream() (more bool, err error) {
	for len(c.replies) < batch {
		r, ok, err := c.scan.Next()
		if err != nil || !ok {
			return false, err
		}
		c.replies = append(c.replies, r)
	}
	return true, nil
}
