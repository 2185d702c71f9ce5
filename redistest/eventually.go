package redistest

import (
	"testing"
	"time"
)

// eventuallyPoll is the time between two questions to another process.
const eventuallyPoll = 5 * time.Millisecond

// Eventually waits until cond returns true, asking every few milliseconds, and fails the test if it is still false after
// within. What names the fact waited for, as in "the server sees no connection". It must be called by the test's own
// goroutine.
//
// It is for facts of other processes only, which nothing announces: what CLIENT LIST says, that a port is free. What happens
// in the own process is waited for with a channel or in a testing/synctest bubble, where no time passes.
func Eventually(t testing.TB, within time.Duration, what string, cond func() bool) {
	t.Helper()
	deadline := time.Now().Add(within)
	for !cond() {
		if time.Now().After(deadline) {
			t.Fatalf("redistest: still not so after %v: %s", within, what)
		}
		time.Sleep(eventuallyPoll)
	}
}
