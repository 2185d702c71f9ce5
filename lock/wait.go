package lock

import (
	"context"
	"math/rand/v2"
	"time"
)

const (
	firstPause = 4 * time.Millisecond
	tick       = time.Millisecond // servers tell the time left in whole ones; the rest is cut off
)

// pause is how long to wait before the next try, the first being number 0, while the holder's time ends after left; negative:
// never.
func (l *Lock) pause(try int, left time.Duration) time.Duration {
	longest := min(firstPause<<min(try, 20), l.poll)
	d := longest/2 + rand.N(longest/2+1)
	if 0 <= left && left < d {
		return left + tick + rand.N(tick)
	}
	return d
}

// sleep reports false if ctx ended first.
func sleep(ctx context.Context, d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	}
}

// A term is a time from its beginning on.
type term struct {
	began  time.Time
	length time.Duration
}

// left returns how much of the term is left by whichever clock ran further since it began: the monotonic one stands still while
// a machine is suspended, the wall clock may be set. A hundredth is kept back for clocks that do not run equally fast.
func (t term) left() time.Duration {
	now := time.Now()
	passed := max(now.Sub(t.began), now.Round(0).Sub(t.began.Round(0)))
	return t.length - t.length/100 - passed
}
