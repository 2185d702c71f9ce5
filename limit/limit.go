package limit

import (
	"context"
	"errors"
	"fmt"
	"math/bits"
	"time"

	"github.com/fairlead-go/fairlead"
)

// A Rate is how often something may happen.
type Rate struct {
	// Count events in the time Per, evenly: one each Per/Count. Both must be more than 0, Per in whole microseconds.
	Count int64
	Per   time.Duration
	// Burst is how many events may come at once after a time without any. 0 is Count. 1 keeps all of them Per/Count apart.
	Burst int64
}

// A Limiter bounds events by key, all at the same rate. It is safe for concurrent use.
type Limiter struct {
	client fairlead.RoundTripper
	burst  int64
	cost   int64 // units that an event adds to the debt
	drain  int64 // units that drain in a microsecond
}

// New returns a limiter. Nothing is sent. c is a Client, or what Client.DB returns. The error says what is wrong with the rate.
// Besides what its fields say, Burst × Per, both divided by what Count and Per in microseconds have in common, must be less
// than 2^53 microseconds: a burst of 9 billion events at one a second is possible.
func New(c fairlead.RoundTripper, r Rate) (*Limiter, error) {
	if r.Burst == 0 {
		r.Burst = r.Count
	}
	switch {
	case c == nil:
		return nil, errors.New("a limit needs a client: pass the *fairlead.Client")
	case r.Count <= 0 || r.Burst <= 0:
		return nil, fmt.Errorf("a rate of %d events in %v, %d at once, allows nothing: Count must be more than 0, and Burst too, or 0 for Count",
			r.Count, r.Per, r.Burst)
	case r.Per <= 0 || r.Per%time.Microsecond != 0:
		return nil, fmt.Errorf("a rate per %v cannot be: Per is in whole microseconds, and more than 0", r.Per)
	}
	per := r.Per.Microseconds()
	common := divisor(r.Count, per)
	l := &Limiter{client: c, burst: r.Burst, cost: per / common, drain: r.Count / common}
	if high, low := bits.Mul64(uint64(l.burst), uint64(l.cost)); high > 0 || low >= mostUnits || l.drain >= mostUnits {
		return nil, fmt.Errorf("a rate of %d events in %v, %d at once, is beyond what can be counted exactly: "+
			"choose a Count that divides Per, or a smaller Burst", r.Count, r.Per, r.Burst)
	}
	return l, nil
}

// divisor is the greatest common one.
func divisor(a, b int64) int64 {
	for b != 0 {
		a, b = b, a%b
	}
	return a
}

// A Result is the answer to one question.
type Result struct {
	// Allowed: the events may happen, and were counted. Otherwise none of them was.
	Allowed bool
	// Remaining is how many more events may happen now.
	Remaining int64
	// RetryAfter is the time until as many events as were asked for may happen, if nobody else asks; 0 if they are allowed.
	RetryAfter time.Duration
	// ResetAfter is the time until Burst events may happen, if nobody asks before.
	ResetAfter time.Duration
}

// Allow asks for one event of the key.
func (l *Limiter) Allow(ctx context.Context, key string) (Result, error) {
	return l.AllowN(ctx, key, 1)
}

// AllowN asks for n events of the key at once: all of them are allowed, or none is. 0 takes nothing and tells how things are.
// Fewer than 0 and more than the burst are errors, and nothing is sent: so many would never be allowed.
func (l *Limiter) AllowN(ctx context.Context, key string, n int64) (Result, error) {
	if err := l.check(key, n); err != nil {
		return Result{}, err
	}
	taken, debt, err := l.take(ctx, key, n, l.most())
	if err != nil {
		return Result{}, err
	}
	return l.result(taken, debt, n), nil
}

// most is the debt up to which events are allowed at once.
func (l *Limiter) most() int64 { return l.burst * l.cost }

func (l *Limiter) result(taken bool, debt, n int64) Result {
	r := Result{Allowed: taken, Remaining: max(0, (l.most()-debt)/l.cost), ResetAfter: l.drained(debt)}
	if !taken {
		r.RetryAfter = l.drained(debt + n*l.cost - l.most())
	}
	return r
}

// drained is how long so many units take to drain; the debt of events that wait may take longer than a Duration can say.
func (l *Limiter) drained(units int64) time.Duration {
	micros := max(0, units) / l.drain
	if max(0, units)%l.drain > 0 {
		micros++
	}
	return time.Duration(min(micros, int64(forever/time.Microsecond))) * time.Microsecond
}

const forever time.Duration = 1<<63 - 1

func (l *Limiter) check(key string, n int64) error {
	switch {
	case key == "":
		return errors.New("a limit needs a key: name it after what is limited and for whom")
	case n < 0 || n > l.burst:
		return fmt.Errorf("the limit %q cannot allow %d events at once: the burst is %d", key, n, l.burst)
	}
	return nil
}
