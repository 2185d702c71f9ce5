package migrate

import (
	"go/ast"
	"go/types"
	"slices"
	"strings"
)

// A site is a call of a command, with what is done with what it returns: rdb.Get(ctx, "k").Result().
type site struct {
	call    *ast.CallExpr
	sel     *ast.SelectorExpr
	name    string // the method
	rival   *types.Signature
	form    string            // Result, Val, Err, Int, …; "" if nothing is called on it
	formSel *ast.SelectorExpr // that name
	outer   ast.Expr          // the whole expression
}

// call changes a call of one of go-redis's functions or methods.
func (r *rewriter) call(call *ast.CallExpr) {
	s, ok := call.Fun.(*ast.SelectorExpr)
	if !ok || r.claimed[s.Sel] {
		return
	}
	f, ok := r.info.Uses[s.Sel].(*types.Func)
	if !ok || f.Pkg() == nil || !strings.HasPrefix(f.Pkg().Path(), rivalPath) {
		return
	}
	sig := f.Type().(*types.Signature)
	if sig.Recv() == nil {
		if f.Name() == "NewClient" {
			r.newClient(call)
		}
		return
	}
	r.methodCall(call, s, sig)
}

// methodCall changes the call of a method by what it is called on.
func (r *rewriter) methodCall(call *ast.CallExpr, s *ast.SelectorExpr, sig *types.Signature) {
	on := rivalNamed(r.info.TypeOf(s.X))
	command := sig.Results().Len() == 1 && isCommand(sig.Results().At(0).Type())
	switch {
	case strings.HasSuffix(on, "Cmd"):
		if _, ran := ast.Unparen(s.X).(*ast.CallExpr); !ran { // else it belongs to that call
			r.replyCall(call, s, on)
		}
	case on == "Pipeliner" || on == "Pipeline":
		r.pipeCall(call, s, sig, command)
	case on == "Script":
		r.scriptCall(call, s, sig)
	case s.Sel.Name == "Watch" && on == "Client":
		r.watchCall(call, s)
	case s.Sel.Name == "Close" && on == "Client":
		r.closeClient(s)
	case (s.Sel.Name == "Pipeline" || s.Sel.Name == "TxPipeline") && on != "Tx":
		r.newPipe(call, s)
	case (s.Sel.Name == "Pipelined" || s.Sel.Name == "TxPipelined") && on != "Tx":
		r.pipelined(call, s)
	case command && s.Sel.Name != "Do":
		r.direct(r.siteOf(call, s, sig))
	}
}

// isCommand reports whether t is one of go-redis's commands: a pointer to a type whose name ends in Cmd.
func isCommand(t types.Type) bool { return isPointer(t) && strings.HasSuffix(rivalNamed(t), "Cmd") }

func (r *rewriter) siteOf(call *ast.CallExpr, s *ast.SelectorExpr, sig *types.Signature) *site {
	at := &site{call: call, sel: s, name: s.Sel.Name, rival: sig, outer: call}
	if m, ok := r.parents[call].(*ast.SelectorExpr); ok {
		if whole, ok := r.parents[m].(*ast.CallExpr); ok && whole.Fun == m {
			at.form, at.formSel, at.outer = m.Sel.Name, m, whole
		}
	}
	return at
}

// target is the method or the constructor of Fairlead for one of go-redis, and its name.
func (r *rewriter) target(name string, find func(string) *types.Signature) (string, *types.Signature) {
	for _, own := range append(slices.Clone(methodNames[name]), name) {
		if sig := find(own); sig != nil {
			return own, sig
		}
	}
	return name, nil
}

// direct changes a command that runs at once.
func (r *rewriter) direct(at *site) {
	if r.iterate(at) {
		return
	}
	r.claim(at.sel.Sel)
	if at.formSel != nil {
		r.claim(at.formSel.Sel)
	}
	name, own := r.target(at.name, r.method)
	if own == nil {
		r.leaveSite(at, "Fairlead has no method of this name")
		return
	}
	value, onlyError := resultOf(own)
	if why := r.fits(at, value, onlyError); why != "" {
		r.leaveSite(at, why)
		return
	}
	if why := r.arguments(at, own, 1); why != "" {
		r.leaveSite(at, why)
		return
	}
	if name != at.name {
		r.edits.replace(at.sel.Sel.Pos(), at.sel.Sel.End(), name)
	}
	r.results(at, onlyError, "")
}

func (r *rewriter) leaveSite(at *site, why string) {
	do := otherwise[at.name]
	if do == "" {
		do = "see go doc fairlead.Commands." + at.name
	}
	r.leave(at.outer, r.source(at.outer), why, do)
}

// resultOf is what a method of Fairlead returns beside its error; onlyError says that there is nothing.
func resultOf(sig *types.Signature) (value types.Type, onlyError bool) {
	if sig.Results().Len() < 2 {
		return nil, true
	}
	return sig.Results().At(0).Type(), false
}

// accessors are methods that read a string, or the reply of a script, as something else, by the type that fairlead.As is given.
var accessors = map[string]string{
	"Int": "int", "Int64": "int64", "Uint64": "uint64", "Float32": "float32", "Float64": "float64", "Bytes": "[]byte",
	"Text": "string", "Int64Slice": "[]int64", "StringSlice": "[]string", "Float64Slice": "[]float64",
}

// fits reports why what is done with the command's result cannot be done with Fairlead's; "" if it can.
func (r *rewriter) fits(at *site, value types.Type, onlyError bool) string {
	kind := rivalNamed(r.info.TypeOf(at.call))
	same := !onlyError && sameType(resultType(r.info.TypeOf(at.call)), value)
	switch at.form {
	case "":
		if r.isDropped(at.outer) {
			return ""
		}
		return "the command is kept, while Fairlead returns the value and the error"
	case "Err":
		return ""
	case "Result":
		if same || r.dropsValue(at.outer) {
			return ""
		}
	case "Val":
		if same || r.isDropped(at.outer) {
			return ""
		}
	default:
		readable := kind == "StringCmd" || kind == "Cmd"
		if accessors[at.form] != "" && readable && !onlyError && (isString(value) || isReply(value)) {
			return ""
		}
		return "there is no method " + at.form + " of what Fairlead returns"
	}
	if onlyError {
		return "Fairlead returns only the error, no \"OK\""
	}
	return "the value is a " + types.TypeString(value, func(p *types.Package) string { return p.Name() }) + " in Fairlead"
}

func isString(t types.Type) bool { return types.Identical(t, types.Typ[types.String]) }

func isReply(t types.Type) bool {
	named, ok := types.Unalias(t).(*types.Named)
	return ok && named.Obj().Name() == "Reply"
}

// resultType is the type of the value that Result of a command of go-redis returns.
func resultType(cmd types.Type) types.Type {
	obj, _, _ := types.LookupFieldOrMethod(cmd, true, nil, "Result")
	f, ok := obj.(*types.Func)
	if !ok {
		return types.Typ[types.Invalid]
	}
	return f.Type().(*types.Signature).Results().At(0).Type()
}

// sameType reports whether two types are the same, or slices of structs of the same name in go-redis and Fairlead whose uses are
// looked at one by one.
func sameType(rival, own types.Type) bool {
	if types.Identical(rival, own) {
		return true
	}
	from, ok := types.Unalias(rival).(*types.Slice)
	to, alsoOK := types.Unalias(own).(*types.Slice)
	if ok && alsoOK {
		return sameType(from.Elem(), to.Elem())
	}
	name := rivalNamed(rival)
	named, ok := types.Unalias(own).(*types.Named)
	return ok && !isPointer(rival) && redisNames[name] == named.Obj().Name() && name != ""
}

// isDropped reports whether an expression is a statement: what it returns goes nowhere.
func (r *rewriter) isDropped(e ast.Expr) bool {
	switch r.parents[e].(type) {
	case *ast.ExprStmt, *ast.GoStmt, *ast.DeferStmt:
		return true
	}
	return false
}

// dropsValue reports whether of two results only the second is used.
func (r *rewriter) dropsValue(e ast.Expr) bool {
	a, ok := r.parents[e].(*ast.AssignStmt)
	return r.isDropped(e) || ok && len(a.Lhs) == 2 && isBlank(a.Lhs[0])
}

func isBlank(e ast.Expr) bool {
	id, ok := e.(*ast.Ident)
	return ok && id.Name == "_"
}
