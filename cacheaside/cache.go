package cacheaside

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"sync"
	"time"

	"github.com/fairlead-go/fairlead"
	"github.com/fairlead-go/fairlead/redis"
)

// Options say how a cache behaves. The zero value of every field is its default.
type Options[T any] struct {
	// Codec is how values are stored. nil: strings and []byte as they are, everything else as JSON.
	Codec Codec[T]
	// AbsentTTL is how long it is remembered that there is no value. 0: not at all. At least a millisecond.
	AbsentTTL time.Duration
	// Jitter is the part of a time to live, up to 1, by which it is shortened at most. 0 is 0.1, negative: not at all.
	Jitter float64
	// Early is how early values are loaded anew before they expire: see the package comment. 0 is 1, greater is earlier,
	// negative: never.
	Early float64
	// OneLoader lets one process at a time load a value: it takes a lock, in the key with ":load" behind it, and the others
	// wait for what it stores. If it dies they wait for 5 s.
	OneLoader bool
	// OnError, if set, is told of errors that no caller gets: the value could not be stored, though it was loaded; what is
	// stored could not be decoded; an early load failed. It may be called by many goroutines at a time.
	OnError func(key string, err error)
}

// A Cache keeps values of one type. It is safe for concurrent use.
type Cache[T any] struct {
	client fairlead.RoundTripper
	opts   Options[T]
	random func() float64 // in [0, 1)

	mu      sync.Mutex // guards what follows
	flights map[string]*flight[T]
	landed  uint64 // how many have ended
}

// New returns a cache. Nothing is sent. c is a Client, or what Client.DB returns.
func New[T any](c fairlead.RoundTripper, o Options[T]) (*Cache[T], error) {
	switch {
	case c == nil:
		return nil, errors.New("a cache needs a client: pass the *fairlead.Client")
	case o.AbsentTTL != 0 && o.AbsentTTL < time.Millisecond:
		return nil, fmt.Errorf("an AbsentTTL of %v cannot be: it is a millisecond at least, or 0 to remember no absence", o.AbsentTTL)
	case !(o.Jitter <= 1): // NaN included
		return nil, fmt.Errorf("a Jitter of %v cannot be: it is a part of the time to live, 1 at most", o.Jitter)
	case math.IsNaN(o.Early):
		return nil, errors.New("an Early that is no number cannot be: 1 is the default")
	}
	if o.Codec == nil {
		o.Codec = plain[T]()
	}
	if o.Jitter == 0 {
		o.Jitter = 0.1
	}
	if o.Early == 0 {
		o.Early = 1
	}
	return &Cache[T]{client: c, opts: o, random: rand.Float64, flights: map[string]*flight[T]{}}, nil
}

// Get returns the value of the key, from the server if it is there, else by load, and stores it for ttl. The error is
// fairlead.Nil if there is no such value, the load's own, a *Panic if the load panicked for another caller, the context's if it
// ended first, or why the server could not be asked: nothing is loaded then, since everybody would.
func (c *Cache[T]) Get(ctx context.Context, key string, ttl time.Duration, load func(context.Context) (T, error)) (T, error) {
	var none T
	switch {
	case key == "":
		return none, errors.New("a value needs a key")
	case ttl < time.Millisecond:
		return none, fmt.Errorf("cached %q: a time to live of %v cannot be: it is a millisecond at least", key, ttl)
	case load == nil:
		return none, fmt.Errorf("cached %q: there is no function that loads it", key)
	}
	landed := c.hasLanded()
	found, err := c.look(ctx, key)
	if err != nil || found.there && !c.early(found) {
		return found.value, cmp.Or(err, found.err())
	}
	o := order[T]{key: key, ttl: ttl, load: load, found: found, landed: landed}
	v, err := c.join(ctx, o)
	if err == nil || errors.Is(err, fairlead.Nil) || !found.there {
		return v, err
	}
	if !errors.Is(err, errOtherLoads) {
		c.tell(key, fmt.Errorf("cached %q could not be loaded before it expires: %w", key, err))
	}
	return found.value, found.err()
}

// Delete removes values, and returns how many there were. Loads that are under way in this process are not stored any more, and
// nobody joins them.
func (c *Cache[T]) Delete(ctx context.Context, keys ...string) (int64, error) {
	c.mu.Lock()
	for _, key := range keys {
		if f := c.flights[key]; f != nil {
			f.stale = true
			delete(c.flights, key)
		}
	}
	c.mu.Unlock()
	return fairlead.Do(ctx, c.client, redis.Del(keys...))
}

func (c *Cache[T]) tell(key string, err error) {
	if c.opts.OnError != nil {
		c.opts.OnError(key, err)
	}
}

func (c *Cache[T]) hasLanded() uint64 {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.landed
}
