package resp

import "math"

// open scans the header of an aggregate.
func (s *Scanner) open(kind Kind, line string, next int) progress {
	if kind == Array && line == "-1" {
		return s.ended(next)
	}
	if line == "?" && kind != Attribute && kind != Push {
		s.streamed = true
		return s.push(level{left: elements(kind, s.limits.Elements), stream: true, kind: kind}, next)
	}
	n, ok := parseLength(line)
	switch {
	case !ok:
		return s.fail(s.pos, "a number of elements that is no number")
	case n > s.limits.Elements:
		return s.fail(s.pos, tooMany)
	case n > 0:
		return s.push(level{left: elements(kind, n), kind: kind}, next)
	case kind == Attribute:
		s.attributed, s.pos = true, next
		return partial
	}
	return s.ended(next)
}

// push opens an aggregate that has elements.
func (s *Scanner) push(l level, next int) progress {
	if len(s.stack) == s.limits.Depth {
		return s.fail(s.pos, "aggregates nested deeper than Limits.Depth allows")
	}
	l.all = l.left
	s.stack = append(s.stack, l)
	s.attributed, s.pos = false, next
	return partial
}

// ended counts the element that ends before next in the aggregates around it.
func (s *Scanner) ended(next int) progress {
	s.attributed, s.pos = false, next
	for top := len(s.stack) - 1; top >= 0; top-- {
		l := &s.stack[top]
		l.left--
		if l.stream || l.left > 0 {
			return partial
		}
		s.stack = s.stack[:top]
		if l.kind == Attribute {
			s.attributed = true
			return partial
		}
	}
	return whole
}

// expected is how many bytes the reply at hand will have, if the elements that are still to come of the outermost aggregate
// are like those that came, and a little more; 0 as long as nobody knows.
func (s *Scanner) expected() int {
	const few, spare = 16, 17.0 / 16
	if len(s.stack) == 0 || s.stack[0].stream || s.stack[0].all-s.stack[0].left < few {
		return 0
	}
	l, came := s.stack[0], float64(s.pos-s.start)
	return int(min(maxBytes, came*spare/float64(l.all-l.left)*float64(l.all)))
}

// elements is how many elements an aggregate of n holds: two for each pair of a map.
func elements(kind Kind, n int) int {
	if kind == Map || kind == Attribute {
		return 2 * n
	}
	return n
}

// parseLength reads a length of decimal digits. One that fits no int is the largest int, which is past any limit.
func parseLength(line string) (n int, ok bool) {
	for i := 0; i < len(line); i++ {
		d := line[i] - '0'
		if d > 9 {
			return 0, false
		}
		if n > (math.MaxInt-9)/10 {
			n = math.MaxInt
			continue
		}
		n = 10*n + int(d)
	}
	return n, len(line) > 0
}
