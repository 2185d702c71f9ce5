package resp

import (
	"strconv"
	"strings"
)

// String returns the value as redis-cli prints it to a terminal, without the line feed at the end: bulk strings in quotes,
// (integer) 1, (nil), (error) …, elements numbered and indented, a set's with ~, a map's as 1# key => value.
// Simple and verbatim strings come as they are, whatever bytes they hold.
//
// What redis-cli cannot print: big numbers are (big number) …, bulk errors are printed like simple ones, attributes are left out.
func (v Value) String() string { return string(v.appendTTY(nil, "")) }

// appendTTY appends the value; indent goes before each of its lines but the first.
func (v Value) appendTTY(b []byte, indent string) []byte {
	switch v.Kind {
	case SimpleString, VerbatimString:
		return append(b, v.Str...)
	case BulkString:
		return appendQuoted(b, v.Str)
	case SimpleError, BulkError:
		return append(append(b, "(error) "...), v.Str...)
	case Integer:
		return strconv.AppendInt(append(b, "(integer) "...), v.Int, 10)
	case Double:
		return append(append(b, "(double) "...), v.digits()...)
	case BigNumber:
		return append(append(b, "(big number) "...), v.Str...)
	case Boolean:
		return append(strconv.AppendBool(append(b, '('), v.Bool), ')')
	case Array, Push:
		return v.appendList(b, indent, ')')
	case Set:
		return v.appendList(b, indent, '~')
	case Map, Attribute:
		return v.appendPairs(b, indent)
	}
	return append(b, "(nil)"...)
}

func (v Value) appendList(b []byte, indent string, mark byte) []byte {
	if len(v.Elems) == 0 {
		return append(append(append(b, "(empty "...), v.Kind.String()...), ')')
	}
	width := len(strconv.Itoa(len(v.Elems)))
	deeper := indent + strings.Repeat(" ", width+2)
	for i, e := range v.Elems {
		b = appendNumber(b, indent, i, width, mark)
		b = e.appendTTY(b, deeper)
	}
	return b
}

func (v Value) appendPairs(b []byte, indent string) []byte {
	pairs := len(v.Elems) / 2
	if pairs == 0 {
		return append(b, "(empty hash)"...)
	}
	width := len(strconv.Itoa(pairs))
	deeper := indent + strings.Repeat(" ", width+2)
	for i := range pairs {
		key, value := v.Elems[2*i], v.Elems[2*i+1]
		b = appendNumber(b, indent, i, width, '#')
		b = key.appendTTY(b, deeper)
		b = append(b, " => "...)
		if value.branches() {
			b = append(append(b, '\n'), deeper...)
		}
		b = value.appendTTY(b, deeper)
	}
	return b
}

// appendNumber begins the line of element i.
func appendNumber(b []byte, indent string, i, width int, mark byte) []byte {
	if i > 0 {
		b = append(append(b, '\n'), indent...)
	}
	number := strconv.Itoa(i + 1)
	for range width - len(number) {
		b = append(b, ' ')
	}
	return append(append(b, number...), mark, ' ')
}

// branches reports whether the value, as one of a map, begins on a line of its own: there is more than one element in it,
// or in its only one.
func (v Value) branches() bool {
	for {
		per := elements(v.Kind, 1)
		if n := len(v.Elems) / per; n != 1 {
			return n > 1
		}
		v = v.Elems[per-1]
	}
}
