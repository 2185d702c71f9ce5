package resp

import (
	"strings"
	"unsafe"
)

const (
	begunSize = 1 << 10                           // a large string is taken at its word once so much of the reply has arrived
	aheadSize = 1 << 20 << (6 * (^uint(0) >> 63)) // and gets memory for so many bytes on it: 64 MiB, or 1 MiB where addresses have 32 bits
)

// A large string, one of ownedSize or more that is a reply of its own, is read straight into the memory it stays in.
//
// The server's word for its length is trusted in proportion to what has arrived: nothing is reserved until begunSize bytes are
// there; then the whole string, if it has no more than aheadSize; of a longer one aheadSize, and when that is full eight times
// as much as has arrived. What is reserved is not touched before there are bytes for it, so that the system
// need not give any: a server that announces much and sends little costs addresses and a later garbage collection, no memory.
type large struct {
	kind   Kind
	head   int               // bytes of the line before it
	memory []byte            // what has arrived of it and the CR LF behind it; the capacity is what is reserved. nil: no such string is at hand
	to     func(part []byte) // takes it in parts; nil: it is kept. Then memory is what was not passed on yet
	passed int               // bytes passed on
}

// detach moves the large string at hand, of which the line and some bytes have arrived, out of the buffer.
func (s *Scanner) detach() {
	kind, line, arrived := header(view(s.buf[s.start:s.end]))
	n, _ := parseLength(line)
	s.large = large{kind: kind, head: s.end - s.start - len(arrived)}
	size := min(n+2, aheadSize+lineSize)
	if s.divert != nil && kind == BulkString {
		if s.large.to = s.divert(n); s.large.to != nil {
			size = max(stepSize, len(arrived))
		}
	}
	s.large.memory = append(reserve(size), arrived...)
	s.start, s.pos, s.end = 0, 0, 0
	s.need = n + 2 - len(arrived)
}

// room is where the next bytes of the string belong, of which so many are missing.
func (l *large) room(missing int) []byte {
	have := len(l.memory)
	if have == cap(l.memory) {
		more := min(int64(missing), 7*int64(have)) // 64 bits, where an int has 32
		l.memory = append(reserve(have+int(more)), l.memory...)
	}
	return l.memory[have:min(have+missing, cap(l.memory))]
}

// takeLarge returns the large string at hand, of which nothing is missing.
func (s *Scanner) takeLarge() (Reply, bool, error) {
	l := s.large
	s.large = large{}
	n := len(l.memory) - 2
	switch {
	case l.memory[n] != '\r' || l.memory[n+1] != '\n':
		s.failed(l.head+n, notEnded, l.memory[n:])
	case l.kind == VerbatimString && l.memory[3] != ':':
		s.failed(l.head, noFormat, l.memory)
	default:
		s.taken += int64(l.head + len(l.memory))
		return Reply{kind: l.kind, text: view(l.memory[:n])}, true, nil
	}
	return Reply{}, false, s.err
}

// reserve returns memory for n bytes or more, of which none is in use. It was not cleared, as it would be by make: that would
// touch all of it, and take longer than filling it once.
func reserve(n int) []byte {
	var b strings.Builder // the one way to such memory; it is nobody else's, since the builder is left behind
	b.Grow(n)
	_ = b.WriteByte(0) // now its string, of one byte, is where that memory begins
	return unsafe.Slice(unsafe.StringData(b.String()), b.Cap())[:0]
}
