package migrate

import (
	"go/ast"
	"go/token"
	"go/types"
)

// watchCall changes rdb.Watch(ctx, func(tx *redis.Tx) error {…}, keys…) if it stands in a loop that tries again after a conflict, as
// Fairlead's Watch does by itself, and if the function ends with its transaction.
func (r *rewriter) watchCall(call *ast.CallExpr, s *ast.SelectorExpr) {
	r.claim(s.Sel)
	fn := r.functionOf(call.Args[1])
	do := "queue by fairlead.Queue(tx, …): what was queued runs when the function returns, and the function runs again after a conflict"
	switch {
	case fn == nil:
		r.leave(call, r.source(call), "its function is not seen here", do)
	case !r.triesAgain(call):
		r.leave(call, r.source(call), "Fairlead's Watch tries again after a conflict, and here nobody seems to want that", do)
	default:
		if tail := r.lastTx(fn); tail != nil {
			r.inlineTx(tail)
			return
		}
		r.leave(call, r.source(call), "its function does not end with its one transaction: _, err := tx.TxPipelined(…); return err", do)
	}
}

// functionOf is the function that an expression is: written there, or a variable that was given it and nothing else.
func (r *rewriter) functionOf(e ast.Expr) *ast.FuncLit {
	if lit, ok := e.(*ast.FuncLit); ok {
		return lit
	}
	id, ok := e.(*ast.Ident)
	if !ok {
		return nil
	}
	v := r.info.Uses[id]
	var found *ast.FuncLit
	ast.Inspect(r.syntax, func(n ast.Node) bool {
		a, ok := n.(*ast.AssignStmt)
		if ok && a.Tok == token.DEFINE && len(a.Lhs) == 1 {
			if name, ok := a.Lhs[0].(*ast.Ident); ok && r.info.Defs[name] == v && v != nil {
				found, _ = a.Rhs[0].(*ast.FuncLit)
			}
		}
		return true
	})
	if found != nil {
		for _, use := range r.uses(v) {
			if call, ok := r.parents[use].(*ast.CallExpr); !ok || call.Fun == use {
				return nil
			}
		}
	}
	return found
}

// triesAgain reports whether a call stands in a loop that looks for TxFailedErr.
func (r *rewriter) triesAgain(call ast.Node) bool {
	loop := r.loopOf(call)
	if loop == nil {
		return false
	}
	found := false
	ast.Inspect(loop, func(n ast.Node) bool {
		if id, ok := n.(*ast.Ident); ok && id.Name == "TxFailedErr" && r.isRival(id) {
			found = true
		}
		return !found
	})
	return found
}

// A txTail is the end of a function for Watch: _, err := tx.TxPipelined(ctx, func(p redis.Pipeliner) error {…; return nil}); return err.
type txTail struct {
	tx     *ast.Ident
	assign *ast.AssignStmt
	sel    *ast.SelectorExpr
	fill   *ast.FuncLit
	pipe   types.Object
	ret    *ast.ReturnStmt
}

// lastTx finds the end of the function, if it is the only transaction in it and nothing is returned out of the middle of it.
func (r *rewriter) lastTx(fn *ast.FuncLit) *txTail {
	n := len(fn.Body.List)
	if n < 2 {
		return nil
	}
	a, ok := fn.Body.List[n-2].(*ast.AssignStmt)
	ret, alsoOK := fn.Body.List[n-1].(*ast.ReturnStmt)
	if !ok || !alsoOK || len(a.Lhs) != 2 || !isBlank(a.Lhs[0]) || len(a.Rhs) != 1 || len(ret.Results) != 1 {
		return nil
	}
	err, ok := a.Lhs[1].(*ast.Ident)
	back, alsoOK := ret.Results[0].(*ast.Ident)
	call, isCall := a.Rhs[0].(*ast.CallExpr)
	if !ok || !alsoOK || !isCall || err.Name != back.Name {
		return nil
	}
	s, ok := call.Fun.(*ast.SelectorExpr)
	if !ok || s.Sel.Name != "TxPipelined" || rivalNamed(r.info.TypeOf(s.X)) != "Tx" || len(call.Args) != 2 {
		return nil
	}
	tx, ok := s.X.(*ast.Ident)
	fill, alsoOK := call.Args[1].(*ast.FuncLit)
	if !ok || !alsoOK || r.countTx(fn) != 1 {
		return nil
	}
	names := fill.Type.Params.List[0].Names
	if len(names) != 1 || !returnsOnce(fill) || r.queuesNil(r.info.Defs[names[0]]) {
		return nil
	}
	return &txTail{tx, a, s, fill, r.info.Defs[names[0]], ret}
}

// countTx counts the transactions of a function.
func (r *rewriter) countTx(fn *ast.FuncLit) int {
	count := 0
	ast.Inspect(fn, func(n ast.Node) bool {
		if id, ok := n.(*ast.Ident); ok && (id.Name == "TxPipelined" || id.Name == "TxPipeline" || id.Name == "Pipelined") && r.isRival(id) {
			count++
		}
		return true
	})
	return count
}

// returnsOnce reports whether the only return of a function is return nil at its end.
func returnsOnce(fn *ast.FuncLit) bool {
	returns := 0
	ast.Inspect(fn.Body, func(n ast.Node) bool {
		if _, ok := n.(*ast.ReturnStmt); ok {
			returns++
		}
		return true
	})
	if len(fn.Body.List) == 0 {
		return false
	}
	last, ok := fn.Body.List[len(fn.Body.List)-1].(*ast.ReturnStmt)
	if !ok || returns != 1 || len(last.Results) != 1 {
		return false
	}
	id, ok := last.Results[0].(*ast.Ident)
	return ok && id.Name == "nil"
}

// inlineTx makes the commands of the transaction statements of the function itself, queued on tx, which ends with return nil.
func (r *rewriter) inlineTx(t *txTail) {
	body := t.fill.Body.List
	last := body[len(body)-1]
	r.claim(t.sel.Sel)
	r.claimAll(t.fill.Type)
	r.edits.replace(t.assign.Pos(), t.fill.Body.Lbrace+1, "")
	r.edits.replace(last.Pos(), t.ret.End(), "return nil")
	for _, use := range r.uses(t.pipe) {
		r.edits.replace(use.Pos(), use.End(), t.tx.Name)
	}
	r.note(t.assign, "Watch", "Fairlead runs the function again after a conflict, up to 64 times", "the loop around Watch can go")
}
