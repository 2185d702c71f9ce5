package main

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// askServer returns what one server says about all its commands, and the server's product and version.
func askServer(addr string) (server string, commands []*command, err error) {
	l, err := dial(addr)
	if err != nil {
		return "", nil, err
	}
	defer l.Close()
	server, err = l.product()
	if err != nil {
		return "", nil, err
	}
	rows, err := l.ask("COMMAND")
	if err != nil {
		return "", nil, err
	}
	docs, err := l.ask("COMMAND", "DOCS")
	if err != nil {
		return "", nil, err
	}
	r := reading{server: server}
	r.commands(rows, docs)
	if r.err != nil {
		return "", nil, fmt.Errorf("%s at %s: %w", server, addr, r.err)
	}
	if isSentinel(server) { // what it shares with servers, they tell themselves
		r.found = slices.DeleteFunc(r.found, func(c *command) bool { return c.Group != "sentinel" })
	}
	return server, r.found, nil
}

// A reading collects the commands of one server; err is the first thing in its answers that is not as documented.
type reading struct {
	server string
	found  []*command
	err    error
}

func (r *reading) commands(rows, docs any) {
	described := take[map[string]any](r, docs, "COMMAND DOCS")
	for _, row := range take[[]any](r, rows, "COMMAND") {
		r.command(row, described)
	}
	slices.SortFunc(r.found, func(a, b *command) int { return strings.Compare(a.Name, b.Name) })
}

// command reads one row of COMMAND: name, arity, flags, first key, last key, step, categories, tips, key specs, subcommands.
func (r *reading) command(row any, docs map[string]any) {
	f := take[[]any](r, row, "a row of COMMAND")
	if len(f) < 10 {
		r.fail("a row of COMMAND has %d columns, not 10", len(f))
		return
	}
	name := take[string](r, f[0], "a name")
	doc := take[map[string]any](r, docs[name], "the documentation of "+name)
	if subcommands := take[[]any](r, f[9], "subcommands"); len(subcommands) > 0 {
		inner, _ := doc["subcommands"].(map[string]any)
		for _, sub := range subcommands {
			r.command(sub, inner)
		}
		if !callable[name] {
			return
		}
	}
	c := &command{
		Name:    strings.ToUpper(strings.Replace(name, "|", " ", 1)),
		Group:   cmp.Or(text(doc["module"]), text(doc["group"])), // the group of all modules' commands is "module"
		Arity:   int(take[int64](r, f[1], "an arity")),
		Flags:   words(f[2]),
		Args:    r.args(doc["arguments"]),
		Servers: []string{r.server},
	}
	if strings.HasPrefix(r.server, "valkey ") {
		c.Valkey, c.ValkeyDeprecated = text(doc["since"]), text(doc["deprecated_since"])
	} else {
		c.Since, c.Deprecated = text(doc["since"]), text(doc["deprecated_since"])
	}
	for _, column := range f[3:6] {
		c.Keys = append(c.Keys, int(take[int64](r, column, "a key's place")))
	}
	if c.Keys[0] == 0 {
		c.Keys = nil
	}
	for _, spec := range take[[]any](r, f[8], "key specs") {
		c.KeySpecs = append(c.KeySpecs, r.keySpec(spec))
	}
	r.found = append(r.found, c)
}

// callable are the containers of subcommands that are commands themselves.
var callable = map[string]bool{"command": true}

func (r *reading) keySpec(spec any) keySpec {
	m := take[map[string]any](r, spec, "a key spec")
	method := func(part any) map[string]any {
		p := take[map[string]any](r, part, "a part of a key spec")
		numbers, _ := p["spec"].(map[string]any)
		return map[string]any{text(p["type"]): numbers}
	}
	return keySpec{Flags: words(m["flags"]), Begin: method(m["begin_search"]), Find: method(m["find_keys"])}
}

func (r *reading) args(list any) []*arg {
	if list == nil {
		return nil
	}
	var args []*arg
	for _, item := range take[[]any](r, list, "arguments") {
		m := take[map[string]any](r, item, "an argument")
		args = append(args, &arg{
			Name:    text(m["name"]),
			Type:    text(m["type"]),
			Token:   text(m["token"]),
			Since:   text(m["since"]),
			Flags:   words(m["flags"]),
			Args:    r.args(m["arguments"]),
			Servers: []string{r.server},
		})
	}
	return args
}

func (r *reading) fail(format string, args ...any) {
	if r.err == nil {
		r.err = fmt.Errorf(format, args...)
	}
}

// take returns v as a T; what says what it ought to be.
func take[T any](r *reading, v any, what string) T {
	t, ok := v.(T)
	if !ok {
		r.fail("%s is a %T, not a %T", what, v, t)
	}
	return t
}

func text(v any) string {
	s, _ := v.(string)
	return s
}

// words returns a list of strings in alphabetical order: servers list flags as sets.
func words(v any) []string {
	list, _ := v.([]any)
	set := make(map[string]bool)
	for _, e := range list {
		set[text(e)] = true
	}
	return slices.SortedFunc(maps.Keys(set), cmp.Compare)
}
