package worker

import (
	"context"
	"testing"
	"time"

	"github.com/fairlead-go/fairlead/bench/internal/driver"
	"github.com/fairlead-go/fairlead/bench/internal/plan"
)

// idler answers at once.
type idler struct {
	driver.Client
	values [][]byte
	next   int
}

func (c *idler) Get(context.Context, string) ([]byte, error) {
	value := c.values[c.next]
	if c.next++; c.next == len(c.values) {
		c.next = 0
	}
	return value, nil
}

// BenchmarkHarness is what the harness itself adds to every operation of every driver.
func BenchmarkHarness(b *testing.B) {
	w, cancel := newWork(plan.Cell{Op: plan.Get})
	defer cancel()
	c := &idler{}
	for _, value := range w.getKeys.FirstValues(w.getKeys.Len()) {
		c.values = append(c.values, []byte(value))
	}
	f := w.of(c, 0)
	var latency histogram
	began := time.Now()
	last := time.Duration(0)
	for i := 0; b.Loop(); i++ {
		if err := f(i); err != nil {
			b.Fatal(err)
		}
		now := time.Since(began)
		latency.add(0, int64(now-last))
		last = now
	}
}
