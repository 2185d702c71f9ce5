package resp

import "strconv"

// AppendReply appends v as a server sends it, its attributes first; what a [Scanner] makes of the bytes is v again.
//
// The encoder is for fakes and tests, and forgiving: a line feed or carriage return in what must be one line becomes a space,
// as Redis does it; a double without Str is written from Float; a verbatim string whose Format has not three letters is "txt";
// the last key of a map without a value is left out; a kind that is none is a null.
func AppendReply(b []byte, v Value) []byte {
	if len(v.Attrs) > 0 {
		b = appendElements(b, Attribute, v.Attrs)
	}
	switch v.Kind {
	case SimpleString, SimpleError, BigNumber:
		return appendLine(b, v.Kind, v.Str)
	case Integer:
		return appendLine(b, Integer, strconv.FormatInt(v.Int, 10))
	case Boolean:
		if v.Bool {
			return appendLine(b, Boolean, "t")
		}
		return appendLine(b, Boolean, "f")
	case Double:
		return appendLine(b, Double, v.digits())
	case BulkString, BulkError:
		return appendString(b, v.Kind, v.Str)
	case VerbatimString:
		format := v.Format
		if len(format) != 3 {
			format = "txt"
		}
		return appendString(b, VerbatimString, format+":"+v.Str)
	case Array, Map, Set, Attribute, Push:
		return appendElements(b, v.Kind, v.Elems)
	}
	return appendLine(b, Null, "")
}

// Append appends the reply as it was read, its attributes first: for those who pass replies on. What RESP2 has two forms for, the
// nil string and the nil array, is a null of RESP3; what was streamed has its length before it. The zero Reply is a null too.
func (r Reply) Append(b []byte) []byte {
	if r.attributed {
		return append(b, r.text...)
	}
	switch r.kind {
	case Integer:
		return appendLine(b, Integer, strconv.FormatInt(r.n, 10))
	case Boolean:
		return AppendReply(b, Value{Kind: Boolean, Bool: r.n != 0})
	case BulkString, BulkError, VerbatimString:
		return appendString(b, r.kind, r.text)
	case SimpleString, SimpleError, Double, BigNumber:
		return append(append(append(b, byte(r.kind)), r.text...), '\r', '\n')
	case Array, Map, Set, Attribute, Push:
		return append(appendHeader(b, r.kind, int(r.n)/elements(r.kind, 1)), r.text...)
	}
	return appendLine(b, Null, "")
}

// digits is a double as the server wrote it, or as Redis would.
func (v Value) digits() string {
	if v.Str != "" {
		return v.Str
	}
	return string(appendFloatText(nil, v.Float))
}

func appendElements(b []byte, kind Kind, elems []Value) []byte {
	n := len(elems) / elements(kind, 1)
	b = appendHeader(b, kind, n)
	for _, e := range elems[:elements(kind, n)] {
		b = AppendReply(b, e)
	}
	return b
}

func appendString(b []byte, kind Kind, s string) []byte {
	b = appendHeader(b, kind, len(s))
	b = append(b, s...)
	return append(b, '\r', '\n')
}

func appendLine(b []byte, kind Kind, s string) []byte {
	b = append(b, byte(kind))
	for i := 0; i < len(s); i++ {
		c := s[i]
		if c == '\r' || c == '\n' {
			c = ' '
		}
		b = append(b, c)
	}
	return append(b, '\r', '\n')
}
