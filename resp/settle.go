package resp

import (
	"strconv"
	"strings"
)

// settle rewrites a complete reply that has streamed parts into one whose parts all have their length before them,
// so that only the scanner knows of streaming. No released server streams; the RESP3 specification allows it.
func settle(s string) string {
	const longer = len("*0000000000\r\n") - len("*?\r\n.\r\n") // what a stream grows by; a streamed string shrinks
	b := make([]byte, 0, len(s)+longer*strings.Count(s, "?\r\n"))
	for s != "" {
		b, s = settleElement(b, s)
	}
	return view(b) // b is written no more
}

// settleElement appends the first element of s, settled; it calls itself at most as deep as Limits.Depth allows.
func settleElement(b []byte, s string) (_ []byte, rest string) {
	kind, line, after := header(s)
	if line == "?" && kind == BulkString {
		return joinParts(b, after)
	}
	if line == "?" && kind.Aggregate() {
		return settleStream(b, kind, after)
	}
	if n, ok := parseLength(line); ok && kind.Aggregate() {
		b = appendHeader(b, kind, n)
		for i := elements(kind, n); i > 0; i-- {
			b, after = settleAttributes(b, after)
			b, after = settleElement(b, after)
		}
		return b, after
	}
	end := skip(s)
	return append(b, s[:end]...), s[end:]
}

// settleAttributes appends the attributes that come before an element, which do not count as elements.
func settleAttributes(b []byte, s string) (_ []byte, rest string) {
	for Kind(s[0]) == Attribute {
		b, s = settleElement(b, s)
	}
	return b, s
}

// settleStream appends the elements of s up to the end of their stream. Their number is known only then:
// it is written, with zeros before it, where room for it was left.
func settleStream(b []byte, kind Kind, s string) (_ []byte, rest string) {
	const width = 10 // maxElements has no more digits
	b = append(b, byte(kind))
	count := len(b)
	b = append(b, "0000000000\r\n"...)
	n := 0
	for ; Kind(s[0]) != streamEnd; n++ {
		b, s = settleAttributes(b, s)
		b, s = settleElement(b, s)
	}
	n /= elements(kind, 1)
	var digits [width]byte
	d := strconv.AppendInt(digits[:0], int64(n), 10)
	copy(b[count+width-len(d):], d)
	_, _, rest = header(s)
	return b, rest
}

// joinParts appends the parts of a streamed string as one bulk string.
func joinParts(b []byte, s string) (_ []byte, rest string) {
	size, parts := 0, s
	for n := -1; n != 0; size += n {
		n, _, s = part(s)
	}
	b = appendHeader(b, BulkString, size)
	for n, text := -1, ""; n != 0; b = append(b, text...) {
		n, text, parts = part(parts)
	}
	return append(b, '\r', '\n'), s
}

// part takes the first part off the rest of a streamed string; the last has no bytes and no CR LF after them.
func part(s string) (n int, text, rest string) {
	_, line, after := header(s)
	n, _ = parseLength(line)
	if n == 0 {
		return 0, "", after
	}
	return n, after[:n], after[n+2:]
}
