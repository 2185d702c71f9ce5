// Package score turns samples into figures: medians over rounds, ratios within them, and what they say about promises.
package score

import (
	"math"
	"slices"
)

// A Figure is a median over rounds.
type Figure struct {
	Value  float64
	Noise  float64 // half of the range over the rounds, as a part of the value; 0 if there was one round
	Rounds int     // 0: there is no such figure
}

// Known says whether there is a figure at all.
func (f Figure) Known() bool { return f.Rounds > 0 }

// figureOf makes a figure of one value for each round.
func figureOf(values []float64) Figure {
	if len(values) == 0 {
		return Figure{}
	}
	f := Figure{Value: Median(values), Rounds: len(values)}
	if f.Value != 0 {
		f.Noise = (slices.Max(values) - slices.Min(values)) / 2 / math.Abs(f.Value)
	}
	return f
}

// Median is the middle of values, of which there must be one.
func Median(values []float64) float64 {
	sorted := slices.Sorted(slices.Values(values))
	return (sorted[(len(sorted)-1)/2] + sorted[len(sorted)/2]) / 2
}

// GeometricMean is the n-th root of the product of n positive values, of which there must be one.
func GeometricMean(values []float64) float64 {
	sum := 0.0
	for _, v := range values {
		sum += math.Log(v)
	}
	return math.Exp(sum / float64(len(values)))
}
