package fairlead_test

import (
	"fmt"
	"go/ast"
	"go/token"
	"io/fs"
	"strconv"
	"strings"
)

// inspectModule returns a sentence for each place where the module whose root is tree breaks a rule of the house.
func inspectModule(tree fs.FS) ([]string, error) {
	sources, err := readModule(tree)
	if err != nil {
		return nil, err
	}
	gomod, err := fs.ReadFile(tree, "go.mod")
	if err != nil {
		return nil, err
	}
	violations := requirements(string(gomod))
	for _, src := range sources {
		violations = append(violations, standsOnAFloor(src)...)
		violations = append(violations, namesItsSubject(src)...)
		violations = append(violations, importsStayInside(src)...)
		if src.test {
			continue
		}
		violations = append(violations, importsGoDown(src)...)
		violations = append(violations, leavesNetAlone(src)...)
		violations = append(violations, leavesCRLFAlone(src)...)
		violations = append(violations, isConcrete(src)...)
		violations = append(violations, isShort(src)...)
		violations = append(violations, isDocumented(src)...)
	}
	return violations, nil
}

// requirements checks the text of the root module's go.mod.
func requirements(gomod string) []string {
	var violations []string
	block := false
	for number, line := range strings.Split(gomod, "\n") {
		words := strings.Fields(line)
		switch {
		case len(words) == 0:
			continue
		case words[0] == ")":
			block = false
			continue
		case words[0] == "require" && len(words) > 1 && words[1] == "(":
			block = true
			continue
		case words[0] == "require":
			words = words[1:]
		case !block:
			continue
		}
		if len(words) < 2 || words[0] == mayRequire || strings.HasPrefix(words[0], "//") {
			continue
		}
		violations = append(violations, fmt.Sprintf(
			"go.mod:%d: the root module requires %s: it may require only %s, so put what needs it into a nested module of go.work",
			number+1, words[0], mayRequire))
	}
	return violations
}

// standsOnAFloor: every folder with code is known to the table, or its imports are nobody's concern.
func standsOnAFloor(src source) []string {
	if _, known := floors[src.folder]; known {
		return nil
	}
	return []string{src.at(src.syntax.Name,
		"folder %s stands on no floor: add it, with what it may import, to floors in floors_test.go", src.folder)}
}

// namesItsSubject: a package is named after what it is about.
func namesItsSubject(src source) []string {
	name := strings.TrimSuffix(src.syntax.Name.Name, "_test")
	if !vagueNames[name] {
		return nil
	}
	return []string{src.at(src.syntax.Name, "package %s: the name says nothing; name it after what it does", name)}
}

// importsStayInside: nothing, not even a test, needs more than the standard library, x/sys and this module.
func importsStayInside(src source) []string {
	var violations []string
	src.eachImport(func(spec *ast.ImportSpec, name string) {
		if folder, ours := folderOf(name); ours {
			if _, known := floors[folder]; !known {
				violations = append(violations, src.at(spec, "import of %s, which is no package of the root module", name))
			}
			return
		}
		first, _, _ := strings.Cut(name, "/")
		if within(name, mayRequire) || !strings.Contains(first, ".") && name != "C" {
			return
		}
		violations = append(violations, src.at(spec,
			"import of %s: the root module uses the standard library and %s only; put this code into a nested module", name, mayRequire))
	})
	return violations
}

// importsGoDown: a package imports only what its floor allows.
func importsGoDown(src source) []string {
	allowed, known := floors[src.folder]
	if !known {
		return nil
	}
	may := make(map[string]bool)
	for _, folder := range allowed {
		may[folder] = true
	}
	var violations []string
	src.eachImport(func(spec *ast.ImportSpec, name string) {
		folder, ours := folderOf(name)
		if !ours || may[folder] {
			return
		}
		violations = append(violations, src.at(spec,
			"%s imports %s, but may import %s: move the code up, or hand it what it needs",
			title(src.folder), title(folder), allowance(allowed)))
	})
	return violations
}

// leavesNetAlone: sockets are handled in one place.
func leavesNetAlone(src source) []string {
	if mayImportNet[src.folder] != "" || mayImportNet[src.path] != "" {
		return nil
	}
	var violations []string
	src.eachImport(func(spec *ast.ImportSpec, name string) {
		if name == "net" {
			violations = append(violations, src.at(spec,
				"import of net: connections belong to internal/conn; with another good reason, add it to mayImportNet in floors_test.go"))
		}
	})
	return violations
}

// leavesCRLFAlone: the protocol's line ends are written and looked for in one place.
func leavesCRLFAlone(src source) []string {
	if mayHoldCRLF[src.folder] {
		return nil
	}
	var violations []string
	ast.Inspect(src.syntax, func(node ast.Node) bool {
		literal, ok := node.(*ast.BasicLit)
		if !ok || literal.Kind != token.STRING {
			return true
		}
		if text, err := strconv.Unquote(literal.Value); err == nil && strings.Contains(text, "\r\n") {
			violations = append(violations, src.at(literal, "a string with \\r\\n: only resp knows how the protocol ends a line; use its functions"))
		}
		return true
	})
	return violations
}

// isConcrete: below the commands nothing is generic.
func isConcrete(src source) []string {
	if mayHaveTypeParameters[src.folder] {
		return nil
	}
	var violations []string
	generic := func(name *ast.Ident) {
		violations = append(violations, src.at(name,
			"%s has type parameters: only redis and the root package are generic; use a concrete type", name.Name))
	}
	ast.Inspect(src.syntax, func(node ast.Node) bool {
		switch decl := node.(type) {
		case *ast.FuncDecl:
			if decl.Type.TypeParams != nil {
				generic(decl.Name)
			}
		case *ast.TypeSpec:
			if decl.TypeParams != nil {
				generic(decl.Name)
			}
		}
		return true
	})
	return violations
}

// isShort: a hand-written function fits on a screen.
func isShort(src source) []string {
	if ast.IsGenerated(src.syntax) {
		return nil
	}
	var violations []string
	for _, decl := range src.syntax.Decls {
		function, ok := decl.(*ast.FuncDecl)
		if !ok {
			continue
		}
		lines := src.fset.Position(function.End()).Line - src.fset.Position(function.Pos()).Line + 1
		if lines > longestFunction {
			violations = append(violations, src.at(function.Name,
				"%s has %d lines, %d are allowed: give its parts names of their own", function.Name.Name, lines, longestFunction))
		}
	}
	return violations
}

// title is how a sentence names a folder.
func title(folder string) string {
	if folder == "." {
		return "the root package"
	}
	return folder
}

// allowance is how a sentence names the folders that may be imported.
func allowance(folders []string) string {
	if len(folders) == 0 {
		return "nothing of this module"
	}
	names := make([]string, len(folders))
	for i, folder := range folders {
		names[i] = title(folder)
	}
	return "only " + strings.Join(names, ", ")
}

// folderOf returns the folder of the module that an import path names, and whether it names one.
func folderOf(importPath string) (folder string, ours bool) {
	if importPath == modulePath {
		return ".", true
	}
	return strings.CutPrefix(importPath, modulePath+"/")
}

// within reports whether an import path is the module's or one of its packages'.
func within(importPath, module string) bool {
	return importPath == module || strings.HasPrefix(importPath, module+"/")
}
