package resp_test

import (
	"errors"
	"math"
	"strconv"
	"strings"
	"testing"

	"github.com/fairlead-go/fairlead/resp"
)

// What each kind of reply is as text, as a string, as a number, as a boolean. An error is given by how it begins.
func TestReplyAs(t *testing.T) {
	t.Parallel()
	const server = "ERR no"
	for _, c := range []struct {
		wire                    string
		text, str               string
		strErr                  string
		i                       int64
		intErr                  string
		f                       float64
		floatErr                string
		b                       bool
		boolErr                 string
		null, isErr, aggregates bool
	}{
		{wire: "+OK\r\n", text: "OK", str: "OK", intErr: "strconv.ParseInt", floatErr: "strconv.ParseFloat", b: true},
		{wire: "+1\r\n", text: "1", str: "1", i: 1, f: 1, b: true},
		{wire: "-ERR no\r\n", text: "ERR no", strErr: server, intErr: server, floatErr: server, boolErr: server, isErr: true},
		{wire: "!6\r\nERR no\r\n", text: "ERR no", strErr: server, intErr: server, floatErr: server, boolErr: server, isErr: true},
		{wire: ":-5\r\n", text: "-5", str: "-5", i: -5, f: -5, b: true},
		{wire: ":0\r\n", text: "0", str: "0"},
		{wire: ":+7\r\n", text: "7", str: "7", i: 7, f: 7, b: true},
		{wire: "$2\r\n42\r\n", text: "42", str: "42", i: 42, f: 42, boolErr: "the reply is a bulk string, not a boolean"},
		{wire: "$1\r\n0\r\n", text: "0", str: "0"},
		{wire: "$3\r\n1.5\r\n", text: "1.5", str: "1.5", intErr: "strconv.ParseInt", f: 1.5, boolErr: "the reply is a bulk string, not a boolean"},
		{wire: "$4\r\n-inf\r\n", text: "-inf", str: "-inf", intErr: "strconv.ParseInt", f: math.Inf(-1), boolErr: "the reply is a bulk string, not a boolean"},
		{wire: "$0\r\n\r\n", intErr: "strconv.ParseInt", floatErr: "strconv.ParseFloat", boolErr: "the reply is a bulk string, not a boolean"},
		{wire: "_\r\n", strErr: "the reply is a null, not a string", intErr: "the reply is a null, not an integer", floatErr: "the reply is a null, not a number",
			boolErr: "the reply is a null, not a boolean", null: true},
		{wire: "$-1\r\n", strErr: "the reply is a null, not a string", intErr: "the reply is a null, not an integer", floatErr: "the reply is a null, not a number",
			boolErr: "the reply is a null, not a boolean", null: true},
		{wire: "#t\r\n", text: "1", str: "1", i: 1, floatErr: "the reply is a boolean, not a number", b: true},
		{wire: "#f\r\n", text: "0", str: "0", floatErr: "the reply is a boolean, not a number"},
		{wire: ",2.50\r\n", text: "2.50", str: "2.50", intErr: "the reply is a double, not an integer", f: 2.5, boolErr: "the reply is a double, not a boolean"},
		{wire: "(12\r\n", text: "12", str: "12", i: 12, f: 12, boolErr: "the reply is a big number, not a boolean"},
		{wire: "(92233720368547758070\r\n", text: "92233720368547758070", str: "92233720368547758070", intErr: "strconv.ParseInt", f: 92233720368547758070,
			boolErr: "the reply is a big number, not a boolean"},
		{wire: "=6\r\ntxt:42\r\n", text: "42", str: "42", i: 42, f: 42, boolErr: "the reply is a verbatim string, not a boolean"},
		{wire: "*1\r\n:1\r\n", strErr: "the reply is an array, not a string", intErr: "the reply is an array, not an integer",
			floatErr: "the reply is an array, not a number", boolErr: "the reply is an array, not a boolean", aggregates: true},
		{wire: "%1\r\n:1\r\n:1\r\n", strErr: "the reply is a map, not a string", intErr: "the reply is a map, not an integer",
			floatErr: "the reply is a map, not a number", boolErr: "the reply is a map, not a boolean", aggregates: true},
	} {
		r := parse(t, c.wire)
		if got := r.Text(); got != c.text {
			t.Errorf("%q: Text %q, want %q", c.wire, got, c.text)
		}
		if got, err := r.Str(); got != c.str || !begins(err, c.strErr) {
			t.Errorf("%q: Str %q, %v, want %q, %s", c.wire, got, err, c.str, c.strErr)
		}
		if got, err := r.Int(); !begins(err, c.intErr) || err == nil && got != c.i {
			t.Errorf("%q: Int %d, %v, want %d, %s", c.wire, got, err, c.i, c.intErr)
		}
		if got, err := r.Float(); got != c.f || !begins(err, c.floatErr) {
			t.Errorf("%q: Float %v, %v, want %v, %s", c.wire, got, err, c.f, c.floatErr)
		}
		if got, err := r.Bool(); got != c.b || !begins(err, c.boolErr) {
			t.Errorf("%q: Bool %v, %v, want %v, %s", c.wire, got, err, c.b, c.boolErr)
		}
		if r.IsNull() != c.null || (r.Err() != nil) != c.isErr || (r.Len() > 0) != c.aggregates {
			t.Errorf("%q: IsNull %v, Err %v, Len %d", c.wire, r.IsNull(), r.Err(), r.Len())
		}
	}
}

// begins reports whether err begins with a text, and is nil if there is none.
func begins(err error, text string) bool {
	if text == "" || err == nil {
		return text == "" && err == nil
	}
	return strings.HasPrefix(err.Error(), text)
}

// A number that is none is an error without the string: that may be anyone's secret.
func TestNumberErrorsHideTheString(t *testing.T) {
	t.Parallel()
	r := parse(t, "$6\r\nsecret\r\n")
	_, errInt := r.Int()
	_, errFloat := r.Float()
	for _, err := range []error{errInt, errFloat} {
		if e := new(strconv.NumError); !errors.As(err, &e) || !errors.Is(err, strconv.ErrSyntax) || strings.Contains(err.Error(), "secret") {
			t.Errorf("error %v, want a *strconv.NumError for bad syntax that does not quote the string", err)
		}
	}
	_, err := parse(t, "$20\r\n99999999999999999999\r\n").Int()
	if !errors.Is(err, strconv.ErrRange) || strings.Contains(err.Error(), "999") {
		t.Errorf("error %v, want one for the range that does not quote the string", err)
	}
}

// The zero Reply is none, and says so.
func TestZeroReply(t *testing.T) {
	t.Parallel()
	var r resp.Reply
	_, err := r.Str()
	if want := "the reply is an unknown kind, not a string"; !begins(err, want) {
		t.Errorf("Str: %v, want %s", err, want)
	}
	elements := r.Elements()
	if _, ok := elements.Next(); ok || r.Kind() != 0 || r.IsNull() || r.Err() != nil || r.Text() != "" || r.Len() != 0 {
		t.Errorf("%+v has something in it", r)
	}
}

// Size is what a reply keeps in memory beside itself: nothing, of one that is a number or a null.
func TestReplySize(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("x", 100000)
	for _, c := range []struct {
		wire string
		size int
		why  string
	}{
		{"$5\r\nhello\r\n", 5, "the text without its header and end"},
		{"$100000\r\n" + long + "\r\n", len(long), "as above"},
		{"$0\r\n\r\n", 0, "it has no text"},
		{"+OK\r\n", 2, "the line without its end"},
		{"-ERR no\r\n", len("ERR no"), "as above"},
		{"=7\r\ntxt:abc\r\n", len("txt:abc"), "its format is kept beside the text"},
		{",2.50\r\n", len("2.50"), "a double is kept as the server wrote it"},
		{"(12\r\n", len("12"), "a big number, too"},
		{":123456789\r\n", 0, "an integer has no text"},
		{"#t\r\n", 0, "nor has a boolean"},
		{"_\r\n", 0, "nor a null"},
		{"$-1\r\n", 0, "in whichever way it is written"},
		{"*-1\r\n", 0, "as above"},
		{"*2\r\n$1\r\na\r\n:7\r\n", len("$1\r\na\r\n:7\r\n"), "all elements with their headers"},
		{"*1\r\n*1\r\n$100000\r\n" + long + "\r\n", len("*1\r\n$100000\r\n") + len(long) + len("\r\n"), "however deep they are"},
		{"%1\r\n+k\r\n+v\r\n", len("+k\r\n+v\r\n"), "keys and values"},
		{"*0\r\n", 0, "there are no elements"},
		{"|1\r\n+k\r\n+v\r\n$1\r\na\r\n", len("|1\r\n+k\r\n+v\r\n$1\r\na\r\n"), "attributes are kept, and what they belong to behind them"},
	} {
		if got := parse(t, c.wire).Size(); got != c.size {
			t.Errorf("%.20q has the size %d, want %d: %s", c.wire, got, c.size, c.why)
		}
	}
	if got := (resp.Reply{}).Size(); got != 0 {
		t.Errorf("no reply has the size %d, want 0", got)
	}
}

// A Reply is passed about in registers, which the compiler does with no struct of more than four words.
func TestReplyIsSmall(t *testing.T) {
	t.Parallel()
	if resp.ReplySize > 32 {
		t.Errorf("a Reply takes %d bytes, want at most 32", resp.ReplySize)
	}
}

// A status made here is what a server's is.
func TestStatus(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"OK", "QUEUED", ""} {
		if got, want := resp.Status(text), parse(t, "+"+text+"\r\n"); got != want {
			t.Errorf("Status(%q) is %+v, want %+v", text, got, want)
		}
	}
}

// A cursor stays where it was copied; a verbatim string knows its format.
func TestElements(t *testing.T) {
	t.Parallel()
	r := parse(t, "*3\r\n=5\r\nmkd:a\r\n*2\r\n:1\r\n:2\r\n|1\r\n+k\r\n+v\r\n$1\r\nz\r\n")
	elements := r.Elements()
	first, _ := elements.Next()
	if first.Format() != "mkd" || first.Text() != "a" {
		t.Errorf("format %q, text %q, want mkd and a", first.Format(), first.Text())
	}
	before := elements
	second, _ := elements.Next()
	again, _ := before.Next()
	if second != again || second.Len() != 2 || second.Format() != "" {
		t.Errorf("the second element is %+v, from the copy %+v, want the same array of two", second, again)
	}
	third, ok := elements.Next()
	attributes, attributed := third.Attributes()
	if !ok || third.Text() != "z" || !attributed || attributes.Kind() != resp.Attribute || attributes.Len() != 2 {
		t.Errorf("the third element is %+v with %+v, want z with a pair", third, attributes)
	}
	if _, attributed := second.Attributes(); attributed {
		t.Error("the second element has the attributes of the third")
	}
	if e, ok := elements.Next(); ok {
		t.Errorf("after the last: %+v", e)
	}
	if none, ok := parse(t, "|0\r\n:1\r\n").Attributes(); !ok || none.Len() != 0 {
		t.Errorf("empty attributes: %v, %d, want them to be there", ok, none.Len())
	}
}

// An error's code is its first word, if that is one.
func TestParseError(t *testing.T) {
	t.Parallel()
	for text, code := range map[string]string{
		"ERR unknown command":      "ERR",
		"WRONGTYPE":                "WRONGTYPE",
		"MOVED 7629 127.0.0.1:1":   "MOVED",
		"ERR_2 of a module":        "ERR_2",
		"Module says no":           "",
		"max number of clients":    "",
		"":                         "",
		" ERR begins with a space": "",
	} {
		e := resp.ParseError(text)
		if e.Code != code || e.Message != text || e.Error() != text {
			t.Errorf("%q has code %q and message %q, want code %q and all of it", text, e.Code, e.Message, code)
		}
	}
	err := parse(t, "-NOAUTH Authentication required.\r\n").Err()
	if e := new(resp.Error); !errors.As(err, &e) || e.Code != "NOAUTH" {
		t.Errorf("%v, want a *resp.Error of code NOAUTH", err)
	}
}

// Each kind has its name in the specification; five of them hold others.
func TestKinds(t *testing.T) {
	t.Parallel()
	want := "simple string, simple error, integer, bulk string, array*, null, boolean, double, big number, bulk error, verbatim string, map*, set*, attribute*, push*, unknown kind"
	var got []string
	for _, k := range "+-:$*_#,(!=%~|>?" {
		name := resp.Kind(k).String()
		if resp.Kind(k).Aggregate() {
			name += "*"
		}
		got = append(got, name)
	}
	if names := strings.Join(got, ", "); names != want {
		t.Errorf("%s, want\n%s", names, want)
	}
}
