package redis

import (
	"reflect"

	"github.com/fairlead-go/fairlead/resp"
)

// fillAny fills in an interface without methods with what the reply is by itself.
func fillAny(in *input, v reflect.Value) error {
	natural, err := in.natural()
	if err == nil && natural != nil {
		v.Set(reflect.ValueOf(natural))
	}
	return err
}

// natural is the value that the kind of the input means. It calls itself at most as deep as resp.Limits.Depth allows.
func (in *input) natural() (any, error) {
	if err := in.err(); err != nil {
		return nil, err
	}
	switch in.kind {
	case resp.Null:
		return nil, nil
	case resp.Integer:
		return in.int("int64", 64)
	case resp.Double:
		return in.float("float64", 64)
	case resp.Boolean:
		return in.bool("bool")
	case resp.Map:
		return in.naturalMap()
	}
	if in.kind.Aggregate() {
		return in.naturalList()
	}
	return in.string("string")
}

func (in *input) naturalList() ([]any, error) {
	list := make([]any, in.len())
	var e input
	walk := in.elements()
	for i := 0; walk.next(&e); i++ {
		v, err := e.natural()
		if err != nil {
			return nil, inElement(i, err)
		}
		list[i] = v
	}
	return list, nil
}

func (in *input) naturalMap() (map[string]any, error) {
	walk := in.elements()
	m := make(map[string]any, in.len()/2)
	var key, value input
	for i := 0; walk.next(&key) && walk.next(&value); i++ {
		k, err := key.string("string")
		if err != nil {
			return nil, inPair("the key of ", i, err)
		}
		v, err := value.natural()
		if err != nil {
			return nil, inPair("the value of ", i, err)
		}
		m[k] = v
	}
	return m, nil
}
