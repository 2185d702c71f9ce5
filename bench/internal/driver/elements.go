package driver

import (
	"fmt"

	"github.com/fairlead-go/fairlead/redis"
)

// Elements is the reply of MGET, HGETALL or LRANGE in the shape that its client gives it; one field is set.
type Elements struct {
	Strings  []string
	Values   []any
	Optional []redis.Optional[string]
	Fields   map[string]string
	Dropped  Dropped
}

// Dropped is a reply whose elements were read and thrown away.
type Dropped struct{ Count, Bytes int }

// Len is how many elements came. The fields of a hash count once, with their values.
func (e Elements) Len() int {
	return len(e.Strings) + len(e.Values) + len(e.Optional) + len(e.Fields) + e.Dropped.Count
}

// Check looks at every element: strings must be value, and the fields of a hash must be named by field. Of a dropped reply only
// the number of bytes can be looked at.
func (e Elements) Check(value string, field func(i int) string) error {
	for i, got := range e.Strings {
		if got != value {
			return fmt.Errorf("element %d is %q, not %q", i, got, value)
		}
	}
	for i, got := range e.Values {
		if got != value {
			return fmt.Errorf("element %d is %v, not %q", i, got, value)
		}
	}
	for i, got := range e.Optional {
		if got.Value != value {
			return fmt.Errorf("element %d is %q, not %q", i, got.Value, value)
		}
	}
	for i := range len(e.Fields) {
		if got := e.Fields[field(i)]; got != value {
			return fmt.Errorf("field %q is %q, not %q", field(i), got, value)
		}
	}
	if e.Dropped.Bytes < e.Dropped.Count*len(value) {
		return fmt.Errorf("%d elements of only %d bytes in all", e.Dropped.Count, e.Dropped.Bytes)
	}
	return nil
}

// notOK is the error of a status that is not OK.
func notOK(command, status string) error {
	return fmt.Errorf("%s was answered with %q, not OK", command, status)
}
