package fairlead_test

import (
	"context"
	"errors"
	"fmt"

	"github.com/fairlead-go/fairlead"
	"github.com/fairlead-go/fairlead/redis"
)

func ExampleClient_Subscribe() {
	ctx := context.Background()
	c, err := fairlead.Open(serverURL())
	if err != nil {
		fmt.Println(err)
		return
	}
	defer c.Close()

	sub, err := c.Subscribe(ctx, "example:news") // returns when the server has confirmed
	if err != nil {
		fmt.Println(err)
		return
	}
	defer sub.Close()
	for _, payload := range []string{"first", "last"} {
		if _, err := c.Publish(ctx, "example:news", payload); err != nil {
			fmt.Println(err)
			return
		}
	}
	for m, err := range sub.Messages(ctx) {
		var gap *fairlead.GapError
		switch {
		case errors.As(err, &gap):
			fmt.Println("look what was changed since", gap.Since) // the connection was lost; the loop goes on
			continue
		case err != nil:
			fmt.Println(err)
			return
		}
		fmt.Println(m.Channel, m.Payload)
		if m.Payload == "last" {
			break
		}
	}
	// Output:
	// example:news first
	// example:news last
}

func ExampleClient_SubscribeKeyEvents() {
	ctx := context.Background()
	c, err := fairlead.Open(serverURL())
	if err != nil {
		fmt.Println(err)
		return
	}
	defer c.Close()

	// The server publishes events of keys only if it is told to, for all its users.
	if err := c.ConfigSet(ctx, "notify-keyspace-events", "K$g"); err != nil {
		fmt.Println(err)
		return
	}
	events, err := c.SubscribeKeyEvents(ctx, "example:user:*")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer events.Close()
	p := c.Pipeline()
	fairlead.Queue(p, redis.Set("example:user:1", "Ada", 0))
	fairlead.Queue(p, redis.Del("example:user:1"))
	if err := p.Exec(ctx); err != nil {
		fmt.Println(err)
		return
	}
	for range 2 {
		e, err := events.Receive(ctx)
		fmt.Println(e.Key, e.Event, err)
	}
	// Output:
	// example:user:1 set <nil>
	// example:user:1 del <nil>
}
