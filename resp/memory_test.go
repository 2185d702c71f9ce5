package resp_test

import (
	"runtime"
	"strings"
	"testing"

	"github.com/fairlead-go/fairlead/resp"
)

// allocated returns how many bytes fn allocates in all, what it lets go of included.
// Tests that use it are not parallel: they run before all that are.
func allocated(fn func()) uint64 {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	fn()
	runtime.ReadMemStats(&after)
	return after.TotalAlloc - before.TotalAlloc
}

// feed gives wire to s over and over until total bytes are in, or the stream is broken; it returns how many were.
func feed(s *resp.Scanner, wire string, total int) (fed int, replies []resp.Reply, err error) {
	rest := ""
	for fed < total && err == nil {
		if rest == "" {
			rest = wire
		}
		n := copy(s.Room(), rest)
		s.Grew(n)
		rest = rest[n:]
		fed += n
		var more []resp.Reply
		more, err = drain(s)
		replies = append(replies, more...)
	}
	return fed, replies, err
}

// A hostile server gets no more memory than a small factor of what it sends, whatever it announces.
func TestMemoryOfHostileStreams(t *testing.T) {
	const mega = 1 << 20
	generous := resp.Limits{Bulk: resp.MaxBytes, Elements: 1 << 29, Depth: 255, Line: resp.MaxBytes, Reply: resp.MaxBytes}
	for _, c := range []struct {
		name       string
		limits     resp.Limits
		head, wire string
		total      int
		most       uint64 // bytes allocated
		reason     string // of the error; "" if there is none
	}{
		{"a string announced, not sent", generous, "", "$536000000\r\n", 12, 16 << 10, ""},
		{"a string past the limit", resp.Limits{}, "", "$2147483647\r\n", 13, 16 << 10, "a string longer than Limits.Bulk allows"},
		{"an array announced, not sent", generous, "", "*536870911\r\n", 12, 16 << 10, ""},
		{"an array past the limit", resp.Limits{}, "", "*2147483647\r\n", 13, 16 << 10, "more elements than Limits.Elements allows"},
		{"a map announced, not sent", generous, "", "%536870911\r\n", 12, 16 << 10, ""},
		{"many arrays announced", generous, "", strings.Repeat("*536870911\r\n", 200), 2400, 64 << 10, ""},
		{"40 MB of nested arrays", resp.Limits{}, "", strings.Repeat("*1\r\n", 10000), 40 * mega, 64 << 10, "aggregates nested deeper than Limits.Depth allows"},
		{"40 MB of nested streams", resp.Limits{}, "", strings.Repeat("*?\r\n", 10000), 40 * mega, 64 << 10, "aggregates nested deeper than Limits.Depth allows"},
		{"a line without end", resp.Limits{}, "+", strings.Repeat("x", 4096), 40 * mega, 300 << 10, "a line longer than Limits.Line allows"},
		{"a long line allowed", generous, "+", strings.Repeat("x", 4096), 8 * mega, 32 * mega, ""},
		{"empty attributes without end", resp.Limits{Reply: 4 * mega}, "", strings.Repeat("|0\r\n", 4096), 40 * mega, 16 * mega, "a reply longer than Limits.Reply allows"},
		{"a string of small parts", resp.Limits{Reply: 4 * mega}, "$?\r\n", strings.Repeat(";1\r\nx\r\n", 4096), 40 * mega, 16 * mega, "a reply longer than Limits.Reply allows"},
		{"a stream without end", resp.Limits{}, "*?\r\n", strings.Repeat("_\r\n", 4096), 40 * mega, 16 * mega, "more elements than Limits.Elements allows"},
		{"half a string of 64 MiB", resp.Limits{}, "$67108864\r\n", strings.Repeat("x", 64<<10), 32 * mega, 90 * mega, ""},
	} {
		s := resp.NewScanner(c.limits)
		var err error
		fed, got := 0, allocated(func() {
			_, _, err = feed(s, c.head, len(c.head))
		})
		got += allocated(func() { fed, _, err = feed(s, c.wire, c.total) })
		if got > c.most {
			t.Errorf("%s: %d bytes allocated for %d fed, want at most %d", c.name, got, fed, c.most)
		}
		switch {
		case c.reason == "" && err != nil:
			t.Errorf("%s: %v, want no error", c.name, err)
		case c.reason != "" && broken(t, err).Reason != c.reason:
			t.Errorf("%s: %v, want %s", c.name, err, c.reason)
		}
	}
}

// A large reply that arrives in small reads is copied a few times at most: the buffer grows by multiples, not read by read.
func TestMemoryOfLargeReplies(t *testing.T) {
	const size = 4 << 20
	x := strings.Repeat("x", size)
	for _, c := range []struct {
		name, wire string
		most       uint64 // times the reply's size, in quarters
	}{
		// The last buffer has the string's size, the one before less than that, all others together a third of that.
		{"a string", "$4194304\r\n" + x + "\r\n", 10},
		// Of these nobody knows the size before the end: the last buffer may have twice that, all others together as much again.
		{"an array of strings", "*4096\r\n" + strings.Repeat("$1024\r\n"+x[:1024]+"\r\n", 4096), 16},
		{"a streamed string, which is joined at the end", "$?\r\n" + strings.Repeat(";1024\r\n"+x[:1024]+"\r\n", 4096) + ";0\r\n", 20},
		{"attributes before a string", strings.Repeat("|1\r\n+k\r\n+v\r\n", 1<<18) + "$1\r\nx\r\n", 16},
	} {
		for _, part := range []int{1400, 64 << 10} {
			var replies []resp.Reply
			var err error
			got := allocated(func() { replies, err = scan(resp.NewScanner(resp.Limits{}), c.wire, part) })
			if len(replies) != 1 || err != nil {
				t.Fatalf("%s in reads of %d: %d replies, error %v", c.name, part, len(replies), err)
			}
			if got > c.most*uint64(len(c.wire))/4 {
				t.Errorf("%s in reads of %d: %d bytes allocated for %d, want at most %d quarters of that", c.name, part, got, len(c.wire), c.most)
			}
		}
	}
}

// Replies of many attributes or parts are read without a deep stack, in memory of their size.
func TestMemoryOfManyAttributes(t *testing.T) {
	const n = 1 << 17
	for _, c := range []struct{ name, head, wire, tail string }{
		{"attributes", "", "|0\r\n", ":7\r\n"},
		{"attributes of an element", "*1\r\n", "|0\r\n", ":7\r\n"},
		{"parts", "*2\r\n:7\r\n$?\r\n", ";1\r\nx\r\n", ";0\r\n"},
		{"streams", "*?\r\n:7\r\n", "*?\r\n.\r\n", ".\r\n"},
	} {
		wire := c.head + strings.Repeat(c.wire, n) + c.tail
		var replies []resp.Reply
		got := allocated(func() { _, replies, _ = feed(resp.NewScanner(resp.Limits{}), wire, len(wire)) })
		if len(replies) != 1 {
			t.Fatalf("%s: %d replies, want one", c.name, len(replies))
		}
		if most := uint64(6 * len(wire)); got > most {
			t.Errorf("%s: %d bytes allocated for %d, want at most %d", c.name, got, len(wire), most)
		}
		first := replies[0]
		if first.Kind() == resp.Array {
			elements := first.Elements()
			first, _ = elements.Next()
		}
		if v, err := first.Int(); v != 7 || err != nil {
			t.Errorf("%s: %d, %v, want 7", c.name, v, err)
		}
	}
}

// Nested streams cost no copy for each level.
func TestMemoryOfNestedStreams(t *testing.T) {
	wire := strings.Repeat("*?\r\n", 60) + "$1048576\r\n" + strings.Repeat("x", 1<<20) + "\r\n" + strings.Repeat(".\r\n", 60)
	var replies []resp.Reply
	got := allocated(func() { _, replies, _ = feed(resp.NewScanner(resp.Limits{}), wire, len(wire)) })
	if len(replies) != 1 || got > uint64(6*len(wire)) {
		t.Errorf("%d replies, %d bytes allocated for %d, want one and at most six times as many", len(replies), got, len(wire))
	}
}
