package fairlead_test

import "go/ast"

// isDocumented: every exported name says what it is, also in generated files and in packages of our own. A constant or
// variable may say it beside itself instead of above.
func isDocumented(src source) []string {
	var violations []string
	need := func(name *ast.Ident, comments ...*ast.CommentGroup) {
		for _, comment := range comments {
			if comment.Text() != "" {
				return
			}
		}
		if name.IsExported() {
			violations = append(violations, src.at(name, "%s has no comment: say what it is, what it returns, its limits", name.Name))
		}
	}
	for _, decl := range src.syntax.Decls {
		switch decl := decl.(type) {
		case *ast.FuncDecl:
			if decl.Recv == nil || ast.IsExported(typeName(decl.Recv.List[0].Type)) {
				need(decl.Name, decl.Doc)
			}
		case *ast.GenDecl:
			above := decl.Doc
			if decl.Lparen.IsValid() {
				above = nil // what stands on a group describes none of its names
			}
			for _, spec := range decl.Specs {
				switch spec := spec.(type) {
				case *ast.TypeSpec:
					need(spec.Name, above, spec.Doc, spec.Comment)
				case *ast.ValueSpec:
					for _, name := range spec.Names {
						need(name, above, spec.Doc, spec.Comment)
					}
				}
			}
		}
	}
	return violations
}
