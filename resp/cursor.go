package resp

import "strings"

// A Cursor walks over the elements of an aggregate. Copy it to come back to a place.
type Cursor struct {
	all string
	at  int // where the next element begins
}

// Next returns the next element and moves on; ok is false after the last.
func (c *Cursor) Next() (r Reply, ok bool) {
	s, at := c.all, c.at
	if at >= len(s) {
		return Reply{}, false
	}
	if Kind(s[at]) != BulkString || s[at+1] == '-' {
		return c.next()
	}
	// Most elements are strings: this is a short way for them.
	n, at := lengthAt(s, at)
	c.at = at + n + 2
	return Reply{kind: BulkString, text: s[at : at+n]}, true
}

// next is Next if there is an element.
func (c *Cursor) next() (r Reply, ok bool) {
	r, rest := cut(c.all[c.at:])
	c.at = len(c.all) - len(rest)
	return r, true
}

// The functions below read bytes that a Scanner found to be complete and valid, with parts of known length.
// They call themselves at most as deep as Limits.Depth.

// cut takes the first element off s, with the attributes before it.
func cut(s string) (r Reply, rest string) {
	if Kind(s[0]) != Attribute {
		return cutElement(s)
	}
	_, bare := cutAttributes(s)
	r, rest = cutElement(bare)
	return r.withAttributes(s[:len(s)-len(rest)]), rest
}

// cutLast is cut for bytes that are one element and nothing else: there is no need to look for its end.
func cutLast(s string) Reply {
	bare := s
	if Kind(s[0]) == Attribute {
		_, bare = cutAttributes(s)
	}
	var r Reply
	kind, line, after := header(bare)
	if n, ok := parseLength(line); ok && kind.Aggregate() {
		r = Reply{kind: kind, n: int64(elements(kind, n)), text: after}
	} else {
		r, _ = cutElement(bare)
	}
	if len(bare) < len(s) {
		return r.withAttributes(s)
	}
	return r
}

// withAttributes is the reply whose bytes, from its attributes on, are all.
func (r Reply) withAttributes(all string) Reply {
	r.attributed, r.text = true, all
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

// lengthAt returns the length of the string at, which is no null, and where its payload begins.
func lengthAt(s string, at int) (n, next int) {
	n = int(s[at+1] - '0')
	for at += 2; s[at] != '\r'; at++ {
		n = 10*n + int(s[at]-'0')
	}
	return n, at + 2
}

// skipElements returns where the n-th element of s ends.
func skipElements(s string, n int) (end int) {
	for ; n > 0; n-- {
		if Kind(s[end]) == BulkString && s[end+1] != '-' {
			length, text := lengthAt(s, end)
			end = text + length + 2
			continue
		}
		for Kind(s[end]) == Attribute {
			end += skip(s[end:])
		}
		end += skip(s[end:])
	}
	return end
}
