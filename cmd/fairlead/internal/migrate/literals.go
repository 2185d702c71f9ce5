package migrate

import (
	"go/ast"
	"go/constant"
	"go/types"
)

// literal changes a literal of one of go-redis's structs: options, arguments, members of sorted sets.
func (r *rewriter) literal(lit *ast.CompositeLit) {
	name := rivalNamed(r.info.TypeOf(lit))
	if name == "" {
		return
	}
	if name == "Options" {
		r.optionsLiteral(lit)
		return
	}
	own := r.ownStruct(name)
	if own == nil {
		return
	}
	for _, e := range lit.Elts {
		kv, ok := e.(*ast.KeyValueExpr)
		if !ok {
			r.leave(lit, r.source(lit), "its fields have no names", "write them as Name: value")
			return
		}
		r.element(name, own, kv)
	}
	if name == "XReadArgs" || name == "XReadGroupArgs" {
		r.blockOf(lit)
	}
}

// element looks at one field of a literal.
func (r *rewriter) element(name string, own *types.Struct, kv *ast.KeyValueExpr) {
	id, ok := kv.Key.(*ast.Ident)
	if !ok {
		return
	}
	r.claim(id)
	field := fieldOf(own, id.Name)
	value := r.info.Types[kv.Value].Type
	switch {
	case field == nil:
		r.leave(kv, name+"."+id.Name, "Fairlead's struct has no such field", "see go doc redis."+r.structName(name))
	case isAny(field.Type()) && (r.isValue(kv.Value) || r.isPairs(kv.Value) || r.knownValues(kv.Value)):
	case !isAny(field.Type()) && r.sameField(value, field.Type()):
	case isNumeral(kv.Value):
	default:
		r.leave(kv, name+"."+id.Name, r.source(kv.Value)+" is not of the type that Fairlead's field has, "+field.Type().String(), "convert it")
	}
}

// sameField reports whether a value may stay what it is.
func (r *rewriter) sameField(value, field types.Type) bool {
	return types.AssignableTo(value, field) || sameType(value, field)
}

// blockOf mends the meaning of Block: in go-redis 0 waits without end and -1 does not wait; in Fairlead 0 does not wait.
func (r *rewriter) blockOf(lit *ast.CompositeLit) {
	value := elementOf(lit, "Block")
	if value == nil {
		r.edits.open(lit.Lbrace+1, "Block: "+r.redisName("Forever")+", ")
		return
	}
	c := r.info.Types[value].Value
	switch {
	case c == nil:
		r.leave(value, "Block: "+r.source(value), "0 waits without end in go-redis and does not wait in Fairlead, and its value is not known here",
			"use redis.Forever where 0 was meant to wait")
	case constant.Sign(c) == 0:
		r.edits.replace(value.Pos(), value.End(), r.redisName("Forever"))
	case constant.Sign(c) < 0:
		r.edits.replace(value.Pos(), value.End(), "0")
	}
}
