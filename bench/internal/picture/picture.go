// Package picture draws a run as SVG files.
package picture

import (
	"bytes"
	"fmt"
	"image/color"
	"os"
	"path/filepath"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
	"gonum.org/v1/plot/vg/vgsvg"

	"github.com/fairlead-go/fairlead/bench/internal/plan"
	"github.com/fairlead-go/fairlead/bench/internal/sample"
	"github.com/fairlead-go/fairlead/bench/internal/score"
)

// A Picture is one file.
type Picture struct {
	File, Title string
	SVG         []byte
}

// Draw draws everything that the samples have data for.
func Draw(samples *score.Samples, drivers []string) ([]Picture, error) {
	const cpu = "µs of CPU per operation"
	drawings := []drawing{
		byGoroutines{"throughput.svg", "GET 16 B, one client, many goroutines: operations per second (more is better)",
			"operations per second", sample.Rate},
		byGoroutines{"cpu.svg", "GET 16 B, one client, many goroutines: CPU time of the client's process (less is better)", cpu, sample.CPU},
		bars{"one-goroutine.svg", "GET 16 B, one goroutine, tcp, client and server on one core: CPU time (less is better)", cpu,
			score.Where{Scenario: "A", Cell: "tcp", Place: plan.Same}, sample.CPU},
		spans{"latency-fixed.svg", "Latency at 20000 requests per second since each was due: p50 (left) to p99 (right), less is better",
			score.Where{Scenario: "H", Cell: plan.FixedRate, Place: plan.Split}},
		spans{"latency-half.svg",
			"Latency at half of Fairlead's maximum rate since each request was due: p50 (left) to p99 (right), less is better",
			score.Where{Scenario: "H", Cell: plan.HalfRate, Place: plan.Split}},
	}
	var pictures []Picture
	for _, d := range drawings {
		p, err := d.draw(samples, drivers)
		if err != nil {
			return nil, err
		}
		if p.SVG != nil {
			pictures = append(pictures, p)
		}
	}
	return pictures, nil
}

// Save writes pictures into a folder, which it makes.
func Save(pictures []Picture, folder string) error {
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return err
	}
	for _, p := range pictures {
		if err := os.WriteFile(filepath.Join(folder, p.File), p.SVG, 0o644); err != nil {
			return fmt.Errorf("saving a picture: %w", err)
		}
	}
	return nil
}

// drawing makes a picture; without data the picture has no SVG.
type drawing interface {
	draw(samples *score.Samples, drivers []string) (Picture, error)
}

// newPlot returns an empty plot with a white background, readable letters and a faint grid.
func newPlot(title string) *plot.Plot {
	p := plot.New()
	p.BackgroundColor = color.White
	p.Title.Text = title
	p.Title.Padding = vg.Points(8)
	p.Title.TextStyle.Font = sans(13)
	for _, axis := range []*plot.Axis{&p.X, &p.Y} {
		axis.Label.TextStyle.Font = sans(12)
		axis.Tick.Label.Font = sans(11)
		axis.Label.Padding = vg.Points(5)
	}
	grid := plotter.NewGrid()
	grid.Vertical.Color, grid.Horizontal.Color = faint, faint
	p.Add(grid)
	return p
}

func sans(points float64) font.Font {
	return font.Font{Typeface: "Liberation", Variant: "Sans", Size: vg.Points(points)}
}

const (
	width       = 24 * vg.Centimeter
	height      = 13.5 * vg.Centimeter
	legendWidth = 3.6 * vg.Centimeter
)

// render draws the plot, with a legend to the right of it if there is one.
func render(p *plot.Plot, legend *plot.Legend, tall vg.Length) ([]byte, error) {
	canvas := vgsvg.NewWith(vgsvg.UseWH(width, tall))
	all := draw.New(canvas)
	all.SetColor(color.White)
	all.Fill(all.Rectangle.Path())
	margin := vg.Points(8)
	inner := draw.Crop(all, margin, -margin, margin, -margin)
	if legend != nil {
		p.Draw(draw.Crop(inner, 0, -legendWidth, 0, 0))
		legend.Draw(draw.Crop(inner, width-legendWidth-margin, 0, 0, -vg.Points(30)))
	} else {
		p.Draw(inner)
	}
	var out bytes.Buffer
	if _, err := canvas.WriteTo(&out); err != nil {
		return nil, err
	}
	// Where the font is missing, its metrically equal sisters keep the letters where they belong.
	return bytes.ReplaceAll(out.Bytes(), []byte("font-family:Liberation Sans;"),
		[]byte("font-family:Liberation Sans,Arial,Helvetica,sans-serif;")), nil
}
