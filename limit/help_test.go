package limit_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/fairlead-go/fairlead"
	"github.com/fairlead-go/fairlead/limit"
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
		t.Errorf("%s: got %+v, want %+v", what, got, want)
	}
}

func says(t *testing.T, err error, words string) {
	t.Helper()
	if err == nil || !strings.Contains(err.Error(), words) {
		t.Errorf("the error is %v, want one that says %q", err, words)
	}
}

func wraps(t *testing.T, err, target error) {
	t.Helper()
	if !errors.Is(err, target) {
		t.Errorf("the error is %v, want one that wraps %v", err, target)
	}
}

func open(t *testing.T) *fairlead.Client {
	t.Helper()
	c, err := fairlead.Open(redistest.Default(t).URL())
	must(t, err)
	t.Cleanup(func() { _ = c.Close() })
	return c
}

func newLimiter(t *testing.T, c fairlead.RoundTripper, r limit.Rate) *limit.Limiter {
	t.Helper()
	l, err := limit.New(c, r)
	must(t, err)
	return l
}
