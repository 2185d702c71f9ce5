package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/rogpeppe/go-internal/diff"
	"github.com/urfave/cli/v3"

	"github.com/fairlead-go/fairlead/cmd/fairlead/internal/migrate"
)

func migrateCommand() *cli.Command {
	return &cli.Command{
		Name:      "migrate",
		Usage:     "rewrite a program that uses go-redis v9 so that it uses Fairlead",
		UsageText: "fairlead migrate [-w] [PACKAGE…]",
		Description: `Packages are named as for the go command; the default is ./... of this folder. Their module must require Fairlead already.
Only what can be proven by types to do the same is changed; the changes are printed as a diff, or written with -w. Everything
else is printed with its place, why it was left, and what to do. If nothing was left, the changed program compiles: that was
tried. If something was, what is written does not compile until a person has changed that too. Files that the go command would
not compile here, because of their system or their tags, are not seen.

Exit status: 0 if nothing was left; 1 if something was, or the program cannot be read; 2 if the command line is wrong.`,
		Flags:  []cli.Flag{&cli.BoolFlag{Name: "w", Usage: "write the changed files instead of printing a diff"}},
		Action: runMigrate,
	}
}

func runMigrate(ctx context.Context, cmd *cli.Command) error {
	patterns := cmd.Args().Slice()
	if len(patterns) == 0 {
		patterns = []string{"./..."}
	}
	plan, err := migrate.Make(ctx, "", patterns...)
	if err != nil {
		return err
	}
	write := cmd.Bool("w")
	for _, f := range plan.Files {
		if !write {
			name := shortName(f.Name)
			cmd.Root().Writer.Write(diff.Diff("a/"+name, f.Before, "b/"+name, f.After))
		} else if err := writeFile(f); err != nil {
			return err
		}
	}
	return tellPlan(plan, write, cmd.Root().ErrWriter)
}

// writeFile changes a file, which keeps its permissions.
func writeFile(f migrate.File) error {
	info, err := os.Stat(f.Name)
	if err != nil {
		return err
	}
	return os.WriteFile(f.Name, f.After, info.Mode().Perm())
}

// tellPlan says what was left and what to look at, and how it ended.
func tellPlan(plan *migrate.Plan, written bool, w io.Writer) error {
	for _, r := range plan.Notes {
		r.At.Filename = shortName(r.At.Filename)
		fmt.Fprintf(w, "changed, look at it: %v\n", r)
	}
	for _, r := range plan.Left {
		r.At.Filename = shortName(r.At.Filename)
		fmt.Fprintf(w, "left: %v\n", r)
	}
	done := "would change"
	if written {
		done = "changed"
	}
	switch {
	case len(plan.Files) == 0 && plan.Whole():
		fmt.Fprintln(w, "nothing here uses go-redis v9")
	case plan.Whole():
		fmt.Fprintf(w, "%s %s, and the result compiles; go mod tidy then takes go-redis out of go.mod\n", done, count(len(plan.Files), "file"))
	default:
		fmt.Fprintf(w, "%s %s, and left %s to you: until those are changed too, the program does not compile\n", done,
			count(len(plan.Files), "file"), count(len(plan.Left), "place"))
		return errReported
	}
	return nil
}

func count(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}

// shortName is a path from the current folder, if the file is below it.
func shortName(name string) string {
	here, err := os.Getwd()
	if err != nil {
		return name
	}
	if short, err := filepath.Rel(here, name); err == nil && filepath.IsLocal(short) {
		return short
	}
	return name
}
