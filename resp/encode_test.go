package resp_test

import (
	"math"
	"testing"

	"github.com/fairlead-go/fairlead/resp"
)

// A reply is written as it came, except for what has another form too: streams, RESP2's nils, signs that mean nothing.
func TestAppendReply(t *testing.T) {
	t.Parallel()
	for _, c := range everyType {
		wire := resp.AppendReply([]byte("+before\r\n"), c.want)
		wantReplies(t, resp.NewScanner(resp.Limits{}), string(wire), len(wire), []resp.Value{simple("before"), c.want})
	}
	for _, wire := range []string{
		"+OK\r\n", "-ERR no\r\n", ":-7\r\n", "$2\r\n\r\n\r\n", "_\r\n", "#t\r\n", "#f\r\n", ",1.50\r\n", "(12\r\n", "!3\r\na\nb\r\n", "=5\r\nmkd:x\r\n",
		"*2\r\n:1\r\n*0\r\n", "%1\r\n+k\r\n+v\r\n", "~1\r\n_\r\n", ">1\r\n+p\r\n", "|1\r\n+k\r\n:1\r\n$1\r\nv\r\n",
		"*12\r\n:1\r\n:1\r\n:1\r\n:1\r\n:1\r\n:1\r\n:1\r\n:1\r\n:1\r\n:1\r\n:1\r\n:1\r\n",
	} {
		if got := resp.AppendReply(nil, parse(t, wire).Value()); string(got) != wire {
			t.Errorf("%q is written as %q", wire, got)
		}
		if got := parse(t, wire).Append([]byte("before")); string(got) != "before"+wire {
			t.Errorf("%q is passed on as %q", wire, got)
		}
	}
}

// What the reader has changed already is passed on in the form it has now.
func TestAppendOfReply(t *testing.T) {
	t.Parallel()
	for wire, want := range map[string]string{
		"$-1\r\n": "_\r\n", "*-1\r\n": "_\r\n", "*2\r\n$-1\r\n*-1\r\n": "*2\r\n$-1\r\n*-1\r\n",
		"$?\r\n;1\r\na\r\n;0\r\n": "$1\r\na\r\n",
	} {
		if got := parse(t, wire).Append(nil); string(got) != want {
			t.Errorf("%q is passed on as %q, want %q", wire, got, want)
		}
	}
	if got := (resp.Reply{}).Append(nil); string(got) != "_\r\n" {
		t.Errorf("no reply is passed on as %q, want a null", got)
	}
}

// What no server sends is written as the nearest thing one does.
func TestAppendReplyByHand(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		v            resp.Value
		want, reason string
	}{
		{resp.Value{}, "_\r\n", "no kind is a null"},
		{resp.Value{Kind: ';', Str: "x"}, "_\r\n", "a part is no reply"},
		{simple("a\r\nb"), "+a  b\r\n", "a line has no line ends in it"},
		{fault("ERR\n:1"), "-ERR :1\r\n", "no reply can be injected"},
		{resp.Value{Kind: resp.Double, Float: 0.5}, ",0.5\r\n", "digits are made of the number"},
		{resp.Value{Kind: resp.Double, Float: math.NaN()}, ",nan\r\n", "as Redis spells it"},
		{resp.Value{Kind: resp.VerbatimString, Str: "x"}, "=5\r\ntxt:x\r\n", "text is the usual format"},
		{resp.Value{Kind: resp.VerbatimString, Format: "text", Str: "x"}, "=5\r\ntxt:x\r\n", "a format has three letters"},
		{pairs(simple("k"), num(1), simple("alone")), "%1\r\n+k\r\n:1\r\n", "a key without a value is no pair"},
		{resp.Value{Kind: resp.Null, Attrs: []resp.Value{simple("k"), num(1), simple("alone")}}, "|1\r\n+k\r\n:1\r\n_\r\n", "nor here"},
		{resp.Value{Kind: resp.Attribute, Elems: []resp.Value{simple("k"), num(1)}}, "|1\r\n+k\r\n:1\r\n", "a reply may be appended after it"},
	} {
		if got := resp.AppendReply(nil, c.v); string(got) != c.want {
			t.Errorf("%+v is written as %q, want %q: %s", c.v, got, c.want, c.reason)
		}
	}
}
