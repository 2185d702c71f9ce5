package resp

import (
	"io"
	"strconv"
	"strings"
	"sync"
)

// A Tracer writes down what travels over one connection, as text, one line for each command and reply as it completes:
//
//	> 0 command "SET" "name" "Ada"
//	< 0 simple string "OK"
//	> 34 command "AUTH" (6 bytes)
//	< 5 simple error WRONGPASS "WRONGPASS invalid username-password pair or user is disabled."
//	> 60 command "HGETALL" "user:1"
//	< 72 map 1
//	<   bulk string "name"
//	<   bulk string "Ada Lovelace, born in "… 36 bytes
//
// The format is stable: programs may read it. A line is made of these, with one space between them:
//
//   - the direction: > for bytes sent, < for bytes received;
//   - the offset of its first byte among all bytes of that direction; or, for an element of the reply above,
//     two more spaces for each aggregate around it;
//   - "command", or the type as [Kind.String] names it;
//   - of an aggregate, how many elements it has (pairs, of a map), which follow on lines of their own;
//     of a verbatim string its format, of an error its code if it has one;
//   - the payload: strings in quotes as redis-cli quotes, at most TraceOptions.Payload bytes of each, then "… n bytes" if there were n
//     and more than that; integers, doubles and big numbers as digits; booleans as true and false.
//
// Attributes are lines of their own before what they are about. What is no RESP is a line "broken", the reason and the bytes there,
// both in quotes; it is the last of its direction. What is redacted stands as its length: (1 byte), (6 bytes).
//
// The arguments of AUTH and HELLO, and of ACL, CONFIG, MIGRATE and SENTINEL, which may carry passwords too, are always redacted.
//
// A Tracer holds what has arrived of a command or reply until that is complete. It is safe for concurrent use;
// the writer is called under its lock, and must not call it.
type Tracer struct {
	options TraceOptions

	mu       sync.Mutex // guards what follows
	w        io.Writer
	sent     *Scanner
	received *Scanner
	line     []byte
	err      error
}

// TraceOptions say what a [Tracer] shows.
type TraceOptions struct {
	Payload int    // bytes shown of each string; default 64
	Redact  bool   // show nothing anyone chose: of a command its name and its arguments' lengths, of a reply its type and length, of an error its code
	Limits  Limits // of commands and replies; past them the direction is broken
}

const defaultPayload = 64

// NewTracer returns a Tracer that writes to w: one Write for each command or reply.
func NewTracer(w io.Writer, o TraceOptions) *Tracer {
	if o.Payload <= 0 {
		o.Payload = defaultPayload
	}
	return &Tracer{options: o, w: w, sent: NewScanner(o.Limits), received: NewScanner(o.Limits)}
}

// Sent traces bytes that were sent, wherever they were cut. It keeps nothing of p.
func (t *Tracer) Sent(p []byte) { t.trace('>', t.sent, p) }

// Received traces bytes that were received, wherever they were cut. It keeps nothing of p.
func (t *Tracer) Received(p []byte) { t.trace('<', t.received, p) }

// Err returns the first error of the writer; nothing is written after it.
func (t *Tracer) Err() error {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.err
}

func (t *Tracer) trace(direction byte, s *Scanner, p []byte) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for len(p) > 0 && s.err == nil {
		n := copy(s.Room(), p)
		s.Grew(n)
		p = p[n:]
		t.replies(direction, s)
	}
}

// replies writes down all that is complete.
func (t *Tracer) replies(direction byte, s *Scanner) {
	for {
		begin := append(strconv.AppendInt(append(t.line[:0], direction, ' '), s.Offset(), 10), ' ')
		r, ok, _ := s.Next()
		switch {
		case s.err != nil:
			t.write(t.options.broken(begin[:2], s.err))
			return
		case !ok:
			return
		case direction == '>' && isCommand(r):
			t.write(t.options.command(begin, r))
		default:
			t.write(t.options.reply(begin, string(begin), 0, r))
		}
	}
}

func (t *Tracer) write(line []byte) {
	if t.err == nil {
		_, t.err = t.w.Write(line)
	}
	if t.line = line; cap(line) > roomSize {
		t.line = nil
	}
}

// isCommand reports whether a reply is what clients send: an array of bulk strings, the first of them a name.
func isCommand(r Reply) bool {
	words := r.Elements()
	name, ok := words.Next()
	if r.kind != Array || !ok || !isName(name) {
		return false
	}
	for w, ok := words.Next(); ok; w, ok = words.Next() {
		if w.kind != BulkString {
			return false
		}
	}
	return true
}

// isName reports whether a word can be shown as a command's name: short, and of letters, digits and what modules add to them.
func isName(r Reply) bool {
	const more = "._-|"
	name := r.Text()
	for i := 0; i < len(name); i++ {
		c := name[i]
		letter := 'a' <= c|0x20 && c|0x20 <= 'z'
		if !letter && (c < '0' || c > '9') && strings.IndexByte(more, c) < 0 {
			return false
		}
	}
	return r.kind == BulkString && name != "" && len(name) <= defaultPayload
}
