package resp_test

import (
	"math"
	"math/rand/v2"
	"strconv"
	"strings"
	"testing"

	"github.com/fairlead-go/fairlead/resp"
)

// What is appended, byte by byte, after what was there.
func TestAppend(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name string
		got  []byte
		want string
	}{
		{"array", resp.AppendArray(nil, 3), "*3\r\n"},
		{"array of none", resp.AppendArray(nil, 0), "*0\r\n"},
		{"array of nine", resp.AppendArray(nil, 9), "*9\r\n"},
		{"array of ten", resp.AppendArray(nil, 10), "*10\r\n"},
		{"array of a million", resp.AppendArray(nil, 1_000_000), "*1000000\r\n"},
		{"bulk", resp.AppendBulk(nil, "hello"), "$5\r\nhello\r\n"},
		{"empty bulk", resp.AppendBulk(nil, ""), "$0\r\n\r\n"},
		{"bulk in parts", resp.AppendBulkEnd(append(resp.AppendBulkHead(nil, 5), "hello"...)), "$5\r\nhello\r\n"},
		{"bulk of protocol", resp.AppendBulk(nil, "\r\n$1\r\n"), "$6\r\n\r\n$1\r\n\r\n"},
		{"bulk of binary", resp.AppendBulk(nil, "\x00\xff"), "$2\r\n\x00\xff\r\n"},
		{"bulk of 12", resp.AppendBulk(nil, "hello, world"), "$12\r\nhello, world\r\n"},
		{"int", resp.AppendInt(nil, 42), "$2\r\n42\r\n"},
		{"int 0", resp.AppendInt(nil, 0), "$1\r\n0\r\n"},
		{"int -1", resp.AppendInt(nil, -1), "$2\r\n-1\r\n"},
		{"int 9", resp.AppendInt(nil, 9), "$1\r\n9\r\n"},
		{"int 10", resp.AppendInt(nil, 10), "$2\r\n10\r\n"},
		{"int -9", resp.AppendInt(nil, -9), "$2\r\n-9\r\n"},
		{"int -10", resp.AppendInt(nil, -10), "$3\r\n-10\r\n"},
		{"int -1000", resp.AppendInt(nil, -1000), "$5\r\n-1000\r\n"},
		{"largest int", resp.AppendInt(nil, math.MaxInt64), "$19\r\n9223372036854775807\r\n"},
		{"smallest int", resp.AppendInt(nil, math.MinInt64), "$20\r\n-9223372036854775808\r\n"},
		{"uint 0", resp.AppendUint(nil, 0), "$1\r\n0\r\n"},
		{"largest uint", resp.AppendUint(nil, math.MaxUint64), "$20\r\n18446744073709551615\r\n"},
		{"float", resp.AppendFloat(nil, 3.5), "$3\r\n3.5\r\n"},
		{"float of a whole number", resp.AppendFloat(nil, 1_000_000), "$7\r\n1000000\r\n"},
		{"float 0", resp.AppendFloat(nil, 0), "$1\r\n0\r\n"},
		{"float -0", resp.AppendFloat(nil, math.Copysign(0, -1)), "$2\r\n-0\r\n"},
		{"float of 1e20", resp.AppendFloat(nil, 1e20), "$21\r\n100000000000000000000\r\n"},
		{"float of 1e21", resp.AppendFloat(nil, 1e21), "$5\r\n1e+21\r\n"},
		{"float of -1e300", resp.AppendFloat(nil, -1e300), "$7\r\n-1e+300\r\n"},
		{"float of a millionth", resp.AppendFloat(nil, 1e-6), "$8\r\n0.000001\r\n"},
		{"small float", resp.AppendFloat(nil, 1.5e-7), "$7\r\n1.5e-07\r\n"},
		{"smallest float", resp.AppendFloat(nil, 5e-324), "$6\r\n5e-324\r\n"},
		{"longest float", resp.AppendFloat(nil, -1.2345678901234567e-6), "$25\r\n-0.0000012345678901234567\r\n"},
		{"inf", resp.AppendFloat(nil, math.Inf(1)), "$3\r\ninf\r\n"},
		{"-inf", resp.AppendFloat(nil, math.Inf(-1)), "$4\r\n-inf\r\n"},
		{"nan", resp.AppendFloat(nil, math.NaN()), "$3\r\nnan\r\n"},
		{"command", resp.AppendCommand(nil, "SET", "k", ""), "*3\r\n$3\r\nSET\r\n$1\r\nk\r\n$0\r\n\r\n"},
		{"command of no words", resp.AppendCommand(nil), "*0\r\n"},
		{"after what was there", resp.AppendCommand([]byte("before "), "PING"), "before *1\r\n$4\r\nPING\r\n"},
	} {
		if string(c.got) != c.want {
			t.Errorf("%s is %q, want %q", c.name, c.got, c.want)
		}
	}
}

// Numbers read back as they were; their length is right whatever it is.
func TestAppendNumbersRoundTrip(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(5, 6))
	for range 5_000 {
		bits := random.Uint64() >> random.IntN(64)
		if n, err := parse(t, string(resp.AppendInt(nil, int64(bits)))).Int(); err != nil || n != int64(bits) {
			t.Fatalf("%d came back as %d, error %v", int64(bits), n, err)
		}
		if n, err := strconv.ParseUint(parse(t, string(resp.AppendUint(nil, bits))).Text(), 10, 64); err != nil || n != bits {
			t.Fatalf("%d came back as %d, error %v", bits, n, err)
		}
		want := math.Float64frombits(random.Uint64())
		f, err := parse(t, string(resp.AppendFloat(nil, want))).Float()
		if err != nil || math.Float64bits(f) != math.Float64bits(want) && !(math.IsNaN(f) && math.IsNaN(want)) {
			t.Fatalf("%v came back as %v, error %v", want, f, err)
		}
		if sent := parse(t, string(resp.AppendFloat(nil, want))).Text(); resp.FormatFloat(want) != sent {
			t.Fatalf("FormatFloat %s, AppendFloat %s", resp.FormatFloat(want), sent)
		}
	}
}

// Appending to a buffer with room allocates nothing.
func TestAppendAllocatesNothing(t *testing.T) {
	b := make([]byte, 0, 1024)
	long := strings.Repeat("x", 100)
	got := testing.AllocsPerRun(100, func() {
		b = resp.AppendArray(b[:0], 5)
		b = resp.AppendBulk(b, long)
		b = resp.AppendInt(b, -123456)
		b = resp.AppendUint(b, 123456)
		b = resp.AppendFloat(b, -1.2345678901234567e-6)
		b = resp.AppendFloat(b, math.Inf(1))
		b = resp.AppendCommand(b, "SET", "k", "v")
	})
	if got != 0 {
		t.Errorf("%v allocations, want none", got)
	}
}
