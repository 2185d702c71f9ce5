package fairlead_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/fairlead-go/fairlead"
	"github.com/fairlead-go/fairlead/redistest"
)

func TestMain(m *testing.M) { redistest.Main(m) }

// eachProtocol runs a test over RESP2 and over RESP3, at the server that the package's tests share.
func eachProtocol(t *testing.T, test func(t *testing.T, c *fairlead.Client)) {
	t.Helper()
	t.Parallel()
	for _, protocol := range []int{2, 3} {
		t.Run(fmt.Sprintf("RESP%d", protocol), func(t *testing.T) {
			t.Parallel()
			test(t, openTo(t, &fairlead.Options{Addr: redistest.Default(t).Addr(), Protocol: protocol}))
		})
	}
}

var keys atomic.Int64

// newKey returns a key that nobody else uses.
func newKey(t *testing.T) string { return fmt.Sprintf("%s:%d", t.Name(), keys.Add(1)) }

// open is fairlead.Open for a test, which closes the client when it ends.
func open(t *testing.T, url string) *fairlead.Client {
	t.Helper()
	if protocol := redistest.Protocol(t); protocol != 0 && !strings.Contains(url, "protocol=") {
		mark := "?"
		if strings.Contains(url, "?") {
			mark = "&"
		}
		url = fmt.Sprintf("%s%sprotocol=%d", url, mark, protocol)
	}
	c, err := fairlead.Open(url)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Close() }) // a second Close changes nothing
	return c
}

// is compares what was got with what was wanted.
func is[T comparable](t *testing.T, what string, got, want T) {
	t.Helper()
	if got != want {
		t.Errorf("%s: got %#v, want %#v", what, got, want)
	}
}

// patience is how long a test waits for a fact that nothing announces.
const patience = 5 * time.Second

// secret is the password in these tests: no error may contain it.
const secret = "hunter2"

// says demands an error whose sentence contains all of the words, in this order, and not the secret.
func says(t *testing.T, err error, words ...string) {
	t.Helper()
	if err == nil {
		t.Fatalf("there is no error, want one that says %q", words)
	}
	rest := err.Error()
	for _, word := range words {
		_, after, found := strings.Cut(rest, word)
		if !found {
			t.Fatalf("the error says %q, which has no %q in its place", err, word)
		}
		rest = after
	}
	if strings.Contains(err.Error(), secret) {
		t.Errorf("the error gives the password away: %q", err)
	}
}

// wraps demands that errors.Is finds all the targets in err.
func wraps(t *testing.T, err error, targets ...error) {
	t.Helper()
	for _, target := range targets {
		if !errors.Is(err, target) {
			t.Errorf("errors.Is does not find %q in %q", target, err)
		}
	}
}

// sentAs demands a *fairlead.CallError that says whether the command was sent; NotRun must say the same.
func sentAs(t *testing.T, err error, sent bool) *fairlead.CallError {
	t.Helper()
	var call *fairlead.CallError
	if !errors.As(err, &call) {
		t.Fatalf("the error is %T (%v), want one that wraps a *CallError", err, err)
	}
	is(t, "sent, by the error "+err.Error(), call.Sent, sent)
	is(t, "NotRun of the error "+err.Error(), fairlead.NotRun(err), !sent)
	return call
}

// serve makes a script that shakes hands and answers every further command with what answer returns.
func serve(answer func(args []string) string) func(*redistest.FakeConn) {
	return func(c *redistest.FakeConn) {
		c.AnswerHandshake()
		c.Serve(answer)
	}
}

// took demands that a function takes exactly this time, by the bubble's clock.
func took(t *testing.T, want time.Duration, run func()) {
	t.Helper()
	began := time.Now()
	run()
	is(t, "the time it took", time.Since(began), want)
}

// names are the first words of commands.
func names(commands [][]string) []string {
	var names []string
	for _, words := range commands {
		names = append(names, strings.ToUpper(words[0]))
	}
	return names
}

// same compares two lists.
func same[T comparable](t *testing.T, what string, got, want []T) {
	t.Helper()
	if !slices.Equal(got, want) {
		t.Errorf("%s:\n got %v\nwant %v", what, got, want)
	}
}
