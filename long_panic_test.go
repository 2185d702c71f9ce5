package fairlead_test

import (
	"errors"
	"fmt"
	"io"
	"testing"

	"github.com/fairlead-go/fairlead"
	"github.com/fairlead-go/fairlead/redistest"
)

type panicking struct{}

func (panicking) Write([]byte) (int, error) { panic("the request was aborted") }
func (panicking) Read([]byte) (int, error)  { panic("the request was aborted") }

// TestLongValuePanics: whoever recovers from a panic of a Reader or a Writer, as web servers do, has lost no connection by it.
func TestLongValuePanics(t *testing.T) {
	t.Parallel()
	c, key := openTo(t, &fairlead.Options{Addr: redistest.Default(t).Addr(), MaxConnections: 3}), newKey(t)
	must(t, c.Set(background, key, pattern(3<<20), 0))
	for range 4 {
		for _, use := range []func() error{
			func() error { _, err := c.GetTo(background, key, panicking{}); return err },
			func() error { return c.SetFrom(background, key+"x", panicking{}, 100, 0) },
		} {
			func() {
				defer func() { is(t, "the panic", recover(), "the request was aborted") }()
				t.Errorf("it returned %v", use())
			}()
		}
	}
	n, err := c.GetTo(background, key, io.Discard)
	is(t, "afterwards", fmt.Sprint(n, " ", err), fmt.Sprintf("%d <nil>", 3<<20))
}

// TestLongValueLastPartIsNotTaken: a writer that fails on the last part is never overtaken by the end of the reply.
func TestLongValueLastPartIsNotTaken(t *testing.T) {
	t.Parallel()
	c, key := open(t, redistest.Default(t).URL()), newKey(t)
	const n = 200 << 10
	must(t, c.Set(background, key, pattern(n), 0))
	for range 1000 {
		if got, err := c.GetInto(background, key, make([]byte, n-1)); !errors.Is(err, io.ErrShortBuffer) || got != n-1 {
			t.Fatalf("%d bytes into %d: %d, %v", n, n-1, got, err)
		}
	}
}
