package conn

import "context"

// A heeding watches over one context for all calls that come with it. A caller that reads for itself sits in the socket and
// cannot watch its context as well; so it reads for itself only if its context never ends, or is heeded. One that comes
// twice in a row, when the connection has no other calls, is heeded from then on: it may come often.
type heeding struct {
	last    <-chan struct{} // the Done channel of the last context that a lone call came with; nil: it never ends
	done    <-chan struct{} // the Done channel of the context that is heeded; nil if none is
	release func() bool     // ends that
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

// heed watches over the context from now on, and over no other, unless a caller reads that relies on another. It is called without
// c.mu: a context is the user's code.
func (c *Conn) heed(ctx context.Context) {
	done := ctx.Done()
	release := context.AfterFunc(ctx, func() { c.contextEnded(done) })
	c.mu.Lock()
	if c.state != Closed && !c.heeds.needed(c.own) && !isClosed(done) {
		c.heeds.done, c.heeds.release, release = done, release, c.heeds.release
	}
	c.mu.Unlock()
	if release != nil {
		release()
	}
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
	c.heeds.done, c.heeds.release = nil, nil
	if c.heeds.needed(c.own) && c.own.outcome.settle(abandoned) {
		c.own.done <- struct{}{}
		c.kick()
	}
}
