package conn

import (
	"net"
	"strings"
	"sync"
	"unsafe"

	"github.com/fairlead-go/fairlead/redis"
)

const (
	frontBytes = 16 << 10  // of the first long value so much is copied: the server is woken with work to do while the rest is written
	stepBytes  = 256 << 10 // what must be copied of the rest is copied in such steps
)

const _ = uint(redis.LongValue - inlineBytes) // so that no caller writes a piece itself: it might block

// A piece is a long value, or the end of it: it is not copied into the write buffer, but written from where it lies.
type piece struct {
	at   int    // so many bytes of the write buffer come before it
	text string // unless loan has it
	loan *loan
}

// A loan is a piece that lies in a []byte of the caller's, who may change it as soon as the call returns. It is copied a step at
// a time just before it is written; when the call returns, all that is left is copied.
type loan struct {
	mu   sync.Mutex // guards text; it is held while some of that is copied
	text string     // what was not copied yet
	next *loan      // of the same call
}

// recall ends the loans of a call that returns.
func (c *Call) recall() {
	for l := c.lent; l != nil; l = l.next {
		l.mu.Lock()
		l.text = strings.Clone(l.text)
		l.mu.Unlock()
	}
	c.lent = nil
}

// isLong reports whether the call has a long value.
func (c *Call) isLong(r *redis.Request) bool {
	if c.Many == nil {
		return r.HasLong()
	}
	for i := range c.Many {
		if c.Many[i].HasLong() {
			return true
		}
	}
	return false
}

// appendAround appends the call to the write buffer but for its long values, which become pieces. It returns how many bytes these
// have. Called with c.mu held.
func (c *Conn) appendAround(call *Call, r *redis.Request) (aside int) {
	if p := c.passing; p != nil && p.call == call {
		c.wbuf = p.appendTo(c.wbuf)
		return 0
	}
	place := func(b []byte, text string, lent bool) []byte {
		if len(c.pieces) == 0 {
			b = append(b, text[:frontBytes]...)
			text = text[frontBytes:]
		}
		aside += len(text)
		p := piece{at: len(b), text: text}
		if lent {
			call.lent = &loan{text: text, next: call.lent}
			p.text, p.loan = "", call.lent
		}
		c.pieces = append(c.pieces, p)
		return b
	}
	if call.Many == nil {
		c.wbuf = r.AppendAround(c.wbuf, place)
	}
	for i := range call.Many {
		c.wbuf = call.Many[i].AppendAround(c.wbuf, place)
	}
	return aside
}

// writeAround writes the buffer and the pieces that belong into it.
func (c *Conn) writeAround(buf []byte, pieces []piece) (n int, err error) {
	if len(pieces) == 0 {
		return writeAll(c.net, buf)
	}
	n, err = writeAll(c.net, buf[:pieces[0].at])
	for i := range pieces {
		if err != nil {
			break
		}
		end := len(buf)
		if i+1 < len(pieces) {
			end = pieces[i+1].at
		}
		wrote := 0
		wrote, err = c.writePiece(&pieces[i], buf[pieces[i].at:end])
		n += wrote
	}
	return n, err
}

// writePiece writes a piece and what follows it. It goes past the connection's socket to the one of package net, which tells the
// scheduler of what may take long. A conn that only Options.Dialer knows gets copies: it may do to them what it likes.
func (c *Conn) writePiece(p *piece, then []byte) (n int, err error) {
	switch {
	case p.loan != nil || c.cfg.TLS == nil && c.holds == unknown:
		return c.writeCopies(p, then)
	case c.cfg.TLS != nil:
		n, err = writeAll(c.net, readOnly(p.text))
		if err == nil {
			var more int
			more, err = writeAll(c.net, then)
			n += more
		}
		return n, err
	}
	both := net.Buffers{readOnly(p.text), then}
	wrote, err := both.WriteTo(c.raw)
	return int(wrote), err
}

// writeCopies writes copies of a piece and of what follows it.
func (c *Conn) writeCopies(p *piece, then []byte) (n int, err error) {
	to := c.raw
	if c.cfg.TLS != nil {
		to = c.net
	}
	step := steps.Get().(*[stepBytes]byte)
	defer steps.Put(step)
	for err == nil {
		size := p.copyTo(step[:])
		more := copy(step[size:], then) // nothing of it while the piece fills all of step
		then = then[more:]
		if size+more == 0 {
			break
		}
		var wrote int
		wrote, err = writeAll(to, step[:size+more])
		n += wrote
	}
	return n, err
}

var steps = sync.Pool{New: func() any { return new([stepBytes]byte) }}

// copyTo copies as much as fits of what was not copied yet.
func (p *piece) copyTo(b []byte) int {
	text := &p.text
	if p.loan != nil {
		p.loan.mu.Lock()
		defer p.loan.mu.Unlock()
		text = &p.loan.text
	}
	n := copy(b, *text)
	*text = (*text)[n:]
	return n
}

// readOnly is s as bytes that must not be written.
func readOnly(s string) []byte { return unsafe.Slice(unsafe.StringData(s), len(s)) }
