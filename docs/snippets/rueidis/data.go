// Package rueidis holds the snippets of the guides that use rueidis. Each stands between "begin" and "end".
package rueidis

import (
	"context"
	"errors"
	"fmt"

	"github.com/redis/rueidis"
)

func getset(ctx context.Context, c rueidis.Client) error {
	// begin getset
	err := c.Do(ctx, c.B().Set().Key("name").Value("Ada").Build()).Error()
	name, err := c.Do(ctx, c.B().Get().Key("name").Build()).ToString()
	_, err = c.Do(ctx, c.B().Get().Key("nobody").Build()).ToString() // rueidis.IsRedisNil(err)
	n, err := c.Do(ctx, c.B().Get().Key("visits").Build()).AsInt64()
	// end
	fmt.Println(name, n)
	return err
}

func expiry(ctx context.Context, c rueidis.Client) error {
	// begin expiry
	err := c.Do(ctx, c.B().Set().Key("token").Value("t1").ExSeconds(60).Build()).Error()
	ok, err := c.Do(ctx, c.B().Expire().Key("token").Seconds(3600).Build()).AsBool()
	left, err := c.Do(ctx, c.B().Ttl().Key("token").Build()).ToInt64() // -1, -2, or seconds
	// end
	fmt.Println(ok, left)
	return err
}

func nx(ctx context.Context, c rueidis.Client) error {
	// begin nx
	err := c.Do(ctx, c.B().Set().Key("lock").Value("worker-1").Nx().ExSeconds(10).Build()).Error()
	mine := err == nil // rueidis.IsRedisNil(err) if the key was there
	// end
	fmt.Println(mine)
	return err
}

func hash(ctx context.Context, c rueidis.Client) error {
	// begin hash
	err := c.Do(ctx, c.B().Hset().Key("user:1").FieldValue().FieldValue("name", "Ada").FieldValue("age", "36").Build()).Error()
	m, err := c.Do(ctx, c.B().Hgetall().Key("user:1").Build()).AsStrMap()
	// end
	fmt.Println(m)
	return err
}

func pipeline(ctx context.Context, c rueidis.Client) error {
	// begin pipeline
	replies := c.DoMulti(ctx,
		c.B().Incr().Key("hits").Build(),
		c.B().Get().Key("nobody").Build(),
	)
	n, err := replies[0].AsInt64()
	s, err := replies[1].ToString() // rueidis.IsRedisNil(err)
	// end
	fmt.Println(n, s)
	return err
}

func watch(ctx context.Context, c rueidis.Client) error {
	// begin watch
	err := c.Dedicated(func(d rueidis.DedicatedClient) error {
		if err := d.Do(ctx, d.B().Watch().Key("stock").Build()).Error(); err != nil {
			return err
		}
		n, err := d.Do(ctx, d.B().Get().Key("stock").Build()).AsInt64()
		if err != nil && !rueidis.IsRedisNil(err) {
			return err
		}
		replies := d.DoMulti(ctx,
			d.B().Multi().Build(),
			d.B().Set().Key("stock").Value(fmt.Sprint(n+1)).Build(),
			d.B().Exec().Build(),
		)
		return replies[2].Error() // rueidis.IsRedisNil(err) after a conflict: begin again
	})
	// end
	return err
}

func blocking(ctx context.Context, c rueidis.Client) error {
	// begin blocking
	kv, err := c.Do(ctx, c.B().Blpop().Key("jobs", "more jobs").Timeout(5).Build()).AsStrSlice()
	job := kv[1]
	// end
	fmt.Println(job)
	return err
}

func scan(ctx context.Context, c rueidis.Client) error {
	// begin scan
	for cursor := uint64(0); ; {
		page, err := c.Do(ctx, c.B().Scan().Cursor(cursor).Match("user:*").Count(100).Build()).AsScanEntry()
		if err != nil {
			return err
		}
		for _, key := range page.Elements {
			fmt.Println(key)
		}
		if cursor = page.Cursor; cursor == 0 {
			break
		}
	}
	// end
	return nil
}

// begin script
var take = rueidis.NewLuaScript(`
	local n = tonumber(redis.call("GET", KEYS[1]) or "0")
	if n < tonumber(ARGV[1]) then return -1 end
	return redis.call("DECRBY", KEYS[1], ARGV[1])`)

func takeStock(ctx context.Context, c rueidis.Client, n int) (int64, error) {
	return take.Exec(ctx, c, []string{"stock"}, []string{fmt.Sprint(n)}).AsInt64()
}

// end

func pubsub(ctx context.Context, c rueidis.Client) error {
	// begin pubsub
	err := c.Receive(ctx, c.B().Subscribe().Channel("news").Build(), func(m rueidis.PubSubMessage) {
		fmt.Println(m.Channel, m.Message)
	})
	// end
	return err
}

func streams(ctx context.Context, c rueidis.Client) error {
	// begin streams
	err := c.Do(ctx, c.B().Xadd().Key("orders").Id("*").FieldValue().FieldValue("item", "bolt").Build()).Error()
	err = c.Do(ctx, c.B().XgroupCreate().Key("orders").Group("packers").Id("0").Mkstream().Build()).Error()
	streams, err := c.Do(ctx, c.B().Xreadgroup().Group("packers", "ada").Count(10).Block(1000).
		Streams().Key("orders").Id(">").Build()).AsXRead()
	for _, m := range streams["orders"] {
		fmt.Println(m.FieldValues["item"])
		err = c.Do(ctx, c.B().Xack().Key("orders").Group("packers").Id(m.ID).Build()).Error()
	}
	// end
	return err
}

func failures(err error) {
	// begin errors
	var server *rueidis.RedisError
	switch {
	case rueidis.IsRedisNil(err):
		// there is no such key
	case errors.As(err, &server):
		fmt.Println(server.Error()) // the server's answer
	case err != nil:
		// it may have run, or not
	}
	// end
}
