package resp_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/fairlead-go/fairlead/resp"
)

type brokenCase struct {
	name, wire string
	limits     resp.Limits
	offset     int64
	reason     string
	excerpt    string
}

var brokenStreams = []brokenCase{
	{"an HTTP server", "HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n", resp.Limits{},
		0, "no RESP type begins with this byte", `"HTTP/1.1 400 Bad Request\r\nConten"…`},
	{"an SSH server", "SSH-2.0-x\r\n", resp.Limits{}, 0, "no RESP type begins with this byte", `"SSH-2.0-x\r\n"`},
	{"a TLS alert", "\x15\x03\x01\x00\x02\x02\x46", resp.Limits{}, 0, "no RESP type begins with this byte", `"\x15\x03\x01\x00\x02\x02F"`},
	{"an empty line", "\r\n", resp.Limits{}, 0, "no RESP type begins with this byte", `"\r\n"`},
	{"rubbish after a reply", "+OK\r\nOK\r\n", resp.Limits{}, 5, "no RESP type begins with this byte", `"OK\r\n"`},
	{"rubbish after a long reply", "*1\r\n$3\r\nabc\r\n?", resp.Limits{}, 13, "no RESP type begins with this byte", `"?"`},
	{"rubbish for an element", "*2\r\n:1\r\n1\r\n", resp.Limits{}, 8, "no RESP type begins with this byte", `"1\r\n"`},

	{"no CR", "+OK\n", resp.Limits{}, 0, "a line that does not end in CR LF", `"+OK\n"`},
	{"no CR after a type", ":\n", resp.Limits{}, 0, "a line that does not end in CR LF", `":\n"`},
	{"no CR after a length", "$1\na\r\n", resp.Limits{}, 0, "a line that does not end in CR LF", `"$1\na\r\n"`},
	{"LF in a simple string", "+a\nb\r\n", resp.Limits{}, 0, "a line that does not end in CR LF", `"+a\nb\r\n"`},
	{"CR in a simple string", "+a\rb\r\n", resp.Limits{}, 0, "a carriage return within a line", `"+a\rb\r\n"`},
	{"CR CR LF", "-ERR\r\r\n", resp.Limits{}, 0, "a carriage return within a line", `"-ERR\r\r\n"`},
	{"a string longer than its length", "$3\r\nabcd\r\n", resp.Limits{}, 7, "a string that is not followed by CR LF", `"d\r\n"`},
	{"a string followed by LF", "$3\r\nabc\n+OK\r\n", resp.Limits{}, 7, "a string that is not followed by CR LF", `"\n+OK\r\n"`},
	{"a string followed by CR only", "$3\r\nabc\r+OK\r\n", resp.Limits{}, 7, "a string that is not followed by CR LF", `"\r+OK\r\n"`},
	{"an element longer than its length", "*1\r\n$1\r\nabcd\r\n", resp.Limits{}, 9, "a string that is not followed by CR LF", `"bcd\r\n"`},
	{"a part longer than its length", "$?\r\n;1\r\nabcd\r\n", resp.Limits{}, 9, "a string that is not followed by CR LF", `"bcd\r\n"`},

	{"a length of -2", "$-2\r\n", resp.Limits{}, 0, "a length that is no number", `"$-2\r\n"`},
	{"a length of -0", "$-0\r\n", resp.Limits{}, 0, "a length that is no number", `"$-0\r\n"`},
	{"a signed length", "$+1\r\n", resp.Limits{}, 0, "a length that is no number", `"$+1\r\n"`},
	{"no length", "$\r\n", resp.Limits{}, 0, "a length that is no number", `"$\r\n"`},
	{"a length of letters", "$1a\r\n", resp.Limits{}, 0, "a length that is no number", `"$1a\r\n"`},
	{"a nil error", "!-1\r\n", resp.Limits{}, 0, "a length that is no number", `"!-1\r\n"`},
	{"a nil verbatim string", "=-1\r\n", resp.Limits{}, 0, "a length that is no number", `"=-1\r\n"`},
	{"a streamed error", "!?\r\n", resp.Limits{}, 0, "a length that is no number", `"!?\r\n"`},
	{"a part of letters", "$?\r\n;a\r\n", resp.Limits{}, 4, "a length that is no number", `";a\r\n"`},
	{"an array of -2", "*-2\r\n", resp.Limits{}, 0, "a number of elements that is no number", `"*-2\r\n"`},
	{"an array of letters", "*a\r\n", resp.Limits{}, 0, "a number of elements that is no number", `"*a\r\n"`},
	{"a nil map", "%-1\r\n", resp.Limits{}, 0, "a number of elements that is no number", `"%-1\r\n"`},
	{"streamed attributes", "|?\r\n", resp.Limits{}, 0, "a number of elements that is no number", `"|?\r\n"`},
	{"a streamed push", ">?\r\n", resp.Limits{}, 0, "a number of elements that is no number", `">?\r\n"`},

	{"a string of 2^63-1", "$9223372036854775807\r\n", resp.Limits{}, 0, "a string longer than Limits.Bulk allows", `"$9223372036854775807\r\n"`},
	{"a string of 2^64+5", "$18446744073709551621\r\nhello\r\n", resp.Limits{}, 0, "a string longer than Limits.Bulk allows", `"$18446744073709551621\r\nhello\r\n"`},
	{"a string of 2^32+5", "$4294967301\r\nhello\r\n", resp.Limits{}, 0, "a string longer than Limits.Bulk allows", `"$4294967301\r\nhello\r\n"`},
	{"a string of 2^31-1", "$2147483647\r\n", resp.Limits{}, 0, "a string longer than Limits.Bulk allows", `"$2147483647\r\n"`},
	{"an error of 512 MiB and a byte", "!536870913\r\n", resp.Limits{}, 0, "a string longer than Limits.Bulk allows", `"!536870913\r\n"`},
	{"a string past a limit", "$6\r\nabcdef\r\n", resp.Limits{Bulk: 5}, 0, "a string longer than Limits.Bulk allows", `"$6\r\nabcdef\r\n"`},
	{"a part past a limit", "$?\r\n;6\r\nabcdef\r\n", resp.Limits{Bulk: 5}, 4, "a string longer than Limits.Bulk allows", `";6\r\nabcdef\r\n"`},
	{"parts past a limit together", "$?\r\n;3\r\nabc\r\n;3\r\ndef\r\n", resp.Limits{Bulk: 5}, 13, "a string longer than Limits.Bulk allows", `";3\r\ndef\r\n"`},
	{"an element past a limit", "*2\r\n$1\r\na\r\n$6\r\nabcdef\r\n", resp.Limits{Bulk: 5}, 11, "a string longer than Limits.Bulk allows", `"$6\r\nabcdef\r\n"`},
	{"an array of 2^63-1", "*9223372036854775807\r\n", resp.Limits{}, 0, "more elements than Limits.Elements allows", `"*9223372036854775807\r\n"`},
	{"an array of 2^31-1", "*2147483647\r\n", resp.Limits{}, 0, "more elements than Limits.Elements allows", `"*2147483647\r\n"`},
	{"a map of 2^62", "%4611686018427387904\r\n", resp.Limits{}, 0, "more elements than Limits.Elements allows", `"%4611686018427387904\r\n"`},
	{"attributes past the default", "|1048577\r\n", resp.Limits{}, 0, "more elements than Limits.Elements allows", `"|1048577\r\n"`},
	{"a set past a limit", "~3\r\n", resp.Limits{Elements: 2}, 0, "more elements than Limits.Elements allows", `"~3\r\n"`},
	{"a stream past a limit", "*?\r\n:1\r\n:2\r\n:3\r\n", resp.Limits{Elements: 2}, 12, "more elements than Limits.Elements allows", `":3\r\n"`},
	{"attributes past a stream's limit", "~?\r\n:1\r\n|0\r\n", resp.Limits{Elements: 1}, 8, "more elements than Limits.Elements allows", `"|0\r\n"`},
	{"a streamed map past a limit", "%?\r\n:1\r\n:2\r\n:3\r\n", resp.Limits{Elements: 1}, 12, "more elements than Limits.Elements allows", `":3\r\n"`},
	{"an element of a stream past a limit", "*?\r\n:1\r\n:2\r\n*1\r\n", resp.Limits{Elements: 2}, 12, "more elements than Limits.Elements allows", `"*1\r\n"`},
	{"an array in an array past a limit", "*2\r\n:1\r\n*3\r\n", resp.Limits{Elements: 2}, 8, "more elements than Limits.Elements allows", `"*3\r\n"`},
	{"depth past a limit", "*1\r\n*1\r\n*1\r\n:1\r\n", resp.Limits{Depth: 2}, 8, "aggregates nested deeper than Limits.Depth allows", `"*1\r\n:1\r\n"`},
	{"depth of maps, sets, streams", "%1\r\n+a\r\n~1\r\n*?\r\n.\r\n", resp.Limits{Depth: 2}, 12, "aggregates nested deeper than Limits.Depth allows", `"*?\r\n.\r\n"`},
	{"depth of attributes", "|1\r\n|1\r\n|1\r\n", resp.Limits{Depth: 2}, 8, "aggregates nested deeper than Limits.Depth allows", `"|1\r\n"`},
	{"depth past the default", strings.Repeat("*1\r\n", 65), resp.Limits{}, 4 * 64, "aggregates nested deeper than Limits.Depth allows", `"*1\r\n"`},
	{"depth past the most", strings.Repeat("*1\r\n", 256), resp.Limits{Depth: 1000}, 4 * 255, "aggregates nested deeper than Limits.Depth allows", `"*1\r\n"`},
	{"a line past a limit", "+abcdef\r\n", resp.Limits{Line: 5}, 0, "a line longer than Limits.Line allows", `"+abcdef\r\n"`},
	{"a line without end", "*1\r\n-abcdefgh", resp.Limits{Line: 5}, 4, "a line longer than Limits.Line allows", `"-abcdefgh"`},
	{"a line past the default", "+" + strings.Repeat("a", 64<<10+1) + "\r\n", resp.Limits{}, 0, "a line longer than Limits.Line allows", `"+` + strings.Repeat("a", 31) + `"…`},
	{"a string past the reply's limit", "$6\r\nabcdef\r\n", resp.Limits{Reply: 11}, 0, "a reply longer than Limits.Reply allows", `"$6\r\nabcdef\r\n"`},
	{"an element past the reply's limit", "*2\r\n:1\r\n$1\r\na\r\n", resp.Limits{Reply: 14}, 8, "a reply longer than Limits.Reply allows", `"$1\r\na\r\n"`},
	{"an element past a large reply's limit", "*3\r\n" + bulk(20_000) + ":1\r\n" + bulk(20_000), resp.Limits{Reply: 40_000}, 20_018, "a reply longer than Limits.Reply allows",
		`"$20000\r\nxxxxxxxxxxxxxxxxxxxxxxx"…`},
	{"a line past the reply's limit", "*2\r\n:1\r\n+abc\r\n", resp.Limits{Reply: 12}, 8, "a reply longer than Limits.Reply allows", `"+abc\r\n"`},
	{"elements past the reply's limit", "*2\r\n:1\r\n:2\r\n", resp.Limits{Reply: 8}, 8, "a reply longer than Limits.Reply allows", `":2\r\n"`},
	{"elements to come past the reply's limit", "*2\r\n:1\r\n", resp.Limits{Reply: 8}, 8, "a reply longer than Limits.Reply allows", `""`},
	{"attributes past the reply's limit", "|0\r\n|0\r\n|0\r\n", resp.Limits{Reply: 9}, 8, "a reply longer than Limits.Reply allows", `"|0\r\n"`},
	{"rubbish past the reply's limit", "*1\r\nHTTP", resp.Limits{Reply: 4}, 4, "a reply longer than Limits.Reply allows", `"HTTP"`},

	{"an integer of letters", ":1x\r\n", resp.Limits{}, 0, "an integer that is none, or does not fit 64 bits", `":1x\r\n"`},
	{"an empty integer", ":\r\n", resp.Limits{}, 0, "an integer that is none, or does not fit 64 bits", `":\r\n"`},
	{"a lone minus", ":-\r\n", resp.Limits{}, 0, "an integer that is none, or does not fit 64 bits", `":-\r\n"`},
	{"an integer with an underscore", ":1_0\r\n", resp.Limits{}, 0, "an integer that is none, or does not fit 64 bits", `":1_0\r\n"`},
	{"2^63", ":9223372036854775808\r\n", resp.Limits{}, 0, "an integer that is none, or does not fit 64 bits", `":9223372036854775808\r\n"`},
	{"-2^63-1", ":-9223372036854775809\r\n", resp.Limits{}, 0, "an integer that is none, or does not fit 64 bits", `":-9223372036854775809\r\n"`},
	{"a null with a value", "_1\r\n", resp.Limits{}, 0, "a null with a value", `"_1\r\n"`},
	{"a boolean of a word", "#true\r\n", resp.Limits{}, 0, "a boolean that is neither t nor f", `"#true\r\n"`},
	{"a boolean of another letter", "#T\r\n", resp.Limits{}, 0, "a boolean that is neither t nor f", `"#T\r\n"`},
	{"an empty boolean", "#\r\n", resp.Limits{}, 0, "a boolean that is neither t nor f", `"#\r\n"`},
	{"an empty double", ",\r\n", resp.Limits{}, 0, "a double that is no number", `",\r\n"`},
	{"a double of a word", ",infinity\r\n", resp.Limits{}, 0, "a double that is no number", `",infinity\r\n"`},
	{"a hexadecimal double", ",0x1p4\r\n", resp.Limits{}, 0, "a double that is no number", `",0x1p4\r\n"`},
	{"a double with an underscore", ",1_0\r\n", resp.Limits{}, 0, "a double that is no number", `",1_0\r\n"`},
	{"a double of two points", ",1.2.3\r\n", resp.Limits{}, 0, "a double that is no number", `",1.2.3\r\n"`},
	{"a double of a lone exponent", ",e\r\n", resp.Limits{}, 0, "a double that is no number", `",e\r\n"`},
	{"an empty big number", "(\r\n", resp.Limits{}, 0, "a big number that is no number", `"(\r\n"`},
	{"a big number of a sign", "(-\r\n", resp.Limits{}, 0, "a big number that is no number", `"(-\r\n"`},
	{"a big number of two signs", "(--1\r\n", resp.Limits{}, 0, "a big number that is no number", `"(--1\r\n"`},
	{"a big number with a letter", "(12a34\r\n", resp.Limits{}, 0, "a big number that is no number", `"(12a34\r\n"`},
	{"a verbatim string of three bytes", "=3\r\ntxt\r\n", resp.Limits{}, 0, "a verbatim string without its format", `"=3\r\ntxt\r\n"`},
	{"a verbatim string without a colon", "=5\r\ntexts\r\n", resp.Limits{}, 4, "a verbatim string without its format", `"texts\r\n"`},

	{"a part outside of a stream", ";1\r\na\r\n", resp.Limits{}, 0, "a part of a streamed string outside of one", `";1\r\na\r\n"`},
	{"the last part outside of a stream", "*1\r\n;0\r\n", resp.Limits{}, 4, "a part of a streamed string outside of one", `";0\r\n"`},
	{"a part in a streamed array", "*?\r\n;0\r\n", resp.Limits{}, 4, "a part of a streamed string outside of one", `";0\r\n"`},
	{"a streamed string interrupted", "$?\r\n;1\r\na\r\n:1\r\n", resp.Limits{}, 11, "a streamed string interrupted by something else", `":1\r\n"`},
	{"a streamed string ended as an array", "$?\r\n.\r\n", resp.Limits{}, 4, "a streamed string interrupted by something else", `".\r\n"`},
	{"a streamed string in a streamed string", "$?\r\n$?\r\n", resp.Limits{}, 4, "a streamed string interrupted by something else", `"$?\r\n"`},
	{"the end of no stream", ".\r\n", resp.Limits{}, 0, "the end of a stream that did not begin", `".\r\n"`},
	{"the end of an array of known length", "*?\r\n*1\r\n.\r\n", resp.Limits{}, 8, "the end of a stream that did not begin", `".\r\n"`},
	{"an end with a value", "*?\r\n.1\r\n", resp.Limits{}, 4, "the end of a stream with a value", `".1\r\n"`},
	{"a streamed map of half a pair", "%?\r\n+a\r\n.\r\n", resp.Limits{}, 8, "a streamed map that ends after a key", `".\r\n"`},
	{"attributes of the end of a stream", "*?\r\n|1\r\n+a\r\n+b\r\n.\r\n", resp.Limits{}, 16, "attributes of nothing", `".\r\n"`},
	{"empty attributes of the end of a stream", "%?\r\n|0\r\n.\r\n", resp.Limits{}, 8, "attributes of nothing", `".\r\n"`},
	{"a push inside of a reply", "*2\r\n+a\r\n>1\r\n+b\r\n", resp.Limits{}, 8, "a push inside of a reply", `">1\r\n+b\r\n"`},
	{"a push inside of attributes", "|1\r\n+a\r\n>0\r\n", resp.Limits{}, 8, "a push inside of a reply", `">0\r\n"`},
}

// Each kind of breakage is found at its place, named, and shown.
func TestBrokenStreams(t *testing.T) {
	t.Parallel()
	for _, c := range brokenStreams {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			s := resp.NewScanner(c.limits)
			_, err := scan(s, c.wire, len(c.wire))
			want := resp.ProtocolError{Offset: c.offset, Reason: c.reason, Excerpt: c.excerpt}
			if len(c.wire) < resp.RestSize { // else it does not arrive at once, and the excerpt may end early
				if got := broken(t, err); got != want {
					t.Fatalf("at once:\n%+v, want\n%+v", got, want)
				}
			}
			if _, ok, again := s.Next(); ok || again != err {
				t.Fatalf("the next reply: ok %v, error %v, want the same error for good", ok, again)
			}
			wantBrokenAlike(t, c, want)
		})
	}
}

// wantBrokenAlike cuts the stream at many places: offset and reason stay, the excerpt has what has arrived.
func wantBrokenAlike(t *testing.T, c brokenCase, want resp.ProtocolError) {
	t.Helper()
	for size := 1; size < min(len(c.wire), 20); size++ {
		_, err := scan(resp.NewScanner(c.limits), c.wire, size)
		if got := broken(t, err); !alike(got, want) {
			t.Fatalf("in parts of %d:\n%+v, want\n%+v", size, got, want)
		}
	}
}

// alike reports whether got is want as found when less had arrived.
func alike(got, want resp.ProtocolError) bool {
	seen := strings.TrimSuffix(strings.TrimSuffix(got.Excerpt, "…"), `"`)
	return got.Offset == want.Offset && got.Reason == want.Reason && strings.HasPrefix(want.Excerpt, seen)
}

// What is exactly at a limit is let through.
func TestAtTheLimit(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		limits resp.Limits
		wire   string
	}{
		{resp.Limits{Bulk: 5}, "$5\r\nabcde\r\n"},
		{resp.Limits{Bulk: 5}, "$?\r\n;2\r\nab\r\n;3\r\ncde\r\n;0\r\n"},
		{resp.Limits{Bulk: 5}, "*2\r\n$?\r\n;5\r\nabcde\r\n;0\r\n$?\r\n;5\r\nabcde\r\n;0\r\n"},
		{resp.Limits{Elements: 2}, "*2\r\n:1\r\n:2\r\n"},
		{resp.Limits{Elements: 2}, "*?\r\n:1\r\n:2\r\n.\r\n"},
		{resp.Limits{Elements: 1}, "%1\r\n:1\r\n:2\r\n"},
		{resp.Limits{Elements: 1}, "%?\r\n:1\r\n:2\r\n.\r\n"},
		{resp.Limits{Elements: 1}, "%?\r\n:1\r\n$?\r\n;1\r\na\r\n;0\r\n.\r\n"},
		{resp.Limits{Depth: 2}, "*2\r\n*2\r\n*0\r\n*-1\r\n:1\r\n"},
		{resp.Limits{Depth: 1}, "*?\r\n$?\r\n;0\r\n.\r\n"},
		{resp.Limits{}, strings.Repeat("*1\r\n", 64) + ":1\r\n"},
		{resp.Limits{Depth: 1000}, strings.Repeat("*?\r\n", 255) + strings.Repeat(".\r\n", 255)},
		{resp.Limits{Line: 5}, "+abcde\r\n"},
		{resp.Limits{Line: 5}, "!3\r\na\nb\r\n"},
		{resp.Limits{}, "+" + strings.Repeat("a", 64<<10) + "\r\n"},
		{resp.Limits{Reply: 12}, "$6\r\nabcdef\r\n"},
		{resp.Limits{Reply: 15}, "*2\r\n:1\r\n$1\r\na\r\n"},
		{resp.Limits{Reply: 4}, ":1\r\n"},
	} {
		for _, size := range []int{1, 2, 3, 1 << 20} {
			s := resp.NewScanner(c.limits)
			replies, err := scan(s, c.wire+c.wire, size) // limits are of each reply, not of all
			if err != nil || len(replies) != 2 || !s.Idle() {
				t.Errorf("limits %+v, parts of %d: %.40q twice is %d replies, error %v", c.limits, size, c.wire, len(replies), err)
			}
		}
	}
}

// The limits of zero and of impossible values.
func TestLongLines(t *testing.T) {
	t.Parallel()
	s := resp.NewScanner(resp.Limits{Line: 5, Reply: 10})
	feed := func(text string) { s.Grew(copy(s.Room(), text)) }
	s.LongLines()
	feed("+abcdefg\r\n+abcdefgh\r\n")
	if r, ok, err := s.Next(); !ok || err != nil || r.Text() != "abcdefg" {
		t.Errorf("a line as long as a reply may be: got %q, %v, %v", r.Text(), ok, err)
	}
	if _, ok, err := s.Next(); ok || err == nil {
		t.Errorf("a line longer than a reply may be: got %v, %v, want an error", ok, err)
	}
}

func TestLimits(t *testing.T) {
	t.Parallel()
	got := resp.Limits{Bulk: -1, Depth: -1}.WithDefaults()
	want := resp.Limits{Bulk: min(512<<20, resp.MaxBytes), Elements: 1 << 20, Depth: 64, Line: 64 << 10, Reply: min(1<<31-1, resp.MaxBytes)}
	if got != want {
		t.Errorf("defaults %+v, want %+v", got, want)
	}
	const most = int(^uint(0) >> 1)
	got = resp.Limits{Bulk: most, Elements: most, Depth: most, Line: most, Reply: most}.WithDefaults()
	want = resp.Limits{Bulk: resp.MaxBytes, Elements: 1<<30 - 1, Depth: 255, Line: resp.MaxBytes, Reply: resp.MaxBytes}
	if got != want {
		t.Errorf("the most is %+v, want %+v", got, want)
	}
}

// The error says where, what, and what was there; and it can be told apart.
func TestProtocolErrorText(t *testing.T) {
	t.Parallel()
	_, err := scan(resp.NewScanner(resp.Limits{}), "+OK\r\nHTTP/1.1 400 Bad Request\r\n", 100)
	want := `the server broke the protocol at byte 5: no RESP type begins with this byte (read "HTTP/1.1 400 Bad Request\r\n")`
	if err == nil || err.Error() != want {
		t.Errorf("%v, want %s", err, want)
	}
	if e := new(resp.ProtocolError); !errors.As(err, &e) {
		t.Errorf("%T, want a *ProtocolError", err)
	}
}
