package redis

import "fmt"

// sameCount refuses lists that belong together but do not match; the first may be left out.
func (r *Request) sameCount(n int, what string, m int, whats string) {
	if n != 0 && n != m {
		r.fail(fmt.Errorf("%d %ss for %d %ss: there must be one for each", n, what, m, whats))
	}
}

// pairs sends names and values in turn.
func (r *Request) pairs(vs []any) { r.turns(vs, false) }

// keyPairs sends keys and values in turn.
func (r *Request) keyPairs(vs []any) { r.turns(vs, true) }

func (r *Request) turns(vs []any, keys bool) {
	name := textArg
	if keys {
		name = keyArg
	}
	if len(vs) == 1 {
		switch v := vs[0].(type) {
		case []string:
			r.stringTurns(v, name)
			return
		case map[string]string:
			r.atLeastOne(len(v), "pair")
			r.room(2 * len(v))
			for k, s := range v {
				r.add(name(k))
				r.text(s)
			}
			return
		case map[string]any:
			r.atLeastOne(len(v), "pair")
			r.room(2 * len(v))
			for k, s := range v {
				r.add(name(k))
				r.value(s)
			}
			return
		}
		if t, ok := writable(vs[0]); ok {
			r.structFields(vs[0], t, name)
			return
		}
	}
	r.even(len(vs))
	r.room(len(vs))
	for i, v := range vs {
		r.value(v)
		if i%2 == 0 && keys {
			r.last().becomeKey()
		}
	}
}

func (r *Request) stringTurns(vs []string, name func(string) arg) {
	r.atLeastOne(len(vs), "pair")
	r.even(len(vs))
	r.room(len(vs))
	for i, s := range vs {
		if i%2 == 0 {
			r.add(name(s))
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

func (r *Request) last() *arg { return r.at(int(r.n) - 1) }

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
		if t, ok := writable(vs[0]); ok {
			values, _ := fieldValues(vs[0], t) // pairs finds the error too
			return int64(len(values))
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
