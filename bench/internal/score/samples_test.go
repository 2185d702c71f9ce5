package score

import (
	"testing"

	"github.com/fairlead-go/fairlead/bench/internal/sample"
)

var here, there = Where{"B", "get 8", "free"}, Where{"B", "get 64", "free"}

// rounds makes the results of one driver in one cell, with the same metric in each round.
func rounds(w Where, driver, metric string, values ...float64) []sample.Result {
	var list []sample.Result
	for round, v := range values {
		list = append(list, sample.Result{Scenario: w.Scenario, Cell: w.Cell, Place: w.Place, Driver: driver, Round: round,
			Sample: sample.Sample{metric: v}})
	}
	return list
}

func collect(peers []string, lists ...[]sample.Result) *Samples {
	var all []sample.Result
	for _, l := range lists {
		all = append(all, l...)
	}
	return New(all, peers)
}

func TestRatioIsTakenWithinRounds(t *testing.T) {
	t.Parallel()
	// The machine is half as fast in the second round, for both: the medians say 1.33, each round says 2.
	s := collect(nil,
		rounds(here, "a", sample.Rate, 400, 200, 600),
		rounds(here, "b", sample.Rate, 200, 100, 300))
	if got := s.Ratio(here, "a", "b", sample.Rate); got != (Figure{2, 0, 3}) {
		t.Errorf("the ratio is %+v, want 2 without noise in 3 rounds", got)
	}
}

func TestRatioNeedsBothInARound(t *testing.T) {
	t.Parallel()
	s := collect(nil, rounds(here, "a", sample.Rate, 10, 20, 30), rounds(here, "b", sample.Rate, 5))
	if got := s.Ratio(here, "a", "b", sample.Rate); got != (Figure{2, 0, 1}) {
		t.Errorf("the ratio is %+v, want that of the only round that both have", got)
	}
	if got := s.Ratio(here, "a", "missing", sample.Rate); got.Known() {
		t.Errorf("a ratio to a driver that was not measured: %+v", got)
	}
	if got := s.Ratio(here, "a", "b", sample.CPU); got.Known() {
		t.Errorf("a ratio of a metric that was not measured: %+v", got)
	}
}

func TestStepComparesCells(t *testing.T) {
	t.Parallel()
	s := collect(nil, rounds(here, "a", sample.Rate, 10, 20), rounds(there, "a", sample.Rate, 15, 30))
	if got := s.Step(here, there, "a", sample.Rate); got != (Figure{1.5, 0, 2}) {
		t.Errorf("the step is %+v, want 1.5", got)
	}
}

func TestBestPeer(t *testing.T) {
	t.Parallel()
	s := collect([]string{"x", "y", "z"},
		rounds(here, "x", sample.Rate, 10, 11, 12),
		rounds(here, "y", sample.Rate, 9, 30, 20), // the best by its median
		rounds(here, "fairlead", sample.Rate, 99)) // no peer, however fast
	if got := s.BestPeer(here, sample.Rate, false); got != "y" {
		t.Errorf("the best peer is %q, want y", got)
	}
	if got := s.BestPeer(here, sample.Rate, true); got != "x" {
		t.Errorf("the lowest peer is %q, want x", got)
	}
	if got := s.BestPeer(there, sample.Rate, true); got != "" {
		t.Errorf("the best peer of a cell without samples is %q", got)
	}
}

func TestBestPeerOfEquals(t *testing.T) {
	t.Parallel()
	s := collect([]string{"x", "y"}, rounds(here, "y", sample.Rate, 10), rounds(here, "x", sample.Rate, 10))
	for _, lower := range []bool{false, true} {
		if got := s.BestPeer(here, sample.Rate, lower); got != "x" {
			t.Errorf("of two equals the best is %q, want the first of the tables, x", got)
		}
	}
}

func TestGeomeanTakesCompleteRounds(t *testing.T) {
	t.Parallel()
	cells := []Where{here, there}
	s := collect(nil,
		rounds(here, "a", sample.Rate, 20, 20, 20), rounds(here, "b", sample.Rate, 10, 10, 10),
		rounds(there, "a", sample.Rate, 80, 80), rounds(there, "b", sample.Rate, 10, 10)) // the third round was cut short
	if got := s.Geomean(cells, "a", "b", sample.Rate); got != (Figure{4, 0, 2}) {
		t.Errorf("the geometric mean is %+v, want 4 from two rounds", got)
	}
}

func TestFailuresAndDisturbance(t *testing.T) {
	t.Parallel()
	results := rounds(here, "a", sample.Rate, 1, 2)
	results[1].Sample[sample.Disturbance] = 0.3
	results = append(results, sample.Result{Scenario: here.Scenario, Cell: here.Cell, Place: here.Place, Driver: "b", Err: "wrong reply"})
	s := New(results, nil)
	if all, disturbed := s.Count(); all != 2 || disturbed != 1 {
		t.Errorf("%d samples, %d disturbed, want 2 and 1", all, disturbed)
	}
	if s.Errors() != 1 || s.Error(here, "b") != "wrong reply" || s.Error(here, "a") != "" {
		t.Errorf("%d errors; of b %q, of a %q", s.Errors(), s.Error(here, "b"), s.Error(here, "a"))
	}
}
