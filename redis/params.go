package redis

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"
)

// KeepTTL as an expiration leaves the one that the key has, instead of removing it.
const KeepTTL = time.Duration(-1)

func (r *Request) floats(fs []float64) {
	r.room(len(fs))
	for _, f := range fs {
		r.float(f)
	}
}

func (r *Request) ints(ns []int64) {
	r.room(len(ns))
	for _, n := range ns {
		r.int(n)
	}
}

func (r *Request) uint(n uint64) { r.add(uintArg(n)) }

// word sends one of the words that a command knows in a place, in the capitals that they are documented in.
func (r *Request) word(w string, known ...string) {
	for _, k := range known {
		if strings.EqualFold(w, k) {
			r.text(k)
			return
		}
	}
	r.text("")
	r.fail(errors.New("a word that is given must be one of " + strings.Join(known, ", ")))
}

func (r *Request) onOff(on bool) {
	if on {
		r.text("ON")
	} else {
		r.text("OFF")
	}
}

// database sends a database's number; the connection's own needs none.
func (r *Request) database(n int) {
	if n >= 0 {
		r.text("DB")
		r.int(int64(n))
	}
}

// migrateAuth sends who the user at the other server is.
func (r *Request) migrateAuth(username, password string) {
	switch {
	case username != "":
		r.text("AUTH2")
		r.text(username)
		r.text(password)
	case password != "":
		r.text("AUTH")
		r.text(password)
	}
}

// atLeastOne refuses a command that got nothing to work on.
func (r *Request) atLeastOne(n int, what string) {
	if n == 0 {
		r.fail(errors.New("needs at least one " + what))
	}
}

// onlyOne refuses options that exclude each other.
func (r *Request) onlyOne(names string, used ...bool) {
	n := 0
	for _, u := range used {
		if u {
			n++
		}
	}
	if n > 1 {
		r.fail(errors.New("use only one of the options " + names))
	}
}

// sameCount refuses lists that belong together but do not match; the first may be left out.
func (r *Request) sameCount(n int, what string, m int, whats string) {
	if n != 0 && n != m {
		r.fail(fmt.Errorf("%d %ss for %d %ss: there must be one for each", n, what, m, whats))
	}
}

// pairs sends names and values in turn.
func (r *Request) pairs(vs []any) { r.turns(vs, argText) }

// keyPairs sends keys and values in turn.
func (r *Request) keyPairs(vs []any) { r.turns(vs, argKey) }

func (r *Request) turns(vs []any, name argKind) {
	if len(vs) == 1 {
		switch v := vs[0].(type) {
		case []string:
			r.stringTurns(v, name)
			return
		case map[string]string:
			r.atLeastOne(len(v), "pair")
			r.room(2 * len(v))
			for k, s := range v {
				r.add(arg{text: k, kind: name})
				r.text(s)
			}
			return
		case map[string]any:
			r.atLeastOne(len(v), "pair")
			r.room(2 * len(v))
			for k, s := range v {
				r.add(arg{text: k, kind: name})
				r.value(s)
			}
			return
		}
	}
	r.even(len(vs))
	r.room(len(vs))
	for i, v := range vs {
		r.value(v)
		if i%2 == 0 && name == argKey {
			r.last().becomeKey()
		}
	}
}

func (r *Request) stringTurns(vs []string, name argKind) {
	r.atLeastOne(len(vs), "pair")
	r.even(len(vs))
	r.room(len(vs))
	for i, s := range vs {
		if i%2 == 0 {
			r.add(arg{text: s, kind: name})
		} else {
			r.text(s)
		}
	}
}

func (r *Request) even(n int) {
	if n%2 != 0 {
		r.fail(fmt.Errorf("%d arguments do not make pairs of a name and a value: the last one has none", n))
	}
}

func (r *Request) last() *arg { return r.at(r.n - 1) }

// becomeKey makes a key of a value, whatever it was given as.
func (a *arg) becomeKey() {
	if a.kind != argText {
		a.text, a.num = a.String(), 0
	}
	a.kind = argKey
}

// countPairs returns how many pairs pairs will send.
func countPairs(vs []any) int64 {
	if len(vs) == 1 {
		switch v := vs[0].(type) {
		case []string:
			return int64(len(v) / 2)
		case map[string]string:
			return int64(len(v))
		case map[string]any:
			return int64(len(v))
		}
	}
	return int64(len(vs) / 2)
}

// members sends scores and members in turn.
func (r *Request) members(zs []Z) {
	r.room(2 * len(zs))
	for i := range zs {
		r.float(zs[i].Score)
		r.text(zs[i].Member)
	}
}

// bounds sends the ends of a range. Redis wants the upper one first where a range of scores or members goes backwards.
func (r *Request) bounds(start, stop any, backwards bool) {
	if backwards {
		start, stop = stop, start
	}
	r.value(start)
	r.value(stop)
}

// reversed sends the range as commands that go from Max to Min want it.
func (a *ZRangeByArgs) reversed(r *Request) {
	b := *a
	b.Min, b.Max = a.Max, a.Min
	b.append(r)
}

// seconds sends a length of time in whole seconds, rounded up.
func (r *Request) seconds(d time.Duration) { r.int(ceil(d, time.Second)) }

// millis sends a length of time in whole milliseconds, rounded up.
func (r *Request) millis(d time.Duration) { r.int(ceil(d, time.Millisecond)) }

// ceil returns d in units, rounded up, so that what is not 0 is never sent as 0, which means something else.
func ceil(d, unit time.Duration) int64 {
	n := d / unit
	if d%unit > 0 {
		n++
	}
	return int64(n)
}

func (r *Request) unix(t time.Time)       { r.int(t.Unix()) }
func (r *Request) unixMillis(t time.Time) { r.int(t.UnixMilli()) }

// ttl sends an expiration as an option: none for 0, the key's own for KeepTTL.
func (r *Request) ttl(d time.Duration) {
	if d == KeepTTL {
		r.text("KEEPTTL")
		return
	}
	r.lifetime(d)
}

// ttlOrPersist sends an expiration as an option: none at all from now on for 0, the key's own for KeepTTL.
func (r *Request) ttlOrPersist(d time.Duration) {
	switch d {
	case 0:
		r.text("PERSIST")
	case KeepTTL:
	default:
		r.lifetime(d)
	}
}

// lifetime sends an expiration as an option: none for 0.
func (r *Request) lifetime(d time.Duration) {
	switch {
	case d < 0:
		r.fail(fmt.Errorf("the expiration %v is negative: use 0 for none, or delete the key", d))
	case d == 0:
	case d%time.Second == 0:
		r.text("EX")
		r.seconds(d)
	default:
		r.text("PX")
		r.millis(d)
	}
}

// ttlAt sends the moment of an expiration as an option.
func (r *Request) ttlAt(t time.Time) {
	if t.Nanosecond() == 0 {
		r.text("EXAT")
		r.unix(t)
		return
	}
	r.text("PXAT")
	r.unixMillis(t)
}

// timeout sends for how long the command may block, in seconds.
func (r *Request) timeout(d time.Duration) {
	ms := r.blocking(d)
	if ms%1000 == 0 {
		r.int(ms / 1000)
		return
	}
	r.text(strconv.FormatFloat(float64(ms)/1000, 'f', -1, 64))
}

// timeoutMillis sends for how long the command may block, in milliseconds.
func (r *Request) timeoutMillis(d time.Duration) { r.int(r.blocking(d)) }

// blocking notes that the command blocks, and returns for how many milliseconds.
func (r *Request) blocking(d time.Duration) int64 {
	if d < 0 {
		r.fail(fmt.Errorf("the timeout %v is negative: use 0 to wait without end", d))
		d = 0
	}
	ms := ceil(d, time.Millisecond)
	r.blocks(time.Duration(ms) * time.Millisecond)
	return ms
}

func (r *Request) yesNo(yes bool) {
	if yes {
		r.text("YES")
	} else {
		r.text("NO")
	}
}

// failoverTo sends which replica is to become the primary.
func (r *Request) failoverTo(host, port string) {
	if host != "" || port != "" {
		r.text("TO")
		r.text(host)
		r.text(port)
	}
}

// moduleConfig sends the configuration parameters of a module, each with a word of its own.
func (r *Request) moduleConfig(pairs []any) {
	r.even(len(pairs))
	for i, v := range pairs {
		if i%2 == 0 {
			r.text("CONFIG")
		}
		r.value(v)
	}
}
