package resp

// run scans what most aggregates hold in one loop, without the general machinery: strings, numbers and nulls that are short
// and complete, and aggregates of these. It reports what the last of them came to, or waiting if there was none.
// Whatever it leaves alone, element sees.
func (s *Scanner) run() progress {
	if !s.quick || len(s.stack) == 0 || s.inString {
		return waiting
	}
	b := s.buf[:min(s.end, s.start+s.limits.Reply-1)] // what ends behind that may be too much
	done := s.runHeader(b)
	top := &s.stack[len(s.stack)-1]
	at, left := s.pos, top.left
	for next := 0; left > 0 && at < len(b); left-- {
		switch Kind(b[at]) {
		case BulkString:
			next = stringEnd(b, at, s.limits.Bulk)
		case Integer, Double:
			next = numberEnd(b, at)
		case Null:
			next = fixedEnd(b, at, "_\r\n")
		default:
			next = 0
		}
		if next == 0 {
			break
		}
		at = next
	}
	if left == top.left {
		return done
	}
	top.left, s.looked = left+1, 0
	return s.ended(at)
}

// runHeader opens the aggregate at pos, if it is a short one with elements and allowed there, and reports partial if it did.
func (s *Scanner) runHeader(b []byte) progress {
	kind := Kind(s.buf[s.pos])
	if kind != Array && kind != Map && kind != Set {
		return waiting
	}
	const digits = 7
	first := s.pos + 1
	line := b[:min(len(b), first+digits+2)]
	end := digitsEnd(line, first)
	next := fixedEnd(line, end, "\r\n")
	if next == 0 || len(s.stack) == s.limits.Depth || s.stack[len(s.stack)-1].left == 0 {
		return waiting
	}
	n, ok := parseLength(view(line[first:end]))
	if !ok || n == 0 || n > s.limits.Elements {
		return waiting
	}
	s.looked = 0
	return s.push(level{left: elements(kind, n), kind: kind}, next)
}

// The functions below return where an element that begins at ends, if all of it is there, short and as it should be; or else 0.
// They look at no more than a few bytes of its line, since they may do so again when more of it has arrived.

// stringEnd is about a string of most bytes at most, or a null.
func stringEnd(b []byte, at, most int) int {
	const digits = 7
	n, i := 0, at+1
	for ; i < len(b) && i <= at+digits && b[i]-'0' <= 9; i++ {
		n = 10*n + int(b[i]-'0')
	}
	end := i + 2 + n
	switch {
	case i == at+1:
		return fixedEnd(b, at, "$-1\r\n")
	case n > most, end+2 > len(b), b[i] != '\r', b[i+1] != '\n', b[end] != '\r', b[end+1] != '\n':
		return 0
	}
	return end + 2
}

// numberEnd is about an integer, or a double without an exponent.
func numberEnd(b []byte, at int) int {
	const digits = 18 // they fit 64 bits
	line := b[:min(len(b), at+1+len("-.")+digits+2)]
	i := at + 1
	if i < len(line) && line[i] == '-' {
		i++
	}
	end := digitsEnd(line, i)
	ok := end > i && end <= i+digits
	if Kind(b[at]) == Double && end < len(line) && line[end] == '.' {
		i = end + 1
		end = digitsEnd(line, i)
		ok = ok && end > i
	}
	if !ok {
		return 0
	}
	return fixedEnd(line, end, "\r\n")
}

func digitsEnd(b []byte, at int) int {
	for at < len(b) && b[at]-'0' <= 9 {
		at++
	}
	return at
}

// fixedEnd is about an element that is these bytes.
func fixedEnd(b []byte, at int, wire string) int {
	if end := at + len(wire); end <= len(b) && string(b[at:end]) == wire {
		return end
	}
	return 0
}
