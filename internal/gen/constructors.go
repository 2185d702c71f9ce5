package main

import (
	"cmp"
	"fmt"
	"regexp"
	"strings"
)

// constructors writes one group's file of package redis.
func (p *plan) constructors(g *group) (string, error) {
	s := &sender{kinds: p.kinds, types: p.types, words: make(map[string]bool)}
	for _, o := range g.Commands {
		for _, m := range o.Makers {
			if err := p.constructor(s, o, m); err != nil {
				return "", err
			}
		}
	}
	for _, t := range g.Types {
		if err := s.declare(t, p.usersOf(t.Name), p.aboutField(t)); err != nil {
			return "", err
		}
	}
	body := s.out.String()
	return header + "package redis\n\n" + imports(body) + body, nil
}

func (p *plan) constructor(s *sender, o *override, m *maker) error {
	reply, ok := p.kinds.replies[m.Reply]
	if !ok {
		return m.at.errorf("%s: there is no reply %s in overrides/kinds", m.Name, m.Reply)
	}
	s.printf("%sfunc %s(%s) (c Cmd[%s]) {\nc.is(%s, %s)\n", comment("", p.doc(m.Name, o, m)),
		m.Name, p.paramList(m, ""), reply.Go, specName(o.Command), reply.Read)
	if err := s.maker(m); err != nil {
		return err
	}
	s.printf("return c\n}\n\n")
	return nil
}

// doc is the comment of a constructor or method.
func (p *plan) doc(name string, o *override, m *maker) string {
	c := p.table.find(o.Command)
	text := name + " " + strings.Join(m.Doc, " ") + " " + since(c) + "; " + m.Complexity + "."
	if c.Deprecated != "" {
		text += " " + cmp.Or(c.Module, "Redis") + " calls " + c.Name + " deprecated since " + c.Deprecated + "."
	}
	if c.ValkeyDeprecated != "" {
		text += " Valkey calls " + c.Name + " deprecated since " + c.ValkeyDeprecated + "."
	}
	if c.Module != "" {
		text += " Tested on documented bytes, not with the module itself."
	}
	return text
}

// paramList writes a parameter list; qualifier goes before the names of package redis.
func (p *plan) paramList(m *maker, qualifier string) string {
	list := make([]string, len(m.Params))
	for i, q := range m.Params {
		k, _ := p.kinds.param(q.Kind)
		dots := ""
		if q.Variadic {
			dots = "..."
		}
		list[i] = q.Name + " " + dots + qualified(k.Go, qualifier)
		if i > 0 && !q.Variadic && !m.Params[i-1].Variadic {
			if before, _ := p.kinds.param(m.Params[i-1].Kind); before.Go == k.Go {
				list[i-1] = m.Params[i-1].Name
			}
		}
	}
	return strings.Join(list, ", ")
}

var ownType = regexp.MustCompile(`(^|[^.\w])([A-Z])`)

// qualified puts a qualifier before the names in a type that are package redis's own.
func qualified(goType, qualifier string) string {
	return ownType.ReplaceAllString(goType, "${1}"+qualifier+"${2}")
}

// imports writes the import declaration that a file's body needs.
func imports(body string) string {
	var std, own string
	for _, name := range []string{"context", "time"} {
		if regexp.MustCompile(`\b` + name + `\.[A-Z]`).MatchString(body) { // not the last word of a comment's sentence
			std += fmt.Sprintf("%q\n", name)
		}
	}
	for _, name := range []string{"redis", "resp"} {
		if strings.Contains(body, name+".") {
			own += fmt.Sprintf("\"github.com/fairlead-go/fairlead/%s\"\n", name)
		}
	}
	if std+own == "" {
		return ""
	}
	return "import (\n" + std + "\n" + own + ")\n\n"
}
