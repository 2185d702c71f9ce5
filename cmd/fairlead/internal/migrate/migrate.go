// Package migrate rewrites programs that use go-redis v9 so that they use Fairlead. It changes what it can prove by types to do
// the same afterwards, and tells of everything else.
package migrate

import (
	"context"
	"fmt"
	"go/token"
	"slices"
	"strings"
)

// The packages that a program is moved from and to.
const (
	rivalPath = "github.com/redis/go-redis/v9"
	ownPath   = "github.com/fairlead-go/fairlead"
	redisPath = ownPath + "/redis"
)

// A Remark is a place that was left as it was, or that a person should look at.
type Remark struct {
	At   token.Position
	What string // the code
	Why  string // it was not changed
	Do   string // what to write instead
}

// String is "file:line: what: why; what to do".
func (r Remark) String() string {
	return fmt.Sprintf("%s:%d: %s: %s; %s", r.At.Filename, r.At.Line, r.What, r.Why, r.Do)
}

// A File is one that changes.
type File struct {
	Name          string // its path
	Before, After []byte
}

// A Plan is what a migration changes, and what it leaves.
type Plan struct {
	Files []File
	Left  []Remark // not changed: a person has to
	Notes []Remark // changed, and different in a way that no test of the program may notice
}

// Whole reports whether nothing was left: the program compiles when the files are written.
func (p *Plan) Whole() bool { return len(p.Left) == 0 }

// Make reads the packages that the patterns name, as the go command does in folder dir ("" is the current one), and plans their
// migration. Nothing is written. Their module must require Fairlead already. The error says what cannot be read or does not
// compile.
func Make(ctx context.Context, dir string, patterns ...string) (*Plan, error) {
	l, err := load(ctx, dir, patterns, nil)
	if err != nil {
		return nil, err
	}
	plan := &Plan{}
	if l.rival == nil {
		return plan, nil
	}
	seen := make(map[string]bool)
	for _, pkg := range l.packages {
		plan.rewritePackage(newRewriter(l, pkg), seen)
	}
	if plan.Whole() && len(plan.Files) > 0 {
		if err := plan.compile(ctx, dir, patterns); err != nil {
			return nil, err
		}
	}
	sortRemarks(plan.Left)
	sortRemarks(plan.Notes)
	return plan, nil
}

// rewritePackage plans the files of one package. A file is in two packages where there are tests of it; it counts once.
func (p *Plan) rewritePackage(r *rewriter, seen map[string]bool) {
	for i, syntax := range r.pkg.Syntax {
		name := r.pkg.CompiledGoFiles[i]
		if seen[name] {
			continue
		}
		seen[name] = true
		if slices.Contains(r.pkg.GoFiles, name) {
			r.rewriteFile(name, syntax)
		} else if importOf(syntax, rivalPath) != nil {
			p.Left = append(p.Left, Remark{token.Position{Filename: r.pkg.PkgPath}, "a file", "it is compiled by way of cgo", "change it by hand"})
		}
	}
	r.finish()
	p.Files = append(p.Files, r.changed...)
	p.Left = append(p.Left, r.left...)
	p.Notes = append(p.Notes, r.notes...)
}

// compile checks that what is planned compiles. What does not is left to a person, in the compiler's words.
func (p *Plan) compile(ctx context.Context, dir string, patterns []string) error {
	overlay := make(map[string][]byte, len(p.Files))
	for _, f := range p.Files {
		overlay[f.Name] = f.After
	}
	l, err := load(ctx, dir, patterns, overlay)
	if err != nil && l == nil {
		return err
	}
	for _, e := range l.broken {
		name, rest, _ := strings.Cut(e.Pos, ":")
		line, _, _ := strings.Cut(rest, ":")
		at := token.Position{Filename: name}
		fmt.Sscan(line, &at.Line)
		p.Left = append(p.Left, Remark{at, "after the change", "the compiler says: " + e.Msg, "mend it by hand; the line is that of the changed file"})
	}
	return nil
}

// sortRemarks puts remarks into the order of the code.
func sortRemarks(remarks []Remark) {
	slices.SortStableFunc(remarks, func(a, b Remark) int {
		if c := strings.Compare(a.At.Filename, b.At.Filename); c != 0 {
			return c
		}
		return a.At.Line - b.At.Line
	})
}
