package load

import (
	"time"

	"github.com/fairlead-go/fairlead"
	"github.com/fairlead-go/fairlead/cmd/fairlead/internal/failure"
	"github.com/fairlead-go/fairlead/cmd/fairlead/internal/latency"
)

// A Result is what a run has measured.
type Result struct {
	Options  Options
	Elapsed  time.Duration
	Commands int64           // answered as they should be
	Wrong    int64           // replies that were not what was set; they are among the failures too
	Late     int64           // with a rate: commands that were due and not begun when the time was over
	Latency  latency.Summary // of each round, from when it was sent or, with a rate, due, until its last reply
	Failures []failure.Count
	Pool     fairlead.Stats // of the client's pool, at the end
}

func (r *runner) result(elapsed time.Duration) *Result {
	return &Result{
		Options: r.options, Elapsed: elapsed,
		Commands: r.commands.Load(), Wrong: r.wrong.Load(), Late: r.late(),
		Latency: r.latencies.Summary(), Failures: r.failures.Counts(), Pool: r.client.Pool().Stats(),
	}
}

// late counts the commands that were due within the duration and that no goroutine was free for.
func (r *runner) late() int64 {
	if r.options.Rate == 0 {
		return 0
	}
	all := int64(r.options.Duration.Seconds() * r.options.Rate)
	return max(0, all-r.begun.Load()*int64(r.options.Pipeline))
}

// PerSecond returns how many commands were answered per second.
func (r *Result) PerSecond() float64 { return float64(r.Commands) / r.Elapsed.Seconds() }

// Failed returns how many commands failed, wrong replies included.
func (r *Result) Failed() int64 {
	n := int64(0)
	for _, c := range r.Failures {
		n += c.Count
	}
	return n
}
