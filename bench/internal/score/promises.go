package score

import (
	"fmt"

	"github.com/fairlead-go/fairlead/bench/internal/plan"
	"github.com/fairlead-go/fairlead/bench/internal/sample"
)

// The yardsticks, as drivers.
const (
	raw    = "raw"
	rawmux = "rawmux"
)

func (b *builder) oneGoroutine() {
	b.group = "One goroutine, GET 16 B, against a bare socket"
	where := map[string]string{plan.Same: "client and server on one core", plan.Split: "on a core each"}
	for _, place := range []string{plan.Same, plan.Split} {
		for _, network := range []string{"tcp", "unix"} {
			w, subject := Where{"A", network, place}, network+", "+where[place]
			b.atLeast(subject+": operations per second", w, raw, sample.Rate, 0.97)
			b.atMost(subject+": CPU per operation", w, raw, sample.CPU, 1.05)
			w.Cell = network + " " + plan.Cancel
			b.atLeast(subject+", with a shared cancellable context: operations per second", w, raw, sample.Rate, 0.92)
		}
	}
}

// A Family is the same command with the same kind of context, by one goroutine up to very many.
type Family struct {
	Name  string
	Cells []Where // for 1 goroutine, then for each of plan.Crowds
}

// Families are those that are compared as a whole.
func Families() []Family {
	get := func(name, context, scenario string) Family {
		single := "tcp"
		if context != plan.NoContext {
			single += " " + context
		}
		f := Family{name, []Where{{"A", single, plan.Free}}}
		for _, n := range plan.Crowds {
			f.Cells = append(f.Cells, Where{scenario, plan.GetCell(n, context), plan.Free})
		}
		return f
	}
	set := Family{"SET", []Where{{"B", plan.SetCell(1), plan.Free}}}
	for _, n := range plan.Crowds {
		set.Cells = append(set.Cells, Where{"B", plan.SetCell(n), plan.Free})
	}
	return []Family{
		get("GET", plan.NoContext, "B"),
		get("GET with a timeout per call", plan.Timeout, "BC"),
		get("GET with a shared cancellable context", plan.Cancel, "BC"),
		set,
	}
}

// leads are how far ahead of the best rival each of plan.Crowds is to be, in speed and in CPU.
var leads = []float64{0.95, 1.1, 1.3, 1.5}

func (b *builder) manyGoroutines() {
	for _, family := range Families() {
		b.group = "Many goroutines, 16 B, free placement: " + family.Name
		for i, n := range plan.Crowds {
			w, subject := family.Cells[i+1], fmt.Sprintf("%d goroutines: ", n)
			b.atLeast(subject+"operations per second", w, b.best(w, sample.Rate, false), sample.Rate, leads[i])
			saver := b.best(w, sample.CPU, true)
			b.add(Target{Text: subject + "CPU per operation, the rival's for each of ours", Against: saver, Unit: "×",
				Figure: b.samples.Ratio(w, saver, Ours, sample.CPU), Bound: leads[i]})
			if n >= 64 {
				b.atLeast(subject+"operations per second against a bare shared connection", w, rawmux, sample.Rate, 0.9)
			}
		}
		b.geomean(family)
		b.connections(family)
	}
}

// geomean compares with the rival that comes closest.
func (b *builder) geomean(f Family) {
	closest, figure := "every rival", Figure{}
	for _, peer := range b.samples.Peers() {
		g := b.samples.Geomean(f.Cells, Ours, peer, sample.Rate)
		if g.Known() && (!figure.Known() || g.Value < figure.Value) {
			closest, figure = peer, g
		}
	}
	b.add(Target{Text: "geometric mean over 1 to 4096 goroutines, against the rival that comes closest", Against: closest, Unit: "×",
		Figure: figure, Bound: 1.4})
}

func (b *builder) connections(f Family) {
	most := Figure{}
	for _, w := range f.Cells {
		if c := b.samples.Figure(w, Ours, sample.Connections); c.Known() && (!most.Known() || c.Value > most.Value) {
			most = c
		}
	}
	b.add(Target{Text: "connections at most", Figure: most, Bound: 4, AtMost: true})
}

func (b *builder) offeredRate() {
	b.group = "Offered rate, latency from the moment when a request was due"
	for _, cell := range []string{plan.FixedRate, plan.HalfRate} {
		w := Where{"H", cell, plan.Split}
		best := b.best(w, sample.P99, true)
		b.add(Target{Text: cell + ": p99 no worse than the best rival's, within the noise, 10 % at most", Against: best, Unit: "×",
			Figure: b.samples.Ratio(w, Ours, best, sample.P99), Bound: 1, AtMost: true, WithinNoise: true})
	}
}

func (b *builder) pipesAndAggregates() {
	b.group = "Pipes and aggregates, one goroutine"
	for _, n := range []string{"100", "1000"} {
		w := Where{"C", n, plan.Split}
		b.atLeast("pipes of "+n+" SETs: commands per second", w, b.best(w, sample.Commands, false), sample.Commands, 1)
		b.atMost("pipes of "+n+" SETs: CPU per command against a bare batch loop", w, raw, sample.CommandCPU, 1.3)
	}
	for _, cell := range []string{"HGETALL 1000", "LRANGE 10000"} {
		w := Where{"F", cell, plan.Split}
		b.atLeast(cell+": operations per second", w, b.best(w, sample.Rate, false), sample.Rate, 1.15)
	}
}

func (b *builder) largeValues() {
	b.group = "Large values, one goroutine, against a bare socket"
	for _, size := range []int{1 << 20, 64 << 20} {
		for _, op := range []string{plan.Get, plan.Set} {
			name := op + " " + plan.SizeName(size)
			w := Where{"D", name, plan.Split}
			b.atLeast(name+": bytes per second", w, raw, sample.Bytes, 0.95)
			bound := 16.0 // KiB; what is sent is never copied
			if op == plan.Get {
				bound = float64(size>>10 + 64)
			}
			allocated := b.samples.Figure(w, Ours, sample.Allocated)
			allocated.Value /= 1 << 10
			b.add(Target{Text: name + ": allocated per operation", Unit: "KiB",
				Figure: allocated, Bound: bound, AtMost: true})
		}
	}
}

func (b *builder) headOfLine() {
	b.group = "Small GETs beside GETs of 8 MiB on one client"
	for _, cell := range []string{plan.BackToBack, plan.EveryPause} {
		w := Where{"E", cell, plan.Split}
		for _, metric := range []string{sample.P50, sample.P99} {
			subject := "large ones " + cell + ": " + metric
			b.atMost(subject+" no worse than the best rival's", w, b.best(w, metric, true), metric, 1)
			b.atMost(subject+" against a bare socket per goroutine", w, raw, metric, 1.2)
		}
	}
}

func (b *builder) scaling() {
	b.group = "More goroutines are never slower, GET 16 B"
	cells := Families()[0].Cells
	slowest, figure := "", Figure{}
	for i := range cells[1:] {
		step := b.samples.Step(cells[i], cells[i+1], Ours, sample.Rate)
		if step.Known() && (!figure.Known() || step.Value < figure.Value) {
			slowest, figure = " (the worst is to "+cells[i+1].Cell+")", step
		}
	}
	b.add(Target{Text: "operations per second from one step to the next, 1 to 4096 goroutines" + slowest, Unit: "×",
		Figure: figure, Bound: 1})
	last := cells[len(cells)-1]
	most := Where{"B", plan.GetCell(plan.Most, plan.NoContext), plan.Free}
	b.add(Target{Text: "operations per second from 4096 to 20000 goroutines", Unit: "×",
		Figure: b.samples.Step(last, most, Ours, sample.Rate), Bound: 0.9})
}

func (b *builder) idleness() {
	b.group = "Idleness"
	used := Where{"G", plan.AfterUse, plan.Free}
	b.add(Target{Text: "CPU of a client that 1000 goroutines used and nobody uses (1 ms/s is 0.1 % of a core)", Unit: "ms/s",
		Figure: b.samples.Figure(used, Ours, sample.IdleCPU), Bound: 1, AtMost: true})
	b.add(Target{Text: "its heap and stacks for each shared connection", Unit: "KiB",
		Figure: b.samples.Figure(used, Ours, sample.IdleKept), Bound: 100, AtMost: true})
	idle, text := Where{"G", plan.ThousandConns, plan.Free}, "heap of 1000 idle exclusive connections"
	if kept := b.samples.Figure(idle, Ours, sample.KeptMiB); kept.Known() {
		text += fmt.Sprintf(" (heap and stacks: %.2f MiB)", kept.Value)
	}
	b.add(Target{Text: text, Unit: "MiB", Figure: b.samples.Figure(idle, Ours, sample.HeapMiB), Bound: 8, AtMost: true})
}

func (b *builder) hooks() {
	b.group = "Hooks"
	const traced = "fairlead-trace"
	for _, cell := range []string{"1 goroutine", "64 goroutines"} {
		w := Where{"T", cell, plan.Same}
		b.add(Target{Text: "Trace.CommandEnd set, " + cell + ": operations per second", Against: "none set", Unit: "×",
			Figure: b.samples.Ratio(w, traced, Ours, sample.Rate), Bound: 0.95})
		b.add(Target{Text: "Trace.CommandEnd set, " + cell + ": CPU per operation", Against: "none set", Unit: "×",
			Figure: b.samples.Ratio(w, traced, Ours, sample.CPU), Bound: 1.05, AtMost: true})
	}
}
