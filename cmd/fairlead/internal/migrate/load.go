package migrate

import (
	"context"
	"errors"
	"fmt"
	"go/ast"
	"go/types"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/tools/go/packages"
)

// loaded are the packages of a program, with their types, and Fairlead as they would import it.
type loaded struct {
	api      *api
	packages []*packages.Package // tests before what they test: their files include it
	rival    *types.Package      // go-redis; nil if nobody imports it
	broken   []packages.Error    // what does not compile
}

const needs = packages.NeedName | packages.NeedFiles | packages.NeedCompiledGoFiles | packages.NeedImports | packages.NeedTypes |
	packages.NeedSyntax | packages.NeedTypesInfo | packages.NeedModule

// load reads the packages. With an overlay, which is what files are to become, it also returns what does not compile, beside the error.
func load(ctx context.Context, dir string, patterns []string, overlay map[string][]byte) (*loaded, error) {
	cfg := &packages.Config{Context: ctx, Dir: dir, Mode: needs, Tests: true, Overlay: overlay}
	all, err := packages.Load(cfg, append([]string{ownPath, redisPath}, patterns...)...)
	if err != nil {
		return nil, fmt.Errorf("the packages could not be read: %w", err)
	}
	l := &loaded{}
	var own, commands *packages.Package
	for _, pkg := range all {
		switch {
		case pkg.PkgPath == ownPath && pkg.ID == ownPath:
			own = pkg
		case pkg.PkgPath == redisPath && pkg.ID == redisPath:
			commands = pkg
		case strings.HasPrefix(pkg.PkgPath, ownPath) || strings.HasSuffix(pkg.ID, ".test"):
		case pkg.Module != nil && !pkg.Module.Main: // somebody else's
		default:
			l.packages = append(l.packages, pkg)
			l.add(pkg, overlay != nil)
		}
	}
	if l.api, err = newAPI(own, commands); err != nil {
		return nil, err
	}
	testsFirst(l.packages)
	if len(l.broken) > 0 {
		return l, fmt.Errorf("the program does not compile, so its types are not known: %s: %s", l.broken[0].Pos, l.broken[0].Msg)
	}
	if len(l.packages) == 0 {
		return l, fmt.Errorf("%s: there are no such packages", strings.Join(patterns, " "))
	}
	return l, nil
}

// add takes note of what the package imports and of what does not compile in it.
func (l *loaded) add(pkg *packages.Package, changed bool) {
	for _, imported := range pkg.Types.Imports() {
		if imported.Path() == rivalPath {
			l.rival = imported
		}
	}
	listed := changed || slices.ContainsFunc(pkg.Errors, func(e packages.Error) bool { return e.Kind != packages.ListError })
	for _, e := range pkg.Errors {
		again := slices.ContainsFunc(l.broken, func(b packages.Error) bool { return b.Pos == e.Pos })
		if !again && (!listed || e.Kind != packages.ListError) { // the go command only says again what the types say
			l.broken = append(l.broken, e)
		}
	}
}

// testsFirst puts packages that were compiled with their tests before those that were not: the latter's files are among theirs.
func testsFirst(all []*packages.Package) {
	last := len(all)
	for i := 0; i < last; i++ {
		if !strings.Contains(all[i].ID, " [") {
			plain := all[i]
			copy(all[i:], all[i+1:])
			all[len(all)-1] = plain
			i--
			last--
		}
	}
}

// importOf is the import of a package; nil if the file has none.
func importOf(file *ast.File, path string) *ast.ImportSpec {
	for _, spec := range file.Imports {
		if p, err := strconv.Unquote(spec.Path.Value); err == nil && p == path {
			return spec
		}
	}
	return nil
}

// An api is Fairlead as a program sees it: which methods and constructors there are, of which types.
type api struct {
	own, redis *types.Package
	methods    *types.MethodSet // of Commands
	docs       map[string]string
}

func newAPI(own, commands *packages.Package) (*api, error) {
	if own == nil || commands == nil || len(own.Errors)+len(commands.Errors) > 0 {
		err := errors.New("the module does not require Fairlead yet, so its types cannot be compared: first run " +
			"go mod edit -replace " + ownPath + "=CHECKOUT, and go get " + ownPath + "@v0.0.0")
		if own != nil && len(own.Errors) > 0 {
			err = fmt.Errorf("%w (go says: %v)", err, own.Errors[0])
		}
		return nil, err
	}
	t := own.Types.Scope().Lookup("Commands").Type()
	a := &api{own: own.Types, redis: commands.Types, methods: types.NewMethodSet(types.NewPointer(t)), docs: make(map[string]string)}
	for _, file := range commands.Syntax {
		for _, decl := range file.Decls {
			if f, ok := decl.(*ast.FuncDecl); ok && f.Recv == nil {
				a.docs[f.Name.Name] = f.Doc.Text()
			}
		}
	}
	return a, nil
}

// method returns the method of Commands, nil if there is none.
func (a *api) method(name string) *types.Signature {
	for i := range a.methods.Len() {
		if m := a.methods.At(i).Obj(); m.Name() == name && m.Exported() {
			return m.Type().(*types.Signature)
		}
	}
	return nil
}

// constructor returns the function of package redis that builds the command, nil if there is none.
func (a *api) constructor(name string) *types.Signature {
	f, ok := a.redis.Scope().Lookup(name).(*types.Func)
	if !ok {
		return nil
	}
	return f.Type().(*types.Signature)
}

// mayBeNil reports whether the command's reply may be Nil, as its documentation says: it does where a command can be, and only there.
// A comment that begins with another command's name, in brackets, says what is different from that.
func (a *api) mayBeNil(name string) bool {
	for range 3 {
		doc := a.docs[name]
		if doc == "" || strings.Contains(doc, "Nil ") {
			return true
		}
		_, rest, refers := strings.Cut(doc, "is [")
		if !refers {
			return false
		}
		name, _, _ = strings.Cut(rest, "]")
	}
	return true
}
