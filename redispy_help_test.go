package fairlead_test

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"testing"
	"testing/synctest"
	"time"

	"github.com/fairlead-go/fairlead"
	"github.com/fairlead-go/fairlead/redistest"
)

// The subtests of the tests named TestRedisPy… bear the names of behaviours that redis-py's own tests assert. Where Fairlead
// behaves otherwise, docs/redis-py.md says so.

// background is the context of calls that Options.Timeout alone bounds.
var background = context.Background()

// behaviour runs a subtest in parallel with the others.
func behaviour(t *testing.T, name string, test func(t *testing.T)) {
	t.Helper()
	t.Run(name, func(t *testing.T) {
		t.Parallel()
		test(t)
	})
}

// inMemory runs a subtest with a fake clock, against a fake server on a network in memory. The options may be changed
// before the first command; the scripts are those of redistest.NewFake.
func inMemory(t *testing.T, name string, o fairlead.Options, test func(t *testing.T, c *fairlead.Client, fake *redistest.Fake), scripts ...func(*redistest.FakeConn)) {
	t.Helper()
	behaviour(t, name, func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			network := new(redistest.Network)
			listener, err := network.Listen("redis:6379")
			must(t, err)
			fake := redistest.NewFakeOn(t, listener, scripts...)
			o.Addr, o.Dialer = fake.Addr(), network.Dial
			test(t, openTo(t, &o), fake)
		})
	})
}

// bulk is the text as it is on the wire.
func bulk(text string) string { return fmt.Sprintf("$%d\r\n%s\r\n", len(text), text) }

// pass lets time go by on the fake clock.
func pass(d time.Duration) { <-time.After(d) }

// unixFake is a fake server on a unix socket.
func unixFake(t *testing.T, scripts ...func(*redistest.FakeConn)) *redistest.Fake {
	t.Helper()
	folder, err := os.MkdirTemp("", "") // t.TempDir has the test's name in it, and a socket's path has 107 bytes at most
	must(t, err)
	t.Cleanup(func() { _ = os.RemoveAll(folder) }) // what stays is in the system's folder for it
	listener, err := net.Listen("unix", filepath.Join(folder, "s"))
	must(t, err)
	return redistest.NewFakeOn(t, listener, scripts...)
}

// watchClosed makes the options tell of every connection that is closed.
func watchClosed(o *fairlead.Options) <-chan fairlead.TraceClosed {
	closed := make(chan fairlead.TraceClosed, 64) // more than any test closes: the hook never waits
	o.Trace = &fairlead.Trace{Closed: func(c fairlead.TraceClosed) { closed <- c }}
	return closed
}

// lend takes a connection out of the pool; it goes back at the test's end, if not before.
func lend(t *testing.T, c *fairlead.Client) *fairlead.Conn {
	t.Helper()
	conn, err := c.Conn(background)
	must(t, err)
	t.Cleanup(func() { _ = conn.Close() }) // always nil
	return conn
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func wantGet(t *testing.T, c fairlead.Commands, key, value string) {
	t.Helper()
	if got, err := c.Get(background, key); err != nil || got != value {
		t.Errorf("GET %s is %q, %v; want %q", key, got, err, value)
	}
}

// wantCode looks for an error that the server answered with.
func wantCode(t *testing.T, err error, code string) {
	t.Helper()
	if e, ok := errors.AsType[*fairlead.Error](err); !ok || e.Code != code {
		t.Errorf("the error is %v, want the server's %s", err, code)
	}
}

// counts looks at how many connections the pool has in all, and how many nobody uses.
func counts(t *testing.T, c *fairlead.Client, open, idle int) {
	t.Helper()
	if s := c.Pool().Stats(); s.Open != open || s.Idle != idle {
		t.Errorf("%d connections are open and %d of them idle, want %d and %d", s.Open, s.Idle, open, idle)
	}
}
