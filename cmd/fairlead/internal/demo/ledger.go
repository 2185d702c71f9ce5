package demo

import (
	"sync/atomic"

	"github.com/fairlead-go/fairlead"
)

// An outcome is what a caller knows about a change it asked for.
type outcome uint8

const (
	// notRun: the error proves that the change was not made.
	notRun outcome = iota
	// inDoubt: no reply came, so the change was made or not.
	inDoubt
	// acknowledged: the server said that it made the change.
	acknowledged
)

// outcomeOf reads the outcome from a command's error.
func outcomeOf(err error) outcome {
	switch {
	case err == nil:
		return acknowledged
	case fairlead.NotRun(err):
		return notRun
	}
	return inDoubt
}

// A tally counts changes that all add one to the same number at the server.
type tally struct{ acknowledged, inDoubt atomic.Int64 }

func (t *tally) note(o outcome) {
	switch o {
	case acknowledged:
		t.acknowledged.Add(1)
	case inDoubt:
		t.inDoubt.Add(1)
	}
}

// A finding is what the check of one kind of work came to.
type finding struct {
	work         string
	acknowledged int64
	inDoubt      int64
	lost         int64 // acknowledged, and not at the server
	doubled      int64 // at the server more than once, or though it was said not to have run
}

// compare adds a tally and the number that the server holds: what is below the acknowledged changes is lost, what is above
// them and those in doubt was made twice, or made though it was said not to have run.
func (f *finding) compare(t *tally, held int64) {
	acked, doubt := t.acknowledged.Load(), t.inDoubt.Load()
	f.acknowledged += acked
	f.inDoubt += doubt
	f.lost += max(0, acked-held)
	f.doubled += max(0, held-acked-doubt)
}
