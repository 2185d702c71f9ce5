package latency_test

import (
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/fairlead-go/fairlead/cmd/fairlead/internal/latency"
)

func TestSummaryOfManyGoroutines(t *testing.T) {
	t.Parallel()
	r := latency.NewRecorder()
	var all sync.WaitGroup
	for range 10 {
		all.Go(func() {
			for i := 1; i <= 1000; i++ {
				r.Record(time.Duration(i) * time.Microsecond)
			}
		})
	}
	all.Wait()
	s := r.Summary()
	if s.Count != 10_000 {
		t.Errorf("Count = %d, want 10000: ten goroutines recorded a thousand each", s.Count)
	}
	for _, p := range []struct {
		name      string
		got, want time.Duration
	}{
		{"P50", s.P50, 500 * time.Microsecond},
		{"P90", s.P90, 900 * time.Microsecond},
		{"P99", s.P99, 990 * time.Microsecond},
		{"P999", s.P999, 999 * time.Microsecond},
		{"Max", s.Max, 1000 * time.Microsecond},
	} {
		if p.got < p.want || p.got > p.want+p.want/500 { // three digits are kept, rounded up
			t.Errorf("%s = %v, want %v", p.name, p.got, p.want)
		}
	}
}

func TestEndlessCallCountsAsTheLongest(t *testing.T) {
	t.Parallel()
	r := latency.NewRecorder()
	r.Record(time.Hour)
	r.Record(-time.Second) // a clock that went backwards is no reason to lose a call
	if s := r.Summary(); s.Count != 2 || s.Max < 10*time.Minute || s.Max > 11*time.Minute {
		t.Errorf("Count = %d and Max = %v, want both calls, the longer one as ten minutes", s.Count, s.Max)
	}
}

func TestBars(t *testing.T) {
	t.Parallel()
	r := latency.NewRecorder()
	for range 40 {
		r.Record(5 * time.Microsecond)
	}
	for range 20 {
		r.Record(9 * time.Microsecond)
	}
	r.Record(40 * time.Microsecond)
	var out strings.Builder
	if err := r.Summary().WriteBars(&out); err != nil {
		t.Fatal(err)
	}
	want := "   4.00 µs – 8.00 µs            40  " + strings.Repeat("█", 40) + "\n" +
		"   8.00 µs – 16.0 µs            20  " + strings.Repeat("█", 20) + "\n" +
		"   16.0 µs – 32.0 µs             0  \n" + // no call took so long; the line stays, so that the scale is even
		"   32.0 µs – 64.0 µs             1  █\n" // 1 of 40 is a bar of one character, not of none
	if out.String() != want {
		t.Errorf("got:\n%swant:\n%s", out.String(), want)
	}
}

func TestNothingRecorded(t *testing.T) {
	t.Parallel()
	var out strings.Builder
	s := latency.NewRecorder().Summary()
	if err := s.WriteBars(&out); err != nil || out.Len() != 0 || s.Count != 0 || s.Max != 0 {
		t.Errorf("without calls: %+v and %q, error %v; want zeros and no line", s, out.String(), err)
	}
}
