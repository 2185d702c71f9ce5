package redis

import (
	"encoding"
	"fmt"
	"reflect"
	"sync"
	"time"
)

// An encoder makes an argument of a field's value; there is false for what is not sent, a nil pointer.
type encoder func(v reflect.Value) (a arg, there bool, err error)

// A structWriter sends the fields of one type of struct with their names.
type structWriter struct {
	fields   []structField
	encoders []encoder // of the fields
	err      error     // why none of them can be sent
}

// structWriters remembers the writer of each struct: reflect.Type → *structWriter. It grows with the types of the program.
var structWriters sync.Map

func structWriterFor(t reflect.Type) (*structWriter, error) {
	found, ok := structWriters.Load(t)
	if !ok {
		found, _ = structWriters.LoadOrStore(t, newStructWriter(t))
	}
	w := found.(*structWriter)
	return w, w.err
}

func newStructWriter(t reflect.Type) *structWriter {
	w := &structWriter{}
	w.fields, w.err = fieldsOf(t)
	if w.err == nil && len(w.fields) == 0 {
		w.err = fmt.Errorf("struct %v has no exported field to send: export one", t)
	}
	for i := range w.fields {
		f := &w.fields[i]
		e, err := encoderFor(f.goType, f.unit)
		if err != nil {
			w.err = fmt.Errorf(`struct %v: field %s: %w; the tag redis:"-" leaves the field out`, t, f.goName, err)
			break
		}
		w.encoders = append(w.encoders, e)
	}
	return w
}

// writable returns the struct whose fields are sent if v is given in the place of names and values, and whether v is one or points to one.
func writable(v any) (reflect.Type, bool) {
	if v == nil {
		return nil, false
	}
	t, plain := plainStruct(reflect.TypeOf(v))
	return t, plain && !writesItself(t)
}

// structFields sends the fields of a struct and their values in turn. t is as from writable.
func (r *Request) structFields(v any, t reflect.Type, name func(string) arg) {
	values, err := fieldValues(v, t)
	if err != nil {
		r.fail(err)
		return
	}
	r.atLeastOne(len(values), "field that is not empty")
	r.room(2 * len(values))
	for i := range values {
		r.add(name(values[i].name))
		r.long = r.long || values[i].value.isLong()
		r.add(values[i].value)
	}
}

// A fieldValue is a field of a struct that is sent.
type fieldValue struct {
	name  string
	value arg
}

func fieldValues(v any, t reflect.Type) ([]fieldValue, error) {
	w, err := structWriterFor(t)
	if err != nil {
		return nil, err
	}
	pointer := reflect.TypeOf(v) != t
	switch {
	case pointer && reflect.ValueOf(v).IsNil():
		return nil, fmt.Errorf("a nil *%v has no fields to send", t)
	case !pointer && isOneWord(t):
		return nil, fmt.Errorf("struct %v is nothing but a pointer: give a pointer to the struct", t)
	}
	values, from := make([]fieldValue, 0, len(w.fields)), copyBoxed(v, t)
	for i := range w.fields {
		f := &w.fields[i]
		field, ok := f.in(from)
		if !ok || f.omitEmpty && isEmpty(field) {
			continue
		}
		a, there, err := w.encoders[i](field)
		if err != nil {
			return nil, fmt.Errorf("struct %v: %w", t, inField(f.goName, err))
		}
		if there {
			values = append(values, fieldValue{f.name, a})
		}
	}
	return values, nil
}

// in returns the field within a struct; there is none behind a nil pointer.
func (f *structField) in(v reflect.Value) (reflect.Value, bool) {
	for _, i := range f.index {
		if v.Kind() == reflect.Pointer {
			if v.IsNil() {
				return v, false
			}
			v = v.Elem()
		}
		v = v.Field(i)
	}
	return v, true
}

// isEmpty says what the option omitempty leaves out: zero values, and what has a length of 0.
func isEmpty(v reflect.Value) bool {
	if t, ok := v.Addr().Interface().(*time.Time); ok {
		return t.IsZero()
	}
	return v.IsZero() || v.Kind() == reflect.Slice && v.Len() == 0
}

// encoderFor returns the encoder of a type, or why a field cannot have it.
func encoderFor(t reflect.Type, u unit) (encoder, error) {
	switch {
	case t == typeTime || t == typeDuration:
		return present(u.encode), nil
	case writesItself(t):
		return present(encodeItself), nil
	case readsItself(t):
		return nil, fmt.Errorf("%s cannot be sent: it reads itself, but has no MarshalText or MarshalBinary method", article(t.String()))
	}
	switch t.Kind() {
	case reflect.Pointer:
		return encoderTo(t, u)
	case reflect.Interface:
		if t.NumMethod() == 0 {
			return encodeAny, nil
		}
	case reflect.Slice, reflect.Array:
		if isByte(t.Elem()) && !writesItself(t.Elem()) {
			return present(encodeScalar), nil
		}
	case reflect.Struct:
		return nil, fmt.Errorf("%s cannot be sent in one field: a tag as in redis:\"home.,prefix\" sends its fields, with names that begin so; "+
			"a MarshalText method makes text of it", article(t.String()))
	default:
		if planScalar(&plan{}, t) {
			return present(encodeScalar), nil
		}
	}
	return nil, fmt.Errorf("%s cannot be sent: use a string, []byte, integer, float, bool, time.Time, time.Duration, a pointer to one of these, "+
		"or a type with a MarshalText method", article(t.String()))
}

// present makes an encoder of one for values that are always there.
func present(encode func(reflect.Value) (arg, error)) encoder {
	return func(v reflect.Value) (arg, bool, error) {
		a, err := encode(v)
		return a, true, err
	}
}

// encoderTo returns the encoder of a pointer.
func encoderTo(t reflect.Type, u unit) (encoder, error) {
	if pointers(t) > deepestPointer {
		return nil, fmt.Errorf("%s cannot be sent: it is a pointer to a pointer more than %d times over", article(t.String()), deepestPointer)
	}
	elem, err := encoderFor(t.Elem(), u)
	if err != nil {
		return nil, err
	}
	return func(v reflect.Value) (arg, bool, error) {
		if v.IsNil() {
			return arg{}, false, nil
		}
		return elem(v.Elem())
	}, nil
}

// encodeAny sends what an interface holds if commands take it as a value.
func encodeAny(v reflect.Value) (arg, bool, error) {
	if v.IsNil() {
		return arg{}, false, nil
	}
	a, err := valueArg(v.Interface())
	return a, true, err
}

func encodeScalar(v reflect.Value) (arg, error) {
	switch {
	case v.Kind() == reflect.String:
		return textArg(v.String()), nil
	case v.Kind() == reflect.Bool:
		return valueArg(v.Bool())
	case v.CanInt():
		return intArg(v.Int()), nil
	case v.CanUint():
		return uintArg(v.Uint()), nil
	case v.CanFloat():
		return floatArg(v.Float()), nil
	}
	return bytesArg(v.Bytes()), nil
}

var (
	textMarshaler   = reflect.TypeFor[encoding.TextMarshaler]()
	binaryMarshaler = reflect.TypeFor[encoding.BinaryMarshaler]()
)

// writesItself reports whether a type, or a pointer to it, knows by itself how it is sent.
func writesItself(t reflect.Type) bool {
	if t.Kind() == reflect.Pointer || t.Kind() == reflect.Interface {
		return false
	}
	p := reflect.PointerTo(t)
	return p.Implements(textMarshaler) || p.Implements(binaryMarshaler)
}

// encodeItself sends what a value's own method makes of it, MarshalText if it has both.
func encodeItself(v reflect.Value) (arg, error) {
	var marshal func() ([]byte, error)
	switch m := v.Addr().Interface().(type) {
	case encoding.TextMarshaler:
		marshal = m.MarshalText
	case encoding.BinaryMarshaler:
		marshal = m.MarshalBinary
	}
	b, err := marshal()
	if err != nil {
		return arg{}, &unwritten{article(v.Type().String()) + " cannot be sent: its marshaler refused it", err}
	}
	return textArg(view(b)), nil
}

// An unwritten is the error of what makes text of a value. Its cause can be found by errors.Is and errors.As, but is not part of the
// sentence, because it may quote the value.
type unwritten struct {
	sentence string
	cause    error
}

func (u *unwritten) Error() string { return u.sentence }
func (u *unwritten) Unwrap() error { return u.cause }
