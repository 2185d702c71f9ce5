package redistest

import (
	"context"
	"fmt"
	"io"
	"net"
	"os"
	"strings"
	"testing"
	"time"
)

// orphanVariable makes this test program a child that starts a server and waits to be killed.
const orphanVariable = "REDISTEST_ORPHAN"

func TestMain(m *testing.M) {
	if os.Getenv(orphanVariable) != "" {
		server, err := StartProcess(context.Background())
		if err != nil {
			fmt.Println(err)
			os.Exit(1)
		}
		fmt.Println(server.Addr())
		select {}
	}
	Main(m)
}

// testsOf is a testing.M whose tests are the function.
type testsOf func() int

func (tests testsOf) Run() int { return tests() }

// The tests of this file are not parallel: while they run no other test does, so that they may replace the shared server.

func TestRunSharesOneServerAndEndsIt(t *testing.T) {
	var addr string
	code := runTests(testsOf(func() int {
		server := Default(t)
		addr = server.Addr()
		if got, err := Default(t).Do("CONFIG", "GET", "hz"); got != "hz\n13" {
			t.Errorf("the option of Run is not in force: %q, %v", got, err)
		}
		return 0
	}), io.Discard, leakPatience, []Option{Config("hz 13")})
	if code != 0 {
		t.Errorf("code %d, though all went well", code)
	}
	if conn, err := net.Dial("tcp", addr); err == nil {
		conn.Close()
		t.Error("the shared server outlived the tests")
	}
}

func TestRunReportsLeakedGoroutines(t *testing.T) {
	release, ended := make(chan struct{}), make(chan struct{})
	var report strings.Builder
	code := runTests(testsOf(func() int {
		go func() {
			defer close(ended)
			<-release
		}()
		return 0
	}), &report, 20*time.Millisecond, nil)
	close(release)
	<-ended
	if code != 1 || !strings.Contains(report.String(), "TestRunReportsLeakedGoroutines.func1.1()") {
		t.Errorf("code %d, want 1 for a goroutine left behind, and its stack in the report:\n%s", code, &report)
	}
}

func TestRunWaitsForGoroutinesThatEnd(t *testing.T) {
	release := make(chan struct{})
	code := runTests(testsOf(func() int {
		go func() { <-release }()
		time.AfterFunc(20*time.Millisecond, func() { close(release) })
		return 0
	}), io.Discard, leakPatience, nil)
	if code != 0 {
		t.Errorf("code %d for a goroutine that ended a moment later", code)
	}
}

func TestRunPassesOnAFailure(t *testing.T) {
	if code := runTests(testsOf(func() int { return 3 }), io.Discard, leakPatience, nil); code != 3 {
		t.Errorf("code %d, want that of the tests", code)
	}
}

func TestDefaultNeedsMain(t *testing.T) {
	outer := shared.Swap(nil)
	defer shared.Store(outer)
	wantFailure(t, "redistest.Main(m)", func(t testing.TB) { Default(t) })
}

func TestDefaultSaysWhyThereIsNoServer(t *testing.T) {
	code := runTests(testsOf(func() int {
		wantFailure(t, "no-such-directive", func(t testing.TB) { Default(t) })
		wantFailure(t, "no-such-directive", func(t testing.TB) { Default(t) })
		return 0
	}), io.Discard, leakPatience, []Option{Config("no-such-directive")})
	if code != 0 {
		t.Errorf("code %d", code)
	}
}
