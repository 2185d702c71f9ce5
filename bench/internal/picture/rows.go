package picture

import (
	"math"
	"slices"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"github.com/fairlead-go/fairlead/bench/internal/sample"
	"github.com/fairlead-go/fairlead/bench/internal/score"
)

// row is a driver's place in a picture whose rows are drivers, the best on top.
type row struct {
	driver string
	values []float64
}

// rowsOf returns the drivers that have all metrics, the highest value of the last metric first, as the lowest row is number 0.
func rowsOf(samples *score.Samples, drivers []string, w score.Where, metrics ...string) []row {
	var rows []row
	for _, d := range drivers {
		r := row{driver: d}
		for _, metric := range metrics {
			if f := samples.Figure(w, d, metric); f.Known() && f.Value > 0 {
				r.values = append(r.values, f.Value)
			}
		}
		if len(r.values) == len(metrics) {
			rows = append(rows, r)
		}
	}
	last := len(metrics) - 1
	slices.SortStableFunc(rows, func(a, b row) int {
		if a.values[last] > b.values[last] {
			return -1
		}
		return 1
	})
	return rows
}

// nameRows writes the drivers' names along the vertical axis.
func nameRows(p *plot.Plot, rows []row) {
	names := make([]string, len(rows))
	for i, r := range rows {
		names[i] = r.driver
	}
	p.NominalY(names...)
	p.Y.Tick.Label.Font = sans(12)
	p.Y.Min, p.Y.Max = -0.7, float64(len(rows))-0.3
}

// label writes text beside points.
func label(p *plot.Plot, xys plotter.XYs, texts []string, offset vg.Point) error {
	labels, err := plotter.NewLabels(plotter.XYLabels{XYs: xys, Labels: texts})
	if err != nil {
		return err
	}
	for i := range labels.TextStyle {
		labels.TextStyle[i].Font = sans(11)
		labels.TextStyle[i].YAlign = draw.YCenter
	}
	labels.Offset = offset
	p.Add(labels)
	return nil
}

func tallFor(rows []row) vg.Length { return vg.Length(len(rows))*vg.Points(21) + vg.Points(95) }

// bars is one metric of every driver in one cell.
type bars struct {
	file, title, unit string
	where             score.Where
	metric            string
}

func (b bars) draw(samples *score.Samples, drivers []string) (Picture, error) {
	picture := Picture{File: b.file, Title: b.title}
	rows := rowsOf(samples, drivers, b.where, b.metric)
	if len(rows) == 0 {
		return picture, nil
	}
	p := newPlot(b.title)
	p.X.Label.Text = b.unit
	var ends plotter.XYs
	var texts []string
	for i, r := range rows {
		thick := vg.Points(11)
		if r.driver == score.Ours {
			thick = vg.Points(16)
		}
		bar, err := plotter.NewBarChart(plotter.Values{r.values[0]}, thick)
		if err != nil {
			return picture, err
		}
		bar.Horizontal, bar.XMin, bar.Color, bar.LineStyle.Width = true, float64(i), lookOf(r.driver).colour, 0
		p.Add(bar)
		ends = append(ends, plotter.XY{X: r.values[0], Y: float64(i)})
		texts = append(texts, short(r.values[0]))
	}
	if err := label(p, ends, texts, vg.Point{X: vg.Points(5)}); err != nil {
		return picture, err
	}
	nameRows(p, rows)
	p.X.Min, p.X.Max = 0, rows[0].values[0]*1.08
	var err error
	picture.SVG, err = render(p, nil, tallFor(rows))
	return picture, err
}

// spans is the way from p50 to p99 of every driver in one cell, over a logarithmic axis.
type spans struct {
	file, title string
	where       score.Where
}

func (s spans) draw(samples *score.Samples, drivers []string) (Picture, error) {
	picture := Picture{File: s.file, Title: s.title}
	rows := rowsOf(samples, drivers, s.where, sample.P50, sample.P99)
	if len(rows) == 0 {
		return picture, nil
	}
	p := newPlot(s.title)
	p.X.Label.Text = "µs"
	least, most := math.Inf(1), 0.0
	var ends plotter.XYs
	var texts []string
	for i, r := range rows {
		y := float64(i)
		span := plotter.XYs{{X: r.values[0], Y: y}, {X: r.values[1], Y: y}}
		line, marks, err := plotter.NewLinePoints(span)
		if err != nil {
			return picture, err
		}
		l := lookOf(r.driver)
		line.LineStyle, marks.GlyphStyle = l.line(), l.glyph()
		line.Dashes, marks.Shape = nil, draw.CircleGlyph{}
		p.Add(line, marks)
		least, most = min(least, r.values[0]), max(most, r.values[1])
		ends = append(ends, span[1])
		texts = append(texts, short(math.Round(r.values[1])))
	}
	if err := label(p, ends, texts, vg.Point{X: vg.Points(7)}); err != nil {
		return picture, err
	}
	nameRows(p, rows)
	logarithmic(&p.X, least, most*1.2)
	var err error
	picture.SVG, err = render(p, nil, tallFor(rows))
	return picture, err
}
