package cacheaside_test

import (
	"context"
	"errors"
	"runtime"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/fairlead-go/fairlead"
	"github.com/fairlead-go/fairlead/cacheaside"
	"github.com/fairlead-go/fairlead/redistest"
)

// TestOneLoadForManyCallers: also for those who come when it has just ended.
func TestOneLoadForManyCallers(t *testing.T) {
	t.Parallel()
	cache, key := newCache(t, open(t), cacheaside.Options[int]{}), newKey(t)
	var loads atomic.Int64
	var all sync.WaitGroup
	for range 200 {
		all.Go(func() {
			v, err := cache.Get(background, key, time.Minute, gives(42, &loads))
			if v != 42 || err != nil {
				t.Errorf("got %v, %v, want 42", v, err)
			}
		})
	}
	all.Wait()
	is(t, "loads", loads.Load(), 1)
}

// TestOneLoadForAllProcesses: each client stands for a process.
func TestOneLoadForAllProcesses(t *testing.T) {
	t.Parallel()
	key := newKey(t)
	var loads atomic.Int64
	var all sync.WaitGroup
	for range 6 {
		cache := newCache(t, open(t), cacheaside.Options[int]{OneLoader: true})
		for range 4 {
			all.Go(func() {
				v, err := cache.Get(background, key, time.Minute, gives(42, &loads))
				if v != 42 || err != nil {
					t.Errorf("got %v, %v, want 42", v, err)
				}
			})
		}
	}
	all.Wait()
	is(t, "loads", loads.Load(), 1)
	n, err := open(t).Exists(background, key+":load")
	must(t, err)
	is(t, "locks left", n, 0)
}

// A held load says when it began and waits until it may end.
type held struct {
	began, ended, may chan struct{}
	loads             atomic.Int64
}

func newHeld() *held {
	return &held{began: make(chan struct{}, 8), ended: make(chan struct{}, 8), may: make(chan struct{})}
}

func (h *held) load(ctx context.Context) (int, error) {
	h.loads.Add(1)
	h.began <- struct{}{}
	defer func() { h.ended <- struct{}{} }()
	select {
	case <-h.may:
		return 42, nil
	case <-ctx.Done():
		return 0, ctx.Err()
	}
}

type answer struct {
	v   int
	err error
}

// get asks in a goroutine of its own.
func get(ctx context.Context, cache *cacheaside.Cache[int], key string, load func(context.Context) (int, error)) <-chan answer {
	answered := make(chan answer, 1)
	go func() {
		v, err := cache.Get(ctx, key, time.Minute, load)
		answered <- answer{v, err}
	}()
	return answered
}

// joined waits until so many callers have asked the server and come to the load: each asks once.
func joined(t *testing.T, cache *cacheaside.Cache[int], key string, callers int) {
	t.Helper()
	redistest.Eventually(t, 5*time.Second, "the callers have joined", func() bool { return cache.Waiting(key) == callers })
}

func TestFirstCallersEndFailsNobodyElse(t *testing.T) {
	t.Parallel()
	cache, key, h := newCache(t, open(t), cacheaside.Options[int]{}), newKey(t), newHeld()
	ctx, cancel := context.WithCancel(background)
	first := get(ctx, cache, key, h.load)
	<-h.began
	second := get(background, cache, key, h.load)
	joined(t, cache, key, 2)
	cancel()
	wraps(t, (<-first).err, context.Canceled)
	close(h.may)
	is(t, "what the second got", <-second, answer{42, nil})
	is(t, "loads", h.loads.Load(), 1)
}

func TestLoadEndsWhenNobodyWaits(t *testing.T) {
	t.Parallel()
	cache, key, h := newCache(t, open(t), cacheaside.Options[int]{}), newKey(t), newHeld()
	ctx, cancel := context.WithCancel(background)
	first, second := get(ctx, cache, key, h.load), get(ctx, cache, key, h.load)
	<-h.began
	joined(t, cache, key, 2)
	cancel()
	wraps(t, (<-first).err, context.Canceled)
	wraps(t, (<-second).err, context.Canceled)
	<-h.ended // by its context
	close(h.may)
	is(t, "the next caller", <-get(background, cache, key, h.load), answer{42, nil})
}

func TestPanic(t *testing.T) {
	t.Parallel()
	cache, key, h := newCache(t, open(t), cacheaside.Options[int]{}), newKey(t), newHeld()
	boom := errors.New("boom")
	recovered := make(chan any)
	go func() {
		defer func() { recovered <- recover() }()
		_, err := cache.Get(background, key, time.Minute, func(ctx context.Context) (int, error) {
			_, _ = h.load(ctx)
			panic(boom)
		})
		t.Errorf("Get returned %v", err)
	}()
	<-h.began
	second := get(background, cache, key, h.load)
	joined(t, cache, key, 2)
	close(h.may)
	p, ok := (<-recovered).(*cacheaside.Panic)
	if !ok || p.Value != any(boom) || p.Key != key || len(p.Stack) == 0 {
		t.Errorf("the caller of the load panicked with %v", p)
	}
	err := (<-second).err
	says(t, err, "panicked: boom")
	wraps(t, err, boom)
	is(t, "the next caller", <-get(background, cache, key, h.load), answer{42, nil})
}

// TestGoexit: as by FailNow in a test.
func TestGoexit(t *testing.T) {
	t.Parallel()
	cache, key := newCache(t, open(t), cacheaside.Options[int]{}), newKey(t)
	ended := make(chan bool)
	go func() {
		returned := false
		defer func() { ended <- returned }()
		_, _ = cache.Get(background, key, time.Minute, func(context.Context) (int, error) {
			runtime.Goexit()
			return 0, nil
		})
		returned = true
	}()
	is(t, "Get returned", <-ended, false)
}

// TestDeletedWhileLoading: what was read before the change is not stored, and those who ask after it do not get it.
func TestDeletedWhileLoading(t *testing.T) {
	t.Parallel()
	c, key, h := open(t), newKey(t), newHeld()
	cache := newCache(t, c, cacheaside.Options[int]{})
	before := get(background, cache, key, h.load)
	<-h.began
	_, err := cache.Delete(background, key)
	must(t, err)
	v, err := cache.Get(background, key, time.Minute, func(context.Context) (int, error) { return 43, nil })
	must(t, err)
	is(t, "after the change", v, 43)
	close(h.may)
	is(t, "before the change", <-before, answer{42, nil})
	v, err = cache.Get(background, key, time.Minute, h.load)
	must(t, err)
	is(t, "what is stored", v, 43)
}

// TestEarlyLoad: the load is said to have taken a second, and 0.999 is drawn, so that the value is renewed when 6.9 s are left.
func TestEarlyLoad(t *testing.T) {
	t.Parallel()
	c := open(t)
	for _, test := range []struct {
		name      string
		left      time.Duration
		early     float64
		oneLoader bool
		loads     int64
	}{
		{"too early", 10 * time.Second, 1, false, 0},
		{"time to", 6 * time.Second, 1, false, 1},
		{"by one process", 6 * time.Second, 1, true, 1},
		{"twice as early", 10 * time.Second, 2, false, 1},
		{"never", time.Second, -1, false, 0},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			key := newKey(t)
			must(t, c.Set(background, key, stored("41", test.left, time.Second), time.Minute))
			cache := newCache(t, c, cacheaside.Options[int]{Early: test.early, OneLoader: test.oneLoader})
			cache.Draw(func() float64 { return 0.999 })
			var loads atomic.Int64
			v, err := cache.Get(background, key, time.Hour, gives(42, &loads))
			must(t, err)
			is(t, "the value", int64(v), 41+test.loads)
			is(t, "loads", loads.Load(), test.loads)
		})
	}
}

// TestEarlyLoadThatFails: what is there is still good.
func TestEarlyLoadThatFails(t *testing.T) {
	t.Parallel()
	c, key := open(t), newKey(t)
	must(t, c.Set(background, key, stored("41", time.Second, time.Minute), time.Minute))
	var told error
	cache := newCache(t, c, cacheaside.Options[int]{Early: 1, OnError: func(_ string, err error) { told = err }})
	cache.Draw(func() float64 { return 0.999 })
	down := errors.New("the database is down")
	v, err := cache.Get(background, key, time.Hour, func(context.Context) (int, error) { return 0, down })
	must(t, err)
	is(t, "the value", v, 41)
	wraps(t, told, down)
	_, err = cache.Get(background, key, time.Hour, func(context.Context) (int, error) { return 0, fairlead.Nil })
	wraps(t, err, fairlead.Nil) // that is no failure
}

// TestEarlyLoadElsewhere: whoever finds another process at it goes on with what is there, and waits for nothing.
func TestEarlyLoadElsewhere(t *testing.T) {
	t.Parallel()
	c, key := open(t), newKey(t)
	must(t, c.Set(background, key, stored("41", time.Second, time.Minute), time.Minute))
	must(t, c.Set(background, key+":load", "another process", time.Minute))
	cache := newCache(t, c, cacheaside.Options[int]{Early: 1, OneLoader: true, OnError: func(_ string, err error) { t.Error(err) }})
	cache.Draw(func() float64 { return 0.999 })
	var loads atomic.Int64
	v, err := cache.Get(background, key, time.Hour, gives(42, &loads))
	must(t, err)
	is(t, "the value", v, 41)
	is(t, "loads", loads.Load(), 0)
}
