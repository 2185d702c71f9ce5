package redis

import (
	"reflect"
	"unsafe"
)

// copyBoxed returns a copy of the struct in v, or of the one that v points to: what v was made from can then stay on its caller's stack,
// as with values that need no reflection, while the methods of the copy may do with it what they like. t is the struct's type; if
// that isOneWord, v must be a pointer.
//
// Package reflect copies elements of slices without holding on to them, and so the struct is taken for a slice of one.
func copyBoxed(v any, t reflect.Type) reflect.Value {
	at := (*[2]unsafe.Pointer)(unsafe.Pointer(&v))[1] // an interface is a type and where the value is
	contentEscapes(at)
	from := struct {
		at       unsafe.Pointer
		len, cap int
	}{at, 1, 1}
	list := reflect.SliceOf(t)
	to := reflect.MakeSlice(list, 1, 1)
	reflect.Copy(to, reflect.NewAt(list, unsafe.Pointer(&from)).Elem())
	return to.Index(0)
}

// isOneWord reports whether an interface holds a value of this type itself, not where it is: it does if that is nothing but a pointer.
func isOneWord(t reflect.Type) bool {
	return t.Size() == unsafe.Sizeof(uintptr(0)) && hasPointers(t)
}

func hasPointers(t reflect.Type) bool {
	switch t.Kind() {
	case reflect.Pointer, reflect.Map, reflect.Chan, reflect.Func, reflect.UnsafePointer:
		return true
	case reflect.Array:
		return t.Len() > 0 && hasPointers(t.Elem())
	case reflect.Struct:
		for i := range t.NumField() {
			if hasPointers(t.Field(i).Type) {
				return true
			}
		}
	}
	return false
}

// contentEscapes tells the compiler that what is at p is copied to the heap: what that points to cannot stay on a stack.
func contentEscapes(p unsafe.Pointer) {
	if dummy.never {
		dummy.kept = *(*any)(p)
	}
}

var dummy struct {
	never bool
	kept  any
}
