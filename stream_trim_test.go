package fairlead_test

import (
	"context"
	"fmt"
	"strconv"
	"testing"

	"github.com/fairlead-go/fairlead"
	"github.com/fairlead-go/fairlead/redis"
)

// filled makes a stream of n entries with the ids 1-0 to n-0.
func filled(t *testing.T, c *fairlead.Client, n int) string {
	t.Helper()
	stream := newKey(t)
	p := c.Pipeline()
	for i := range n {
		fairlead.Queue(p, redis.XAdd(redis.XAddArgs{Stream: stream, ID: fmt.Sprintf("%d-0", i+1), Values: []any{"n", i + 1}}))
	}
	must(t, p.Exec(background))
	return stream
}

// readBy delivers the next n entries to a consumer of a group.
func readBy(t *testing.T, c *fairlead.Client, stream, group string, n int64) []redis.XMessage {
	t.Helper()
	streams, err := c.XReadGroup(background, redis.XReadGroupArgs{Group: group, Consumer: "ann", Streams: []string{stream}, ID: ">", Count: n})
	must(t, err)
	return streams[0].Messages
}

func TestTrimAcknowledged(t *testing.T) {
	eachProtocol(t, func(t *testing.T, c *fairlead.Client) {
		stream := filled(t, c, 1000)
		trim := func(what string, least, most int64) {
			t.Helper()
			_, err := c.TrimAcknowledged(background, stream)
			must(t, err)
			left, err := c.XLen(background, stream)
			must(t, err)
			if left < least || left > most {
				t.Errorf("%s: %d entries are left, want %d, and at most a block of them (100) more", what, left, least)
			}
		}
		trim("without a group", 1000, 1000)

		must(t, c.XGroupCreate(background, stream, "fast", "0"))
		trim("a group that has read nothing", 1000, 1000)

		fast := readBy(t, c, stream, "fast", 700)
		trim("a group that has acknowledged nothing", 1000, 1000)

		for _, m := range fast[:500] {
			_, err := c.XAck(background, stream, "fast", m.ID)
			must(t, err)
		}
		trim("500 acknowledged, 501-0 pending", 500, 600)

		for _, m := range fast[501:] {
			_, err := c.XAck(background, stream, "fast", m.ID)
			must(t, err)
		}
		trim("501-0 is still pending", 500, 600)

		must(t, c.XGroupCreate(background, stream, "slow", "600-0"))
		_, err := c.XAck(background, stream, "fast", "501-0")
		must(t, err)
		trim("another group has still to read 601-0", 400, 500)

		for _, m := range readBy(t, c, stream, "slow", 1000) {
			_, err := c.XAck(background, stream, "slow", m.ID)
			must(t, err)
		}
		trim("the first one has still to read 701-0", 300, 400)

		_, err = c.TrimAcknowledged(background, newKey(t))
		says(t, err, "no such key")
	})
}

// TestTrimBesideConsumers: three consumers of two groups work while the stream is trimmed all the time. Every entry reaches both
// groups.
func TestTrimBesideConsumers(t *testing.T) {
	eachProtocol(t, func(t *testing.T, c *fairlead.Client) {
		const n = 2000
		stream := newKey(t)
		must(t, c.XGroupCreateMkStream(background, stream, "a", "0"))
		must(t, c.XGroupCreate(background, stream, "b", "0"))
		ctx, cancel := context.WithCancel(background)
		defer cancel()
		type seen struct{ group, n string }
		handled := make(chan seen)
		for i, group := range []string{"a", "a", "b"} {
			go func() {
				args := fairlead.ConsumeArgs{Group: group, Consumer: strconv.Itoa(i), Streams: []string{stream}, AutoAck: true, Count: 10}
				for m, err := range c.Consume(ctx, args) {
					if ctx.Err() == nil {
						must(t, err)
						handled <- seen{group, m.Values["n"]}
					}
				}
			}()
		}
		failed := make(chan error, 1)
		go func() {
			for i := range n {
				if _, err := c.XAdd(ctx, redis.XAddArgs{Stream: stream, Values: []any{"n", i}}); err != nil {
					failed <- err
					return
				}
				if i%10 == 0 {
					if _, err := c.TrimAcknowledged(ctx, stream); err != nil {
						failed <- err
						return
					}
				}
			}
			failed <- nil
		}()
		all := map[seen]bool{}
		for len(all) < 2*n {
			all[<-handled] = true
		}
		must(t, <-failed)
		added, err := c.XInfoStream(background, stream)
		must(t, err)
		is(t, "the trimming had something to do", added.Length < n, true)
	})
}
