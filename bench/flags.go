//go:build linux

package main

import (
	"flag"
	"fmt"
	"io"
	"runtime"
	"slices"
	"strings"
	"time"

	"github.com/fairlead-go/fairlead/bench/internal/driver"
	"github.com/fairlead-go/fairlead/bench/internal/machine"
	"github.com/fairlead-go/fairlead/bench/internal/plan"
	"github.com/fairlead-go/fairlead/bench/internal/run"
)

// settings is what the flags say.
type settings struct {
	run.Options
	from, jsonOut, compare string
	out, pictures          string
}

const intro = `bench measures Fairlead side by side with the other Redis clients for Go.

  bench                                    everything, about 14 minutes; the report goes to standard output
  bench -quick                             a part of it, in less than a minute
  bench -scenarios B -cells "get 64,get 512" -drivers fairlead,rueidis,goredis-ap -rounds 5
  bench -json new.json -compare old.json   also what differs from an earlier run by more than the noise

Flags:
`

// parseFlags reads the command line. Mistakes in it are told to errs.
func parseFlags(args []string, errs io.Writer) (*settings, error) {
	s := &settings{}
	f := flag.NewFlagSet("bench", flag.ContinueOnError)
	f.SetOutput(errs)
	f.Usage = func() {
		fmt.Fprint(errs, intro)
		f.PrintDefaults()
	}
	scenarios := f.String("scenarios", "", "scenarios by their letters, separated by commas; all if empty")
	cells := f.String("cells", "", "cells by their names, as in \"get 64,tcp cancel\"; all if empty")
	places := f.String("place", "", "placements instead of those of the plan: split, same, free")
	drivers := f.String("drivers", "", "drivers by their names; all if empty")
	quick := f.Bool("quick", false, "one round of a part of the cells, with short windows below 512 goroutines, and no verdicts")
	verbose := f.Bool("v", false, "print each sample as it is taken")
	f.IntVar(&s.Rounds, "rounds", 3, "rounds; every driver takes part in each")
	f.DurationVar(&s.Warm, "warm", 50*time.Millisecond, "warm-up before each window")
	f.Float64Var(&s.Scale, "scale", 1, "factor on the windows")
	f.DurationVar(&s.Budget, "budget", 14*time.Minute, "begin no sample after so long")
	f.DurationVar(&s.Wait, "wait", 30*time.Second, "time in all for waiting for other processes and repeating what they disturbed")
	client, server := pinnable(machine.CPUs())
	f.IntVar(&s.ClientCPU, "client-cpu", client, "CPU of the client when it is bound to one")
	f.IntVar(&s.ServerCPU, "server-cpu", server, "CPU of the server when it is bound to one")
	f.IntVar(&s.Pool, "pool", 10*runtime.NumCPU(), "connections of clients with a pool; 10 for each CPU is go-redis's default")
	listing := f.Bool("list", false, "list drivers, scenarios and cells, and measure nothing")
	f.StringVar(&s.Server, "server", "", "server program; redis-server or valkey-server from PATH if empty")
	f.StringVar(&s.ProfileDir, "profile", "", "write CPU profiles of the first round into this folder, which must exist")
	f.StringVar(&s.jsonOut, "json", "", "write every sample to this file")
	f.StringVar(&s.from, "from", "", "measure nothing; report the samples that -json wrote to this file")
	f.StringVar(&s.compare, "compare", "", "also print what differs by more than the noise from the run that -json wrote to this file")
	f.StringVar(&s.out, "out", "", "write the report to this file instead of standard output")
	f.StringVar(&s.pictures, "pictures", "", "write pictures (SVG) into this folder, which the report shows")
	if err := f.Parse(args); err != nil {
		return nil, err
	}
	if *listing {
		fmt.Fprintf(errs, "drivers: %s\nscenarios and their cells:%s\n", strings.Join(driverNames(driver.All()), ", "), catalogue())
		return nil, flag.ErrHelp
	}
	if f.NArg() > 0 {
		return nil, fmt.Errorf("%q is no flag: everything is said by flags, see -help", f.Arg(0))
	}
	if *quick {
		s.hurry(f)
	}
	s.Progress, s.Log = errs, io.Discard
	if *verbose {
		s.Progress, s.Log = io.Discard, errs
	}
	part := plan.Filter{Scenarios: list(strings.ToUpper(*scenarios)), Cells: list(*cells), Places: list(*places), Quick: *quick}
	return s, s.choose(part, list(*drivers))
}

// pinnable returns the first two CPUs, or the only one twice.
func pinnable(cpus []int) (client, server int) {
	if len(cpus) == 0 {
		return 0, 0
	}
	return cpus[0], cpus[min(1, len(cpus)-1)]
}

// hurry is for a run of less than a minute, where flags do not say otherwise.
func (s *settings) hurry(f *flag.FlagSet) {
	said := map[string]bool{}
	f.Visit(func(one *flag.Flag) { said[one.Name] = true })
	if !said["scale"] {
		s.Whole = 512 // which need some time to get going
	}
	for name, value := range map[string]string{"rounds": "1", "scale": "0.4", "warm": "30ms", "budget": "45s", "wait": "4s"} {
		if !said[name] {
			_ = f.Set(name, value) // these values are valid
		}
	}
}

// choose sets what is measured.
func (s *settings) choose(filter plan.Filter, names []string) error {
	for _, place := range filter.Places {
		if !slices.Contains(plan.Places, place) {
			return fmt.Errorf("there is no placement %q: there are %s", place, strings.Join(plan.Places, ", "))
		}
	}
	for _, name := range names {
		if _, known := driver.Named(name); !known {
			return fmt.Errorf("there is no driver %q: there are %s", name, strings.Join(driverNames(driver.All()), ", "))
		}
	}
	s.Scenarios = plan.Choose(filter)
	if len(s.Scenarios) == 0 {
		return fmt.Errorf("no cell has these names in these scenarios: %s", catalogue())
	}
	for _, d := range driver.All() {
		if len(names) == 0 || slices.Contains(names, d.Name) {
			s.Drivers = append(s.Drivers, d)
		}
	}
	return nil
}

// catalogue lists the cells of every scenario.
func catalogue() string {
	var lines strings.Builder
	for _, scenario := range plan.All() {
		names := make([]string, len(scenario.Cells))
		for i, cell := range scenario.Cells {
			names[i] = cell.Name
		}
		fmt.Fprintf(&lines, "\n  %-2s %s", scenario.ID, strings.Join(names, ", "))
	}
	return lines.String()
}

func driverNames(drivers []driver.Info) []string {
	names := make([]string, len(drivers))
	for i, d := range drivers {
		names[i] = d.Name
	}
	return names
}

// list splits what commas separate.
func list(text string) []string {
	if text == "" {
		return nil
	}
	return strings.Split(text, ",")
}
