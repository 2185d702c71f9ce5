// Package counter counts visits of pages over HTTP.
package counter

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/redis/go-redis/v9"
)

// Counter counts in Redis.
type Counter struct {
	rdb *redis.Client
}

// New returns a counter for the server at an address.
func New(addr string) *Counter {
	return &Counter{rdb: redis.NewClient(&redis.Options{
		Addr:                  addr,
		PoolSize:              10,
		MinIdleConns:          1,
		ReadTimeout:           3 * time.Second,
		WriteTimeout:          3 * time.Second,
		ContextTimeoutEnabled: true,
	})}
}

// Close ends the counter.
func (c *Counter) Close() error { return c.rdb.Close() }

// Visit counts one visit and returns how many there were.
func (c *Counter) Visit(ctx context.Context, page string) (int64, error) {
	n, err := c.rdb.Incr(ctx, "visits:"+page).Result()
	if err != nil {
		return 0, fmt.Errorf("count %s: %w", page, err)
	}
	if n == 1 {
		if err := c.rdb.Expire(ctx, "visits:"+page, time.Hour).Err(); err != nil {
			return 0, err
		}
	}
	return n, nil
}

// Visits returns how many visits there were; a page that nobody saw has none.
func (c *Counter) Visits(ctx context.Context, page string) (int, error) {
	n, err := c.rdb.Get(ctx, "visits:"+page).Int()
	if errors.Is(err, redis.Nil) {
		return 0, nil
	}
	return n, err
}

// Known reports whether somebody saw the page.
func (c *Counter) Known(ctx context.Context, page string) bool {
	return c.rdb.Exists(ctx, "visits:"+page).Val() == 1
}

// Forget deletes what is known of a page.
func (c *Counter) Forget(ctx context.Context, page string) error {
	return c.rdb.Del(ctx, "visits:"+page).Err()
}

// Ready reports whether the server answers.
func (c *Counter) Ready(ctx context.Context) error {
	_, err := c.rdb.Ping(ctx).Result()
	return err
}

// ServeHTTP counts a visit of the path and answers with the number.
func (c *Counter) ServeHTTP(w http.ResponseWriter, req *http.Request) {
	n, err := c.Visit(req.Context(), req.URL.Path)
	if err != nil {
		http.Error(w, "no counter today", http.StatusServiceUnavailable)
		return
	}
	fmt.Fprintln(w, n)
}
