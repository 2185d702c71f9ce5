//go:build !race

package conn_test

import (
	"runtime"
	"testing"
)

// TestLoneContextAllocs: a caller that comes back with the same context, which is heeded then, allocates no more than one that has
// none: the value alone. Not parallel: other tests allocate, too.
func TestLoneContextAllocs(t *testing.T) {
	for _, network := range []string{"tcp", "unix"} {
		one := oneContext(t, respond(t, network).Conn)
		together(t, 1, 10, one) // so many, and the context is heeded
		got := testing.AllocsPerRun(1000, func() {
			if err := one(); err != nil {
				t.Fatal(err)
			}
		})
		if got > 1 {
			t.Errorf("%s: a lone GET with a context allocates %v times, want 1", network, got)
		}
	}
}

// TestCrowdContextAllocs: callers that share a connection and a context allocate the value alone. The watchdog's looks at contexts
// and a pool of calls that the garbage collector emptied are a few more, over all calls.
func TestCrowdContextAllocs(t *testing.T) {
	const callers, calls, few = 64, 64 * 200, 0.05
	one := oneContext(t, respond(t, "tcp").Conn)
	together(t, callers, calls/4, one)
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	together(t, callers, calls, one)
	runtime.ReadMemStats(&after)
	if got := float64(after.Mallocs-before.Mallocs) / calls; got > 1+few {
		t.Errorf("a GET in a crowd of %d with one context allocates %.3f times, want 1", callers, got)
	}
}
