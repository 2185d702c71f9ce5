package resp

import "unsafe"

const (
	restSize  = 4 << 10       // the buffer of a connection that reads little
	roomSize  = 16 << 10      // the buffer of one that reads more, while its replies are small
	ownedSize = 32 << 10      // a string from here on, with no aggregate around it, is read into memory of its own
	largeSize = 2 * ownedSize // a buffer beyond this goes with the reply in it, or is given up once small replies follow
	lineSize  = 128           // growth leaves this much for the lines around a string of a round length
	stepSize  = 128 << 10     // no more is read at once: larger reads are no faster, and nobody knows how long they hold up others
)

// Room returns where the next bytes of the stream belong; it is never empty, and valid until the next call of any method.
// Take every reply that is complete before asking for room: what is not taken is kept.
func (s *Scanner) Room() []byte {
	room := s.room()
	return room[:min(len(room), stepSize)]
}

func (s *Scanner) room() []byte {
	if s.start == s.end {
		s.start, s.pos, s.end = 0, 0, 0
	}
	size, used := len(s.buf), s.end-s.start
	if used >= begunSize && s.need >= ownedSize && s.awaitsString() {
		s.detach()
	}
	if s.large.memory != nil {
		return s.large.room(s.need)
	}
	switch {
	case size == 0:
		s.move(make([]byte, restSize))
	case used == size, s.need > size && size >= roomSize && size-used < size/8:
		s.move(make([]byte, s.larger(used)))
	case size > largeSize && used <= restSize && s.need <= roomSize:
		s.move(make([]byte, roomSize))
	case size < roomSize && size-s.end < max(s.need-used, size/4):
		s.move(make([]byte, roomSize))
	case s.start > 0 && size-s.end < max(s.need-used, size/4):
		s.move(s.buf) // a reply is moved so at most once: from then on it begins at 0
	}
	return s.buf[s.end:]
}

// larger is the size of the next buffer for a reply of which used bytes have arrived:
// what the string at hand is known to need, and the aggregate at hand seems to need, but at most four times what has come;
// twice at least, for nobody knows what else the reply needs.
func (s *Scanner) larger(used int) int {
	size := max(s.need, s.expected())
	if size/4 > used+lineSize {
		size = 4 * (used + lineSize)
	}
	return max(size, 2*used, roomSize)
}

// awaitsString reports whether the reply at hand is a string of known length, no part of anything larger, that is still arriving.
func (s *Scanner) awaitsString() bool {
	return s.pos == s.start && s.looked == 0 && s.need > s.end-s.start
}

// move makes to the buffer, with the bytes not taken at its front.
func (s *Scanner) move(to []byte) {
	s.end = copy(to, s.buf[s.start:s.end])
	s.buf, s.pos, s.start = to, s.pos-s.start, 0
}

// Grew says that n bytes were read into Room.
func (s *Scanner) Grew(n int) {
	if l := &s.large; l.memory != nil {
		l.memory = l.memory[:len(l.memory)+n]
		s.need -= n
		return
	}
	s.end += n
}

// Shrink gives a large buffer back to the memory manager. Call it between replies, when the stream falls quiet.
func (s *Scanner) Shrink() {
	if s.Idle() && len(s.buf) > restSize {
		s.buf, s.start, s.pos, s.end = nil, 0, 0, 0
	}
}

// take returns the complete reply [start, pos) and moves on.
func (s *Scanner) take() Reply {
	raw := s.buf[s.start:s.pos]
	text := view(raw)
	s.passed(len(raw))
	switch {
	case textless(text):
		r, _ := cut(text)
		return r
	case len(s.buf) > largeSize && 2*len(raw) >= len(s.buf):
		// The old buffer is the reply's from now on; the Scanner never sees it again.
		s.move(make([]byte, max(roomSize, s.end-s.start)))
	default:
		text = string(raw)
	}
	if s.streamed {
		text, s.streamed = settle(text), false
	}
	return cutLast(text)
}

// passed moves on over n bytes that were a whole reply.
func (s *Scanner) passed(n int) {
	s.start += n
	s.pos = s.start
	s.taken += int64(n)
	s.need, s.looked = 0, 0
}

// view is b as a string that is right only until b is written again.
func view(b []byte) string { return unsafe.String(unsafe.SliceData(b), len(b)) }
