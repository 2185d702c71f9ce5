package main

import (
	"strings"
	"testing"
)

// TestEmbed: options may embed those of another type, whose words count as theirs, and a value that is always sent brings its words.
func TestEmbed(t *testing.T) {
	t.Parallel()
	const get = "GET\n  Get(key) string; O(1)\n    returns it.\n"
	const inner = "type InnerArgs\n  TTL !ttl TYPE | how long\n  Get flag GET | the old one\n  NX flag NX | only new ones\n"
	const many = "SET MANY\n  SetMany(key, args OuterArgs) ok; O(1)\n    sets it.\n"
	p, err := readPlan(sample(t, get+many+"type OuterArgs\n  InnerArgs embed | the inner ones\n  Other flag OTHER | another\n"+inner))
	if err != nil {
		t.Fatal(err)
	}
	files, err := p.generate()
	if err != nil {
		t.Fatal(err)
	}
	const want = `type OuterArgs struct {
	// the inner ones
	InnerArgs
	// another
	Other bool
}

func (a *OuterArgs) append(c *Request) {
	a.InnerArgs.append(c)
	if a.Other {
		c.text("OTHER")
	}
}
`
	if got := string(files["redis/sample_gen.go"]); !strings.Contains(got, want) {
		t.Errorf("the generated file is\n%s\nit has no\n%s", got, want)
	}
	if words := p.wordsOf(p.groups[0].Commands[1]); !words["EX"] || !words["NX"] {
		t.Errorf("the embedded options' words are %v, want EX and NX among them", words)
	}

	p, err = readPlan(sample(t, get+many+"type OuterArgs\n  StrangeArgs embed | none\n  T enum TYPE|GET|NX | a word\n"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := p.generate(); err == nil || err.Error() != "sample.txt:8: there is no type StrangeArgs to embed" {
		t.Errorf("a type that is not there is embedded with the error %v", err)
	}
}
