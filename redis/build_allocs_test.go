package redis

import "testing"

// TestLongBuildAllocs: arguments beyond the first four take one piece of memory, however many there are. Not parallel:
// allocations are those of the whole process.
func TestLongBuildAllocs(t *testing.T) {
	few, many, keys := somePairs(3), somePairs(50), someKeys(100)
	buffer := make([]byte, 0, 4096)
	for _, test := range []struct {
		name  string
		build func()
	}{
		{"HSet of 3 fields", func() { c := HSet(anyKey, few...); into = c.Append(buffer) }},
		{"HSet of 3 fields, written out", func() {
			c := HSet(anyKey, anyField, anyText, anyMember, anyNumber, anyKey, anyText)
			into = c.Append(buffer)
		}},
		{"HSet of 50 fields", func() { c := HSet(anyKey, many...); into = c.Append(buffer) }},
		{"MGet of 100 keys", func() { c := MGet(keys...); into = c.Append(buffer) }},
	} {
		if n := testing.AllocsPerRun(100, test.build); n > 1 {
			t.Errorf("%s: %v allocations, want at most 1", test.name, n)
		}
	}
}
