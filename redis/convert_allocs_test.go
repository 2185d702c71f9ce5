package redis

import (
	"testing"
)

var sink struct {
	string string
	bytes  []byte
	int    int
	float  float64
	bool   bool
	cmd    Cmd[int]
}

// TestConvertAllocs: the frequent types cost what their value costs and no more. Not parallel: allocations are counted.
func TestConvertAllocs(t *testing.T) {
	digits := fromWire(t, "$5\r\n12345\r\n")
	number, double := fromWire(t, ":12345\r\n"), fromWire(t, ",1.5\r\n")
	asString, asBytes, asInt := New[string]("GET", "k"), New[[]byte]("GET", "k"), As[int](New[string]("GET", "k"))
	asFloat, asBool := New[float64]("GET", "k"), New[bool]("GET", "k")
	key := "k"
	for _, test := range []struct {
		name string
		most float64
		run  func()
	}{
		{"a string as a string", 0, func() { sink.string, _ = asString.Read(digits) }},
		{"a string as an int", 0, func() { sink.int, _ = asInt.Read(digits) }},
		{"an integer as an int", 0, func() { sink.int, _ = asInt.Read(number) }},
		{"a double as a float64", 0, func() { sink.float, _ = asFloat.Read(double) }},
		{"an integer as a bool", 0, func() { sink.bool, _ = asBool.Read(number) }},
		{"a string as []byte: the bytes", 1, func() { sink.bytes, _ = asBytes.Read(digits) }},
		{"a string read before as an int", 0, func() { sink.int, _ = Convert[int]("12345") }},
		{"building a command: its decoder", 1, func() { sink.cmd = New[int]("GET", key) }},
	} {
		if got := testing.AllocsPerRun(100, test.run); got > test.most {
			t.Errorf("%s: %v allocations, at most %v are its own", test.name, got, test.most)
		}
	}
}
