package resp_test

import (
	"math"
	"strings"

	"github.com/fairlead-go/fairlead/resp"
)

// Short forms for the values below.

func str(s string) resp.Value    { return resp.Value{Kind: resp.BulkString, Str: s} }
func simple(s string) resp.Value { return resp.Value{Kind: resp.SimpleString, Str: s} }
func fault(s string) resp.Value  { return resp.Value{Kind: resp.SimpleError, Str: s} }
func num(n int64) resp.Value     { return resp.Value{Kind: resp.Integer, Int: n} }
func null() resp.Value           { return resp.Value{Kind: resp.Null} }
func yes() resp.Value            { return resp.Value{Kind: resp.Boolean, Bool: true} }
func text(s string) resp.Value   { return resp.Value{Kind: resp.VerbatimString, Format: "txt", Str: s} }
func big(digits string) resp.Value {
	return resp.Value{Kind: resp.BigNumber, Str: digits}
}
func double(digits string, f float64) resp.Value {
	return resp.Value{Kind: resp.Double, Str: digits, Float: f}
}
func array(e ...resp.Value) resp.Value { return resp.Value{Kind: resp.Array, Elems: e} }
func set(e ...resp.Value) resp.Value   { return resp.Value{Kind: resp.Set, Elems: e} }
func push(e ...resp.Value) resp.Value  { return resp.Value{Kind: resp.Push, Elems: e} }
func pairs(e ...resp.Value) resp.Value { return resp.Value{Kind: resp.Map, Elems: e} }
func about(v resp.Value, attrs ...resp.Value) resp.Value {
	v.Attrs = attrs
	return v
}

type typeCase struct {
	name, wire string
	want       resp.Value
}

// everyType has each type of RESP2 and RESP3, in each form it may take on the wire.
var everyType = []typeCase{
	{"simple string", "+OK\r\n", simple("OK")},
	{"another simple string", "+QUEUED\r\n", simple("QUEUED")},
	{"empty simple string", "+\r\n", simple("")},
	{"simple error", "-ERR no\r\n", fault("ERR no")},
	{"integer", ":1000\r\n", num(1000)},
	{"zero", ":0\r\n", num(0)},
	{"negative integer", ":-2\r\n", num(-2)},
	{"signed integer", ":+7\r\n", num(7)},
	{"largest integer", ":9223372036854775807\r\n", num(math.MaxInt64)},
	{"smallest integer", ":-9223372036854775808\r\n", num(math.MinInt64)},
	{"18 digits", ":-999999999999999999\r\n", num(-999999999999999999)},
	{"bulk string", "$5\r\nhello\r\n", str("hello")},
	{"empty bulk string", "$0\r\n\r\n", str("")},
	{"bulk string of line ends", "$4\r\n\r\n\r\n\r\n", str("\r\n\r\n")},
	{"binary bulk string", "$3\r\n\x00\xff\n\r\n", str("\x00\xff\n")},
	{"bulk string that looks like a reply", "$7\r\n:1\r\n$9\r\r\n", str(":1\r\n$9\r")},
	{"length with a zero before it", "$05\r\nhello\r\n", str("hello")},
	{"array", "*2\r\n$1\r\na\r\n:1\r\n", array(str("a"), num(1))},
	{"empty array", "*0\r\n", array()},
	{"nested arrays", "*2\r\n*2\r\n:1\r\n*0\r\n*1\r\n*1\r\n$-1\r\n", array(array(num(1), array()), array(array(null())))},
	{"RESP2 nil string", "$-1\r\n", null()},
	{"RESP2 nil array", "*-1\r\n", null()},
	{"RESP2 nils in an array", "*2\r\n$-1\r\n*-1\r\n", array(null(), null())},
	{"null", "_\r\n", null()},
	{"true", "#t\r\n", yes()},
	{"false", "#f\r\n", resp.Value{Kind: resp.Boolean}},
	{"double", ",1.50\r\n", double("1.50", 1.5)},
	{"double without a point", ",10\r\n", double("10", 10)},
	{"double with an exponent", ",-1.5e-10\r\n", double("-1.5e-10", -1.5e-10)},
	{"double without digits before the point", ",.5\r\n", double(".5", 0.5)},
	{"double past float64", ",1e999\r\n", double("1e999", math.Inf(1))},
	{"inf", ",inf\r\n", double("inf", math.Inf(1))},
	{"-inf", ",-inf\r\n", double("-inf", math.Inf(-1))},
	{"nan", ",nan\r\n", double("nan", math.NaN())},
	{"-nan", ",-nan\r\n", double("-nan", math.NaN())},
	{"big number", "(3492890328409238509324850943850943825024385\r\n", big("3492890328409238509324850943850943825024385")},
	{"negative big number", "(-12\r\n", big("-12")},
	{"signed big number", "(+12\r\n", big("+12")},
	{"bulk error", "!9\r\nERR a\r\nb\n\r\n", resp.Value{Kind: resp.BulkError, Str: "ERR a\r\nb\n"}},
	{"verbatim text", "=8\r\ntxt:a\r\nb\r\n", text("a\r\nb")},
	{"verbatim markdown", "=4\r\nmkd:\r\n", resp.Value{Kind: resp.VerbatimString, Format: "mkd"}},
	{"map", "%2\r\n+a\r\n:1\r\n:2\r\n*1\r\n_\r\n", pairs(simple("a"), num(1), num(2), array(null()))},
	{"empty map", "%0\r\n", pairs()},
	{"set", "~2\r\n+a\r\n#t\r\n", set(simple("a"), yes())},
	{"empty set", "~0\r\n", set()},
	{"push", ">2\r\n+message\r\n$1\r\nx\r\n", push(simple("message"), str("x"))},
	{"empty push", ">0\r\n", push()},
	{"attributes", "|1\r\n+ttl\r\n:3600\r\n$1\r\nv\r\n", about(str("v"), simple("ttl"), num(3600))},
	{"attributes of an array", "|1\r\n+a\r\n*1\r\n:1\r\n*1\r\n+b\r\n", about(array(simple("b")), simple("a"), array(num(1)))},
	{"attributes inside", "*2\r\n+a\r\n|1\r\n+k\r\n+v\r\n:2\r\n", array(simple("a"), about(num(2), simple("k"), simple("v")))},
	{"attributes of the last element's element", "*1\r\n*1\r\n|1\r\n+k\r\n+v\r\n:2\r\n", array(array(about(num(2), simple("k"), simple("v"))))},
	{"attributes of an attribute's value", "|1\r\n+k\r\n|1\r\n+l\r\n+w\r\n+v\r\n_\r\n", about(null(), simple("k"), about(simple("v"), simple("l"), simple("w")))},
	{"attributes of a map's value", "%1\r\n+a\r\n|1\r\n+k\r\n+v\r\n+b\r\n", pairs(simple("a"), about(simple("b"), simple("k"), simple("v")))},
	{"attributes of a push", "|1\r\n+k\r\n+v\r\n>1\r\n+p\r\n", about(push(simple("p")), simple("k"), simple("v"))},
	{"empty attributes", "|0\r\n:1\r\n", num(1)},
	{"empty attributes inside", "*1\r\n|0\r\n:1\r\n", array(num(1))},
	{"the last of several attributes", "|1\r\n+k\r\n+v\r\n|1\r\n+l\r\n+w\r\n:1\r\n", about(num(1), simple("l"), simple("w"))},
	{"attributes before a nil", "*1\r\n|1\r\n+k\r\n+v\r\n$-1\r\n", array(about(null(), simple("k"), simple("v")))},
	{"streamed string", "$?\r\n;4\r\nHell\r\n;6\r\no worl\r\n;1\r\nd\r\n;0\r\n", str("Hello world")},
	{"empty streamed string", "$?\r\n;0\r\n", str("")},
	{"streamed string of line ends", "$?\r\n;2\r\n\r\n\r\n;2\r\n;0\r\n;0\r\n", str("\r\n;0")},
	{"streamed array", "*?\r\n:1\r\n+b\r\n.\r\n", array(num(1), simple("b"))},
	{"empty streamed array", "*?\r\n.\r\n", array()},
	{"streamed set", "~?\r\n:1\r\n.\r\n", set(num(1))},
	{"streamed map", "%?\r\n+a\r\n:1\r\n+b\r\n:2\r\n.\r\n", pairs(simple("a"), num(1), simple("b"), num(2))},
	{"empty streamed map", "%?\r\n.\r\n", pairs()},
	{"streams in streams", "*?\r\n*?\r\n~?\r\n.\r\n.\r\n$?\r\n;1\r\na\r\n;0\r\n.\r\n", array(array(set()), str("a"))},
	{"streams in an array", "*3\r\n*?\r\n.\r\n$?\r\n;0\r\n*1\r\n%?\r\n+k\r\n*0\r\n.\r\n", array(array(), str(""), array(pairs(simple("k"), array())))},
	{"fixed parts in a stream", "*?\r\n*1\r\n+a\r\n$-1\r\n*-1\r\n%1\r\n:1\r\n:2\r\n=5\r\ntxt:x\r\n.\r\n",
		array(array(simple("a")), null(), null(), pairs(num(1), num(2)), text("x"))},
	{"strings of a question mark in a stream", "*?\r\n+?\r\n-?\r\n$1\r\n?\r\n.\r\n", array(simple("?"), fault("?"), str("?"))},
	{"attributes in a stream", "*?\r\n|1\r\n+k\r\n*?\r\n.\r\n:1\r\n|0\r\n:2\r\n.\r\n", array(about(num(1), simple("k"), array()), num(2))},
	{"attributes of a stream", "|1\r\n+k\r\n$?\r\n;1\r\nv\r\n;0\r\n*?\r\n.\r\n", about(array(), simple("k"), str("v"))},
	{"streamed array of a dozen", "*?\r\n" + strings.Repeat(":1\r\n", 12) + ".\r\n",
		array(num(1), num(1), num(1), num(1), num(1), num(1), num(1), num(1), num(1), num(1), num(1), num(1))},
}

// all is every type, one reply after the other.
func all() (wire string, want []resp.Value) {
	for _, c := range everyType {
		wire += c.wire
		want = append(want, c.want)
	}
	return wire, want
}
