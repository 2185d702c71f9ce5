package resp_test

import (
	"errors"
	"io"
	"os"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/fairlead-go/fairlead/resp"
)

// readAll returns all replies of r, and the error that ends them.
func readAll(r *resp.Reader) (values []resp.Value, err error) {
	for {
		reply, err := r.Next()
		if err != nil {
			return values, err
		}
		values = append(values, reply.Value())
	}
}

// However the input gives its bytes, the replies are the same, and then it ends.
func TestReader(t *testing.T) {
	t.Parallel()
	wire, want := all()
	for name, wrap := range map[string]func(io.Reader) io.Reader{
		"at once":            func(r io.Reader) io.Reader { return r },
		"byte by byte":       iotest.OneByteReader,
		"half of the room":   iotest.HalfReader,
		"an end with bytes":  iotest.DataErrReader,
		"nothing in between": func(r io.Reader) io.Reader { return &stutterer{r: iotest.OneByteReader(r)} },
	} {
		got, err := readAll(resp.NewReader(wrap(strings.NewReader(wire)), resp.Limits{}))
		if err != io.EOF || len(got) != len(want) {
			t.Fatalf("%s: %d replies and error %v, want %d and io.EOF", name, len(got), err, len(want))
		}
		for i := range want {
			if !same(got[i], want[i]) {
				t.Fatalf("%s: reply %d is %+v, want %+v", name, i, got[i], want[i])
			}
		}
	}
}

// A stutterer reads nothing, without an error, many times before each byte.
type stutterer struct {
	r io.Reader
	n int
}

func (s *stutterer) Read(p []byte) (int, error) {
	if s.n++; s.n%90 != 0 {
		return 0, nil
	}
	return s.r.Read(p)
}

// Where the input ends tells whether something is missing.
func TestReaderEnds(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		wire    string
		replies int
		want    error
		reason  string
	}{
		{"", 0, io.EOF, "nothing was begun"},
		{"+OK\r\n", 1, io.EOF, "between replies"},
		{"+", 0, io.ErrUnexpectedEOF, "within a line"},
		{"+OK\r\n$5\r\nhell", 1, io.ErrUnexpectedEOF, "within a string"},
		{"*2\r\n:1\r\n", 0, io.ErrUnexpectedEOF, "an element is missing"},
		{"|1\r\n+k\r\n+v\r\n", 0, io.ErrUnexpectedEOF, "attributes of a reply that did not come"},
	} {
		for _, wrap := range []func(io.Reader) io.Reader{iotest.OneByteReader, iotest.DataErrReader} {
			r := resp.NewReader(wrap(strings.NewReader(c.wire)), resp.Limits{})
			got, err := readAll(r)
			if err != c.want || len(got) != c.replies {
				t.Errorf("%q: %d replies, error %v, want %d and %v: %s", c.wire, len(got), err, c.replies, c.want, c.reason)
			}
			if _, again := r.Next(); again != c.want {
				t.Errorf("%q: then %v, want %v again", c.wire, again, c.want)
			}
		}
	}
}

// A timeout loses nothing: reading goes on where it was.
func TestReaderAfterTimeout(t *testing.T) {
	t.Parallel()
	r := resp.NewReader(io.MultiReader(
		iotest.TimeoutReader(iotest.OneByteReader(strings.NewReader("+a"))), // whose second read times out
		strings.NewReader("b\r\n"),
	), resp.Limits{})
	if _, err := r.Next(); err != iotest.ErrTimeout {
		t.Fatalf("error %v, want the timeout", err)
	}
	if reply, err := r.Next(); err != nil || reply.Text() != "ab" {
		t.Fatalf("%q, error %v, want the whole string", reply.Text(), err)
	}
}

// Replies that came with an error are returned before it.
func TestReaderErrorWithBytes(t *testing.T) {
	t.Parallel()
	r := resp.NewReader(&once{"+a\r\n+b\r\n+", os.ErrDeadlineExceeded}, resp.Limits{})
	got, err := readAll(r)
	if len(got) != 2 || !errors.Is(err, os.ErrDeadlineExceeded) {
		t.Fatalf("%v, error %v, want two replies and then the error", got, err)
	}
	if _, err := r.Next(); err != io.ErrUnexpectedEOF {
		t.Errorf("then %v, want io.ErrUnexpectedEOF: the error was returned once, and half a reply is left", err)
	}
}

// A once gives its bytes and its error with one read; then it is at its end.
type once struct {
	wire string
	err  error
}

func (o *once) Read(p []byte) (int, error) {
	n, err := copy(p, o.wire), o.err
	o.wire, o.err = o.wire[n:], io.EOF
	return n, err
}

// What is no RESP ends the Reader for good.
func TestReaderBroken(t *testing.T) {
	t.Parallel()
	r := resp.NewReader(strings.NewReader("+OK\r\nHTTP/1.1\r\n+OK\r\n"), resp.Limits{})
	got, err := readAll(r)
	want := resp.ProtocolError{Offset: 5, Reason: "no RESP type begins with this byte", Excerpt: `"HTTP/1.1\r\n+OK\r\n"`}
	if e := broken(t, err); len(got) != 1 || e != want {
		t.Fatalf("%d replies, error %+v, want one and %+v", len(got), e, want)
	}
	if _, again := r.Next(); again != err {
		t.Errorf("then %v, want the same error", again)
	}
	r = resp.NewReader(strings.NewReader("$6\r\nabcdef\r\n"), resp.Limits{Bulk: 5})
	if _, err := r.Next(); broken(t, err).Reason != "a string longer than Limits.Bulk allows" {
		t.Errorf("%v, want the limit given to NewReader", err)
	}
}

// An io.Reader that does not keep its promises ends in an error, not in a loop or a panic.
func TestReaderOfBadInput(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		src  io.Reader
		want string
	}{
		{liar(0), "multiple Read calls return no data or error"},
		{liar(-1), "resp: the io.Reader says it read more bytes than it was asked for, or less than none"},
		{liar(1 << 20), "resp: the io.Reader says it read more bytes than it was asked for, or less than none"},
	} {
		if _, err := resp.NewReader(c.src, resp.Limits{}).Next(); err == nil || err.Error() != c.want {
			t.Errorf("%v: error %v, want %s", c.src, err, c.want)
		}
	}
}

// A liar says it read so many bytes, and read none.
type liar int

func (c liar) Read([]byte) (int, error) { return int(c), nil }
