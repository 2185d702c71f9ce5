// Package left has what is left to a person. Each such line says why.
package left

import (
	"context"
	"fmt"
	"time"

	"github.com/redis/go-redis/v9"
)

type store struct {
	rdb  redis.Cmdable // left: nothing that is the same
	pipe redis.Pipeliner
}

func options(lifetime time.Duration) *redis.Client {
	opt := &redis.Options{
		Addr:                  "localhost:6379",
		OnConnect:             nil,             // left: no such option
		ReadTimeout:           time.Second,     // the two timeouts differ
		WriteTimeout:          2 * time.Second, // left: one Timeout
		ConnMaxLifetime:       -1,              // left: negative value
		ContextTimeoutEnabled: lifetime > 0,    // left: it is not needed
	}
	opt.MaxActiveConns = 3 // left: no such option
	return redis.NewClient(opt)
}

func values(ctx context.Context, rdb *redis.Client, v interface{}, d time.Duration, vs []interface{}) {
	rdb.Set(ctx, "k", v, 0)    // left: no string, []byte, integer, float or bool
	rdb.Set(ctx, "k", d, 0)    // left: no string, []byte, integer, float or bool
	rdb.Set(ctx, "k", nil, 0)  // left: no string, []byte, integer, float or bool
	rdb.LPush(ctx, "k", vs...) // left: may hold values
	ws := []interface{}{"a", 1}
	first := &ws[0]
	*first = d
	rdb.LPush(ctx, "k", ws...)                  // left: may hold values
	rdb.HSet(ctx, "k", struct{ A string }{"a"}) // left: no string, []byte, integer, float or bool
	rdb.ZAdd(ctx, "k", redis.Z{Member: 1.5})
	rdb.ZAdd(ctx, "k", redis.Z{Member: v}) // left: not of the type
}

func results(ctx context.Context, rdb *redis.Client) {
	s, _ := rdb.Set(ctx, "k", "v", 0).Result() // left: no "OK"
	cmd := rdb.Get(ctx, "k")                   // left: the command is kept
	fmt.Println(s, cmd.Name())                 // left: method Result alone
	all, _ := rdb.MGet(ctx, "k").Result()      // left: redis.Optional[string]
	b, _ := rdb.Get(ctx, "k").Bool()           // left: no method Bool
	fmt.Println(all, b)
	n, _ := rdb.Eval(ctx, "return 1", nil).Result()     // left: resp.Reply
	kv := rdb.BLPop(ctx, time.Second, "k").Val()        // left: redis.KV
	info, _ := rdb.ClusterInfo(ctx).Result()            // left: redis.ClusterDetails
	rdb.DebugObject(ctx, "k")                           // left: no method of this name
	fmt.Println(n, kv, info, rdb.Do(ctx, "PING").Val()) // left: no rule
	fmt.Println(rdb.PoolStats().Hits)                   // left: no rule
}

func errors(err error) bool {
	return err == redis.ErrClosed || // left: == is false
		redis.HasErrorPrefix(err, "OOM") // left: no rule
}

func pipes(ctx context.Context, rdb *redis.Client) error {
	p := rdb.Pipeline() // left: more than once
	for range 3 {
		p.Incr(ctx, "k")
		p.Exec(ctx)
	}
	q := rdb.Pipeline() // left: more than one place
	q.Exec(ctx)
	q.Exec(ctx)
	s := store{pipe: rdb.Pipeline()}                                // left: no variable of its own
	s.pipe.Get(ctx, "k")                                            // left: the pipe is no variable
	name := p.Get(ctx, "k").Val()                                   // left: before the pipe is executed
	p.Do(ctx, "PING")                                               // left: no such method
	cmds, err := rdb.Pipelined(ctx, func(p redis.Pipeliner) error { // left: not the commands
		p.Incr(ctx, "k")
		return nil
	})
	fmt.Println(name, cmds, err)
	one := rdb.TxPipeline()
	one.Get(ctx, "k")
	_, err = one.Exec(ctx) // left: fails with redis.Nil
	return err
}

func flush(ctx context.Context, p redis.Pipeliner) {
	p.Exec(ctx) // left: comes from elsewhere
}

func watch(ctx context.Context, rdb *redis.Client) error {
	return rdb.Watch(ctx, func(tx *redis.Tx) error { // left: nobody seems to want that
		_, err := tx.TxPipelined(ctx, func(p redis.Pipeliner) error { // left: no rule
			p.Incr(ctx, "k")
			return nil
		})
		return err
	}, "k")
}

func streams(ctx context.Context, rdb *redis.Client, wait time.Duration) {
	rdb.XRead(ctx, &redis.XReadArgs{Streams: []string{"s", "$"}, Block: wait}) // left: 0 waits without end
	rdb.XRead(ctx, &redis.XReadArgs{Streams: []string{"s", "$"}, Block: -1})
}

func others(ctx context.Context, rdb *redis.Client) {
	rdb.Subscribe(ctx, "news")                  // left: no rule
	iter := rdb.Scan(ctx, 7, "*", 0).Iterator() // left: no method Iterator
	for iter.Next(ctx) {                        // left: no rule
		fmt.Println(iter.Val()) // left: no rule
	}
}
