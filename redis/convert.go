package redis

import (
	"reflect"
	"strconv"

	"github.com/fairlead-go/fairlead/resp"
)

// Conversion has two ways to the same result. The types that most commands are read as are filled in directly,
// without an allocation besides the value itself. All others have a plan: how to fill in a value of that type,
// worked out by reflection once per type.

// convert reads the input as a T.
func convert[T any](in input) (T, error) {
	var v, none T
	done, err := fillDirectly(&in, &v)
	switch {
	case !done:
		return convertByPlan[T](in)
	case err != nil:
		return none, err
	}
	return v, nil
}

// fillDirectly fills in what p points to if its type is one of the frequent ones, and reports whether it was.
// It leaves nulls and errors to the plan. It keeps p to itself, so that the value stays on its caller's stack.
func fillDirectly(in *input, p any) (done bool, err error) {
	switch in.kind {
	case resp.Null, resp.SimpleError, resp.BulkError:
		return false, nil
	}
	switch p := p.(type) {
	case *string:
		*p, err = in.string("string")
	case *[]byte:
		*p, err = in.bytes("[]byte")
	case *int:
		var n int64
		n, err = in.int("int", strconv.IntSize)
		*p = int(n)
	case *int64:
		*p, err = in.int("int64", 64)
	case *uint64:
		*p, err = in.uint("uint64", 64)
	case *float64:
		*p, err = in.float("float64", 64)
	case *bool:
		*p, err = in.bool("bool")
	default:
		return false, nil
	}
	return true, err
}

// convertByPlan reads the input as a T of any type.
func convertByPlan[T any](in input) (T, error) {
	var none T
	p, err := planFor(reflect.TypeFor[T]())
	if err != nil {
		return none, err
	}
	if in.kind == resp.Null && !p.takesNull {
		return none, Nil
	}
	v := new(T)
	if err := p.fill(&in, reflect.ValueOf(v).Elem()); err != nil {
		return none, err
	}
	return *v, nil
}
