package resp

import (
	"encoding/json"
	"math"
	"strconv"
	"unicode/utf8"
)

// AppendJSON appends the value as redis-cli --json prints it: strings and numbers as such, arrays, sets and pushes as arrays,
// maps as objects in the server's order, a key that is no string as its own JSON in a string; attributes are left out.
//
// Where redis-cli prints what is no JSON, this does not: an error is {"error":"ERR …"}, inf and nan are strings, a number whose
// digits JSON does not know gets others (.5 is 0.5) or becomes a string, and a string that is no UTF-8 has the escapes that
// [Value.String] has (\xff).
func (v Value) AppendJSON(b []byte) []byte {
	switch v.Kind {
	case SimpleString, BulkString, VerbatimString:
		return appendJSONString(b, v.Str)
	case SimpleError, BulkError:
		return append(appendJSONString(append(b, `{"error":`...), v.Str), '}')
	case Integer:
		return strconv.AppendInt(b, v.Int, 10)
	case Double, BigNumber:
		return v.appendJSONNumber(b)
	case Boolean:
		return strconv.AppendBool(b, v.Bool)
	case Array, Set, Push:
		return v.appendJSONArray(b)
	case Map, Attribute:
		return v.appendJSONObject(b)
	}
	return append(b, "null"...)
}

// MarshalJSON returns what [Value.AppendJSON] appends. The error is always nil.
func (v Value) MarshalJSON() ([]byte, error) { return v.AppendJSON(nil), nil }

func (v Value) appendJSONNumber(b []byte) []byte {
	digits := v.Str
	if v.Kind == Double {
		digits = v.digits()
	}
	switch {
	case json.Valid([]byte(digits)): // of what the Scanner lets through, only numbers are
		return append(b, digits...)
	case v.Kind == Double && !math.IsInf(v.Float, 0) && !math.IsNaN(v.Float):
		return appendFloatText(b, v.Float)
	}
	return appendJSONString(b, digits)
}

func (v Value) appendJSONArray(b []byte) []byte {
	b = append(b, '[')
	for i, e := range v.Elems {
		if i > 0 {
			b = append(b, ',')
		}
		b = e.AppendJSON(b)
	}
	return append(b, ']')
}

func (v Value) appendJSONObject(b []byte) []byte {
	b = append(b, '{')
	for i := 0; i+1 < len(v.Elems); i += 2 {
		if i > 0 {
			b = append(b, ',')
		}
		key := v.Elems[i].AppendJSON(nil)
		if key[0] == '"' {
			b = append(b, key...)
		} else {
			b = appendJSONString(b, string(key))
		}
		b = append(b, ':')
		b = v.Elems[i+1].AppendJSON(b)
	}
	return append(b, '}')
}

// appendJSONString appends s as a JSON string with no more escapes than JSON wants.
func appendJSONString(b []byte, s string) []byte {
	if !utf8.ValidString(s) {
		quoted := appendQuoted(nil, s)
		s = string(quoted[1 : len(quoted)-1])
	}
	const hex = "0123456789abcdef"
	b = append(b, '"')
	for i := 0; i < len(s); i++ {
		switch c := s[i]; c {
		case '"', '\\':
			b = append(b, '\\', c)
		case '\n':
			b = append(b, '\\', 'n')
		case '\r':
			b = append(b, '\\', 'r')
		case '\t':
			b = append(b, '\\', 't')
		case '\b':
			b = append(b, '\\', 'b')
		case '\f':
			b = append(b, '\\', 'f')
		default:
			if c < ' ' {
				b = append(b, '\\', 'u', '0', '0', hex[c>>4], hex[c&15])
				continue
			}
			b = append(b, c)
		}
	}
	return append(b, '"')
}
