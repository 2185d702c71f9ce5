package demo

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"sync"
	"time"

	"github.com/fairlead-go/fairlead"
	"github.com/fairlead-go/fairlead/cmd/fairlead/internal/failure"
)

// A kind is one kind of work.
type kind int

const (
	sessions    kind = iota // hashes that expire, written and read back
	counters                // INCR of keys that all share, alone and in pipes
	leaderboard             // scores in a sorted set
	producers               // who put elements into a queue
	consumers               // who wait for elements, and acknowledge each
	transfers               // WATCH transactions between accounts

	kinds // how many there are
)

// A job is one kind of work, with the books on it.
type job interface {
	title() string
	// prepare makes what the work needs at the server.
	prepare(ctx context.Context) error
	// worker returns what one goroutine does again and again; it reports false if it failed. All are asked for before any begins.
	worker() func(ctx context.Context) bool
	// check compares the books with what the server holds, after all goroutines have ended.
	check(look *plain) ([]finding, error)
}

// A stage is what all work needs: the client under test, and where its outcomes are noted.
type stage struct {
	client   *fairlead.Client
	failures failure.Tally
	recovery recovery
	wrong    wrongReplies
	stopping chan struct{} // closed when the work is to end
}

// went notes how a command of some kind of work went and reports whether it succeeded. Nil is a success. What fails
// because ctx has ended was interrupted by the user, and does not count.
func (s *stage) went(ctx context.Context, k kind, err error) bool {
	if err == nil || errors.Is(err, fairlead.Nil) {
		s.recovery.success(k)
		return true
	}
	if ctx.Err() == nil {
		s.failures.Add(err)
	}
	return false
}

func (s *stage) isStopping() bool {
	select {
	case <-s.stopping:
		return true
	default:
		return false
	}
}

// longestPause is how long a goroutine waits at most after a failure: an application would not rush either.
const longestPause = 10 * time.Millisecond

// pause waits a moment, or until the work is to end.
func (s *stage) pause(most time.Duration) {
	timer := time.NewTimer(rand.N(most))
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-s.stopping:
	}
}

// wrongReplies collects replies that cannot be: another caller's, an older state than acknowledged, an impossible one.
type wrongReplies struct {
	mu    sync.Mutex // guards count and first
	count int64
	first string
}

// add notes a wrong reply in words.
func (w *wrongReplies) add(format string, args ...any) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.count++; w.count == 1 {
		w.first = fmt.Sprintf(format, args...)
	}
}

func (w *wrongReplies) seen() (count int64, first string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.count, w.first
}
