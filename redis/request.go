package redis

import (
	"fmt"
	"iter"
	"slices"
	"strings"
	"time"

	"github.com/fairlead-go/fairlead/resp"
)

// A Request is a command without the type of its reply: its name, its arguments and how it behaves.
// It is a value: copy it, keep it, send it twice. Strings and byte slices in it are read when it is sent,
// so a []byte must not be changed before.
type Request struct {
	spec  *Spec
	head  [4]arg // the first arguments: most commands have no more
	more  []arg  // those after them
	err   *error // nil if it can be sent; a pointer, since every request is copied about and few have one
	wait  time.Duration
	n     int32 // arguments in all
	flags Flags
	again bool
	long  bool // a value is long
}

func newRequest(s *Spec) Request { return Request{spec: s, flags: s.Flags} }

// Name returns the command's name in capitals, a subcommand after a space: "GET", "CLIENT LIST".
// It is safe to log: arguments are not part of it.
func (r *Request) Name() string {
	if r.spec == nil {
		return ""
	}
	return r.spec.Name
}

// Spec returns the facts about the command; nil for the zero Request.
func (r *Request) Spec() *Spec { return r.spec }

// Err returns why the command cannot be sent, such as a value of a type that Redis has no form for; nil if it can.
func (r *Request) Err() error {
	if r.spec == nil {
		return fmt.Errorf("a zero command has no name: build it with a constructor of package redis")
	}
	if r.err == nil {
		return nil
	}
	return *r.err
}

// ReadOnly reports whether the command changes nothing, by the server's command table.
func (r *Request) ReadOnly() bool { return r.flags.Has(ReadOnly) }

// Repeatable reports whether the command may be sent again after it may have run: it is read-only, or marked by [Idempotent].
func (r *Request) Repeatable() bool { return r.again || r.flags.Has(ReadOnly) }

// Stateful reports whether the command changes what its connection means to later commands.
func (r *Request) Stateful() bool { return r.flags.Has(Stateful) }

// Blocks reports whether the command waits at the server, and for how long at most; 0 means without end.
func (r *Request) Blocks() (time.Duration, bool) { return r.wait, r.flags.Has(Blocking) }

// Has reports whether all of the flags are set for this command with these arguments.
func (r *Request) Has(f Flags) bool { return r.flags.Has(f) }

// Words returns how many words the command has on the wire, its name's included.
func (r *Request) Words() int { return 1 + strings.Count(r.Name(), " ") + int(r.n) }

// Append appends the command as it is sent.
func (r *Request) Append(b []byte) []byte {
	b = resp.AppendArray(b, r.spec.words+int(r.n))
	b = append(b, r.spec.wire...)
	for i := range r.first() {
		b = r.head[i].append(b)
	}
	for i := range r.more {
		b = r.more[i].append(b)
	}
	return b
}

// first is how many of the arguments are in head.
func (r *Request) first() int { return min(int(r.n), len(r.head)) }

// Keep makes the request independent of the byte slices it was built from, so that they may be changed before it is sent.
func (r *Request) Keep() {
	keep := func(args []arg) {
		for i := range args {
			if a := &args[i]; a.has(isBytes) {
				key := a.bits & isKey
				*a = textArg(strings.Clone(a.text()))
				a.bits |= key
			}
		}
	}
	keep(r.head[:r.first()])
	if slices.ContainsFunc(r.more, func(a arg) bool { return a.has(isBytes) }) {
		r.more = slices.Clone(r.more) // other copies of the request have the same ones
		keep(r.more)
	}
}

// Size returns about how many bytes Append appends: never less than the text in it.
func (r *Request) Size() int {
	size := 16 * (1 + int(r.n))
	for i := range r.first() {
		size += r.head[i].size()
	}
	for i := range r.more {
		size += r.more[i].size()
	}
	return size
}

// Args yields the arguments after the name as they are sent, each with whether it is a key.
func (r *Request) Args() iter.Seq2[string, bool] {
	return func(yield func(string, bool) bool) {
		for i := range int(r.n) {
			a := r.at(i)
			if !yield(a.String(), a.has(isKey)) {
				return
			}
		}
	}
}

// Keys yields the keys among the arguments.
func (r *Request) Keys() iter.Seq[string] {
	return func(yield func(string) bool) {
		for i := range int(r.n) {
			if a := r.at(i); a.has(isKey) && !yield(a.text()) {
				return
			}
		}
	}
}

func (r *Request) at(i int) *arg {
	if i < len(r.head) {
		return &r.head[i]
	}
	return &r.more[i-len(r.head)]
}

func (r *Request) add(a arg) {
	if int(r.n) < len(r.head) {
		r.head[r.n] = a
	} else {
		r.more = append(r.more, a)
	}
	r.n++
}

func (r *Request) key(k string)    { r.add(keyArg(k)) }
func (r *Request) int(n int64)     { r.add(intArg(n)) }
func (r *Request) float(f float64) { r.add(floatArg(f)) }

func (r *Request) text(s string) {
	r.long = r.long || len(s) >= LongValue
	r.add(textArg(s))
}

func (r *Request) keys(ks []string) {
	r.room(len(ks))
	for _, k := range ks {
		r.key(k)
	}
}

func (r *Request) texts(ss []string) {
	r.room(len(ss))
	for _, s := range ss {
		r.text(s)
	}
}

func (r *Request) value(v any) {
	a, err := valueArg(v)
	if err != nil {
		r.fail(err)
	}
	r.long = r.long || a.isLong()
	r.add(a)
}

func (r *Request) values(vs []any) {
	r.room(len(vs))
	for _, v := range vs {
		r.value(v)
	}
}

// room makes place for n more arguments in one allocation.
func (r *Request) room(n int) {
	if over := int(r.n) + n - len(r.head); over > cap(r.more) {
		more := make([]arg, len(r.more), over)
		copy(more, r.more)
		r.more = more
	}
}

// blocks says that the command waits at the server, at most for d; 0 is without end.
func (r *Request) blocks(d time.Duration) {
	r.flags |= Blocking
	r.wait = d
}

// fail keeps the first reason why the command cannot be sent.
func (r *Request) fail(err error) {
	if r.err == nil {
		err = fmt.Errorf("%s: %w", r.Name(), err)
		r.err = &err
	}
}

// Plain reports whether nothing is special about the command: it can be sent, it has one reply that comes at once, and it
// leaves its connection as it was.
func (r *Request) Plain() bool {
	const special = Blocking | Stateful | NoReply | HangsUp | OwnConn | Aside
	return r.flags&special == 0 && r.err == nil && r.spec != nil
}
