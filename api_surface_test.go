package fairlead_test

import (
	"go/ast"
	"go/printer"
	"go/token"
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// surface returns the exported names of the package in folder, one sorted line each, as far as its syntax shows
// them; none if there is no such folder.
func surface(tree fs.FS, folder string) ([]string, error) {
	names, err := fs.Glob(tree, path.Join(folder, "*.go"))
	if err != nil {
		return nil, err
	}
	p := surfacePrinter{visible: make(map[string]bool)}
	for _, name := range names {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		src, err := readSource(tree, name)
		if err != nil {
			return nil, err
		}
		dropComments(src.syntax)
		p.files = append(p.files, src.syntax)
	}
	p.findVisible()
	for _, file := range p.files {
		p.file(file)
	}
	slices.Sort(p.lines)
	return slices.Compact(p.lines), nil // a name that several systems have, each in a file of its own, is one line
}

// surfacePrinter writes what the files of one package export.
type surfacePrinter struct {
	files   []*ast.File
	visible map[string]bool // types whose exported fields and methods a user reaches: the exported ones and what these embed
	lines   []string
}

// dropComments takes the comments off fields and types, which the printer would print with them.
func dropComments(file *ast.File) {
	ast.Inspect(file, func(node ast.Node) bool {
		switch node := node.(type) {
		case *ast.Field:
			node.Doc, node.Comment = nil, nil
		case *ast.TypeSpec:
			node.Doc, node.Comment = nil, nil
		}
		return true
	})
}

// findVisible fills visible.
func (p *surfacePrinter) findVisible() {
	structs := make(map[string]*ast.StructType)
	var exported []string
	for _, file := range p.files {
		ast.Inspect(file, func(node ast.Node) bool {
			switch node := node.(type) {
			case *ast.FuncDecl:
				return false // its types are its own
			case *ast.TypeSpec:
				if node.Name.IsExported() {
					exported = append(exported, node.Name.Name)
				}
				if structure, ok := node.Type.(*ast.StructType); ok {
					structs[node.Name.Name] = structure
				}
			}
			return true
		})
	}
	var reveal func(name string)
	reveal = func(name string) {
		if p.visible[name] {
			return
		}
		p.visible[name] = true
		if structure := structs[name]; structure != nil {
			for _, field := range structure.Fields.List {
				if len(field.Names) == 0 {
					reveal(typeName(field.Type))
				}
			}
		}
	}
	for _, name := range exported {
		reveal(name)
	}
}

// line adds one line about the package of file.
func (p *surfacePrinter) line(file *ast.File, words ...string) {
	p.lines = append(p.lines, file.Name.Name+": "+strings.Join(words, ""))
}

// file adds the lines of one file.
func (p *surfacePrinter) file(file *ast.File) {
	for _, decl := range file.Decls {
		switch decl := decl.(type) {
		case *ast.FuncDecl:
			p.function(file, decl)
		case *ast.GenDecl:
			switch decl.Tok {
			case token.CONST:
				p.constants(file, decl)
			case token.VAR:
				p.variables(file, decl)
			case token.TYPE:
				for _, spec := range decl.Specs {
					if spec, ok := spec.(*ast.TypeSpec); ok && p.visible[spec.Name.Name] {
						p.typeSpec(file, spec)
					}
				}
			}
		}
	}
}

// function adds an exported function, or an exported method of a visible type, without its receiver's name.
func (p *surfacePrinter) function(file *ast.File, decl *ast.FuncDecl) {
	if !decl.Name.IsExported() {
		return
	}
	bare := &ast.FuncDecl{Name: decl.Name, Type: decl.Type}
	if decl.Recv != nil {
		receiver := decl.Recv.List[0].Type
		if !p.visible[typeName(receiver)] {
			return
		}
		bare.Recv = &ast.FieldList{List: []*ast.Field{{Type: receiver}}}
	}
	p.line(file, code(bare))
}

// counter is iota as a word of its own.
var counter = regexp.MustCompile(`\biota\b`)

// constants adds the exported names of a const declaration with their values: changing one changes the surface.
func (p *surfacePrinter) constants(file *ast.File, group *ast.GenDecl) {
	var last *ast.ValueSpec // its type and values count where a line gives none
	for i, spec := range group.Specs {
		spec, ok := spec.(*ast.ValueSpec)
		if !ok {
			continue
		}
		if len(spec.Values) > 0 {
			last = spec
		}
		for n, name := range spec.Names {
			if name.IsExported() {
				value := counter.ReplaceAllString(code(last.Values[n]), strconv.Itoa(i))
				p.line(file, "const ", name.Name, typeOf(last.Type), " = ", value)
			}
		}
	}
}

// variables adds the exported names of a var declaration. Where no type is written, the expression stands for it.
func (p *surfacePrinter) variables(file *ast.File, group *ast.GenDecl) {
	for _, spec := range group.Specs {
		spec, ok := spec.(*ast.ValueSpec)
		if !ok {
			continue
		}
		for n, name := range spec.Names {
			switch {
			case !name.IsExported():
			case spec.Type != nil || n >= len(spec.Values):
				p.line(file, "var ", name.Name, typeOf(spec.Type))
			default:
				p.line(file, "var ", name.Name, " = ", outline(spec.Values[n]))
			}
		}
	}
}

// outline prints an expression without what does not change its type: the arguments of a call, the elements of a literal.
func outline(expr ast.Expr) string {
	switch expr := expr.(type) {
	case *ast.CallExpr:
		return code(expr.Fun) + "(…)"
	case *ast.CompositeLit:
		return code(expr.Type) + "{…}"
	case *ast.UnaryExpr:
		return expr.Op.String() + outline(expr.X)
	}
	return code(expr)
}

// typeOf prints a type after a space, or nothing for none.
func typeOf(expr ast.Expr) string {
	if expr == nil {
		return ""
	}
	return " " + code(expr)
}

// typeName is the name of the type that a receiver or an embedded field has: Cmd for *Cmd[T], Request for redis.Request.
func typeName(expr ast.Expr) string {
	switch expr := expr.(type) {
	case *ast.Ident:
		return expr.Name
	case *ast.StarExpr:
		return typeName(expr.X)
	case *ast.ParenExpr:
		return typeName(expr.X)
	case *ast.IndexExpr:
		return typeName(expr.X)
	case *ast.IndexListExpr:
		return typeName(expr.X)
	case *ast.SelectorExpr:
		return expr.Sel.Name
	}
	return ""
}

// code prints a node on one line. The positions of another file set are unknown to the printer, so it breaks no line
// where the source did.
func code(node ast.Node) string {
	var text strings.Builder
	if err := printer.Fprint(&text, token.NewFileSet(), node); err != nil {
		return err.Error()
	}
	return strings.Join(strings.Fields(text.String()), " ")
}
