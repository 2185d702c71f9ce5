package main

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"os"
	"slices"
	"strings"
)

// A table holds what the servers named in it say about their commands.
type table struct {
	Servers  []string // product and version: "redis 8.0.6"; after that "sentinel" if it is one
	Commands []*command
}

// A command is one command or subcommand. Containers of subcommands that cannot be called on their own are left out.
type command struct {
	Name       string    `json:"name"` // in capitals, a subcommand after a space
	Group      string    `json:"group"`
	Since      string    `json:"since,omitempty"`  // version of Redis, "" where only others know the command
	Valkey     string    `json:"valkey,omitempty"` // version of Valkey, where it is not Redis's
	Deprecated string    `json:"deprecated,omitempty"`
	Arity      int       `json:"arity"`
	Flags      []string  `json:"flags,omitempty"`
	Keys       []int     `json:"keys,omitempty"` // first, last and step, as COMMAND tells; none if there are none
	KeySpecs   []keySpec `json:"keySpecs,omitempty"`
	Args       []*arg    `json:"args,omitempty"`
	Servers    []string  `json:"servers"`

	// Module is whose version Since is, if no server told of the command but only the module's documentation.
	Module string `json:"module,omitempty"`

	ValkeyDeprecated string `json:"valkeyDeprecated,omitempty"` // where it is not Redis's
}

// A keySpec tells where keys are: Begin and Find hold a method's name and its numbers, as COMMAND tells them.
type keySpec struct {
	Flags []string       `json:"flags,omitempty"`
	Begin map[string]any `json:"begin,omitempty"`
	Find  map[string]any `json:"find,omitempty"`
}

// An arg is an argument as COMMAND DOCS describes it; one of type oneof or block has arguments itself.
type arg struct {
	Name    string   `json:"name"`
	Type    string   `json:"type"`
	Token   string   `json:"token,omitempty"`
	Since   string   `json:"since,omitempty"`
	Flags   []string `json:"flags,omitempty"` // optional, multiple, multiple_token
	Args    []*arg   `json:"args,omitempty"`
	Servers []string `json:"servers,omitempty"` // those that know it, where others know the command without it
}

func (c *command) has(flag string) bool { return slices.Contains(c.Flags, flag) }

// tokens calls f with each argument that has a token; it inherits its version and its servers from what it is part of.
func (c *command) tokens(f func(arg)) { eachToken(arg{Args: c.Args}, f) }

func eachToken(parent arg, f func(arg)) {
	for _, child := range parent.Args {
		a := *child
		a.Since = cmp.Or(a.Since, parent.Since)
		if a.Servers == nil {
			a.Servers = parent.Servers
		}
		if a.Token != "" && a.Token != `""` {
			f(a)
		}
		eachToken(a, f)
	}
}

func (t *table) find(name string) *command {
	i, ok := slices.BinarySearchFunc(t.Commands, name, func(c *command, name string) int { return strings.Compare(c.Name, name) })
	if !ok {
		return nil
	}
	return t.Commands[i]
}

// encode writes the table with one command per line, so that a diff shows which commands changed.
func (t *table) encode() ([]byte, error) {
	var b bytes.Buffer
	servers, err := json.Marshal(t.Servers)
	if err != nil {
		return nil, err
	}
	fmt.Fprintf(&b, "{\"servers\": %s, \"commands\": [", servers)
	for i, c := range t.Commands {
		line, err := json.Marshal(c)
		if err != nil {
			return nil, err
		}
		if i > 0 {
			b.WriteByte(',')
		}
		b.WriteByte('\n')
		b.Write(line)
	}
	b.WriteString("\n]}\n")
	return b.Bytes(), nil
}

// readTables reads what servers say about their commands, and what the documentation of modules does about theirs.
func readTables(root string) (*table, error) {
	t, err := readTable(root + "/" + tableFile)
	if err != nil {
		return nil, err
	}
	modules, err := readTable(root + "/" + modulesFile)
	if err != nil {
		return nil, err
	}
	for _, c := range modules.Commands {
		if c.Module == "" || c.Since == "" {
			return nil, fmt.Errorf("%s: %s needs its module and since which version of it there is such a command", modulesFile, c.Name)
		}
		if t.find(c.Name) != nil {
			return nil, fmt.Errorf("%s: servers tell about %s themselves, or it is here twice", modulesFile, c.Name)
		}
		t.add(c)
	}
	return t, nil
}

func readTable(path string) (*table, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	t := new(table)
	if err := json.Unmarshal(text, t); err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return t, nil
}
