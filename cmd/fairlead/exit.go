package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
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

// exitStatus prints a command's error as a sentence, unless it was printed, and returns the status to exit with. ctx is the
// context that Ctrl-C ends.
func exitStatus(ctx context.Context, err error, stderr io.Writer) int {
	var usage usageError
	switch {
	case err == nil:
		return exitDone
	case errors.As(err, &usage):
		complain(stderr, err)
		return exitUsage
	case ctx.Err() != nil:
		fmt.Fprintln(stderr, "fairlead: interrupted")
		return exitInterrupted
	case !errors.Is(err, errReported):
		complain(stderr, err)
	}
	return exitFailed
}

// complain prints an error with the program's name before it, once.
func complain(stderr io.Writer, err error) {
	fmt.Fprintf(stderr, "fairlead: %s\n", strings.TrimPrefix(err.Error(), "fairlead: "))
}
