//go:build linux

// Command bench measures Fairlead side by side with the other Redis clients for Go, on this machine, with servers that it
// starts itself. README.md tells how to run it, how to read its tables and how to add a client.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"

	"github.com/fairlead-go/fairlead/bench/internal/worker"
)

func main() {
	if worker.Wanted() {
		os.Exit(worker.Main())
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := bench(ctx, os.Args[1:], os.Stdout, os.Stderr)
	stop()
	if errors.Is(err, flag.ErrHelp) {
		return
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

// bench is the whole command.
func bench(ctx context.Context, args []string, out, progress io.Writer) error {
	s, err := parseFlags(args, progress)
	if err != nil {
		return err
	}
	measured, early := s.measured(ctx, progress)
	if measured == nil {
		return early
	}
	if err := s.publish(measured, out); err != nil {
		return err
	}
	if err := s.unfinished(measured); err != nil {
		return err
	}
	if ctx.Err() != nil {
		return early
	}
	return nil
}
