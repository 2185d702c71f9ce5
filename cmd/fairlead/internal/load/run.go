package load

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"time"

	"github.com/fairlead-go/fairlead"
	"github.com/fairlead-go/fairlead/cmd/fairlead/internal/failure"
	"github.com/fairlead-go/fairlead/cmd/fairlead/internal/latency"
)

// Progress is how far a run is.
type Progress struct {
	Commands    int64 // answered as they should be
	Errors      int64
	Connections int // open now
}

// A runner is one run of a load.
type runner struct {
	options   Options
	client    *fairlead.Client
	keys      keys
	latencies *latency.Recorder

	began    time.Time
	commands atomic.Int64
	wrong    atomic.Int64 // replies that were not what was set
	begun    atomic.Int64 // with a rate: rounds that somebody was free for
	failures failure.Tally
}

// Run writes the keys, puts the load on the server, removes the keys, and returns what was measured. show is called when
// the load begins, with a function that tells how far it is, and returns a function that is called when it ends.
//
// The error is one of writing or removing the keys, or the context's. What a command under load failed with is part of the Result.
func Run(ctx context.Context, client *fairlead.Client, o Options, show func(progress func() Progress) (hide func())) (*Result, error) {
	r := &runner{options: o, client: client, keys: newKeys(&o), latencies: latency.NewRecorder()}
	if _, err := client.Ping(ctx); err != nil && fairlead.NotRun(err) {
		return nil, err // without a connection there is nothing to write, and to remove
	}
	if err := r.keys.write(ctx, client); err != nil {
		return nil, errors.Join(err, r.keys.remove(ctx, client))
	}
	hide := show(r.progress)
	r.began = time.Now()
	r.load(ctx)
	elapsed := time.Since(r.began)
	hide()
	result := r.result(elapsed)
	return result, errors.Join(context.Cause(ctx), r.keys.remove(ctx, client))
}

func (r *runner) progress() Progress {
	return Progress{Commands: r.commands.Load(), Errors: r.failures.Total(), Connections: r.client.Pool().Stats().Open}
}

// load runs the goroutines until the time is over or the context ends.
func (r *runner) load(ctx context.Context) {
	var running sync.WaitGroup
	work := r.closed
	if r.options.Rate > 0 {
		rounds := make(chan time.Duration, waiting)
		running.Go(func() { r.pace(ctx, rounds) })
		work = func(ctx context.Context) { r.open(ctx, rounds) }
	}
	for range r.options.Goroutines {
		running.Go(func() { work(ctx) })
	}
	running.Wait()
}

// over reports whether the run has come to its end.
func (r *runner) over(ctx context.Context) bool {
	return ctx.Err() != nil || time.Since(r.began) >= r.options.Duration
}

// closed sends a round when the last one was answered.
func (r *runner) closed(ctx context.Context) {
	for !r.over(ctx) {
		r.round(ctx, time.Now())
	}
}

// open sends the rounds that are due. If all goroutines still wait for replies when one is due, it begins late; the
// wait is part of its latency, since that counts from when the round was due.
func (r *runner) open(ctx context.Context, rounds <-chan time.Duration) {
	for due := range rounds {
		if r.over(ctx) {
			continue // begun by nobody; the channel is emptied so that pace can end
		}
		r.begun.Add(1)
		r.round(ctx, r.began.Add(due))
	}
}

// failurePause keeps a goroutine whose commands fail at once from doing nothing else.
const failurePause = time.Millisecond

// round sends one round of commands and notes how they went.
func (r *runner) round(ctx context.Context, from time.Time) {
	failed := false
	r.call(ctx, func(err error) {
		switch {
		case err == nil:
			r.commands.Add(1)
		case ctx.Err() != nil: // it failed because the run was interrupted
			failed = true
		default:
			failed = true
			if _, wrong := err.(wrongReply); wrong {
				r.wrong.Add(1)
			}
			r.failures.Add(err)
		}
	})
	if !failed {
		r.latencies.Record(time.Since(from))
		return
	}
	pause := time.NewTimer(failurePause)
	defer pause.Stop()
	select {
	case <-pause.C:
	case <-ctx.Done():
	}
}
