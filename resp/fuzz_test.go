package resp_test

import (
	"errors"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/fairlead-go/fairlead/resp"
)

// outcome is all that scanning a stream comes to.
type outcome struct {
	values []resp.Value
	err    error
	idle   bool
}

// cut scans wire in parts, whose sizes are the bytes of cuts, over and over; all at once without cuts.
func cut(t *testing.T, l resp.Limits, wire, cuts string) (o outcome) {
	s := resp.NewScanner(l)
	most := 0
	for i, rest := 0, wire; rest != "" && o.err == nil; i++ {
		size := len(rest)
		if cuts != "" {
			size = min(1+int(cuts[i%len(cuts)]), size)
		}
		n := copy(s.Room(), rest[:size])
		if n == 0 {
			t.Fatal("no room")
		}
		most = max(most, resp.BufferSize(s))
		s.Grew(n)
		rest = rest[n:]
		var replies []resp.Reply
		replies, o.err = drain(s)
		for _, r := range replies {
			o.values = append(o.values, r.Value())
		}
	}
	if most > resp.LargeSize+4*len(wire) {
		t.Fatalf("a buffer of %d for %d bytes", most, len(wire))
	}
	o.idle = s.Idle()
	return o
}

// sameOutcome reports whether b, found in smaller parts than a, is what a is.
func sameOutcome(a, b outcome) bool {
	if len(a.values) != len(b.values) || (a.err == nil) != (b.err == nil) || (a.err == nil && a.idle != b.idle) {
		return false
	}
	for i := range a.values {
		if !same(a.values[i], b.values[i]) {
			return false
		}
	}
	var ea, eb *resp.ProtocolError
	if errors.As(a.err, &ea) && errors.As(b.err, &eb) {
		return alike(*eb, *ea)
	}
	return a.err == nil
}

// wantNaive compares the Scanner with the second parser.
func wantNaive(t *testing.T, wire string) {
	t.Helper()
	got := cut(t, resp.Limits{}, wire, "")
	if got.err != nil && strings.Contains(got.err.Error(), "Limits.Line") {
		return // which the second parser does not know
	}
	values, err := (&naive{wire}).replies()
	want := outcome{values, nil, err == nil}
	if err == errBad {
		want.err = got.err // any will do
		if got.err == nil {
			t.Fatalf("%q: no error, want one after %d replies", wire, len(values))
		}
	}
	if !sameOutcome(want, got) {
		t.Fatalf("%q:\ngot  %+v\nwant %+v (%v)", wire, got, want, err)
	}
}

// Two parsers that have nothing in common agree on replies, on streams that end early, and on broken ones.
func TestSecondParserAgrees(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(1, 2))
	for range 4_000 {
		choices := make(source, random.IntN(200))
		for i := range choices {
			choices[i] = byte(random.Uint32())
		}
		var wire []byte
		for range 1 + choices.below(3) {
			wire = choices.stream(wire, choices.value(0))
		}
		wantNaive(t, string(wire))
		wantNaive(t, string(wire[:random.IntN(len(wire))]))
		for range 3 {
			const bytes = "+-:_#,($!=*%~|>;.?0123456789tfeinax\r\n"
			wire[random.IntN(len(wire))] = bytes[random.IntN(len(bytes))]
			wantNaive(t, string(wire))
		}
	}
	for _, c := range brokenStreams {
		if c.limits == (resp.Limits{}) {
			wantNaive(t, c.wire)
		}
	}
	wire, _ := all()
	for i := range wire {
		wantNaive(t, wire[:i])
	}
}

// FuzzScanner: whatever a server sends, and however it is cut, replies and errors are the same; a second parser agrees.
func FuzzScanner(f *testing.F) {
	for _, c := range everyType {
		f.Add(c.wire, "\x00", byte(0))
	}
	for _, c := range brokenStreams {
		if len(c.wire) < 300 {
			f.Add(c.wire, "\x01\x04", byte(c.limits.Bulk+c.limits.Elements+c.limits.Line))
		}
	}
	f.Fuzz(func(t *testing.T, wire, cuts string, limit byte) {
		wantNaive(t, wire)
		if len(wire) < longest {
			wantUnhurried(t, wire, cuts)
		}
		n := int(limit)
		for _, l := range []resp.Limits{{}, {Bulk: n, Elements: n, Depth: n, Line: n, Reply: 4 * n}, {Reply: n}} {
			if a, b := cut(t, l, wire, ""), cut(t, l, wire, cuts); !sameOutcome(a, b) {
				t.Fatalf("limits %+v: at once\n%+v, in parts\n%+v", l, a, b)
			}
		}
	})
}

// FuzzRoundTrip: what AppendReply writes is read as the value it was, streamed or not.
func FuzzRoundTrip(f *testing.F) {
	f.Add([]byte(""))
	f.Add([]byte("\x04\x05hello"))
	f.Add([]byte("\x0a\x04\x01\x02OK\x00\x03\x08\xff\xff\xff\xff\xff\xff\xff\xff\x00\x05\x01\x00\x06\x02\x00"))
	f.Add([]byte("\x0b\x02\x04\x01k\x07\x00\x01\x00\x04\x01v\x00\x09\x01\x03abc\x00\x0d\x01\x00"))
	f.Fuzz(func(t *testing.T, choices []byte) {
		s := source(choices)
		want := s.value(0)
		for _, wire := range [][]byte{resp.AppendReply(nil, want), s.stream(nil, want)} {
			o := cut(t, resp.Limits{}, string(wire), "")
			if o.err != nil || !o.idle || len(o.values) != 1 || !same(o.values[0], want) {
				t.Fatalf("%q: got  %+v\nwant %+v", wire, o, want)
			}
			_ = want.String()
			wantJSON(t, want)
		}
	})
}

// FuzzCommand: a command's words arrive as they were given; none can become more than one, or anything else.
func FuzzCommand(f *testing.F) {
	f.Add("SET", "k", "v")
	f.Add("", "\r\n", "$1\r\na\r\n")
	f.Add("GET", "\x00\xff", "k\r\n*1\r\n$8\r\nFLUSHALL\r\n")
	f.Fuzz(func(t *testing.T, a, b, c string) {
		wire := resp.AppendCommand([]byte("+OK\r\n"), a, b, c)
		o := cut(t, resp.Limits{}, string(wire), "")
		want := outcome{[]resp.Value{simple("OK"), array(str(a), str(b), str(c))}, nil, true}
		if !sameOutcome(want, o) {
			t.Fatalf("%q is %+v, want %+v", wire, o, want)
		}
	})
}
