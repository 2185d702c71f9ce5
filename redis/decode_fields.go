package redis

import (
	"fmt"
	"math"
	"strings"
	"time"

	"github.com/fairlead-go/fairlead/resp"
)

// A field's place says by its type how the field is read: *string, *int64, *float64, *bool, *[]string, or one of these.
type (
	inMillis   struct{ d *time.Duration } // milliseconds
	atMillis   struct{ t *time.Time }     // milliseconds since 1970; the zero time for 0
	atSeconds  struct{ t *time.Time }     // seconds since 1970; the zero time for 0
	commaWords struct{ words *[]string }  // words with commas between them
	roughInt   struct{ n *int64 }         // a whole number that may be written as another one; what is no number is 0
)

// readFields reads what is a map in RESP3 into the places of its fields. Fields without a place are passed over, and so are those
// that are null; if the whole is null, it is Nil.
func readFields(r resp.Reply, places map[string]any) error {
	return eachField(r, func(name string, value resp.Reply) error {
		place, known := places[name]
		if !known || value.IsNull() {
			return nil
		}
		if err := readField(value, place); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		return nil
	})
}

func readField(r resp.Reply, place any) (err error) {
	switch p := place.(type) {
	case *string:
		*p, err = readText(r)
	case *float64:
		*p, err = r.Float()
	case *bool:
		*p, err = r.Bool()
	case *[]string:
		*p, err = readStrings(r)
	case roughInt:
		var f float64
		if f, err = r.Float(); err == nil && math.Abs(f) < 1<<63 {
			*p.n = int64(f)
		}
	case commaWords:
		var text string
		if text, err = r.Str(); err == nil {
			*p.words = strings.Split(text, ",")
		}
	default:
		err = readNumberField(r, place)
	}
	return err
}

// readNumberField reads a field that is an integer.
func readNumberField(r resp.Reply, place any) error {
	n, err := r.Int()
	if err != nil {
		return err
	}
	switch p := place.(type) {
	case *int64:
		*p = n
	case inMillis:
		*p.d = time.Duration(n) * time.Millisecond
	case atMillis:
		if n != 0 {
			*p.t = time.UnixMilli(n)
		}
	case atSeconds:
		if n != 0 {
			*p.t = fromUnix(n)
		}
	}
	return nil
}
