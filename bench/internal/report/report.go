// Package report writes what a run found: the targets first, then every table.
package report

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/fairlead-go/fairlead/bench/internal/driver"
	"github.com/fairlead-go/fairlead/bench/internal/plan"
	"github.com/fairlead-go/fairlead/bench/internal/sample"
	"github.com/fairlead-go/fairlead/bench/internal/score"
)

// A Report is a run and how it is shown.
type Report struct {
	Run       *sample.Run
	Scenarios []plan.Scenario
	Drivers   []driver.Info
	Pictures  []Picture // shown between targets and tables
}

// A Picture is a file that the report shows.
type Picture struct{ File, Title string }

// Peers returns the names of the drivers among which the best is chosen.
func Peers(drivers []driver.Info) []string {
	var names []string
	for _, d := range drivers {
		if d.Kind == driver.Peer {
			names = append(names, d.Name)
		}
	}
	return names
}

// Write prints the report as Markdown.
func (r *Report) Write(w io.Writer) {
	samples := score.New(r.Run.Results, Peers(r.Drivers))
	fmt.Fprintf(w, "# Fairlead beside the other Redis clients for Go\n\n")
	r.about(w, samples)
	r.writeTargets(w, r.targets(samples))
	writeGeomeans(w, samples)
	for i, p := range r.Pictures {
		if i == 0 {
			fmt.Fprintf(w, "\n## Pictures\n")
		}
		fmt.Fprintf(w, "\n![%s](%s)\n", p.Title, p.File)
	}
	if r.whole() {
		fmt.Fprint(w, legend)
	}
	for i := range r.Scenarios {
		for _, place := range r.Scenarios[i].AllPlaces() {
			r.scenario(w, samples, &r.Scenarios[i], place)
		}
	}
	if r.whole() {
		r.drivers(w)
	}
}

// whole says whether every cell of the plan was to be measured.
func (r *Report) whole() bool { return cellsOf(r.Scenarios) == cellsOf(plan.All()) }

// targets returns the promises; of a run of only some cells, those that it has figures for.
func (r *Report) targets(samples *score.Samples) []score.Target {
	targets := samples.Targets()
	if !r.whole() {
		targets = slices.DeleteFunc(targets, func(t score.Target) bool { return t.Verdict() == score.NotMeasured })
	}
	return targets
}

func cellsOf(scenarios []plan.Scenario) int {
	n := 0
	for _, s := range scenarios {
		n += len(s.Cells)
	}
	return n
}

// about says where and how the run was made.
func (r *Report) about(w io.Writer, samples *score.Samples) {
	a := r.Run.About
	all, disturbed := samples.Count()
	rounds, windows := "one round", fmt.Sprintf("×%g", a.Scale)
	if a.Rounds != 1 {
		rounds = fmt.Sprintf("%d rounds", a.Rounds)
	}
	if a.Whole > 0 {
		windows += fmt.Sprintf(" below %d goroutines", a.Whole)
	}
	fmt.Fprintf(w, "%s; %d CPUs (%s), %s, %s; %s on the same machine; %s, windows %s, warm-up %v, took %v; %d samples, "+
		"of which %d were disturbed by other processes even when repeated.\n",
		a.Date.Format("2006-01-02"), a.CPUs, a.CPU, a.Kernel, a.Go, a.Server,
		rounds, windows, a.Warm, a.Took.Round(time.Second), all, disturbed)
	if a.Incomplete != "" {
		fmt.Fprintf(w, "\n**The run is incomplete: %s.**\n", a.Incomplete)
	}
	if n := samples.Errors(); n > 0 {
		places, rows := "one place", "its row says why"
		if n > 1 {
			places, rows = fmt.Sprintf("%d places", n), "their rows say why"
		}
		fmt.Fprintf(w, "\nIn %s a driver failed or does not apply; %s.\n", places, rows)
	}
}

func (r *Report) drivers(w io.Writer) {
	fmt.Fprintf(w, "\n## Drivers\n\n")
	for _, d := range r.Drivers {
		version := ""
		if v := r.Run.About.Versions[d.Name]; v != "" {
			version = " " + v
		}
		note := strings.ReplaceAll(d.Note, "pool", fmt.Sprintf("pool (%d)", r.Run.About.Pool))
		if !strings.Contains(d.Note, "= pool") {
			note = d.Note
		}
		fmt.Fprintf(w, "- **%s**%s: %s\n", d.Name, version, note)
	}
}

// legend says how to read the tables.
const legend = `
## Tables

Each number is a median over rounds. ±% is half the range of the first ratio's metric over the rounds. Ratios are taken within
a round: ×raw and ×rawmux against the bare sockets, ×peer against the best of the other clients in the settings listed under
Drivers, which the row of that client names ("best"); cpu ×raw and cpu ×peer the same for CPU, against the client that needs the least
("least CPU"). CPU is user and system time of the client's process; ctx sw are context switches, rd+wr read and write system
calls; cmds/srv read is how many commands the server got with one read. split: a CPU for the server and another for the
client; same: one CPU for both; free: where the kernel puts them.
`
