package resp

const maxShort = 32 // bytes of a reply that short takes, its payload aside

// short takes the replies most commands get, small and complete, without the general machinery.
// Whatever it leaves alone, element sees; then its Reply means nothing.
func (s *Scanner) short() (Reply, bool) {
	b := s.buf[s.start:s.end]
	if len(b) < 3 {
		return Reply{}, false
	}
	switch b[0] {
	case '$':
		if b[1] == '-' {
			return Reply{kind: Null}, s.fixed(b, "$-1\r\n")
		}
		return s.shortString(b)
	case ':':
		return s.shortInteger(b)
	case '+':
		if b[1] == 'Q' { // what every command of a transaction is answered with before EXEC
			return Reply{kind: SimpleString, text: "QUEUED"}, s.fixed(b, "+QUEUED\r\n")
		}
		return Reply{kind: SimpleString, text: "OK"}, s.fixed(b, "+OK\r\n")
	case '_':
		return Reply{kind: Null}, s.fixed(b, "_\r\n")
	}
	return Reply{}, false
}

// fixed moves on over these bytes if they are what b begins with.
func (s *Scanner) fixed(b []byte, wire string) bool {
	if len(b) < len(wire) || string(b[:len(wire)]) != wire {
		return false
	}
	s.passed(len(wire))
	return true
}

func (s *Scanner) shortString(b []byte) (Reply, bool) {
	n, i := 0, 1
	for ; i < 6 && i < len(b) && b[i]-'0' <= 9; i++ {
		n = 10*n + int(b[i]-'0')
	}
	text := i + 2
	end := text + n
	if i == 1 || n >= ownedSize || n > s.limits.Bulk || end+2 > len(b) ||
		b[i] != '\r' || b[i+1] != '\n' || b[end] != '\r' || b[end+1] != '\n' {
		return Reply{}, false
	}
	s.passed(end + 2)
	return Reply{kind: BulkString, text: string(b[text:end])}, true
}

func (s *Scanner) shortInteger(b []byte) (Reply, bool) {
	n, first := int64(0), 1
	if b[1] == '-' {
		first = 2
	}
	i := first
	for ; i < first+18 && i < len(b) && b[i]-'0' <= 9; i++ { // 18 digits cannot overflow
		n = 10*n + int64(b[i]-'0')
	}
	if i == first || i+2 > len(b) || b[i] != '\r' || b[i+1] != '\n' {
		return Reply{}, false
	}
	if first == 2 {
		n = -n
	}
	s.passed(i + 2)
	return Reply{kind: Integer, n: n}, true
}
