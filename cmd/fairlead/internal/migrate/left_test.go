package migrate_test

import (
	"bufio"
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/fairlead-go/fairlead/cmd/fairlead/internal/migrate"
)

// TestLeft: what cannot be proven to do the same is left, and told of, on the lines that say so and on no others.
func TestLeft(t *testing.T) {
	m := copyModule(t, "left")
	plan, err := migrate.Make(t.Context(), m.dir, ".")
	if err != nil {
		t.Fatal(err)
	}
	want := make(map[string]string)
	text, err := os.ReadFile(filepath.Join(m.dir, "left.go"))
	if err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(bytes.NewReader(text))
	for n := 1; lines.Scan(); n++ {
		if _, why, ok := strings.Cut(lines.Text(), "// left: "); ok {
			want[fmt.Sprint("left.go:", n)] = why
		}
	}
	for _, r := range plan.Left {
		at := fmt.Sprint(filepath.Base(r.At.Filename), ":", r.At.Line)
		why, expected := want[at]
		if !expected || why != "" && !strings.Contains(r.Why, why) {
			t.Errorf("%s: %s: left because: %s; expected: %q", at, r.What, r.Why, why)
		}
		if r.Do == "" {
			t.Errorf("%s: it does not say what to do", at)
		}
		if expected {
			want[at] = "" // further remarks on the line are about the same
		}
	}
	for at, why := range want {
		if why != "" {
			t.Errorf("%s: nobody is told that it is left: %s", at, why)
		}
	}
}

// TestNotReady: what keeps a migration from being planned is said in a sentence that tells what to do.
func TestNotReady(t *testing.T) {
	m := copyModule(t, "left")
	if _, err := migrate.Make(t.Context(), m.dir, "./nowhere"); err == nil {
		t.Error("packages that do not exist are no error")
	}
	m.mustRun("go", "mod", "edit", "-dropreplace", "github.com/fairlead-go/fairlead", "-droprequire", "github.com/fairlead-go/fairlead")
	t.Setenv("GOFLAGS", "-mod=readonly")
	_, err := migrate.Make(t.Context(), m.dir, ".")
	if err == nil || !strings.Contains(err.Error(), "first run go mod edit -replace github.com/fairlead-go/fairlead=CHECKOUT, and go get") {
		t.Errorf("a module without Fairlead: %v", err)
	}
}
