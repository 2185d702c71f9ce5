package main

import (
	"fmt"
	"strings"
)

// A sender writes the Go statements that send a command's arguments, and notes which words they can send.
type sender struct {
	kinds *kinds
	types map[string]*argsType
	words map[string]bool
	out   strings.Builder
}

func (s *sender) printf(format string, args ...any) { fmt.Fprintf(&s.out, format, args...) }

func (s *sender) token(word string) {
	s.words[word] = true
	s.printf("c.text(%q)\n", word)
}

// maker writes the body of a constructor.
func (s *sender) maker(m *maker) error {
	wire := m.Wire
	if len(wire) == 0 {
		for _, p := range m.Params {
			wire = append(wire, p.Name)
		}
	}
	sent := make(map[string]bool)
	for i := 0; i < len(wire); i++ {
		start := i
		if strings.HasPrefix(wire[i], "[") {
			for !strings.HasSuffix(wire[i], "]") {
				i++
				if i == len(wire) {
					return m.at.errorf("%s: [ without ]", m.Name)
				}
			}
		}
		if err := s.element(m, wire[start:i+1], sent); err != nil {
			return err
		}
	}
	for _, p := range m.Params {
		if !sent[p.Name] {
			return m.at.errorf("%s does not send its parameter %s", m.Name, p.Name)
		}
	}
	return nil
}

// element writes one part of what is sent: a WORD, a parameter, #parameter (how many there are, /2: pairs),
// parameter?WORD (if true), [WORD parameter] (unless it is zero), or options.method (a method written by hand).
func (s *sender) element(m *maker, group []string, sent map[string]bool) error {
	if strings.HasPrefix(group[0], "[") {
		last := strings.Trim(group[len(group)-1], "[]")
		p, err := m.param(last)
		if err != nil {
			return err
		}
		goType := s.goType(p.Kind)
		if p.Variadic {
			goType = "[]" + goType
		}
		s.printf("if %s {\n", notZero(last, goType))
		for _, word := range group[:len(group)-1] {
			s.token(strings.TrimPrefix(word, "["))
		}
		sent[last] = true
		defer s.printf("}\n")
		return s.param(m, p)
	}
	word := group[0]
	if word == `""` {
		s.printf("c.text(\"\")\n")
		return nil
	}
	if name, method, ok := strings.Cut(word, "."); ok {
		return s.method(m, name, method, sent)
	}
	if word == strings.ToUpper(word) && word[0] != '#' {
		s.token(word)
		return nil
	}
	if name, token, ok := strings.Cut(word, "?"); ok {
		sent[name] = true
		s.printf("if %s {\n", name)
		s.token(token)
		s.printf("}\n")
		return nil
	}
	if count, ok := strings.CutPrefix(word, "#"); ok {
		if name, pairs := strings.CutSuffix(count, "/2"); pairs {
			s.printf("c.int(countPairs(%s))\n", name)
		} else {
			s.printf("c.int(int64(len(%s)))\n", count)
		}
		return nil
	}
	p, err := m.param(word)
	if err != nil {
		return err
	}
	sent[word] = true
	return s.param(m, p)
}

// method writes the call of a hand-written method that sends a struct of options.
func (s *sender) method(m *maker, name, method string, sent map[string]bool) error {
	p, err := m.param(name)
	if err != nil {
		return err
	}
	t := s.types[p.Kind]
	if t == nil {
		return m.at.errorf("%s: %s is no struct of options", m.Name, name)
	}
	t.note(s)
	sent[name] = true
	s.printf("%s.%s(&c.Request)\n", name, method)
	return nil
}

func (m *maker) param(name string) (param, error) {
	for _, p := range m.Params {
		if p.Name == name {
			return p, nil
		}
	}
	return param{}, m.at.errorf("%s has no parameter %s", m.Name, name)
}

func (s *sender) param(m *maker, p param) error {
	if t := s.types[p.Kind]; t != nil {
		t.note(s)
		s.printf("%s.append(&c.Request)\n", p.Name)
		return nil
	}
	kind, ok := s.kinds.param(p.Kind)
	if !ok {
		return m.at.errorf("%s: there is no kind %s in overrides/kinds", m.Name, p.Kind)
	}
	for _, word := range kind.Tokens {
		s.words[word] = true
	}
	switch {
	case p.Variadic && !p.Optional:
		s.printf("c.atLeastOne(len(%s), %q)\nc.%s(%[1]s)\n", p.Name, strings.TrimSuffix(p.Name, "s"), kind.Many)
	case p.Variadic:
		s.printf("c.%s(%s)\n", kind.Many, p.Name)
	case kind.One == "word":
		s.printf("c.word(%s, %s)\n", p.Name, quoted(kind.Tokens))
	default:
		s.printf("c.%s(%s)\n", kind.One, converted(p.Name, kind))
	}
	return nil
}

// goType returns a parameter kind's type as package redis writes it.
func (s *sender) goType(kind string) string {
	if s.types[kind] != nil {
		return kind
	}
	k, _ := s.kinds.param(kind)
	return k.Go
}

// converted is the expression that a kind's method takes.
func converted(name string, k paramKind) string {
	if k.Go == "int" && k.One == "int" {
		return "int64(" + name + ")"
	}
	return name
}

func notZero(expr, goType string) string {
	switch {
	case goType == "bool":
		return expr
	case goType == "string":
		return expr + ` != ""`
	case goType == "any" || strings.HasPrefix(goType, "*"):
		return expr + " != nil"
	case goType == "time.Time":
		return "!" + expr + ".IsZero()"
	case strings.HasPrefix(goType, "[]"):
		return "len(" + expr + ") > 0"
	}
	return expr + " != 0"
}

func quoted(words []string) string {
	list := make([]string, len(words))
	for i, w := range words {
		list[i] = fmt.Sprintf("%q", w)
	}
	return strings.Join(list, ", ")
}
