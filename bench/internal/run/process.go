package run

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"github.com/fairlead-go/fairlead/bench/internal/driver"
	"github.com/fairlead-go/fairlead/bench/internal/machine"
	"github.com/fairlead-go/fairlead/bench/internal/plan"
	"github.com/fairlead-go/fairlead/bench/internal/sample"
	"github.com/fairlead-go/fairlead/bench/internal/score"
	"github.com/fairlead-go/fairlead/bench/internal/worker"
	"github.com/fairlead-go/fairlead/redistest"
)

// patience is how long a worker may take beyond its window, for opening and closing thousands of connections.
const patience = 30 * time.Second

// one lets one worker process make one measurement.
func (r *runner) one(ctx context.Context, server *redistest.Server, j job, d driver.Info, round int) (sample.Sample, error) {
	spec, err := r.spec(ctx, server, j, d, round)
	if err != nil {
		return nil, err
	}
	serverCPU, clientCPU, err := r.cpus(j.place)
	if err != nil {
		return nil, err
	}
	return runWorker(ctx, spec, serverCPU, clientCPU)
}

// spec is what a worker is told.
func (r *runner) spec(ctx context.Context, server *redistest.Server, j job, d driver.Info, round int) (worker.Spec, error) {
	window := j.scenario.WindowOf(j.cell)
	if r.Whole == 0 || j.cell.Goroutines < r.Whole {
		window = time.Duration(r.Scale * float64(window))
	}
	spec := worker.Spec{Driver: d.Name, Cell: j.cell, Server: r.servers.config(server, j.cell.Unix), Warm: r.Warm, Window: window}
	if r.ProfileDir != "" && round == 0 {
		name := strings.Join([]string{j.scenario.ID, j.cell.Name, j.place, d.Name}, "-") + ".pprof"
		spec.Profile = filepath.Join(r.ProfileDir, strings.NewReplacer(" ", "_", "/", "_").Replace(name))
	}
	if j.cell.HalfRate {
		var err error
		if spec.Cell.Rate, err = r.halfRate(ctx, server, j.place); err != nil {
			return spec, err
		}
	}
	return spec, nil
}

// halfRate is half of what fairlead reaches with 512 goroutines, measured once.
func (r *runner) halfRate(ctx context.Context, server *redistest.Server, place string) (int, error) {
	if rate := r.half[place]; rate > 0 {
		return rate, nil
	}
	d, _ := driver.Named(score.Ours)
	j := job{&plan.Scenario{ID: "maximum"}, plan.Cell{Op: plan.Get, Goroutines: 512, Window: 200 * time.Millisecond}, place}
	var rates []float64
	for range 3 {
		s, err := r.one(ctx, server, j, d, 1)
		if err != nil {
			return 0, fmt.Errorf("measuring the maximum: %w", err)
		}
		rates = append(rates, s[sample.Rate])
	}
	r.half[place] = int(score.Median(rates) / 2)
	return r.half[place], nil
}

// runWorker starts a worker, paces it if it wants that, and reads its sample.
func runWorker(ctx context.Context, spec worker.Spec, serverCPU, clientCPU int) (sample.Sample, error) {
	program, err := os.Executable()
	if err != nil {
		return nil, err
	}
	text, err := json.Marshal(spec)
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeout(ctx, patience+spec.Warm+spec.Window)
	defer cancel()
	cmd := exec.CommandContext(ctx, program)
	cmd.Env = append(os.Environ(), worker.Variable+"="+string(text))
	cmd.Cancel = func() error { return cmd.Process.Signal(syscall.SIGQUIT) } // leaves its stacks on standard error
	cmd.WaitDelay = 2 * time.Second
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	stdin, err := cmd.StdinPipe()
	if err != nil {
		return nil, err
	}
	if err := machine.Pinned(clientCPU, cmd.Start); err != nil {
		return nil, err
	}
	reply, err := converse(stdout, stdin, spec, serverCPU)
	if waited := cmd.Wait(); reply.Err == "" && reply.Sample == nil {
		return nil, fmt.Errorf("the worker ended without a sample: %v: %.2000s", errors.Join(err, waited, ctx.Err()), stderr.String())
	}
	if reply.Err != "" {
		return nil, errors.New(reply.Err)
	}
	return reply.Sample, nil
}

// converse tells the worker when requests are due, if it asks, and returns its last line.
func converse(out io.Reader, in io.WriteCloser, spec worker.Spec, serverCPU int) (reply worker.Reply, err error) {
	for lines := bufio.NewScanner(out); lines.Scan(); {
		if lines.Text() == worker.Ready {
			paced := make(chan struct{})
			go func() { // a goroutine of its own, as its thread is bound to a CPU; it ends when the window does
				pace(in, spec.Cell.Rate, spec.Warm+spec.Window, serverCPU)
				close(paced)
			}()
			<-paced
			continue
		}
		err = json.Unmarshal(lines.Bytes(), &reply)
	}
	return reply, err
}
