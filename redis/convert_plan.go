package redis

import (
	"fmt"
	"math/big"
	"reflect"
	"sync"

	"github.com/fairlead-go/fairlead/resp"
)

// A plan tells how to fill in a value of one type. It is immutable once it is complete.
type plan struct {
	// read fills in v, which can be set and has its zero value. The input is no error, and no null unless takesNull is set.
	read      func(in *input, v reflect.Value) error
	takesNull bool
}

// fill fills in v, leaving it as it is for a null, or returns the error that the server sent instead of a value.
func (p *plan) fill(in *input, v reflect.Value) error {
	if p.takesNull {
		return p.read(in, v)
	}
	if err := in.err(); err != nil {
		return err
	}
	if in.kind == resp.Null {
		return nil
	}
	return p.read(in, v)
}

// plans remembers what was found out about a type: reflect.Type → *planned. It grows with the types of the program.
var plans sync.Map

type planned struct {
	plan *plan
	err  error
}

// planFor returns the plan of a type, or why no reply can be read as one.
func planFor(t reflect.Type) (*plan, error) {
	found, ok := plans.Load(t)
	if !ok {
		p, err := planner{}.plan(t)
		found, _ = plans.LoadOrStore(t, &planned{p, err})
	}
	f := found.(*planned)
	return f.plan, f.err
}

// A planner holds the plans of one type and of all types in it. A type that holds itself finds its own plan there,
// still empty: it is complete before anything is read.
type planner map[reflect.Type]*plan

func (b planner) plan(t reflect.Type) (*plan, error) {
	if p, ok := b[t]; ok {
		return p, nil
	}
	p := &plan{}
	b[t] = p
	if special, ok := specialPlans[t]; ok {
		*p = special
		return p, nil
	}
	if readsItself(t) {
		*p = planUnmarshal(t)
		return p, nil
	}
	if planScalar(p, t) {
		return p, nil
	}
	return p, b.planCompound(p, t)
}

// specialPlans are those of types that are read by what they mean, not by what they are made of.
var specialPlans = map[reflect.Type]plan{
	typeTime:                      {read: fillTime},
	typeDuration:                  {read: fillDuration},
	reflect.TypeFor[big.Int]():    {read: fillBig},
	reflect.TypeFor[struct{}]():   {read: func(*input, reflect.Value) error { return nil }},
	reflect.TypeFor[resp.Reply](): {read: fillRaw, takesNull: true},
	reflect.TypeFor[resp.Value](): {read: fillRaw, takesNull: true},
}

// fillRaw fills in a reply as it came: nulls and errors of the server too.
func fillRaw(in *input, v reflect.Value) error {
	if !in.isReply() {
		return in.not(article(v.Type().String()) + " any more: it was read before")
	}
	switch raw := v.Addr().Interface().(type) {
	case *resp.Reply:
		*raw = in.reply
	case *resp.Value:
		*raw = in.reply.Value()
	}
	return nil
}

// planScalar makes the plan of a type that is read from one string or number, and reports whether it is one.
func planScalar(p *plan, t reflect.Type) bool {
	name := t.String()
	switch t.Kind() {
	case reflect.String:
		p.read = func(in *input, v reflect.Value) error {
			s, err := in.string(name)
			v.SetString(s)
			return err
		}
	case reflect.Bool:
		p.read = func(in *input, v reflect.Value) error {
			is, err := in.bool(name)
			v.SetBool(is)
			return err
		}
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		bits := t.Bits()
		p.read = func(in *input, v reflect.Value) error {
			n, err := in.int(name, bits)
			v.SetInt(n)
			return err
		}
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		bits := t.Bits()
		p.read = func(in *input, v reflect.Value) error {
			n, err := in.uint(name, bits)
			v.SetUint(n)
			return err
		}
	case reflect.Float32, reflect.Float64:
		bits := t.Bits()
		p.read = func(in *input, v reflect.Value) error {
			f, err := in.float(name, bits)
			v.SetFloat(f)
			return err
		}
	default:
		return false
	}
	return true
}

// planCompound makes the plan of a type that holds values of other types.
func (b planner) planCompound(p *plan, t reflect.Type) error {
	switch t.Kind() {
	case reflect.Slice:
		return b.planSlice(p, t)
	case reflect.Array:
		return b.planArray(p, t)
	case reflect.Map:
		return b.planMap(p, t)
	case reflect.Struct:
		return b.planStruct(p, t)
	case reflect.Pointer:
		return b.planPointer(p, t)
	case reflect.Interface:
		if t.NumMethod() == 0 {
			p.read = fillAny
			return nil
		}
	}
	return fmt.Errorf("no reply can be read as %s: see redis.As for the types that it can be", article(t.String()))
}

// deepestPointer is how many pointers may point to each other; a type can be a pointer to itself.
const deepestPointer = 8

func (b planner) planPointer(p *plan, t reflect.Type) error {
	if pointers(t) > deepestPointer {
		return fmt.Errorf("no reply can be read as %s: it is a pointer to a pointer more than %d times over", article(t.String()), deepestPointer)
	}
	elem, err := b.plan(t.Elem())
	if err != nil {
		return err
	}
	*p = *planTo(elem)
	return nil
}

// planTo makes the plan of a pointer to what elem fills in.
func planTo(elem *plan) *plan {
	return &plan{takesNull: true, read: func(in *input, v reflect.Value) error {
		if in.kind == resp.Null {
			return nil
		}
		to := reflect.New(v.Type().Elem())
		if err := elem.fill(in, to.Elem()); err != nil {
			return err
		}
		v.Set(to)
		return nil
	}}
}

// pointers is over how many pointers t leads somewhere, and more than deepestPointer if that is more.
func pointers(t reflect.Type) (n int) {
	for ; t.Kind() == reflect.Pointer && n <= deepestPointer; t = t.Elem() {
		n++
	}
	return n
}
