package resp

import "bytes"

// element scans one element at pos: a whole scalar, or the header of an aggregate.
// What its first byte makes wrong comes before what its line does, and that before what follows the line:
// so the error is the same whether the rest has arrived or not.
func (s *Scanner) element() progress {
	kind := Kind(s.buf[s.pos])
	if reason := s.misplaced(kind); reason != "" {
		return s.fail(s.pos, reason)
	}
	next, p := s.line()
	if next == 0 {
		return p
	}
	line := view(s.buf[s.pos+1 : next-2])
	switch kind {
	case BulkString, BulkError, VerbatimString:
		return s.bulk(kind, line, next)
	case Array, Map, Set, Attribute, Push:
		return s.open(kind, line, next)
	case chunk:
		return s.part(line, next)
	}
	if reason := checkLine(kind, line); reason != "" {
		return s.fail(s.pos, reason)
	}
	if kind == streamEnd {
		s.stack = s.stack[:len(s.stack)-1]
	}
	return s.ended(next)
}

// misplaced says why no element of this kind may stand at pos, or "".
func (s *Scanner) misplaced(kind Kind) string {
	switch {
	case !known(kind):
		return "no RESP type begins with this byte"
	case s.inString && kind != chunk:
		return "a streamed string interrupted by something else"
	case !s.inString && kind == chunk:
		return "a part of a streamed string outside of one"
	case kind == streamEnd:
		return s.endMisplaced()
	case len(s.stack) == 0:
		return ""
	case kind == Push:
		return "a push inside of a reply"
	case s.stack[len(s.stack)-1].left == 0:
		return tooMany
	}
	return ""
}

const tooMany = "more elements than Limits.Elements allows"

// endMisplaced says why no stream can end at pos, or "".
func (s *Scanner) endMisplaced() string {
	if len(s.stack) == 0 || !s.stack[len(s.stack)-1].stream {
		return "the end of a stream that did not begin"
	}
	top := s.stack[len(s.stack)-1]
	if top.kind == Map && top.left%2 != 0 {
		return "a streamed map that ends after a key"
	}
	if s.attributed {
		return "attributes of nothing"
	}
	return ""
}

// line returns where the line at pos ends, its line feed included; or 0 and why there is no such place.
func (s *Scanner) line() (next int, p progress) {
	most, reason := s.limits.Line+3, "a line longer than Limits.Line allows"
	if left := s.limits.Reply - (s.pos - s.start); left < most {
		most, reason = left, tooLong
	}
	arrived := s.buf[s.pos:min(s.end, s.pos+most)]
	i := bytes.IndexByte(arrived[s.looked:], '\n')
	switch {
	case i >= 0:
		i += s.looked
		s.looked = 0
	case len(arrived) == most:
		return 0, s.fail(s.pos, reason)
	default:
		s.looked, s.need = len(arrived), s.end-s.start+1
		return 0, waiting
	}
	if arrived[i-1] != '\r' { // the type's byte comes before them, and is neither
		return 0, s.fail(s.pos, "a line that does not end in CR LF")
	}
	return s.pos + i + 1, partial
}

// bulk scans a string that has its length before it, or the header of a streamed one.
func (s *Scanner) bulk(kind Kind, line string, next int) progress {
	if kind == BulkString && line == "?" {
		s.streamed, s.inString, s.joined = true, true, 0
		s.pos = next
		return partial
	}
	if kind == BulkString && line == "-1" {
		return s.ended(next)
	}
	n, ok := parseLength(line)
	switch {
	case !ok:
		return s.fail(s.pos, "a length that is no number")
	case n > s.limits.Bulk:
		return s.fail(s.pos, tooBig)
	case kind == VerbatimString && n < 4:
		return s.fail(s.pos, noFormat)
	}
	if p := s.payload(n, next); p != whole {
		return p
	}
	if kind == VerbatimString && s.buf[next+3] != ':' {
		return s.fail(next, noFormat)
	}
	return s.ended(next + n + 2)
}

const (
	tooBig   = "a string longer than Limits.Bulk allows"
	notEnded = "a string that is not followed by CR LF"
	noFormat = "a verbatim string without its format"
)

// part scans one part of a streamed string; the last is empty.
func (s *Scanner) part(line string, next int) progress {
	n, ok := parseLength(line)
	switch {
	case !ok:
		return s.fail(s.pos, "a length that is no number")
	case n == 0:
		s.inString = false
		return s.ended(next)
	case n > s.limits.Bulk-s.joined:
		return s.fail(s.pos, tooBig)
	}
	if p := s.payload(n, next); p != whole {
		return p
	}
	s.joined += n
	s.pos = next + n + 2
	return partial
}

// payload reports whether the n bytes of a string at next and the CR LF after them are there.
func (s *Scanner) payload(n, next int) progress {
	if n > s.limits.Reply-(next-s.start)-2 {
		return s.fail(s.pos, tooLong)
	}
	end := next + n
	if end+2 > s.end {
		s.need = end + 2 - s.start
		return waiting
	}
	if s.buf[end] != '\r' || s.buf[end+1] != '\n' {
		return s.fail(end, notEnded)
	}
	return whole
}
