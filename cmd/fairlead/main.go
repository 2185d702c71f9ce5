// Command fairlead shows what the Fairlead Redis client does, and is of use at a shell: it runs commands, shows their way to the
// server and back, measures a server, and demonstrates what happens to an application's commands when its server is killed.
package main

import (
	"context"
	"io"
	"os"
	"os/signal"
	"syscall"

	"github.com/urfave/cli/v3"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)
	context.AfterFunc(ctx, stop) // the first signal ends the command in order, a second one the process
	os.Exit(run(ctx, os.Args, os.Stdout, os.Stderr))
}

// run carries out a command line and returns the exit status.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	return exitStatus(ctx, app(stdout, stderr).Run(ctx, args), stderr)
}

// app is the whole command line interface.
func app(stdout, stderr io.Writer) *cli.Command {
	root := &cli.Command{
		Name:            "fairlead",
		Usage:           "run commands on a Redis or Valkey server, trace them, measure the server, or see a demonstration",
		UsageText:       "fairlead COMMAND [option…] [argument…]",
		Description:     exitHelp,
		HideHelpCommand: true,
		HideVersion:     true,
		Writer:          stdout,
		ErrWriter:       stderr,
		Commands:        []*cli.Command{doCommand(), traceCommand(), benchCommand(), demoCommand(), migrateCommand(), versionCommand()},
		Action:          rootAction,
		ExitErrHandler:  func(context.Context, *cli.Command, error) {}, // run prints the error and chooses the status
	}
	for _, cmd := range append(root.Commands, root) {
		cmd.OnUsageError = explainUsage
	}
	return root
}

const exitHelp = `Exit status: 0 if all went well; 1 if the server answered with an error, no reply came, or the demonstration's
books do not balance; 2 if the command line is wrong; 130 after Ctrl-C.`

// rootAction is for a command line without one of the commands.
func rootAction(_ context.Context, cmd *cli.Command) error {
	if !cmd.Args().Present() {
		return cli.ShowAppHelp(cmd)
	}
	return usagef("there is no command %q: fairlead --help lists them; for a command of Redis write fairlead do %s …", cmd.Args().First(), cmd.Args().First())
}
