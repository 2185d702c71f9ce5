package migrate

import (
	"go/ast"
	"go/types"
)

// scriptCall changes script.Run(ctx, rdb, keys, args…).
func (r *rewriter) scriptCall(call *ast.CallExpr, s *ast.SelectorExpr, sig *types.Signature) {
	if s.Sel.Name != "Run" && s.Sel.Name != "RunRO" {
		return
	}
	at := r.siteOf(call, s, sig)
	r.claim(s.Sel)
	if at.formSel != nil {
		r.claim(at.formSel.Sel)
	}
	script := types.NewPointer(r.redis.Scope().Lookup("Script").Type())
	obj, _, _ := types.LookupFieldOrMethod(script, true, r.redis, s.Sel.Name)
	own := obj.(*types.Func).Type().(*types.Signature)
	value, _ := resultOf(own)
	on := rivalNamed(r.info.TypeOf(call.Args[1]))
	switch why := r.fits(at, value, false); {
	case on != "Client" && on != "Tx":
		r.leave(at.outer, r.source(at.outer), "it is not known to run on a client", "in a pipe: fairlead.Queue(p, redis.As[T](script.Cmd(keys, args…)))")
	case why != "":
		r.leave(at.outer, r.source(at.outer), why, "fairlead.As[T](script.Run(ctx, c, keys, args…)), with T the type of what the script returns")
	default:
		if why := r.arguments(at, own, 2); why != "" {
			r.leave(at.outer, r.source(at.outer), why, "give it strings, []byte, integers, floats or bools")
			return
		}
		r.results(at, false, "")
	}
}
