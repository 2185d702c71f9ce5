package fairlead_test

import (
	"flag"
	"os"
	"slices"
	"strings"
	"testing"
)

// apiFile is the golden file: every exported name of the public packages, one sorted line each.
const apiFile = "api.txt"

var update = flag.Bool("update", false, "write the golden files anew instead of comparing with them")

// TestAPI fails when the exported surface is not the one that was last reviewed.
func TestAPI(t *testing.T) {
	t.Parallel()
	var lines []string
	for folder := range floors {
		if strings.HasPrefix(folder, "internal/") {
			continue
		}
		found, err := surface(os.DirFS("."), folder)
		if err != nil {
			t.Fatal(err)
		}
		lines = append(lines, found...)
	}
	slices.Sort(lines)
	if *update {
		if err := os.WriteFile(apiFile, []byte(strings.Join(lines, "\n")+"\n"), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	reviewed, err := os.ReadFile(apiFile)
	if err != nil && !os.IsNotExist(err) {
		t.Fatal(err)
	}
	if diff := difference(strings.FieldsFunc(string(reviewed), func(r rune) bool { return r == '\n' }), lines); diff != "" {
		t.Errorf("the exported surface is not the one in %s:\n%srun `make api` and review the change", apiFile, diff)
	}
}

// difference lists the lines of before that are gone with "-", and those of after that are new with "+".
// Both are sorted.
func difference(before, after []string) string {
	var diff strings.Builder
	for len(before) > 0 || len(after) > 0 {
		switch {
		case len(after) == 0 || len(before) > 0 && before[0] < after[0]:
			diff.WriteString("- " + before[0] + "\n")
			before = before[1:]
		case len(before) == 0 || after[0] < before[0]:
			diff.WriteString("+ " + after[0] + "\n")
			after = after[1:]
		default:
			before, after = before[1:], after[1:]
		}
	}
	return diff.String()
}
