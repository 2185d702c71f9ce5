package migrate

import (
	"go/ast"
	"go/token"
	"go/types"
	"strings"
)

// ownNames are names of go-redis that package fairlead has, under these names.
var ownNames = map[string]string{
	"Client": "Client", "Tx": "Tx", "Options": "Options",
	"Nil": "Nil", "TxFailedErr": "ErrTxFailed", "ErrClosed": "ErrClosed", "ErrPoolTimeout": "ErrPoolTimeout",
	"ParseURL": "ParseURL",
}

// redisNames are names of go-redis that Fairlead's package redis has.
var redisNames = map[string]string{
	"KeepTTL": "KeepTTL", "Script": "Script", "NewScript": "NewScript",
	"Z": "Z", "XMessage": "XMessage", "XStream": "XStream",
}

// replyTypes are go-redis's commands, as types of variables, by what the reply of Fairlead's is.
var replyTypes = map[string]string{
	"StringCmd": "string", "IntCmd": "int64", "BoolCmd": "bool", "FloatCmd": "float64", "StatusCmd": "struct{}",
	"StringSliceCmd": "[]string", "MapStringStringCmd": "map[string]string", "IntSliceCmd": "[]int64",
}

// methodNames are go-redis's methods that Fairlead calls otherwise.
var methodNames = map[string][]string{
	"Keys":  {"KeysMatching", "Keys"},
	"SetEx": {"Set"}, "SetEX": {"Set"},
}

// otherwise says what to write for what has no rule.
var otherwise = map[string]string{
	"Cmdable":          "take a *fairlead.Client, or an interface of your own with the methods that are used",
	"UniversalClient":  "take a *fairlead.Client",
	"Cmder":            "keep the *fairlead.Reply that fairlead.Queue returns",
	"MGet":             "the elements are redis.Optional[string]: look at Found and Value",
	"HMGet":            "the elements are redis.Optional[string]: look at Found and Value",
	"Scan":             "range over c.Keys(ctx, redis.ScanArgs{…}), or see what Scan returns",
	"Iterator":         "range over c.Keys(ctx, redis.ScanArgs{…})",
	"Do":               "fairlead.Do(ctx, c, redis.New[T](name, args…)), with T the type of the reply",
	"Subscribe":        "sub, err := c.Subscribe(ctx, …), then range over sub.Messages(ctx)",
	"PSubscribe":       "sub, err := c.PSubscribe(ctx, …), then range over sub.Messages(ctx)",
	"PubSub":           "sub, err := c.Subscribe(ctx, …), then range over sub.Messages(ctx)",
	"Conn":             "conn, err := c.Conn(ctx), and Close it",
	"PoolStats":        "c.Pool().Stats()",
	"AddHook":          "set Options.Trace",
	"Info":             "c.Info returns the sections and their fields",
	"BLPop":            "it returns a redis.KV with Key and Value",
	"BRPop":            "it returns a redis.KV with Key and Value",
	"NewClusterClient": "see the URL scheme redis+cluster:// in the documentation of fairlead.ParseURL",
}

// rivalNamed returns the name of go-redis's type, or of what a pointer to it points at; "" for others.
func rivalNamed(t types.Type) string {
	if p, ok := types.Unalias(t).(*types.Pointer); ok {
		t = p.Elem()
	}
	named, ok := types.Unalias(t).(*types.Named)
	if !ok || named.Obj().Pkg() == nil || named.Obj().Pkg().Path() != rivalPath {
		return ""
	}
	return named.Obj().Name()
}

// selector changes names of go-redis: those of its package and those of fields.
func (r *rewriter) selector(s *ast.SelectorExpr) {
	if r.claimed[s.Sel] {
		return
	}
	if x, ok := s.X.(*ast.Ident); ok {
		if pkg, ok := r.info.Uses[x].(*types.PkgName); ok {
			if pkg.Imported().Path() == rivalPath {
				r.qualified(s)
			}
			return
		}
	}
	if field, ok := r.info.Uses[s.Sel].(*types.Var); ok && field.IsField() {
		r.field(s)
	}
}

// qualified changes what is written as redis.Name.
func (r *rewriter) qualified(s *ast.SelectorExpr) {
	name := s.Sel.Name
	to := ""
	switch {
	case ownNames[name] != "":
		to = r.ownName(ownNames[name])
	case redisNames[name] != "":
		to = r.redisName(redisNames[name])
	case name == "Pipeliner":
		to = "*" + r.ownName("Pipe")
	case name == "Pipeline":
		to = r.ownName("Pipe")
	case replyTypes[name] != "":
		to = r.ownName("Reply[" + replyTypes[name] + "]")
	case r.structName(name) != "":
		to = r.redisName(r.structName(name))
	default:
		if do := otherwise[name]; do != "" {
			r.claim(s.Sel)
			r.usesRival = true
			r.leave(s, r.source(s), "there is nothing that is the same", do)
		}
		return
	}
	r.claim(s.Sel)
	r.edits.replace(s.Pos(), s.End(), to)
}

// structName is what Fairlead calls a struct of arguments: that of the parameter in the same place of the method of the same name.
func (r *rewriter) structName(name string) string {
	if r.structs == nil {
		r.structs = make(map[string]string)
		cmdable, _ := r.rival.Scope().Lookup("Cmdable").Type().Underlying().(*types.Interface)
		for i := range cmdable.NumMethods() {
			m := cmdable.Method(i)
			if own := r.method(m.Name()); own != nil {
				pairStructs(r.structs, m.Type().(*types.Signature), own)
			}
		}
	}
	return r.structs[name]
}

func pairStructs(to map[string]string, rival, own *types.Signature) {
	for i := range min(rival.Params().Len(), own.Params().Len()) {
		from := rivalNamed(rival.Params().At(i).Type())
		named, ok := types.Unalias(own.Params().At(i).Type()).(*types.Named)
		if from != "" && ok && named.Obj().Pkg() != nil && named.Obj().Pkg().Path() == redisPath && strings.HasSuffix(named.Obj().Name(), "Args") {
			to[from] = named.Obj().Name()
		}
	}
}

// ownStruct is the struct of Fairlead that stands for one of go-redis, nil if there is none.
func (r *rewriter) ownStruct(rival string) *types.Struct {
	name := redisNames[rival]
	if name == "" {
		name = r.structName(rival)
	}
	obj := r.redis.Scope().Lookup(name)
	if obj == nil {
		return nil
	}
	s, _ := obj.Type().Underlying().(*types.Struct)
	return s
}

func fieldOf(s *types.Struct, name string) *types.Var {
	for i := range s.NumFields() {
		if f := s.Field(i); f.Name() == name {
			return f
		}
	}
	return nil
}

// field changes the field of one of go-redis's structs.
func (r *rewriter) field(s *ast.SelectorExpr) {
	owner := rivalNamed(r.info.TypeOf(s.X))
	if owner == "Options" {
		r.optionField(s)
		return
	}
	own := r.ownStruct(owner)
	if own != nil && fieldOf(own, s.Sel.Name) != nil {
		r.claim(s.Sel)
	}
}

// assertion takes v.(string) away where Fairlead's v is a string already: members of sorted sets, values of stream entries.
func (r *rewriter) assertion(a *ast.TypeAssertExpr) {
	if a.Type == nil || !types.Identical(r.info.TypeOf(a.Type), types.Typ[types.String]) {
		return
	}
	switch x := a.X.(type) {
	case *ast.SelectorExpr: // z.Member.(string)
		_, twice := r.parents[a].(*ast.AssignStmt)
		if rivalNamed(r.info.TypeOf(x.X)) != "Z" || x.Sel.Name != "Member" || twice && r.takesTwo(a) {
			return
		}
	case *ast.IndexExpr: // m.Values["field"].(string)
		m, ok := x.X.(*ast.SelectorExpr)
		if !ok || rivalNamed(r.info.TypeOf(m.X)) != "XMessage" || m.Sel.Name != "Values" {
			return
		}
	default:
		return
	}
	r.edits.replace(a.X.End(), a.End(), "")
}

// takesTwo reports whether the expression stands for two values.
func (r *rewriter) takesTwo(e ast.Expr) bool {
	a, ok := r.parents[e].(*ast.AssignStmt)
	return ok && len(a.Lhs) == 2 && len(a.Rhs) == 1
}

// comparison keeps == away from errors that Fairlead wraps.
func (r *rewriter) comparison(b *ast.BinaryExpr) {
	if b.Op != token.EQL && b.Op != token.NEQ {
		return
	}
	for _, side := range []ast.Expr{b.X, b.Y} {
		s, ok := side.(*ast.SelectorExpr)
		if !ok || !r.isRival(s.Sel) || s.Sel.Name != "ErrClosed" && s.Sel.Name != "ErrPoolTimeout" {
			continue
		}
		other := b.X
		if side == b.X {
			other = b.Y
		}
		r.leave(b, r.source(b), "Fairlead's error wraps it, so that == is false", "errors.Is("+r.source(other)+", fairlead."+s.Sel.Name+")")
	}
}

// isRival reports whether a name is one of go-redis's.
func (r *rewriter) isRival(id *ast.Ident) bool {
	obj := r.info.Uses[id]
	return obj != nil && obj.Pkg() != nil && strings.HasPrefix(obj.Pkg().Path(), rivalPath)
}
