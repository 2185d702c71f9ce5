package redis

import (
	"fmt"
	"reflect"
	"slices"
	"sync"
	"testing"

	"github.com/fairlead-go/fairlead/redistest"
)

// An outcome is how a live test's command ended, as the test expected it.
type outcome int

const (
	compared outcome = iota // it succeeded, and the test looked at the value
	nothing                 // it succeeded with Nil
	refused                 // the server answered with an error
	unknown                 // the server does not know the command
)

// An observation is one command of a live test: what was sent, and what came of it as a Go value.
type observation struct {
	command string
	outcome outcome
	value   any
	err     error
}

// A diary holds what one suite of live tests saw over one version of the protocol, in order.
type diary struct {
	seen     []observation
	finished bool // the suite ran to its end
}

// A record holds the diaries of all suites that ran against one server product.
type record struct {
	product redistest.Product
	mu      sync.Mutex // guards diaries; each diary belongs to its suite until that has ended
	diaries map[string]*[2]diary
}

// diary returns the place for what a suite sees under RESP2 or RESP3.
func (r *record) diary(suite string, protocol int) *diary {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.diaries == nil {
		r.diaries = make(map[string]*[2]diary)
	}
	if r.diaries[suite] == nil {
		r.diaries[suite] = new([2]diary)
	}
	return &r.diaries[suite][protocol-2]
}

// complete reports whether every suite ran to its end under both protocols: not if -run chose some, or if one failed.
func (r *record) complete() bool {
	for _, suite := range liveSuites {
		d := r.diaries[suite.name]
		if d == nil || !d[0].finished || !d[1].finished {
			return false
		}
	}
	return true
}

// compare demands that each command of the suites gave the same value under RESP2 and RESP3. What changes from one run to
// the next is made equal first, by what variations say about the command.
func (r *record) compare(t *testing.T) {
	for suite, d := range r.diaries {
		two, three := d[0].seen, d[1].seen
		if d[0].finished && d[1].finished && len(two) != len(three) {
			t.Errorf("%s: %d commands under RESP2, %d under RESP3", suite, len(two), len(three))
		}
		for i := range min(len(two), len(three)) {
			a, b := two[i], three[i]
			if a.command != b.command {
				t.Errorf("%s, command %d: %s under RESP2, %s under RESP3: the suite must send the same commands under both", suite, i, a.command, b.command)
				break
			}
			if a.outcome != b.outcome {
				t.Errorf("%s, command %d, %s: %+v, %v under RESP2, %+v, %v under RESP3", suite, i, a.command, a.value, a.err, b.value, b.err)
				continue
			}
			if why := differ(a, b); why != "" {
				t.Errorf("%s, command %d, %s: RESP2 and RESP3 give different values:\n%s", suite, i, a.command, why)
			}
		}
	}
}

// differ says how two observations of the same command differ, "" if they do not.
func differ(a, b observation) string {
	if a.outcome == refused || a.outcome == unknown {
		if x, y := withoutNumbers(a.err.Error()), withoutNumbers(b.err.Error()); x != y {
			return x + "\n" + y
		}
		return ""
	}
	even := variations[a.command].even
	if even == nil {
		even = func(v any) any { return v }
	}
	x, y := even(a.value), even(b.value)
	if reflect.DeepEqual(x, y) {
		return ""
	}
	return fmt.Sprintf("%T %.500s\n%T %.500s", x, fmt.Sprintf("%+v", x), y, fmt.Sprintf("%+v", y))
}

// executed returns the commands whose values were looked at.
func (r *record) executed() map[string]bool {
	commands := make(map[string]bool)
	for _, d := range r.diaries {
		for _, o := range slices.Concat(d[0].seen, d[1].seen) {
			if o.outcome == compared {
				commands[o.command] = true
			}
		}
	}
	return commands
}

// skipped is how many steps of the suites came to nothing because the server does not know their command.
func (r *record) skipped() (steps int) {
	for _, d := range r.diaries {
		for _, o := range slices.Concat(d[0].seen, d[1].seen) {
			if o.outcome == unknown {
				steps++
			}
		}
	}
	return steps
}
