package resp_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/fairlead-go/fairlead/resp"
)

// A reply is read as what it is, wherever the network cut it in two.
func TestEveryTypeCutInTwo(t *testing.T) {
	t.Parallel()
	for _, c := range everyType {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			for cut := 0; cut < len(c.wire); cut++ {
				s := resp.NewScanner(resp.Limits{})
				if got, err := scan(s, c.wire[:cut], len(c.wire)); len(got) > 0 || err != nil {
					t.Fatalf("after %q: replies %v, error %v; the reply is not complete", c.wire[:cut], got, err)
				}
				if s.Idle() != (cut == 0) {
					t.Fatalf("after %q: Idle %v; part of a reply is there", c.wire[:cut], s.Idle())
				}
				if m := s.Missing(); m < 0 || m > len(c.wire)-cut || (m == 0 && cut > 0) {
					t.Fatalf("after %q: Missing %d, of %d to come", c.wire[:cut], m, len(c.wire)-cut)
				}
				wantReplies(t, s, c.wire[cut:], len(c.wire), []resp.Value{c.want})
				if !s.Idle() || s.Missing() != 0 || s.Offset() != int64(len(c.wire)) {
					t.Fatalf("after the reply: Idle %v, Missing %d, Offset %d; nothing is left of %d bytes", s.Idle(), s.Missing(), s.Offset(), len(c.wire))
				}
			}
		})
	}
}

// All types one after the other, in parts of every size from single bytes to everything at once.
func TestEveryTypeInParts(t *testing.T) {
	t.Parallel()
	wire, want := all()
	for _, size := range []int{1, 2, 3, 4, 5, 6, 7, 8, 13, 16, 31, 64, 100, 499, len(wire)} {
		wantReplies(t, resp.NewScanner(resp.Limits{}), wire, size, want)
	}
}

// wantReplies feeds wire to s in parts of at most size bytes and wants these replies.
func wantReplies(t *testing.T, s *resp.Scanner, wire string, size int, want []resp.Value) {
	t.Helper()
	replies, err := scan(s, wire, size)
	if err != nil || len(replies) != len(want) {
		t.Fatalf("in parts of %d bytes: %d replies and error %v, want %d replies", size, len(replies), err, len(want))
	}
	for i, r := range replies {
		if got := r.Value(); !same(got, want[i]) {
			t.Fatalf("in parts of %d bytes: reply %d is %+v, want %+v", size, i, got, want[i])
		}
	}
}

// A reply stays what it is while the Scanner reads on: its memory is its own.
func TestRepliesKeepTheirBytes(t *testing.T) {
	t.Parallel()
	for _, size := range []int{1, 100, resp.OwnedSize - 1, resp.OwnedSize, 3 * resp.OwnedSize, 1 << 20} {
		for _, part := range []int{1500, 1 << 21} {
			t.Run(fmt.Sprintf("%d in %d", size, part), func(t *testing.T) {
				t.Parallel()
				s := resp.NewScanner(resp.Limits{})
				var kept []resp.Reply
				for _, letter := range "abcdef" {
					wire := fmt.Sprintf("*2\r\n$%d\r\n%s\r\n:1\r\n$-1\r\n+O", size, strings.Repeat(string(letter), size))
					replies, err := scan(s, wire, part)
					if err != nil || len(replies) != 2 {
						t.Fatalf("%d replies, error %v, want an array and a nil", len(replies), err)
					}
					kept = append(kept, replies[0])
					clear(s.Room()) // what is not read yet is nobody's
					if replies, err := scan(s, "K\r\n", 1); err != nil || replies[0].Text() != "OK" {
						t.Fatalf("%v, error %v, want OK: its first bytes came before the room was cleared", replies, err)
					}
				}
				for i, letter := range "abcdef" {
					if got := kept[i].Value().Elems[0].Str; got != strings.Repeat(string(letter), size) {
						t.Fatalf("reply %d has changed since it was taken", i)
					}
				}
			})
		}
	}
}

// Missing is exact once the length of a string is known.
func TestMissing(t *testing.T) {
	t.Parallel()
	s := resp.NewScanner(resp.Limits{})
	for _, step := range []struct {
		wire   string
		want   int
		reason string
	}{
		{"*2", 1, "the line goes on"},
		{"\r\n", 1, "two elements are to come"},
		{"$1000\r\n", 1002, "the string and its CR LF"},
		{"abc", 999, "three bytes of it came"},
		{strings.Repeat("x", 997) + "\r", 1, "the LF"},
		{"\n", 1, "another element"},
		{":1\r", 1, "its LF"},
	} {
		if _, err := scan(s, step.wire, len(step.wire)); err != nil || s.Missing() != step.want {
			t.Fatalf("after %q: Missing %d, error %v, want %d: %s", step.wire, s.Missing(), err, step.want, step.reason)
		}
	}
}

// The commonest replies cost no more than their text.
func TestAllocations(t *testing.T) {
	for _, c := range []struct {
		wire   string
		want   float64
		reason string
	}{
		{"$16\r\n0123456789abcdef\r\n", 1, "the string"},
		{"$0\r\n\r\n", 0, "an empty string has no bytes"},
		{"+OK\r\n", 0, "always the same string"},
		{"+QUEUED\r\n", 0, "always the same string"},
		{":1\r\n", 0, "a number"},
		{":-1\r\n", 0, "TTL of a key without one"},
		{":9223372036854775807\r\n", 0, "a number"},
		{"_\r\n", 0, "GET of a key that does not exist"},
		{"$-1\r\n", 0, "the same in RESP2"},
		{"*-1\r\n", 0, "BLPOP that timed out"},
		{"#t\r\n", 0, "a boolean"},
		{"*3\r\n$1\r\na\r\n$1\r\nb\r\n:3\r\n", 1, "one string for all elements"},
	} {
		s := resp.NewScanner(resp.Limits{})
		got := testing.AllocsPerRun(100, func() {
			s.Grew(copy(s.Room(), c.wire))
			if _, ok, err := s.Next(); !ok || err != nil {
				t.Fatal(c.wire, ok, err)
			}
		})
		if got != c.want {
			t.Errorf("%q takes %v allocations, want %v: %s", c.wire, got, c.want, c.reason)
		}
	}
}

// Walking over the elements of a reply allocates nothing.
func TestElementsAllocateNothing(t *testing.T) {
	r := parse(t, "*1\r\n*2\r\n"+strings.Repeat("%1\r\n+k\r\n$3\r\nabc\r\n", 2))
	got := testing.AllocsPerRun(100, func() {
		outer := r.Elements()
		inner, _ := outer.Next()
		elements := inner.Elements()
		for e, ok := elements.Next(); ok; e, ok = elements.Next() {
			if e.Len() != 2 {
				t.Fatal(e.Len())
			}
		}
	})
	if got != 0 {
		t.Errorf("%v allocations, want none", got)
	}
}

// Small replies other than the commonest take memory of their size, too.
func TestBytesOfSmallReplies(t *testing.T) {
	const n = 1000
	wire := strings.Repeat("*2\r\n$5\r\nhello\r\n:1\r\n", n)
	s := resp.NewScanner(resp.Limits{})
	scan(s, wire, len(wire)) // the buffer is there
	replies := make([]resp.Reply, 0, 2*n)
	got := allocated(func() {
		for rest := wire; rest != ""; {
			n := copy(s.Room(), rest)
			s.Grew(n)
			rest = rest[n:]
			for r, ok, _ := s.Next(); ok; r, ok, _ = s.Next() {
				replies = append(replies, r)
			}
		}
	})
	if len(replies) != n || got > 40*n {
		t.Errorf("%d replies of 19 bytes took %d bytes, want %d and at most 40 each", len(replies), got, n)
	}
}
