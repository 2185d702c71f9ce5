package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestModules: of a module's commands the module's documentation tells, and their own says so.
func TestModules(t *testing.T) {
	t.Parallel()
	root := sample(t, goodOverrides)
	const overrides = "M.GET\n  MGet(key, args MGetArgs) string; O(1)\n    returns it.\n" +
		"type MGetArgs\n  Now flag NOW | at once\n  Ever flag EVER | or not\n"
	file := filepath.Join(root, folder, "overrides", "module.txt")
	if err := os.Remove(filepath.Join(root, folder, "overrides", "sample.txt")); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, []byte(overrides), 0o644); err != nil {
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
	for _, want := range []string{
		"returns it. Since RedisM 2.0.0; O(1). RedisM calls M.GET deprecated since 3.0.0. Tested on",
		"Tested on documented bytes, not with the module itself.",
		"// at once; since RedisM 2.6.0\n",
		"// or not\n",
	} {
		got := strings.ReplaceAll(string(files["redis/module_gen.go"]), "\n// ", " ")
		if !strings.Contains(got, want) {
			t.Errorf("the constructors are\n%s\nthey have no %q", got, want)
		}
	}
}

// TestModulesMistakes: what is wrong in the table of modules is a sentence, too.
func TestModulesMistakes(t *testing.T) {
	t.Parallel()
	for commands, want := range map[string]string{
		`{"name":"M.GET","group":"module","since":"1.0.0"}`:                  "M.GET needs its module and since which version of it there is such a command",
		`{"name":"M.GET","group":"module","module":"M"}`:                     "M.GET needs its module and since which version of it there is such a command",
		`{"name":"GET","group":"module","module":"M","since":"1.0.0"}`:       "servers tell about GET themselves, or it is here twice",
		`{"name":"GET","group":"module","module":"M","since":"1.0.0"},{"x":`: "unexpected end of JSON input",
	} {
		root := sample(t, goodOverrides)
		text := `{"commands": [` + commands
		if !strings.HasSuffix(want, "input") {
			text += "]}"
		}
		if err := os.WriteFile(filepath.Join(root, modulesFile), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		if _, err := readPlan(root); err == nil || !strings.HasSuffix(err.Error(), want) {
			t.Errorf("%s is reported as %v, want %s", commands, err, want)
		}
	}
}
