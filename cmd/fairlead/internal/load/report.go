package load

import (
	"encoding/json"
	"fmt"
	"io"

	"github.com/fairlead-go/fairlead/cmd/fairlead/internal/failure"
	"github.com/fairlead-go/fairlead/cmd/fairlead/internal/figures"
)

// Write prints the result for people.
func (r *Result) Write(w io.Writer) error {
	o, l, s := &r.Options, &r.Latency, &r.Pool
	loop := "as fast as they are answered"
	if o.Rate > 0 {
		loop = fmt.Sprintf("%s due per second", figures.Count(int64(o.Rate)))
	}
	together := "each command by itself"
	if o.Pipeline > 1 {
		together = fmt.Sprintf("%d commands to a pipe", o.Pipeline)
	}
	_, err := fmt.Fprintf(w, `load         %s, %s for %s; %.0f %% GET, %s of %s, %s
commands     %s (%s/s)
latency      p50 %s   p90 %s   p99 %s   p99.9 %s   max %s
connections  peak %d of %d allowed, %d opened, %d held at the end
errors       %s
`,
		figures.Counted(int64(o.Goroutines), "goroutine"), loop, figures.Duration(o.Duration), 100*o.ReadRatio,
		figures.Counted(int64(o.Keys), "key"), figures.Counted(int64(o.ValueSize), "byte"), together,
		figures.Count(r.Commands), figures.Count(int64(r.PerSecond())),
		figures.Duration(l.P50), figures.Duration(l.P90), figures.Duration(l.P99), figures.Duration(l.P999), figures.Duration(l.Max),
		s.Peak, s.Limit, s.Dials, s.Open,
		figures.Count(r.Failed()))
	if err != nil {
		return err
	}
	if err := failure.WriteCounts(w, r.Failures); err != nil {
		return err
	}
	if r.Late > 0 {
		if _, err := fmt.Fprintf(w, "late         %s due and not begun when the time was over\n", figures.Counted(r.Late, "command")); err != nil {
			return err
		}
	}
	return l.WriteBars(w)
}

type resultJSON struct {
	Goroutines  int             `json:"goroutines"`
	Rate        float64         `json:"rate"`
	Keys        int             `json:"keys"`
	ValueSize   int             `json:"value_size"`
	Pipeline    int             `json:"pipeline"`
	ReadRatio   float64         `json:"read_ratio"`
	Seconds     float64         `json:"seconds"`
	Commands    int64           `json:"commands"`
	PerSecond   float64         `json:"commands_per_second"`
	P50         float64         `json:"p50_us"`
	P90         float64         `json:"p90_us"`
	P99         float64         `json:"p99_us"`
	P999        float64         `json:"p999_us"`
	Max         float64         `json:"max_us"`
	Peak        int             `json:"connections_peak"`
	Opened      int64           `json:"connections_opened"`
	Held        int             `json:"connections_held"`
	Errors      int64           `json:"errors"`
	ByKind      []failure.Count `json:"errors_by_kind"`
	WrongReply  int64           `json:"wrong_replies"`
	LateToBegin int64           `json:"late"`
}

// WriteJSON prints the result as one line of JSON.
func (r *Result) WriteJSON(w io.Writer) error {
	o, l := &r.Options, &r.Latency
	return json.NewEncoder(w).Encode(resultJSON{
		Goroutines: o.Goroutines, Rate: o.Rate, Keys: o.Keys, ValueSize: o.ValueSize, Pipeline: o.Pipeline, ReadRatio: o.ReadRatio,
		Seconds: r.Elapsed.Seconds(), Commands: r.Commands, PerSecond: r.PerSecond(),
		P50: figures.Micros(l.P50), P90: figures.Micros(l.P90), P99: figures.Micros(l.P99), P999: figures.Micros(l.P999), Max: figures.Micros(l.Max),
		Peak: r.Pool.Peak, Opened: r.Pool.Dials, Held: r.Pool.Open,
		Errors: r.Failed(), ByKind: r.Failures, WrongReply: r.Wrong, LateToBegin: r.Late,
	})
}
