// Package fairlead holds the snippets of the guides that use Fairlead. Each stands between "begin" and "end".
package fairlead

import (
	"context"
	"errors"
	"fmt"
	"log"
	"time"

	"github.com/fairlead-go/fairlead"
	"github.com/fairlead-go/fairlead/redis"
)

func getset(ctx context.Context, c *fairlead.Client) error {
	// begin getset
	err := c.Set(ctx, "name", "Ada", 0)
	name, err := c.Get(ctx, "name")
	_, err = c.Get(ctx, "nobody") // err == fairlead.Nil

	name, found, err := fairlead.Found(c.Get(ctx, "nobody")) // "", false, nil
	n, err := fairlead.As[int](c.Get(ctx, "visits"))         // as a number
	// end
	fmt.Println(name, found, n)
	return err
}

func expiry(ctx context.Context, c *fairlead.Client) error {
	// begin expiry
	err := c.Set(ctx, "token", "t1", time.Minute)
	ok, err := c.Expire(ctx, "token", time.Hour)
	left, err := c.TTL(ctx, "token") // redis.NoExpiry, redis.NotFound, or how long
	// end
	fmt.Println(ok, left)
	return err
}

func nx(ctx context.Context, c *fairlead.Client) error {
	// begin nx
	mine, err := c.SetNX(ctx, "lock", "worker-1", 10*time.Second) // true if the key was not there
	// end
	fmt.Println(mine)
	return err
}

func hash(ctx context.Context, c *fairlead.Client) error {
	// begin hash
	type User struct {
		Name string `redis:"name"`
		Age  int    `redis:"age"`
	}
	_, err := c.HSet(ctx, "user:1", "name", "Ada", "age", 36)
	u, err := fairlead.As[User](c.HGetAll(ctx, "user:1")) // a zero User if there is no such key
	// end
	fmt.Println(u)
	return err
}

func pipeline(ctx context.Context, c *fairlead.Client) error {
	// begin pipeline
	p := c.Pipeline()
	hits := fairlead.Queue(p, redis.Incr("hits"))
	name := fairlead.Queue(p, redis.Get("nobody"))
	if err := p.Exec(ctx); err != nil { // a *PipeError about the first command that failed; never Nil
		return err
	}
	n, err := hits.Result() // 1
	s, err := name.Result() // "", fairlead.Nil
	// end
	fmt.Println(n, s)
	return ignoreNil(err)
}

func watch(ctx context.Context, c *fairlead.Client) error {
	// begin watch
	err := c.Watch(ctx, func(tx *fairlead.Tx) error { // again after a conflict, up to 64 times
		n, err := fairlead.As[int](tx.Get(ctx, "stock"))
		if err != nil && err != fairlead.Nil {
			return err
		}
		fairlead.Queue(tx, redis.Set("stock", n+1, 0)) // runs when the function has returned
		return nil
	}, "stock")
	// end
	return err
}

func blocking(ctx context.Context, c *fairlead.Client) error {
	// begin blocking
	kv, err := c.BLPop(ctx, 5*time.Second, "jobs", "more jobs") // fairlead.Nil after 5 s
	job := kv.Value
	// end
	fmt.Println(job)
	return err
}

func scan(ctx context.Context, c *fairlead.Client) error {
	// begin scan
	for key, err := range c.Keys(ctx, redis.ScanArgs{Match: "user:*", Count: 100}) {
		if err != nil {
			return err
		}
		fmt.Println(key)
	}
	// end
	return nil
}

// begin script
var take = redis.NewScript(`
	local n = tonumber(redis.call("GET", KEYS[1]) or "0")
	if n < tonumber(ARGV[1]) then return -1 end
	return redis.call("DECRBY", KEYS[1], ARGV[1])`)

func takeStock(ctx context.Context, c *fairlead.Client, n int) (int, error) {
	return fairlead.As[int](take.Run(ctx, c, []string{"stock"}, n)) // EVALSHA; with the source where the server lacks it
}

// end

func pubsub(ctx context.Context, c *fairlead.Client) error {
	// begin pubsub
	sub, err := c.Subscribe(ctx, "news") // returns when the server has confirmed
	if err != nil {
		return err
	}
	defer sub.Close()
	_, err = c.Publish(ctx, "news", "hello")
	for m, err := range sub.Messages(ctx) {
		if errors.Is(err, fairlead.ErrGap) {
			continue // the connection was lost: messages may be missing here
		}
		if err != nil {
			return err
		}
		fmt.Println(m.Channel, m.Payload)
		break
	}
	// end
	return err
}

func streams(ctx context.Context, c *fairlead.Client) error {
	// begin streams
	_, err := c.XAdd(ctx, redis.XAddArgs{Stream: "orders", Values: map[string]string{"item": "bolt"}})
	args := fairlead.ConsumeArgs{Group: "packers", Consumer: "ada", Streams: []string{"orders"}, CreateFrom: "0"}
	for m, err := range c.Consume(ctx, args) {
		if err != nil {
			log.Print(err)
			continue // the loop goes on where it can, and ends where it cannot
		}
		fmt.Println(m.Values["item"])
		err = m.Ack(ctx)
		break
	}
	// end
	return err
}

func ignoreNil(err error) error {
	if err == fairlead.Nil {
		return nil
	}
	return err
}
