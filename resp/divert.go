package resp

// Divert makes the Scanner ask to, for each bulk string of 32 KiB or more that is a reply of its own and has not arrived as a whole, who
// takes it: n is its length. What to returns, unless it is nil, is called with the string's bytes in their order, in parts that are valid
// until it returns; the reply that Next returns after the last of them is an empty string. Both are called out of Room and Next.
// So a string of any length takes no more memory than one part, 128 KiB.
func (s *Scanner) Divert(to func(n int) func(part []byte)) { s.divert = to }

// passOn passes on what has arrived of the large string at hand, and returns the reply that stands for it once it is over.
func (s *Scanner) passOn() (Reply, bool, error) {
	l := &s.large
	ends := max(0, 2-s.need) // bytes of the CR LF that are there
	part := l.memory[:len(l.memory)-ends]
	if len(part) > 0 {
		l.to(part)
		l.passed += len(part)
		l.memory = append(l.memory[:0], l.memory[len(part):]...)
	}
	if s.need > 0 {
		return Reply{}, false, nil
	}
	done := s.large
	s.large = large{}
	if done.memory[0] != '\r' || done.memory[1] != '\n' {
		s.failed(done.head+done.passed, notEnded, done.memory)
		return Reply{}, false, s.err
	}
	s.taken += int64(done.head + done.passed + len(done.memory))
	return Reply{kind: BulkString}, true, nil
}
