package migrate_test

import (
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/fairlead-go/fairlead/cmd/fairlead/internal/migrate"
	"github.com/fairlead-go/fairlead/redistest"
)

// module is a copy of a module of testdata, whose requirement of Fairlead leads to this checkout.
type module struct {
	t   *testing.T
	dir string
}

func copyModule(t *testing.T, name string) module {
	t.Helper()
	m := module{t, t.TempDir()}
	if err := os.CopyFS(m.dir, os.DirFS(filepath.Join("testdata", name))); err != nil {
		t.Fatal(err)
	}
	root, err := filepath.Abs("../../../..")
	if err != nil {
		t.Fatal(err)
	}
	t.Setenv("GOWORK", "off")
	t.Setenv("GOFLAGS", "-mod=mod")
	m.mustRun("go", "mod", "edit", "-replace", "github.com/fairlead-go/fairlead="+root)
	return m
}

func (m module) run(command ...string) (string, error) {
	cmd := exec.CommandContext(m.t.Context(), command[0], command[1:]...)
	cmd.Dir = m.dir
	out, err := cmd.CombinedOutput()
	return string(out), err
}

func (m module) mustRun(command ...string) string {
	m.t.Helper()
	out, err := m.run(command...)
	if err != nil {
		m.t.Fatalf("%s: %v\n%s", strings.Join(command, " "), err, out)
	}
	return out
}

// results are the verdicts of the programs' own tests.
func (m module) results(programs []string) []string {
	m.t.Helper()
	out := m.mustRun(append([]string{"go", "test", "-vet=off", "-count=1", "-v"}, programs...)...)
	verdicts := regexp.MustCompile(`(?m)^\s*--- (PASS|FAIL|SKIP): \S+`).FindAllString(out, -1)
	slices.Sort(verdicts)
	return verdicts
}

// TestPrograms migrates programs as people write them: nothing is left to a person, they compile, and their own tests pass with the
// same results as before, against a real server. FAIRLEAD_PROGRAMS=all takes all programs of testdata instead of two of them.
func TestPrograms(t *testing.T) {
	server := redistest.Start(t)
	t.Setenv("REDIS_ADDR", server.Addr())
	m := copyModule(t, "programs")
	programs := []string{"./importer", "./stock"}
	if os.Getenv("FAIRLEAD_PROGRAMS") == "all" {
		programs = []string{"./..."}
	}
	before := m.results(programs)
	plan, err := migrate.Make(t.Context(), m.dir, programs...)
	if err != nil {
		t.Fatal(err)
	}
	for _, left := range plan.Left {
		t.Errorf("left: %v", left)
	}
	for _, f := range plan.Files {
		if err := os.WriteFile(f.Name, f.After, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for _, f := range plan.Files {
		if strings.Contains(string(f.After), "redis/go-redis") {
			t.Errorf("%s still uses go-redis", f.Name)
		}
	}
	if err := server.FlushAll(); err != nil {
		t.Fatal(err)
	}
	if after := m.results(programs); !slices.Equal(before, after) {
		t.Errorf("the tests' results were %q and are %q", before, after)
	}
	notes := make(map[string]bool)
	for _, n := range plan.Notes {
		notes[n.What] = true
	}
	if got := slices.Sorted(maps.Keys(notes)); !slices.Equal(got, []string{"NewClient", "Watch"}) {
		t.Errorf("one is told to look at %q", got)
	}
}
