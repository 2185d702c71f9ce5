//go:build !race

package conn_test

import (
	"context"
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
