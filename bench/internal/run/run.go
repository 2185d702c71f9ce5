// Package run makes a whole run: it starts servers and workers, round by round, and collects their samples.
package run

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/fairlead-go/fairlead/bench/internal/driver"
	"github.com/fairlead-go/fairlead/bench/internal/plan"
	"github.com/fairlead-go/fairlead/bench/internal/sample"
)

// Options say what is measured and how thoroughly.
type Options struct {
	Scenarios            []plan.Scenario
	Drivers              []driver.Info
	Rounds               int
	Pool                 int // connections of clients with a pool
	ClientCPU, ServerCPU int // of the pinned placements
	Warm                 time.Duration
	Scale                float64       // of the windows
	Whole                int           // goroutines from which on windows are not scaled; 0: all are
	Budget               time.Duration // no sample begins later
	Wait                 time.Duration // for waiting until the machine is quiet, and for repeating samples, in all
	Server               string        // the program; "" is the one found on PATH
	ProfileDir           string        // for CPU profiles of the first round; "" is none
	Progress             io.Writer     // a line for each scenario of each round
	Log                  io.Writer     // a line for each sample
}

// runner is one run under way. It belongs to one goroutine.
type runner struct {
	Options
	servers  *servers
	deadline time.Time
	half     map[string]int  // half of the maximum, by place
	hopeless map[string]bool // what said that it does not apply
	results  []sample.Result
}

// errBudget ends a run that has had its time.
var errBudget = errors.New("the time is up")

// Run measures everything, all drivers of a cell in a row, in an order that rotates. It returns what there is also with
// an error, which says why the run ended early.
func Run(ctx context.Context, o Options) ([]sample.Result, error) {
	r := &runner{Options: o, servers: newServers(&o), deadline: time.Now().Add(o.Budget),
		half: map[string]int{}, hopeless: map[string]bool{}}
	defer r.servers.close()
	for round := range o.Rounds {
		if err := r.round(ctx, round); errors.Is(err, errBudget) {
			return r.results, fmt.Errorf("stopped in round %d of %d after %v, as -budget says", round+1, o.Rounds, o.Budget)
		} else if err != nil {
			return r.results, err
		}
	}
	return r.results, nil
}

func (r *runner) round(ctx context.Context, round int) error {
	shown := ""
	for number, j := range jobs(r.Scenarios, round) {
		if heading := j.scenario.ID + " " + j.place; heading != shown {
			shown = heading
			fmt.Fprintf(r.Progress, "round %d of %d: %s (%s)\n", round+1, r.Rounds, j.scenario.ID, j.place)
		}
		drivers := takingPart(r.Drivers, j.cell)
		var err error
		if j.cell.Together {
			err = r.together(ctx, j, drivers, round)
		} else {
			err = r.inTurn(ctx, j, rotated(drivers, round+number), round)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// inTurn takes a sample of one driver after another.
func (r *runner) inTurn(ctx context.Context, j job, drivers []driver.Info, round int) error {
	for _, d := range drivers {
		id := strings.Join([]string{j.scenario.ID, j.cell.Name, d.Name}, "/")
		if r.hopeless[id] {
			continue
		}
		if time.Now().After(r.deadline) {
			return errBudget
		}
		s, err := r.undisturbed(ctx, j, d, round)
		if ctx.Err() != nil {
			return errors.New("interrupted")
		}
		r.keep(j, d, round, s, err)
		r.hopeless[id] = err != nil && strings.Contains(err.Error(), "n/a")
	}
	return nil
}

// together takes the samples of all drivers at the same time.
func (r *runner) together(ctx context.Context, j job, drivers []driver.Info, round int) error {
	if time.Now().After(r.deadline) {
		return errBudget
	}
	server, err := r.servers.at(ctx, j.place)
	if err != nil {
		return err
	}
	type outcome struct {
		s   sample.Sample
		err error
	}
	outcomes := make([]chan outcome, len(drivers))
	for i, d := range drivers {
		outcomes[i] = make(chan outcome, 1)
		go func() { // it ends with its worker
			s, err := r.one(ctx, server, j, d, round)
			outcomes[i] <- outcome{s, err}
		}()
	}
	for i, d := range drivers {
		o := <-outcomes[i]
		if ctx.Err() == nil {
			r.keep(j, d, round, o.s, o.err)
		}
	}
	if ctx.Err() != nil {
		return errors.New("interrupted")
	}
	return nil
}

// keep adds a result.
func (r *runner) keep(j job, d driver.Info, round int, s sample.Sample, err error) {
	result := sample.Result{Scenario: j.scenario.ID, Cell: j.cell.Name, Place: j.place, Driver: d.Name, Round: round, Sample: s}
	if err != nil {
		result.Sample, result.Err = nil, err.Error()
	}
	r.results = append(r.results, result)
	fmt.Fprintf(r.Log, "round %d  %-2s %-20s %-5s %-14s %14.2f %-12s cpu %8.2f  %s\n", round+1, j.scenario.ID, j.cell.Name, j.place,
		d.Name, s[j.scenario.Primary], j.scenario.Primary, s[sample.CPU], result.Err)
}
