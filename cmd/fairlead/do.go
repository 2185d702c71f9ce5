package main

import (
	"context"
	"errors"
	"strings"

	"github.com/urfave/cli/v3"

	"github.com/fairlead-go/fairlead"
	"github.com/fairlead-go/fairlead/cmd/fairlead/internal/answer"
	"github.com/fairlead-go/fairlead/redis"
	"github.com/fairlead-go/fairlead/resp"
)

func doCommand() *cli.Command {
	return &cli.Command{
		Name:         "do",
		Usage:        "run one command and print the reply as redis-cli does",
		UsageText:    "fairlead do [option…] CMD [ARG…]",
		Description:  "Options stand before CMD; what follows it is sent as it is. The reply comes in RESP3, as with redis-cli -3,\nunless the URL says ?protocol=2. A command that blocks waits as long as it says; Ctrl-C ends it.\n\n" + exitHelp,
		StopOnNthArg: firstArgument(),
		Flags: []cli.Flag{
			urlFlag(),
			&cli.BoolFlag{Name: "raw", Usage: "print strings as they are, as redis-cli --raw"},
			&cli.BoolFlag{Name: "json", Usage: "print JSON, as redis-cli --json"},
		},
		Action: runDo,
	}
}

// firstArgument ends the options: from the name of a Redis command on, a word with a hyphen is an argument of that.
func firstArgument() *int {
	n := 1
	return &n
}

func runDo(ctx context.Context, cmd *cli.Command) error {
	form, err := answerForm(cmd)
	if err != nil {
		return err
	}
	command, err := commandOf(cmd.Args().Slice())
	if err != nil {
		return err
	}
	o, err := options(cmd)
	if err != nil {
		return err
	}
	client, closeBoth, err := open(o)
	if err != nil {
		return err
	}
	defer closeBoth()
	reply, err := send(ctx, client, command)
	refused := err != nil && isRefusal(err)
	if refused {
		reply, err = resp.Value{Kind: resp.SimpleError, Str: err.Error()}, errReported
	}
	if err == nil || refused {
		err = errors.Join(answer.Write(cmd.Root().Writer, reply, form), err)
	}
	return err
}

// isRefusal reports whether an error is the server's answer to the command. One that wraps the server's words is not: they
// were the answer to an attempt to connect.
func isRefusal(err error) bool {
	_, direct := err.(*fairlead.Error)
	return direct
}

func answerForm(cmd *cli.Command) (answer.Form, error) {
	raw, json := cmd.Bool("raw"), cmd.Bool("json")
	switch {
	case raw && json:
		return 0, usagef("--raw and --json exclude each other: choose one")
	case raw:
		return answer.Raw, nil
	case json:
		return answer.JSON, nil
	}
	return answer.Formatted, nil
}

// commandOf builds the command that the words are, if it has exactly one reply.
func commandOf(words []string) (redis.Cmd[resp.Value], error) {
	if len(words) == 0 {
		return redis.Cmd[resp.Value]{}, usagef("no command is given: write its name and arguments, as in fairlead do GET name")
	}
	args := make([]any, len(words)-1)
	for i, word := range words[1:] {
		args[i] = word
	}
	command := redis.New[resp.Value](words[0], args...)
	if err := command.Err(); err != nil {
		return command, usageError{err}
	}
	if command.Has(redis.NoReply) {
		return command, usagef("%s does not have one reply, as a command of fairlead must: %s", command.Name(), otherwise(command.Request))
	}
	return command, nil
}

// otherwise says what to use for a command that has not exactly one reply.
func otherwise(r redis.Request) string {
	switch {
	case r.Has(redis.PubSub):
		return "use redis-cli " + strings.ToLower(r.Name()) + " to see messages"
	case r.Name() == "MONITOR":
		return "use redis-cli monitor to see commands"
	}
	return "it belongs to the connection between servers or to a client library"
}

// send runs a command, over a connection of its own if it needs one.
func send(ctx context.Context, client *fairlead.Client, command redis.Cmd[resp.Value]) (resp.Value, error) {
	if !needsConn(&command.Request) {
		return fairlead.Do(ctx, client, command)
	}
	conn, err := client.Conn(ctx)
	if err != nil {
		return resp.Value{}, err
	}
	defer conn.Close()
	return fairlead.Do(ctx, conn, command)
}

// needsConn reports whether a command runs only over a connection that the caller holds: it changes what the connection means, or
// is about what went before on it.
func needsConn(r *redis.Request) bool { return r.Stateful() || r.Has(redis.OwnConn) }
