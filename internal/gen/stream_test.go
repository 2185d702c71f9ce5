package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestStreamsNeedNoTimeout: a command that waits only if an option says so can be delivered without that option too.
func TestStreamsNeedNoTimeout(t *testing.T) {
	t.Parallel()
	p := &plan{types: map[string]*argsType{"XReadArgs": {}}}
	for kind, want := range map[string]bool{"streams": true, "timeout": true, "timeoutms": true, "XReadArgs": true, "text": false} {
		if got := p.tellsTimeout(param{Kind: kind}); got != want {
			t.Errorf("a parameter of the kind %s tells for how long the command waits: %v, want %v", kind, got, want)
		}
	}
}

// TestOptionThatMayBeZero: an option that is a pointer is sent unless it is nil.
func TestOptionThatMayBeZero(t *testing.T) {
	t.Parallel()
	root := sample(t, "GET\n  Get(key, args GetArgs) string; O(1)\n    returns it, if it comes in time.\nskip SET MANY: a test needs no more\n"+
		"type GetArgs\n  Age int? AGE | how old\n")
	kinds := filepath.Join(root, folder, "overrides", "kinds")
	text, err := os.ReadFile(kinds)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(kinds, append(text, "param int? *int64 intAt -\n"...), 0o600); err != nil {
		t.Fatal(err)
	}
	p, err := readPlan(root)
	if err != nil {
		t.Fatal(err)
	}
	files, err := p.generate()
	if err != nil {
		t.Fatal(err)
	}
	got := string(files["redis/sample_gen.go"])
	for _, want := range []string{"\tAge *int64\n", "\tif a.Age != nil {\n\t\tc.text(\"AGE\")\n\t\tc.intAt(a.Age)\n\t}\n"} {
		if !strings.Contains(got, want) {
			t.Errorf("it lacks %q:\n%s", want, got)
		}
	}
	if methods := string(files["commands_sample_gen.go"]); strings.Contains(methods, `"time"`) {
		t.Errorf("a sentence that ends with time makes it import package time:\n%s", methods)
	}
}
