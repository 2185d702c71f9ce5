package cacheaside

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"runtime/debug"
	"time"

	"github.com/fairlead-go/fairlead"
	"github.com/fairlead-go/fairlead/lock"
	"github.com/fairlead-go/fairlead/redis"
)

// An order is what a caller wants to be loaded, and why.
type order[T any] struct {
	key    string
	ttl    time.Duration
	load   func(context.Context) (T, error)
	found  entry[T] // what the server had
	landed uint64   // how many flights had ended before it was asked
}

// A flight is a load under way that callers wait for.
type flight[T any] struct {
	end  context.CancelFunc
	done chan struct{} // closed when what follows is set

	value    T
	err      error
	panicked *Panic

	waiting int  // callers; guarded by Cache.mu, as the next
	stale   bool // the key was deleted meanwhile
}

// A Panic is what a load panicked with. The caller that began the load panics with it; others that waited get it as an error.
type Panic struct {
	Key   string
	Value any    // nil if the load ended its goroutine by runtime.Goexit, as t.FailNow does
	Stack []byte // where it panicked
}

// Error gives the value and the stack.
func (p *Panic) Error() string {
	return fmt.Sprintf("the load of cached %q panicked: %v\n\n%s", p.Key, p.Value, p.Stack)
}

// Unwrap returns the value if it is an error.
func (p *Panic) Unwrap() error {
	err, _ := p.Value.(error)
	return err
}

// join waits for the flight to the key, which begins with this caller if there is none.
func (c *Cache[T]) join(ctx context.Context, o order[T]) (T, error) {
	c.mu.Lock()
	f := c.flights[o.key]
	first := f == nil
	if first {
		f = &flight[T]{done: make(chan struct{})}
		c.flights[o.key] = f
		var own context.Context
		own, f.end = context.WithCancel(context.WithoutCancel(ctx))
		go c.fly(own, f, o, c.landed != o.landed)
	}
	f.waiting++
	c.mu.Unlock()
	var none T
	select {
	case <-f.done:
	case <-ctx.Done():
		c.leave(o.key, f)
		return none, fmt.Errorf("cached %q: the context ended before it was loaded: %w", o.key, context.Cause(ctx))
	}
	switch {
	case f.panicked == nil:
		return f.value, f.err
	case !first:
		return none, f.panicked
	case f.panicked.Value == nil:
		runtime.Goexit()
	}
	panic(f.panicked)
}

// leave is the way out for a caller whose context ended. The last one ends the load's context, and nobody joins it any more.
func (c *Cache[T]) leave(key string, f *flight[T]) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if f.waiting--; f.waiting > 0 {
		return
	}
	f.end()
	if c.flights[key] == f {
		f.stale = true // Delete does not find it any more
		delete(c.flights, key)
	}
}

// fly loads the value. It ends when the load does.
func (c *Cache[T]) fly(ctx context.Context, f *flight[T], o order[T], lookAgain bool) {
	returned := false
	defer func() {
		if !returned {
			f.panicked = &Panic{Key: o.key, Value: recover(), Stack: debug.Stack()}
		}
		c.mu.Lock()
		if c.flights[o.key] == f {
			delete(c.flights, o.key)
		}
		c.landed++
		c.mu.Unlock()
		f.end()
		close(f.done)
	}()
	if c.opts.OneLoader {
		f.value, f.err = c.loadAlone(ctx, f, o)
	} else {
		f.value, f.err = c.loadNow(ctx, f, o, lookAgain)
	}
	returned = true
}

// errOtherLoads is why a value is not loaded early: another process is about it.
var errOtherLoads = errors.New("another process loads it")

// loadAlone is loadNow while no other process does it.
func (c *Cache[T]) loadAlone(ctx context.Context, f *flight[T], o order[T]) (none T, _ error) {
	l, err := lock.New(c.client, o.key+":load", lock.Options{TTL: 5 * time.Second, Unfenced: true})
	if err != nil {
		return none, err
	}
	acquire := l.Acquire
	if o.found.there {
		acquire = l.TryAcquire
	}
	lease, err := acquire(ctx)
	switch {
	case o.found.there && errors.Is(err, lock.ErrHeld):
		return none, errOtherLoads
	case err != nil:
		return none, fmt.Errorf("cached %q: %w", o.key, err)
	}
	defer func() {
		if err := lease.Release(ctx); err != nil {
			c.tell(o.key, err)
		}
	}()
	return c.loadNow(ctx, f, o, true)
}

// loadNow loads the value and stores it, unless lookAgain finds that somebody else has.
func (c *Cache[T]) loadNow(ctx context.Context, f *flight[T], o order[T], lookAgain bool) (none T, _ error) {
	if lookAgain {
		e, err := c.look(ctx, o.key)
		if err != nil {
			return none, err
		}
		if e.there && e.expires != o.found.expires {
			return e.value, e.err()
		}
	}
	began := time.Now()
	v, err := o.load(ctx)
	if !c.storable(err) || c.isStale(f) {
		return v, err
	}
	if failed := c.store(ctx, o, v, err, time.Since(began)); failed != nil {
		return none, failed
	}
	if c.isStale(f) { // Delete came first, or was overtaken
		if _, failed := fairlead.Do(context.WithoutCancel(ctx), c.client, redis.Del(o.key)); failed != nil {
			c.tell(o.key, failed)
		}
	}
	return v, err
}

func (c *Cache[T]) isStale(f *flight[T]) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return f.stale
}
