package resp

import "unsafe"

// ReplySize is how many bytes a Reply takes, those of its text aside.
const ReplySize = unsafe.Sizeof(Reply{})

// BufferSize is how much memory the Scanner's buffer takes.
func BufferSize(s *Scanner) int { return len(s.buf) }

// Sizes of the buffer's growth policy.
const (
	RestSize  = restSize
	RoomSize  = roomSize
	OwnedSize = ownedSize
	LargeSize = largeSize
	LineSize  = lineSize
)

// MaxBytes is the most that Limits count bytes to.
const MaxBytes = maxBytes

// WithDefaults is what a Scanner makes of its limits.
func (l Limits) WithDefaults() Limits { return l.withDefaults() }

// TraceBuffer is how much memory a Tracer keeps for its next line.
func TraceBuffer(t *Tracer) int { return cap(t.line) }
