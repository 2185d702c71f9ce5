package report

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/fairlead-go/fairlead/bench/internal/plan"
	"github.com/fairlead-go/fairlead/bench/internal/score"
)

// scenario prints the table of a scenario in one place.
func (r *Report) scenario(w io.Writer, samples *score.Samples, s *plan.Scenario, place string) {
	t := &table{left: 2}
	t.add(head(s)...)
	for _, cell := range s.Cells {
		if slices.Contains(s.PlacesOf(cell), place) {
			r.cell(t, samples, s, score.Where{Scenario: s.ID, Cell: cell.Name, Place: place})
		}
	}
	if len(t.rows) > 1 {
		fmt.Fprintf(w, "\n### %s. %s (%s)\n\n", s.ID, s.Title, place)
		t.write(w)
	}
}

func head(s *plan.Scenario) []string {
	cells := []string{"cell", "driver"}
	for _, c := range s.Columns {
		cells = append(cells, c.Head)
	}
	cells = append(cells, "±%", "×raw", "×rawmux", "×peer")
	if s.CPU != "" {
		cells = append(cells, "cpu ×raw", "cpu ×peer")
	}
	return cells
}

// cell adds the rows of all drivers in one cell.
func (r *Report) cell(t *table, samples *score.Samples, s *plan.Scenario, w score.Where) {
	best := samples.BestPeer(w, s.Primary, s.Lower)
	saver := ""
	if s.CPU != "" {
		saver = samples.BestPeer(w, s.CPU, true)
	}
	for _, d := range r.Drivers {
		primary := samples.Figure(w, d.Name, s.Primary)
		if failure := samples.Error(w, d.Name); failure != "" && !primary.Known() {
			t.add(w.Cell, d.Name, fmt.Sprintf("%.100s", strings.ReplaceAll(failure, "\n", " ")))
			continue
		}
		if !primary.Known() {
			continue
		}
		row := []string{w.Cell, d.Name + marks(d.Name, best, saver)}
		for _, c := range s.Columns {
			row = append(row, shown(samples.Figure(w, d.Name, c.Metric)))
		}
		row = append(row, noise(primary))
		for _, other := range []string{"raw", "rawmux", best} {
			row = append(row, shown(samples.Ratio(w, d.Name, other, s.Primary)))
		}
		if s.CPU != "" {
			row = append(row, shown(samples.Ratio(w, d.Name, "raw", s.CPU)), shown(samples.Ratio(w, d.Name, saver, s.CPU)))
		}
		t.add(row...)
	}
}

// marks says of a peer what it is best in.
func marks(name, best, saver string) string {
	switch name {
	case best:
		if name == saver {
			return " (best, least CPU)"
		}
		return " (best)"
	case saver:
		return " (least CPU)"
	}
	return ""
}

func shown(f score.Figure) string {
	if !f.Known() {
		return "-"
	}
	return number(f.Value)
}

func noise(f score.Figure) string {
	if f.Rounds < 2 {
		return "?"
	}
	return fmt.Sprintf("%.0f", 100*f.Noise)
}
