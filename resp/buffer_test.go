package resp_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/fairlead-go/fairlead/resp"
)

// arrive reads wire as one read would, and takes all replies.
func arrive(t *testing.T, s *resp.Scanner, wire string) {
	t.Helper()
	if n := copy(s.Room(), wire); n < len(wire) {
		t.Fatalf("room for %d of %d bytes", n, len(wire))
	}
	s.Grew(len(wire))
	if _, err := drain(s); err != nil {
		t.Fatal(err)
	}
}

// The buffer is small for small replies, and grows as far as a reply has shown to need.
func TestBufferGrowth(t *testing.T) {
	t.Parallel()
	s := resp.NewScanner(resp.Limits{})
	wantSize := func(want int, reason string) {
		t.Helper()
		if room := len(s.Room()); room == 0 {
			t.Fatal("no room")
		}
		if got := resp.BufferSize(s); got != want {
			t.Fatalf("a buffer of %d, want %d: %s", got, want, reason)
		}
	}
	if got := resp.BufferSize(s); got != 0 {
		t.Fatalf("a buffer of %d before anything is read", got)
	}
	wantSize(4<<10, "at rest")
	for range 1000 {
		arrive(t, s, "$5\r\nhello\r\n")
	}
	wantSize(4<<10, "small replies one at a time")
	arrive(t, s, strings.Repeat("$5\r\nhello\r\n", 372)+"+OK") // 4095 bytes
	wantSize(16<<10, "reads that fill it")
	arrive(t, s, "\r\n")
	wantSize(16<<10, "it stays while there is traffic")
	arrive(t, s, "*2\r\n$1000000\r\n")
	wantSize(16<<10, "a length is only a promise")
	arrive(t, s, strings.Repeat("x", 13<<10))
	wantSize(16<<10, "an eighth is free")
	arrive(t, s, strings.Repeat("x", 2<<10))
	wantSize(4*(15<<10+14+resp.LineSize), "four times what has come")
	arrive(t, s, strings.Repeat("x", 45<<10))
	wantSize(4*(60<<10+14+resp.LineSize), "four times what has come")
	for range 2 {
		arrive(t, s, strings.Repeat("x", 90<<10))
	}
	wantSize(4*(240<<10+14+resp.LineSize), "four times what has come")
	for range 7 {
		arrive(t, s, strings.Repeat("x", 90<<10))
	}
	wantSize(2*(870<<10+14), "twice what has come: the string needs less, but another element follows")
	arrive(t, s, strings.Repeat("x", 1000000-870<<10)+"\r\n:1\r\n")
	wantSize(16<<10, "the buffer went with the array")
	s.Shrink()
	wantSize(4<<10, "shrunk between replies")
}

// The elements that came tell how many bytes the aggregate will have: the buffer grows to that, but at most fourfold.
func TestBufferGrowthOfAggregates(t *testing.T) {
	t.Parallel()
	wire := "*10000\r\n" + strings.Repeat(bulk(16), 10_000)
	s := resp.NewScanner(resp.Limits{})
	var sizes []int
	for rest := wire; rest != ""; {
		n := copy(s.Room(), rest[:min(1448, len(rest))])
		if now := resp.BufferSize(s); len(sizes) == 0 || now != sizes[len(sizes)-1] {
			sizes = append(sizes, now)
		}
		s.Grew(n)
		if rest = rest[n:]; rest != "" {
			s.Next()
		}
	}
	last := sizes[len(sizes)-1]
	if len(sizes) > 4 || last > len(wire)*9/8 {
		t.Errorf("a reply of %d bytes had buffers of %d, want four at most, the last with an eighth to spare", len(wire), sizes)
	}
}

// A stream says nothing of its size: the buffer doubles when it is full.
func TestBufferGrowthWithoutLength(t *testing.T) {
	t.Parallel()
	s := resp.NewScanner(resp.Limits{})
	arrive(t, s, "*?\r\n_\r\n+\r\n")
	for fed, size := 10, 4<<10; fed < 300_000; {
		room := len(s.Room())
		if got := resp.BufferSize(s); got != size {
			if got > max(2*fed, resp.RoomSize) || fed < size*3/4 {
				t.Fatalf("%d bytes have come, the buffer grew from %d to %d, want at most twice what has come, when it is nearly full", fed, size, got)
			}
			size = got
		}
		n := min(room, 1200) / 3 * 3
		if n == 0 {
			n = room
		}
		arrive(t, s, strings.Repeat("_\r\n", 401)[(fed+2)%3:][:n])
		fed += n
	}
}

// Strings of a round length fit with what is around them: growing ends where it should.
func TestBufferGrowthOfRoundLengths(t *testing.T) {
	t.Parallel()
	for _, size := range []int{64 << 10, 256 << 10, 1 << 20, 4 << 20} {
		s := resp.NewScanner(resp.Limits{})
		wire := "*1\r\n" + bulk(size)
		grown, last := 0, 0
		for rest := wire; rest != ""; {
			n := copy(s.Room(), rest)
			if now := resp.BufferSize(s); now != last {
				grown, last = grown+1, now
			}
			s.Grew(n)
			if rest = rest[n:]; rest != "" {
				if _, ok, err := s.Next(); ok || err != nil {
					t.Fatal(ok, err)
				}
			}
		}
		if last != len(wire) {
			t.Errorf("a string of %d ended in a buffer of %d, want %d", size, last, len(wire))
		}
		want := map[int]int{64 << 10: 3, 256 << 10: 4, 1 << 20: 5, 4 << 20: 6}[size] // 4 KiB, 16 KiB, then four times each
		if grown != want {
			t.Errorf("a string of %d took %d buffers, want %d", size, grown, want)
		}
	}
}

// A buffer grown for a large reply does not stay for the small ones after it.
func TestBufferAfterLargeReplies(t *testing.T) {
	t.Parallel()
	s := resp.NewScanner(resp.Limits{})
	wire := "*100000\r\n" + strings.Repeat("_\r\n", 100_000) + strings.Repeat("+OK\r\n", 100_000)
	replies, err := scan(s, wire, len(wire))
	if err != nil || len(replies) != 100_001 {
		t.Fatalf("%d replies, error %v", len(replies), err)
	}
	s.Room()
	if got := resp.BufferSize(s); got > resp.RoomSize {
		t.Errorf("a buffer of %d after small replies, want at most %d", got, resp.RoomSize)
	}
}

// A reply that filled a buffer beyond LargeSize takes that with it; a smaller one is copied, and the buffer stays.
func TestBufferGoesWithLargeReplies(t *testing.T) {
	t.Parallel()
	const around = len("$32768\r\n\r\n")
	for _, c := range []struct {
		wire   string
		want   int
		reason string
	}{
		{bulk(resp.OwnedSize), resp.RestSize, "the string has memory of its own"},
		{"|1\r\n+k\r\n+v\r\n" + bulk(resp.LargeSize), resp.RoomSize, "the string has the buffer, with its attributes"},
		{"*1\r\n" + bulk(resp.LargeSize), resp.RoomSize, "the array has the buffer"},
		{"*1\r\n" + bulk(resp.OwnedSize), resp.OwnedSize + 8*resp.LineSize, "the array is a copy"},
		{bulk(resp.OwnedSize - around - 1), 8 * (resp.RestSize + resp.LineSize), "the string is a copy"},
		{bulk(10), resp.RestSize, "the string is a copy"},
	} {
		s := resp.NewScanner(resp.Limits{})
		if replies, err := scan(s, c.wire, len(c.wire)); len(replies) != 1 || err != nil {
			t.Fatalf("%d replies, error %v", len(replies), err)
		}
		if got := resp.BufferSize(s); got != c.want {
			t.Errorf("%d bytes: a buffer of %d after it, want %d: %s", len(c.wire), got, c.want, c.reason)
		}
	}
}

// bulk is a bulk string of n bytes on the wire.
func bulk(n int) string { return string(resp.AppendBulk(nil, strings.Repeat("x", n))) }

// Shrink keeps what has arrived, and a buffer that is small.
func TestShrink(t *testing.T) {
	t.Parallel()
	s := resp.NewScanner(resp.Limits{})
	arrive(t, s, "$5000\r\n")
	arrive(t, s, strings.Repeat("x", 5000)+"\r\n+O")
	s.Shrink()
	if got := resp.BufferSize(s); got != resp.RoomSize {
		t.Errorf("a buffer of %d, want %d: half a reply does not shrink away", got, resp.RoomSize)
	}
	arrive(t, s, "K\r\n")
	if want := int64(5009 + 5); s.Offset() != want {
		t.Errorf("Offset %d, want %d", s.Offset(), want)
	}
	s.Shrink()
	if got := resp.BufferSize(s); got != 0 {
		t.Errorf("a buffer of %d, want none: all is taken", got)
	}
	arrive(t, s, "+OK\r\n")
	s.Shrink()
	if got := resp.BufferSize(s); got != resp.RestSize {
		t.Errorf("a buffer of %d, want %d: there is nothing to gain", got, resp.RestSize)
	}
}

// Room is never empty and what is in the buffer is moved rarely, whatever the replies' sizes and the reads' are.
func TestRoomOfPipelines(t *testing.T) {
	t.Parallel()
	for _, size := range []int{1, 7, 100, 1000, 4000, 15_000, 31_000, 70_000} {
		for _, read := range []int{1, 100, 1400, 16 << 10, 1 << 20} {
			wire := strings.Repeat(fmt.Sprintf("$%d\r\n%s\r\n", size, strings.Repeat("x", size)), max(3, 100_000/(size+10)))
			if read == 1 {
				wire = wire[:len(wire)/3]
			}
			s := resp.NewScanner(resp.Limits{})
			for rest := wire; rest != ""; {
				room := s.Room()
				if len(room) == 0 {
					t.Fatal("no room")
				}
				if got, most := resp.BufferSize(s), max(resp.LargeSize, size+20); got > most {
					t.Fatalf("replies of %d: a buffer of %d, want at most %d", size, got, most)
				}
				n := copy(room[:min(read, len(room))], rest)
				s.Grew(n)
				rest = rest[n:]
				if _, err := drain(s); err != nil {
					t.Fatal(err)
				}
			}
		}
	}
}
