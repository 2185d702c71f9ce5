package worker

import (
	"math/bits"
	"sync/atomic"
)

const (
	precision = 6  // bits: 64 buckets per power of two, so that a quantile is at most 1.6 % too high
	longest   = 42 // bits of the longest time, 73 minutes
	shards    = 8  // so that goroutines seldom write to the same place
)

// histogram counts nanoseconds. The zero value is ready; any goroutine may add.
type histogram [shards][(longest - precision) << precision]atomic.Uint32

func (h *histogram) add(shard int, ns int64) {
	h[shard%shards][min(bucket(ns), len(h[0])-1)].Add(1)
}

// bucket is exact below 1<<precision, and log-linear above.
func bucket(ns int64) int {
	ns = max(ns, 0)
	if ns < 1<<precision {
		return int(ns)
	}
	exponent := bits.Len64(uint64(ns)) - precision - 1
	return exponent<<precision + int(ns>>exponent)
}

// highest is the highest number of nanoseconds in a bucket.
func highest(bucket int) int64 {
	if bucket < 1<<precision {
		return int64(bucket)
	}
	exponent := bucket>>precision - 1
	return int64(bucket-exponent<<precision+1)<<exponent - 1
}

// quantile returns the upper bound in µs of the bucket that holds it.
func (h *histogram) quantile(q float64) float64 {
	var counts [len(h[0])]uint64
	var total, seen uint64
	for shard := range h {
		for b := range counts {
			n := uint64(h[shard][b].Load())
			counts[b] += n
			total += n
		}
	}
	for b, n := range counts {
		if seen += n; seen > 0 && float64(seen) >= q*float64(total) {
			return float64(highest(b)) / 1e3
		}
	}
	return 0
}
