package main

import (
	"context"
	"errors"
	"fmt"
	"io"
)

// The exit statuses, as the help text tells them.
const (
	exitDone        = 0   // the command did what it should
	exitFailed      = 1   // the server answered with an error, no reply came, or what was found is not as it should be
	exitUsage       = 2   // the command line says something that cannot be
	exitInterrupted = 130 // Ctrl-C or SIGTERM ended the command
)

// errReported is an error that was printed already, where its reader looks for it.
var errReported = errors.New("reported")

// A usageError says what is wrong with the command line, and what to write instead.
type usageError struct{ error }

func usagef(format string, args ...any) error { return usageError{fmt.Errorf(format, args...)} }

// exitStatus prints a command's error as a sentence, unless it was printed, and returns the status to exit with. ctx is the
// context that Ctrl-C ends.
func exitStatus(ctx context.Context, err error, stderr io.Writer) int {
	var usage usageError
	switch {
	case err == nil:
		return exitDone
	case errors.As(err, &usage):
		fmt.Fprintf(stderr, "fairlead: %v\n", err)
		return exitUsage
	case ctx.Err() != nil:
		fmt.Fprintln(stderr, "fairlead: interrupted")
		return exitInterrupted
	case !errors.Is(err, errReported):
		fmt.Fprintf(stderr, "fairlead: %v\n", err)
	}
	return exitFailed
}
