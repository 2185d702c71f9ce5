// Package handmade makes up a run for tests: every driver has every cell, with numbers that are easy to reckon with.
package handmade

import (
	"time"

	"github.com/fairlead-go/fairlead/bench/internal/driver"
	"github.com/fairlead-go/fairlead/bench/internal/plan"
	"github.com/fairlead-go/fairlead/bench/internal/sample"
)

// Pace is how fast a driver is in the made up run: its operations per second are a thousand times that, and everything of
// which less is better is so much smaller.
func Pace(name string) float64 {
	switch name {
	case "fairlead":
		return 20
	case "fairlead-trace":
		return 19.5
	case "raw", "rawmux":
		return 20
	case "rueidis-delay", "rueidis-mux":
		return 10
	}
	return 5
}

// Sample is a driver's in any cell.
func Sample(name string) sample.Sample {
	pace := Pace(name)
	s := sample.Sample{sample.Connections: 2, sample.Allocated: 16 << 10}
	for _, more := range []string{sample.Rate, sample.Commands, sample.Bytes} {
		s[more] = pace * 1000
	}
	for _, less := range []string{
		sample.CPU, sample.System, sample.CommandCPU, sample.MegabyteCPU, sample.P50, sample.P99, sample.P999,
		sample.IdleKept, sample.HeapMiB, sample.KeptMiB, sample.IdleCPU, sample.After10MiB,
	} {
		s[less] = 20 / pace
	}
	s[sample.P99] *= 10
	return s
}

// Run is a run of so many rounds over the whole plan, without noise.
func Run(rounds int) *sample.Run {
	r := &sample.Run{About: sample.About{
		Date: time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC), CPU: "Abacus", CPUs: 2, Kernel: "Linux 6", Go: "go1.26", Server: "redis 7",
		Versions: map[string]string{"rueidis": "v1"}, Rounds: rounds, Scale: 1, Pool: 20,
	}}
	for round := range rounds {
		for _, s := range plan.All() {
			for _, cell := range s.Cells {
				for _, place := range s.PlacesOf(cell) {
					for _, d := range driver.All() {
						r.Results = append(r.Results, sample.Result{
							Scenario: s.ID, Cell: cell.Name, Place: place, Driver: d.Name, Round: round, Sample: Sample(d.Name),
						})
					}
				}
			}
		}
	}
	return r
}
