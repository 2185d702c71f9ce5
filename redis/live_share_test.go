package redis

import (
	"bufio"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/fairlead-go/fairlead/redistest"
)

// leastShare is which part of the commands that a server lists must have been run against it with a look at the reply's content.
const leastShare = 0.95

// share asks the server for its commands, and demands that each has a constructor and was run, or that overrides say why not.
func (r *record) share(t *testing.T) {
	run := &liveRun{t, r.product, 3, new(diary)}
	listed := append(run.listed(t, ""), run.listed(t, " sentinel", redistest.Sentinel())...)
	product := strings.Replace(r.product.Name, "-", " ", 1)
	inTable := slices.Contains(serverTable(t).Servers, product)
	skipped, untested := reasons(t, "*.txt", "skip "), reasons(t, "untested", "")
	made, executed := constructed(), r.executed()
	typed, ran := 0, 0
	for _, name := range listed {
		if made[name] {
			typed++
		} else if skipped[name] == "" && inTable {
			t.Errorf("%s lists %s, which has no constructor, and overrides give no reason", product, name)
		}
		if executed[name] {
			ran++
			if untested[name] != "" {
				t.Errorf("%s runs %s: take it out of overrides/untested", product, name)
			}
		} else if untested[name] == "" && inTable {
			t.Errorf("%s lists %s, which no live test ran with a look at its reply, and overrides/untested gives no reason", product, name)
		}
	}
	part := func(n int) float64 { return 100 * float64(n) / float64(len(listed)) }
	t.Logf("%s lists %d commands: %d (%.1f %%) have a constructor, %d have none for a listed reason; %d (%.1f %%) were run and their replies looked at",
		product, len(listed), typed, part(typed), len(listed)-typed, ran, part(ran))
	if inTable && part(ran) < 100*leastShare {
		t.Errorf("%s: only %.1f %% of its commands were run: at least %v %% must be", product, part(ran), 100*leastShare)
	}
	if !inTable {
		t.Logf("%s is not in internal/gen/table.json, so commands that are missing here are no failure", product)
	}
	ofModules := make(map[string]bool) // of which it may list some, if it has the module
	for _, c := range modulesTable(t).Commands {
		ofModules[c.Name] = true
	}
	var lacking []string
	for name := range made {
		if !slices.Contains(listed, name) && !ofModules[name] {
			lacking = append(lacking, name)
		}
	}
	slices.Sort(lacking)
	t.Logf("%s lacks %d commands of other servers, for which %d steps were skipped: %s", product, len(lacking), r.skipped(), strings.Join(lacking, ", "))
}

// listed asks a server for the names of its commands; a sentinel for those of its own.
func (run *liveRun) listed(t *testing.T, suffix string, opts ...redistest.Option) []string {
	all, err := ask(run.start(suffix, opts...), Command())
	if err != nil {
		t.Fatal(err)
	}
	names := commandNames(all)
	if suffix != "" {
		names = slices.DeleteFunc(names, func(name string) bool { return !strings.HasPrefix(name, "SENTINEL ") })
	}
	return names
}

// commandNames are the names of all commands in the answer to COMMAND: subcommands in the place of their containers, except
// that COMMAND is a command itself.
func commandNames(all map[string]CommandDetails) (names []string) {
	for name, details := range all {
		for _, sub := range details.Subcommands {
			names = append(names, strings.ToUpper(strings.Replace(sub.Name, "|", " ", 1)))
		}
		if len(details.Subcommands) == 0 || name == "command" {
			names = append(names, strings.ToUpper(name))
		}
	}
	slices.Sort(names)
	return names
}

// constructed are the commands that constructors build; TestEveryConstructorIsTested sees to it that none is left out.
func constructed() map[string]bool {
	made := make(map[string]bool)
	for _, s := range transcripts {
		made[s.request.Name()] = true
	}
	return made
}

// reasons reads lines "COMMAND: reason" that begin with a prefix from the generator's overrides.
func reasons(t *testing.T, pattern, prefix string) map[string]string {
	t.Helper()
	paths, err := filepath.Glob("../internal/gen/overrides/" + pattern)
	if err != nil || len(paths) == 0 {
		t.Fatalf("overrides/%s: %v, %v", pattern, paths, err)
	}
	found := make(map[string]string)
	for _, path := range paths {
		file, err := os.Open(path)
		if err != nil {
			t.Fatal(err)
		}
		for scan := bufio.NewScanner(file); scan.Scan(); {
			if rest, ok := strings.CutPrefix(scan.Text(), prefix); ok && !strings.HasPrefix(rest, "#") {
				if name, reason, ok := strings.Cut(rest, ": "); ok && name == strings.ToUpper(name) {
					found[name] = reason
				}
			}
		}
		file.Close()
	}
	return found
}
