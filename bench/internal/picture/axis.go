package picture

import (
	"fmt"
	"math"
	"strconv"

	"gonum.org/v1/plot"
)

// ticksAt returns labelled ticks at exactly these values.
func ticksAt(values []int) plot.ConstantTicks {
	var ticks plot.ConstantTicks
	for _, v := range values {
		ticks = append(ticks, plot.Tick{Value: float64(v), Label: strconv.Itoa(v)})
	}
	return ticks
}

// logTicks are ticks at 1, 2 and 5 times the powers of ten, all of them labelled.
func logTicks(least, most float64) []plot.Tick {
	var ticks []plot.Tick
	for power := math.Pow(10, math.Floor(math.Log10(least))); power <= most; power *= 10 {
		for _, step := range []float64{1, 2, 5} {
			if v := step * power; v >= least*0.999 && v <= most*1.001 {
				ticks = append(ticks, plot.Tick{Value: v, Label: short(v)})
			}
		}
	}
	return ticks
}

// short writes a number as axes have it: 200, 20k, 2M.
func short(v float64) string {
	switch {
	case v >= 1e6:
		return fmt.Sprintf("%.3gM", v/1e6)
	case v >= 1e4:
		return fmt.Sprintf("%.3gk", v/1e3)
	case v >= 1e3:
		return fmt.Sprintf("%.0f", v)
	}
	return fmt.Sprintf("%.3g", v)
}

// logarithmic makes an axis logarithmic, with a little room at both ends.
func logarithmic(a *plot.Axis, least, most float64) {
	a.Scale = plot.LogScale{}
	a.Min, a.Max = least/1.15, most*1.15
	a.Tick.Marker = plot.TickerFunc(logTicks)
}
