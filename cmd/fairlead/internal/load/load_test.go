package load

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"github.com/fairlead-go/fairlead"
	"github.com/fairlead-go/fairlead/cmd/fairlead/internal/latency"
	"github.com/fairlead-go/fairlead/redistest"
)

func TestMain(m *testing.M) { redistest.Main(m) }

// newRunner returns a runner for a server that answers GET at once.
func newRunner(t *testing.T, o Options) *runner {
	t.Helper()
	fake := redistest.NewFake(t, func(c *redistest.FakeConn) {
		c.AnswerHandshake()
		c.Serve(func([]string) string { return "$3\r\nvvv\r\n" })
	})
	client, err := fairlead.Open(fake.URL())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { client.Close() })
	return &runner{options: o, client: client, keys: newKeys(&o), latencies: latency.NewRecorder(), began: time.Now()}
}

// A command that became due while all goroutines were busy counts from then: what held them up cannot hide.
func TestLatencyCountsFromTheDueTime(t *testing.T) {
	t.Parallel()
	r := newRunner(t, Options{Goroutines: 1, Rate: 10, Keys: 1, ValueSize: 3, Pipeline: 1, Duration: time.Minute, ReadRatio: 1})
	r.began = time.Now().Add(-time.Second) // the goroutine comes free a second after the beginning
	rounds := make(chan time.Duration, 2)
	rounds <- 0
	rounds <- 400 * time.Millisecond
	close(rounds)
	r.open(t.Context(), rounds)
	s := r.latencies.Summary()
	if s.Count != 2 || s.Max < time.Second || s.P50 < 600*time.Millisecond || s.P50 > 900*time.Millisecond {
		t.Errorf("%d latencies, p50 %v, max %v, want one of 600 ms and one of a second, and a little more", s.Count, s.P50, s.Max)
	}
	if r.begun.Load() != 2 || r.commands.Load() != 2 || r.failures.Total() != 0 {
		t.Errorf("%d begun, %d answered, %d failed", r.begun.Load(), r.commands.Load(), r.failures.Total())
	}
}

// What is due and not begun when the time is over is begun by nobody, and counted.
func TestLateRounds(t *testing.T) {
	t.Parallel()
	r := newRunner(t, Options{Goroutines: 1, Rate: 100, Keys: 1, ValueSize: 3, Pipeline: 5, Duration: time.Second, ReadRatio: 1})
	r.began = time.Now().Add(-time.Second)
	rounds := make(chan time.Duration, 1)
	rounds <- 950 * time.Millisecond
	close(rounds)
	r.open(t.Context(), rounds)
	if r.begun.Load() != 0 || r.late() != 100 {
		t.Errorf("%d rounds begun and %d commands late, want none and all 100", r.begun.Load(), r.late())
	}
}

// Rounds are spread evenly; a pipe of five at 100 commands per second is due every 50 ms.
func TestPace(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		o := Options{Rate: 100, Pipeline: 5, Duration: 180 * time.Millisecond}
		r := &runner{options: o, began: time.Now()}
		rounds := make(chan time.Duration, 10)
		go r.pace(t.Context(), rounds)
		for _, want := range []time.Duration{0, 50 * time.Millisecond, 100 * time.Millisecond, 150 * time.Millisecond} {
			if due, more := <-rounds; due != want || !more {
				t.Errorf("due %v, %v, want %v", due, more, want)
			}
		}
		if due, more := <-rounds; more {
			t.Errorf("a round is due at %v, after the end", due)
		}
	})
}

func TestPaceEndsWithTheContext(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		r := &runner{options: Options{Rate: 0.001, Pipeline: 1, Duration: time.Hour}, began: time.Now()}
		rounds := make(chan time.Duration, 1)
		go r.pace(ctx, rounds)
		<-rounds // the first is due at once, the second in a quarter of an hour
		cancel()
		if _, more := <-rounds; more {
			t.Error("another round after the context has ended")
		}
	})
}
