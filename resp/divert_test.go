package resp

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
)

// passed feeds a Scanner with the stream, in pieces of at most step bytes, and tells the replies, and the parts of what was diverted.
func passed(t *testing.T, stream string, step int, divert func(n int) bool) (replies []string, parts bytes.Buffer, most int, err error) {
	t.Helper()
	s := NewScanner(Limits{})
	s.Divert(func(n int) func([]byte) {
		if !divert(n) {
			return nil
		}
		return func(part []byte) {
			most = max(most, len(part))
			parts.Write(part)
		}
	})
	for len(stream) > 0 {
		n := copy(s.Room(), stream[:min(step, len(stream))])
		stream = stream[n:]
		s.Grew(n)
		for {
			r, ok, err := s.Next()
			if err != nil {
				return replies, parts, most, err
			}
			if !ok {
				break
			}
			replies = append(replies, fmt.Sprintf("%v %d", r.Kind(), r.Size()))
		}
	}
	if !s.Idle() {
		t.Error("the stream ended within a reply")
	}
	return replies, parts, most, nil
}

// TestDivert: a large string that is a reply of its own goes to who takes it, however it arrives; what is around it is as ever.
func TestDivert(t *testing.T) {
	t.Parallel()
	value := strings.Repeat("0123456789abcdef", 20_000)
	stream := fmt.Sprintf("+OK\r\n$%d\r\n%s\r\n$2\r\nhi\r\n*1\r\n$%d\r\n%s\r\n:7\r\n", len(value), value, len(value), value)
	for _, step := range []int{1 << 10, 1<<10 + 1, 4096, 100_000, 1 << 20, 1024 + rand.IntN(100_000)} {
		asked := 0
		replies, parts, most, err := passed(t, stream, step, func(n int) bool {
			if n != len(value) {
				t.Errorf("asked about %d bytes, want %d", n, len(value))
			}
			asked++
			return true
		})
		if err != nil || len(replies) != 5 {
			t.Fatalf("in steps of %d: %q, %v", step, replies, err)
		}
		if asked != 1 || parts.String() != value { // the one within a list is no reply of its own
			t.Errorf("in steps of %d: asked %d times, got %d bytes of %d", step, asked, parts.Len(), len(value))
		}
		if most > stepSize {
			t.Errorf("in steps of %d: a part has %d bytes", step, most)
		}
	}
	_, parts, _, err := passed(t, stream, 4096, func(int) bool { return false })
	if err != nil || parts.Len() > 0 {
		t.Errorf("nobody takes it: %d bytes, %v", parts.Len(), err)
	}
}

// TestDivertBroken: the end of the string is looked at, and the error has its offset in the stream.
func TestDivertBroken(t *testing.T) {
	t.Parallel()
	value := strings.Repeat("x", 100_000)
	for _, end := range []string{"\r\r", "xx", "\n\r"} {
		for _, step := range []int{1 << 10, 1 << 20, len("+OK\r\n$100000\r\n") + len(value) - 1} {
			_, parts, _, err := passed(t, "+OK\r\n$100000\r\n"+value+end, step, func(int) bool { return true })
			want := fmt.Sprintf("%d", len("+OK\r\n$100000\r\n")+len(value))
			if err == nil || !strings.Contains(err.Error(), want) {
				t.Errorf("ending with %q in steps of %d: %v, want the offset %s", end, step, err, want)
			}
			if parts.Len() != len(value) {
				t.Errorf("ending with %q in steps of %d: %d bytes were passed on", end, step, parts.Len())
			}
		}
	}
}
