package run

import (
	"context"
	"os"
	"time"

	"github.com/fairlead-go/fairlead/bench/internal/driver"
	"github.com/fairlead-go/fairlead/bench/internal/machine"
	"github.com/fairlead-go/fairlead/bench/internal/sample"
)

// undisturbed takes a sample, and takes it again if other processes used much CPU meanwhile, as long as r.Wait lasts.
func (r *runner) undisturbed(ctx context.Context, j job, d driver.Info, round int) (sample.Sample, error) {
	const tries = 4
	server, err := r.servers.at(ctx, j.place)
	if err != nil {
		return nil, err
	}
	for try := 1; ; try++ {
		before, began := r.othersCPU(), time.Now()
		s, err := r.one(ctx, server, j, d, round)
		if err != nil {
			return nil, err
		}
		s[sample.Disturbance] = (r.othersCPU() - before) / time.Since(began).Seconds()
		if !s.Disturbed() || try == tries || r.Wait <= 0 || time.Now().After(r.deadline) {
			return s, nil
		}
		r.awaitQuiet(ctx)
		r.Wait -= time.Since(began)
	}
}

// awaitQuiet waits until other processes leave the machine alone.
func (r *runner) awaitQuiet(ctx context.Context) {
	const step, quiet = 500 * time.Millisecond, 0.05 // CPUs
	for end := time.Now().Add(r.Wait); time.Now().Before(end) && ctx.Err() == nil; {
		before := r.othersCPU()
		time.Sleep(step)
		if r.othersCPU()-before < quiet*step.Seconds() {
			return
		}
	}
}

// othersCPU is what processes have used that are no part of this run. Workers are over when it is asked, and so part of this
// process.
func (r *runner) othersCPU() float64 {
	return machine.OtherCPU(append(r.servers.pids(), os.Getpid())...)
}
