package resp_test

import (
	"encoding/json"
	"math"
	"testing"

	"github.com/fairlead-go/fairlead/resp"
)

// printed is a reply and how it is printed. redis-cli prints it so too, except where noCLI says why it does not.
var printed = []struct {
	wire, tty, json string
	noCLI           string
}{
	{"+OK\r\n", "OK", `"OK"`, ""},
	{"+\r\n", "", `""`, ""},
	{"+a\"b\r\n", "a\"b", `"a\"b"`, ""},
	{"$0\r\n\r\n", `""`, `""`, ""},
	{"$6\r\nhe\"l\n\\\r\n", `"he\"l\n\\"`, `"he\"l\n\\"`, ""},
	{"$8\r\n\x00\x07\x08\t\n\x0b\x0c\r\r\n", `"\x00\a\b\t\n\x0b\x0c\r"`, `"\u0000\u0007\b\t\n\u000b\f\r"`, ""},
	{"$10\r\n\x1f\x7f\xc3\xa9/<>& '\r\n", `"\x1f\x7f\xc3\xa9/<>& '"`, "\"\\u001f\x7fé/<>& '\"", ""},
	{":42\r\n", "(integer) 42", "42", ""},
	{":-9223372036854775808\r\n", "(integer) -9223372036854775808", "-9223372036854775808", ""},
	{"$-1\r\n", "(nil)", "null", ""},
	{"*-1\r\n", "(nil)", "null", ""},
	{"_\r\n", "(nil)", "null", ""},
	{"#t\r\n", "(true)", "true", ""},
	{"#f\r\n", "(false)", "false", ""},
	{",1.50\r\n", "(double) 1.50", "1.50", ""},
	{",1e10\r\n", "(double) 1e10", "1e10", ""},
	{"=15\r\ntxt:Some string\r\n", "Some string", `"Some string"`, ""},
	{"=9\r\ntxt:a\nb\"\n\r\n", "a\nb\"\n", `"a\nb\"\n"`, ""},
	{"*0\r\n", "(empty array)", "[]", ""},
	{"%0\r\n", "(empty hash)", "{}", ""},
	{"~0\r\n", "(empty set)", "[]", ""},
	{"*3\r\n$1\r\na\r\n*2\r\n:1\r\n*0\r\n$1\r\nb\r\n", "1) \"a\"\n2) 1) (integer) 1\n   2) (empty array)\n3) \"b\"", `["a",[1,[]],"b"]`, ""},
	{"*2\r\n*-1\r\n$-1\r\n", "1) (nil)\n2) (nil)", "[null,null]", ""},
	{"~2\r\n$1\r\na\r\n#t\r\n", "1~ \"a\"\n2~ (true)", `["a",true]`, ""},
	{"*1\r\n>2\r\n+a\r\n>0\r\n", "1) 1) a\n   2) (empty push)", `[["a",[]]]`, "a push inside of a reply"},
	{"*1\r\n=7\r\ntxt:a\nb\r\n", "1) a\nb", `["a\nb"]`, ""},
	{"*11\r\n:1\r\n:2\r\n:3\r\n:4\r\n:5\r\n:6\r\n:7\r\n:8\r\n*2\r\n:9\r\n%1\r\n:1\r\n~1\r\n_\r\n:10\r\n$-1\r\n",
		" 1) (integer) 1\n 2) (integer) 2\n 3) (integer) 3\n 4) (integer) 4\n 5) (integer) 5\n 6) (integer) 6\n 7) (integer) 7\n 8) (integer) 8\n" +
			" 9) 1) (integer) 9\n    2) 1# (integer) 1 => 1~ (nil)\n10) (integer) 10\n11) (nil)",
		`[1,2,3,4,5,6,7,8,[9,{"1":[null]}],10,null]`, ""},
	{"%2\r\n$1\r\na\r\n:1\r\n$1\r\nb\r\n*2\r\n:1\r\n:2\r\n", "1# \"a\" => (integer) 1\n2# \"b\" => \n   1) (integer) 1\n   2) (integer) 2", `{"a":1,"b":[1,2]}`, ""},
	{"%1\r\n+k\r\n*1\r\n*2\r\n:1\r\n:2\r\n", "1# k => \n   1) 1) (integer) 1\n      2) (integer) 2", `{"k":[[1,2]]}`, ""},
	{"%1\r\n+k\r\n*1\r\n=7\r\ntxt:a\nb\r\n", "1# k => 1) a\nb", `{"k":["a\nb"]}`, ""},
	{"%1\r\n+k\r\n*1\r\n*0\r\n", "1# k => 1) (empty array)", `{"k":[[]]}`, ""},
	{"%1\r\n+k\r\n%1\r\n+k\r\n%2\r\n+k\r\n+v\r\n+k\r\n+v\r\n", "1# k => \n   1# k => \n      1# k => v\n      2# k => v", `{"k":{"k":{"k":"v","k":"v"}}}`, ""},
	{"%1\r\n+k\r\n%1\r\n*2\r\n:1\r\n:2\r\n+v\r\n", "1# k => 1# 1) (integer) 1\n      2) (integer) 2 => v", `{"k":{"[1,2]":"v"}}`, ""},
	{"%3\r\n#t\r\n:1\r\n,1.5\r\n:2\r\n=5\r\ntxt:a\r\n_\r\n", "1# (true) => (integer) 1\n2# (double) 1.5 => (integer) 2\n3# a => (nil)", `{"true":1,"1.5":2,"a":null}`, ""},
	{"*1\r\n%10\r\n+a\r\n:0\r\n+a\r\n:0\r\n+a\r\n:0\r\n+a\r\n:0\r\n+a\r\n:0\r\n+a\r\n:0\r\n+a\r\n:0\r\n+a\r\n:0\r\n+a\r\n:0\r\n+b\r\n:0\r\n",
		"1)  1# a => (integer) 0\n    2# a => (integer) 0\n    3# a => (integer) 0\n    4# a => (integer) 0\n    5# a => (integer) 0\n" +
			"    6# a => (integer) 0\n    7# a => (integer) 0\n    8# a => (integer) 0\n    9# a => (integer) 0\n   10# b => (integer) 0",
		`[{"a":0,"a":0,"a":0,"a":0,"a":0,"a":0,"a":0,"a":0,"a":0,"b":0}]`, ""},

	{"-ERR no\r\n", "(error) ERR no", `{"error":"ERR no"}`, `error:"ERR no" is no JSON`},
	{"*2\r\n-ERR a\r\n:1\r\n", "1) (error) ERR a\n2) (integer) 1", `[{"error":"ERR a"},1]`, "as above"},
	{"!7\r\nERR \"a\"\r\n", "(error) ERR \"a\"", `{"error":"ERR \"a\""}`, "it does not know bulk errors"},
	{"%1\r\n*1\r\n$1\r\n\"\r\n_\r\n", "1# 1) \"\\\"\" => (nil)", `{"[\"\\\"\"]":null}`, `{"["\""]":null} is no JSON`},
	{"%1\r\n_\r\n-ERR k\r\n", "1# (nil) => (error) ERR k", `{"null":{"error":"ERR k"}}`, "as above"},
	{",inf\r\n", "(double) inf", `"inf"`, "inf is no JSON"},
	{"*2\r\n,-inf\r\n,nan\r\n", "1) (double) -inf\n2) (double) nan", `["-inf","nan"]`, "as above"},
	{"%1\r\n,inf\r\n:1\r\n", "1# (double) inf => (integer) 1", `{"inf":1}`, "as above"},
	{",.5\r\n", "(double) .5", "0.5", ".5 is no JSON"},
	{",+1e2\r\n", "(double) +1e2", "100", "+1e2 is no JSON"},
	{"(349289032840923850932485094385094\r\n", "(big number) 349289032840923850932485094385094", "349289032840923850932485094385094", "it does not know big numbers"},
	{"(+12\r\n", "(big number) +12", `"+12"`, "as above"},
	{"$2\r\n\xff\"\r\n", `"\xff\""`, `"\\xff\\\""`, "a byte 255 is no JSON"},
	{"|1\r\n+k\r\n:1\r\n:7\r\n", "(integer) 7", "7", "it does not know attributes"},
	{">2\r\n$1\r\na\r\n:1\r\n", "1) \"a\"\n2) (integer) 1", `["a",1]`, "it waits for a reply after a push"},
	{">0\r\n", "(empty push)", "[]", "as above"},
}

// A reply is printed as redis-cli prints it, and as JSON that is JSON.
func TestPrinted(t *testing.T) {
	t.Parallel()
	for _, c := range printed {
		v := value(t, c.wire)
		if got := v.String(); got != c.tty {
			t.Errorf("%q is printed\n%s\nwant\n%s", c.wire, got, c.tty)
		}
		if got := wantJSON(t, v); got != c.json {
			t.Errorf("%q is JSON\n%s\nwant\n%s", c.wire, got, c.json)
		}
	}
}

// value returns the reply in wire as a tree; a push may be inside of an array, as nowhere else.
func value(t *testing.T, wire string) resp.Value {
	if wire == "*1\r\n>2\r\n+a\r\n>0\r\n" {
		return array(push(simple("a"), push()))
	}
	return parse(t, wire).Value()
}

// Values nobody sent: built by hand, with less than a Scanner fills in.
func TestPrintedByHand(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		v         resp.Value
		tty, json string
	}{
		{resp.Value{}, "(nil)", "null"},
		{resp.Value{Kind: resp.Double, Float: 2.5}, "(double) 2.5", "2.5"},
		{resp.Value{Kind: resp.Double, Float: math.Inf(-1)}, "(double) -inf", `"-inf"`},
		{resp.Value{Kind: resp.Double, Float: 1e300}, "(double) 1e+300", "1e+300"},
		{resp.Value{Kind: resp.Attribute, Elems: []resp.Value{simple("k"), num(1)}}, "1# k => (integer) 1", `{"k":1}`},
		{resp.Value{Kind: resp.Map, Elems: []resp.Value{simple("k"), num(1), simple("alone")}}, "1# k => (integer) 1", `{"k":1}`},
		{resp.Value{Kind: resp.Map, Elems: []resp.Value{simple("alone")}}, "(empty hash)", `{}`},
	} {
		if got := c.v.String(); got != c.tty {
			t.Errorf("%+v is printed\n%s\nwant\n%s", c.v, got, c.tty)
		}
		if got := wantJSON(t, c.v); got != c.json {
			t.Errorf("%+v is JSON %s, want %s", c.v, got, c.json)
		}
	}
}

// encoding/json takes a Value as it is.
func TestMarshalJSON(t *testing.T) {
	t.Parallel()
	got, err := json.Marshal(map[string]resp.Value{"reply": array(str("a"), null())})
	if want := `{"reply":["a",null]}`; err != nil || string(got) != want {
		t.Errorf("%s, error %v, want %s", got, err, want)
	}
}
