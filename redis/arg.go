package redis

import (
	"errors"
	"fmt"
	"math"
	"reflect"
	"time"
	"unsafe"

	"github.com/fairlead-go/fairlead/resp"
)

// An arg is one argument of a command, kept as it was given until it is encoded: building a command allocates nothing.
type arg struct {
	text string
	num  uint64 // bits of the number, for the kinds that are one
	kind argKind
}

type argKind uint8

const (
	argText  argKind = iota
	argKey           // text that names a key
	argBytes         // text that is a view of the caller's bytes
	argInt
	argUint
	argFloat
)

func (a *arg) append(b []byte) []byte {
	switch a.kind {
	case argInt:
		return resp.AppendInt(b, int64(a.num))
	case argUint:
		return resp.AppendUint(b, a.num)
	case argFloat:
		return resp.AppendFloat(b, math.Float64frombits(a.num))
	}
	return resp.AppendBulk(b, a.text)
}

// valueArg takes a value out of the closed set. It calls no method on v and keeps no reference to the interface,
// so that the compiler can leave what v was made from on the caller's stack.
func valueArg(v any) (arg, error) {
	switch v := v.(type) {
	case string:
		return arg{text: v}, nil
	case []byte:
		return arg{text: view(v), kind: argBytes}, nil
	case int:
		return intArg(int64(v)), nil
	case int64:
		return intArg(v), nil
	case int32:
		return intArg(int64(v)), nil
	case int16:
		return intArg(int64(v)), nil
	case int8:
		return intArg(int64(v)), nil
	case uint:
		return uintArg(uint64(v)), nil
	case uint64:
		return uintArg(v), nil
	case uint32:
		return uintArg(uint64(v)), nil
	case uint16:
		return uintArg(uint64(v)), nil
	case uint8:
		return uintArg(uint64(v)), nil
	case float64:
		return floatArg(v), nil
	case float32:
		return floatArg(float64(v)), nil
	case bool:
		if v {
			return intArg(1), nil
		}
		return intArg(0), nil
	}
	return arg{}, valueError(reflect.TypeOf(v))
}

func intArg(n int64) arg     { return arg{num: uint64(n), kind: argInt} }
func uintArg(n uint64) arg   { return arg{num: n, kind: argUint} }
func floatArg(f float64) arg { return arg{num: math.Float64bits(f), kind: argFloat} }

// view reads b as a string without copying it.
func view(b []byte) string { return unsafe.String(unsafe.SliceData(b), len(b)) }

var (
	typeDuration = reflect.TypeFor[time.Duration]()
	typeTime     = reflect.TypeFor[time.Time]()
)

// valueError says why a value of type t cannot be sent, and what to do instead.
func valueError(t reflect.Type) error {
	switch t {
	case nil:
		return errors.New(`nil is no value: send "" or delete the key`)
	case typeDuration:
		return errors.New("a time.Duration has no unit in Redis: send d.Milliseconds(), d.Seconds() or d.String()")
	case typeTime:
		return errors.New("a time.Time has no single form in Redis: send t.Unix(), t.UnixMilli() or t.Format(time.RFC3339Nano)")
	}
	return fmt.Errorf("a value of type %v cannot be sent: convert it to a string, []byte, integer, float or bool", t)
}
