package score

import (
	"maps"
	"slices"

	"github.com/fairlead-go/fairlead/bench/internal/sample"
)

// Where is a cell in a place.
type Where struct{ Scenario, Cell, Place string }

// Samples are the samples of a run, to be asked for figures.
type Samples struct {
	peers  []string // in the order of the tables
	rounds map[Where]map[string]map[int]sample.Sample
	errors map[Where]map[string]string
	bad    int
	all    int
}

// New sorts results. Peers are the drivers of which the best is chosen.
func New(results []sample.Result, peers []string) *Samples {
	s := &Samples{peers: peers, rounds: map[Where]map[string]map[int]sample.Sample{}, errors: map[Where]map[string]string{}}
	for _, r := range results {
		where := Where{r.Scenario, r.Cell, r.Place}
		if s.rounds[where] == nil {
			s.rounds[where], s.errors[where] = map[string]map[int]sample.Sample{}, map[string]string{}
		}
		if r.Err != "" {
			s.errors[where][r.Driver] = r.Err
			continue
		}
		if s.rounds[where][r.Driver] == nil {
			s.rounds[where][r.Driver] = map[int]sample.Sample{}
		}
		s.rounds[where][r.Driver][r.Round] = r.Sample
		s.all++
		if r.Sample.Disturbed() {
			s.bad++
		}
	}
	return s
}

// Count returns how many samples there are, and how many of them other processes disturbed.
func (s *Samples) Count() (all, disturbed int) { return s.all, s.bad }

// Error returns why a driver has no sample of a round, "" if it has them all.
func (s *Samples) Error(w Where, driver string) string { return s.errors[w][driver] }

// Errors returns how many drivers failed in how many cells.
func (s *Samples) Errors() int {
	n := 0
	for _, drivers := range s.errors {
		n += len(drivers)
	}
	return n
}

// Figure returns a metric of a driver.
func (s *Samples) Figure(w Where, driver, metric string) Figure {
	var values []float64
	for _, taken := range s.inOrder(w, driver) {
		if v, there := taken[metric]; there {
			values = append(values, v)
		}
	}
	return figureOf(values)
}

// inOrder returns a driver's samples by round.
func (s *Samples) inOrder(w Where, driver string) []sample.Sample {
	rounds := s.rounds[w][driver]
	list := make([]sample.Sample, 0, len(rounds))
	for _, round := range slices.Sorted(maps.Keys(rounds)) {
		list = append(list, rounds[round])
	}
	return list
}

// Ratio returns what a has of a metric for each that b has. It is taken within each round, so that what changes the machine from
// one round to the next changes it little.
func (s *Samples) Ratio(w Where, a, b, metric string) Figure {
	return s.ratioAcross(w, w, a, b, metric)
}

// Step is the ratio of one driver's metric in the cell to, to that in the cell from.
func (s *Samples) Step(from, to Where, driver, metric string) Figure {
	return s.ratioAcross(to, from, driver, driver, metric)
}

func (s *Samples) ratioAcross(wa, wb Where, a, b, metric string) Figure {
	var values []float64
	for round, of := range s.rounds[wa][a] {
		if v, ok := quotient(of, s.rounds[wb][b][round], metric); ok {
			values = append(values, v)
		}
	}
	return figureOf(values)
}

func quotient(a, b sample.Sample, metric string) (float64, bool) {
	x, hasA := a[metric]
	y, hasB := b[metric]
	if !hasA || !hasB || y == 0 {
		return 0, false
	}
	return x / y, true
}

// BestPeer names the peer with the best median of a metric, "" if none has one.
func (s *Samples) BestPeer(w Where, metric string, lower bool) string {
	best, bestValue := "", 0.0
	for _, peer := range s.peers {
		f := s.Figure(w, peer, metric)
		if f.Known() && (best == "" || (f.Value < bestValue) == lower && f.Value != bestValue) {
			best, bestValue = peer, f.Value
		}
	}
	return best
}

// Geomean returns the geometric mean over cells of the ratio of a to b, taken for each round in which both have all
// cells.
func (s *Samples) Geomean(cells []Where, a, b, metric string) Figure {
	var values []float64
	for round := range s.rounds[cells[0]][a] {
		if v, complete := s.geomeanOf(round, cells, a, b, metric); complete {
			values = append(values, v)
		}
	}
	return figureOf(values)
}

func (s *Samples) geomeanOf(round int, cells []Where, a, b, metric string) (float64, bool) {
	var ratios []float64
	for _, w := range cells {
		v, ok := quotient(s.rounds[w][a][round], s.rounds[w][b][round], metric)
		if !ok || v <= 0 {
			return 0, false
		}
		ratios = append(ratios, v)
	}
	return GeometricMean(ratios), true
}

// Peers are the drivers of which the best is chosen.
func (s *Samples) Peers() []string { return s.peers }
