package redis

import (
	"errors"
	"strings"
)

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

func (r *Request) uints(ns []uint64) {
	r.room(len(ns))
	for _, n := range ns {
		r.uint(n)
	}
}

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

func (r *Request) yesNo(yes bool) {
	if yes {
		r.text("YES")
	} else {
		r.text("NO")
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
