package cacheaside_test

import (
	"bytes"
	"context"
	"errors"
	"math"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/fairlead-go/fairlead"
	"github.com/fairlead-go/fairlead/cacheaside"
)

type user struct {
	Name string
	Age  int
}

func TestLoadedOnce(t *testing.T) {
	t.Parallel()
	c, key := open(t), newKey(t)
	var loads atomic.Int64
	for range 3 { // the second and third by another cache each, as in another process
		u, err := newCache(t, c, cacheaside.Options[user]{}).Get(background, key, time.Minute, gives(user{"Ada", 36}, &loads))
		must(t, err)
		is(t, "the value", u, user{"Ada", 36})
	}
	is(t, "loads", loads.Load(), 1)
	stored, err := c.Get(background, key)
	must(t, err)
	header, data, _ := strings.Cut(stored, "\n")
	is(t, "what is stored", data, `{"Name":"Ada","Age":36}`)
	is(t, "words of the header", len(strings.Fields(header)), 4)
	ttl, err := c.PTTL(background, key)
	must(t, err)
	if ttl > time.Minute || ttl < 50*time.Second {
		t.Errorf("it is stored for %v, want a minute", ttl)
	}
}

func TestDelete(t *testing.T) {
	t.Parallel()
	cache, key := newCache(t, open(t), cacheaside.Options[int]{}), newKey(t)
	var loads atomic.Int64
	for range 2 {
		_, err := cache.Get(background, key, time.Minute, gives(1, &loads))
		must(t, err)
		n, err := cache.Delete(background, key, key+":other")
		must(t, err)
		is(t, "deleted", n, 1)
	}
	is(t, "loads", loads.Load(), 2)
}

func TestStringsAndBytesAreStoredAsTheyAre(t *testing.T) {
	t.Parallel()
	c := open(t)
	var loads atomic.Int64
	const odd = "a\nb\x00\xff"
	texts, raw := newCache(t, c, cacheaside.Options[string]{}), newCache(t, c, cacheaside.Options[[]byte]{})
	k1, k2 := newKey(t), newKey(t)
	for range 2 {
		s, err := texts.Get(background, k1, time.Minute, gives(odd, &loads))
		must(t, err)
		is(t, "the string", s, odd)
		b, err := raw.Get(background, k2, time.Minute, gives([]byte(odd), &loads))
		must(t, err)
		is(t, "the bytes", bytes.Equal(b, []byte(odd)), true)
	}
	is(t, "loads", loads.Load(), 2)
	stored, err := c.Get(background, k1)
	must(t, err)
	is(t, "what is stored ends so", strings.HasSuffix(stored, "\n"+odd), true)
}

func TestErrorsAreNotStored(t *testing.T) {
	t.Parallel()
	cache, key := newCache(t, open(t), cacheaside.Options[int]{AbsentTTL: time.Minute}), newKey(t)
	down := errors.New("the database is down")
	_, err := cache.Get(background, key, time.Minute, func(context.Context) (int, error) { return 7, down })
	wraps(t, err, down)
	var loads atomic.Int64
	v, err := cache.Get(background, key, time.Minute, gives(1, &loads))
	must(t, err)
	is(t, "the value", v, 1)
}

func TestAbsence(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name  string
		ttl   time.Duration
		loads int64
	}{{"remembered", time.Minute, 1}, {"not remembered", 0, 2}} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			cache, key := newCache(t, open(t), cacheaside.Options[int]{AbsentTTL: test.ttl}), newKey(t)
			loads := int64(0)
			for range 2 {
				_, err := cache.Get(background, key, time.Hour, func(context.Context) (int, error) {
					loads++
					return 0, fairlead.Nil
				})
				wraps(t, err, fairlead.Nil)
			}
			is(t, "loads", loads, test.loads)
		})
	}
}

func TestWhatIsNotOursIsLeftAlone(t *testing.T) {
	t.Parallel()
	c, key := open(t), newKey(t)
	cache := newCache(t, c, cacheaside.Options[int]{})
	for _, foreign := range []string{"", "5", "cacheaside1 value x 1\n5", "cacheaside1 thing 1 1\n5", "cacheaside2 value 1 1\n5"} {
		must(t, c.Set(background, key, foreign, time.Minute))
		_, err := cache.Get(background, key, time.Minute, func(context.Context) (int, error) {
			t.Error("it was loaded")
			return 0, nil
		})
		says(t, err, "holds something that was not stored by")
		v, err := c.Get(background, key)
		must(t, err)
		is(t, "the key", v, foreign)
	}
}

// TestUndecodableValue: the program was changed since it was stored.
func TestUndecodableValue(t *testing.T) {
	t.Parallel()
	c, key := open(t), newKey(t)
	var loads atomic.Int64
	_, err := newCache(t, c, cacheaside.Options[string]{}).Get(background, key, time.Minute, gives("no number", &loads))
	must(t, err)
	var told []error
	numbers := newCache(t, c, cacheaside.Options[int]{OnError: func(_ string, err error) { told = append(told, err) }})
	for range 2 {
		v, err := numbers.Get(background, key, time.Minute, gives(5, &loads))
		must(t, err)
		is(t, "the value", v, 5)
	}
	is(t, "loads", loads.Load(), 2)
	is(t, "errors told", len(told), 1)
	says(t, told[0], "could not be decoded")
}

func TestUnencodableValueIsAnError(t *testing.T) {
	t.Parallel()
	var loads atomic.Int64
	_, err := newCache(t, open(t), cacheaside.Options[float64]{}).Get(background, newKey(t), time.Minute, gives(math.NaN(), &loads))
	says(t, err, "could not be encoded")
}

func TestJitterShortens(t *testing.T) {
	t.Parallel()
	c := open(t)
	for _, test := range []struct {
		jitter, drawn float64
		want          time.Duration
	}{{0.1, 0, 1000 * time.Second}, {0.1, 0.5, 950 * time.Second}, {1, 0.75, 250 * time.Second}, {-1, 0.75, 1000 * time.Second}} {
		cache, key := newCache(t, c, cacheaside.Options[int]{Jitter: test.jitter}), newKey(t)
		cache.Draw(func() float64 { return test.drawn })
		var loads atomic.Int64
		_, err := cache.Get(background, key, 1000*time.Second, gives(1, &loads))
		must(t, err)
		ttl, err := c.PTTL(background, key)
		must(t, err)
		if ttl > test.want || ttl < test.want-40*time.Second {
			t.Errorf("jitter %v, %v drawn: it is stored for %v, want %v", test.jitter, test.drawn, ttl, test.want)
		}
	}
}

func TestMisuse(t *testing.T) {
	t.Parallel()
	c := open(t)
	_, err := cacheaside.New(nil, cacheaside.Options[int]{})
	says(t, err, "needs a client")
	_, err = cacheaside.New(c, cacheaside.Options[int]{AbsentTTL: -time.Second})
	says(t, err, "an AbsentTTL of -1s cannot be")
	_, err = cacheaside.New(c, cacheaside.Options[int]{Jitter: 1.1})
	says(t, err, "a Jitter of 1.1 cannot be")
	_, err = cacheaside.New(c, cacheaside.Options[int]{Early: math.NaN()})
	says(t, err, "an Early that is no number")
	cache := newCache(t, c, cacheaside.Options[int]{})
	var loads atomic.Int64
	_, err = cache.Get(background, "", time.Minute, gives(1, &loads))
	says(t, err, "needs a key")
	_, err = cache.Get(background, "k", 0, gives(1, &loads))
	says(t, err, "a time to live of 0s cannot be")
	_, err = cache.Get(background, "k", time.Minute, nil)
	says(t, err, "no function that loads it")
	is(t, "loads", loads.Load(), 0)
}

// TestServerDown: nothing is loaded, since everybody would.
func TestServerDown(t *testing.T) {
	t.Parallel()
	c, err := fairlead.Open("redis://localhost:1?max_retries=0") // nobody listens there
	must(t, err)
	defer c.Close()
	var loads atomic.Int64
	_, err = newCache(t, c, cacheaside.Options[int]{}).Get(background, "k", time.Minute, gives(1, &loads))
	says(t, err, `cached "k" could not be asked for`)
	is(t, "NotRun", fairlead.NotRun(err), true)
	is(t, "loads", loads.Load(), 0)
}
