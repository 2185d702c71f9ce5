package redis

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/fairlead-go/fairlead/resp"
)

// sent is the command as it goes over the wire, in words.
func sent(r *Request) []string {
	words := strings.Fields(r.Name())
	for a := range r.Args() {
		words = append(words, a)
	}
	return words
}

func TestNewWritesItsWords(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name string
		args []any
		want string
	}{
		{"ping", nil, "*1\r\n$4\r\nPING\r\n"},
		{"my.Command", []any{"a", 1}, "*3\r\n$10\r\nMY.COMMAND\r\n$1\r\na\r\n$1\r\n1\r\n"},
		{"client list", []any{"TYPE", "normal"}, "*4\r\n$6\r\nCLIENT\r\n$4\r\nLIST\r\n$4\r\nTYPE\r\n$6\r\nnormal\r\n"},
		{"CLIENT", []any{"list"}, "*2\r\n$6\r\nCLIENT\r\n$4\r\nLIST\r\n"},
		{"CLIENT", []any{[]byte("list")}, "*2\r\n$6\r\nCLIENT\r\n$4\r\nLIST\r\n"},
		{"get Key", nil, "*2\r\n$3\r\nGET\r\n$3\r\nKey\r\n"},                            // GET has no subcommands: Key stays as it is written
		{"MY.INDEX Info", nil, "*2\r\n$8\r\nMY.INDEX\r\n$4\r\nInfo\r\n"},                // nobody knows whether Info is an argument
		{"CLIENT", []any{"NEWS", 1}, "*3\r\n$6\r\nCLIENT\r\n$4\r\nNEWS\r\n$1\r\n1\r\n"}, // a subcommand of a later server
		{"MY.COMMAND", []any{"x\r\n$1\r\n", ""}, "*3\r\n$10\r\nMY.COMMAND\r\n$7\r\nx\r\n$1\r\n\r\n$0\r\n\r\n"},
		{"MY.COMMAND", []any{1, "b", 2.5, true, []byte("e"), uint8(6)},
			"*7\r\n$10\r\nMY.COMMAND\r\n$1\r\n1\r\n$1\r\nb\r\n$3\r\n2.5\r\n$1\r\n1\r\n$1\r\ne\r\n$1\r\n6\r\n"},
	} {
		c := New[string](test.name, test.args...)
		if err := c.Err(); err != nil {
			t.Errorf("New(%q, %v): %v", test.name, test.args, err)
			continue
		}
		if got := string(c.Append(nil)); got != test.want {
			t.Errorf("New(%q, %v):\ngot  %q\nwant %q", test.name, test.args, got, test.want)
		}
	}
}

func TestNewKnowsTheCommand(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		cmd      Cmd[any]
		flags    Flags
		lacks    Flags
		stateful bool
	}{
		{cmd: New[any]("get", "k"), flags: ReadOnly},
		{cmd: New[any]("SET", "k", "v"), flags: Write, lacks: ReadOnly},
		{cmd: New[any]("select 1"), flags: Stateful},
		{cmd: New[any]("client tracking", "on"), flags: Stateful},
		{cmd: New[any]("CLIENT", "tracking", "on"), flags: Stateful},
		{cmd: New[any]("MEMORY", "usage", "k"), flags: ReadOnly},
		{cmd: New[any]("MY.GET", "k"), lacks: ReadOnly | Write | Blocking | Stateful},
		{cmd: New[any]("CLIENT", strings.Repeat("x", 40)), lacks: ReadOnly},
	} {
		if f := test.cmd.Request.flags; !f.Has(test.flags) || f&test.lacks != 0 {
			t.Errorf("%q: flags %b, want %b and none of %b", sent(&test.cmd.Request), f, test.flags, test.lacks)
		}
	}
	unknown, known := New[any]("MY.GET", "k"), New[any]("GET", "k")
	if unknown.Repeatable() || !known.Repeatable() {
		t.Errorf("MY.GET repeatable: %v, want false; GET: %v, want true", unknown.Repeatable(), known.Repeatable())
	}
	if c := Idempotent(New[any]("MY.GET", "k")); !c.Repeatable() {
		t.Error("Idempotent does not make an unknown command repeatable")
	}
	if known.Spec() != lookup("GET") {
		t.Error("New has made up its own facts about GET")
	}
}

func TestNewKnowsTheKeys(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		cmd  Cmd[any]
		want []string
	}{
		{New[any]("GET", "k"), []string{"k"}},
		{New[any]("GET k"), []string{"k"}},
		{New[any]("GET", 7), []string{"7"}}, // a number can be a key's name
		{New[any]("GET", []byte("k")), []string{"k"}},
		{New[any]("SET", "k", "v"), []string{"k"}},
		{New[any]("MSET", "a", 1, "b", 2, "c", 3), []string{"a", "b", "c"}},
		{New[any]("DEL", "a", "b", "c", "d", "e", "f"), []string{"a", "b", "c", "d", "e", "f"}},
		{New[any]("BLPOP", "a", "b", 1), []string{"a", "b"}}, // the last argument is the timeout
		{New[any]("MEMORY USAGE", "k"), []string{"k"}},
		{New[any]("MEMORY", "USAGE", "k"), []string{"k"}},
		{New[any]("GET"), nil}, // the server will say what is missing
		{New[any]("BLPOP"), nil},
		{New[any]("MEMORY", "USAGE"), nil},
		{New[any]("MY.GET", "k"), nil},
	} {
		if got := slices.Collect(test.cmd.Keys()); !slices.Equal(got, test.want) {
			t.Errorf("%q: got keys %q, want %q", sent(&test.cmd.Request), got, test.want)
		}
	}
}

func TestNewKnowsTheTimeout(t *testing.T) {
	t.Parallel()
	const forever = 0
	for _, test := range []struct {
		cmd  Cmd[any]
		want time.Duration
	}{
		{New[any]("BLPOP", "k", 5), 5 * time.Second},
		{New[any]("blpop", "k", "0.25"), 250 * time.Millisecond},
		{New[any]("BRPOP", "a", "b", uint8(1)), time.Second},
		{New[any]("BLMOVE", "a", "b", "LEFT", "RIGHT", 0.0001), time.Millisecond}, // as the server rounds it
		{New[any]("BRPOPLPUSH", "a", "b", 2), 2 * time.Second},
		{New[any]("BZPOPMIN", "k", 3), 3 * time.Second},
		{New[any]("BZPOPMAX", "k", 3), 3 * time.Second},
		{New[any]("BLMPOP", 1.5, 1, "k", "LEFT"), 1500 * time.Millisecond},
		{New[any]("BZMPOP", 1, 1, "k", "MIN"), time.Second},
		{New[any]("WAIT", 1, 100), 100 * time.Millisecond},
		{New[any]("WAITAOF", 1, 1, 100), 100 * time.Millisecond},
		{New[any]("XREAD", "COUNT", 2, "block", 700, "STREAMS", "s", "$"), 700 * time.Millisecond},
		{New[any]("XREADGROUP", "GROUP", "BLOCK", "STREAMS", "COUNT", 1, "BLOCK", 700, "STREAMS", "s", ">"), 700 * time.Millisecond},
		{New[any]("BLPOP", "k", 0), forever},
		{New[any]("XREAD", "BLOCK", 0, "STREAMS", "s", "$"), forever},
		// The server refuses these at once, or waits longer than a Duration can say.
		{New[any]("BLPOP", "k", -1), forever},
		{New[any]("BLPOP", "k", "soon"), forever},
		{New[any]("BLPOP", "k", "nan"), forever},
		{New[any]("BLPOP", "k", "inf"), forever},
		{New[any]("BLPOP", "k", 1e300), forever},
		{New[any]("BLPOP"), forever},
		{New[any]("XREAD", "BLOCK"), forever},
	} {
		if got, blocks := test.cmd.Blocks(); !blocks || got != test.want {
			t.Errorf("%q: waits %v, %v; want %v", sent(&test.cmd.Request), got, blocks, test.want)
		}
	}
	for _, c := range []Cmd[any]{
		New[any]("XREAD", "COUNT", 2, "STREAMS", "BLOCK", "0"), // a stream of that name
		New[any]("XREAD", "COUNT", "BLOCK", "STREAMS", "s", "0"),
		New[any]("XREADGROUP", "GROUP", "BLOCK", "BLOCK", "NOACK", "STREAMS", "s", ">"),
		New[any]("XREAD"),
		New[any]("GET", "k"),
		New[any]("MY.BLPOP", "k", 5),
	} {
		if _, blocks := c.Blocks(); blocks {
			t.Errorf("%q is said to block", sent(&c.Request))
		}
	}
}

func TestNewRefuses(t *testing.T) {
	t.Parallel()
	const (
		ascii = "New: a command's name is printable ASCII: give bytes of any other kind as arguments"
		words = "New: a command's name is one word, or two with one space between them: give the rest as arguments"
	)
	for _, test := range []struct {
		name, want string
		args       []any
	}{
		{name: "", want: "New: a command needs a name, such as GET"},
		{name: "GET\r\nk", want: ascii},
		{name: "GET\x00", want: ascii},
		{name: "GET\x7f", want: ascii},
		{name: "GÉT", want: ascii},
		{name: "SET secret value", want: words},
		{name: " GET", want: words},
		{name: "GET ", want: words},
		{name: "GET  k", want: words},
		{name: " ", want: words},
		{name: "GET", args: []any{nil}, want: `GET: nil is no value: send "" or delete the key`},
		{name: "GET", args: []any{"k", struct{}{}},
			want: "GET: a value of type struct {} cannot be sent: convert it to a string, []byte, integer, float or bool"},
		{name: "MY.GET", args: []any{[]string{"k"}},
			want: "MY.GET: a value of type []string cannot be sent: convert it to a string, []byte, integer, float or bool"},
	} {
		c := New[string](test.name, test.args...)
		if err := c.Err(); err == nil || err.Error() != test.want {
			t.Errorf("New(%q, %v):\ngot  %v\nwant %s", test.name, test.args, err, test.want)
		}
	}
}

// A Cmd put together by hand has no way of reading its reply: that is an error, not a panic.
func TestCmdWithoutReader(t *testing.T) {
	t.Parallel()
	c := Cmd[string]{Request: Get("k").Request}
	if v, err := c.Read(resp.Status("OK")); err == nil || v != "" {
		t.Errorf("it read %q, %v", v, err)
	}
}
