package redistest

import (
	"fmt"
	"strings"
	"sync"
)

// transcript is what happened on one connection of a fake, a line for each event.
type transcript struct {
	mu    sync.Mutex // guards lines
	lines []string
}

// excerptBytes is how much of a long text is shown.
const excerptBytes = 200

// add appends an event: who did it, and what.
func (t *transcript) add(who, what string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.lines = append(t.lines, fmt.Sprintf("  %-6s %s", who, what))
}

// String returns the events so far.
func (t *transcript) String() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	if len(t.lines) == 0 {
		return "  (nothing was exchanged)"
	}
	return strings.Join(t.lines, "\n")
}

// excerpt quotes raw bytes, of a long text its beginning and its length.
func excerpt(raw string) string {
	if len(raw) <= excerptBytes {
		return fmt.Sprintf("%q", raw)
	}
	return fmt.Sprintf("%q… (%d bytes)", raw[:excerptBytes], len(raw))
}
