package conn

import (
	"context"
	"errors"
	"os"
	"time"

	"github.com/fairlead-go/fairlead/resp"
)

// takeReading gives the reader's role to the call's own caller if the call is alone and its context allows it; if that should be
// watched over to allow it next time, heed is true. Called with c.mu held.
func (c *Conn) takeReading(call *Call) (taken, heed bool) {
	if c.queue.size > 1 {
		return false, false
	}
	call.lone, heed = c.heeds.mayRead(call.ended)
	if !call.lone || c.reading != nobody {
		return false, heed
	}
	c.reading, c.own, c.heeds.own = caller, call, call.ended != nil
	return true, false
}

// readOwn reads replies for all until the call's own has come; the caller has the reader's role. err is what the first read gave.
func (c *Conn) readOwn(ctx context.Context, call *Call, err error) error {
	for ; ; err = c.fill() {
		if err != nil && c.wasKicked(err) {
			break // the watchdog has settled the call
		}
		open, mine := c.deliver(call, err)
		if mine && open { // and it has left
			return c.settledFor(ctx, call)
		}
		if !open || call.outcome.is() != pending {
			break
		}
	}
	c.mu.Lock()
	c.leave()
	c.handOver()
	c.mu.Unlock()
	return c.settledFor(ctx, call)
}

// settledFor says how the call of a caller that has read for itself ended. If it was not itself that settled it, there is a token.
func (c *Conn) settledFor(ctx context.Context, call *Call) error {
	if call.outcome.is() != replied { // only the reader settles so
		<-call.done
	}
	return c.settled(ctx, call)
}

// leave gives up the reader's role that a caller had. Called with c.mu held.
func (c *Conn) leave() {
	if c.kicked {
		c.kicked = false
		c.limitReading()
	}
	c.reading, c.own = nobody, nil
}

// wasKicked reports whether a read ended because the watchdog wants the caller out of the socket.
func (c *Conn) wasKicked(err error) bool {
	if !errors.Is(err, os.ErrDeadlineExceeded) {
		return false
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.kicked
}

// handOver gives the reader's role to the resident goroutine if replies are owed and nobody reads. Called with c.mu held.
func (c *Conn) handOver() {
	if c.reading == nobody && c.queue.size > 0 && c.state != Closed {
		c.toResident()
	}
}

// toResident gives the reader's role, which nobody has, to the resident goroutine. Called with c.mu held.
func (c *Conn) toResident() {
	c.reading = resident
	c.give <- struct{}{} // never blocks: it has room for one, and the role is given to one
}

// live is the resident goroutine: it reads for all, except while a lone caller reads for itself, and for whoever takes the stream.
// It ends with the connection.
func (c *Conn) live() {
	for {
		err := c.fill()
		if take := c.stream.Load(); take != nil {
			if !c.pass(*take, err) {
				return
			}
			continue
		}
		open, _ := c.deliver(nil, err)
		if !open || c.stepBack() && !c.rest() {
			return
		}
	}
}

// stepBack gives up the reader's role if the last calls were alone on the connection, and reports whether it did.
func (c *Conn) stepBack() bool {
	if c.lone < loneCalls {
		return false
	}
	c.lone = 0
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.queue.size > 0 || c.state != Ready || c.Streams() {
		return false
	}
	c.reading = nobody
	return true
}

// rest waits until the role is given back, or takes it when the connection has fallen idle, so that its end is noticed.
// It reports false if the connection was closed.
func (c *Conn) rest() bool {
	look := time.NewTicker(idleLook)
	defer look.Stop()
	for seen := ^uint64(0); ; {
		select {
		case <-c.give:
			return true
		case <-c.closed:
			return false
		case <-look.C:
		}
		c.mu.Lock()
		idle := c.reading == nobody && c.queue.size == 0 && c.calls == seen
		if idle {
			c.reading = resident
			c.scan.Shrink()
			c.heeds.end()
		}
		seen = c.calls
		c.mu.Unlock()
		if idle {
			return true
		}
	}
}

// fill reads once from the socket into the scanner.
func (c *Conn) fill() error {
	n, err := c.net.Read(c.scan.Room())
	return c.filled(n, err)
}

// filled takes what a read gave.
func (c *Conn) filled(n int, err error) error {
	if n == 0 {
		return err
	}
	c.scan.Grew(n)
	c.read.Add(int64(n))
	c.lastRead.Store(c.clock())
	return nil // an error beside bytes comes again with the next read
}

// deliver gives every complete reply to its call in the order of the stream, and wakes the callers: all that one read brought at
// once, up to a batch, which bounds what the reader holds meanwhile. Smaller batches are slower: who is woken first writes alone.
// readErr is what the last read gave; self is the call whose caller reads: it needs no waking. It reports whether the connection
// is open, and whether self has had its reply: then its caller reads no more.
// Step 5 of 6: the reply.
func (c *Conn) deliver(self *Call, readErr error) (open, mine bool) {
	for woken := 0; ; {
		more, err := c.scanBatch()
		c.mu.Lock()
		if e := c.fileBatch(); e != nil {
			err = e
		}
		if len(c.complete) > 0 && c.complete[0] == self { // who reads for itself was alone when it began
			mine = true
			woken--
		}
		woken += len(c.complete)
		c.woken = woken
		if c.doubted != 0 && readErr == nil {
			c.trust()
		}
		if err != nil || readErr != nil && !more || c.state == Closed || c.state == Draining && c.queue.size == 0 {
			c.answer(self) // before the connection ends: those who are told of that may take their time
			c.endReading(err, readErr)
			return false, mine
		}
		if mine && !more {
			c.answer(self)
			c.leave()
			c.handOver()
			c.mu.Unlock()
			return true, true
		}
		c.mu.Unlock()
		c.answer(self)
		if !more {
			return true, false
		}
	}
}

// endReading closes the connection, since the stream is broken, or cannot be read, or nothing more is wanted from it. Called
// with c.mu held; it unlocks it.
func (c *Conn) endReading(broken, readErr error) {
	switch {
	case broken != nil:
		c.closeLocked(ProtocolBroken, broken)
	case readErr != nil:
		c.closeLocked(causeOf(readErr), readErr)
	default:
		c.closeLocked(c.cause, c.err)
	}
}

// scanBatch takes complete replies off the scanner, a batch at most, and reports whether there may be more. Pushes are passed on,
// the others kept for fileBatch.
func (c *Conn) scanBatch() (more bool, err error) {
	for len(c.replies) < batch {
		r, ok, err := c.scan.Next()
		switch {
		case err != nil:
			return false, err
		case !ok:
			if large := c.scan.Missing() >= LargeReply; large != c.large.Load() {
				c.large.Store(large)
			}
			return false, nil
		case r.Kind() == resp.Push:
			if c.cfg.OnPush != nil {
				c.cfg.OnPush(c, r)
			}
		default:
			c.replies = append(c.replies, r)
		}
	}
	return true, nil
}

// fileBatch gives a batch of replies to the calls at the front of the queue. Called with c.mu held.
func (c *Conn) fileBatch() error {
	c.crowd = max(c.queue.size, c.crowd-c.crowd/8-1)
	if crowded := c.crowd > smallCrowd; crowded != c.crowded.Load() {
		c.crowded.Store(crowded)
	}
	for i := range c.replies {
		if err := c.file(c.replies[i]); err != nil {
			return err
		}
	}
	switch {
	case len(c.complete) == 0:
	case len(c.complete) == 1 && c.complete[0].lone && c.queue.size == 0:
		c.lone++
	default:
		c.lone = 0
	}
	return nil
}

// file gives one reply to the call at the front of the queue. Called with c.mu held.
func (c *Conn) file(r resp.Reply) error {
	if c.queue.size == 0 || c.queue.at(0).begin >= c.handed { // or a command waits that was not written yet
		if err := r.Err(); err != nil {
			return err // the server's last words
		}
		return errUnasked
	}
	call := c.queue.at(0)
	if call.selects {
		call.selects = false
		return r.Err() // without its database the call, and those behind it, may have run in another one
	}
	if call.take(r) {
		c.complete = append(c.complete, c.queue.pop())
	}
	return nil
}

var errUnasked = errors.New("the server sent a reply that no command asked for")

// answer settles the calls whose replies are all there and wakes their callers.
func (c *Conn) answer(self *Call) {
	c.answered.Add(int64(len(c.complete))) // before anybody is told: who has its reply finds it counted
	for _, call := range c.complete {
		if call.outcome.settle(replied) && call != self {
			call.done <- struct{}{}
		}
	}
	clear(c.complete) // and of the replies nothing is kept: they may be large, and the next ones far
	clear(c.replies)
	c.complete, c.replies = c.complete[:0], c.replies[:0]
}
