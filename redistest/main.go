package redistest

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// leakPatience is how long goroutines that are about to end have for it after the last test.
const leakPatience = 5 * time.Second

// shared is the server that the tests of one package share, nil outside Run.
var shared atomic.Pointer[sharedServer]

// sharedServer is started by the first test that asks for it.
type sharedServer struct {
	opts   []Option
	once   sync.Once // guards server and err
	server *Server
	err    error
}

func (s *sharedServer) get() (*Server, error) {
	s.once.Do(func() { s.server, s.err = StartProcess(context.Background(), s.opts...) })
	return s.server, s.err
}

// close ends the server if it was ever started, and keeps it from being started later.
func (s *sharedServer) close() {
	s.once.Do(func() { s.err = errors.New("the tests are over") })
	if s.server != nil {
		s.server.Close()
	}
}

// Main is the whole of a package's TestMain:
//
//	func TestMain(m *testing.M) { redistest.Main(m) }
//
// It exits with what Run returns.
func Main(m *testing.M, opts ...Option) {
	os.Exit(Run(m, opts...))
}

// Run runs the tests and returns the exit code, for a TestMain that has more to do than Main. While it runs, Default gives
// all tests one server, started with opts when the first of them asks. After the last test it ends the server and looks for
// goroutines that the tests left behind: if there are any, it prints their stacks and the code is 1.
func Run(m *testing.M, opts ...Option) int {
	return runTests(m, os.Stderr, leakPatience, opts)
}

// runTests is Run with what its own tests need to replace.
func runTests(m interface{ Run() int }, report io.Writer, patience time.Duration, opts []Option) int {
	before := goroutines()
	own := &sharedServer{opts: opts}
	outer := shared.Swap(own)
	code := m.Run()
	shared.Store(outer)
	own.close()
	if code != 0 {
		return code // a failed test may well leave something behind
	}
	left := leaked(before, patience)
	if len(left) == 0 {
		return 0
	}
	fmt.Fprintf(report, "redistest: %v after the tests goroutines are left, so close what started them:\n\n%s\n", patience,
		strings.Join(left, "\n\n"))
	return 1
}

// Default returns the server that all tests of the package share; TestMain must call Main or Run. Tests run side by side
// on it, so each uses keys of its own, and what would disturb others (Kill, Pause, FlushAll, CONFIG SET) needs Start.
func Default(t testing.TB) *Server {
	t.Helper()
	current := shared.Load()
	if current == nil {
		t.Fatalf("redistest: Default needs a TestMain: func TestMain(m *testing.M) { redistest.Main(m) }")
	}
	server, err := current.get()
	if err != nil {
		t.Fatalf("redistest: %v", err)
	}
	return server
}
