package limit_test

import (
	"math/big"
	"math/rand/v2"
	"os"
	"strconv"
	"testing"
	"time"

	"github.com/fairlead-go/fairlead/limit"
)

// A model is GCRA as the books have it: a theoretical arrival time, here in microseconds as a fraction.
type model struct {
	each  *big.Rat // between two events
	burst *big.Rat // the time that Burst events take
	tat   *big.Rat
}

func newModel(r limit.Rate) *model {
	each := big.NewRat(r.Per.Microseconds(), r.Count)
	return &model{each: each, burst: times(each, r.Burst), tat: new(big.Rat)}
}

func times(r *big.Rat, n int64) *big.Rat { return new(big.Rat).Mul(r, new(big.Rat).SetInt64(n)) }
func add(a, b *big.Rat) *big.Rat         { return new(big.Rat).Add(a, b) }
func sub(a, b *big.Rat) *big.Rat         { return new(big.Rat).Sub(a, b) }

func floor(r *big.Rat) int64 { return new(big.Int).Div(r.Num(), r.Denom()).Int64() } // Euclidean, and the denominator is positive
func ceil(r *big.Rat) int64  { return -floor(new(big.Rat).Neg(r)) }

func (m *model) allow(n, micros int64) limit.Result {
	now := new(big.Rat).SetInt64(micros)
	if m.tat.Cmp(now) < 0 {
		m.tat = now
	}
	next := add(m.tat, times(m.each, n))
	early := sub(sub(next, m.burst), now)
	r := limit.Result{Allowed: early.Sign() <= 0}
	if r.Allowed {
		m.tat = next
	} else {
		r.RetryAfter = time.Duration(ceil(early)) * time.Microsecond
	}
	ahead := sub(m.tat, now)
	r.Remaining = floor(new(big.Rat).Quo(sub(m.burst, ahead), m.each))
	r.ResetAfter = time.Duration(ceil(ahead)) * time.Microsecond
	return r
}

// TestModel: the script, run by a server with a clock of ours, answers as the model to the last microsecond, at 20 rates;
// FAIRLEAD_LIMIT_RATES is another number of them.
func TestModel(t *testing.T) {
	t.Parallel()
	c := open(t)
	rates := 20
	if text := os.Getenv("FAIRLEAD_LIMIT_RATES"); text != "" {
		var err error
		rates, err = strconv.Atoi(text)
		must(t, err)
	}
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	random := rand.New(rand.NewPCG(seed, 1))
	for range rates {
		rate := limit.Rate{Count: 1 + random.Int64N(1000), Burst: 1 + random.Int64N(50),
			Per: time.Duration(1+random.Int64N(100_000_000)) * time.Microsecond}
		l, m, key := newLimiter(t, c, rate), newModel(rate), newKey(t)
		now := time.Now().UnixMicro()
		for range 50 {
			n := random.Int64N(min(5, rate.Burst) + 1)
			now += random.Int64N(4*rate.Per.Microseconds()/rate.Count*max(1, n) + 1)
			got, err := l.AllowAt(background, key, n, now)
			must(t, err)
			if want := m.allow(n, now); got != want {
				t.Fatalf("seed %d, %+v, %d events at %d: got %+v, want %+v", seed, rate, n, now, got, want)
			}
		}
		_, err := c.Del(background, key)
		must(t, err)
	}
}

// TestClockSetBack: the time that the clock repeats counts once, and nobody is locked out for it.
func TestClockSetBack(t *testing.T) {
	t.Parallel()
	c := open(t)
	l, key := newLimiter(t, c, limit.Rate{Count: 1, Per: time.Second, Burst: 2}), newKey(t)
	const hour = 3_600_000_000
	for _, step := range []struct {
		now  int64
		want limit.Result
	}{
		{hour, limit.Result{Allowed: true, Remaining: 1, ResetAfter: time.Second}},
		{hour, limit.Result{Allowed: true, Remaining: 0, ResetAfter: 2 * time.Second}},
		{0, limit.Result{RetryAfter: time.Second, ResetAfter: 2 * time.Second}}, // as if no time had passed
		{hour + 1_000_000, limit.Result{Allowed: true, Remaining: 0, ResetAfter: 2 * time.Second}},
		{1_000_000, limit.Result{RetryAfter: time.Second, ResetAfter: 2 * time.Second}},
	} {
		got, err := l.AllowAt(background, key, 1, step.now)
		must(t, err)
		is(t, "the answer", got, step.want)
	}
	_, err := c.Del(background, key)
	must(t, err)
}

// TestRateChanges: what is kept counts as the time it takes to drain.
func TestRateChanges(t *testing.T) {
	t.Parallel()
	c, key := open(t), newKey(t)
	old := newLimiter(t, c, limit.Rate{Count: 3, Per: time.Second, Burst: 6})
	r, err := old.AllowAt(background, key, 6, 1)
	must(t, err)
	is(t, "the old rate", r, limit.Result{Allowed: true, ResetAfter: 2 * time.Second})
	r, err = newLimiter(t, c, limit.Rate{Count: 7, Per: time.Second, Burst: 21}).AllowAt(background, key, 7, 1)
	must(t, err)
	is(t, "the new rate", r, limit.Result{Allowed: true, ResetAfter: 3 * time.Second})
	_, err = c.Del(background, key)
	must(t, err)
}
