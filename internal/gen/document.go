package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// commandsPage is the generated page that lists every command.
const commandsPage = "docs/commands.md"

// readUntested reads overrides/untested: which commands no live test runs, and why. The live tests of package redis see to it that
// this is true of the servers in the table, and of no other command.
func readUntested(root string, t *table) (map[string]string, error) {
	reasons := make(map[string]string)
	err := eachLine(filepath.Join(root, folder, "overrides", "untested"), func(at place, _ int, text string) error {
		name, reason, found := strings.Cut(text, ": ")
		switch {
		case !found:
			return at.errorf(`write "COMMAND: reason"`)
		case t.find(name) == nil:
			return at.errorf("no server in the table knows %s", name)
		}
		reasons[name] = reason
		return nil
	})
	if errors.Is(err, os.ErrNotExist) {
		return nil, nil // then all of them are run
	}
	return reasons, err
}

// page writes docs/commands.md: every command of the table by its group, and what there is of it.
func (p *plan) page() string {
	var b strings.Builder
	b.WriteString("<!-- Written by internal/gen from its table and overrides. DO NOT EDIT: run `make generate`. -->\n\n# Commands\n\n" +
		"Every command that " + listed(p.products(), "or") + " lists, those that sentinels add, and those of modules. A method belongs to `fairlead.Client` and to\n" +
		"all else that runs commands; the constructor of package `redis` makes the same command as a value, for `Do`, `Queue` and pipes.\n" +
		"A command without a method says why, or what does its work.\n\n" +
		"*Reads only* is what servers say; such a command is sent again by itself when no reply came. *Blocks*: it may wait at the server.\n" +
		"*Tested on*: a test runs the command against this server, with RESP2 and RESP3, and looks at its reply (`make test-servers`).\n\n")
	for _, g := range p.groups {
		fmt.Fprintf(&b, "- [%s](#%s): %d\n", g.Name, g.Name, len(g.Commands))
	}
	for _, g := range p.groups {
		p.pageGroup(&b, g)
	}
	return b.String()
}

func (p *plan) pageGroup(b *strings.Builder, g *group) {
	fmt.Fprintf(b, "\n## %s\n\n", g.Name)
	if g.delivers() {
		file := strings.ReplaceAll(g.Name, "-", "_")
		fmt.Fprintf(b, "[Methods](../commands_%s_gen.go), [constructors](../redis/%[1]s_gen.go), and [how they are sent](../redis/words_%[1]s_test.go).\n\n", file)
	}
	b.WriteString("| command | method | constructor | since | reads only | blocks | tested on |\n|---|---|---|---|---|---|---|\n")
	commands := slices.SortedFunc(slices.Values(g.Commands), func(a, b *override) int { return strings.Compare(a.Command, b.Command) })
	for _, o := range commands {
		c := p.table.find(o.Command)
		methods, constructors := "none: "+o.Skip, ""
		if o.Skip == "" {
			methods, constructors = "", ""
			for _, m := range o.Makers {
				methods += code(m.Method)
				constructors += code(m.Name)
			}
		}
		cells := []string{
			c.Name, strings.TrimSpace(methods), strings.TrimSpace(constructors), strings.TrimPrefix(since(c), "Since "),
			yes(c.has("readonly")), yes(c.has("blocking")), p.testedOn(c),
		}
		for i := range cells {
			cells[i] = strings.ReplaceAll(cells[i], "|", `\|`)
		}
		fmt.Fprintf(b, "| %s |\n", strings.Join(cells, " | "))
	}
}

func code(name string) string { return "`" + name + "` " }

func yes(is bool) string {
	if is {
		return "yes"
	}
	return ""
}

// testedOn names the servers that a live test runs a command against: all that know it, unless overrides give a reason.
func (p *plan) testedOn(c *command) string {
	if reason := p.untested[c.Name]; reason != "" {
		return "none: " + reason
	}
	if len(c.Servers) == 0 {
		return "none: the servers that tests run have not its module"
	}
	return strings.Join(products(c.Servers), ", ")
}

// products are the products of the table.
func (p *plan) products() []string { return products(p.table.Servers) }

// products names servers by product and first two numbers of their versions, "Redis 8.0"; a sentinel is of the same product.
func products(servers []string) (names []string) {
	for _, server := range servers {
		product, version, _ := strings.Cut(strings.TrimSuffix(server, sentinelSuffix), " ")
		parts := strings.SplitN(version, ".", 3)
		name := strings.ToUpper(product[:1]) + product[1:] + " " + strings.Join(parts[:min(2, len(parts))], ".")
		if !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	return names
}
