package resp_test

import (
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"os/exec"
	"strconv"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/fairlead-go/fairlead/resp"
)

// redisCLI gives these replies to the redis-cli on PATH, and returns what it prints of each with these options.
func redisCLI(t *testing.T, replies [][]byte, options ...string) []string {
	t.Helper()
	path, err := exec.LookPath("redis-cli")
	if err != nil {
		t.Skip("there is no redis-cli on PATH to compare with")
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close() // which ends the server
	go func() {
		for {
			c, err := listener.Accept()
			if err != nil {
				return
			}
			answer(c, replies)
		}
	}()
	_, port, _ := net.SplitHostPort(listener.Addr().String())
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second) // it would wait for ever for the rest of a broken reply
	defer cancel()
	cli := exec.CommandContext(ctx, path, append([]string{"-h", "127.0.0.1", "-p", port}, options...)...)
	var input strings.Builder
	for i := range replies {
		fmt.Fprintf(&input, "REPLY %d\nMARK\n", i)
	}
	cli.Stdin = strings.NewReader(input.String())
	out, err := cli.CombinedOutput()
	if err != nil {
		t.Fatalf("redis-cli: %v\n%s", err, out)
	}
	const marked = "\n<mark>\n"
	parts := strings.Split(strings.ReplaceAll(string(out), `"<mark>"`, "<mark>"), marked)
	if len(parts) != len(replies)+1 {
		t.Fatalf("redis-cli printed %d replies, want %d:\n%s", len(parts)-1, len(replies), out)
	}
	return parts[:len(replies)]
}

// answer is a server that knows two commands: REPLY i, and MARK, which ends what was printed before it.
func answer(c net.Conn, replies [][]byte) {
	defer c.Close()
	in := resp.NewReader(c, resp.Limits{})
	for {
		command, err := in.Next()
		if err != nil {
			return
		}
		words := command.Value().Elems
		out := []byte("-ERR unknown command\r\n")
		switch strings.ToUpper(words[0].Str) {
		case "HELLO":
			out = []byte("%0\r\n")
		case "MARK":
			out = []byte("+<mark>\r\n")
		case "REPLY":
			i, _ := strconv.Atoi(words[1].Str)
			out = replies[i]
		}
		if _, err := c.Write(out); err != nil && err != io.EOF {
			return
		}
	}
}

// The real redis-cli prints what String and AppendJSON do.
func TestSameAsRedisCLI(t *testing.T) {
	t.Parallel()
	var replies [][]byte
	var tty, json []string
	for _, c := range printed {
		if c.noCLI == "" {
			replies, tty, json = append(replies, []byte(c.wire)), append(tty, c.tty), append(json, c.json)
		}
	}
	for _, c := range []struct {
		options []string
		want    []string
	}{
		{[]string{"--no-raw", "-2"}, tty},
		{[]string{"--no-raw", "-3"}, tty},
		{[]string{"--json"}, json},
	} {
		for i, got := range redisCLI(t, replies, c.options...) {
			if got != c.want[i] {
				t.Errorf("%q: redis-cli %v prints\n%s\nwant\n%s", replies[i], c.options, got, c.want[i])
			}
		}
	}
}

// So it does with replies nobody thought of.
func TestRandomRepliesSameAsRedisCLI(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(3, 4))
	var values []resp.Value
	var replies [][]byte
	for range 500 {
		choices := make(source, 300)
		for i := range choices {
			choices[i] = byte(random.Uint32())
		}
		v := knownToCLI(choices.value(0), false)
		values, replies = append(values, v), append(replies, resp.AppendReply(nil, v))
	}
	for i, got := range redisCLI(t, replies, "--no-raw", "-3") {
		if want := values[i].String(); got != want {
			t.Errorf("%q: redis-cli prints\n%s\nString is\n%s", replies[i], got, want)
		}
	}
	for i, got := range redisCLI(t, replies, "--json") {
		if want := wantJSON(t, values[i]); got != want && utf8.Valid(replies[i]) {
			t.Errorf("%q: redis-cli prints\n%s\nAppendJSON\n%s", replies[i], got, want)
		}
	}
}

// knownToCLI replaces what redis-cli cannot read, or prints as what is no JSON.
func knownToCLI(v resp.Value, key bool) resp.Value {
	v.Attrs = nil
	v.Str = strings.Map(func(r rune) rune { return max(' ', min(r, '~')) }, v.Str)
	switch v.Kind {
	case resp.BigNumber, resp.SimpleError, resp.BulkError:
		v = simple(v.Str)
	case resp.BulkString:
		v.Str += "\r\n\x00\xff"[:len(v.Str)%5]
	case resp.Double:
		v = double("0.25", 0.25)
	case resp.Push:
		v.Kind = resp.Array
	}
	if key && (v.Kind.Aggregate() || v.Kind == resp.BulkString) {
		v = simple("key")
	}
	for i := range v.Elems {
		v.Elems[i] = knownToCLI(v.Elems[i], v.Kind == resp.Map && i%2 == 0)
	}
	return v
}
