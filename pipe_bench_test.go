package fairlead_test

import (
	"fmt"
	"testing"

	"github.com/fairlead-go/fairlead"
	"github.com/fairlead-go/fairlead/redis"
	"github.com/fairlead-go/fairlead/redistest"
)

func BenchmarkPipe100(b *testing.B)  { benchmarkPipe(b, 100) }
func BenchmarkPipe1000(b *testing.B) { benchmarkPipe(b, 1000) }

// benchmarkPipe sends n SETs in one pipe per iteration; it shows the cost of each of them, too.
func benchmarkPipe(b *testing.B, n int) {
	c, err := fairlead.Open("redis://" + redistest.Default(b).Addr())
	if err != nil {
		b.Fatal(err)
	}
	defer c.Close()
	keys := make([]string, n)
	for i := range keys {
		keys[i] = fmt.Sprintf("pipe:%d", i)
	}
	b.ReportAllocs()
	for b.Loop() {
		p := c.Pipeline()
		for _, key := range keys {
			fairlead.Queue(p, redis.Set(key, "sixteen bytes ..", 0))
		}
		if err := p.Exec(background); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*n), "ns/command")
}
