package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestFiles: files are written once, left alone when nothing changed, reported when they differ, removed when they are no more.
func TestFiles(t *testing.T) {
	t.Parallel()
	root := sample(t, "GET\n  Get(key) string; O(1)\n    returns it.\nskip SET MANY: a test needs no more\n")
	if err := os.MkdirAll(filepath.Join(root, "redis"), 0o755); err != nil {
		t.Fatal(err)
	}
	const advice = " is not up to date: run go run ./internal/gen and review the difference"
	reports := func(want ...string) {
		t.Helper()
		for i := range want {
			want[i] += advice
		}
		got := ""
		if err := checkFiles(root); err != nil {
			got = err.Error()
		}
		if got != strings.Join(want, "\n") {
			t.Errorf("the check says\n%s\nwant\n%s", got, strings.Join(want, "\n"))
		}
	}
	reports("commands_sample_gen.go", "docs/commands.md", "redis/sample_gen.go", "redis/specs_gen.go")
	if err := writeFiles(root); err != nil {
		t.Fatal(err)
	}
	reports()

	changed := filepath.Join(root, "redis", "sample_gen.go")
	if err := os.WriteFile(changed, []byte("package redis\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	left := filepath.Join(root, "redis", "gone_gen.go")
	if err := os.WriteFile(left, []byte("package redis\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	reports("redis/sample_gen.go", "redis/gone_gen.go")
	if err := writeFiles(root); err != nil {
		t.Fatal(err)
	}
	reports()
	if _, err := os.Stat(left); !os.IsNotExist(err) {
		t.Errorf("a file of a group that is no more is still there: %v", err)
	}
}

// TestRun: the command line says how it is used.
func TestRun(t *testing.T) {
	t.Chdir(module)
	if err := run(true, nil); err != nil {
		t.Errorf("-check: %v", err)
	}
	for _, args := range [][]string{{"table"}, {"other"}, {"table", "127.0.0.1:1"}} {
		if err := run(false, args); err == nil {
			t.Errorf("%q does nothing and says nothing", args)
		}
	}
	t.Chdir(folder)
	if err := run(true, nil); err == nil || !strings.Contains(err.Error(), "root of the module") {
		t.Errorf("in another folder it says %v, not where to run it", err)
	}
}
