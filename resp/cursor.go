package resp

import "strings"

// A Cursor walks over the elements of an aggregate. Copy it to come back to a place.
type Cursor struct{ rest string }

// Next returns the next element and moves on; ok is false after the last.
func (c *Cursor) Next() (r Reply, ok bool) {
	if c.rest == "" {
		return Reply{}, false
	}
	r, c.rest = cut(c.rest)
	return r, true
}

// The functions below read bytes that a Scanner found to be complete and valid, with parts of known length.
// They call themselves at most as deep as Limits.Depth.

// cut takes the first element off s, with the attributes before it.
func cut(s string) (r Reply, rest string) {
	if Kind(s[0]) != Attribute {
		return cutElement(s)
	}
	attr, s := cutAttributes(s)
	r, rest = cutElement(s)
	r.attr = attr
	return r, rest
}

// cutLast is cut for bytes that are one element and nothing else: there is no need to look for its end.
func cutLast(s string) Reply {
	attr := ""
	if Kind(s[0]) == Attribute {
		attr, s = cutAttributes(s)
	}
	if kind, line, after := header(s); kind.Aggregate() {
		if n, ok := parseLength(line); ok {
			return Reply{kind: kind, n: int64(elements(kind, n)), text: after, attr: attr}
		}
	}
	r, _ := cutElement(s)
	r.attr = attr
	return r
}

// cutAttributes takes all attributes off the front of s, and returns the last of them.
func cutAttributes(s string) (attr, rest string) {
	for Kind(s[0]) == Attribute {
		end := skip(s)
		attr, s = s[:end], s[end:]
	}
	return attr, s
}

// cutElement takes the first element off s, which begins with no attributes.
func cutElement(s string) (r Reply, rest string) {
	kind, line, after := header(s)
	switch kind {
	case BulkString, BulkError, VerbatimString:
		n, ok := parseLength(line)
		if !ok {
			return Reply{kind: Null}, after
		}
		return Reply{kind: kind, text: after[:n]}, after[n+2:]
	case Integer:
		n, _ := parseInt(line)
		return Reply{kind: kind, n: n}, after
	case Boolean:
		if line == "t" {
			return Reply{kind: kind, n: 1}, after
		}
		return Reply{kind: kind}, after
	case Null:
		return Reply{kind: kind}, after
	case Array, Map, Set, Push:
		n, ok := parseLength(line)
		if !ok {
			return Reply{kind: Null}, after
		}
		n = elements(kind, n)
		end := skipElements(after, n)
		return Reply{kind: kind, n: int64(n), text: after[:end]}, after[end:]
	}
	return Reply{kind: kind, text: line}, after
}

// textless reports whether the reply s holds no text that would share its memory.
func textless(s string) bool {
	switch Kind(s[0]) {
	case Integer, Boolean, Null:
		return true
	case BulkString, Array:
		return s[1] == '-'
	}
	return false
}

// header splits s after its first line.
func header(s string) (kind Kind, line, after string) {
	nl := strings.IndexByte(s, '\n')
	return Kind(s[0]), s[1 : nl-1], s[nl+1:]
}

// skip returns where the first element of s ends, its elements included; for attributes without what they are about.
func skip(s string) int {
	kind, line, after := header(s)
	size := len(s) - len(after)
	switch kind {
	case BulkString, BulkError, VerbatimString:
		if n, ok := parseLength(line); ok {
			return size + n + 2
		}
	case Array, Map, Set, Attribute, Push:
		if n, ok := parseLength(line); ok {
			return size + skipElements(after, elements(kind, n))
		}
	}
	return size
}

// skipElements returns where the n-th element of s ends.
func skipElements(s string, n int) (end int) {
	for ; n > 0; n-- {
		for Kind(s[end]) == Attribute {
			end += skip(s[end:])
		}
		end += skip(s[end:])
	}
	return end
}
