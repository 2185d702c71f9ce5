package fairlead_test

import (
	"testing"

	"github.com/fairlead-go/fairlead"
	"github.com/fairlead-go/fairlead/redis"
	"github.com/fairlead-go/fairlead/redistest"
)

// BenchmarkConsume is what an entry costs that is in the stream already: read by the bare commands in batches of 100, by a loop
// that acknowledges by itself, and by one whose body acknowledges each.
func BenchmarkConsume(b *testing.B) {
	c, err := fairlead.Open(redistest.Default(b).URL())
	if err != nil {
		b.Fatal(err)
	}
	defer c.Close()
	b.Run("commands", func(b *testing.B) {
		args := redis.XReadGroupArgs{Group: "g", Consumer: "ann", Streams: []string{benchStream(b, c)}, ID: ">", Count: 100}
		for n := 0; n < b.N; {
			streams, err := c.XReadGroup(background, args)
			if err != nil {
				b.Fatal(err)
			}
			ids := make([]string, 0, args.Count)
			for _, m := range streams[0].Messages {
				ids = append(ids, m.ID)
			}
			if _, err := c.XAck(background, args.Streams[0], "g", ids...); err != nil {
				b.Fatal(err)
			}
			n += len(ids)
		}
	})
	b.Run("AutoAck", func(b *testing.B) { benchConsume(b, c, true) })
	b.Run("Ack", func(b *testing.B) { benchConsume(b, c, false) })
}

func benchConsume(b *testing.B, c *fairlead.Client, auto bool) {
	args := fairlead.ConsumeArgs{Group: "g", Consumer: "ann", Streams: []string{benchStream(b, c)}, AutoAck: auto}
	n := 0
	for m, err := range c.Consume(background, args) {
		if err == nil && !auto {
			err = m.Ack(background)
		}
		if err != nil {
			b.Fatal(err)
		}
		if n++; n == b.N {
			break
		}
	}
}

// benchStream makes a stream of b.N entries with a group, and starts the clock.
func benchStream(b *testing.B, c *fairlead.Client) string {
	b.Helper()
	const stream, batch = "bench:consume", 1000
	p := c.Pipeline()
	fairlead.Queue(p, redis.Del(stream))
	fairlead.Queue(p, redis.XGroupCreateMkStream(stream, "g", "0"))
	for n := 0; n < b.N; n += batch {
		for range min(batch, b.N-n) {
			fairlead.Queue(p, redis.XAdd(redis.XAddArgs{Stream: stream, Values: []string{"n", "1", "text", "some words"}}))
		}
		if err := p.Exec(background); err != nil {
			b.Fatal(err)
		}
		p = c.Pipeline()
	}
	b.ReportAllocs()
	b.ResetTimer()
	return stream
}
