package redistest

import (
	"runtime"
	"strings"
	"time"
)

// leakPoll is the time between two looks at the goroutines.
const leakPoll = 10 * time.Millisecond

// goroutines returns the stack of every goroutine but the calling one, by the goroutine's number.
func goroutines() map[string]string {
	buf := make([]byte, 64<<10)
	n := runtime.Stack(buf, true)
	for n == len(buf) {
		buf = make([]byte, 2*len(buf))
		n = runtime.Stack(buf, true)
	}
	stacks := map[string]string{}
	for i, stack := range strings.Split(strings.TrimSpace(string(buf[:n])), "\n\n") {
		if i == 0 {
			continue // the calling one
		}
		number, _, _ := strings.Cut(strings.TrimPrefix(stack, "goroutine "), " ")
		stacks[number] = stack
	}
	return stacks
}

// leaked waits until no goroutine is left that was not there before, and returns the stacks of those that stay all the same.
func leaked(before map[string]string, patience time.Duration) []string {
	deadline := time.Now().Add(patience)
	for {
		var left []string
		for number, stack := range goroutines() {
			if _, known := before[number]; !known && !outlivesTests(stack) {
				left = append(left, stack)
			}
		}
		if len(left) == 0 || time.Now().After(deadline) {
			return left
		}
		time.Sleep(leakPoll)
	}
}

// outlivesTests says whether a goroutine is the one that os/signal starts at the first Notify and never ends.
func outlivesTests(stack string) bool { return strings.Contains(stack, "os/signal.loop") }
