package redis

import (
	"errors"
	"math"
	"reflect"
	"strconv"
	"strings"
	"time"

	"github.com/fairlead-go/fairlead/resp"
)

// New returns any command, such as one of a module, whose reply is read as a T in the ways that [As] lists.
//
// The name is one word or two, "GET" or "CLIENT LIST", in capitals or not; the second may be the first argument as well.
// A command of Redis's own behaves as if its constructor had built it: it is read-only, blocking or stateful by the
// server's command table, its keys are known where their places are fixed, and it waits for as long as its timeout says.
// Of any other command nothing is known: it has no keys, and it is never sent again once it may have run,
// unless it is marked by [Idempotent].
//
// Arguments are strings, byte slices, integers, floats and bools (1 and 0). An argument of another type,
// a T that no reply can be read as, and a name that is empty, of more than two words or not of printable ASCII
// are errors of [Request.Err].
func New[T any](name string, args ...any) Cmd[T] {
	c := Cmd[T]{Request: namedRequest(name, args), read: readReply[T]}
	c.reads(reflect.TypeFor[T]())
	return c
}

// misnamed stands in for the facts about a command whose name is none. The name itself may hold anything, so it is not shown.
var misnamed = &Spec{Name: "New"}

// namedRequest builds the command from what the table knows about its name.
func namedRequest(name string, args []any) Request {
	word, sub, err := splitName(name)
	if err != nil {
		r := newRequest(misnamed)
		r.fail(err)
		return r
	}
	spec := lookup(word)
	if spec == nil || spec.FirstKey == 0 {
		if pair := lookupPair(word, sub, args); pair != nil {
			spec = pair
			if sub == "" {
				args = args[1:]
			}
			sub = ""
		}
	}
	if spec == nil {
		spec = newSpec(upper(word))
	}
	r := newRequest(spec)
	if sub != "" {
		r.text(sub)
	}
	r.values(args)
	r.markKeys()
	r.findTimeout()
	return r
}

// splitName cuts a name into its one or two words.
func splitName(name string) (word, sub string, err error) {
	for i := range len(name) {
		if name[i] < ' ' || name[i] > '~' {
			return "", "", errors.New("a command's name is printable ASCII: give bytes of any other kind as arguments")
		}
	}
	word, sub, two := strings.Cut(name, " ")
	switch {
	case name == "":
		return "", "", errors.New("a command needs a name, such as GET")
	case word == "" || two && sub == "" || strings.Contains(sub, " "):
		return "", "", errors.New("a command's name is one word, or two with one space between them: give the rest as arguments")
	}
	return word, sub, nil
}

// longestSub is longer than any subcommand; an argument longer than this is none.
const longestSub = 32

// lookupPair finds the command that has sub, or else the first argument, as its second word.
func lookupPair(word, sub string, args []any) *Spec {
	if sub == "" && len(args) > 0 {
		switch a := args[0].(type) {
		case string:
			sub = a
		case []byte:
			sub = view(a)
		}
	}
	if sub == "" || len(sub) > longestSub {
		return nil
	}
	return lookup(word + " " + sub)
}

// upper is word in capitals as Redis compares names: ASCII only.
func upper(word string) string {
	return strings.Map(func(c rune) rune {
		if 'a' <= c && c <= 'z' {
			return c - 'a' + 'A'
		}
		return c
	}, word)
}

// markKeys makes keys of the arguments at the places where the command table says they are.
func (r *Request) markKeys() {
	if r.spec.FirstKey <= 0 {
		return
	}
	name := 1 + strings.Count(r.spec.Name, " ")
	last := r.spec.LastKey
	if last < 0 {
		last += name + int(r.n)
	}
	last = min(last, name+int(r.n)-1)
	for word := r.spec.FirstKey; word <= last; word += max(1, r.spec.KeyStep) {
		if i := word - name; i >= 0 {
			r.at(i).becomeKey()
		}
	}
}

// findTimeout finds for how long a command waits at the server. A blocking command whose timeout is not where Redis
// expects it keeps the one that is always long enough: none. The server will refuse it at once.
func (r *Request) findTimeout() {
	switch r.spec.Name {
	case "BLPOP", "BRPOP", "BLMOVE", "BRPOPLPUSH", "BZPOPMIN", "BZPOPMAX":
		r.blocks(r.timeoutAt(int(r.n)-1, time.Second))
	case "BLMPOP", "BZMPOP":
		r.blocks(r.timeoutAt(0, time.Second))
	case "WAIT", "WAITAOF":
		r.blocks(r.timeoutAt(int(r.n)-1, time.Millisecond))
	case "XREAD", "XREADGROUP":
		if i, ok := r.blockOption(); ok {
			r.blocks(r.timeoutAt(i, time.Millisecond))
		} else {
			r.flags &^= Blocking
		}
	}
}

// blockOption returns the place of the time after XREAD's BLOCK, and whether it is there. Group and consumer may have any name.
func (r *Request) blockOption() (int, bool) {
	for i := 0; i < int(r.n); i++ {
		switch upper(r.at(i).String()) {
		case "STREAMS":
			return 0, false
		case "GROUP":
			i += 2
		case "COUNT":
			i++
		case "BLOCK":
			return i + 1, true
		}
	}
	return 0, false
}

// timeoutAt reads the argument at i as so many units of time, rounded up to milliseconds as Redis does; 0 if it is no such time.
func (r *Request) timeoutAt(i int, unit time.Duration) time.Duration {
	if i < 0 || i >= int(r.n) {
		return 0
	}
	units, err := strconv.ParseFloat(r.at(i).String(), 64)
	ms := math.Ceil(units * float64(unit/time.Millisecond))
	if err != nil || math.IsNaN(ms) || ms <= 0 || ms >= math.MaxInt64/float64(time.Millisecond) {
		return 0
	}
	return time.Duration(ms) * time.Millisecond
}

// readReply is the decoder of a command that reads a T by what T is.
func readReply[T any](r resp.Reply) (T, error) { return convert[T](replyInput(r)) }
