// Package goredis holds the snippets of the guides that use go-redis. Each stands between "begin" and "end".
package goredis

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/redis/go-redis/v9"
)

func getset(ctx context.Context, rdb *redis.Client) error {
	// begin getset
	err := rdb.Set(ctx, "name", "Ada", 0).Err()
	name, err := rdb.Get(ctx, "name").Result()
	_, err = rdb.Get(ctx, "nobody").Result() // err == redis.Nil
	n, err := rdb.Get(ctx, "visits").Int()
	// end
	fmt.Println(name, n)
	return err
}

func expiry(ctx context.Context, rdb *redis.Client) error {
	// begin expiry
	err := rdb.Set(ctx, "token", "t1", time.Minute).Err()
	ok, err := rdb.Expire(ctx, "token", time.Hour).Result()
	left, err := rdb.TTL(ctx, "token").Result() // -1, -2, or how long
	// end
	fmt.Println(ok, left)
	return err
}

func nx(ctx context.Context, rdb *redis.Client) error {
	// begin nx
	mine, err := rdb.SetNX(ctx, "lock", "worker-1", 10*time.Second).Result()
	// end
	fmt.Println(mine)
	return err
}

func hash(ctx context.Context, rdb *redis.Client) error {
	// begin hash
	type User struct {
		Name string `redis:"name"`
		Age  int    `redis:"age"`
	}
	err := rdb.HSet(ctx, "user:1", "name", "Ada", "age", 36).Err()
	var u User
	err = rdb.HGetAll(ctx, "user:1").Scan(&u)
	// end
	fmt.Println(u)
	return err
}

func pipeline(ctx context.Context, rdb *redis.Client) error {
	// begin pipeline
	p := rdb.Pipeline()
	hits := p.Incr(ctx, "hits")
	name := p.Get(ctx, "nobody")
	if _, err := p.Exec(ctx); err != nil && err != redis.Nil {
		return err
	}
	n, err := hits.Result() // 1
	s, err := name.Result() // "", redis.Nil
	// end
	fmt.Println(n, s)
	return err
}

func watch(ctx context.Context, rdb *redis.Client) error {
	// begin watch
	fn := func(tx *redis.Tx) error {
		n, err := tx.Get(ctx, "stock").Int()
		if err != nil && err != redis.Nil {
			return err
		}
		_, err = tx.TxPipelined(ctx, func(p redis.Pipeliner) error {
			p.Set(ctx, "stock", n+1, 0)
			return nil
		})
		return err
	}
	for range 64 {
		err := rdb.Watch(ctx, fn, "stock")
		if !errors.Is(err, redis.TxFailedErr) {
			return err
		}
	}
	// end
	return nil
}

func blocking(ctx context.Context, rdb *redis.Client) error {
	// begin blocking
	kv, err := rdb.BLPop(ctx, 5*time.Second, "jobs", "more jobs").Result() // redis.Nil after 5 s
	job := kv[1]
	// end
	fmt.Println(job)
	return err
}

func scan(ctx context.Context, rdb *redis.Client) error {
	// begin scan
	iter := rdb.Scan(ctx, 0, "user:*", 100).Iterator()
	for iter.Next(ctx) {
		fmt.Println(iter.Val())
	}
	if err := iter.Err(); err != nil {
		return err
	}
	// end
	return nil
}

// begin script
var take = redis.NewScript(`
	local n = tonumber(redis.call("GET", KEYS[1]) or "0")
	if n < tonumber(ARGV[1]) then return -1 end
	return redis.call("DECRBY", KEYS[1], ARGV[1])`)

func takeStock(ctx context.Context, rdb *redis.Client, n int) (int, error) {
	return take.Run(ctx, rdb, []string{"stock"}, n).Int()
}

// end

func pubsub(ctx context.Context, rdb *redis.Client) error {
	// begin pubsub
	sub := rdb.Subscribe(ctx, "news")
	defer sub.Close()
	if _, err := sub.Receive(ctx); err != nil { // the confirmation
		return err
	}
	err := rdb.Publish(ctx, "news", "hello").Err()
	for m := range sub.Channel() {
		fmt.Println(m.Channel, m.Payload)
		break
	}
	// end
	return err
}

func streams(ctx context.Context, rdb *redis.Client) error {
	// begin streams
	err := rdb.XAdd(ctx, &redis.XAddArgs{Stream: "orders", Values: map[string]any{"item": "bolt"}}).Err()
	err = rdb.XGroupCreateMkStream(ctx, "orders", "packers", "0").Err()
	streams, err := rdb.XReadGroup(ctx, &redis.XReadGroupArgs{
		Group: "packers", Consumer: "ada", Streams: []string{"orders", ">"},
		Count: 10, Block: time.Second, // redis.Nil after 1 s; 0 waits without end
	}).Result()
	for _, s := range streams {
		for _, m := range s.Messages {
			fmt.Println(m.Values["item"].(string))
			err = rdb.XAck(ctx, "orders", "packers", m.ID).Err()
		}
	}
	// end
	return err
}
