//go:build !race

package pool

import "testing"

// TestCheckOutAllocs: to take a connection and to give it back allocates nothing, nor does asking for the shared one. Not parallel:
// other tests allocate, too.
func TestCheckOutAllocs(t *testing.T) {
	exclusive, shared := openPool(t, 2, 0), openShared(t)
	fill(t, exclusive, 2)
	for _, test := range []struct {
		name string
		run  func() error
	}{
		{"TryGet and Put", func() error { return checkOut(exclusive, nothing) }},
		{"Get and Put", func() error {
			c, err := exclusive.Get(t.Context(), "GET")
			if err == nil {
				exclusive.Put(c, true)
			}
			return err
		}},
		{"Primary", func() error { shared.Primary(); return nil }},
	} {
		got := testing.AllocsPerRun(1000, func() {
			if err := test.run(); err != nil {
				t.Fatal(err)
			}
		})
		if got != 0 {
			t.Errorf("%s: %v allocations, want none", test.name, got)
		}
	}
}
