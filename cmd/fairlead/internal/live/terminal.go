package live

import (
	"io"
	"time"

	"github.com/vbauerster/mpb/v8"
	"github.com/vbauerster/mpb/v8/decor"
)

// startBar shows the figures behind a bar that fills while time passes.
func startBar(w io.Writer, lasts time.Duration, figures func() string) *Line {
	began := time.Now()
	progress := mpb.New(mpb.WithOutput(w), mpb.WithAutoRefresh(), mpb.WithRefreshRate(100*time.Millisecond))
	elapsed := decor.Any(func(decor.Statistics) string { return stamp(time.Since(began)) + " " })
	current := decor.Any(func(decor.Statistics) string { return " " + figures() })
	bar := progress.AddBar(0, // no total: the bar ends by Stop, not by being full
		mpb.BarWidth(20), mpb.PrependDecorators(elapsed), mpb.AppendDecorators(current),
		mpb.BarFillerMiddleware(func(base mpb.BarFiller) mpb.BarFiller {
			return mpb.BarFillerFunc(func(w io.Writer, s decor.Statistics) error {
				s.Total, s.Current = int64(lasts), min(int64(time.Since(began)), int64(lasts))
				return base.Fill(w, s)
			})
		}))
	return &Line{
		note: func(text string) { _, _ = io.WriteString(progress, stamp(time.Since(began))+"  "+text+"\n") },
		stop: func() {
			bar.Abort(true)
			progress.Wait()
		},
	}
}
