package pool

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"time"

	"github.com/fairlead-go/fairlead/internal/conn"
)

// A grant is what a waiter gets: a connection, or a slot to open one with, or an error.
type grant struct {
	conn *conn.Conn
	err  error
}

// A waiter is a call that waits for a connection of its own, or for a slot for a shared one.
type waiter struct {
	slotOnly bool
	ch       chan grant // has room for the one grant a waiter gets
}

func (w *waiter) deliver(g grant) { w.ch <- g }

// ErrTimeout is the error of a call that found every connection in use for too long. It is an os.ErrDeadlineExceeded.
var ErrTimeout error = timeoutError{}

type timeoutError struct{}

func (timeoutError) Error() string        { return "no connection became free in time" }
func (timeoutError) Timeout() bool        { return true }
func (timeoutError) Is(target error) bool { return target == os.ErrDeadlineExceeded }

// A WaitError says how long a call waited for a connection, and who has them.
type WaitError struct {
	Waited  time.Duration
	Limit   int    // how many there may be
	Holders string // who has them, by command and age
	Err     error  // ErrTimeout, or the context's error
}

// Error says how long the call waited, for what, and who has the connections.
func (e *WaitError) Error() string {
	return fmt.Sprintf("%v after %v: all %d connections are in use, %s", e.Err, e.Waited.Round(time.Microsecond), e.Limit, e.Holders)
}

// Unwrap returns ErrTimeout or the context's error.
func (e *WaitError) Unwrap() error { return e.Err }

// Timeout reports whether time ran out, as net.Error asks.
func (e *WaitError) Timeout() bool { return errors.Is(e.Err, os.ErrDeadlineExceeded) }

// wait queues up and returns what is granted. Called with p.mu held, which it gives up.
func (p *Pool) wait(ctx context.Context, slotOnly bool) (grant, error) {
	if p.cfg.WaitTimeout == 0 {
		err := p.waitError(0, ErrTimeout)
		p.mu.Unlock()
		return grant{}, err
	}
	w := &waiter{slotOnly: slotOnly, ch: make(chan grant, 1)}
	p.waiting = append(p.waiting, w)
	p.mu.Unlock()
	p.stats.Waits.Add(1)
	began := time.Now()
	late, stop := p.waitLimit()
	defer stop()
	reason := ErrTimeout
	select {
	case g := <-w.ch:
		p.stats.WaitNanos.Add(int64(time.Since(began)))
		return g, g.err
	case <-ctx.Done():
		reason = conn.ContextError(ctx)
	case <-late:
	}
	p.stats.WaitNanos.Add(int64(time.Since(began)))
	return p.leaveQueue(w, time.Since(began), reason)
}

// leaveQueue takes a waiter out of the queue, unless its grant came first.
func (p *Pool) leaveQueue(w *waiter, waited time.Duration, reason error) (grant, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if i := slices.Index(p.waiting, w); i >= 0 {
		p.waiting = slices.Delete(p.waiting, i, i+1)
		p.stats.WaitTimeouts.Add(1)
		return grant{}, p.waitError(waited, reason)
	}
	g := <-w.ch // granted in the same moment
	return g, g.err
}

// WaitFor takes one of the turns, waiting for it as a call waits for a connection. The error is a *WaitError or ErrClosed.
func (p *Pool) WaitFor(ctx context.Context, turns chan<- struct{}) error {
	select {
	case turns <- struct{}{}:
		return nil
	default:
	}
	began := time.Now()
	reason := ErrTimeout
	if p.cfg.WaitTimeout != 0 {
		p.stats.Waits.Add(1)
		late, stop := p.waitLimit()
		defer stop()
		select {
		case turns <- struct{}{}:
			p.stats.WaitNanos.Add(int64(time.Since(began)))
			return nil
		case <-p.life.Done():
			return ErrClosed
		case <-ctx.Done():
			reason = conn.ContextError(ctx)
		case <-late:
		}
		p.stats.WaitNanos.Add(int64(time.Since(began)))
		p.stats.WaitTimeouts.Add(1)
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.waitError(time.Since(began), reason)
}

// waitLimit returns a channel that tells when a wait has taken WaitTimeout: nil if it may take for ever.
func (p *Pool) waitLimit() (late <-chan time.Time, stop func() bool) {
	if p.cfg.WaitTimeout < 0 {
		return nil, func() bool { return false }
	}
	timer := time.NewTimer(p.cfg.WaitTimeout)
	return timer.C, timer.Stop
}

// waitError describes a wait in vain. Called with p.mu held.
func (p *Pool) waitError(waited time.Duration, reason error) error {
	_, _, limit := p.cfg.Slots.Usage()
	return &WaitError{Waited: waited, Limit: limit, Holders: p.holders(), Err: reason}
}

// serve gives free slots to those who wait, first come first served; the slot that is spared goes to the shared connection
// it is spared for, whoever came before it. Called with p.mu held.
func (p *Pool) serve() {
	for len(p.waiting) > 0 {
		next := 0
		if p.spare(false) > 0 {
			next = max(0, slices.IndexFunc(p.waiting, func(w *waiter) bool { return w.slotOnly }))
		}
		w := p.waiting[next]
		if !p.cfg.Slots.TryTake(p.spare(w.slotOnly)) {
			return
		}
		p.waiting = slices.Delete(p.waiting, next, next+1)
		w.deliver(grant{})
	}
}

// spare is how many slots an exclusive connection must leave free: one, for the connection that all others share, so that
// blocking commands never shut the rest out. With one slot in all they take turns. Called with p.mu held.
func (p *Pool) spare(forShared bool) int {
	_, _, limit := p.cfg.Slots.Usage()
	if forShared || p.cfg.Shared == 0 || limit == 1 || p.sharedSlots > 0 {
		return 0
	}
	return 1
}
