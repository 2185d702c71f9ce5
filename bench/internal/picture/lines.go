package picture

import (
	"math"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"

	"github.com/fairlead-go/fairlead/bench/internal/plan"
	"github.com/fairlead-go/fairlead/bench/internal/score"
)

// byGoroutines is a metric of every driver over the number of goroutines, both axes logarithmic.
type byGoroutines struct{ file, title, unit, metric string }

// point is where a number of goroutines is measured.
type point struct {
	goroutines int
	where      score.Where
}

func points() []point {
	list := []point{{1, score.Where{Scenario: "A", Cell: "tcp", Place: plan.Free}}}
	for _, n := range append(append([]int{}, plan.Crowds...), plan.Most) {
		list = append(list, point{n, score.Where{Scenario: "B", Cell: plan.GetCell(n, plan.NoContext), Place: plan.Free}})
	}
	return list
}

func (b byGoroutines) draw(samples *score.Samples, drivers []string) (Picture, error) {
	picture := Picture{File: b.file, Title: b.title}
	p := newPlot(b.title)
	p.X.Label.Text, p.Y.Label.Text = "goroutines", b.unit
	legend := newLegend()
	least, most := math.Inf(1), 0.0
	for _, driver := range drawnLast(drivers, score.Ours) {
		line := b.line(samples, driver)
		if len(line) == 0 {
			continue
		}
		for _, xy := range line {
			least, most = min(least, xy.Y), max(most, xy.Y)
		}
		if err := addLine(p, &legend, driver, line); err != nil {
			return picture, err
		}
	}
	if most == 0 {
		return picture, nil
	}
	logarithmic(&p.Y, least, most)
	logarithmic(&p.X, 1, plan.Most)
	p.X.Tick.Marker = ticksAt([]int{1, 8, 64, 512, 4096, plan.Most})
	var err error
	picture.SVG, err = render(p, &legend, height)
	return picture, err
}

// line returns a driver's points.
func (b byGoroutines) line(samples *score.Samples, driver string) plotter.XYs {
	var line plotter.XYs
	for _, at := range points() {
		if f := samples.Figure(at.where, driver, b.metric); f.Known() && f.Value > 0 {
			line = append(line, plotter.XY{X: float64(at.goroutines), Y: f.Value})
		}
	}
	return line
}

func addLine(p *plot.Plot, legend *plot.Legend, driver string, xys plotter.XYs) error {
	line, marks, err := plotter.NewLinePoints(xys)
	if err != nil {
		return err
	}
	l := lookOf(driver)
	line.LineStyle, marks.GlyphStyle = l.line(), l.glyph()
	p.Add(line, marks)
	legend.Add(driver, line, marks)
	return nil
}

func newLegend() plot.Legend {
	legend := plot.NewLegend()
	legend.Top, legend.Left = true, true
	legend.TextStyle.Font = sans(12)
	legend.ThumbnailWidth = vg.Points(28)
	legend.Padding = vg.Points(5)
	return legend
}

// drawnLast moves one driver to the end, so that its line lies above the others.
func drawnLast(drivers []string, last string) []string {
	var list []string
	found := false
	for _, d := range drivers {
		if d == last {
			found = true
		} else {
			list = append(list, d)
		}
	}
	if found {
		list = append(list, last)
	}
	return list
}
