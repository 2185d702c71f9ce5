package resp_test

import (
	"math"
	"math/rand/v2"
	"strconv"
	"strings"
	"testing"

	"github.com/fairlead-go/fairlead/resp"
)

// The limits called unhurried turn the short ways of the Scanner off. Else they do what those called hurried do,
// for streams of fewer than longest bytes.
var (
	hurried   = resp.Limits{Bulk: 20_000}
	unhurried = resp.Limits{Bulk: 20_000, Reply: resp.OwnedSize}
)

const longest = resp.OwnedSize - 20_100

// wantUnhurried compares a stream, cut at places of its own choice, with the same stream scanned without short ways.
func wantUnhurried(t *testing.T, wire, cuts string) {
	t.Helper()
	want := cut(t, unhurried, wire, "")
	for _, cuts := range []string{"", cuts} {
		if got := cut(t, hurried, wire, cuts); !sameOutcome(want, got) {
			t.Fatalf("%q in parts of %q:\ngot  %+v\nwant %+v", wire, cuts, got, want)
		}
	}
}

// The short ways lead where the long ones do: for every type in every aggregate, for what is nearly one, and for a bit of either.
func TestShortWaysAgree(t *testing.T) {
	t.Parallel()
	elements := []string{
		"$0000005\r\nhello\r\n", "$00000000005\r\nhello\r\n", "$-1\r\n", "$--1\r\n", "$-1x\r\n", "$1\r\nab\r\n", "$1\r\na\n\r\n", "$1\ra\r\n",
		":999999999999999999\r\n", ":1234567890123456789\r\n", ":9999999999999999999\r\n", ":+1\r\n", ":-\r\n", ":1.5\r\n", ":1\r1\r\n",
		",1\r\n", ",-1.25\r\n", ",0.30000000000000004\r\n", ",1.\r\n", ",.\r\n", ",-.5\r\n", ",1.2.3\r\n", ",--1\r\n", ",\r\n",
		",123456789012345678.5\r\n", ",0.1234567890123456789\r\n", "_x\r\n",
		"+QUEUED\r\n", "+Q\r\n", "+QUEUEDX\r\n", "+QUEUE",
		"*01\r\n:1\r\n", "*0000000001\r\n:1\r\n", "*1x\r\n", "%\r\n", "~1\n", "*1\r", "$1", "*",
	}
	for _, c := range everyType {
		elements = append(elements, c.wire)
	}
	for _, e := range elements {
		for _, wire := range []string{
			"*1\r\n" + e, "*3\r\n" + e + ":1\r\n" + e, "%2\r\n+k\r\n" + e + e + "$1\r\nv\r\n",
			"~2\r\n*2\r\n$1\r\na\r\n" + e + e,
			"*?\r\n" + e + "$1\r\na\r\n*1\r\n" + e + ".\r\n",
			"%?\r\n" + e + "_\r\n.\r\n", "|1\r\n" + e + ":1\r\n*1\r\n" + e,
			"*2\r\n|1\r\n" + e + e + ":1\r\n" + e,
		} {
			wantUnhurried(t, wire, "\x00")
			wantUnhurried(t, wire+e, "\x02\x05\x01")
		}
	}
}

// A random value is the same whether it is scanned in a hurry or not.
func TestShortWaysAgreeOnRandomStreams(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(3, 4))
	for range 4_000 {
		choices := make(source, random.IntN(300))
		for i := range choices {
			choices[i] = byte(random.Uint32())
		}
		wire := string(choices.stream(nil, array(choices.value(1), choices.value(1), choices.value(1))))
		cuts := string([]byte{byte(random.IntN(9)), byte(random.IntN(99))})
		wantUnhurried(t, wire, cuts)
		at, with := random.IntN(len(wire)), "+:_,$*%~?.-019\r\n"
		i := random.IntN(len(with))
		wantUnhurried(t, wire[:at]+with[i:i+1]+wire[at+1:], cuts)
	}
}

// Aggregates of many elements are read as they were sent, whatever the sizes of the reads.
func TestManyElements(t *testing.T) {
	t.Parallel()
	var want []resp.Value
	for i := range 3_000 {
		n := strconv.Itoa(i)
		want = append(want, str(strings.Repeat(n, i%40)), num(int64(-i)), null(), double(n+".5", float64(i)+0.5),
			array(str("member:"+n), double(n, float64(i))), pairs(str(n), array(), simple("k"), set(yes())))
	}
	wire := string(resp.AppendReply(nil, array(want...))) + "+OK\r\n"
	for _, size := range []int{1, 7, 100, 1448, 16 << 10, len(wire)} {
		wantReplies(t, resp.NewScanner(resp.Limits{}), wire, size, []resp.Value{array(want...), simple("OK")})
	}
}

// A reply with attributes is read as the one without, besides them.
func TestAttributedRepliesReadAlike(t *testing.T) {
	t.Parallel()
	type reading struct {
		kind         resp.Kind
		text, format string
		str          string
		i            int64
		f            float64
		b, null      bool
		errs         [4]string
		n            int
	}
	read := func(r resp.Reply) (g reading) {
		errs := make([]error, len(g.errs))
		g.kind, g.text, g.format, g.null, g.n = r.Kind(), r.Text(), r.Format(), r.IsNull(), r.Len()
		g.str, errs[0] = r.Str()
		g.i, errs[1] = r.Int()
		g.b, errs[2] = r.Bool()
		errs[3] = r.Err()
		if f, err := r.Float(); err == nil && !math.IsNaN(f) {
			g.f = f
		}
		for i, err := range errs {
			if err != nil {
				g.errs[i] = err.Error()
			}
		}
		return g
	}
	for _, c := range everyType {
		if strings.HasPrefix(c.wire, "|") {
			continue
		}
		attributed := parse(t, "|1\r\n+k\r\n:1\r\n|1\r\n+k\r\n:2\r\n"+c.wire)
		if got, want := read(attributed), read(parse(t, c.wire)); got != want {
			t.Errorf("%s with attributes is read as\n%+v, want\n%+v", c.name, got, want)
		}
		if got, want := attributed.Value(), about(c.want, simple("k"), num(2)); !same(got, want) {
			t.Errorf("%s with attributes is\n%+v, want\n%+v", c.name, got, want)
		}
		elements := attributed.Elements()
		for _, want := range c.want.Elems {
			if e, ok := elements.Next(); !ok || !same(e.Value(), want) {
				t.Errorf("%s with attributes has the element %+v, want %+v", c.name, e.Value(), want)
			}
		}
	}
}
