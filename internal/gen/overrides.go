package main

import (
	"bufio"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
)

// A group is one file of overrides: what the constructors of a command group look like in Go.
// The files' form is described in README.md.
type group struct {
	Name     string // as the server names it: "sorted-set"; of a module's commands it is the module's name
	Since    string // the version of Redis that brought the commands of which no server says it, as of modules
	Commands []*override
	Types    []*argsType
}

// An override delivers one command by constructors, or says why it is skipped.
type override struct {
	Command string
	Skip    string
	Makers  []*maker
	at      place
}

// A maker is one constructor and the method that goes with it.
type maker struct {
	Name, Method string
	Params       []param
	Reply        string // a kind of kinds.txt
	Complexity   string
	Wire         []string // what follows the command's name; empty: the parameters in their order
	Doc          []string
	at           place
}

type param struct {
	Name, Kind         string
	Variadic, Optional bool // Optional: an empty variadic is allowed
}

// An argsType is a struct of options.
type argsType struct {
	Name   string
	Doc    []string
	Fields []*field
	at     place
}

// A field is one option, or two that go together, or (with Kind "one") names of fields that exclude each other,
// or (with Kind "go") a line of Go.
type field struct {
	Names  []string
	Kind   string
	Tokens []string
	Doc    string
	at     place
}

// A place is where something stands, for errors.
type place struct {
	file string
	line int
}

func (p place) errorf(format string, args ...any) error {
	return fmt.Errorf("%s:%d: %s", p.file, p.line, fmt.Sprintf(format, args...))
}

// readGroups reads overrides/*.txt of the groups; the file's name is the group's.
func readGroups(root string) ([]*group, error) {
	paths, err := filepath.Glob(filepath.Join(root, folder, "overrides", "*.txt"))
	if err != nil {
		return nil, err
	}
	var groups []*group
	for _, path := range paths {
		g := &group{Name: strings.TrimSuffix(filepath.Base(path), ".txt")}
		if err := eachLine(path, g.line); err != nil {
			return nil, err
		}
		groups = append(groups, g)
	}
	return groups, nil
}

// eachLine calls f with the lines of a file that are neither empty nor comments.
func eachLine(path string, f func(at place, indent int, text string) error) error {
	file, err := os.Open(path)
	if err != nil {
		return err
	}
	defer file.Close()
	scan := bufio.NewScanner(file)
	for at := (place{file: filepath.Base(path)}); scan.Scan(); {
		at.line++
		text := strings.TrimSpace(scan.Text())
		if text == "" || text[0] == '#' {
			continue
		}
		indent := len(scan.Text()) - len(strings.TrimLeft(scan.Text(), " "))
		if err := f(at, indent, text); err != nil {
			return err
		}
	}
	return scan.Err()
}

// line reads one line by its indentation: 0 a command or a type, 2 a constructor or a field, 4 more about it.
func (g *group) line(at place, indent int, text string) error {
	switch indent {
	case 0:
		return g.top(at, text)
	case 2:
		if t := g.openType(); t != nil {
			return t.field(at, text)
		}
		return g.maker(at, text)
	case 4:
		if t := g.openType(); t != nil {
			t.Doc = append(t.Doc, text)
			return nil
		}
		return g.detail(at, text)
	}
	return at.errorf("indented by %d spaces, not by 0, 2 or 4", indent)
}

func (g *group) top(at place, text string) error {
	if name, ok := strings.CutPrefix(text, "type "); ok {
		g.Types = append(g.Types, &argsType{Name: name, at: at})
		return nil
	}
	if version, ok := strings.CutPrefix(text, "since "); ok {
		g.Since = version
		return nil
	}
	if rest, ok := strings.CutPrefix(text, "skip "); ok {
		name, reason, found := strings.Cut(rest, ": ")
		if !found {
			return at.errorf(`write "skip COMMAND: reason"`)
		}
		g.Commands = append(g.Commands, &override{Command: name, Skip: reason, at: at})
		return nil
	}
	g.Commands = append(g.Commands, &override{Command: text, at: at})
	return nil
}

// openType returns the type that an indented line belongs to, nil if it belongs to a command.
func (g *group) openType() *argsType {
	if len(g.Types) == 0 {
		return nil
	}
	t := g.Types[len(g.Types)-1]
	if len(g.Commands) > 0 && g.Commands[len(g.Commands)-1].at.line > t.at.line {
		return nil
	}
	return t
}

var signature = regexp.MustCompile(`^(\w+)\((.*)\) (\S+); (.+)$`)

// maker reads "Name(param kind, …) reply; complexity".
func (g *group) maker(at place, text string) error {
	part := signature.FindStringSubmatch(text)
	if part == nil || len(g.Commands) == 0 {
		return at.errorf(`write "Name(param kind, …) reply; complexity" below a command`)
	}
	m := &maker{Name: part[1], Method: part[1], Reply: part[3], Complexity: part[4], at: at}
	for p := range strings.SplitSeq(part[2], ", ") {
		if p == "" {
			continue
		}
		name, kind, _ := strings.Cut(p, " ")
		q := param{Name: name, Kind: kind}
		if kind == "" {
			q.Kind = name
		}
		q.Kind, q.Variadic = strings.CutPrefix(q.Kind, "...")
		q.Kind, q.Optional = strings.CutPrefix(q.Kind, "?")
		m.Params = append(m.Params, q)
	}
	o := g.Commands[len(g.Commands)-1]
	o.Makers = append(o.Makers, m)
	return nil
}

// detail reads a line below a constructor: "= what is sent", "method Name" or a sentence of its documentation.
func (g *group) detail(at place, text string) error {
	if len(g.Commands) == 0 || len(g.Commands[len(g.Commands)-1].Makers) == 0 {
		return at.errorf("this belongs below a constructor")
	}
	makers := g.Commands[len(g.Commands)-1].Makers
	m := makers[len(makers)-1]
	if wire, ok := strings.CutPrefix(text, "= "); ok {
		m.Wire = strings.Fields(wire)
	} else if name, ok := strings.CutPrefix(text, "method "); ok {
		m.Method = name
	} else {
		m.Doc = append(m.Doc, text)
	}
	return nil
}

// field reads "Name[,Name] kind [TOKEN…] | documentation", "one A B …" or "go statement".
func (t *argsType) field(at place, text string) error {
	if code, ok := strings.CutPrefix(text, "go "); ok {
		t.Fields = append(t.Fields, &field{Kind: "go", Doc: code, at: at})
		return nil
	}
	left, doc, _ := strings.Cut(text, " | ")
	words := strings.Fields(left)
	if words[0] == "one" {
		t.Fields = append(t.Fields, &field{Kind: "one", Names: words[1:], at: at})
		return nil
	}
	if len(words) < 2 || doc == "" {
		return at.errorf(`write "Name kind [TOKEN…] | documentation"`)
	}
	t.Fields = append(t.Fields, &field{Names: strings.Split(words[0], ","), Kind: words[1], Tokens: words[2:], Doc: doc, at: at})
	return nil
}
