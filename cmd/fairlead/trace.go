package main

import (
	"context"
	"errors"
	"strings"

	"github.com/urfave/cli/v3"

	"github.com/fairlead-go/fairlead/cmd/fairlead/internal/wiretap"
	"github.com/fairlead-go/fairlead/redis"
	"github.com/fairlead-go/fairlead/resp"
)

func traceCommand() *cli.Command {
	return &cli.Command{
		Name:      "trace",
		Usage:     "run one command and show its way: command, route, encode, connection, reply, decode",
		UsageText: "fairlead trace [option…] CMD [ARG…]",
		Description: `Options stand before CMD; what follows it is sent as it is. A connection is opened first, and shown by itself, so that
the steps are those of a command over a connection that is there. Every step begins where the last one ended; encoding
is timed by doing it once more, and the route is what is left until the first byte is written.

Lines that begin with > (sent) and < (received) are the wire trace. The arguments of AUTH, HELLO, ACL and CONFIG are
shown as their lengths, and so are the replies to ACL and CONFIG, which may hold passwords.

` + exitHelp,
		StopOnNthArg: firstArgument(),
		Flags: []cli.Flag{
			urlFlag(),
			&cli.BoolFlag{Name: "redact", Usage: "show every argument and value as its length"},
			&cli.BoolFlag{Name: "json", Usage: "print one JSON object"},
		},
		Action: runTrace,
	}
}

func runTrace(ctx context.Context, cmd *cli.Command) error {
	words := cmd.Args().Slice()
	command, err := commandOf(words)
	if err != nil {
		return err
	}
	server, err := options(cmd)
	if err != nil {
		return err
	}
	way, followErr := wiretap.Follow(ctx, wiretap.Options{
		Server:  server,
		Command: func() (redis.Cmd[resp.Value], error) { return commandOf(words) },
		Alone:   needsConn(&command.Request),
		Redact:  cmd.Bool("redact") || answersSecrets(&command.Request),
	})
	if way == nil {
		return followErr
	}
	if followErr != nil && isRefusal(followErr) {
		followErr = errReported // the reply is part of the way
	}
	if cmd.Bool("json") {
		err = way.WriteJSON(cmd.Root().Writer, followErr)
	} else {
		err = way.Write(cmd.Root().Writer)
	}
	return errors.Join(followErr, err)
}

// answersSecrets reports whether a command's reply may hold a password.
func answersSecrets(r *redis.Request) bool {
	name, _, _ := strings.Cut(r.Name(), " ")
	return name == "CONFIG" || name == "ACL"
}
