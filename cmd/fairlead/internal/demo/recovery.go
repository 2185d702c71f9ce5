package demo

import (
	"sync/atomic"
	"time"
)

// A recovery notes how soon work succeeds again after the server has come back. It is safe for concurrent use.
type recovery struct {
	began time.Time           // set before any work begins
	back  atomic.Int64        // when the server answered again, in nanoseconds from began; 0: not yet
	first [kinds]atomic.Int64 // the first success of each kind of work after that; 0: none yet
}

// serverBack says that the server has just answered for the first time since it was killed.
func (r *recovery) serverBack() { r.back.Store(int64(time.Since(r.began))) }

// success says that a command of some kind of work has just succeeded.
func (r *recovery) success(k kind) {
	if r.back.Load() != 0 && r.first[k].Load() == 0 {
		r.first[k].CompareAndSwap(0, int64(time.Since(r.began)))
	}
}

// times returns how long it took from the server's return to the first success of any work, and until every kind of work
// had succeeded again; ok is false if that did not happen.
func (r *recovery) times() (first, all time.Duration, ok bool) {
	back := r.back.Load()
	for k := range r.first {
		at := r.first[k].Load()
		if back == 0 || at == 0 {
			return 0, 0, false
		}
		took := time.Duration(at - back)
		if k == 0 {
			first = took
		}
		first, all = min(first, took), max(all, took)
	}
	return first, all, true
}
