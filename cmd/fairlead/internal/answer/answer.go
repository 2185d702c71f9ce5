// Package answer prints a reply in the three forms of redis-cli.
package answer

import (
	"io"
	"strconv"

	"github.com/fairlead-go/fairlead/resp"
)

// A Form is how a reply is printed.
type Form int

const (
	// Formatted is for people: strings in quotes, elements numbered. It is redis-cli's form on a terminal.
	Formatted Form = iota
	// Raw is for other programs: the bytes of strings as they are, elements one per line. It is redis-cli's --raw.
	Raw
	// JSON is redis-cli's --json, but valid JSON also where redis-cli's is not; an error is {"error":"…"}.
	JSON
)

// Write prints a reply and the line feed at its end.
func Write(w io.Writer, v resp.Value, form Form) error {
	var text []byte
	switch form {
	case Raw:
		text = appendRaw(nil, v)
	case JSON:
		text = v.AppendJSON(nil)
	default:
		text = []byte(v.String())
	}
	_, err := w.Write(append(text, '\n'))
	return err
}

// appendRaw appends the reply as redis-cli --raw prints it: elements are separated by line feeds, a key and its value
// by a space; an error has a line feed of its own after it; nil is nothing.
func appendRaw(b []byte, v resp.Value) []byte {
	switch v.Kind {
	case resp.SimpleError, resp.BulkError:
		return append(append(b, v.Str...), '\n')
	case resp.Integer:
		return strconv.AppendInt(b, v.Int, 10)
	case resp.Boolean:
		return append(strconv.AppendBool(append(b, '('), v.Bool), ')')
	case resp.Array, resp.Set, resp.Push:
		return appendRawElements(b, v.Elems, 1)
	case resp.Map:
		return appendRawElements(b, v.Elems, 2)
	}
	return append(b, v.Str...)
}

// appendRawElements appends elements, so many of them to a line.
func appendRawElements(b []byte, elems []resp.Value, perLine int) []byte {
	for i, e := range elems {
		switch {
		case i == 0:
		case i%perLine == 0:
			b = append(b, '\n')
		default:
			b = append(b, ' ')
		}
		b = appendRaw(b, e)
	}
	return b
}
