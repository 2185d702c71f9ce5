package conn

import (
	"context"
	"reflect"
	"slices"
	"time"
)

// A caller that waits for its reply and for the end of its context at once pays for that with every call, though hardly any
// context ends. In a crowd, and with a context that has a deadline, callers wait for their replies alone, and the watchdog looks at the
// contexts of those that have waited for a while: a deadline counts to the moment, since it is known before; a cancellation is noticed
// when the call is sweepAge old, or sweepAge later, and later still if the crowd is so large that looking at all contexts takes long.

const (
	sweepAge  = 10 * time.Millisecond
	sweepCost = 5 * time.Microsecond // the time to let pass for each context looked at, a hundred times what that takes
)

// A sweeping is when the watchdog looks at contexts next.
type sweeping struct{ at int64 }

// next returns that time, for a call that is appended now. If it is past, the watchdog is on its way.
func (s *sweeping) next(now int64) int64 {
	if s.at == 0 {
		s.at = now + int64(sweepAge)
	}
	return s.at
}

// lookedAfter decides who waits for the end of the call's context: its caller, by its Done channel, or the watchdog. It returns the
// context's deadline on the connection's clock if the watchdog has to know it; 0 if there is none, -1 if the caller knows.
func (c *Conn) lookedAfter(ctx context.Context, call *Call) (deadline int64) {
	call.ended, call.ctx = nil, nil
	at, limited := ctx.Deadline()
	swept := limited && call.Block == 0
	switch {
	case swept && reflect.TypeOf(ctx) == timerCtx: // Done, which is made when it is asked for, is never asked for
		call.ctx = ctx
	case swept, c.crowded.Load():
		if done := ctx.Done(); done != nil {
			call.ctx = byDone(done)
		}
	default:
		call.ended = ctx.Done()
	}
	switch {
	case !limited:
		return 0
	case call.ended != nil:
		return -1
	}
	return max(1, int64(at.Sub(c.start)))
}

// timerCtx is the type of the contexts that package context makes for deadlines. These may be looked at after their caller has returned;
// one of somebody else's may be an object that serves somebody else by then, or have one inside: of such only the Done channel is kept.
var timerCtx = func() reflect.Type {
	ctx, cancel := context.WithTimeout(context.Background(), time.Hour)
	defer cancel()
	return reflect.TypeOf(ctx)
}()

// byDone is what is to be known of a context by its Done channel.
type byDone <-chan struct{}

func (d byDone) Done() <-chan struct{}     { return d }
func (byDone) Deadline() (time.Time, bool) { return time.Time{}, false }
func (byDone) Value(any) any               { return nil }

func (d byDone) Err() error {
	if isClosed(d) {
		return context.Canceled
	}
	return nil
}

// sweep lets the callers leave whose contexts have ended.
func (c *Conn) sweep() {
	c.mu.Lock()
	contexts := c.overdue()
	c.mu.Unlock()
	ended := slices.DeleteFunc(contexts, func(o overdue) bool { return o.ctx.Err() == nil }) // it may have a lock, so without ours
	if len(ended) > 0 {
		c.giveUp(ended)
	}
}

// giveUp lets the callers leave whose contexts these are, oldest first.
func (c *Conn) giveUp(ended []overdue) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for i := 0; i < c.queue.size && len(ended) > 0; i++ {
		call := c.queue.at(i)
		for len(ended) > 0 && ended[0].begin < call.begin {
			ended = ended[1:] // it was answered meanwhile
		}
		if len(ended) > 0 && ended[0].begin == call.begin && call.outcome.settle(abandoned) {
			call.done <- struct{}{}
			if call == c.own {
				c.kick()
			}
		}
	}
}

// An overdue is the context of a call that has waited for a while, and which call that is.
type overdue struct {
	ctx   context.Context
	begin int64
}

// overdue returns the contexts to look at, oldest call first, and sets the watchdog for the next time. Called with c.mu held.
func (c *Conn) overdue() (contexts []overdue) {
	if c.sweeps.at == 0 || c.state == Closed {
		return nil
	}
	if c.now < c.sweeps.at { // the watchdog came for something else
		c.watch(c.sweeps.at)
		return nil
	}
	more := false
	for i := range c.queue.size {
		call := c.queue.at(i)
		if call.ctx == nil || call.outcome.is() != pending {
			continue
		}
		if more = c.now-call.began < int64(sweepAge); more {
			break
		}
		contexts = append(contexts, overdue{call.ctx, call.begin})
	}
	c.sweeps.at = 0
	if more || len(contexts) > 0 {
		c.sweeps.at = c.now + int64(sweepAge) + int64(len(contexts))*int64(sweepCost)
		c.watch(c.sweeps.at)
	}
	return contexts
}

// ended is why a context ended; early: perhaps only its deadline has passed, and its own timer is a moment late. A context of
// somebody's own making may never end.
func ended(ctx context.Context, early bool) error {
	if !early || ctx.Err() != nil {
		return ContextError(ctx)
	}
	late := time.NewTimer(time.Millisecond)
	defer late.Stop()
	select {
	case <-ctx.Done():
		return ContextError(ctx)
	case <-late.C:
		return context.DeadlineExceeded
	}
}
