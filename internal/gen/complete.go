package main

import (
	"errors"
	"fmt"
	"slices"
	"strings"
)

// complete checks that nothing is forgotten: in a group that has a file of overrides every command is delivered or skipped
// with a reason, and the constructors of a delivered command can send each word of its options.
func (p *plan) complete() error {
	var errs []error
	delivered := make(map[string]*override)
	for _, g := range p.groups {
		for _, o := range g.Commands {
			c := p.table.find(o.Command)
			twice := delivered[o.Command] != nil
			delivered[o.Command] = o
			switch {
			case c == nil:
				errs = append(errs, o.at.errorf("no server in the table knows %s", o.Command))
			case c.Group != g.Name:
				errs = append(errs, o.at.errorf("%s belongs to the group %s", o.Command, c.Group))
			case twice:
				errs = append(errs, o.at.errorf("%s is here twice", o.Command))
			case len(o.Makers) == 0 && o.Skip == "":
				errs = append(errs, o.at.errorf("%s has neither a constructor nor a reason to skip it", o.Command))
			default:
				errs = append(errs, p.sendsAll(c, o)...)
			}
		}
	}
	for _, c := range p.table.Commands {
		if delivered[c.Name] == nil && p.has(c.Group) {
			errs = append(errs, fmt.Errorf("overrides/%s.txt forgets %s", c.Group, c.Name))
		}
	}
	return errors.Join(errs...)
}

func (p *plan) has(name string) bool {
	return slices.ContainsFunc(p.groups, func(g *group) bool { return g.Name == name })
}

// sendsAll checks one delivered command.
func (p *plan) sendsAll(c *command, o *override) []error {
	if o.Skip != "" {
		return nil
	}
	var errs []error
	words := p.wordsOf(o)
	c.tokens(func(a arg) {
		for token := range strings.FieldsSeq(a.Token) {
			if !words[token] {
				errs = append(errs, o.at.errorf("no constructor of %s can send %s", c.Name, token))
			}
		}
	})
	if !c.has("blocking") {
		return errs
	}
	for _, m := range o.Makers {
		if !slices.ContainsFunc(m.Params, p.tellsTimeout) {
			errs = append(errs, m.at.errorf("%s blocks, so %s needs a parameter of a timeout kind", c.Name, m.Name))
		}
	}
	return errs
}

// wordsOf returns the words that the constructors of a command can send.
func (p *plan) wordsOf(o *override) map[string]bool {
	s := &sender{kinds: p.kinds, types: p.types, words: make(map[string]bool)}
	for _, m := range o.Makers {
		s.maker(m) // an error is found again, and reported, when the constructor is written
	}
	return s.words
}

// tellsTimeout reports whether a parameter of a blocking command tells for how long it waits: streams alone is not at all.
func (p *plan) tellsTimeout(q param) bool {
	return strings.HasPrefix(q.Kind, "timeout") || p.types[q.Kind] != nil || q.Kind == "streams"
}
