package redis

import (
	"fmt"
	"reflect"
	"strings"
)

// A structPlan knows a struct's fields by the names that they have in Redis.
type structPlan struct {
	name   string // "a main.User", for errors
	fields []structField
	exact  map[string]int // a name → its place in fields
	folded map[string]int // the small letters of a name that is not from a tag → its place in fields
}

func (b planner) planStruct(p *plan, t reflect.Type) error {
	fields, err := fieldsOf(t)
	switch {
	case err != nil:
		return err
	case len(fields) == 0:
		return fmt.Errorf("struct %v has no exported field to read into: export one, or give it an UnmarshalText method", t)
	}
	s := &structPlan{name: article(t.String()), fields: fields, exact: map[string]int{}, folded: map[string]int{}}
	for i := range fields {
		f := &fields[i]
		s.exact[f.name] = i
		if small := strings.ToLower(f.name); !f.named {
			if _, taken := s.folded[small]; !taken {
				s.folded[small] = i
			}
		}
		if f.plan, err = b.planField(f); err != nil {
			return fmt.Errorf(`struct %v: field %s: %w; the tag redis:"-" leaves the field out`, t, f.goName, err)
		}
	}
	p.read = s.read
	return nil
}

// planField makes the plan of a field: that of its type, unless its tag says otherwise.
func (b planner) planField(f *structField) (*plan, error) {
	if f.unit.of == nil {
		return b.plan(f.goType)
	}
	p := &plan{read: f.unit.fill}
	for range pointers(f.goType) {
		p = planTo(p)
	}
	return p, nil
}

func (s *structPlan) read(in *input, v reflect.Value) error {
	walk, err := in.pairs(s.name)
	if err != nil {
		return err
	}
	var few [32]bool
	settled := few[:] // the fields that had their very name in the reply
	if len(s.fields) > len(few) {
		settled = make([]bool, len(s.fields))
	}
	var key, value input
	for i := 0; ; i++ {
		more, err := walk.next(&key, &value)
		if err != nil {
			return inPair("", i, err)
		}
		if !more {
			return nil
		}
		name, ok := key.scalar()
		if !ok {
			return inPair("the key of ", i, key.not("a field's name"))
		}
		if err := s.set(v, name, &value, settled); err != nil {
			return err
		}
	}
}

// set fills in the field that is called name, if there is one. A field's very name counts more than one in other letters,
// whichever comes first.
func (s *structPlan) set(v reflect.Value, name string, value *input, settled []bool) error {
	place, found := s.exact[name]
	if found {
		settled[place] = true
	} else if place, found = s.folded[strings.ToLower(name)]; !found || settled[place] {
		return nil
	}
	f := &s.fields[place]
	field := f.of(v)
	field.SetZero()
	if err := f.plan.fill(value, field); err != nil {
		return inField(f.goName, err)
	}
	return nil
}

// of returns the field within a struct, making the embedded structs on the way that are not there yet.
func (f *structField) of(v reflect.Value) reflect.Value {
	for _, i := range f.index {
		if v.Kind() == reflect.Pointer {
			if v.IsNil() {
				v.Set(reflect.New(v.Type().Elem()))
			}
			v = v.Elem()
		}
		v = v.Field(i)
	}
	return v
}
