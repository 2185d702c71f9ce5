package main

import (
	"slices"
	"strings"
)

// merge adds what one more server says. Servers are given oldest first: where two contradict each other in a name or a
// version, the later one is believed; a flag, an argument or a command counts if any of them has it.
func (t *table) merge(server string, commands []*command) {
	t.Servers = append(t.Servers, server)
	for _, c := range commands {
		if known := t.find(c.Name); known != nil {
			known.merge(c)
			continue
		}
		t.add(c)
	}
}

// add puts a new command in its place.
func (t *table) add(c *command) {
	t.Commands = append(t.Commands, c)
	slices.SortFunc(t.Commands, func(a, b *command) int { return strings.Compare(a.Name, b.Name) })
}

func (c *command) merge(later *command) {
	c.Group, c.Arity = later.Group, later.Arity
	c.Since = later.since(c.Since)
	if later.Valkey != "" && later.Valkey != c.Since {
		c.Valkey = later.Valkey
	}
	if later.Deprecated != "" {
		c.Deprecated = later.Deprecated
	}
	if later.ValkeyDeprecated != "" && later.ValkeyDeprecated != c.Deprecated {
		c.ValkeyDeprecated = later.ValkeyDeprecated
	}
	for _, flag := range later.Flags {
		if !c.has(flag) {
			c.Flags = append(c.Flags, flag)
		}
	}
	slices.Sort(c.Flags)
	if len(later.KeySpecs) > 0 {
		c.Keys, c.KeySpecs = later.Keys, later.KeySpecs
	}
	c.Args = mergeArgs(c.Args, later.Args)
	c.Servers = append(c.Servers, later.Servers...)
}

func (c *command) since(earlier string) string {
	if c.Since == "" {
		return earlier
	}
	return c.Since
}

// like reports whether two servers' arguments are one: of the same type and token, whatever they are called, or
// alternatives that have a token in common.
func (a *arg) like(b *arg) bool {
	if a.Type != b.Type || a.Token != b.Token {
		return false
	}
	inA, common, inB := make(map[string]bool), false, 0
	eachToken(*a, func(t arg) { inA[t.Token] = true })
	eachToken(*b, func(t arg) { inB++; common = common || inA[t.Token] })
	return common || len(inA) == 0 && inB == 0
}

// mergeArgs puts what only the later list has where it stands there.
func mergeArgs(args, later []*arg) []*arg {
	place := 0
	used := make(map[*arg]bool)
	for _, l := range later {
		i := slices.IndexFunc(args, func(a *arg) bool { return !used[a] && a.like(l) })
		if i < 0 {
			args = slices.Insert(args, place, l)
			used[l] = true
			place++
			continue
		}
		a := args[i]
		used[a] = true
		place = i + 1
		a.Name = l.Name
		if a.Since == "" {
			a.Since = l.Since
		}
		for _, flag := range l.Flags {
			if !slices.Contains(a.Flags, flag) {
				a.Flags = append(a.Flags, flag)
			}
		}
		a.Args = mergeArgs(a.Args, l.Args)
		a.Servers = append(a.Servers, l.Servers...)
	}
	return args
}

// settle leaves out which servers know an argument where all do that know what it belongs to.
func (t *table) settle() {
	for _, c := range t.Commands {
		settleArgs(c.Args, c.Servers)
	}
}

func settleArgs(args []*arg, all []string) {
	for _, a := range args {
		settleArgs(a.Args, a.Servers)
		if slices.Equal(a.Servers, all) {
			a.Servers = nil
		}
	}
}
