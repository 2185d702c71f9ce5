package cacheaside

import (
	"context"
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"

	"github.com/fairlead-go/fairlead"
	"github.com/fairlead-go/fairlead/redis"
)

// An entry is what the server has for a key.
type entry[T any] struct {
	there   bool
	absent  bool // it is known that there is no value
	value   T
	expires int64 // in Unix milliseconds
	took    time.Duration
}

// err is fairlead.Nil for an absence.
func (e entry[T]) err() error {
	if e.absent {
		return fairlead.Nil
	}
	return nil
}

const (
	format     = "cacheaside1"
	kindValue  = "value"
	kindAbsent = "absent"
)

// look asks the server for the key.
func (c *Cache[T]) look(ctx context.Context, key string) (entry[T], error) {
	stored, found, err := fairlead.Found(fairlead.Do(ctx, c.client, redis.Get(key)))
	if err != nil {
		return entry[T]{}, fmt.Errorf("cached %q could not be asked for: %w", key, err)
	}
	if !found {
		return entry[T]{}, nil
	}
	e, data, ok := parse[T](stored)
	if !ok {
		return e, fmt.Errorf("cached %q: the key holds something that was not stored by package cacheaside; "+
			"choose another, or delete it", key)
	}
	if e.absent {
		return e, nil
	}
	if e.value, err = c.opts.Codec.Decode(data); err != nil {
		c.tell(key, fmt.Errorf("cached %q could not be decoded, so it is loaded anew: %w", key, err))
		return entry[T]{}, nil
	}
	return e, nil
}

// parse takes the header off.
func parse[T any](stored string) (e entry[T], data string, ok bool) {
	name, rest, _ := strings.Cut(stored, " ")
	kind, rest, _ := strings.Cut(rest, " ")
	expires, rest, _ := strings.Cut(rest, " ")
	took, data, _ := strings.Cut(rest, "\n")
	if name != format || kind != kindValue && kind != kindAbsent {
		return e, "", false
	}
	at, err1 := strconv.ParseInt(expires, 10, 64)
	micros, err2 := strconv.ParseInt(took, 10, 64)
	if err1 != nil || err2 != nil {
		return e, "", false
	}
	return entry[T]{there: true, absent: kind == kindAbsent, expires: at, took: time.Duration(micros) * time.Microsecond}, data, true
}

// early draws whether the value is loaded anew before it expires.
func (c *Cache[T]) early(e entry[T]) bool {
	if c.opts.Early < 0 {
		return false
	}
	left := time.Duration(e.expires-time.Now().UnixMilli()) * time.Millisecond
	return float64(e.took)*c.opts.Early*-math.Log(1-c.random()) >= float64(left)
}

// store keeps what a load that took so long gave: a value, or an absence. It does so also when nobody waits for it any more.
func (c *Cache[T]) store(ctx context.Context, o order[T], v T, err error, took time.Duration) error {
	kind, ttl := kindValue, o.ttl
	if err != nil {
		kind, ttl = kindAbsent, c.opts.AbsentTTL
	}
	ttl -= time.Duration(max(0, c.opts.Jitter) * c.random() * float64(ttl))
	ttl = max(ttl.Truncate(time.Millisecond), time.Millisecond)
	b := fmt.Appendf(nil, "%s %s %d %d\n", format, kind, time.Now().Add(ttl).UnixMilli(), took.Microseconds())
	if kind == kindValue {
		if b, err = c.opts.Codec.Append(b, v); err != nil {
			return fmt.Errorf("cached %q was loaded but could not be encoded: %w", o.key, err)
		}
	}
	if _, err := fairlead.Do(context.WithoutCancel(ctx), c.client, redis.Set(o.key, b, ttl)); err != nil {
		c.tell(o.key, fmt.Errorf("cached %q was loaded but could not be stored: %w", o.key, err))
	}
	return nil
}

// storable reports whether what a load gave is to be stored.
func (c *Cache[T]) storable(err error) bool {
	return err == nil || c.opts.AbsentTTL > 0 && errors.Is(err, fairlead.Nil)
}
