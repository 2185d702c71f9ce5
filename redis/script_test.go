package redis

import (
	"context"
	"crypto/sha1"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/fairlead-go/fairlead/resp"
)

// made before the package's specs are encoded
var early = NewScript("return ARGV[1]")

func TestScriptIsSentByItsHash(t *testing.T) {
	t.Parallel()
	hash := fmt.Sprintf("%x", sha1.Sum([]byte("return ARGV[1]")))
	if early.Hash() != hash || early.Source() != "return ARGV[1]" {
		t.Errorf("got %s of %q, want %s", early.Hash(), early.Source(), hash)
	}
	for _, test := range []struct {
		c           Cmd[resp.Reply]
		words, full []string
		readOnly    bool
	}{
		{early.Cmd([]string{"a", "b"}, "x", 1), []string{"EVALSHA", hash, "2", "a", "b", "x", "1"}, []string{"EVAL", early.Source(), "2", "a", "b", "x", "1"}, false},
		{early.Cmd(nil), []string{"EVALSHA", hash, "0"}, []string{"EVAL", early.Source(), "0"}, false},
		{early.CmdRO([]string{"a"}), []string{"EVALSHA_RO", hash, "1", "a"}, []string{"EVAL_RO", early.Source(), "1", "a"}, true},
	} {
		c, full := test.c, test.c.InFull()
		if got := sent(&c.Request); !slices.Equal(got, test.words) {
			t.Errorf("got %q, want %q", got, test.words)
		}
		if got := sent(&full); !slices.Equal(got, test.full) {
			t.Errorf("in full: got %q, want %q", got, test.full)
		}
		if got, want := string(c.Append(nil)), wireOf(test.words); got != want {
			t.Errorf("sent as %q, want %q", got, want)
		}
		if !slices.Equal(slices.Collect(c.Keys()), slices.Collect(full.Keys())) || c.Words() != len(test.words) || full.Words() != len(test.full) {
			t.Errorf("%q has other keys or words than %q", test.words, test.full)
		}
		if c.ReadOnly() != test.readOnly || full.ReadOnly() != test.readOnly {
			t.Errorf("%q: read-only %v, in full %v; want %v", test.words, c.ReadOnly(), full.ReadOnly(), test.readOnly)
		}
		if c.Script() != early || full.Script() != nil {
			t.Errorf("%q: its script is %p, in full %p; want %p and none", test.words, c.Script(), full.Script(), early)
		}
		if again := full.InFull(); string(again.Append(nil)) != string(full.Append(nil)) {
			t.Errorf("%q in full twice is another command", test.words)
		}
	}
	if c := As[int](Idempotent(early.Cmd(nil))); c.Script() != early || !c.Repeatable() {
		t.Error("As or Idempotent forgets the script")
	}
	idempotent := Idempotent(early.Cmd(nil))
	if full := idempotent.InFull(); !full.Repeatable() {
		t.Error("InFull forgets that the command is idempotent")
	}
	if get := Get("k"); get.Script() != nil || string(get.Append(nil)) != wireOf([]string{"GET", "k"}) {
		t.Error("GET is no script")
	}
	long := NewScript("return '" + strings.Repeat("x", LongValue) + "'").Cmd(nil)
	if full := long.InFull(); long.HasLong() || !full.HasLong() {
		t.Error("a long source is not a long value")
	}
}

func wireOf(words []string) string {
	wire := "*" + fmt.Sprint(len(words)) + "\r\n"
	for _, w := range words {
		wire += bulk(w)
	}
	return wire
}

// A fakeRunner answers commands with replies in turn and remembers their words.
type fakeRunner struct {
	t       *testing.T
	replies []string
	sent    [][]string
}

func (f *fakeRunner) RunScript(_ context.Context, c Cmd[resp.Reply]) (resp.Reply, error) {
	if err := c.Err(); err != nil {
		return resp.Reply{}, err
	}
	f.sent = append(f.sent, sent(&c.Request))
	wire := f.replies[0]
	f.replies = f.replies[1:]
	return c.Read(fromWire(f.t, wire))
}

func TestScriptRunsByARunner(t *testing.T) {
	t.Parallel()
	f := &fakeRunner{t: t, replies: []string{":1\r\n", ":2\r\n", bulk(early.Hash()), arrayOf(number(1)), "-NOPERM no\r\n", "+x\r\n", arrayOf()}}
	ctx := t.Context()
	r, err := early.Run(ctx, f, []string{"k"}, "x")
	if n, intErr := r.Int(); n != 1 || err != nil || intErr != nil {
		t.Errorf("Run: %d, %v, %v", n, err, intErr)
	}
	if r, err = early.RunRO(ctx, f, nil); r.Text() != "2" || err != nil {
		t.Errorf("RunRO: %s, %v", r.Text(), err)
	}
	if err := early.Load(ctx, f); err != nil {
		t.Errorf("Load: %v", err)
	}
	if there, err := early.Exists(ctx, f); !there || err != nil {
		t.Errorf("Exists: %v, %v", there, err)
	}
	var refused *resp.Error
	if there, err := early.Exists(ctx, f); there || !errors.As(err, &refused) {
		t.Errorf("Exists that is refused: %v, %v", there, err)
	}
	if there, err := early.Exists(ctx, f); there || err == nil {
		t.Errorf("Exists with an odd reply: %v, %v", there, err)
	}
	if there, err := early.Exists(ctx, f); there || err != nil {
		t.Errorf("Exists with an empty reply: %v, %v", there, err)
	}
	want := [][]string{
		{"EVALSHA", early.Hash(), "1", "k", "x"}, {"EVALSHA_RO", early.Hash(), "0"}, {"SCRIPT", "LOAD", early.Source()},
	}
	for range 4 {
		want = append(want, []string{"SCRIPT", "EXISTS", early.Hash()})
	}
	if !slices.EqualFunc(f.sent, want, slices.Equal[[]string]) {
		t.Errorf("sent %q, want %q", f.sent, want)
	}
}

// TestScriptMisuse: a script that NewScript did not make is an error, not a crash.
func TestScriptMisuse(t *testing.T) {
	t.Parallel()
	f := &fakeRunner{t: t}
	for _, s := range []*Script{nil, {}} {
		_, run := s.Run(t.Context(), f, nil)
		_, runRO := s.RunRO(t.Context(), f, nil)
		_, exists := s.Exists(t.Context(), f)
		for command, err := range map[string]error{"EVALSHA": run, "EVALSHA_RO": runRO, "SCRIPT LOAD": s.Load(t.Context(), f), "SCRIPT EXISTS": exists} {
			if want := command + ": a zero Script has no source: make scripts by NewScript"; err == nil || err.Error() != want {
				t.Errorf("got %v, want %s", err, want)
			}
		}
	}
	if c := early.Cmd(nil, struct{}{}); c.Err() == nil {
		t.Error("a struct became an argument")
	}
}
