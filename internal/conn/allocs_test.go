//go:build !race

package conn_test

import (
	"context"
	"runtime"
	"strings"
	"testing"

	"github.com/fairlead-go/fairlead/internal/conn"
	"github.com/fairlead-go/fairlead/redistest"
)

// Not parallel: other tests allocate, too.
func TestAllocations(t *testing.T) {
	c := dial(t, &conn.Config{Addr: redistest.Default(t).Addr()})
	for _, test := range []struct {
		name string
		call *conn.Call
		most float64
	}{
		{"SET", command("SET", "allocs", "a value of some length"), 0},
		{"GET", command("GET", "allocs"), 1}, // the value itself
	} {
		request := test.call.Request
		got := testing.AllocsPerRun(1000, func() {
			call := conn.NewCall()
			call.Request, call.DB = request, conn.AnyDB
			if err := c.Do(context.Background(), call); err != nil {
				t.Fatal(err)
			}
			call.Free()
		})
		if got > test.most {
			t.Errorf("%s allocates %v times, want %v at most", test.name, got, test.most)
		}
	}
}

// A long value is not copied on its way: not a string, and of bytes only a step at a time.
func TestLongValuesAlloc(t *testing.T) {
	c := dial(t, &conn.Config{Addr: redistest.Default(t).Addr()})
	text := strings.Repeat("x", 1<<20)
	for name, call := range map[string]*conn.Call{
		"a string": command("SET", "allocs", text),
		"bytes":    lending([]byte(text), "SET", "allocs"),
	} {
		request := call.Request
		var before, after runtime.MemStats
		const sets = 32
		for i := range sets + 2 {
			if i == 2 { // what is kept for the next is there
				runtime.ReadMemStats(&before)
			}
			call := conn.NewCall()
			call.Request, call.DB = request, conn.AnyDB
			if err := c.Do(context.Background(), call); err != nil {
				t.Fatal(err)
			}
			call.Free()
		}
		runtime.ReadMemStats(&after)
		if got := (after.TotalAlloc - before.TotalAlloc) / sets; got > 64<<10 {
			t.Errorf("SET of 1 MiB as %s allocates %d bytes, want 64 KiB at most", name, got)
		}
	}
}
