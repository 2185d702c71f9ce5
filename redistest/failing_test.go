package redistest

import (
	"fmt"
	"runtime"
	"strings"
	"sync"
	"testing"
)

// failing is a testing.TB whose failures are wanted.
type failing struct {
	testing.TB // for what is not used here

	mu       sync.Mutex // guards failures
	failures []string
	cleanups []func()
}

func (f *failing) Helper() {}

func (f *failing) Cleanup(fn func()) { f.cleanups = append(f.cleanups, fn) }

func (f *failing) Errorf(format string, args ...any) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.failures = append(f.failures, fmt.Sprintf(format, args...))
}

func (f *failing) Fatalf(format string, args ...any) {
	f.Errorf(format, args...)
	runtime.Goexit()
}

// failures runs a test, with its cleanups, and returns what it failed with.
func failures(t testing.TB, test func(t testing.TB)) []string {
	f := &failing{TB: t}
	over := make(chan struct{})
	go func() {
		defer close(over)
		defer func() {
			for i := len(f.cleanups) - 1; i >= 0; i-- {
				f.cleanups[i]()
			}
		}()
		test(f)
	}()
	<-over
	return f.failures
}

// wantFailure runs a test that must fail once, with a message that contains text.
func wantFailure(t testing.TB, text string, test func(t testing.TB)) {
	t.Helper()
	got := failures(t, test)
	if len(got) != 1 || !strings.Contains(got[0], text) {
		t.Errorf("the test failed with %q; want one failure about %q", got, text)
	}
}
