package fairlead_test

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path"
	"strconv"
	"strings"
)

// source is one parsed Go file of the root module.
type source struct {
	path   string // from the root, with slashes
	folder string // where it lies; "." is the root
	test   bool   // the name ends in _test.go
	fset   *token.FileSet
	syntax *ast.File
}

// at says where node stands and what is wrong there.
func (s source) at(node ast.Node, format string, args ...any) string {
	return fmt.Sprintf("%s:%d: ", s.path, s.fset.Position(node.Pos()).Line) + fmt.Sprintf(format, args...)
}

// eachImport calls f with each import of the file and its unquoted path.
func (s source) eachImport(f func(spec *ast.ImportSpec, name string)) {
	for _, spec := range s.syntax.Imports {
		name, err := strconv.Unquote(spec.Path.Value)
		if err != nil {
			continue // the parser has accepted only valid strings
		}
		f(spec, name)
	}
}

// readModule parses every Go file of the module whose root is tree. As the go command does, it passes over nested
// modules, testdata and folders whose name starts with "." or "_".
func readModule(tree fs.FS) ([]source, error) {
	var sources []source
	err := fs.WalkDir(tree, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if entry.IsDir() {
			if name != "." && outside(tree, name) {
				return fs.SkipDir
			}
			return nil
		}
		if path.Ext(name) != ".go" {
			return nil
		}
		src, err := readSource(tree, name)
		sources = append(sources, src)
		return err
	})
	return sources, err
}

// outside reports whether the folder holds no packages of the root module.
func outside(tree fs.FS, folder string) bool {
	name := path.Base(folder)
	if name == "testdata" || strings.HasPrefix(name, ".") || strings.HasPrefix(name, "_") {
		return true
	}
	_, err := fs.Stat(tree, path.Join(folder, "go.mod"))
	return err == nil
}

// readSource parses one file.
func readSource(tree fs.FS, name string) (source, error) {
	text, err := fs.ReadFile(tree, name)
	if err != nil {
		return source{}, err
	}
	fset := token.NewFileSet()
	syntax, err := parser.ParseFile(fset, name, text, parser.ParseComments|parser.SkipObjectResolution)
	if err != nil {
		return source{}, err
	}
	return source{
		path:   name,
		folder: path.Dir(name),
		test:   strings.HasSuffix(name, "_test.go"),
		fset:   fset,
		syntax: syntax,
	}, nil
}
