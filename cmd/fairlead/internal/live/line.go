// Package live shows the figures of work that is under way.
package live

import (
	"fmt"
	"io"
	"os"
	"time"

	"github.com/vbauerster/mpb/v8/cwriter"
)

// A Line shows figures while work goes on: on a terminal as one line that is rewritten in place, elsewhere as a new line
// each second. Notes about what happens stay. Make one with Start, end it with Stop. It is safe for concurrent use.
type Line struct {
	note func(text string)
	stop func()
}

// Start begins to show what figures returns, for work that takes about as long as lasts. figures is called on a goroutine
// of the Line, never twice at the same time, and not after Stop has returned.
func Start(w io.Writer, terminal bool, lasts time.Duration, figures func() string) *Line {
	if terminal {
		return startBar(w, lasts, figures)
	}
	return startLines(w, figures)
}

// Note prints a line about something that has happened, between the figures.
func (l *Line) Note(format string, args ...any) { l.note(fmt.Sprintf(format, args...)) }

// Stop ends the figures; on a terminal their line vanishes. Nothing is written after it has returned.
func (l *Line) Stop() { l.stop() }

// IsTerminal reports whether a writer is a terminal, where a line can be rewritten.
func IsTerminal(w io.Writer) bool {
	file, ok := w.(*os.File)
	return ok && cwriter.IsTerminal(int(file.Fd()))
}
