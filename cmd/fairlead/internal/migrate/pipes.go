package migrate

import (
	"go/ast"
	"go/token"
	"go/types"
	"strings"
)

// newPipe changes p := rdb.Pipeline(), if all that is done with p can be seen to be done once: a pipe of Fairlead's is executed once.
func (r *rewriter) newPipe(call *ast.CallExpr, s *ast.SelectorExpr) {
	r.claim(s.Sel)
	if why := r.pipeLife(call); why != "" {
		r.leave(call, r.source(call), why, "get a new pipe from Pipeline or TxPipeline for every Exec")
	}
}

// pipeLife reports why it is not known that the pipe is executed once at most.
func (r *rewriter) pipeLife(call *ast.CallExpr) string {
	names := r.assigned(call)
	id, ok := names.(*ast.Ident)
	if !ok || r.info.Defs[id] == nil {
		return "the pipe is no variable of its own, so it is not known how often it is executed"
	}
	v, execs := r.info.Defs[id], 0
	why := ""
	for _, use := range r.uses(v) {
		s, ok := r.parents[use].(*ast.SelectorExpr)
		switch {
		case !ok:
			if _, passed := r.parents[use].(*ast.CallExpr); !passed {
				why = "the pipe is stored elsewhere, so it is not known how often it is executed"
			}
		case s.Sel.Name == "Exec":
			execs++
			if r.loopOf(use) != r.loopOf(id) || r.funcOf(use) != r.funcOf(id) {
				why = "the pipe may be executed more than once"
			}
		case s.Sel.Name == "Discard":
			why = "Fairlead's pipe has no Discard: one that is not executed does nothing"
		}
	}
	if execs > 1 {
		why = "the pipe is executed in more than one place"
	}
	return why
}

// uses are the places where a variable is used, in the order of the code.
func (r *rewriter) uses(v types.Object) []*ast.Ident {
	var all []*ast.Ident
	ast.Inspect(r.syntax, func(n ast.Node) bool {
		if id, ok := n.(*ast.Ident); ok && r.info.Uses[id] == v {
			all = append(all, id)
		}
		return true
	})
	return all
}

// loopOf is the innermost loop around a node, nil if there is none.
func (r *rewriter) loopOf(n ast.Node) ast.Node {
	for n = r.parents[n]; n != nil; n = r.parents[n] {
		switch n.(type) {
		case *ast.ForStmt, *ast.RangeStmt:
			return n
		case *ast.FuncDecl, *ast.FuncLit:
			return nil
		}
	}
	return nil
}

// funcOf is the innermost function around a node.
func (r *rewriter) funcOf(n ast.Node) ast.Node {
	for n = r.parents[n]; n != nil; n = r.parents[n] {
		switch n.(type) {
		case *ast.FuncDecl, *ast.FuncLit:
			return n
		}
	}
	return nil
}

// pipeCall changes what is called on a pipe.
func (r *rewriter) pipeCall(call *ast.CallExpr, s *ast.SelectorExpr, sig *types.Signature, command bool) {
	r.claim(s.Sel)
	switch {
	case s.Sel.Name == "Exec" && !r.isOwnPipe(s.X):
		r.leave(call, r.source(call), "the pipe comes from elsewhere, so it is not known how often it is executed", "execute each pipe once, where it is made")
	case s.Sel.Name == "Exec":
		r.exec(call, s.X, nil)
	case s.Sel.Name == "Len":
	case command && s.Sel.Name != "Do":
		r.queue(r.siteOf(call, s, sig))
	default:
		r.leave(call, r.source(call), "Fairlead's pipe has no such method", "queue commands by fairlead.Queue, then Exec")
	}
}

// isOwnPipe reports whether an expression is a local variable that is no parameter, so that newPipe has looked at its life.
func (r *rewriter) isOwnPipe(e ast.Expr) bool {
	id, ok := e.(*ast.Ident)
	if !ok {
		return false
	}
	v, ok := r.info.Uses[id].(*types.Var)
	return ok && v.Parent() != r.pkg.Types.Scope() && !r.isParameter(v)
}

// queue changes p.Get(ctx, k) to fairlead.Queue(p, redis.Get(k)).
func (r *rewriter) queue(at *site) {
	name, own := r.target(at.name, r.constructor)
	if own == nil || own.Results().Len() != 1 {
		r.leaveSite(at, "Fairlead has no constructor of this name")
		return
	}
	if at.form != "" {
		r.claim(at.formSel.Sel)
		r.leaveSite(at, "it has no result before the pipe is executed")
		return
	}
	if !r.isDropped(at.outer) && !sameReply(r.info.TypeOf(at.call), own) {
		r.leaveSite(at, "the reply has another type in Fairlead")
		return
	}
	if why := r.arguments(at, own, 1); why != "" {
		r.leaveSite(at, why)
		return
	}
	rest := at.call.Rparen
	if len(at.call.Args) > 1 {
		rest = at.call.Args[1].Pos()
		if u, ok := at.call.Args[1].(*ast.UnaryExpr); ok && u.Op == token.AND {
			rest = u.Pos() // what takes the & away begins there
		}
	}
	if x, ok := at.sel.X.(*ast.Ident); !ok || x.Name == "" {
		r.leaveSite(at, "the pipe is no variable")
		return
	}
	r.claimAll(at.call.Args[0])
	r.edits.open(at.call.Pos(), r.ownName("Queue")+"(")
	r.edits.replace(at.sel.X.End(), rest, ", "+r.redisName(name)+"(")
	r.edits.close(at.call.End(), ")")
}

// sameReply reports whether a command's reply is of the type that variables of go-redis's command become.
func sameReply(rival types.Type, own *types.Signature) bool {
	cmd, ok := types.Unalias(own.Results().At(0).Type()).(*types.Named)
	if !ok || cmd.TypeArgs().Len() != 1 {
		return false
	}
	return replyTypes[rivalNamed(rival)] == types.TypeString(cmd.TypeArgs().At(0), nil)
}

// replyCall changes what is called on a command that is kept in a variable, which only commands of pipes are.
func (r *rewriter) replyCall(call *ast.CallExpr, s *ast.SelectorExpr, kind string) {
	r.claim(s.Sel)
	at := &site{call: call, sel: s, name: s.Sel.Name, form: s.Sel.Name, formSel: s, outer: call}
	status := kind == "StatusCmd"
	ok := replyTypes[kind] != ""
	switch at.form {
	case "Err":
	case "Result":
		ok = ok && (!status || r.dropsValue(call))
	case "Val":
		ok = ok && !status
	default:
		ok = kind == "StringCmd" && accessors[at.form] != ""
	}
	if !ok {
		r.leave(call, r.source(call), "a *fairlead.Reply has the method Result alone", "v, err := reply.Result()")
		return
	}
	r.results(at, false, ".Result()")
}

// exec changes _, err := p.Exec(ctx). fill is the function that queues, if it is one of Pipelined.
func (r *rewriter) exec(call *ast.CallExpr, pipe ast.Expr, fill *ast.FuncLit) bool {
	a, assigns := r.parents[call].(*ast.AssignStmt)
	if !r.isDropped(call) && (!assigns || len(a.Lhs) != 2 || !isBlank(a.Lhs[0])) {
		r.leave(call, r.source(call), "Fairlead's Exec returns only the error, not the commands", "keep the replies that fairlead.Queue returns")
		return false
	}
	if !r.isDropped(call) && !isBlank(a.Lhs[1]) && !r.minds(a, pipe, fill) {
		r.leave(call, r.source(call), "go-redis's Exec fails with redis.Nil where a reply is missing, Fairlead's does not", "look at the replies for fairlead.Nil, if that matters, and change it by hand")
		return false
	}
	if assigns {
		r.edits.replace(a.Lhs[0].Pos(), a.Lhs[1].Pos(), "")
	}
	return true
}

// minds reports whether it makes no difference that Exec does not fail with Nil: no reply can be Nil, or the error is passed over.
func (r *rewriter) minds(a *ast.AssignStmt, pipe ast.Expr, fill *ast.FuncLit) bool {
	id, ok := pipe.(*ast.Ident)
	if ok && !r.queuesNil(r.info.Uses[id]) {
		return true
	}
	if fill != nil && len(fill.Type.Params.List) == 1 && len(fill.Type.Params.List[0].Names) == 1 &&
		!r.queuesNil(r.info.Defs[fill.Type.Params.List[0].Names[0]]) {
		return true
	}
	err, ok := a.Lhs[1].(*ast.Ident)
	if !ok {
		return false
	}
	var test *ast.IfStmt
	switch p := r.parents[a].(type) {
	case *ast.IfStmt:
		test = p
	case *ast.BlockStmt:
		for i, s := range p.List {
			if s == a && i+1 < len(p.List) {
				test, _ = p.List[i+1].(*ast.IfStmt)
			}
		}
	}
	v := r.info.Defs[err]
	if v == nil {
		v = r.info.Uses[err]
	}
	return test != nil && r.passesNil(test.Cond, v) && !r.readAfter(v, test.End())
}

// queuesNil reports whether one of the commands queued on a pipe may be answered with Nil, as far as can be seen.
func (r *rewriter) queuesNil(pipe types.Object) bool {
	if pipe == nil {
		return true
	}
	for _, use := range r.uses(pipe) {
		s, ok := r.parents[use].(*ast.SelectorExpr)
		if !ok {
			return true // somebody else queues
		}
		name, own := r.target(s.Sel.Name, r.constructor)
		if s.Sel.Name != "Exec" && s.Sel.Name != "Len" && (own == nil || r.mayBeNil(name)) {
			return true
		}
	}
	return false
}

// passesNil reports whether a condition is false for redis.Nil: err != redis.Nil, or !errors.Is(err, redis.Nil), and more.
func (r *rewriter) passesNil(cond ast.Expr, err types.Object) bool {
	switch c := cond.(type) {
	case *ast.ParenExpr:
		return r.passesNil(c.X, err)
	case *ast.BinaryExpr:
		if c.Op == token.LAND {
			return r.passesNil(c.X, err) || r.passesNil(c.Y, err)
		}
		x, ok := c.X.(*ast.Ident)
		return ok && c.Op == token.NEQ && r.info.Uses[x] == err && r.isNil(c.Y)
	case *ast.UnaryExpr:
		call, ok := c.X.(*ast.CallExpr)
		if !ok || c.Op != token.NOT || len(call.Args) != 2 || !strings.HasSuffix(r.source(call.Fun), "errors.Is") {
			return false
		}
		x, ok := call.Args[0].(*ast.Ident)
		return ok && r.info.Uses[x] == err && r.isNil(call.Args[1])
	}
	return false
}

// isNil reports whether an expression is go-redis's Nil.
func (r *rewriter) isNil(e ast.Expr) bool {
	s, ok := e.(*ast.SelectorExpr)
	return ok && s.Sel.Name == "Nil" && r.isRival(s.Sel)
}

// readAfter reports whether a variable is read behind a position before it is given another value.
func (r *rewriter) readAfter(v types.Object, after token.Pos) bool {
	for _, use := range r.uses(v) {
		if use.Pos() < after {
			continue
		}
		a, ok := r.parents[use].(*ast.AssignStmt)
		if !ok {
			return true
		}
		for _, left := range a.Lhs {
			if left == use {
				return false
			}
		}
		return true
	}
	return false
}

// pipelined changes rdb.Pipelined(ctx, fill) to pipelined(ctx, rdb.Pipeline(), fill).
func (r *rewriter) pipelined(call *ast.CallExpr, s *ast.SelectorExpr) {
	r.claim(s.Sel)
	fill, _ := call.Args[1].(*ast.FuncLit)
	if !r.exec(call, nil, fill) {
		return
	}
	r.usesOwn = true
	name := strings.TrimSuffix(s.Sel.Name, "d") // Pipelined → Pipeline
	r.edits.open(call.Pos(), r.helper("pipelined")+"("+r.source(call.Args[0])+", ")
	r.edits.replace(s.Sel.Pos(), call.Args[1].Pos(), name+"(), ")
}
