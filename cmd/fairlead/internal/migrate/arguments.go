package migrate

import (
	"go/ast"
	"go/types"
)

// arguments changes the arguments of a command as far as they have to. It returns why they do not fit Fairlead's parameters; ""
// if they do. skip is how many parameters of go-redis's come before the command's own: the context.
func (r *rewriter) arguments(at *site, own *types.Signature, skip int) string {
	shift := skip
	if own.Params().Len() > 0 && own.Params().At(0).Type().String() == "context.Context" {
		shift = 0
	}
	if at.rival.Params().Len()-shift != own.Params().Len() || at.rival.Variadic() != own.Variadic() {
		return "Fairlead's method takes other arguments"
	}
	var stars []ast.Expr
	for i, arg := range at.call.Args {
		if i < skip {
			continue
		}
		from, to := parameter(at.rival, i), parameter(own, i-shift)
		spread := at.call.Ellipsis.IsValid() && i == len(at.call.Args)-1
		why, star := r.argument(at, arg, from, to, spread)
		if why != "" {
			return why
		}
		if star {
			stars = append(stars, arg)
		}
	}
	for _, arg := range stars {
		if u, ok := arg.(*ast.UnaryExpr); ok {
			r.edits.replace(u.Pos(), u.X.Pos(), "")
		} else {
			r.edits.open(arg.Pos(), "*")
		}
	}
	return ""
}

// parameter is the type of the i-th argument.
func parameter(sig *types.Signature, i int) types.Type {
	last := sig.Params().Len() - 1
	if sig.Variadic() && i >= last {
		return sig.Params().At(last).Type().(*types.Slice).Elem()
	}
	return sig.Params().At(i).Type()
}

// argument looks at one argument. star: go-redis takes a pointer where Fairlead takes the struct.
func (r *rewriter) argument(at *site, arg ast.Expr, from, to types.Type, spread bool) (why string, star bool) {
	if name := rivalNamed(from); name != "" {
		own, ok := types.Unalias(to).(*types.Named)
		if !ok || own.Obj().Name() != r.structName(name) && own.Obj().Name() != redisNames[name] {
			return "Fairlead has no redis." + name + " there", false
		}
		return "", isPointer(from)
	}
	if spread {
		slice, ok := types.Unalias(r.info.TypeOf(arg)).Underlying().(*types.Slice)
		if ok && (types.Identical(slice.Elem(), to) && !isAny(to) || isAny(to) && r.knownValues(arg)) {
			return "", false
		}
		return r.source(arg) + " may hold values that Fairlead refuses: it takes strings, []byte, integers, floats and bools", false
	}
	if isAny(to) {
		if r.isValue(arg) || isVariadicPair(at.name) && r.isPairs(arg) {
			return "", false
		}
		return r.source(arg) + " is no string, []byte, integer, float or bool by its type", false
	}
	if types.Identical(from, to) || types.AssignableTo(r.info.TypeOf(arg), to) || isNumeral(arg) {
		return "", false
	}
	return r.source(arg) + " has another type in Fairlead", false
}

func isAny(t types.Type) bool {
	i, ok := types.Unalias(t).Underlying().(*types.Interface)
	return ok && i.Empty()
}

func isNumeral(e ast.Expr) bool {
	_, ok := e.(*ast.BasicLit)
	return ok
}

// isValue reports whether the type of an expression is one that both clients send in the same way.
func (r *rewriter) isValue(e ast.Expr) bool {
	return isValueType(r.info.Types[e].Type)
}

func isValueType(t types.Type) bool {
	switch t := types.Unalias(t).(type) {
	case *types.Basic:
		return t.Kind() != types.UntypedNil && t.Kind() != types.Uintptr && t.Info()&(types.IsString|types.IsNumeric|types.IsBoolean) != 0 &&
			t.Info()&types.IsComplex == 0
	case *types.Slice:
		return types.Identical(t.Elem(), types.Typ[types.Byte])
	}
	return false
}

// isVariadicPair reports whether the command takes names and values in turn, which both clients also take as one map.
func isVariadicPair(name string) bool {
	switch name {
	case "HSet", "HMSet", "MSet", "MSetNX":
		return true
	}
	return false
}

// isPairs reports whether an expression is a map or a list of strings, or one written down with values.
func (r *rewriter) isPairs(e ast.Expr) bool {
	switch t := types.Unalias(r.info.TypeOf(e)).(type) {
	case *types.Map:
		if !types.Identical(t.Key(), types.Typ[types.String]) {
			return false
		}
		return types.Identical(t.Elem(), types.Typ[types.String]) || isAny(t.Elem()) && r.knownValues(e)
	case *types.Slice:
		return types.Identical(t.Elem(), types.Typ[types.String])
	}
	return false
}

// knownValues reports whether a list or a map of interfaces holds only values that both clients send in the same way, as can be
// seen: it is written down, or it is a variable of the function that is only ever given such values.
func (r *rewriter) knownValues(e ast.Expr) bool {
	switch e := e.(type) {
	case *ast.CompositeLit:
		return r.knownElements(e)
	case *ast.CallExpr:
		return r.knownCall(e)
	case *ast.Ident:
		return r.knownVariable(e)
	}
	return false
}

func (r *rewriter) knownElements(lit *ast.CompositeLit) bool {
	for _, v := range lit.Elts {
		if kv, ok := v.(*ast.KeyValueExpr); ok {
			v = kv.Value
		}
		if !r.isValue(v) {
			return false
		}
	}
	return true
}

// knownCall knows what make and append return.
func (r *rewriter) knownCall(call *ast.CallExpr) bool {
	f, ok := call.Fun.(*ast.Ident)
	if _, builtin := r.info.Uses[f].(*types.Builtin); !ok || !builtin {
		return false
	}
	if f.Name == "make" {
		return true
	}
	if f.Name != "append" || call.Ellipsis.IsValid() {
		return false
	}
	for _, v := range call.Args[1:] {
		if !r.isValue(v) {
			return false
		}
	}
	return true
}

// knownVariable looks at everything that is done with a local variable.
func (r *rewriter) knownVariable(id *ast.Ident) bool {
	v, ok := r.info.Uses[id].(*types.Var)
	if !ok || v.Parent() == nil || v.Parent() == r.pkg.Types.Scope() || r.isParameter(v) {
		return false
	}
	known := true
	ast.Inspect(r.syntax, func(n ast.Node) bool {
		if name, ok := n.(*ast.Ident); ok && (r.info.Uses[name] == v || r.info.Defs[name] == v) {
			known = known && r.harmless(name)
		}
		return known
	})
	return known
}

// harmless reports whether a variable is, at this place, only read, measured, or given known values.
func (r *rewriter) harmless(id *ast.Ident) bool {
	switch p := r.parents[id].(type) {
	case *ast.AssignStmt:
		for i, left := range p.Lhs {
			if left == id {
				return len(p.Lhs) == len(p.Rhs) && (r.isOf(p.Rhs[i], id) || r.knownLiteral(p.Rhs[i]))
			}
		}
		return false
	case *ast.ValueSpec:
		return len(p.Values) == 0 || len(p.Values) == 1 && r.knownLiteral(p.Values[0])
	case *ast.IndexExpr:
		if _, pointed := r.parents[p].(*ast.UnaryExpr); pointed {
			return false
		}
		a, ok := r.parents[p].(*ast.AssignStmt)
		return !ok || len(a.Lhs) == 1 && (a.Lhs[0] != p || r.isValue(a.Rhs[0]))
	case *ast.CallExpr:
		if f, ok := p.Fun.(*ast.Ident); ok {
			_, builtin := r.info.Uses[f].(*types.Builtin)
			return builtin
		}
		s, ok := p.Fun.(*ast.SelectorExpr)
		return ok && r.isRival(s.Sel)
	case *ast.RangeStmt:
		return p.X == id
	case *ast.KeyValueExpr:
		lit, ok := r.parents[p].(*ast.CompositeLit)
		return ok && p.Value == id && rivalNamed(r.info.TypeOf(lit)) != ""
	}
	return false
}

func (r *rewriter) knownLiteral(e ast.Expr) bool {
	_, name := e.(*ast.Ident)
	return !name && r.knownValues(e)
}

// isOf reports whether e is append(id, known…).
func (r *rewriter) isOf(e ast.Expr, id *ast.Ident) bool {
	call, ok := e.(*ast.CallExpr)
	if !ok || len(call.Args) == 0 {
		return false
	}
	first, ok := call.Args[0].(*ast.Ident)
	return ok && first.Name == id.Name && r.knownCall(call)
}

// isParameter reports whether the variable is a parameter of a function: nobody knows what it is given.
func (r *rewriter) isParameter(v *types.Var) bool {
	found := false
	ast.Inspect(r.syntax, func(n ast.Node) bool {
		if t, ok := n.(*ast.FuncType); ok {
			for _, field := range t.Params.List {
				for _, name := range field.Names {
					found = found || r.info.Defs[name] == v
				}
			}
		}
		return !found
	})
	return found
}
