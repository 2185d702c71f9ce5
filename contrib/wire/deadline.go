package wire

import (
	"net"
	"os"
	"time"
)

// SetDeadline sets both deadlines. The zero time takes them away.
func (c *Conn) SetDeadline(t time.Time) error {
	if err := c.SetReadDeadline(t); err != nil {
		return err
	}
	return c.SetWriteDeadline(t)
}

// SetReadDeadline sets when reads fail, those that wait already too. A command that is under way then is given up, and with it the Conn:
// its reply is lost. One that was begun under an earlier deadline keeps that.
func (c *Conn) SetReadDeadline(t time.Time) error { return c.setDeadline(&c.readDeadline, t) }

// SetWriteDeadline sets when writes fail, those that wait already too.
func (c *Conn) SetWriteDeadline(t time.Time) error { return c.setDeadline(&c.writeDeadline, t) }

func (c *Conn) setDeadline(deadline *time.Time, t time.Time) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.closed {
		return c.failed("set", net.ErrClosed)
	}
	*deadline = t
	c.announce()
	if c.running && c.bounds == deadline {
		c.kickAt(t)
	}
	return nil
}

// kickAt ends the run under way at that time, if it still is then; the zero time is never. c.mu is held.
func (c *Conn) kickAt(t time.Time) {
	if c.kick != nil {
		c.kick.Stop()
		c.kick = nil
	}
	if t.IsZero() {
		return
	}
	var kick *time.Timer
	kick = time.AfterFunc(time.Until(t), func() {
		c.mu.Lock()
		defer c.mu.Unlock()
		if c.kick == kick {
			c.cancel(os.ErrDeadlineExceeded)
		}
	})
	c.kick = kick
}

// announce wakes everyone who waits. c.mu is held.
func (c *Conn) announce() {
	close(c.changed)
	c.changed = make(chan struct{})
}

// wait returns when something has changed, or at the deadline. c.mu is held, except while it waits.
func (c *Conn) wait(deadline time.Time) {
	changed := c.changed
	c.mu.Unlock()
	defer c.mu.Lock()
	if deadline.IsZero() {
		<-changed
		return
	}
	timer := time.NewTimer(time.Until(deadline))
	defer timer.Stop()
	select {
	case <-changed:
	case <-timer.C:
	}
}

func isOver(deadline time.Time) bool { return !deadline.IsZero() && !time.Now().Before(deadline) }

// LocalAddr returns an address that says only that this is no socket.
func (c *Conn) LocalAddr() net.Addr { return address("pool") }

// RemoteAddr returns the address of the pool's server.
func (c *Conn) RemoteAddr() net.Addr { return c.remote }

// An address is the name of one end.
type address string

// Network is "fairlead".
func (address) Network() string { return "fairlead" }

func (a address) String() string { return string(a) }
