package report

import (
	"fmt"
	"io"

	"github.com/fairlead-go/fairlead/bench/internal/sample"
	"github.com/fairlead-go/fairlead/bench/internal/score"
)

// judges says whether there are rounds enough for a verdict.
func (r *Report) judges() bool { return r.Run.About.Rounds > 1 }

// tally counts the verdicts, or says why there are none.
func (r *Report) tally(targets []score.Target) string {
	count := map[score.Verdict]int{}
	for _, t := range targets {
		count[t.Verdict()]++
	}
	if !r.judges() {
		return fmt.Sprintf("Figures for %d targets; one round is too few to say which of them are reached.", len(targets)-count[score.NotMeasured])
	}
	return fmt.Sprintf("Of %d targets %d are reached, %d fall short, %d were not measured.",
		len(targets), count[score.Pass], count[score.Short], count[score.NotMeasured])
}

// writeTargets prints every promise with what was measured.
func (r *Report) writeTargets(w io.Writer, targets []score.Target) {
	if len(targets) == 0 {
		return
	}
	fmt.Fprintf(w, "\n## Targets\n\n%s\n", r.tally(targets))
	for len(targets) > 0 {
		group := targets[0].Group
		t := &table{left: 1}
		t.add(group, "measured", "±%", "target", "against", "")
		for len(targets) > 0 && targets[0].Group == group {
			row := targetRow(targets[0])
			if !r.judges() {
				row[len(row)-1] = ""
			}
			t.add(row...)
			targets = targets[1:]
		}
		fmt.Fprintln(w)
		t.write(w)
	}
}

func targetRow(t score.Target) []string {
	bound := "at least "
	if t.AtMost {
		bound = "at most "
	}
	measured, verdict := "-", string(t.Verdict())
	if t.Figure.Known() {
		measured = quantity(t.Figure.Value, t.Unit)
	}
	if t.Verdict() == score.Short {
		verdict = "**short**"
		if measured == quantity(t.Bound, t.Unit) { // it is short by less than the digits show
			measured = fmt.Sprintf("%.4g%s", t.Figure.Value, t.Unit)
		}
	}
	return []string{t.Text, measured, noise(t.Figure), bound + quantity(t.Bound, t.Unit), t.Against, verdict}
}

// quantity writes a value with its unit.
func quantity(v float64, unit string) string {
	switch unit {
	case "":
		return fmt.Sprintf("%g", v)
	case "×":
		return fmt.Sprintf("%.2f×", v)
	}
	return number(v) + " " + unit
}

// writeGeomeans prints how fairlead compares with every single rival over 1 to 4096 goroutines.
func writeGeomeans(w io.Writer, samples *score.Samples) {
	t := &table{left: 1}
	head := []string{"fairlead's speed for each of the rival's"}
	families := score.Families()
	for _, f := range families {
		head = append(head, f.Name)
	}
	t.add(head...)
	for _, peer := range samples.Peers() {
		row := []string{peer}
		known := false
		for _, f := range families {
			g := samples.Geomean(f.Cells, score.Ours, peer, sample.Rate)
			known = known || g.Known()
			row = append(row, shown(g))
		}
		if known {
			t.add(row...)
		}
	}
	if len(t.rows) > 1 {
		fmt.Fprintf(w, "\n## Geometric means\n\nOperations per second over 1, 8, 64, 512 and 4096 goroutines, 16 B, free placement.\n\n")
		t.write(w)
	}
}

// Summary prints how many targets were reached, and those that were not.
func (r *Report) Summary(w io.Writer) {
	targets := r.targets(score.New(r.Run.Results, Peers(r.Drivers)))
	fmt.Fprintln(w, r.tally(targets))
	for _, t := range targets {
		if r.judges() && t.Verdict() == score.Short {
			row := targetRow(t)
			fmt.Fprintf(w, "  short: %s: %s: %s, target %s\n", t.Group, t.Text, row[1], row[3])
		}
	}
}
