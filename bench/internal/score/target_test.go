package score

import (
	"strings"
	"testing"

	"github.com/fairlead-go/fairlead/bench/internal/driver"
	"github.com/fairlead-go/fairlead/bench/internal/handmade"
	"github.com/fairlead-go/fairlead/bench/internal/sample"
)

func TestVerdict(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name   string
		target Target
		want   Verdict
	}{
		{"nothing measured", Target{Bound: 1}, NotMeasured},
		{"above a lower bound", Target{Figure: Figure{1.2, 0, 3}, Bound: 1.1}, Pass},
		{"exactly the lower bound", Target{Figure: Figure{1.1, 0, 3}, Bound: 1.1}, Pass},
		{"below a lower bound, noise or not", Target{Figure: Figure{1.09, 0.5, 3}, Bound: 1.1}, Short},
		{"below an upper bound", Target{Figure: Figure{0.9, 0, 3}, Bound: 1, AtMost: true}, Pass},
		{"above an upper bound", Target{Figure: Figure{1.01, 0.5, 3}, Bound: 1, AtMost: true}, Short},
		{"above it by less than the noise", Target{Figure: Figure{1.09, 0.2, 3}, Bound: 1, AtMost: true, WithinNoise: true}, Pass},
		{"above it by more than a tenth", Target{Figure: Figure{1.12, 0.8, 3}, Bound: 1, AtMost: true, WithinNoise: true}, Short},
		{"above it by more than the noise", Target{Figure: Figure{1.05, 0.02, 3}, Bound: 1, AtMost: true, WithinNoise: true}, Short},
		{"a measured zero", Target{Figure: Figure{0, 0, 1}, Bound: 1, AtMost: true}, Pass},
	} {
		if got := test.target.Verdict(); got != test.want {
			t.Errorf("%s: %s, want %s", test.name, got, test.want)
		}
	}
}

// peers are the drivers of which the best is chosen.
func peers() []string {
	var names []string
	for _, d := range driver.All() {
		if d.Kind == driver.Peer {
			names = append(names, d.Name)
		}
	}
	return names
}

// In the made up run fairlead is as fast as the limits and twice as fast as the best rival.
func TestTargetsOfAMadeUpRun(t *testing.T) {
	t.Parallel()
	targets := New(handmade.Run(3).Results, peers()).Targets()
	if len(targets) < 80 {
		t.Fatalf("only %d targets", len(targets))
	}
	for _, target := range targets {
		about := target.Group + ": " + target.Text
		switch {
		case target.Verdict() == NotMeasured:
			t.Errorf("%s: not measured: its cell is no part of the plan", about)
		case strings.Contains(about, "never slower") && target.Figure.Value == 1:
		case target.Verdict() != Pass:
			t.Errorf("%s: %+v is %s, want pass", about, target.Figure, target.Verdict())
		}
		closest := strings.Contains(target.Text, "rival that comes closest")
		if closest && (target.Against != "rueidis-delay" || target.Figure.Value < 1.999) {
			t.Errorf("%s: %.2f against %s, want 2 against rueidis-delay", about, target.Figure.Value, target.Against)
		}
	}
}

func TestTargetsOfASlowRun(t *testing.T) {
	t.Parallel()
	run := handmade.Run(1)
	for i, r := range run.Results {
		if r.Driver == Ours {
			run.Results[i].Sample = handmade.Sample("goredis") // a quarter of the speed
			run.Results[i].Sample[sample.Connections] = 5
			run.Results[i].Sample[sample.Allocated] = 1 << 30
			run.Results[i].Sample[sample.IdleKept] = 101
			run.Results[i].Sample[sample.HeapMiB] = 8.1
			run.Results[i].Sample[sample.IdleCPU] = 1.1
		}
		if r.Driver == "fairlead-trace" {
			run.Results[i].Sample[sample.Rate] = 4000
			run.Results[i].Sample[sample.CPU] = 6
		}
	}
	for _, target := range New(run.Results, peers()).Targets() {
		if target.Verdict() != Short && !strings.Contains(target.Group, "never slower") {
			t.Errorf("%s: %s: %+v is %s, want short", target.Group, target.Text, target.Figure, target.Verdict())
		}
	}
}

func TestTargetsOfNothing(t *testing.T) {
	t.Parallel()
	for _, target := range New(nil, peers()).Targets() {
		if target.Verdict() != NotMeasured {
			t.Errorf("%s: %s is %s without a sample", target.Group, target.Text, target.Verdict())
		}
	}
}
