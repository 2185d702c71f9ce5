package redis

import (
	"slices"
	"strconv"
	"strings"
	"testing"
)

// A grammar reads a command's words by what one server's COMMAND DOCS says about its arguments.
type grammar struct {
	server  string
	words   []string
	keys    []bool          // which words are keys
	hasKeys bool            // an argument is called a key; what SPUBLISH and CLUSTERSCAN have is called a string, although it is one
	names   map[string]bool // names of options, which are no values in transcripts
	used    []*tableArg     // the arguments that the words read so far belong to
}

// collect notes the names of options, and whether an argument is called a key.
func (g *grammar) collect(args []*tableArg) {
	for _, a := range args {
		if !a.knownTo(g.server) {
			continue
		}
		if a.Token > "A" { // not * or =
			g.names[a.Token] = true
		}
		g.hasKeys = g.hasKeys || a.Type == "key"
		g.collect(a.Args)
	}
}

// A then goes on at a word, and reports whether all words behind it can be read.
type then func(at int) bool

// reads reports whether the words are a command with these arguments.
func (g *grammar) reads(args []*tableArg) bool {
	return g.sequence(args, 0, func(at int) bool { return at == len(g.words) })
}

// sequence reads arguments one after another. Options that stand side by side, each of which begins with a word of its own, come
// in any order, since servers read them so.
func (g *grammar) sequence(args []*tableArg, at int, next then) bool {
	args = slices.DeleteFunc(slices.Clone(args), func(a *tableArg) bool { return !a.knownTo(g.server) })
	if len(args) == 0 {
		return next(at)
	}
	options := 0
	for options < len(args) && args[options].has("optional") && args[options].beginsWithToken() {
		options++
	}
	if options > 0 {
		return g.options(args[:options], at, func(at int) bool { return g.sequence(args[options:], at, next) })
	}
	rest := func(at int) bool { return g.sequence(args[1:], at, next) }
	return g.argument(args[0], at, rest) || args[0].has("optional") && rest(at)
}

// options reads any of the options, in any order.
func (g *grammar) options(args []*tableArg, at int, next then) bool {
	for i, a := range args {
		others := slices.Delete(slices.Clone(args), i, i+1)
		if g.argument(a, at, func(at int) bool { return g.options(others, at, next) }) {
			return true
		}
	}
	return next(at)
}

// argument reads one argument, as often as it may come.
func (g *grammar) argument(a *tableArg, at int, next then) bool {
	g.used = append(g.used, a)
	count := len(g.used)
	var more then
	more = func(at int) bool {
		if next(at) {
			return true
		}
		again := func(end int) bool { return end > at && more(end) }
		return a.has("multiple") && g.once(a, at, a.has("multiple_token"), again)
	}
	if g.once(a, at, true, more) {
		return true
	}
	g.used = g.used[:count-1]
	return false
}

// once reads one argument once, with its token or without.
func (g *grammar) once(a *tableArg, at int, withToken bool, next then) bool {
	if withToken {
		for _, token := range a.tokens() {
			if at == len(g.words) || !strings.EqualFold(g.words[at], token) {
				return false
			}
			at++
		}
	}
	switch a.Type {
	case "pure-token":
		return next(at)
	case "block":
		return g.sequence(a.Args, at, next)
	case "oneof":
		for _, choice := range slices.SortedStableFunc(slices.Values(a.Args), literalFirst) {
			if choice.knownTo(g.server) && g.argument(choice, at, next) {
				return true
			}
		}
		return false
	}
	if at == len(g.words) || g.names[g.words[at]] || g.hasKeys && g.keys[at] != (a.Type == "key") {
		return false
	}
	return isOfType(a.Type, g.words[at]) && next(at+1)
}

// literalFirst puts choices that are a word as it stands before those that are any word: $ is an id as well.
func literalFirst(a, b *tableArg) int {
	rank := map[bool]int{true: 0, false: 1}
	return rank[a.Type == "pure-token"] - rank[b.Type == "pure-token"]
}

// isOfType reports whether a word can be a value of a type. The documentation calls a bound a double that may be exclusive, "(5",
// an offset of bits an integer that may count fields, "#5", and a cursor an integer, though it has 64 bits and no sign.
func isOfType(kind, word string) bool {
	var err error
	switch kind {
	case "integer", "unix-time":
		word = strings.TrimPrefix(word, "#")
		if _, err = strconv.ParseInt(word, 10, 64); err != nil {
			_, err = strconv.ParseUint(word, 10, 64)
		}
	case "double":
		_, err = strconv.ParseFloat(strings.TrimPrefix(word, "("), 64)
	}
	return err == nil
}

// tokens are the words that an argument begins with. A sentinel does not tell all of them: they are the names then.
func (a *tableArg) tokens() []string {
	switch {
	case a.Token != "" || a.Type != "pure-token":
		return strings.Fields(a.Token)
	case a.Name == "empty-string":
		return []string{""}
	}
	return []string{a.Name}
}

func (a *tableArg) has(flag string) bool { return slices.Contains(a.Flags, flag) }

func (a *tableArg) knownTo(server string) bool {
	return a.Servers == nil || slices.Contains(a.Servers, server)
}

// beginsWithToken reports whether the first word of an argument tells which one it is.
func (a *tableArg) beginsWithToken() bool {
	switch {
	case a.Token != "":
		return true
	case a.Type == "oneof":
		return !slices.ContainsFunc(a.Args, func(c *tableArg) bool { return !c.beginsWithToken() })
	}
	return a.Type == "block" && len(a.Args) > 0 && a.Args[0].beginsWithToken()
}

// read reads a transcript as each server does that knows its command, and returns the arguments that they found. It is true
// if one of them can read all words.
func (s transcript) read(c tableCommand) (used []*tableArg, ok bool) {
	words, keys := s.marked()
	name := 1 + strings.Count(c.Name, " ")
	for _, server := range c.Servers {
		g := grammar{server: server, words: words[name:], keys: keys[name:], names: make(map[string]bool)}
		g.collect(c.Args)
		if g.reads(c.Args) {
			used, ok = append(used, g.used...), true
		}
	}
	return used, ok
}

// documented reports whether COMMAND DOCS says anything about the arguments of a command that may have some: of modules' it does not.
func (c tableCommand) documented() bool {
	return len(c.Args) > 0 || c.Arity == 1+strings.Count(c.Name, " ")
}

// TestWordsAreGrammatical: each transcript is a command by the grammar that a server tells in COMMAND DOCS, and together they
// have every argument of it.
func TestWordsAreGrammatical(t *testing.T) {
	t.Parallel()
	commands := make(map[string]tableCommand)
	for _, c := range serverTable(t).Commands {
		commands[c.Name] = c
	}
	modules := make(map[string]bool)
	for _, c := range modulesTable(t).Commands {
		modules[c.Name] = true
	}
	sent := make(map[*tableArg]bool)
	made := make(map[string]bool)
	for _, s := range transcripts {
		name := s.request.Name()
		if modules[name] {
			continue // servers tell nothing about them
		}
		c, known := commands[name]
		if !known {
			t.Errorf("%s: no server in the table knows the command", s.want)
			continue
		}
		if made[name] = true; !c.documented() {
			continue
		}
		used, ok := s.read(c)
		if reason := ungrammatical[s.want]; ok == (reason != "") {
			t.Errorf("%s: grammatical %t by COMMAND DOCS; the reason to expect otherwise is %q", s.want, ok, reason)
		}
		for _, a := range used {
			sent[a] = true
		}
	}
	arguments, missing := 0, 0
	for name := range made {
		eachArg(name, commands[name].Args, func(path string, a *tableArg) {
			arguments++
			if !sent[a] {
				missing++
				if unsent[path] == "" {
					t.Errorf("no transcript has %s", path)
				}
			} else if unsent[path] != "" {
				t.Errorf("a transcript has %s: take it out of unsent", path)
			}
		})
	}
	t.Logf("%d commands have %d arguments and options; %d are in no transcript, for a listed reason", len(made), arguments, missing)
}

// eachArg calls f with every argument and what it is called: "SET condition NX".
func eachArg(path string, args []*tableArg, f func(path string, a *tableArg)) {
	for _, a := range args {
		inner := path + " " + a.Name
		f(inner, a)
		eachArg(inner, a.Args, f)
	}
}

// ungrammatical are transcripts that servers accept although their documentation says otherwise.
var ungrammatical = map[string]string{
	"LOLWUT VERSION 5 1 2 3":                       "the numbers after the version are not documented",
	"ZINTER 2 <a> <b> WEIGHTS 1 2.5 AGGREGATE SUM": "weights are called integers, but are read as doubles",
}

// unsent are arguments that no constructor sends.
var unsent = map[string]string{
	"SENTINEL SIMULATE-FAILURE mode help": "it prints the other modes for people at a prompt",
}

// TestGrammarRefuses: what is no command is refused, each for one thing that is wrong.
func TestGrammarRefuses(t *testing.T) {
	t.Parallel()
	commands := make(map[string]tableCommand)
	for _, c := range serverTable(t).Commands {
		commands[c.Name] = c
	}
	for _, want := range []string{
		"GET <k> v",                           // a word too many
		"GET k",                               // not marked as a key
		"SET <k>",                             // a value is missing
		"SET <k> <v>",                         // a value is no key
		"SET <k> v EX",                        // the option's value is missing
		"SET <k> v EX soon",                   // no number
		"SET <k> v NX XX",                     // only one of these
		"SET <k> v EX 1 PX 1",                 // only one of these
		"SET <k> v NX NX",                     // an option twice
		"SET NX <k> v",                        // an option before its place
		"MSET <a>",                            // half a pair
		"ZADD <k> one a",                      // no score
		"SORT <k> GET",                        // a token that repeats, without its value
		"SORT <k> LIMIT 1",                    // half a block
		"XADD <s> MAXLEN ~ 5 LIMIT * f v",     // a limit without its number
		"CLIENT KILL TYPE nobody",             // none of the choices
		`MIGRATE host 6379 k 0 1000 KEYS <a>`, // a key that is not marked
	} {
		name := strings.Fields(want)[0]
		if commands[name].Name == "" {
			name = strings.Join(strings.Fields(want)[:2], " ")
		}
		if _, ok := (transcript{want: want}).read(commands[name]); ok {
			t.Errorf("%s is taken for a command", want)
		}
	}
}
