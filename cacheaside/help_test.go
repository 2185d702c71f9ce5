package cacheaside_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/fairlead-go/fairlead"
	"github.com/fairlead-go/fairlead/cacheaside"
	"github.com/fairlead-go/fairlead/redistest"
)

func TestMain(m *testing.M) { redistest.Main(m) }

var (
	background = context.Background()
	keys       atomic.Int64
)

func newKey(t *testing.T) string { return fmt.Sprintf("%s:%d", t.Name(), keys.Add(1)) }

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func is[T comparable](t *testing.T, what string, got, want T) {
	t.Helper()
	if got != want {
		t.Errorf("%s: got %v, want %v", what, got, want)
	}
}

func wraps(t *testing.T, err, target error) {
	t.Helper()
	if !errors.Is(err, target) {
		t.Errorf("the error is %v, want one that wraps %v", err, target)
	}
}

func says(t *testing.T, err error, words string) {
	t.Helper()
	if err == nil || !strings.Contains(err.Error(), words) {
		t.Errorf("the error is %v, want one that says %q", err, words)
	}
}

func open(t *testing.T) *fairlead.Client {
	t.Helper()
	c, err := fairlead.Open(redistest.Default(t).URL())
	must(t, err)
	t.Cleanup(func() { _ = c.Close() })
	return c
}

// newCache returns a cache in which nothing is left to chance: no jitter, and nothing is loaded early unless the options say so.
func newCache[T any](t *testing.T, c fairlead.RoundTripper, o cacheaside.Options[T]) *cacheaside.Cache[T] {
	t.Helper()
	if o.Jitter == 0 {
		o.Jitter = -1
	}
	if o.Early == 0 {
		o.Early = -1
	}
	cache, err := cacheaside.New(c, o)
	must(t, err)
	return cache
}

// gives is a load that gives a value and counts itself.
func gives[T any](v T, loads *atomic.Int64) func(context.Context) (T, error) {
	return func(context.Context) (T, error) {
		loads.Add(1)
		return v, nil
	}
}

// stored is what a key holds whose value expires after left, by a load that took so long.
func stored(value string, left, took time.Duration) string {
	return fmt.Sprintf("cacheaside1 value %d %d\n%s", time.Now().Add(left).UnixMilli(), took.Microseconds(), value)
}
