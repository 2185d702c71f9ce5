package redis

import (
	"errors"
	"math"
	"math/big"
	"net/netip"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/fairlead-go/fairlead/resp"
)

// fromWire is the reply that these bytes are.
func fromWire(t testing.TB, wire string) resp.Reply {
	t.Helper()
	s := resp.NewScanner(resp.Limits{})
	for rest := wire; ; {
		n := copy(s.Room(), rest)
		rest = rest[n:]
		s.Grew(n)
		r, ok, err := s.Next()
		switch {
		case err != nil:
			t.Fatalf("%q: %v", wire, err)
		case ok:
			return r
		case rest == "":
			t.Fatalf("%q is not a whole reply", wire)
		}
	}
}

// as reads the bytes of a reply as a T, as the reply of a command would be.
func as[T any](t testing.TB, wire string) (T, error) {
	t.Helper()
	c := New[T]("MY.COMMAND")
	if err := c.Err(); err != nil {
		t.Fatal(err)
	}
	return c.Read(fromWire(t, wire))
}

func reads[T any](t *testing.T, wire string, want T) {
	t.Helper()
	got, err := as[T](t, wire)
	if err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("%q as %T: got %#v, %v; want %#v", wire, want, got, err, want)
	}
}

// refuses checks the whole sentence: where says in which element the error is; want what it was to be; got what it is.
func refuses[T any](t *testing.T, wire, where, want string, got resp.Kind) {
	t.Helper()
	v, err := as[T](t, wire)
	if !reflect.ValueOf(&v).Elem().IsZero() {
		t.Errorf("%q as %T: an error with value %#v", wire, v, v)
	}
	var mismatch *resp.TypeError
	if !errors.As(err, &mismatch) {
		t.Errorf("%q as %T: got error %v, want a *resp.TypeError", wire, v, err)
		return
	}
	if sentence := where + (&resp.TypeError{Want: want, Got: got}).Error(); err.Error() != sentence {
		t.Errorf("%q as %T:\ngot  %s\nwant %s", wire, v, err, sentence)
	}
}

func TestConvertStrings(t *testing.T) {
	t.Parallel()
	type name string
	type octets []byte
	type octet byte
	reads(t, "$2\r\nhi\r\n", "hi")
	reads(t, "+hi\r\n", "hi")
	reads(t, "=6\r\ntxt:hi\r\n", "hi") // RESP3's verbatim text, without its format
	reads(t, ":7\r\n", "7")
	reads(t, "#t\r\n", "1") // as RESP2 would have it
	reads(t, ",1.50\r\n", "1.50")
	reads(t, "(123456789012345678901\r\n", "123456789012345678901")
	reads(t, "$0\r\n\r\n", "")
	reads(t, "$2\r\nhi\r\n", name("hi"))
	reads(t, "$2\r\nhi\r\n", []byte("hi"))
	reads(t, "$0\r\n\r\n", []byte{})
	reads(t, "$2\r\nhi\r\n", octets("hi"))
	reads(t, "$2\r\nhi\r\n", []octet("hi"))
	reads(t, "$2\r\nhi\r\n", [2]byte{'h', 'i'})
	reads(t, "$2\r\nhi\r\n", [2]octet{'h', 'i'})
	refuses[string](t, "*0\r\n", "", "a string", resp.Array)
	refuses[name](t, "%0\r\n", "", "a redis.name", resp.Map)
	refuses[[]byte](t, "*1\r\n:104\r\n", "", "a []byte", resp.Array)
	refuses[octets](t, "~0\r\n", "", "a redis.octets", resp.Set)
	refuses[[2]byte](t, "$3\r\nhi!\r\n", "", "a [2]uint8: it has another length", resp.BulkString)
	refuses[[2]byte](t, "*2\r\n:1\r\n:2\r\n", "", "a [2]uint8", resp.Array)
}

func TestConvertIntegers(t *testing.T) {
	t.Parallel()
	type count int16
	reads(t, ":42\r\n", 42)
	reads(t, "$2\r\n42\r\n", 42)
	reads(t, "+42\r\n", 42)
	reads(t, "#t\r\n", 1)
	reads(t, ",3\r\n", 3) // ZSCORE of a whole number under RESP3
	reads(t, "$1\r\n3\r\n", 3)
	reads(t, "(-9\r\n", -9)
	reads(t, ":-128\r\n", int8(math.MinInt8))
	reads(t, "$5\r\n32767\r\n", int16(math.MaxInt16))
	reads(t, "$5\r\n32767\r\n", count(math.MaxInt16))
	reads(t, ":2147483647\r\n", int32(math.MaxInt32))
	reads(t, ":-9223372036854775808\r\n", int64(math.MinInt64))
	reads(t, ":7\r\n", uint(7))
	reads(t, ":255\r\n", uint8(math.MaxUint8))
	reads(t, "$5\r\n65535\r\n", uint16(math.MaxUint16))
	reads(t, ":4294967295\r\n", uint32(math.MaxUint32))
	reads(t, "$20\r\n18446744073709551615\r\n", uint64(math.MaxUint64)) // past what RESP's integers can say
	reads(t, "(18446744073709551615\r\n", uint64(math.MaxUint64))
	reads(t, ":9223372036854775807\r\n", uint64(math.MaxInt64))

	refuses[int8](t, ":128\r\n", "", "an int8: the number overflows it", resp.Integer)
	refuses[int8](t, "$4\r\n-129\r\n", "", "an int8: the number overflows it", resp.BulkString)
	refuses[count](t, ":32768\r\n", "", "a redis.count: the number overflows it", resp.Integer)
	refuses[int32](t, ":2147483648\r\n", "", "an int32: the number overflows it", resp.Integer)
	refuses[int64](t, "(9223372036854775808\r\n", "", "an int64: the number overflows it", resp.BigNumber)
	refuses[uint8](t, ":256\r\n", "", "a uint8: the number overflows it", resp.Integer)
	refuses[uint64](t, ":-1\r\n", "", "a uint64: the number overflows it", resp.Integer)
	refuses[uint64](t, "$2\r\n-1\r\n", "", "a uint64: the number overflows it", resp.BulkString)
	refuses[uint32](t, "$10\r\n4294967296\r\n", "", "a uint32: the number overflows it", resp.BulkString)
	refuses[int](t, "$6\r\nsecret\r\n", "", "an int: it is no decimal integer", resp.BulkString)
	refuses[uint](t, "$6\r\nsecret\r\n", "", "a uint: it is no decimal integer", resp.BulkString)
	refuses[int](t, ",1.5\r\n", "", "an int: it is no decimal integer", resp.Double)
	refuses[int](t, "$0\r\n\r\n", "", "an int: it is no decimal integer", resp.BulkString)
	refuses[int](t, "$4\r\n0x1f\r\n", "", "an int: it is no decimal integer", resp.BulkString)
	refuses[int](t, "%1\r\n:1\r\n:2\r\n", "", "an int", resp.Map)
	refuses[uint](t, "*1\r\n:1\r\n", "", "a uint", resp.Array)
}

func TestConvertFloats(t *testing.T) {
	t.Parallel()
	reads(t, ",1.5\r\n", 1.5)
	reads(t, "$3\r\n1.5\r\n", 1.5)
	reads(t, "$3\r\n1.5\r\n", float32(1.5))
	reads(t, ":3\r\n", 3.0)
	reads(t, "#f\r\n", 0.0)
	reads(t, ",inf\r\n", math.Inf(1))
	reads(t, "$4\r\n-inf\r\n", math.Inf(-1))
	for _, wire := range []string{",nan\r\n", ",-nan\r\n", "$3\r\nnan\r\n", "$4\r\n-nan\r\n"} {
		if f, err := as[float64](t, wire); err != nil || !math.IsNaN(f) {
			t.Errorf("%q: got %v, %v; want NaN", wire, f, err)
		}
	}
	refuses[float32](t, "$4\r\n1e39\r\n", "", "a float32: the number overflows it", resp.BulkString)
	refuses[float64](t, "$5\r\n1e309\r\n", "", "a float64: the number overflows it", resp.BulkString)
	refuses[float64](t, "$3\r\none\r\n", "", "a float64: it is no decimal number", resp.BulkString)
	refuses[float64](t, "$5\r\n0x1p4\r\n", "", "a float64: it is no decimal number", resp.BulkString)
	refuses[float64](t, "*0\r\n", "", "a float64", resp.Array)
}

func TestConvertBooleans(t *testing.T) {
	t.Parallel()
	type flag bool
	for _, wire := range []string{"#t\r\n", ":1\r\n", ":2\r\n", "$1\r\n1\r\n", "$4\r\ntrue\r\n", "+OK\r\n"} {
		reads(t, wire, true)
		reads(t, wire, flag(true))
	}
	for _, wire := range []string{"#f\r\n", ":0\r\n", "$1\r\n0\r\n", "$5\r\nfalse\r\n"} {
		reads(t, wire, false)
	}
	refuses[bool](t, "$3\r\nyes\r\n", "", "a bool: it is none of 1, 0, true, false and OK", resp.BulkString)
	refuses[flag](t, "*0\r\n", "", "a redis.flag", resp.Array)
}

func TestConvertTimes(t *testing.T) {
	t.Parallel()
	reads(t, ":1700000000\r\n", time.Date(2023, 11, 14, 22, 13, 20, 0, time.UTC))
	reads(t, "$10\r\n1700000000\r\n", time.Date(2023, 11, 14, 22, 13, 20, 0, time.UTC))
	reads(t, "$30\r\n2023-11-14T22:13:20.000000001Z\r\n", time.Date(2023, 11, 14, 22, 13, 20, 1, time.UTC))
	reads(t, ":253402300799\r\n", time.Date(9999, 12, 31, 23, 59, 59, 0, time.UTC))
	reads(t, ":-62167219200\r\n", time.Date(0, 1, 1, 0, 0, 0, 0, time.UTC))
	reads(t, "$4\r\n1.5s\r\n", 1500*time.Millisecond)
	reads(t, "$2\r\n0s\r\n", time.Duration(0))

	// Milliseconds would otherwise become a time 50,000 years from now.
	outside := "a time.Time: as Unix time in seconds it is outside of the years 0 to 9999"
	refuses[time.Time](t, ":1700000000000\r\n", "", outside, resp.Integer)
	refuses[time.Time](t, ":-62167219201\r\n", "", outside, resp.Integer)
	refuses[time.Time](t, "$6\r\nsecret\r\n", "",
		"a time.Time: it is neither RFC 3339 text nor Unix time in seconds", resp.BulkString)
	refuses[time.Time](t, "#t\r\n", "", "a time.Time", resp.Boolean)
	refuses[time.Time](t, "*0\r\n", "", "a time.Time", resp.Array)

	unitless := "a time.Duration: a number has no unit, so read an int64 and multiply it by the unit"
	refuses[time.Duration](t, ":5\r\n", "", unitless, resp.Integer)
	refuses[time.Duration](t, "$1\r\n5\r\n", "", unitless, resp.BulkString)
	refuses[time.Duration](t, "$1\r\n0\r\n", "", unitless, resp.BulkString) // or else reading would depend on the value
	refuses[time.Duration](t, "$4\r\nsoon\r\n", "", "a time.Duration: it is no text such as 1.5s", resp.BulkString)
	refuses[time.Duration](t, "*0\r\n", "", "a time.Duration", resp.Array)
}

func TestConvertBigNumbers(t *testing.T) {
	t.Parallel()
	huge, _ := new(big.Int).SetString("-123456789012345678901", 10)
	reads(t, "(-123456789012345678901\r\n", *huge)
	reads(t, "$22\r\n-123456789012345678901\r\n", huge)
	reads(t, ":8\r\n", big.NewInt(8))
	reads(t, "$3\r\n010\r\n", big.NewInt(10)) // not octal
	refuses[big.Int](t, "$4\r\n0x1f\r\n", "", "a big.Int: it is no decimal integer", resp.BulkString)
	refuses[big.Int](t, "%0\r\n", "", "a big.Int", resp.Map)
	refuses[big.Int](t, "$65537\r\n"+strings.Repeat("9", 65537)+"\r\n", "", "a big.Int: it has more than 65,536 digits", resp.BulkString)
}

// level reads itself from text.
type level int

var errLevel = errors.New("no such level: secret")

func (l *level) UnmarshalText(text []byte) error {
	if string(text) != "high" {
		return errLevel
	}
	*l = 3
	return nil
}

// packed reads itself from bytes.
type packed struct{ first byte }

func (p *packed) UnmarshalBinary(data []byte) error {
	p.first = data[0]
	return nil
}

func TestConvertUnmarshalers(t *testing.T) {
	t.Parallel()
	high := level(3)
	reads(t, "$4\r\nhigh\r\n", high)
	reads(t, "$4\r\nhigh\r\n", &high)
	reads(t, "*1\r\n$4\r\nhigh\r\n", []level{3})
	reads(t, "%1\r\n$1\r\na\r\n$4\r\nhigh\r\n", map[string]level{"a": 3})
	reads(t, "$2\r\nxy\r\n", packed{'x'})
	reads(t, "$7\r\n1.2.3.4\r\n", netip.MustParseAddr("1.2.3.4")) // text and binary: text
	refuses[level](t, "$6\r\nsecret\r\n", "", "a redis.level: its unmarshaler refused it", resp.BulkString)
	refuses[level](t, "*0\r\n", "", "a redis.level", resp.Array)
	if _, err := as[level](t, "$3\r\nlow\r\n"); !errors.Is(err, errLevel) || strings.Contains(err.Error(), "secret") {
		t.Errorf("got %v; want an error that is the unmarshaler's own, but does not repeat its words", err)
	}
}

func TestConvertNulls(t *testing.T) {
	t.Parallel()
	for _, null := range []string{"_\r\n", "$-1\r\n", "*-1\r\n"} {
		wantNil[string](t, null)
		wantNil[[]byte](t, null)
		wantNil[int](t, null)
		wantNil[bool](t, null)
		wantNil[any](t, null)
		wantNil[struct{}](t, null)
		wantNil[[]string](t, null)
		wantNil[map[string]int](t, null)
		wantNil[time.Time](t, null)
		wantNil[user](t, null)
		reads[*string](t, null, nil)
		reads[*user](t, null, nil)
		reads(t, null, resp.Value{Kind: resp.Null})
		if r, err := as[resp.Reply](t, null); err != nil || !r.IsNull() {
			t.Errorf("%q: got %v, %v; want the null itself", null, r, err)
		}
		// Inside of something, nothing is the zero value.
		reads(t, "*2\r\n"+null+":1\r\n", []int{0, 1})
		one := 1
		reads(t, "*2\r\n"+null+":1\r\n", []*int{nil, &one})
		reads(t, "*1\r\n"+null, []any{nil})
		reads(t, "*2\r\n+a\r\n"+null, map[string][]int{"a": nil})
		reads(t, "*4\r\n+name\r\n"+null+"+Age\r\n:3\r\n", user{Age: 3})
		refuses[map[string]int](t, "*2\r\n"+null+":1\r\n", "the key of pair 0 (from 0): ", "a key", resp.Null)
		refuses[user](t, "*2\r\n"+null+":1\r\n", "the key of pair 0 (from 0): ", "a field's name", resp.Null)
	}
}

func wantNil[T any](t *testing.T, wire string) {
	t.Helper()
	v, err := as[T](t, wire)
	if err != Nil || !reflect.ValueOf(&v).Elem().IsZero() {
		t.Errorf("%q as %T: got %v, %v; want Nil", wire, v, v, err)
	}
}

func TestConvertServerErrors(t *testing.T) {
	t.Parallel()
	wantServerError[int](t, "-ERR no\r\n", "ERR no")
	wantServerError[struct{}](t, "-ERR no\r\n", "ERR no")
	wantServerError[[]string](t, "*2\r\n+a\r\n-ERR no\r\n", "element 1 (from 0): ERR no")
	wantServerError[[]any](t, "*1\r\n!6\r\nERR no\r\n", "element 0 (from 0): ERR no")
	wantServerError[any](t, "*1\r\n*1\r\n-ERR no\r\n", "element 0 (from 0): element 0 (from 0): ERR no")
	wantServerError[any](t, "%1\r\n+a\r\n-ERR no\r\n", "the value of pair 0 (from 0): ERR no")
	wantServerError[map[string]int](t, "*2\r\n+a\r\n-ERR no\r\n", "the value of pair 0 (from 0): ERR no")
	wantServerError[user](t, "*2\r\n+name\r\n-ERR no\r\n", "field Name: ERR no")
	// Somebody may read a part of a reply without Cmd.Read before.
	if _, err := readReply[int](fromWire(t, "-ERR no\r\n")); err == nil || err.Error() != "ERR no" {
		t.Errorf("got %v, want the server's error", err)
	}
	// The raw reply is given as it is.
	if r, err := as[[]resp.Reply](t, "*1\r\n-ERR no\r\n"); err != nil || r[0].Text() != "ERR no" {
		t.Errorf("got %v, %v; want the error as a reply", r, err)
	}
}

func wantServerError[T any](t *testing.T, wire, want string) {
	t.Helper()
	_, err := as[T](t, wire)
	var server *resp.Error
	if !errors.As(err, &server) || err.Error() != want {
		t.Errorf("%q: got %v, want %s as a *resp.Error", wire, err, want)
	}
}

func TestConvertAnything(t *testing.T) {
	t.Parallel()
	type anything any
	reads[any](t, ":1\r\n", int64(1))
	reads[any](t, "$1\r\n1\r\n", "1")
	reads[any](t, "+OK\r\n", "OK")
	reads[any](t, "=5\r\ntxt:a\r\n", "a")
	reads[any](t, ",1.5\r\n", 1.5)
	reads[any](t, "#t\r\n", true)
	reads[any](t, "(123456789012345678901\r\n", "123456789012345678901")
	reads[any](t, "*2\r\n:1\r\n_\r\n", []any{int64(1), nil})
	reads[any](t, "~1\r\n+a\r\n", []any{"a"})
	reads[any](t, "*0\r\n", []any{})
	reads[any](t, "%2\r\n+a\r\n*1\r\n:1\r\n:7\r\n#f\r\n", map[string]any{"a": []any{int64(1)}, "7": false})
	reads[any](t, "%1\r\n+a\r\n%0\r\n", map[string]any{"a": map[string]any{}})
	reads[anything](t, "$1\r\n1\r\n", "1")
	reads(t, "*2\r\n:1\r\n+a\r\n", []any{int64(1), "a"})
	refuses[any](t, "%1\r\n*0\r\n:1\r\n", "the key of pair 0 (from 0): ", "a string", resp.Array)
	refuses[any](t, "*1\r\n%1\r\n_\r\n:1\r\n", "element 0 (from 0): the key of pair 0 (from 0): ", "a string", resp.Null)
	// A zero Reply is no reply; only a mistake in this module could hand it over.
	if v, err := readReply[any](resp.Reply{}); v != nil || err == nil {
		t.Errorf("got %v, %v; want an error", v, err)
	}
}

func TestConvertRawReply(t *testing.T) {
	t.Parallel()
	r, err := as[resp.Reply](t, "*1\r\n:7\r\n")
	if err != nil || r.Kind() != resp.Array || r.Len() != 1 {
		t.Errorf("got %v, %v; want the array", r, err)
	}
	v, err := as[resp.Value](t, "*2\r\n:7\r\n_\r\n")
	if err != nil || len(v.Elems) != 2 || v.Elems[0].Int != 7 || v.Elems[1].Kind != resp.Null {
		t.Errorf("got %v, %v; want the array as a tree", v, err)
	}
	m, err := as[map[string]resp.Reply](t, "*2\r\n+a\r\n:7\r\n")
	if err != nil || m["a"].Kind() != resp.Integer {
		t.Errorf("got %v, %v; want the integer as it came", m, err)
	}
}

func TestConvertNothing(t *testing.T) {
	t.Parallel()
	for _, wire := range []string{"+OK\r\n", ":1\r\n", "*1\r\n:1\r\n", "%1\r\n+a\r\n:1\r\n"} {
		reads(t, wire, struct{}{})
	}
}
