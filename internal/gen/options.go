package main

import (
	"slices"
	"strings"
)

// note records the words that a struct of options can send.
func (t *argsType) note(s *sender) {
	for _, f := range t.Fields {
		if inner := s.types[f.embeds()]; inner != nil {
			inner.note(s)
		}
		for _, word := range f.Tokens {
			for w := range strings.SplitSeq(word, "|") {
				s.words[w] = true
			}
		}
		if k, ok := s.kinds.param(strings.TrimPrefix(f.Kind, "!")); ok {
			for _, word := range k.Tokens {
				s.words[word] = true
			}
		}
	}
}

// declare writes a struct of options and its method append. usedBy are the constructors that take it.
func (s *sender) declare(t *argsType, usedBy []string, about func(*field) string) error {
	doc := t.Name + " are the options of " + listed(usedBy, "and") + ". The zero value adds none. " + strings.Join(t.Doc, " ")
	s.printf("%stype %s struct {\n", comment("", doc), t.Name)
	for _, f := range t.Fields {
		if f.Kind == "go" || f.Kind == "one" {
			continue
		}
		goType, err := s.fieldType(f)
		if err != nil {
			return err
		}
		names := strings.Join(f.Names, ", ")
		if f.embeds() != "" {
			names = "" // it is called as its type is
		}
		s.printf("%s%s %s\n", comment("\t", f.Doc+about(f)), names, goType)
	}
	s.printf("}\n\nfunc (a *%s) append(c *Request) {\n", t.Name)
	for _, f := range t.Fields {
		if err := s.option(t, f); err != nil {
			return err
		}
	}
	s.printf("}\n\n")
	return nil
}

// embeds returns the name of the type that the field embeds, "" if it does not.
func (f *field) embeds() string {
	if f.Kind != "embed" {
		return ""
	}
	return f.Names[0]
}

// fieldType returns the Go type of an option; kinds other than those of parameters are named in option.
func (s *sender) fieldType(f *field) (string, error) {
	switch f.Kind {
	case "flag":
		return "bool", nil
	case "enum":
		return "string", nil
	case "limit":
		return "int64", nil
	case "embed":
		if s.types[f.embeds()] == nil {
			return "", f.at.errorf("there is no type %s to embed", f.embeds())
		}
		return f.embeds(), nil
	}
	name := strings.TrimPrefix(f.Kind, "!")
	if f.Kind == "none" {
		name = f.Tokens[0]
	}
	name, list := strings.CutPrefix(name, "...")
	name = strings.TrimSuffix(name, "+")
	k, ok := s.kinds.param(name)
	switch {
	case !ok:
		return "", f.at.errorf("there is no kind %s in overrides/kinds", name)
	case list:
		return "[]" + k.Go, nil
	}
	return k.Go, nil
}

// option writes the statements that send an option. Kinds:
//
//	flag TOKEN          the token if true
//	enum TOKEN A|B      the token and one of the words; enum A|B without a token
//	limit TOKEN         two fields: the token and both, unless both are zero
//	kind [TOKEN…]       the tokens and the value, unless it is zero
//	!kind               the value even if it is zero
//	!...kind            how many there are, and all of them; at least one
//	...kind [TOKEN]     the token once and all values
//	...kind+ TOKEN      the token before each value
//	none kind           nothing: a go line sends it
//	embed               the options of the type that the field is named after, which is embedded
//	one A B             no option: at most one of the fields may be set
//	go statement        no option: a line of Go in the method append
func (s *sender) option(t *argsType, f *field) error {
	switch f.Kind {
	case "none":
		return nil
	case "go":
		s.printf("%s\n", f.Doc)
		return nil
	case "one":
		return s.exclusive(t, f)
	case "embed":
		s.printf("a.%s.append(c)\n", f.embeds())
		return nil
	case "flag":
		s.printf("if a.%s {\n", f.Names[0])
		s.token(f.Tokens[0])
		s.printf("}\n")
		return nil
	case "limit":
		s.printf("if a.%s != 0 || a.%s != 0 {\n", f.Names[0], f.Names[1])
		s.token(f.Tokens[0])
		s.printf("c.int(a.%s)\nc.int(orAll(a.%s))\n}\n", f.Names[0], f.Names[1])
		return nil
	case "enum":
		words := strings.Split(f.Tokens[len(f.Tokens)-1], "|")
		s.printf("if a.%s != \"\" {\n", f.Names[0])
		if len(f.Tokens) > 1 {
			s.token(f.Tokens[0])
		}
		s.printf("c.word(a.%s, %s)\n}\n", f.Names[0], quoted(words))
		return nil
	}
	return s.valueOption(f)
}

// exclusive writes the check that at most one of the options is used.
func (s *sender) exclusive(t *argsType, f *field) error {
	s.printf("c.onlyOne(%q", listed(f.Names, "or"))
	for _, name := range f.Names {
		i := slices.IndexFunc(t.Fields, func(o *field) bool { return o.Kind != "one" && slices.Contains(o.Names, name) })
		if i < 0 {
			return f.at.errorf("%s has no field %s", t.Name, name)
		}
		goType, err := s.fieldType(t.Fields[i])
		if err != nil {
			return err
		}
		s.printf(", %s", notZero("a."+name, goType))
	}
	s.printf(")\n")
	return nil
}

func (s *sender) valueOption(f *field) error {
	name, always := strings.CutPrefix(f.Kind, "!")
	name, list := strings.CutPrefix(name, "...")
	name, each := strings.CutSuffix(name, "+")
	k, _ := s.kinds.param(name)
	expr := "a." + f.Names[0]
	switch {
	case always && list:
		s.printf("c.int(int64(len(%s)))\nc.atLeastOne(len(%[1]s), %q)\nc.%s(%[1]s)\n", expr, name, k.Many)
		return nil
	case always:
		s.printf("c.%s(%s)\n", k.One, converted(expr, k))
		return nil
	case each:
		s.printf("for _, v := range %s {\n", expr)
		s.token(f.Tokens[0])
		s.printf("c.%s(v)\n}\n", k.One)
		return nil
	case list:
		s.printf("if len(%s) > 0 {\n", expr)
	default:
		s.printf("if %s {\n", notZero(expr, k.Go))
	}
	for _, token := range f.Tokens {
		s.token(token)
	}
	if list {
		s.printf("c.%s(%s)\n}\n", k.Many, expr)
	} else {
		s.printf("c.%s(%s)\n}\n", k.One, converted(expr, k))
	}
	return nil
}
