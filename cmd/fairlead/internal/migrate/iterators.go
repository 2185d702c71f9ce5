package migrate

import (
	"go/ast"
	"go/constant"
	"go/token"
	"go/types"
)

// An iteration is a walk through all keys as it is written for go-redis:
//
//	iter := rdb.Scan(ctx, 0, match, count).Iterator()
//	for iter.Next(ctx) {
//		… iter.Val() …
//	}
//	if err := iter.Err(); err != nil {
type iteration struct {
	define *ast.AssignStmt
	name   *ast.Ident
	loop   *ast.ForStmt
	values []*ast.CallExpr // iter.Val(), all inside of the loop
	errors []*ast.CallExpr // iter.Err()
	names  []*ast.Ident    // of go-redis's methods in all of it
}

// iterate changes a walk through all keys to a range over Fairlead's iterator, and reports whether it did.
func (r *rewriter) iterate(at *site) bool {
	if at.name != "Scan" || at.form != "Iterator" || r.method("Keys") == nil || !r.isZero(at.call.Args[1]) {
		return false
	}
	it := r.iterationOf(at)
	if it == nil || r.fileHas(it.name.Name+"Key") || r.fileHas(it.name.Name+"Err") || r.fileHas(it.name.Name+"Failed") {
		return false
	}
	r.claim(it.names...)
	name := it.name.Name
	r.edits.replace(it.define.Pos(), it.define.End(), "var "+name+"Err error")
	key := name + "Key"
	if len(it.values) == 0 {
		key = "_"
	}
	args := at.call.Args
	r.edits.replace(it.loop.For, it.loop.Body.Lbrace+1, "for "+key+", "+name+"Failed := range "+r.source(at.sel.X)+".Keys("+r.source(args[0])+", "+
		r.redisName("ScanArgs")+"{Match: "+r.source(args[2])+", Count: "+r.source(args[3])+"}) {\nif "+name+"Err = "+name+"Failed; "+name+"Err != nil {\nbreak\n}")
	for _, v := range it.values {
		r.edits.replace(v.Pos(), v.End(), key)
	}
	for _, e := range it.errors {
		r.edits.replace(e.Pos(), e.End(), name+"Err")
	}
	return true
}

func (r *rewriter) isZero(e ast.Expr) bool {
	c := r.info.Types[e].Value
	return c != nil && constant.Sign(c) == 0
}

// iterationOf finds the loop of an iterator; nil if something else is done with it.
func (r *rewriter) iterationOf(at *site) *iteration {
	define, ok := r.parents[at.outer].(*ast.AssignStmt)
	if !ok || define.Tok != token.DEFINE || len(define.Lhs) != 1 || !isPlain(at.sel.X) {
		return nil
	}
	it := &iteration{define: define, names: []*ast.Ident{at.sel.Sel, at.formSel.Sel}}
	it.name, _ = define.Lhs[0].(*ast.Ident)
	for _, arg := range at.call.Args {
		if !isPlain(arg) && r.info.Types[arg].Value == nil {
			return nil // it moves to another place, where it might say something else
		}
	}
	for _, use := range r.uses(r.info.Defs[it.name]) {
		s, ok := r.parents[use].(*ast.SelectorExpr)
		if !ok {
			return nil
		}
		call, ok := r.parents[s].(*ast.CallExpr)
		if !ok || !it.use(r, s.Sel, call) {
			return nil
		}
	}
	if it.loop == nil || r.statementAfter(define) != it.loop {
		return nil
	}
	for _, v := range it.values {
		if v.Pos() < it.loop.Body.Lbrace || v.Pos() > it.loop.Body.Rbrace {
			return nil
		}
	}
	return it
}

// use takes note of a call of one of the iterator's methods; false if it does not fit.
func (it *iteration) use(r *rewriter, name *ast.Ident, call *ast.CallExpr) bool {
	it.names = append(it.names, name)
	switch name.Name {
	case "Next":
		loop, ok := r.parents[call].(*ast.ForStmt)
		if !ok || it.loop != nil || loop.Cond != call || loop.Init != nil || loop.Post != nil {
			return false
		}
		it.loop = loop
		return true
	case "Val":
		it.values = append(it.values, call)
		return true
	case "Err":
		it.errors = append(it.errors, call)
		return true
	}
	return false
}

// statementAfter is the statement behind another one in its block.
func (r *rewriter) statementAfter(s ast.Stmt) ast.Stmt {
	block, ok := r.parents[s].(*ast.BlockStmt)
	if !ok {
		return nil
	}
	for i, other := range block.List {
		if other == s && i+1 < len(block.List) {
			return block.List[i+1]
		}
	}
	return nil
}

// isPlain reports whether an expression is a name, or a field of one.
func isPlain(e ast.Expr) bool {
	switch e := e.(type) {
	case *ast.Ident:
		return true
	case *ast.SelectorExpr:
		return isPlain(e.X)
	}
	return false
}

// fileHas reports whether the name stands anywhere in the file, so that it is not free.
func (r *rewriter) fileHas(name string) bool {
	found := types.Universe.Lookup(name) != nil || r.pkg.Types.Scope().Lookup(name) != nil
	ast.Inspect(r.syntax, func(n ast.Node) bool {
		if id, ok := n.(*ast.Ident); ok && id.Name == name {
			found = true
		}
		return !found
	})
	return found
}
