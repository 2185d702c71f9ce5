package lock_test

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/fairlead-go/fairlead"
	"github.com/fairlead-go/fairlead/lock"
	"github.com/fairlead-go/fairlead/redistest"
)

var (
	background = context.Background()
	keys       atomic.Int64
)

func newKey(t *testing.T) string { return fmt.Sprintf("%s:%d", t.Name(), keys.Add(1)) }

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func is[T comparable](t *testing.T, what string, got, want T) {
	t.Helper()
	if got != want {
		t.Errorf("%s: got %v, want %v", what, got, want)
	}
}

func wraps(t *testing.T, err error, targets ...error) {
	t.Helper()
	for _, target := range targets {
		if !errors.Is(err, target) {
			t.Errorf("the error is %v, want one that wraps %v", err, target)
		}
	}
}

// open returns a client of the server that the package's tests share.
func open(t *testing.T) *fairlead.Client {
	t.Helper()
	c, err := fairlead.Open(redistest.Default(t).URL())
	must(t, err)
	t.Cleanup(func() { _ = c.Close() })
	return c
}

func newLock(t *testing.T, c fairlead.RoundTripper, key string, o lock.Options) *lock.Lock {
	t.Helper()
	l, err := lock.New(c, key, o)
	must(t, err)
	return l
}

// A keeper is the server's side of the three scripts, by the bubble's clock. They are told apart by how many arguments they have.
type keeper struct {
	mu     sync.Mutex // guards the rest
	token  string
	until  time.Time
	fence  int64
	asked  []string // what was asked for, and when
	silent bool     // it answers nothing
}

func (k *keeper) answer(args []string) string {
	k.mu.Lock()
	defer k.mu.Unlock()
	numKeys, _ := strconv.Atoi(args[2])
	token, more := args[3+numKeys], args[4+numKeys:]
	what := [...]string{"release", "extend", "acquire"}[len(more)]
	k.asked = append(k.asked, fmt.Sprint(what, " at ", time.Since(epoch())))
	if k.silent {
		return ""
	}
	held := k.token != "" && time.Now().Before(k.until)
	switch {
	case what == "acquire" && held && k.token != token:
		return fmt.Sprintf("*2\r\n:0\r\n:%d\r\n", time.Until(k.until).Milliseconds())
	case what == "acquire":
		k.token, k.until = token, time.Now().Add(millis(more[0]))
		k.fence++
		return fmt.Sprintf("*2\r\n:1\r\n:%d\r\n", k.fence)
	case !held || k.token != token:
		return ":0\r\n"
	case what == "extend":
		k.until = time.Now().Add(millis(more[0]))
	default:
		k.token = ""
	}
	return ":1\r\n"
}

func millis(s string) time.Duration {
	n, _ := strconv.Atoi(s)
	return time.Duration(n) * time.Millisecond
}

// epoch is when every bubble's clock begins.
func epoch() time.Time { return time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC) }

// change changes what the keeper does or knows.
func (k *keeper) change(f func()) {
	k.mu.Lock()
	defer k.mu.Unlock()
	f()
}

func (k *keeper) log() []string {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.asked
}

// inMemory returns a client of the keeper over a network in memory.
func inMemory(t *testing.T, k *keeper) *fairlead.Client {
	t.Helper()
	var network redistest.Network
	listener, err := network.Listen("redis:6379")
	must(t, err)
	script := func(c *redistest.FakeConn) {
		c.AnswerHandshake()
		c.Serve(k.answer)
	}
	fake := redistest.NewFakeOn(t, listener, script, script, script, script, script, script, script, script)
	pool, err := fairlead.NewPool(&fairlead.Options{Addr: fake.Addr(), Dialer: network.Dial})
	must(t, err)
	t.Cleanup(func() { _ = pool.Close() })
	return fairlead.NewClient(pool)
}

// pass lets time pass in a bubble.
func pass(d time.Duration) { <-time.After(d) }
