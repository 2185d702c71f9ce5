package score

import (
	"strings"
	"testing"

	"github.com/fairlead-go/fairlead/bench/internal/sample"
)

func TestCompare(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name       string
		old, fresh []float64
		differs    bool
	}{
		{"the same", []float64{100, 100, 100}, []float64{100, 100, 100}, false},
		{"more, but within the noise of both", []float64{90, 100, 110}, []float64{105, 115, 125}, false},
		{"more than the noise of both", []float64{99, 100, 101}, []float64{104, 105, 106}, true},
		{"less than the noise of both", []float64{99, 100, 101}, []float64{49, 50, 51}, true},
		{"single rounds count as ten percent each: within", []float64{100}, []float64{120}, false},
		{"single rounds count as ten percent each: beyond", []float64{100}, []float64{130}, true},
		{"only one run has it", []float64{100}, nil, false},
	} {
		old := collect(nil, rounds(here, Ours, sample.Rate, test.old...))
		fresh := collect(nil, rounds(here, Ours, sample.Rate, test.fresh...))
		got := Compare(old, fresh, []string{Ours, "rueidis"})
		if (len(got) == 1) != test.differs || len(got) > 1 {
			t.Errorf("%s: %v", test.name, got)
		}
	}
}

func TestDifferenceReadsAsALine(t *testing.T) {
	t.Parallel()
	d := Difference{Where: here, Driver: Ours, Metric: sample.Rate, Old: Figure{100, 0.01, 3}, New: Figure{150, 0.02, 3}}
	for _, part := range []string{"get 8", "free", "fairlead", "ops/s", "±", "+50 %"} {
		if !strings.Contains(d.String(), part) {
			t.Errorf("%q does not contain %q", d.String(), part)
		}
	}
}
