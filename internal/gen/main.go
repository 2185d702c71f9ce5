// Command gen writes the Go files of all commands, constructors in package redis and methods in the root package, and docs/commands.md.
//
//	go run ./internal/gen                 writes the files
//	go run ./internal/gen -check          says whether they are up to date, and fails if not
//	go run ./internal/gen table ADDR…     asks running servers, oldest first, for their commands and writes table.json
//
// README.md tells how a command or a server version is added.
package main

import (
	"errors"
	"flag"
	"fmt"
	"os"
)

const (
	folder    = "internal/gen"
	tableFile = folder + "/table.json"
	// modulesFile holds the facts about commands that none of the servers has, since they are those of modules.
	modulesFile = folder + "/modules.json"
)

func main() {
	check := flag.Bool("check", false, "only say whether the generated files are up to date")
	flag.Parse()
	if err := run(*check, flag.Args()); err != nil {
		fmt.Fprintln(os.Stderr, "gen:", err)
		os.Exit(1)
	}
}

func run(check bool, args []string) error {
	if _, err := os.Stat(folder); err != nil {
		return errors.New("run it in the root of the module: go run ./internal/gen")
	}
	switch {
	case len(args) == 0 && check:
		return checkFiles(".")
	case len(args) == 0:
		return writeFiles(".")
	case len(args) > 1 && args[0] == "table" && !check:
		return writeTable(args[1:])
	}
	return errors.New("usage: go run ./internal/gen [-check] | table ADDR…")
}

// writeTable asks the servers for their commands.
func writeTable(addrs []string) error {
	t := new(table)
	for _, addr := range addrs {
		server, commands, err := askServer(addr)
		if err != nil {
			return err
		}
		t.merge(server, commands)
		fmt.Printf("%s at %s: %d commands\n", server, addr, len(commands))
	}
	t.settle()
	text, err := t.encode()
	if err != nil {
		return err
	}
	return os.WriteFile(tableFile, text, 0o644)
}
