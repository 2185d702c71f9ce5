package score

import (
	"math"
	"testing"
)

func TestMedian(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		values []float64
		want   float64
	}{
		{[]float64{7}, 7},
		{[]float64{3, 1, 2}, 2},
		{[]float64{4, 1, 3, 2}, 2.5},
		{[]float64{1, 1000, 2}, 2}, // an outlier changes nothing
	} {
		if got := Median(test.values); got != test.want {
			t.Errorf("the median of %v is %v, want %v", test.values, got, test.want)
		}
	}
}

func TestGeometricMean(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		values []float64
		want   float64
	}{
		{[]float64{5}, 5},
		{[]float64{2, 8}, 4},
		{[]float64{0.5, 2}, 1}, // twice as fast here and half as fast there is no gain
		{[]float64{1, 2, 4, 8, 16}, 4},
	} {
		if got := GeometricMean(test.values); math.Abs(got-test.want) > 1e-12 {
			t.Errorf("the geometric mean of %v is %v, want %v", test.values, got, test.want)
		}
	}
}

func TestFigureOf(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name   string
		values []float64
		want   Figure
	}{
		{"nothing was measured", nil, Figure{}},
		{"one round shows no noise", []float64{10}, Figure{10, 0, 1}},
		{"noise is half of the range, relative to the median", []float64{10, 8, 12}, Figure{10, 0.2, 3}},
		{"a median of zero has no relative noise", []float64{0, 0, 1}, Figure{0, 0, 3}},
		{"a negative median has a positive noise", []float64{-10, -12, -8}, Figure{-10, 0.2, 3}},
	} {
		if got := figureOf(test.values); got != test.want {
			t.Errorf("%s: got %+v, want %+v", test.name, got, test.want)
		}
	}
}
