// Package stock moves goods between shelves and keeps a log of it in a stream.
package stock

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/redis/go-redis/v9"
)

// ErrTooFew says that a shelf has not enough.
var ErrTooFew = errors.New("there are not enough of them")

// Move takes goods from one shelf and puts them on another.
func Move(ctx context.Context, rdb *redis.Client, from, to string, n int) error {
	move := func(tx *redis.Tx) error {
		have, err := tx.Get(ctx, from).Int()
		if err != nil && err != redis.Nil {
			return err
		}
		if have < n {
			return ErrTooFew
		}
		_, err = tx.TxPipelined(ctx, func(pipe redis.Pipeliner) error {
			pipe.DecrBy(ctx, from, int64(n))
			pipe.IncrBy(ctx, to, int64(n))
			return nil
		})
		return err
	}
	for try := 0; try < 10; try++ {
		err := rdb.Watch(ctx, move, from)
		if !errors.Is(err, redis.TxFailedErr) {
			return err
		}
	}
	return errors.New("too much going on")
}

// Log appends what was moved.
func Log(ctx context.Context, rdb *redis.Client, what string, n int) error {
	return rdb.XAdd(ctx, &redis.XAddArgs{
		Stream: "log",
		MaxLen: 1000,
		Approx: true,
		Values: map[string]interface{}{"what": what, "n": n},
	}).Err()
}

// Read returns what a worker of the group has not seen yet.
func Read(ctx context.Context, rdb *redis.Client, worker string) ([]string, error) {
	err := rdb.XGroupCreateMkStream(ctx, "log", "workers", "0").Err()
	if err != nil && err.Error() != "BUSYGROUP Consumer Group name already exists" {
		return nil, err
	}
	streams, err := rdb.XReadGroup(ctx, &redis.XReadGroupArgs{
		Group:    "workers",
		Consumer: worker,
		Streams:  []string{"log", ">"},
		Count:    10,
		Block:    20 * time.Millisecond,
	}).Result()
	if err == redis.Nil {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	var seen []string
	for _, s := range streams {
		for _, m := range s.Messages {
			n, ok := m.Values["n"].(string)
			if !ok {
				continue
			}
			seen = append(seen, fmt.Sprint(m.Values["what"].(string), " ", n))
			rdb.XAck(ctx, "log", "workers", m.ID)
		}
	}
	return seen, nil
}
