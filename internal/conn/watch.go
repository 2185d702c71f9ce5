package conn

import "time"

// watch makes sure that the watchdog looks at the connection at the given time of its clock. One timer serves all calls:
// a call costs nothing unless it is late. Called with c.mu held.
func (c *Conn) watch(at int64) {
	if c.alarm == 0 || at < c.alarm {
		c.alarm = at
		c.watchdog.Reset(time.Duration(at - c.now))
	}
}

// look is the watchdog: it expires calls whose time has run out, and closes a connection that has been silent since it was
// doubted, once nobody waits for its replies any more.
func (c *Conn) look() {
	c.mu.Lock()
	if c.state == Closed {
		c.mu.Unlock()
		return
	}
	c.now, c.alarm = c.clock(), 0
	c.tidy()
	defer c.sweep()
	late := c.late()
	for _, call := range late {
		as := expired
		if call.limited {
			as = abandoned
		}
		if call.outcome.settle(as) {
			call.done <- struct{}{}
		}
	}
	if len(late) > 0 {
		c.doubtLocked(late[0].began)
	}
	if c.kicked && c.flushing && c.own != nil { // its caller was told to leave, and cannot
		c.doubtLocked(c.own.began)
		if c.doubted == 0 {
			c.watch(c.now + int64(c.grace()))
		}
	}
	awaited := c.awaited()
	switch over := c.doubted + int64(c.grace()); {
	case c.state == Draining && !awaited:
		c.closeLocked(c.cause, c.err)
		return
	case c.doubted == 0:
	case c.now < over:
		c.watch(over)
	case awaited: // by callers with more patience than others had
		c.watch(c.now + int64(c.grace()))
	default:
		cause := ReadTimeout
		if c.written.Load() < c.handed {
			cause = WriteTimeout
		}
		c.closeLocked(cause, nil)
		return
	}
	c.mu.Unlock()
}

// tidy gives up the memory that a crowd of callers needed, a second after it was seen first. If they are still there, that costs them
// little. Called with c.mu held.
func (c *Conn) tidy() {
	switch {
	case c.untidy == 0:
		return
	case c.now < c.untidy: // the watchdog came for something else
		c.watch(c.untidy)
		return
	}
	c.untidy = 0
	if cap(c.spare) > keptBuffer {
		c.spare = nil
	}
	if len(c.wbuf) == 0 && cap(c.wbuf) > keptBuffer {
		c.wbuf = nil
	}
	if c.queue.size == 0 && len(c.queue.ring) > keptCalls {
		c.queue = queue{}
	}
}

// awaited reports whether a caller still waits for a reply that is owed. Called with c.mu held.
func (c *Conn) awaited() bool {
	for i := range c.queue.size {
		if c.queue.at(i).outcome.is() == pending {
			return true
		}
	}
	return false
}

// expire sets when the call expires. Called with c.mu held.
func (c *Conn) expire(call *Call, at int64) {
	call.deadline = at
	if c.due == 0 || at < c.due {
		c.due = at
	}
	c.watch(at)
}

// late returns the calls whose time has run out, takes their caller out of the socket if it reads, and sets the watchdog
// for the next one. Called with c.mu held.
func (c *Conn) late() (late []*Call) {
	if c.due > c.now {
		c.watch(c.due)
	}
	if c.due == 0 || c.due > c.now {
		return nil
	}
	c.due = 0
	for i := range c.queue.size {
		call := c.queue.at(i)
		switch {
		case call.deadline == 0 || call.outcome.is() != pending:
		case call.deadline <= c.now:
			late = append(late, call)
			if call == c.own {
				c.kick()
			}
		case c.due == 0 || call.deadline < c.due:
			c.due = call.deadline
		}
	}
	if c.due != 0 {
		c.watch(c.due)
	}
	return late
}

// kick gets the caller that reads out of the socket. If it still writes there, since the socket is full, the watchdog sees to it.
// Called with c.mu held.
func (c *Conn) kick() {
	if !c.kicked {
		c.kicked = true
		_ = c.net.SetReadDeadline(time.Unix(1, 0)) // fails only on a closed socket: then the read has ended too
		c.watch(c.now + int64(c.grace()))
	}
}

// left makes the connection Suspect if nothing has come for long enough while it owed a reply: to the call that began at the
// given time and was given up now, or to one that has waited for as long as a call may take. A connection that drains ends
// when the last caller has left.
func (c *Conn) left(since int64) {
	c.mu.Lock()
	if c.state == Draining && !c.awaited() {
		c.closeLocked(c.cause, c.err)
		return
	}
	c.now = c.clock()
	if t := int64(c.cfg.Timeout); t > 0 && c.queue.size > 0 && c.now-c.queue.at(0).began >= t {
		since = min(since, c.queue.at(0).began)
	}
	c.doubtLocked(since)
	c.mu.Unlock()
}

// doubtLocked is doubt with c.mu held, by the call that began at the given time alone.
func (c *Conn) doubtLocked(since int64) {
	silent := c.now - max(since, c.lastRead.Load())
	if c.doubted != 0 || silent < int64(c.grace()) || c.state == Closed {
		return
	}
	c.doubted = c.now
	if c.state == Ready {
		c.setState(Suspect, NoCause, nil)
	}
	c.watch(c.now + int64(c.grace()))
	c.wakeWaiters()
}

// trust ends the doubt: something has come from the server. Called with c.mu held.
func (c *Conn) trust() {
	c.doubted = 0
	if c.state == Suspect {
		c.setState(Ready, NoCause, nil)
	}
}

// grace is how long a connection in doubt may stay silent before it is closed.
func (c *Conn) grace() time.Duration {
	if t := c.cfg.Timeout; t > 0 {
		return min(t, mostGrace)
	}
	return mostGrace
}

const mostGrace = time.Second
