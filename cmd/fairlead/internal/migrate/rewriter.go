package migrate

import (
	"bytes"
	"cmp"
	"fmt"
	"go/ast"
	"go/format"
	"go/printer"
	"go/token"
	"go/types"
	"os"
	"strings"

	"golang.org/x/tools/go/packages"
)

// A rewriter changes the files of one package.
type rewriter struct {
	*api
	rival   *types.Package
	pkg     *packages.Package
	info    *types.Info
	structs map[string]string // go-redis's structs of arguments by Fairlead's names
	helpers map[string]*file  // those that are needed, with the file to write them to
	files   []*file
	*file   // the one at hand

	changed []File
	left    []Remark
	notes   []Remark
}

// A file is what is known of one file while it is being rewritten.
type file struct {
	name      string
	syntax    *ast.File
	parents   map[ast.Node]ast.Node
	claimed   map[*ast.Ident]bool // names of go-redis that a change or a remark is about
	noted     map[string]bool     // remarks made, by line and text
	edits     edits
	local     string // what the file calls go-redis, and will call Fairlead's package redis
	usesOwn   bool
	usesRedis bool
	usesRival bool // what was left still names go-redis
	needs     map[string]bool
}

func newRewriter(l *loaded, pkg *packages.Package) *rewriter {
	return &rewriter{api: l.api, rival: l.rival, pkg: pkg, info: pkg.TypesInfo, helpers: make(map[string]*file)}
}

// rewriteFile plans the changes of one file; finish writes them out.
func (r *rewriter) rewriteFile(name string, syntax *ast.File) {
	r.file = &file{
		name: name, syntax: syntax, parents: parentsOf(syntax), claimed: make(map[*ast.Ident]bool), noted: make(map[string]bool),
		edits: edits{file: r.pkg.Fset.File(syntax.FileStart)}, local: "redis", needs: make(map[string]bool),
	}
	if spec := importOf(syntax, rivalPath); spec != nil && spec.Name != nil {
		r.local = spec.Name.Name
	}
	r.files = append(r.files, r.file)
	ast.Inspect(syntax, func(n ast.Node) bool {
		if n != nil {
			r.visit(n)
		}
		return true
	})
	ast.Inspect(syntax, r.sweep)
}

// visit changes what begins at a node. What encloses is visited before what is inside.
func (r *rewriter) visit(n ast.Node) {
	switch n := n.(type) {
	case *ast.CallExpr:
		r.call(n)
	case *ast.CompositeLit:
		r.literal(n)
	case *ast.TypeAssertExpr:
		r.assertion(n)
	case *ast.BinaryExpr:
		r.comparison(n)
	case *ast.SelectorExpr:
		r.selector(n)
	}
}

// sweep tells of every name of go-redis that nothing was done about, so that none is overlooked.
func (r *rewriter) sweep(n ast.Node) bool {
	id, ok := n.(*ast.Ident)
	if !ok {
		return true
	}
	obj := r.info.Uses[id]
	if obj == nil || obj.Pkg() == nil || !strings.HasPrefix(obj.Pkg().Path(), rivalPath) {
		return true
	}
	qualified := obj.Parent() == obj.Pkg().Scope()
	if r.claimed[id] {
		return true
	}
	r.usesRival = r.usesRival || qualified
	r.leave(id, obj.Name(), "there is no rule for it", "see docs/from-go-redis.md")
	return true
}

// leave tells of what is not changed. Every name of go-redis inside of it is then accounted for.
func (r *rewriter) leave(n ast.Node, what, why, do string) {
	r.remark(&r.left, n, what, why, do)
}

// note tells of what is changed, and to be looked at.
func (r *rewriter) note(n ast.Node, what, why, do string) { r.remark(&r.notes, n, what, why, do) }

func (r *rewriter) remark(to *[]Remark, n ast.Node, what, why, do string) {
	at := r.pkg.Fset.Position(n.Pos())
	key := fmt.Sprint(at.Line, what)
	if r.noted[key] {
		return
	}
	r.noted[key] = true
	*to = append(*to, Remark{At: at, What: what, Why: why, Do: do})
}

// claim says that the name is taken care of.
func (r *rewriter) claim(ids ...*ast.Ident) {
	for _, id := range ids {
		r.claimed[id] = true
	}
}

// own is a name of package fairlead as the file has to write it.
func (r *rewriter) ownName(name string) string {
	r.usesOwn = true
	return "fairlead." + name
}

// redisName is a name of Fairlead's package redis as the file has to write it.
func (r *rewriter) redisName(name string) string {
	r.usesRedis = true
	return r.local + "." + name
}

// finish writes the changed files out.
func (r *rewriter) finish() {
	for _, f := range r.files {
		for name := range f.needs {
			if at := r.helpers[name]; at == nil || isTest(at.name) && !isTest(f.name) {
				r.helpers[name] = f
			}
		}
	}
	for _, f := range r.files {
		if len(f.edits.list) == 0 {
			continue
		}
		tail := r.helperText(f)
		r.replaceImport(f)
		before, err := os.ReadFile(f.name)
		after := append(f.edits.apply(before), tail...)
		if err == nil {
			after, err = format.Source(after)
		}
		if err != nil {
			r.left = append(r.left, Remark{token.Position{Filename: f.name}, "the file", "it cannot be rewritten: " + err.Error(), "change it by hand"})
			continue
		}
		r.changed = append(r.changed, File{f.name, before, after})
	}
}

func isTest(name string) bool { return strings.HasSuffix(name, "_test.go") }

// replaceImport puts Fairlead's packages in the place of go-redis. A file need not import that to have a client.
func (r *rewriter) replaceImport(f *file) {
	spec := importOf(f.syntax, rivalPath)
	var specs []string
	if f.usesRival && !f.usesRedis && spec != nil {
		specs = append(specs, r.source(spec))
	}
	if f.usesOwn {
		specs = append(specs, `"`+ownPath+`"`)
	}
	if f.usesRedis && f.local != "redis" {
		specs = append(specs, f.local+` "`+redisPath+`"`)
	} else if f.usesRedis {
		specs = append(specs, `"`+redisPath+`"`)
	}
	if f.needs["pipelined"] && r.helpers["pipelined"] == f && importOf(f.syntax, "context") == nil {
		specs = append(specs, `"context"`)
	}
	text := strings.Join(specs, "\n")
	if spec == nil {
		if text != "" {
			f.edits.close(f.syntax.Name.End(), "\n\nimport (\n"+text+"\n)")
		}
		return
	}
	decl := f.parents[spec].(*ast.GenDecl)
	if !decl.Lparen.IsValid() && len(specs) != 1 {
		text = "(\n" + text + "\n)"
	}
	f.edits.replace(cmp.Or(namePos(spec), spec.Path.Pos()), spec.Path.End(), text)
}

func namePos(spec *ast.ImportSpec) token.Pos {
	if spec.Name == nil {
		return token.NoPos
	}
	return spec.Name.Pos()
}

// source is the code of a node, on one line.
func (r *rewriter) source(n ast.Node) string {
	var b bytes.Buffer
	if printer.Fprint(&b, r.pkg.Fset, n) != nil {
		return "this"
	}
	text := strings.Join(strings.Fields(b.String()), " ")
	if short := []rune(text); len(short) > 70 {
		text = string(short[:69]) + "…"
	}
	return text
}

// parentsOf tells of every node in which one it stands.
func parentsOf(root ast.Node) map[ast.Node]ast.Node {
	parents := make(map[ast.Node]ast.Node)
	var stack []ast.Node
	ast.Inspect(root, func(n ast.Node) bool {
		if n == nil {
			stack = stack[:len(stack)-1]
			return true
		}
		if len(stack) > 0 {
			parents[n] = stack[len(stack)-1]
		}
		stack = append(stack, n)
		return true
	})
	return parents
}
