package redistest

import (
	"bufio"
	"errors"
	"io"
	"slices"
	"strings"
	"testing"
)

func TestReadCommand(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		raw  string
		want []string
		err  error
		why  string
	}{
		{"*2\r\n$3\r\nGET\r\n$2\r\n\r\n\r\n", []string{"GET", "\r\n"}, nil, "arguments may hold anything"},
		{"*0\r\n", []string{}, nil, "an empty array is well formed"},
		{"", nil, io.EOF, "the end between two commands"},
		{"*1", nil, io.ErrUnexpectedEOF, "the end in a length"},
		{"*2\r\n$3\r\nGET\r\n", nil, io.ErrUnexpectedEOF, "the end between two arguments"},
		{"*1\r\n$3\r\nGE", nil, io.ErrUnexpectedEOF, "the end in an argument"},
		{"PING\r\n", nil, errNotACommand, "clients do not send inline commands"},
		{"*-1\r\n", nil, errNotACommand, "a negative count"},
		{"*1\r\n:3\r\n", nil, errNotACommand, "an argument that is no bulk string"},
		{"*1\r\n$999999999999\r\n", nil, errNotACommand, "a length that no server accepts"},
	} {
		got, err := readCommand(bufio.NewReader(strings.NewReader(test.raw)))
		if !slices.Equal(got, test.want) || !errors.Is(err, test.err) {
			t.Errorf("%q: %q, %v; want %q, %v: %s", test.raw, got, err, test.want, test.err, test.why)
		}
	}
}

func TestReadCommandWantsCRLF(t *testing.T) {
	t.Parallel()
	for _, raw := range []string{"*1\n", "*1\r\n$1\r\nab\r\n"} {
		if got, err := readCommand(bufio.NewReader(strings.NewReader(raw))); err == nil {
			t.Errorf("%q was read as %q", raw, got)
		}
	}
}

func TestReadReplyRefusesWhatIsNone(t *testing.T) {
	t.Parallel()
	for _, raw := range []string{"", "\r\n", "%1\r\n", "$x\r\n", "*1\r\n"} {
		if got, err := readReply(bufio.NewReader(strings.NewReader(raw))); err == nil {
			t.Errorf("%q was read as %q", raw, got)
		}
	}
}

func TestQuote(t *testing.T) {
	t.Parallel()
	if got, want := quote("a \"b\"\\\n\xff"), `"a \"b\"\\\x0a\xff"`; got != want {
		t.Errorf("%s, want %s", got, want)
	}
}
