package redis

import (
	"errors"
	"fmt"
	"reflect"
	"strings"
	"time"
)

// A tag is what a field's tag says: `redis:"name,option,…"`.
type tag struct {
	name      string // "" if it gives none
	omitEmpty bool   // what is empty is not written
	prefix    bool   // the fields of the struct inside count as the outer struct's own, with names that begin with name
	unit      unit
}

// A unit is what a time is counted in; the zero unit: it is text.
type unit struct {
	name   string       // as in the tag
	of     reflect.Type // typeTime, counted since 1970, or typeDuration
	length time.Duration
}

var units = map[string]unit{
	"unix":         {"unix", typeTime, time.Second},
	"unixmilli":    {"unixmilli", typeTime, time.Millisecond},
	"unixmicro":    {"unixmicro", typeTime, time.Microsecond},
	"unixnano":     {"unixnano", typeTime, time.Nanosecond},
	"seconds":      {"seconds", typeDuration, time.Second},
	"milliseconds": {"milliseconds", typeDuration, time.Millisecond},
	"microseconds": {"microseconds", typeDuration, time.Microsecond},
	"nanoseconds":  {"nanoseconds", typeDuration, time.Nanosecond},
}

// skipped is the name of a field that is left out.
const skipped = "-"

// readTag reads the tag of a field, and checks that its options fit the field's type.
func readTag(f reflect.StructField) (t tag, err error) {
	name, options, more := strings.Cut(f.Tag.Get("redis"), ",")
	t.name = name
	for more {
		var option string
		option, options, more = strings.Cut(options, ",")
		u, isUnit := units[option]
		switch {
		case option == "omitempty":
			t.omitEmpty = true
		case option == "prefix":
			t.prefix = true
		case isUnit && t.unit.of != nil:
			return t, fmt.Errorf("its tag counts it in %s and in something else", option)
		case isUnit && u.of != behindPointers(f.Type):
			return t, fmt.Errorf("its tag counts it in %s, which is for a %v, and it is %s", option, u.of, article(f.Type.String()))
		case isUnit:
			t.unit = u
		default:
			return t, fmt.Errorf("its tag has the option %q, which does not exist: there are omitempty; prefix for structs; "+
				"unix, unixmilli, unixmicro, unixnano for times; seconds, milliseconds, microseconds, nanoseconds for durations", option)
		}
	}
	return t, t.fitsPrefix(f)
}

// fitsPrefix checks the option prefix.
func (t *tag) fitsPrefix(f reflect.StructField) error {
	switch {
	case !t.prefix || t.name == skipped:
		return nil
	case t.name == "":
		return errors.New(`its tag has the option prefix, but not what the names begin with: write it as in redis:"home.,prefix"`)
	case t.omitEmpty:
		return errors.New("its tag has both prefix and omitempty: give omitempty to the fields inside")
	}
	if _, ok := plainStruct(f.Type); !ok {
		return fmt.Errorf("its tag has the option prefix, which is for structs, and it is %s", article(f.Type.String()))
	}
	return nil
}

// plainStruct returns the struct that t is or points to, and whether there is one that is read and written by its fields.
func plainStruct(t reflect.Type) (reflect.Type, bool) {
	if t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	_, special := specialPlans[t]
	return t, t.Kind() == reflect.Struct && !special && !readsItself(t)
}

// behindPointers is what t points to, over as many pointers as there are.
func behindPointers(t reflect.Type) reflect.Type {
	for range pointers(t) {
		t = t.Elem()
	}
	return t
}
