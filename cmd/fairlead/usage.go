package main

import (
	"context"
	"fmt"
	"strings"

	"github.com/urfave/cli/v3"
)

// A usageError says what is wrong with the command line, and what to write instead.
type usageError struct{ error }

func usagef(format string, args ...any) error { return usageError{fmt.Errorf(format, args...)} }

// explainUsage makes a sentence of what the parser of the command line says. It leaves out why a value is none: the words of the
// conversion mean nothing to who wrote it.
func explainUsage(_ context.Context, cmd *cli.Command, err error, _ bool) error {
	said := err.Error()
	see := fmt.Sprintf("see %s --help", cmd.FullName())
	if name, unknown := strings.CutPrefix(said, "flag provided but not defined: -"); unknown {
		return usagef("there is no option --%s: %s", name, see)
	}
	if name, bare := strings.CutPrefix(said, "flag needs an argument: "); bare {
		return usagef("%s needs a value: %s", name, see)
	}
	if rest, bad := strings.CutPrefix(said, "invalid value "); bad {
		value, rest, _ := strings.Cut(rest, " for flag -")
		name, _, _ := strings.Cut(rest, ":")
		return usagef("%s is no value for --%s: %s", value, name, see)
	}
	return usagef("%w: %s", err, see)
}

// noArguments refuses arguments of a command that takes only options.
func noArguments(cmd *cli.Command) error {
	if cmd.Args().Present() {
		return usagef("%s takes options, but no arguments: %q is none of them", cmd.FullName(), cmd.Args().First())
	}
	return nil
}
