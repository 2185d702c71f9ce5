package redis

import (
	"encoding"
	"reflect"

	"github.com/fairlead-go/fairlead/resp"
)

var (
	textUnmarshaler   = reflect.TypeFor[encoding.TextUnmarshaler]()
	binaryUnmarshaler = reflect.TypeFor[encoding.BinaryUnmarshaler]()
)

// readsItself reports whether a type knows by itself how it is read.
func readsItself(t reflect.Type) bool {
	if t.Kind() == reflect.Pointer || t.Kind() == reflect.Interface {
		return false
	}
	p := reflect.PointerTo(t)
	return p.Implements(textUnmarshaler) || p.Implements(binaryUnmarshaler)
}

// planUnmarshal makes the plan of a type that reads itself.
func planUnmarshal(t reflect.Type) plan {
	name := t.String()
	if reflect.PointerTo(t).Implements(textUnmarshaler) {
		return plan{read: func(in *input, v reflect.Value) error {
			return in.unmarshal(name, v.Addr().Interface().(encoding.TextUnmarshaler).UnmarshalText)
		}}
	}
	return plan{read: func(in *input, v reflect.Value) error {
		return in.unmarshal(name, v.Addr().Interface().(encoding.BinaryUnmarshaler).UnmarshalBinary)
	}}
}

func (in *input) unmarshal(name string, unmarshal func([]byte) error) error {
	b, err := in.bytes(name)
	if err != nil {
		return err
	}
	if err := unmarshal(b); err != nil {
		return &refusal{TypeError: resp.TypeError{Want: article(name) + ": its unmarshaler refused it", Got: in.kind}, cause: err}
	}
	return nil
}

// A refusal is the error of a type's own unmarshaler. It can be found by errors.Is and errors.As,
// but is not part of the sentence, because it may quote the value.
type refusal struct {
	resp.TypeError
	cause error
}

func (r *refusal) Unwrap() []error { return []error{&r.TypeError, r.cause} }
