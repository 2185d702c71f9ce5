package redis

import (
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
)

// A structPlan knows a struct's fields by the names that they have in Redis.
type structPlan struct {
	name   string // "a main.User", for errors
	fields []structField
	exact  map[string]int // a name → its place in fields
	folded map[string]int // the small letters of a name that is not from a tag → its place in fields
}

type structField struct {
	name   string // in Redis
	goName string // in Go, for errors
	goType reflect.Type
	tagged bool
	index  []int // the way to it through embedded structs
	plan   *plan
}

func (b planner) planStruct(p *plan, t reflect.Type) error {
	var found []structField
	if err := collectFields(&found, t, nil, nil); err != nil {
		return fmt.Errorf("struct %v: %w", t, err)
	}
	s := &structPlan{name: article(t.String()), exact: map[string]int{}, folded: map[string]int{}}
	if err := s.choose(found); err != nil {
		return fmt.Errorf("struct %v: %w", t, err)
	}
	if len(s.fields) == 0 {
		return fmt.Errorf("struct %v has no exported field to read into: export one, or give it an UnmarshalText method", t)
	}
	for i := range s.fields {
		f := &s.fields[i]
		var err error
		if f.plan, err = b.plan(f.goType); err != nil {
			return fmt.Errorf(`struct %v: field %s: %w; the tag redis:"-" leaves the field out`, t, f.goName, err)
		}
	}
	p.read = s.read
	return nil
}

// collectFields appends the fields of t, which is found by way of index, and of the structs embedded in it.
// Around holds the structs that t is embedded in.
func collectFields(found *[]structField, t reflect.Type, index []int, around []reflect.Type) error {
	if slices.Contains(around, t) {
		return nil // a struct that embeds itself hides its inner fields
	}
	for i := range t.NumField() {
		f := t.Field(i)
		name, err := parseTag(f.Tag.Get("redis"))
		if err != nil {
			return inField(f.Name, err)
		}
		way := append(slices.Clip(index), i)
		inner, embedded := embeddedStruct(f)
		switch {
		case name == skipped:
		case name == "" && embedded && !f.IsExported() && f.Type.Kind() == reflect.Pointer:
			return inField(f.Name, errors.New(`a pointer to an unexported struct cannot be filled in: embed it by value, or tag it redis:"-"`))
		case name == "" && embedded:
			if err := collectFields(found, inner, way, append(slices.Clip(around), t)); err != nil {
				return err
			}
		case f.IsExported():
			field := structField{name: name, goName: f.Name, goType: f.Type, tagged: name != "", index: way}
			if !field.tagged {
				field.name = f.Name
			}
			*found = append(*found, field)
		}
	}
	return nil
}

// embeddedStruct returns the struct whose fields f brings in, and whether it does.
func embeddedStruct(f reflect.StructField) (reflect.Type, bool) {
	t := f.Type
	if t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	_, special := specialPlans[t]
	return t, f.Anonymous && t.Kind() == reflect.Struct && !special && !readsItself(t)
}

// choose takes the fields that the struct is read into. As in Go, the one that is embedded least deep hides others of its name.
func (s *structPlan) choose(found []structField) error {
	least := map[string]int{} // a name → how deep its field is
	for _, f := range found {
		if depth, ok := least[f.name]; !ok || len(f.index) < depth {
			least[f.name] = len(f.index)
		}
	}
	for _, f := range found {
		if len(f.index) > least[f.name] {
			continue
		}
		if i, taken := s.exact[f.name]; taken {
			return inField(f.goName, fmt.Errorf("field %s is named %s too: give one of them another tag", s.fields[i].goName, f.name))
		}
		s.exact[f.name] = len(s.fields)
		if small := strings.ToLower(f.name); !f.tagged {
			if _, taken := s.folded[small]; !taken {
				s.folded[small] = len(s.fields)
			}
		}
		s.fields = append(s.fields, f)
	}
	return nil
}

const skipped = "-"

// parseTag returns the name in a tag: "" if it has none, skipped if the field is left out.
func parseTag(tag string) (name string, err error) {
	name, options, more := strings.Cut(tag, ",")
	for more {
		var option string
		option, options, more = strings.Cut(options, ",")
		if option != "omitempty" {
			return "", errors.New("its tag has an option that does not exist: only omitempty does")
		}
	}
	return name, nil
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

// inField says where an error is.
func inField(name string, err error) error { return fmt.Errorf("field %s: %w", name, err) }
