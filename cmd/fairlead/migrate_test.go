package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// inModule makes a copy of a module of the package migrate's testdata the current folder. Its requirement of Fairlead leads to this checkout.
func inModule(t *testing.T, name string) {
	t.Helper()
	dir := t.TempDir()
	if err := os.CopyFS(dir, os.DirFS(filepath.Join("internal/migrate/testdata", name))); err != nil {
		t.Fatal(err)
	}
	root, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	t.Chdir(dir)
	mod, err := os.ReadFile("go.mod")
	if err != nil {
		t.Fatal(err)
	}
	mod = []byte(strings.Replace(string(mod), "../../../../../..", root, 1))
	if err := os.WriteFile("go.mod", mod, 0o600); err != nil {
		t.Fatal(err)
	}
	t.Setenv("GOWORK", "off")
	t.Setenv("GOFLAGS", "-mod=mod")
}

func read(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// TestMigrate: a diff and nothing else without -w, the changed files with it, and nothing left to do the second time.
func TestMigrate(t *testing.T) {
	inModule(t, "programs")
	before := read(t, "counter/counter.go")
	shown := invoke(t.Context(), "migrate", "./counter")
	const look = "changed, look at it: counter/counter.go:21: NewClient: go-redis sends every command again after a timeout, and looks at contexts only " +
		"with ContextTimeoutEnabled; Fairlead sends again only what did not run or only reads, and contexts always count; " +
		"set Retry.OnTimeout if commands may run twice; see docs/from-go-redis.md\n"
	const says = "2 files, and the result compiles; go mod tidy then takes go-redis out of go.mod\n"
	if shown.status != exitDone || shown.stderr != look+"would change "+says {
		t.Errorf("exit status %d, stderr:\n%s", shown.status, shown.stderr)
	}
	for _, want := range []string{
		"--- a/counter/counter.go\n+++ b/counter/counter.go\n", "\n-\trdb *redis.Client\n+\trdb *fairlead.Client\n",
		"\n-\tn, err := c.rdb.Incr(ctx, \"visits:\"+page).Result()\n+\tn, err := c.rdb.Incr(ctx, \"visits:\"+page)\n",
	} {
		if !strings.Contains(shown.stdout, want) {
			t.Errorf("the diff lacks %q:\n%s", want, shown.stdout)
		}
	}
	if read(t, "counter/counter.go") != before {
		t.Error("a file was changed without -w")
	}
	invoke(t.Context(), "migrate", "-w", "./counter").expect(t, exitDone, "", look+"changed "+says)
	if after := read(t, "counter/counter.go"); strings.Contains(after, "go-redis") || !strings.Contains(after, "fairlead.As[int]") {
		t.Errorf("the file was not changed:\n%s", after)
	}
	invoke(t.Context(), "migrate", "-w", "./counter").expect(t, exitDone, "", "nothing here uses go-redis v9\n")
}

// TestMigrateLeaves: what is left is an exit status of its own, and a line with its place.
func TestMigrateLeaves(t *testing.T) {
	inModule(t, "left")
	got := invoke(t.Context(), "migrate", "-w")
	if got.status != exitFailed || !strings.Contains(got.stderr, "places to you: until those are changed too, the program does not compile\n") {
		t.Errorf("exit status %d, stderr:\n%s", got.status, got.stderr)
	}
	const line = "left: left.go:13: redis.Cmdable: there is nothing that is the same; take a *fairlead.Client, or an interface of your own with the methods that are used\n"
	if !strings.Contains(got.stderr, line) {
		t.Errorf("stderr lacks %q:\n%s", line, got.stderr)
	}
	if !strings.Contains(read(t, "left.go"), "fairlead.Client") {
		t.Error("what can be changed was not")
	}
	if broken := invoke(t.Context(), "migrate"); broken.status != exitFailed || !strings.HasPrefix(broken.stderr, "fairlead: the program does not compile, so its types are not known: ") {
		t.Errorf("a program that does not compile: exit status %d, stderr:\n%s", broken.status, broken.stderr)
	}
}
