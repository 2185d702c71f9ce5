package migrate

import (
	"go/ast"
	"go/token"
)

// results changes what is done with a command's result. suffix is what makes Fairlead return value and error: ".Result()" of a
// command in a pipe, nothing of one that ran.
func (r *rewriter) results(at *site, onlyError bool, suffix string) {
	if at.form == "" {
		return
	}
	from, to := at.formSel.X.End(), at.outer.End()
	if at.form == "Err" && rivalNamed(r.info.TypeOf(at.call)) == "Cmd" && !r.isDropped(at.outer) {
		r.scriptError(at)
		return
	}
	switch at.form {
	case "Result":
		r.edits.replace(from, to, suffix)
		if a, ok := r.parents[at.outer].(*ast.AssignStmt); ok && onlyError && len(a.Lhs) == 2 {
			r.edits.replace(a.Lhs[0].Pos(), a.Lhs[1].Pos(), "")
		}
	case "Val":
		r.valueAlone(at, suffix)
	case "Err":
		r.errorAlone(at, onlyError, suffix)
	default:
		r.edits.open(at.outer.Pos(), r.ownName("As")+"["+accessors[at.form]+"](")
		r.edits.replace(from, to, suffix+")")
	}
}

// scriptError changes the error of a script: where it returns null that is Nil for go-redis and for As, but no error of Fairlead's itself.
func (r *rewriter) scriptError(at *site) {
	open := r.ownName("As") + "[struct{}]("
	if names := r.assigned(at.outer); names != nil {
		r.edits.open(names.Pos(), "_, ")
		r.edits.open(at.outer.Pos(), open)
		r.edits.replace(at.formSel.X.End(), at.outer.End(), ")")
		return
	}
	r.edits.open(at.outer.Pos(), r.helper("errorOf")+"("+open)
	r.edits.replace(at.formSel.X.End(), at.outer.End(), "))")
}

// valueAlone changes v := cmd.Val() to v, _ := cmd, and Val in an expression to a call of a helper.
func (r *rewriter) valueAlone(at *site, suffix string) {
	from, to := at.formSel.X.End(), at.outer.End()
	if names := r.assigned(at.outer); names != nil {
		r.edits.close(names.End(), ", _")
		r.edits.replace(from, to, suffix)
		return
	}
	if r.isDropped(at.outer) {
		r.edits.replace(from, to, suffix)
		return
	}
	r.edits.open(at.outer.Pos(), r.helper("valueOf")+"(")
	r.edits.replace(from, to, suffix+")")
}

// errorAlone changes err := cmd.Err() to _, err := cmd, or to err := cmd where there is only an error.
func (r *rewriter) errorAlone(at *site, onlyError bool, suffix string) {
	from, to := at.formSel.X.End(), at.outer.End()
	names := r.assigned(at.outer)
	switch {
	case onlyError || r.isDropped(at.outer):
		r.edits.replace(from, to, suffix)
	case names != nil:
		r.edits.open(names.Pos(), "_, ")
		r.edits.replace(from, to, suffix)
	default:
		r.edits.open(at.outer.Pos(), r.helper("errorOf")+"(")
		r.edits.replace(from, to, suffix+")")
	}
}

// assigned returns what the expression is assigned to, if it is that alone and by = or :=.
func (r *rewriter) assigned(e ast.Expr) ast.Expr {
	switch p := r.parents[e].(type) {
	case *ast.AssignStmt:
		if len(p.Lhs) == 1 && (p.Tok == token.ASSIGN || p.Tok == token.DEFINE) {
			return p.Lhs[0]
		}
	case *ast.ValueSpec:
		if len(p.Names) == 1 && p.Type == nil {
			return p.Names[0]
		}
	}
	return nil
}
