package load

import (
	"context"
	"time"
)

// waiting is how many rounds may be due and wait for a goroutine before pacing itself has to wait.
const waiting = 1 << 16

// pace says when each round is due, to whoever is free, until the time is over or the context ends. It closes rounds then.
func (r *runner) pace(ctx context.Context, rounds chan<- time.Duration) {
	defer close(rounds)
	for n := int64(0); ; n++ {
		due := r.due(n)
		if due >= r.options.Duration || !sleepUntil(ctx, r.began.Add(due)) {
			return
		}
		select {
		case rounds <- due:
		case <-ctx.Done():
			return
		}
	}
}

// due is when a round is due, counted from the beginning. It spreads the rounds evenly.
func (r *runner) due(round int64) time.Duration {
	return time.Duration(float64(round) * float64(r.options.Pipeline) / r.options.Rate * float64(time.Second))
}

// slack is how much too late a timer of the Go runtime may be: it counts in milliseconds while nothing else runs.
const slack = 2 * time.Millisecond

// sleepUntil waits for a moment, more exactly than a timer does, and reports false if the context ended first.
func sleepUntil(ctx context.Context, at time.Time) bool {
	if far := time.Until(at) - slack; far > 0 {
		timer := time.NewTimer(far)
		defer timer.Stop()
		select {
		case <-timer.C:
		case <-ctx.Done():
			return false
		}
	}
	if rest := time.Until(at); rest > 0 {
		nap(rest)
	}
	return ctx.Err() == nil
}
