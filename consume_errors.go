package fairlead

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/fairlead-go/fairlead/internal/conn"
)

// An EntriesDeletedError tells a [Commands.Consume] loop that entries of a stream were deleted (XDEL, trimming) while they were
// pending, so that nobody can deliver them again. They are pending no more. The loop goes on.
type EntriesDeletedError struct {
	Stream, Group string
	IDs           []string
}

// Error names the stream, the group and the entries.
func (e *EntriesDeletedError) Error() string {
	return fmt.Sprintf("stream %q: deleted before group %q had acknowledged them: %s", e.Stream, e.Group, strings.Join(e.IDs, ", "))
}

// passing are the codes of errors that servers answer with for a while.
var passing = map[string]bool{
	"LOADING": true, "BUSY": true, "MASTERDOWN": true, "READONLY": true, "MOVED": true, "ASK": true, "TRYAGAIN": true, "CLUSTERDOWN": true,
	"OOM": true, "NOREPLICAS": true, "MISCONF": true, "UNBLOCKED": true,
}

// explain makes a sentence of the error of a missing group, and notes that it is to be created if the user said so.
func (r *consumer) explain(err error) error {
	switch {
	case !hasCode(err, "NOGROUP"):
		return err
	case r.args.CreateFrom != "":
		r.create = "0" // rather twice than never
		return fmt.Errorf("group %q has vanished and is created again, from the first entry on: %w", r.args.Group, err)
	}
	return &noGroupError{r.args.Group, err}
}

// A noGroupError ends a loop that may not create its group.
type noGroupError struct {
	group string
	err   error
}

func (e *noGroupError) Error() string {
	return fmt.Sprintf("there is no group %q: create it by XGroupCreateMkStream, or set ConsumeArgs.CreateFrom: %v", e.group, e.err)
}

func (e *noGroupError) Unwrap() error { return e.err }

// isLast reports whether no further try can succeed after this error.
func (r *consumer) isLast(err error) bool {
	var server *Error
	var call *CallError
	var deleted *EntriesDeletedError
	switch {
	case errors.Is(err, ErrClosed):
		return true
	case errors.As(err, &server):
		vanished := server.Code == "NOGROUP" && r.args.CreateFrom != ""
		return !vanished && !passing[server.Code] && !conn.TurnedAway(err)
	case errors.As(err, &call), errors.As(err, &deleted):
		return false
	}
	return true // a reply that is none
}

func hasCode(err error, code string) bool {
	var server *Error
	return errors.As(err, &server) && server.Code == code
}

// undated is a context whose end counts, but not as the commands' own deadline: a loop may run for a day, a command has
// Options.Timeout.
type undated struct{ context.Context }

// Deadline tells of none.
func (undated) Deadline() (_ time.Time, has bool) { return time.Time{}, false }
