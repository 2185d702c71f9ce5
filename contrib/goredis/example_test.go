package goredis_test

import (
	"context"
	"fmt"
	"sync"

	"github.com/fairlead-go/fairlead"
	"github.com/fairlead-go/fairlead/contrib/goredis"
	"github.com/fairlead-go/fairlead/redistest"
	"github.com/redis/go-redis/v9"
)

// A client of go-redis, a hundred goroutines, and one connection to the server.
func ExampleOptions() {
	server, err := redistest.StartProcess(context.Background())
	if err != nil {
		fmt.Println(err)
		return
	}
	defer server.Close()
	c, err := fairlead.Open(server.URL())
	if err != nil {
		fmt.Println(err)
		return
	}
	defer c.Close()
	rdb := redis.NewClient(goredis.Options(c))
	defer rdb.Close()

	ctx := context.Background()
	var all sync.WaitGroup
	for range 100 {
		all.Go(func() {
			if err := rdb.Incr(ctx, "hits").Err(); err != nil {
				fmt.Println(err)
			}
		})
	}
	all.Wait()
	hits, err := rdb.Get(ctx, "hits").Int()
	fmt.Println(hits, err)
	fmt.Println(rdb.Get(ctx, "nothing").Err() == redis.Nil)
	fmt.Println(c.Pool().Stats().Open, "connection")
	// Output:
	// 100 <nil>
	// true
	// 1 connection
}
