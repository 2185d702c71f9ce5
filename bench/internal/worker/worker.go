// Package worker makes one measurement in a process of its own, so that every sample has its own heap, its own garbage
// collector and its own account of CPU time.
package worker

import (
	"context"
	"fmt"
	"os"
	"time"

	"github.com/fairlead-go/fairlead/bench/internal/driver"
	"github.com/fairlead-go/fairlead/bench/internal/plan"
	"github.com/fairlead-go/fairlead/bench/internal/sample"
)

// Spec is one measurement.
type Spec struct {
	Driver       string
	Cell         plan.Cell
	Server       driver.Config
	Warm, Window time.Duration
	Profile      string // a file for a CPU profile of the window; "" for none
}

// Ready is what a worker with an offered rate prints when it wants to be told the moments when requests are due.
const Ready = "READY"

// Run makes the measurement. Due times of an offered rate come from arrivals, after Ready was printed to out.
func Run(spec Spec, arrivals, out *os.File) (sample.Sample, error) {
	info, known := driver.Named(spec.Driver)
	if !known {
		return nil, fmt.Errorf("there is no driver %q", spec.Driver)
	}
	control, err := driver.Dial(spec.Server)
	if err != nil {
		return nil, err
	}
	defer control.Close()
	w, cancel := newWork(spec.Cell)
	defer cancel()
	switch spec.Cell.Op {
	case plan.IdleConns, plan.IdleClients:
		return idle(spec, w, info.Open)
	case plan.IdleUsed:
		return idleAfterUse(spec, w, info.Open)
	case plan.Burst:
		return burst(spec, w, info.Open)
	}
	client, err := info.Open(spec.Server)
	if err != nil {
		return nil, err
	}
	m := &meter{spec: spec, work: w, control: control}
	s, err := m.measure(client, arrivals, out)
	if closed := client.Close(); err == nil && closed != nil {
		err = fmt.Errorf("closing the client: %w", closed)
	}
	return s, err
}

// measure checks the client's replies once and runs the cell's loop.
func (m *meter) measure(client driver.Client, arrivals, out *os.File) (sample.Sample, error) {
	first, err := session(client)
	if err != nil {
		return nil, err
	}
	if err := verify(context.Background(), first, m.work); err != nil {
		return nil, fmt.Errorf("wrong reply: %w", err)
	}
	switch {
	case m.spec.Cell.Rate > 0:
		return m.open(client, arrivals, out)
	case m.spec.Cell.Goroutines == 1:
		return m.serial(first)
	}
	return m.closed(client)
}

// session returns a goroutine's own client, which is the whole one for most drivers.
func session(c driver.Client) (driver.Client, error) {
	if s, ok := c.(driver.Sessioner); ok {
		return s.Session()
	}
	return c, nil
}

// sessions returns one for each of n goroutines, all of them ready before any load starts.
func sessions(c driver.Client, n int) ([]driver.Client, error) {
	list := make([]driver.Client, n)
	for i := range list {
		var err error
		if list[i], err = session(c); err != nil {
			return nil, err
		}
	}
	return list, nil
}
