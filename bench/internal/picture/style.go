package picture

import (
	"image/color"
	"strings"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"github.com/fairlead-go/fairlead/bench/internal/score"
)

// Colours that people with every kind of colour vision tell apart (Okabe and Ito), one for each client; its settings differ
// by dashes and marks.
var (
	black   = color.RGBA{A: 255}
	grey    = color.RGBA{R: 130, G: 130, B: 130, A: 255}
	faint   = color.RGBA{R: 225, G: 225, B: 225, A: 255}
	orange  = color.RGBA{R: 230, G: 159, A: 255}
	sky     = color.RGBA{R: 86, G: 180, B: 233, A: 255}
	green   = color.RGBA{G: 158, B: 115, A: 255}
	blue    = color.RGBA{G: 114, B: 178, A: 255}
	redlike = color.RGBA{R: 213, G: 94, A: 255}
	purple  = color.RGBA{R: 204, G: 121, B: 167, A: 255}
)

// look is how a driver is drawn.
type look struct {
	colour color.Color
	width  vg.Length
	dashes []vg.Length
	mark   draw.GlyphDrawer
}

// lookOf returns a driver's look: ours is drawn heavier.
func lookOf(driver string) look {
	client, setting, _ := strings.Cut(driver, "-")
	l := look{colour: colourOf(client), width: vg.Points(1.3), mark: draw.CircleGlyph{}}
	switch setting {
	case "ap":
		l.dashes, l.mark = []vg.Length{vg.Points(6), vg.Points(2)}, draw.PyramidGlyph{}
	case "fd", "delay":
		l.dashes, l.mark = []vg.Length{vg.Points(2), vg.Points(2)}, draw.BoxGlyph{}
	}
	if driver == score.Ours {
		l.width = vg.Points(3.2)
	}
	return l
}

func colourOf(client string) color.Color {
	switch client {
	case score.Ours:
		return redlike
	case "goredis":
		return blue
	case "rueidis":
		return green
	case "redigo":
		return purple
	case "radix":
		return orange
	case "raw":
		return black
	case "rawmux":
		return grey
	}
	return sky
}

// line is the style of a driver's line.
func (l look) line() draw.LineStyle {
	return draw.LineStyle{Color: l.colour, Width: l.width, Dashes: l.dashes}
}

// glyph is the style of a driver's marks.
func (l look) glyph() draw.GlyphStyle {
	return draw.GlyphStyle{Color: l.colour, Radius: vg.Points(2) + l.width/2, Shape: l.mark}
}
