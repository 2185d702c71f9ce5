package main

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

func TestPageOfCommands(t *testing.T) {
	t.Parallel()
	p, err := readPlan("../..")
	if err != nil {
		t.Fatal(err)
	}
	page := p.page()
	for _, want := range []string{
		"| GET | `Get` | `Get` | Redis 1.0.0 | yes |  | Redis 7.0, Redis 8.0, Valkey 9.1 |\n",
		"| DELIFEQ | `DelIFEQ` | `DelIFEQ` | Valkey 9.0.0 |  |  | Valkey 9.1 |\n",
		"| SUBSTR | none: GETRANGE is the same command under its later name |  | Redis 1.0.0 | yes |  | Redis 7.0, Redis 8.0, Valkey 9.1 |\n",
	} {
		if !strings.Contains(page, want) {
			t.Errorf("the page has not the line\n%s", want)
		}
	}
	if strings.Count(page, "| yes | yes | Redis 7.0") == 0 {
		t.Error("no command reads only and blocks: XREAD does")
	}
	for _, c := range p.table.Commands {
		if n := strings.Count(page, "\n| "+c.Name+" | "); n != 1 {
			t.Errorf("%s is on the page %d times", c.Name, n)
		}
	}
}

// TestPageLinks: each link leads to a file of the repository or to a heading of the page.
func TestPageLinks(t *testing.T) {
	t.Parallel()
	p, err := readPlan("../..")
	if err != nil {
		t.Fatal(err)
	}
	page := p.page()
	links := regexp.MustCompile(`\]\(([^)]+)\)`).FindAllStringSubmatch(page, -1)
	if len(links) < 2*len(p.groups) {
		t.Errorf("only %d links", len(links))
	}
	for _, link := range links {
		if heading, ok := strings.CutPrefix(link[1], "#"); ok {
			if !strings.Contains(page, "\n## "+heading+"\n") {
				t.Errorf("no heading %s", heading)
			}
		} else if _, err := os.Stat(filepath.Join("../../docs", link[1])); err != nil {
			t.Error(err)
		}
	}
}

func TestProducts(t *testing.T) {
	t.Parallel()
	got := strings.Join(products([]string{"redis 7.0.15", "valkey 9.1.2", "redis 7.0.15 sentinel"}), ", ")
	if want := "Redis 7.0, Valkey 9.1"; got != want {
		t.Errorf("%s, want %s", got, want)
	}
}
