// Package latency collects how long many goroutines' calls took, and says what came of it.
package latency

import (
	"math/rand/v2"
	"sync"
	"time"

	"github.com/HdrHistogram/hdrhistogram-go"
)

const (
	longest = 10 * time.Minute // what takes longer counts as this
	digits  = 3                // decimal digits that a recorded value keeps
	shards  = 16               // histograms that goroutines are spread over, so that they rarely meet at a lock
)

// A Recorder collects latencies. It is safe for concurrent use; make one with NewRecorder.
type Recorder struct{ shards [shards]shard }

type shard struct {
	mu        sync.Mutex // guards histogram
	histogram *hdrhistogram.Histogram
}

// NewRecorder returns an empty Recorder.
func NewRecorder() *Recorder {
	r := new(Recorder)
	for i := range r.shards {
		r.shards[i].histogram = newHistogram()
	}
	return r
}

func newHistogram() *hdrhistogram.Histogram { return hdrhistogram.New(1, int64(longest), digits) }

// Record adds one latency, with three digits kept of it.
func (r *Recorder) Record(d time.Duration) {
	s := &r.shards[rand.IntN(shards)]
	s.mu.Lock()
	defer s.mu.Unlock()
	_ = s.histogram.RecordValue(int64(min(max(d, 0), longest))) // fails only beyond longest
}

// Summary returns what was recorded so far.
func (r *Recorder) Summary() Summary {
	all := newHistogram()
	for i := range r.shards {
		s := &r.shards[i]
		s.mu.Lock()
		all.Merge(s.histogram)
		s.mu.Unlock()
	}
	at := func(percent float64) time.Duration { return time.Duration(all.ValueAtPercentile(percent)) }
	return Summary{
		Count: all.TotalCount(),
		P50:   at(50), P90: at(90), P99: at(99), P999: at(99.9), Max: time.Duration(all.Max()),
		histogram: all,
	}
}

// A Summary says which latency how many calls stayed within. Without calls all is zero.
type Summary struct {
	Count                    int64
	P50, P90, P99, P999, Max time.Duration

	histogram *hdrhistogram.Histogram
}
