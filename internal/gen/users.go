package main

import (
	"slices"
)

// usersOf returns links to the constructors that take a struct of options.
func (p *plan) usersOf(name string) []string {
	var users []string
	for _, g := range p.groups {
		for _, o := range g.Commands {
			for _, m := range o.Makers {
				if slices.ContainsFunc(m.Params, func(q param) bool { return q.Kind == name }) {
					users = append(users, "["+m.Name+"]")
				}
			}
		}
	}
	return users
}

// aboutField returns a function that says since when an option exists, by the commands that take t.
func (p *plan) aboutField(t *argsType) func(*field) string {
	var users []string
	notes := make(map[string]map[string]string) // by token and command
	for _, g := range p.groups {
		for _, o := range g.Commands {
			if !o.takes(t.Name) {
				continue
			}
			users = append(users, o.Command)
			for token, note := range optionNotes(p.table.find(o.Command)) {
				if notes[token] == nil {
					notes[token] = make(map[string]string)
				}
				notes[token][o.Command] = note
			}
		}
	}
	return func(f *field) string {
		for _, token := range slices.Backward(f.Tokens) {
			if notes[token] != nil {
				return agreed(notes[token], users)
			}
		}
		return ""
	}
}

// takes reports whether a constructor of the command takes a struct of options.
func (o *override) takes(name string) bool {
	return slices.ContainsFunc(o.Makers, func(m *maker) bool {
		return slices.ContainsFunc(m.Params, func(q param) bool { return q.Kind == name })
	})
}
