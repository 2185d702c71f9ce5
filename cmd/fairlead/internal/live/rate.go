package live

import "time"

const (
	rateWindow  = 500 * time.Millisecond // how much time a rate is an average of, at least
	firstWindow = 100 * time.Millisecond // the same for the first rate, so that there soon is one
)

// A Rate tells how fast a count grows. Its zero value is ready. It belongs to one goroutine.
type Rate struct {
	since     time.Time
	count     int64
	perSecond float64
}

// PerSecond returns by how much per second the count has grown lately, given what it is now.
func (r *Rate) PerSecond(count int64) float64 {
	now := time.Now()
	if r.since.IsZero() {
		r.since, r.count = now, count
		return 0
	}
	window := rateWindow
	if r.perSecond == 0 {
		window = firstWindow
	}
	if passed := now.Sub(r.since); passed >= window {
		r.perSecond = float64(count-r.count) / passed.Seconds()
		r.since, r.count = now, count
	}
	return r.perSecond
}
