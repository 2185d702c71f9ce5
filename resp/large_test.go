package resp_test

import (
	"fmt"
	"math/rand/v2"
	"runtime"
	"strings"
	"testing"

	"github.com/fairlead-go/fairlead/resp"
)

// numbered is n bytes that tell where they are, so that none can be lost, doubled or moved unseen.
func numbered(n int) string {
	b := make([]byte, 0, n+8)
	for i := 0; len(b) < n; i += 8 {
		b = fmt.Appendf(b, "%07x,", i)
	}
	return string(b[:n])
}

// of is a string of that kind on the wire.
func of(kind resp.Kind, s string) string { return fmt.Sprintf("%c%d\r\n%s\r\n", kind, len(s), s) }

// A large string is what was sent, to the byte, whatever comes before and behind it and however the network cuts it.
func TestLargeStringsArriveWhole(t *testing.T) {
	t.Parallel()
	for _, kind := range []resp.Kind{resp.BulkString, resp.BulkError, resp.VerbatimString} {
		for _, size := range []int{resp.OwnedSize - 1, resp.OwnedSize, resp.OwnedSize + 1, 100_000, 1 << 20} {
			t.Run(fmt.Sprintf("%v of %d", kind, size), func(t *testing.T) {
				t.Parallel()
				large := "txt:" + numbered(size-4)
				value := resp.Value{Kind: kind, Str: large}
				if kind == resp.VerbatimString {
					value.Format, value.Str = "txt", large[4:]
				}
				wire := "+OK\r\n" + of(kind, large) + of(kind, large) + ":7\r\n" + of(kind, large) + "*1\r\n" + of(kind, large) + "$-1\r\n"
				want := []resp.Value{simple("OK"), value, value, {Kind: resp.Integer, Int: 7}, value, array(value), {Kind: resp.Null}}
				for _, part := range []int{97, 1448, 4096, 16 << 10, 64<<10 - 1, len(wire)} {
					s := resp.NewScanner(resp.Limits{})
					wantReplies(t, s, wire, part, want)
					if !s.Idle() || s.Missing() != 0 || s.Offset() != int64(len(wire)) {
						t.Fatalf("in parts of %d: Idle %v, Missing %d, Offset %d; nothing is left of %d bytes",
							part, s.Idle(), s.Missing(), s.Offset(), len(wire))
					}
				}
			})
		}
	}
}

// Missing says to the byte how much of a large string is on its way, and Idle that there is one.
func TestMissingOfALargeString(t *testing.T) {
	t.Parallel()
	wire := of(resp.BulkString, numbered(100_000))
	s := resp.NewScanner(resp.Limits{})
	for at, size := range []int{9, 500, 600, 50_000, 48_898, 3} { // a few cuts, the last before the CR LF and its last byte
		s.Grew(copy(s.Room(), wire[:size]))
		wire = wire[size:]
		if _, ok, err := s.Next(); ok || err != nil || s.Idle() || s.Missing() != len(wire) {
			t.Fatalf("cut %d: reply %v, error %v, Idle %v, Missing %d, want %d", at, ok, err, s.Idle(), s.Missing(), len(wire))
		}
		s.Shrink() // which must not touch half a reply
	}
	s.Grew(copy(s.Room(), wire))
	if r, ok, err := s.Next(); !ok || err != nil || r.Text() != numbered(100_000) {
		t.Fatalf("reply %v, error %v, want the string", ok, err)
	}
	if !s.Idle() || s.Missing() != 0 || resp.BufferSize(s) > resp.RoomSize {
		t.Fatalf("Idle %v, Missing %d, a buffer of %d, want the rest of a connection", s.Idle(), s.Missing(), resp.BufferSize(s))
	}
}

// What is wrong with a large string is found where it is found in a small one.
func TestBrokenLargeStrings(t *testing.T) {
	t.Parallel()
	x := strings.Repeat("x", 40_000)
	const behind, notEnded = 5 + 8 + 40_000, "a string that is not followed by CR LF"
	for _, c := range []brokenCase{
		{"a string longer than its length", "$40000\r\n" + x + "yz+OK\r\n", resp.Limits{}, behind, notEnded, ""},
		{"a string followed by LF", "$40000\r\n" + x + "\n+OK\r\n", resp.Limits{}, behind, notEnded, ""},
		{"a string followed by CR only", "$40000\r\n" + x + "\r+OK\r\n", resp.Limits{}, behind, notEnded, ""},
		{"a verbatim string without a colon", "=40000\r\n" + x + "\r\n", resp.Limits{}, 5 + 8, "a verbatim string without its format", ""},
		{"an error longer than its length", "!40000\r\n" + x + "yz+OK\r\n", resp.Limits{}, behind, notEnded, ""},
		{"a string past a limit", "$40000\r\n" + x + "\r\n", resp.Limits{Bulk: 39_999}, 5, "a string longer than Limits.Bulk allows", ""},
		{"a string past the reply's limit", "$40000\r\n" + x + "\r\n", resp.Limits{Reply: 40_009}, 5, "a reply longer than Limits.Reply allows", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			for _, part := range []int{1, 1448, 16 << 10, 1 << 20} {
				s := resp.NewScanner(c.limits)
				replies, err := scan(s, "+OK\r\n"+c.wire, part)
				got := broken(t, err)
				if len(replies) != 1 || got.Offset != c.offset || got.Reason != c.reason {
					t.Fatalf("in parts of %d: %d replies and %+v, want one and %q at %d", part, len(replies), got, c.reason, c.offset)
				}
				if _, ok, again := s.Next(); ok || again != err {
					t.Fatalf("the next reply: ok %v, error %v, want the same error for good", ok, again)
				}
			}
		})
	}
}

// Whatever a large string's kind, length, surroundings and flaws are: replies and errors do not depend on the cuts.
func TestLargeStringsInRandomParts(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(3, 4))
	large := numbered(resp.OwnedSize + 4096)
	for range 400 {
		var wire []byte
		for range 1 + random.IntN(4) {
			s := large[:resp.OwnedSize-50+random.IntN(4096)]
			switch kind := "$$$!=*|+"[random.IntN(8)]; kind {
			case '*', '|':
				wire = fmt.Appendf(wire, "%c1\r\n+k\r\n%s", kind, of(resp.BulkString, s))
			case '+':
				wire = append(wire, "+OK\r\n"...)
			case '=':
				wire = append(wire, of(resp.VerbatimString, "txt:"+s)...)
			default:
				wire = append(wire, of(resp.Kind(kind), s)...)
			}
		}
		if random.IntN(3) == 0 {
			wire[random.IntN(len(wire))] ^= byte(1 << random.IntN(8))
		}
		wantNaive(t, string(wire))
		whole := cut(t, resp.Limits{}, string(wire), "")
		s := resp.NewScanner(resp.Limits{})
		parts := outcome{}
		for rest := wire; len(rest) > 0 && parts.err == nil; {
			n := copy(s.Room(), rest[:min(len(rest), 1+random.IntN(20_000))])
			s.Grew(n)
			rest = rest[n:]
			var replies []resp.Reply
			replies, parts.err = drain(s)
			for _, r := range replies {
				parts.values = append(parts.values, r.Value())
			}
		}
		parts.idle = s.Idle()
		if !sameOutcome(whole, parts) {
			t.Fatalf("%.40q…: at once %d replies, %v; in parts %d, %v", wire, len(whole.values), whole.err, len(parts.values), parts.err)
		}
	}
}

// A large string is given memory once, for itself and little more; the buffer stays small.
func TestLargeStringsAlloc(t *testing.T) {
	for _, size := range []int{64 << 10, 1 << 20, 16 << 20, 64 << 20} {
		wire := bulk(size)
		for _, part := range []int{1448, 16 << 10, 1 << 20} {
			s := resp.NewScanner(resp.Limits{})
			scan(s, "*1\r\n"+bulk(5000), 1<<20) // the buffer is as large as it gets with small replies
			before := resp.BufferSize(s)
			var replies []resp.Reply
			got := allocated(func() { replies, _ = scan(s, wire, part) })
			if len(replies) != 1 || len(replies[0].Text()) != size {
				t.Fatalf("%d in parts of %d: %d replies, want the string", size, part, len(replies))
			}
			if most := uint64(size + 17<<10); got > most {
				t.Errorf("%d in parts of %d: %d bytes allocated, want at most %d", size, part, got, most)
			}
			if after := resp.BufferSize(s); after > resp.RoomSize {
				t.Errorf("%d in parts of %d: a buffer of %d after it, and of %d before", size, part, after, before)
			}
		}
	}
}

// Beyond aheadSize the memory grows with what has arrived: a string of eight times that is copied once.
func TestHugeStringAlloc(t *testing.T) {
	const mega = 1 << 20
	s := resp.NewScanner(resp.Limits{})
	x := strings.Repeat("x", mega)
	var fed int
	got := allocated(func() {
		feed(s, "$134217728\r\n", 12)
		fed, _, _ = feed(s, x, 64*mega)
	})
	if most := uint64(65 * mega); got > most {
		t.Errorf("%d bytes allocated after %d of 128 MiB, want at most %d", got, fed, most)
	}
	got = allocated(func() { feed(s, x, mega) })
	if most := uint64(129 * mega); got < most-2*mega || got > most {
		t.Errorf("%d bytes allocated for more of 128 MiB, want all of it: half has arrived", got)
	}
	feed(s, x, 63*mega)
	_, replies, err := feed(s, "\r\n", 2)
	if err != nil || len(replies) != 1 || replies[0].Text() != strings.Repeat(x, 128) {
		t.Fatalf("%d replies, error %v, want the string", len(replies), err)
	}
}

// A server that announces strings and sends little of them makes its client reserve at most aheadSize for a connection,
// of which the system gives nothing before it is used, and nothing at all for the announcement alone.
func TestAnnouncedStringsAlloc(t *testing.T) {
	const conns = 8
	scanners := make([]*resp.Scanner, conns)
	for i := range scanners {
		scanners[i] = resp.NewScanner(resp.Limits{})
	}
	announce := func(wire string) uint64 {
		return allocated(func() {
			for _, s := range scanners {
				s.Grew(copy(s.Room(), wire))
				if _, ok, err := s.Next(); ok || err != nil {
					t.Fatalf("reply %v, error %v, want neither yet", ok, err)
				}
				s.Room()
			}
		})
	}
	if got := announce("$500000000\r\n"); got > conns*(20<<10+4096) {
		t.Errorf("%d bytes allocated for %d announced strings, want the buffers", got, conns)
	}
	runtime.GC() // what other tests left behind is not needed for what follows
	before := resident(t)
	if got := announce(strings.Repeat("x", 2000)); got > conns*(64<<20+64<<10) {
		t.Errorf("%d bytes allocated for %d strings that have begun, want at most 64 MiB each", got, conns)
	}
	if grown := resident(t) - before; grown > 64<<20 {
		t.Errorf("%d bytes taken from the system for %d strings of which 2000 bytes have come, want next to nothing", grown, conns)
	}
	runtime.KeepAlive(scanners)
}
