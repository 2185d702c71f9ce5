package limit_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/fairlead-go/fairlead"
	"github.com/fairlead-go/fairlead/limit"
	"github.com/fairlead-go/fairlead/redistest"
)

// BenchmarkAllow is one question after the other; compare it with a script that does nothing.
func BenchmarkAllow(b *testing.B) {
	c, err := fairlead.Open(redistest.Default(b).URL())
	if err != nil {
		b.Fatal(err)
	}
	defer c.Close()
	l, err := limit.New(c, limit.Rate{Count: 1_000_000, Per: time.Second})
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := l.Allow(background, "bench:allow"); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkAllowBySixtyFour is as many goroutines over one connection.
func BenchmarkAllowBySixtyFour(b *testing.B) {
	c, err := fairlead.Open(redistest.Default(b).URL())
	if err != nil {
		b.Fatal(err)
	}
	defer c.Close()
	l, err := limit.New(c, limit.Rate{Count: 1_000_000, Per: time.Second})
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	b.SetParallelism(32) // for each of two processors
	b.RunParallel(func(pb *testing.PB) {
		for i := 0; pb.Next(); i++ {
			if _, err := l.Allow(background, fmt.Sprint("bench:allow:", i%100)); err != nil {
				b.Error(err)
				return
			}
		}
	})
}
