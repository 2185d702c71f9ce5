package redis

import (
	"errors"
	"fmt"
	"reflect"
	"slices"
	"sync"
)

// A structField is a field of a struct that is read and written.
type structField struct {
	tag
	named  bool   // by its tag
	goName string // in Go, for errors
	goType reflect.Type
	index  []int // the way to it through structs inside of the struct
	depth  int   // how many of these are embedded
	plan   *plan // how it is read
}

// fieldsOf returns the fields of a struct under the names that they have in Redis, for reading and writing alike.
func fieldsOf(t reflect.Type) ([]structField, error) {
	found, ok := structs.Load(t)
	if !ok {
		var s structFields
		s.err = s.collect(t, outer{})
		if s.err == nil {
			s.err = s.choose()
		}
		found, _ = structs.LoadOrStore(t, &s)
	}
	s := found.(*structFields)
	if s.err != nil {
		return nil, fmt.Errorf("struct %v: %w", t, s.err)
	}
	return slices.Clone(s.fields), nil
}

// structs remembers the fields of each struct: reflect.Type → *structFields. It grows with the types of the program.
var structs sync.Map

type structFields struct {
	fields []structField
	err    error
}

// An outer is what a struct is in.
type outer struct {
	index  []int          // the way to the struct
	prefix string         // of the names of its fields
	depth  int            // how many of the structs around are embedded
	around []reflect.Type // the structs around
}

// collect appends the fields of t and of the structs whose fields count as its own.
func (s *structFields) collect(t reflect.Type, in outer) error {
	if slices.Contains(in.around, t) {
		return nil // a struct that embeds itself hides its inner fields
	}
	for i := range t.NumField() {
		f := t.Field(i)
		tag, err := readTag(f)
		if err != nil {
			return inField(f.Name, err)
		}
		inside := outer{append(slices.Clip(in.index), i), in.prefix, in.depth, append(slices.Clip(in.around), t)}
		inner, embedded := embeddedStruct(f)
		switch {
		case tag.name == skipped:
		case tag.name == "" && embedded && !f.IsExported() && f.Type.Kind() == reflect.Pointer:
			return inField(f.Name, errors.New(`a pointer to an unexported struct cannot be filled in: embed it by value, or tag it redis:"-"`))
		case tag.name == "" && embedded:
			inside.depth++
			err = s.collect(inner, inside)
		case !f.IsExported():
		case tag.prefix:
			inner, _ := plainStruct(f.Type)
			if slices.Contains(inside.around, inner) {
				return inField(f.Name, fmt.Errorf("its tag has the option prefix, but %s is inside of itself: its fields would have no end", article(inner.String())))
			}
			inside.prefix += tag.name
			err = inField(f.Name, s.collect(inner, inside))
		default:
			s.fields = append(s.fields, newField(f, tag, inside))
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func newField(f reflect.StructField, t tag, in outer) structField {
	field := structField{tag: t, named: t.name != "", goName: f.Name, goType: f.Type, index: in.index, depth: in.depth}
	if !field.named {
		field.name = f.Name
	}
	field.name = in.prefix + field.name
	return field
}

// embeddedStruct returns the struct whose fields f brings in, and whether it does.
func embeddedStruct(f reflect.StructField) (reflect.Type, bool) {
	t, plain := plainStruct(f.Type)
	return t, f.Anonymous && plain
}

// choose leaves the fields that count. As in Go, the one that is embedded least deep hides others of its name.
func (s *structFields) choose() error {
	least := map[string]int{} // a name → how deep its field is
	for _, f := range s.fields {
		if depth, ok := least[f.name]; !ok || f.depth < depth {
			least[f.name] = f.depth
		}
	}
	taken := map[string]string{} // a name → its field
	var chosen []structField
	for _, f := range s.fields {
		if f.depth > least[f.name] {
			continue
		}
		if other, ok := taken[f.name]; ok {
			return inField(f.goName, fmt.Errorf("field %s is named %s too: give one of them another tag", other, f.name))
		}
		taken[f.name] = f.goName
		chosen = append(chosen, f)
	}
	s.fields = chosen
	return nil
}

// inField says where an error is.
func inField(name string, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("field %s: %w", name, err)
}
