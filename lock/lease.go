package lock

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"time"
)

// A Lease is a lock that is held. It ends by Release, or when the lock is lost. It is safe for concurrent use.
type Lease struct {
	lock  *Lock
	token string
	fence int64
	life  context.Context // ends with the lease; its cause says why
	end   context.CancelCauseFunc
	later chan struct{} // has a token if the term was prolonged by Extend
	given atomic.Bool   // it was released, once

	mu   sync.Mutex // guards term
	term term
}

// newLease begins a lease. Its goroutine ends with it.
func newLease(l *Lock, token string, fence int64, t term) *Lease {
	lease := &Lease{lock: l, token: token, fence: fence, term: t, later: make(chan struct{}, 1)}
	lease.life, lease.end = context.WithCancelCause(context.Background())
	go lease.keep()
	return lease
}

// Fence returns the fencing number: greater than that of every earlier lease of this lock. It is 0 if the lock is unfenced.
func (l *Lease) Fence() int64 { return l.fence }

// Token returns what the lock's key holds while the lease lasts.
func (l *Lease) Token() string { return l.token }

// Left returns how long the lease lasts unless it is renewed; 0 if it has ended.
func (l *Lease) Left() time.Duration {
	if l.Err() != nil {
		return 0
	}
	return max(0, l.current().left())
}

// Err returns nil while the lease lasts, then an error that wraps ErrLost or ErrReleased. It looks at the clock itself, so it
// is right also in the first moment after the process was stopped, when nothing has been told yet. Nothing is sent.
func (l *Lease) Err() error {
	if l.life.Err() == nil && l.current().left() <= 0 {
		l.lose(errors.New("its time ran out"))
	}
	return context.Cause(l.life)
}

// Context returns a context that ends with parent and with the lease; context.Cause says why: an error that wraps ErrLost or
// ErrReleased. Call stop when it is no longer needed.
func (l *Lease) Context(parent context.Context) (ctx context.Context, stop context.CancelFunc) {
	if parent == nil {
		parent = context.Background()
	}
	ctx, end := context.WithCancelCause(parent)
	unhook := context.AfterFunc(l.life, func() { end(context.Cause(l.life)) })
	return ctx, func() {
		unhook()
		end(nil)
	}
}

// Extend makes the lease last for ttl from now; one that lasts longer already is left as it is. Renewals go on as before. The
// error wraps ErrLost or ErrReleased if the lease has ended, or says why the server could not be asked; the lease then lasts as
// long as it did.
func (l *Lease) Extend(ctx context.Context, ttl time.Duration) error {
	if err := checkTTL(l.lock.Key(), ttl); err != nil {
		return err
	}
	if err := l.prolong(ctx, ttl); err != nil {
		return err
	}
	select {
	case l.later <- struct{}{}:
	default: // keep has not looked since the last time
	}
	return l.Err() // it may have taken longer than the time it asked for
}

// prolong asks the server for ttl from now.
func (l *Lease) prolong(ctx context.Context, ttl time.Duration) error {
	if err := l.Err(); err != nil {
		return err
	}
	asked := term{time.Now(), ttl}
	ours, err := l.lock.extend(ctx, l.token, ttl)
	switch {
	case err != nil:
		return fmt.Errorf("lock %q could not be extended: %w", l.lock.Key(), err)
	case !ours:
		l.lose(errors.New("the server no longer has it as this holder's"))
		return context.Cause(l.life)
	}
	l.mu.Lock()
	if asked.left() > l.term.left() {
		l.term = asked
	}
	l.mu.Unlock()
	return nil
}

// Release ends the lease and gives the lock up. Where ctx has ended already, it is sent all the same and given a second:
// otherwise the lock would stay taken for the rest of its TTL. The error wraps ErrLost if the lock was lost before, so that
// what was done under it may have been done beside another holder; or it says why no answer came: the lock then ends with its
// TTL at the latest. Calling it again returns nil.
func (l *Lease) Release(ctx context.Context) error {
	if err := l.Err(); errors.Is(err, ErrLost) {
		return err
	}
	if !l.given.CompareAndSwap(false, true) {
		return nil
	}
	l.end(fmt.Errorf("lock %q: %w", l.lock.Key(), ErrReleased))
	if ctx == nil || ctx.Err() != nil {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(context.Background(), time.Second)
		defer cancel()
	}
	ours, err := l.lock.release(ctx, l.token)
	switch {
	case err != nil:
		return fmt.Errorf("lock %q could not be released: %w", l.lock.Key(), err)
	case !ours:
		return fmt.Errorf("lock %q: %w: the server no longer had it as this holder's", l.lock.Key(), ErrLost)
	}
	return nil
}

func (l *Lease) current() term {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.term
}

// lose ends the lease, unless it has ended.
func (l *Lease) lose(why error) {
	l.end(fmt.Errorf("lock %q: %w: %w", l.lock.Key(), ErrLost, why))
}
