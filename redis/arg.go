package redis

import (
	"errors"
	"fmt"
	"math"
	"reflect"
	"strconv"
	"time"
	"unsafe"

	"github.com/fairlead-go/fairlead/resp"
)

// An arg is one argument of a command, kept as it was given until it is encoded: building a command allocates nothing.
// It is two words, since every command carries four of them to and fro: text is where it is and how long, with what it is
// in the two highest bits of the length; a number is its bits, with which kind of number it is in place of where.
type arg struct {
	at   unsafe.Pointer
	bits uint64
}

const (
	isKey   = 1 << 63 // the text names a key
	isBytes = 1 << 62 // the text is a view of the caller's bytes
	length  = isBytes - 1
)

// numbers are what an arg that is a number points at, to say which kind it is.
var numbers [3]byte

var (
	anInt  = unsafe.Pointer(&numbers[0])
	anUint = unsafe.Pointer(&numbers[1])
	aFloat = unsafe.Pointer(&numbers[2])
)

func textArg(s string) arg { return arg{unsafe.Pointer(unsafe.StringData(s)), uint64(len(s))} }

func keyArg(s string) arg { return arg{unsafe.Pointer(unsafe.StringData(s)), uint64(len(s)) | isKey} }

func bytesArg(b []byte) arg {
	return arg{unsafe.Pointer(unsafe.SliceData(b)), uint64(len(b)) | isBytes}
}

func intArg(n int64) arg     { return arg{anInt, uint64(n)} }
func uintArg(n uint64) arg   { return arg{anUint, n} }
func floatArg(f float64) arg { return arg{aFloat, math.Float64bits(f)} }

func (a *arg) isText() bool { return a.at != anInt && a.at != anUint && a.at != aFloat }

// has reports whether the argument is text of that kind.
func (a *arg) has(kind uint64) bool { return a.bits&kind != 0 && a.isText() }

// text is the text of an argument that is text.
func (a *arg) text() string { return unsafe.String((*byte)(a.at), int(a.bits&length)) }

func (a *arg) append(b []byte) []byte {
	if a.isText() {
		return resp.AppendBulk(b, a.text())
	}
	return a.appendNumber(b)
}

func (a *arg) appendNumber(b []byte) []byte {
	switch a.at {
	case anInt:
		return resp.AppendInt(b, int64(a.bits))
	case anUint:
		return resp.AppendUint(b, a.bits)
	}
	return resp.AppendFloat(b, math.Float64frombits(a.bits))
}

// size is about how many bytes append appends, its header aside: never less than the text.
func (a *arg) size() int {
	if !a.isText() {
		return 0
	}
	return int(a.bits & length)
}

// String is the argument as it is sent.
func (a *arg) String() string {
	switch a.at {
	case anInt:
		return strconv.FormatInt(int64(a.bits), 10)
	case anUint:
		return strconv.FormatUint(a.bits, 10)
	case aFloat:
		return resp.FormatFloat(math.Float64frombits(a.bits))
	}
	return a.text()
}

// becomeKey makes a key of a value, whatever it was given as.
func (a *arg) becomeKey() {
	bytes := a.bits & isBytes
	if !a.isText() {
		bytes = 0
	}
	*a = keyArg(a.String())
	a.bits |= bytes
}

// valueArg takes a value out of the closed set. It calls no method on v and keeps no reference to the interface,
// so that the compiler can leave what v was made from on the caller's stack.
func valueArg(v any) (arg, error) {
	switch v := v.(type) {
	case string:
		return textArg(v), nil
	case []byte:
		return bytesArg(v), nil
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
