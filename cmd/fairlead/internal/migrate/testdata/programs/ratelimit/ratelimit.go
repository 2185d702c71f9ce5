// Package ratelimit allows so many calls in a window of time.
package ratelimit

import (
	"context"
	"time"

	"github.com/redis/go-redis/v9"
)

var take = redis.NewScript(`
local n = redis.call("INCR", KEYS[1])
if n == 1 then redis.call("PEXPIRE", KEYS[1], ARGV[1]) end
if n > tonumber(ARGV[2]) then return -1 end
return tonumber(ARGV[2]) - n
`)

var reset = redis.NewScript(`return redis.call("DEL", KEYS[1])`)

var known = redis.NewScript(`return redis.call("GET", KEYS[1])`)

// Limiter allows calls.
type Limiter struct {
	rdb    *redis.Client
	limit  int
	window time.Duration
}

// New returns a limiter.
func New(rdb *redis.Client, limit int, window time.Duration) *Limiter {
	return &Limiter{rdb: rdb, limit: limit, window: window}
}

// Allow reports whether a call may go on, and how many may follow.
func (l *Limiter) Allow(ctx context.Context, who string) (ok bool, left int, err error) {
	left, err = take.Run(ctx, l.rdb, []string{"limit:" + who}, l.window.Milliseconds(), l.limit).Int()
	if err != nil {
		return false, 0, err
	}
	return left >= 0, max(left, 0), nil
}

// Reset forgets somebody's calls.
func (l *Limiter) Reset(ctx context.Context, who string) error {
	return reset.Run(ctx, l.rdb, []string{"limit:" + who}).Err()
}

// Known reports whether somebody called.
func (l *Limiter) Known(ctx context.Context, who string) (bool, error) {
	err := known.Run(ctx, l.rdb, []string{"limit:" + who}).Err()
	if err == redis.Nil {
		return false, nil
	}
	return err == nil, err
}

// Remaining is how long the window lasts; it is negative for somebody who did not call.
func (l *Limiter) Remaining(ctx context.Context, who string) time.Duration {
	return l.rdb.PTTL(ctx, "limit:"+who).Val()
}
