package conn

// A heeding watches over one context for all calls that come with it. A caller that reads for itself sits in the socket and
// cannot watch its context as well; so it reads for itself only if its context never ends, or is heeded. One that comes
// twice in a row, when the connection has no other calls, is heeded from then on: it may come often.
type heeding struct {
	last    <-chan struct{} // the Done channel of the last context that a lone call came with; nil: it never ends
	done    <-chan struct{} // the Done channel of the context that is heeded; nil if none is
	release chan struct{}   // closed, it ends that
	own     bool            // the caller that reads has that context
}

// mayRead reports whether a lone caller can read for itself, by the Done channel of its context; and if not, whether its context
// should be heeded from now on. Called with c.mu held.
func (h *heeding) mayRead(done <-chan struct{}) (yes, heed bool) {
	if done == nil {
		return true, false
	}
	if done != h.done {
		heed = done == h.last
		h.last = done
		return false, heed
	}
	return !isClosed(done), false // if it is, whoever tells the reader of that has perhaps been here already
}

// heed watches over the context with this Done channel from now on, and over no other, unless a caller reads that relies on another.
// It is the channel that is watched: the context itself must not be touched once its caller has returned, since it may be an object that
// serves somebody else by then.
func (c *Conn) heed(done <-chan struct{}) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.state == Closed || c.heeds.needed(c.own) || isClosed(done) {
		return
	}
	c.heeds.end()
	release := make(chan struct{})
	c.heeds.done, c.heeds.release = done, release
	go func() { // ends with the context, or when another is heeded, or the connection falls idle or is closed
		select {
		case <-done:
			c.contextEnded(done)
		case <-release:
		}
	}()
}

// end stops heeding. Called with c.mu held.
func (h *heeding) end() {
	if h.release != nil {
		close(h.release)
	}
	h.done, h.release = nil, nil
}

// needed reports whether the caller that reads, if one does, relies on the context being heeded that is. Called with c.mu held.
func (h *heeding) needed(own *Call) bool { return own != nil && h.own }

func isClosed(done <-chan struct{}) bool {
	select {
	case <-done:
		return true
	default:
		return false
	}
}

// contextEnded lets the caller that reads leave, if this is the end of its context.
func (c *Conn) contextEnded(done <-chan struct{}) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.heeds.done != done {
		return
	}
	c.heeds.end()
	if c.heeds.needed(c.own) && c.own.outcome.settle(abandoned) {
		c.own.done <- struct{}{}
		c.now = c.clock()
		c.kick()
	}
}
