package fairlead_test

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/fairlead-go/fairlead"
	"github.com/fairlead-go/fairlead/redis"
)

func ExampleCommands_Consume() {
	c, err := fairlead.Open(serverURL())
	if err != nil {
		panic(err)
	}
	defer c.Close()
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()

	const stream = "example:orders"
	for _, item := range []string{"rope", "anchor", "sail"} {
		if _, err := c.XAdd(ctx, redis.XAddArgs{Stream: stream, Values: []any{"item", item, "pieces", 2}}); err != nil {
			panic(err)
		}
	}
	type order struct {
		Item   string
		Pieces int
	}
	args := fairlead.ConsumeArgs{Group: "packing", Consumer: "packing-1", Streams: []string{stream}, CreateFrom: "0"}
	for m, err := range c.Consume(ctx, args) {
		if err != nil {
			fmt.Println(err) // the loop goes on where it can, and ends where it cannot
			continue
		}
		o, err := fairlead.As[order](m.Values, nil)
		if err != nil {
			fmt.Println(err)
			continue // it comes again after ConsumeArgs.MinIdle
		}
		fmt.Println(o.Pieces, o.Item, m.Deliveries)
		if err := m.Ack(ctx); err != nil {
			fmt.Println(err)
		}
		if o.Item == "sail" {
			break
		}
	}
	// Output:
	// 2 rope 1
	// 2 anchor 1
	// 2 sail 1
}

// An entry that was delivered too often is moved to another stream, in one step.
func ExampleDelivery() {
	c, err := fairlead.Open(serverURL())
	if err != nil {
		panic(err)
	}
	defer c.Close()
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()

	const stream, dead = "example:jobs", "example:jobs:dead"
	if _, err := c.XAdd(ctx, redis.XAddArgs{Stream: stream, Values: []string{"job", "divide by zero"}}); err != nil {
		panic(err)
	}
	args := fairlead.ConsumeArgs{
		Group: "workers", Consumer: "worker-1", Streams: []string{stream}, CreateFrom: "0",
		MinIdle: 10 * time.Millisecond, // so that this example does not take minutes
	}
	for m, err := range c.Consume(ctx, args) {
		if err != nil {
			panic(err)
		}
		if m.Deliveries <= 2 {
			fmt.Println("failed to", m.Values["job"])
			continue // not acknowledged: it comes again
		}
		p := c.TxPipeline()
		fairlead.Queue(p, redis.XAdd(redis.XAddArgs{Stream: dead, Values: m.Values}))
		fairlead.Queue(p, redis.XAck(stream, args.Group, m.ID))
		if err := p.Exec(ctx); err != nil {
			panic(err)
		}
		fmt.Println("put aside:", m.Values["job"])
		break
	}
	// Output:
	// failed to divide by zero
	// failed to divide by zero
	// put aside: divide by zero
}

// Entries are handled by several goroutines, at most four at a time.
func ExampleDelivery_Ack() {
	c, err := fairlead.Open(serverURL())
	if err != nil {
		panic(err)
	}
	defer c.Close()
	ctx, stop := context.WithTimeout(context.Background(), time.Minute)
	defer stop()

	const stream = "example:letters"
	for _, letter := range strings.Fields("a b c d e f g h") {
		if _, err := c.XAdd(ctx, redis.XAddArgs{Stream: stream, Values: []string{"letter", letter}}); err != nil {
			panic(err)
		}
	}
	var posted atomic.Int64
	var workers sync.WaitGroup
	free := make(chan struct{}, 4)
	args := fairlead.ConsumeArgs{Group: "post", Consumer: "post-1", Streams: []string{stream}, CreateFrom: "0", Count: 4}
	for m, err := range c.Consume(ctx, args) {
		if ctx.Err() != nil {
			break // the last error of the loop
		}
		if err != nil {
			panic(err)
		}
		free <- struct{}{} // while all are busy, nothing more is read
		workers.Go(func() {
			defer func() { <-free }()
			if posted.Add(1) == 8 {
				stop()
			}
			if err := m.Ack(context.WithoutCancel(ctx)); err != nil { // its work was done: it counts even if the loop has ended
				panic(err)
			}
		})
	}
	workers.Wait()
	pending, err := c.XPending(context.Background(), stream, "post")
	fmt.Println(posted.Load(), "posted,", pending.Count, "pending", err)
	// Output: 8 posted, 0 pending <nil>
}
