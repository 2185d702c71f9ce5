package main

import (
	"context"
	"fmt"
	"runtime"

	"github.com/urfave/cli/v3"

	"github.com/fairlead-go/fairlead"
)

func versionCommand() *cli.Command {
	return &cli.Command{
		Name:  "version",
		Usage: "print the version of this program and of the Go it was built with",
		Action: func(_ context.Context, cmd *cli.Command) error {
			if err := noArguments(cmd); err != nil {
				return err
			}
			_, err := fmt.Fprintf(cmd.Root().Writer, "fairlead %s %s %s/%s\n", fairlead.Version, runtime.Version(), runtime.GOOS, runtime.GOARCH)
			return err
		},
	}
}
