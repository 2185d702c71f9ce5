package demo

import (
	"context"
	"fmt"
	"time"

	"github.com/fairlead-go/fairlead"
	"github.com/fairlead-go/fairlead/cmd/fairlead/internal/failure"
	"github.com/fairlead-go/fairlead/cmd/fairlead/internal/latency"
)

// A Report is what a demonstration has shown.
type Report struct {
	Server    string // product and version
	Killing   string // how it was killed
	Options   Options
	Elapsed   time.Duration
	Commands  int64           // that got their reply
	Latency   latency.Summary // of single commands, pipes and transactions, those that met the outage included
	Pool      fairlead.Stats  // of the client's pool, when the work had ended
	Failures  []failure.Count // by kind
	Recovered bool            // every kind of work succeeded again after the server had come back
	Recovery  time.Duration   // from the server's return to the first success
	AllAgain  time.Duration   // from the server's return until every kind of work had succeeded

	findings     []finding
	wrongReplies int64
	firstWrong   string
}

// RecoveryTarget is how soon after the server's return the first command is to succeed.
const RecoveryTarget = 200 * time.Millisecond

// report closes the client and compares the books with the server.
func (s *show) report(ctx context.Context, elapsed time.Duration) (*Report, error) {
	r := &Report{
		Server: s.server.name(), Killing: s.killing, Options: s.options, Elapsed: elapsed,
		Commands: s.commands.Load(), Latency: s.latencies.Summary(), Pool: s.pool.Stats(), Failures: s.stage.failures.Counts(),
	}
	r.Recovery, r.AllAgain, r.Recovered = s.stage.recovery.times()
	s.pool.Close()
	look, err := dialPlain(ctx, s.server.addr())
	if err != nil {
		return nil, fmt.Errorf("cannot check what the server holds: %w", err)
	}
	defer look.close()
	for _, j := range s.jobs {
		found, err := j.check(look)
		if err != nil {
			return nil, fmt.Errorf("cannot check %s: %w", j.title(), err)
		}
		r.findings = append(r.findings, found...)
	}
	r.wrongReplies, r.firstWrong = s.stage.wrong.seen()
	return r, nil
}

// Lost returns how many acknowledged changes the server does not hold.
func (r *Report) Lost() int64 { return r.sum(func(f *finding) int64 { return f.lost }) }

// Doubled returns how many changes the server holds more often than they were made.
func (r *Report) Doubled() int64 { return r.sum(func(f *finding) int64 { return f.doubled }) }

func (r *Report) sum(of func(*finding) int64) int64 {
	total := int64(0)
	for i := range r.findings {
		total += of(&r.findings[i])
	}
	return total
}

// Failed returns how many commands and transactions failed.
func (r *Report) Failed() int64 {
	total := int64(0)
	for _, c := range r.Failures {
		total += c.Count
	}
	return total
}

// Err returns a sentence about the worst that was found, or nil.
func (r *Report) Err() error {
	switch lost, doubled := r.Lost(), r.Doubled(); {
	case lost > 0 || doubled > 0:
		return fmt.Errorf("the books do not balance: %d acknowledged changes lost, %d made twice", lost, doubled)
	case r.wrongReplies > 0:
		return fmt.Errorf("%d replies cannot be right; the first: %s", r.wrongReplies, r.firstWrong)
	case !r.Recovered:
		return fmt.Errorf("not every kind of work succeeded again after the server had come back")
	}
	return nil
}
