// Package cache keeps what a slow source answers.
package cache

import (
	"context"
	"encoding/json"
	"time"

	goredis "github.com/redis/go-redis/v9"
)

// A User is what the source knows.
type User struct {
	ID   int    `json:"id"`
	Name string `json:"name"`
}

// Cache asks the source for what it does not have.
type Cache struct {
	client *goredis.Client
	source func(ctx context.Context, id string) (User, error)
	ttl    time.Duration
}

// Open reads the address from a URL.
func Open(url string, source func(ctx context.Context, id string) (User, error)) (*Cache, error) {
	opt, err := goredis.ParseURL(url)
	if err != nil {
		return nil, err
	}
	opt.PoolSize = 5
	opt.MaxRetries = 2
	return &Cache{client: goredis.NewClient(opt), source: source, ttl: time.Minute}, nil
}

// Get returns a user, from the cache if it is there.
func (c *Cache) Get(ctx context.Context, id string) (User, error) {
	var u User
	raw, err := c.client.Get(ctx, key(id)).Bytes()
	switch {
	case err == goredis.Nil:
	case err != nil:
		return u, err
	default:
		return u, json.Unmarshal(raw, &u)
	}
	if u, err = c.source(ctx, id); err != nil {
		return u, err
	}
	encoded, err := json.Marshal(u)
	if err != nil {
		return u, err
	}
	if err := c.client.Set(ctx, key(id), encoded, c.ttl).Err(); err != nil {
		return u, err
	}
	return u, nil
}

// Drop makes the cache forget some users and returns how many it knew.
func (c *Cache) Drop(ctx context.Context, ids ...string) (int64, error) {
	keys := make([]string, len(ids))
	for i, id := range ids {
		keys[i] = key(id)
	}
	return c.client.Del(ctx, keys...).Result()
}

// Close ends the cache.
func (c *Cache) Close() { _ = c.client.Close() }

func key(id string) string { return "cache:user:" + id }
