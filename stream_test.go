package fairlead_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/fairlead-go/fairlead"
	"github.com/fairlead-go/fairlead/redis"
	"github.com/fairlead-go/fairlead/redistest"
)

// TestStreamConsumer: a consumer of a group waits for entries without end, gets them as they come and acknowledges them,
// until its context ends.
func TestStreamConsumer(t *testing.T) {
	eachMode(t, func(t *testing.T, c *fairlead.Client) {
		key := newKey(t)
		must(t, c.XGroupCreateMkStream(background, key, "g", "$"))
		ctx, stop := context.WithCancel(background)
		defer stop()
		ended := make(chan error, 1)
		got := make(chan string, 3)
		go func() {
			args := redis.XReadGroupArgs{Group: "g", Consumer: "ann", Streams: []string{key, ">"}, Block: redis.Forever}
			for {
				streams, err := c.XReadGroup(ctx, args)
				if err != nil {
					ended <- err
					return
				}
				for _, m := range streams[0].Messages {
					if _, err := c.XAck(ctx, key, "g", m.ID); err != nil {
						ended <- err
						return
					}
					got <- m.Values["n"]
				}
			}
		}()
		for _, n := range []string{"1", "2", "3"} {
			_, err := c.XAdd(background, redis.XAddArgs{Stream: key, Values: map[string]any{"n": n}})
			must(t, err)
			is(t, "what the consumer got", <-got, n)
		}
		redistest.Eventually(t, patience, "nothing is pending", func() bool {
			pending, err := c.XPending(background, key, "g")
			return err == nil && pending.Count == 0
		})
		stop()
		if err := <-ended; !errors.Is(err, context.Canceled) {
			t.Errorf("reading ended with %v, want context.Canceled", err)
		}
	})
}

// TestStreamReadAtOnce: without Block a read is a command like others: it does not wait and goes through a pipeline.
func TestStreamReadAtOnce(t *testing.T) {
	eachMode(t, func(t *testing.T, c *fairlead.Client) {
		key := newKey(t)
		ctx, cancel := context.WithTimeout(background, patience)
		defer cancel()
		if _, err := c.XReadStreams(ctx, key, "0"); err != fairlead.Nil {
			t.Errorf("reading a stream that is not there is %v, want Nil", err)
		}
		_, err := c.XRead(ctx, redis.XReadArgs{Streams: []string{key}, ID: "0", Block: time.Millisecond})
		if err != fairlead.Nil {
			t.Errorf("waiting for a moment is %v, want Nil", err)
		}
		p := c.Pipeline()
		id := fairlead.Queue(p, redis.XAdd(redis.XAddArgs{Stream: key, ID: "1-0", Values: []string{"n", "1"}}))
		read := fairlead.Queue(p, redis.XReadStreams(key, "0"))
		must(t, p.Exec(ctx))
		added, err := id.Result()
		must(t, err)
		is(t, "the id", added, "1-0")
		streams, err := read.Result()
		must(t, err)
		if len(streams) != 1 || streams[0].Stream != key || len(streams[0].Messages) != 1 || streams[0].Messages[0].Values["n"] != "1" {
			t.Errorf("the pipeline read %v", streams)
		}
	})
}

func ExampleCommands_XReadGroup() {
	c, err := fairlead.Open(serverURL())
	if err != nil {
		panic(err)
	}
	defer c.Close()
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()

	const stream, group = "example:readings", "archive"
	if err := c.XGroupCreateMkStream(ctx, stream, group, "$"); err != nil {
		panic(err)
	}
	if _, err := c.XAdd(ctx, redis.XAddArgs{Stream: stream, MaxLen: 10_000, Approx: true, Values: []any{"sensor", "attic", "degrees", 21.5}}); err != nil {
		panic(err)
	}
	streams, err := c.XReadGroup(ctx, redis.XReadGroupArgs{
		Group: group, Consumer: "archive-1", Streams: []string{stream, ">"}, Count: 100, Block: 5 * time.Second,
	})
	if err != nil { // Nil: nothing came in five seconds
		panic(err)
	}
	type reading struct {
		Sensor  string
		Degrees float64
	}
	for _, m := range streams[0].Messages {
		r, err := redis.Convert[reading](m.Values)
		fmt.Println(r.Sensor, r.Degrees, err)
		if _, err := c.XAck(ctx, stream, group, m.ID); err != nil {
			panic(err)
		}
	}
	// Output: attic 21.5 <nil>
}
