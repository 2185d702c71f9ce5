package main

import (
	"context"
	"io"
	"os/signal"
	"syscall"

	"github.com/urfave/cli/v3"

	"github.com/fairlead-go/fairlead/cmd/fairlead/internal/live"
)

// liveWriter is where a command shows what happens while it works: standard output, or standard error if that is for JSON.
func liveWriter(cmd *cli.Command) io.Writer {
	if cmd.Bool("json") {
		return cmd.Root().ErrWriter
	}
	return cmd.Root().Writer
}

// watchOutput returns a context that also ends when nobody reads the output any more, and the writer that notices it. It is for
// commands that must clean up at their end: SIGPIPE, which would end the program at once, is ignored from now on.
func watchOutput(ctx context.Context, out io.Writer) (context.Context, io.Writer) {
	signal.Ignore(syscall.SIGPIPE)
	if live.IsTerminal(out) {
		return ctx, out // its end is announced by SIGHUP, and a line can be rewritten only on the terminal itself
	}
	ctx, end := context.WithCancelCause(ctx)
	return ctx, &watchedWriter{out, end}
}

// A watchedWriter tells of the first error of the writer it writes to.
type watchedWriter struct {
	to  io.Writer
	end context.CancelCauseFunc
}

func (w *watchedWriter) Write(p []byte) (int, error) {
	n, err := w.to.Write(p)
	if err != nil {
		w.end(err)
	}
	return n, err
}
