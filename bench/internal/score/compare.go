package score

import (
	"fmt"
	"math"

	"github.com/fairlead-go/fairlead/bench/internal/plan"
)

// singleRound is the noise of a figure from one round, which shows none.
const singleRound = 0.1

// A Difference is a figure that changed from one run to another by more than the noise of both.
type Difference struct {
	Where    Where
	Driver   string
	Metric   string
	Old, New Figure
}

// Change is how much more the new figure is, as a part of the old one.
func (d Difference) Change() float64 { return d.New.Value/d.Old.Value - 1 }

// String is a line of a report.
func (d Difference) String() string {
	return fmt.Sprintf("%-2s %-22s %-5s %-14s %-12s %12.4g (±%2.0f %%) -> %12.4g (±%2.0f %%)  %+.0f %%",
		d.Where.Scenario, d.Where.Cell, d.Where.Place, d.Driver, d.Metric, d.Old.Value, 100*noise(d.Old), d.New.Value, 100*noise(d.New), 100*d.Change())
}

func noise(f Figure) float64 {
	if f.Rounds == 1 {
		return max(f.Noise, singleRound)
	}
	return f.Noise
}

// Compare returns where the speed and the CPU of two runs differ by more than the noise of both.
func Compare(old, fresh *Samples, drivers []string) []Difference {
	var list []Difference
	for _, s := range plan.All() {
		metrics := []string{s.Primary}
		if s.CPU != "" {
			metrics = append(metrics, s.CPU)
		}
		for _, place := range s.AllPlaces() {
			for _, cell := range s.Cells {
				for _, d := range drivers {
					for _, metric := range metrics {
						w := Where{s.ID, cell.Name, place}
						diff := Difference{w, d, metric, old.Figure(w, d, metric), fresh.Figure(w, d, metric)}
						if diff.beyondNoise() {
							list = append(list, diff)
						}
					}
				}
			}
		}
	}
	return list
}

func (d Difference) beyondNoise() bool {
	if !d.Old.Known() || !d.New.Known() || d.Old.Value == 0 {
		return false
	}
	return math.Abs(d.New.Value-d.Old.Value) > noise(d.Old)*math.Abs(d.Old.Value)+noise(d.New)*math.Abs(d.New.Value)
}
