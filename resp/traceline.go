package resp

import (
	"strconv"
	"strings"
)

// command appends the line of a command.
func (o TraceOptions) command(b []byte, r Reply) []byte {
	words := r.Elements()
	name, _ := words.Next()
	b = appendQuoted(append(b, "command "...), name.Text())
	o.Redact = o.Redact || mayHoldPassword(name.Text())
	for w, ok := words.Next(); ok; w, ok = words.Next() {
		b = o.payload(append(b, ' '), w.Text())
	}
	return append(b, '\n')
}

func mayHoldPassword(command string) bool {
	switch strings.ToUpper(command) {
	case "AUTH", "HELLO", "ACL", "CONFIG", "MIGRATE", "SENTINEL":
		return true
	}
	return false
}

// broken appends the line of a stream that is no RESP.
func (o TraceOptions) broken(b []byte, e *ProtocolError) []byte {
	b = strconv.AppendInt(b, e.Offset, 10)
	b = appendQuoted(append(b, " broken "...), e.Reason)
	if !o.Redact {
		b = append(append(b, ' '), e.Excerpt...)
	}
	return append(b, '\n')
}

// reply appends the lines of a reply after b, which ends with begin, the beginning of its line;
// depth aggregates are around it.
func (o TraceOptions) reply(b []byte, begin string, depth int, r Reply) []byte {
	if attributes, ok := r.Attributes(); ok {
		b = o.reply(b, begin, depth, attributes)
		b = append(b, begin...)
	}
	b = append(b, r.kind.String()...)
	if !r.kind.Aggregate() {
		return append(o.scalar(b, r), '\n')
	}
	n := r.Len() / elements(r.kind, 1)
	b = append(strconv.AppendInt(append(b, ' '), int64(n), 10), '\n')
	begin = begin[:1] + strings.Repeat("  ", depth+1) + " "
	inside := r.Elements()
	for e, ok := inside.Next(); ok; e, ok = inside.Next() {
		b = o.reply(append(b, begin...), begin, depth+1, e)
	}
	return b
}

// scalar appends what follows the type of a reply that holds no others.
func (o TraceOptions) scalar(b []byte, r Reply) []byte {
	switch r.kind {
	case SimpleString, BulkString:
		return o.payload(append(b, ' '), r.Text())
	case VerbatimString:
		b = append(append(b, ' '), r.Format()...)
		return o.payload(append(b, ' '), r.Text())
	case SimpleError, BulkError:
		if code := ParseError(r.Text()).Code; code != "" {
			b = append(append(b, ' '), code...)
		}
		return o.payload(append(b, ' '), r.Text())
	case Null:
		return b
	}
	if o.Redact {
		return b
	}
	b = append(b, ' ')
	if r.kind == Boolean {
		return strconv.AppendBool(b, r.n != 0)
	}
	return append(b, r.Text()...)
}

// payload appends a string, or what of it may be seen.
func (o TraceOptions) payload(b []byte, s string) []byte {
	switch {
	case o.Redact:
		return append(appendBytes(append(b, '('), len(s)), ')')
	case len(s) > o.Payload:
		b = appendQuoted(b, s[:o.Payload])
		return appendBytes(append(b, "… "...), len(s))
	}
	return appendQuoted(b, s)
}

func appendBytes(b []byte, n int) []byte {
	b = strconv.AppendInt(b, int64(n), 10)
	if n == 1 {
		return append(b, " byte"...)
	}
	return append(b, " bytes"...)
}
