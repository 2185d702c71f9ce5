package resp

import (
	"errors"
	"io"
)

// A Reader reads replies from an io.Reader: a [Scanner] with its input. It reads ahead of the reply it returns.
// Make one with [NewReader]. Not safe for concurrent use.
type Reader struct {
	src     io.Reader
	scanner *Scanner
	err     error // came with bytes; returned once they are used up
}

// NewReader returns a Reader of src that obeys the limits.
func NewReader(src io.Reader, l Limits) *Reader {
	return &Reader{src: src, scanner: NewScanner(l)}
}

const maxEmptyReads = 100

// Next returns the next reply, as soon as it is complete.
//
// The error is io.EOF where src ends between replies, io.ErrUnexpectedEOF where it ends within one, a *ProtocolError for
// bytes that are no RESP or past a limit (for good), or else src's own: after a timeout Next may be called again, as no byte is lost.
// An error the server replies with is a reply; see [Reply.Err].
func (r *Reader) Next() (Reply, error) {
	for empty := 0; empty < maxEmptyReads; empty++ {
		if reply, ok, err := r.scanner.Next(); ok || err != nil {
			return reply, err
		}
		if err := r.err; err != nil {
			r.err = nil
			return Reply{}, r.ended(err)
		}
		n, err := r.read()
		r.err = err
		if n > 0 {
			empty = -1
		}
	}
	return Reply{}, io.ErrNoProgress
}

func (r *Reader) read() (int, error) {
	room := r.scanner.Room()
	n, err := r.src.Read(room)
	if n < 0 || n > len(room) {
		return 0, errors.New("resp: the io.Reader says it read more bytes than it was asked for, or less than none")
	}
	r.scanner.Grew(n)
	return n, err
}

// ended is src's error as the caller sees it: the end of src within a reply is not to be expected.
func (r *Reader) ended(err error) error {
	if err == io.EOF && !r.scanner.Idle() {
		return io.ErrUnexpectedEOF
	}
	return err
}
