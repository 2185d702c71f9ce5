package redis

import (
	"strings"
	"testing"
	"time"
)

// What AppendAround leaves out is the long values, and they belong where it says: with them it is Append.
func TestAppendAround(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("x", LongValue)
	short := long[1:]
	for _, c := range []struct {
		name    string
		request Request
		strings int // long values that are strings
		bytes   int // and that are the caller's bytes
	}{
		{"a short string", Set("k", short, 0).Request, 0, 0},
		{"short bytes", Set("k", []byte(short), 0).Request, 0, 0},
		{"numbers, whose bits are many", New[int]("RPUSH", "k", -1, uint64(1)<<63, 2.5, -2.5).Request, 0, 0},
		{"a long string", Set("k", long, 0).Request, 1, 0},
		{"long bytes", Set("k", []byte(long), 0).Request, 0, 1},
		{"a long string among others", New[int]("RPUSH", "k", 1, "a", long, short, []byte("b")).Request, 1, 0},
		{"many long ones", New[int]("RPUSH", "k", long, []byte(long), 7, long, []byte(long), long).Request, 3, 2},
		{"a map", HSet("k", map[string]string{"long": long, "short": short}).Request, 1, 0},
		{"a map of anything", HSet("k", map[string]any{"long": []byte(long), "n": 1}).Request, 0, 1},
		{"strings in turn", MSet([]string{"k", long, "l", short}).Request, 1, 0},
		{"a list of values", RPush("k", 1, long, []byte(long)).Request, 1, 1},
		{"a command that nobody knows", New[int]("MY.COMMAND", []byte(long)).Request, 0, 1},
	} {
		r := c.request
		if want := c.strings+c.bytes > 0; r.HasLong() != want {
			t.Errorf("%s: HasLong %v, want %v", c.name, r.HasLong(), want)
		}
		for _, kept := range []bool{false, true} {
			if kept {
				r.Keep()
				c.strings, c.bytes = c.strings+c.bytes, 0
			}
			strings, bytes := 0, 0
			got := r.AppendAround([]byte("before"), func(b []byte, value string, lent bool) []byte {
				if value != long {
					t.Errorf("%s: a value of %d bytes is left out, want long ones alone", c.name, len(value))
				}
				if lent {
					bytes++
				} else {
					strings++
				}
				return append(b, value...)
			})
			if string(got) != string(r.Append([]byte("before"))) {
				t.Errorf("%s: with its long values it is not what Append appends", c.name)
			}
			if strings != c.strings || bytes != c.bytes {
				t.Errorf("%s: %d strings and %d []bytes were left out, want %d and %d", c.name, strings, bytes, c.strings, c.bytes)
			}
		}
	}
}

// What AppendBefore leaves out is one value: with it the two parts are Append.
func TestAppendBefore(t *testing.T) {
	t.Parallel()
	whole, empty := Set("k", "value", 1500*time.Millisecond), Set("k", "", 1500*time.Millisecond)
	before, after := empty.AppendBefore([]byte("before"), 1, len("value"))
	if got := string(before) + "value" + string(after); got != "before"+string(whole.Append(nil)) {
		t.Errorf("got %q, want %q", got, whole.Append(nil))
	}
	long := New[int]("RPUSH", "k", 1, 2.5, "", "e", "f") // arguments beyond the first four
	before, after = long.AppendBefore(nil, 3, 0)
	if got := string(before) + string(after); got != string(long.Append(nil)) {
		t.Errorf("got %q, want %q", got, long.Append(nil))
	}
}
