package resp

// A Scanner cuts a stream of bytes into replies. It does no I/O: its user reads into [Scanner.Room],
// says how much came with [Scanner.Grew], and takes replies from [Scanner.Next] until there are no more.
// A reply may arrive in any number of parts: the replies, the errors and their offsets are the same
// however the stream was cut, and no payload is looked at twice. Make one with [NewScanner].
// Not safe for concurrent use.
//
// The buffer holds, in this order:
//
//	[0, start)    replies already taken
//	[start, pos)  the scanned part of the reply at hand
//	[pos, end)    bytes not scanned yet
//	[end, len)    room to read into
//
// It grows only with bytes that have arrived: at most fourfold, whatever length a server announces. A large string that is
// a reply of its own leaves it: while that arrives, the buffer is empty.
type Scanner struct {
	limits Limits
	quick  bool // the limits allow all that short takes

	buf             []byte
	start, pos, end int
	taken           int64 // bytes of all replies taken, the offset of start in the stream
	large           large // the large string that is arriving

	need       int            // bytes from start that the reply at hand takes at least, as far as known; 0 between replies
	looked     int            // bytes from pos on that are known to hold no line feed
	stack      []level        // aggregates not complete yet, outermost first
	attributed bool           // attributes were just scanned; what they are about has not come
	streamed   bool           // the reply at hand has parts of unknown length
	inString   bool           // a streamed string has begun and not ended
	joined     int            // bytes of that string so far
	err        *ProtocolError // what ended the stream
}

// A level is an aggregate whose elements are still arriving.
type level struct {
	left   int  // elements still to come; of a stream, elements it may still have
	all    int  // elements in all; of a stream, elements it may have
	stream bool // it ends with a line of its own, not with the last of its elements
	kind   Kind
}

// progress is what scanning one element came to.
type progress byte

const (
	// waiting: the element has not arrived as a whole; need says how many bytes it takes at least.
	waiting progress = iota
	// partial: the element was scanned; the reply it belongs to has more of them.
	partial
	// whole: the element was the last of its reply.
	whole
	// broken: the stream is no RESP, or past a limit; err says why.
	broken
)

// NewScanner returns a Scanner that obeys the limits.
func NewScanner(l Limits) *Scanner {
	l = l.withDefaults()
	return &Scanner{limits: l, quick: l.Line >= maxShort && l.Reply >= ownedSize+maxShort}
}

// LongLines lets a line be as long as a whole reply from now on, for MONITOR: that tells commands with all their arguments in lines.
func (s *Scanner) LongLines() { s.limits.Line = s.limits.Reply }

// Idle reports whether no part of a reply has arrived: the stream is between two replies.
func (s *Scanner) Idle() bool { return s.start == s.end && s.large.memory == nil }

// Missing returns how many bytes of the reply at hand are known to be still on their way.
func (s *Scanner) Missing() int { return max(0, s.need-(s.end-s.start)) }

// Offset returns how many bytes of replies have been taken since the stream began.
func (s *Scanner) Offset() int64 { return s.taken }

// Next returns the next complete reply, or ok false if more bytes are needed for it.
// The error is a *ProtocolError; after it the Scanner gives only that error.
func (s *Scanner) Next() (r Reply, ok bool, err error) {
	if s.err != nil {
		return Reply{}, false, s.err
	}
	if s.pos == s.end || s.need > s.end-s.start {
		if s.need == 0 && s.large.memory != nil {
			return s.takeLarge()
		}
		return Reply{}, false, nil
	}
	if s.quick && s.pos == s.start {
		if r, ok = s.short(); ok {
			return r, true, nil
		}
	}
	for s.pos < s.end {
		p := s.run()
		if p == waiting {
			p = s.element()
		}
		switch p {
		case waiting:
			return Reply{}, false, nil
		case whole:
			return s.take(), true, nil
		case broken:
			return Reply{}, false, s.err
		}
		if s.pos-s.start >= s.limits.Reply {
			s.fail(s.pos, tooLong)
			return Reply{}, false, s.err
		}
	}
	s.need = s.pos - s.start + 1
	return Reply{}, false, nil
}

const tooLong = "a reply longer than Limits.Reply allows"

// fail ends the stream for a reason found at index at of the buffer.
func (s *Scanner) fail(at int, reason string) progress {
	return s.failed(at-s.start, reason, s.buf[at:s.end])
}

// failed ends the stream for a reason found so many bytes behind those taken, where these are.
func (s *Scanner) failed(behind int, reason string, found []byte) progress {
	s.err = &ProtocolError{Offset: s.taken + int64(behind), Reason: reason, Excerpt: excerpt(found)}
	return broken
}
