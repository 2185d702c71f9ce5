package score

import "math"

// Ours is the driver that promises are about.
const Ours = "fairlead"

// A Verdict says whether a target was reached.
type Verdict string

// The verdicts.
const (
	Pass        Verdict = "pass"
	Short       Verdict = "short"
	NotMeasured Verdict = "not measured"
)

// A Target is a promise with what was measured.
type Target struct {
	Group   string // what it is about
	Text    string // the promise's subject, in plain words
	Against string // whom the figure is relative to; "" for none
	Unit    string // "×", "µs", "KiB"
	Figure  Figure
	Bound   float64
	AtMost  bool // the figure may not be above the bound; else not below it
	// WithinNoise: it is reached if the figure misses the bound by no more than its noise, and by no more than a tenth.
	WithinNoise bool
}

// mostSlack is how much of its bound a figure may miss it by, however noisy it is.
const mostSlack = 0.1

// Verdict compares the figure with its bound.
func (t Target) Verdict() Verdict {
	if !t.Figure.Known() || math.IsNaN(t.Figure.Value) {
		return NotMeasured
	}
	slack := 0.0
	if t.WithinNoise {
		slack = min(t.Figure.Noise*math.Abs(t.Figure.Value), mostSlack*math.Abs(t.Bound))
	}
	if t.AtMost && t.Figure.Value-slack <= t.Bound || !t.AtMost && t.Figure.Value+slack >= t.Bound {
		return Pass
	}
	return Short
}

// Targets returns every promise with its figure, in the order of the report.
func (s *Samples) Targets() []Target {
	b := &builder{samples: s}
	b.oneGoroutine()
	b.manyGoroutines()
	b.offeredRate()
	b.pipesAndAggregates()
	b.largeValues()
	b.headOfLine()
	b.scaling()
	b.idleness()
	b.hooks()
	return b.targets
}

// builder collects targets.
type builder struct {
	samples *Samples
	group   string
	targets []Target
}

func (b *builder) add(t Target) {
	t.Group = b.group
	b.targets = append(b.targets, t)
}

// atLeast: ours has so many times what another has of a metric.
func (b *builder) atLeast(text string, w Where, other, metric string, bound float64) {
	b.add(Target{Text: text, Against: other, Unit: "×", Figure: b.samples.Ratio(w, Ours, other, metric), Bound: bound})
}

// atMost: ours has no more than so many times what another has of a metric.
func (b *builder) atMost(text string, w Where, other, metric string, bound float64) {
	b.add(Target{Text: text, Against: other, Unit: "×", Figure: b.samples.Ratio(w, Ours, other, metric), Bound: bound, AtMost: true})
}

// best names the best peer, or says that none was measured.
func (b *builder) best(w Where, metric string, lower bool) string {
	if name := b.samples.BestPeer(w, metric, lower); name != "" {
		return name
	}
	return "best rival"
}
