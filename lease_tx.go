package fairlead

import (
	"sync/atomic"

	"github.com/fairlead-go/fairlead/internal/conn"
	"github.com/fairlead-go/fairlead/redis"
)

// openTx is what WATCH and MULTI have begun on a connection and EXEC, DISCARD or UNWATCH have not ended: with that a connection cannot be
// handed on, afterwards it can.
type openTx struct {
	multi, watching bool
	open            atomic.Bool // one of them, or nobody knows
}

// begin supposes the worst of a call that is about to be sent: that no reply comes.
func (t *openTx) begin(call *conn.Call) {
	for r := range eachRequest(call) {
		if transacts(r) {
			t.open.Store(true)
		}
	}
}

// answered takes in what the replies say.
func (t *openTx) answered(call *conn.Call) {
	if !t.open.Load() {
		return
	}
	final := call.Final()
	i := 0
	for r := range eachRequest(final) {
		reply := final.Reply
		if final.Many != nil {
			reply = final.Replies[i]
		}
		t.note(r.Name(), reply.Err())
		i++
	}
	t.open.Store(t.multi || t.watching)
}

// note is one command that was answered, with an error if it was refused.
func (t *openTx) note(name string, refused error) {
	switch name {
	case "MULTI":
		t.multi = t.multi || refused == nil
	case "WATCH":
		t.watching = t.watching || refused == nil
	case "UNWATCH":
		t.watching = t.watching && (refused != nil || t.multi) // between MULTI and EXEC it was only queued
	case "EXEC", "DISCARD":
		if refused == nil || isAbort(refused) {
			t.multi, t.watching = false, false
		}
	}
}

// transacts reports whether the command begins or ends what openTx is about.
func transacts(r *redis.Request) bool {
	switch r.Name() {
	case "MULTI", "EXEC", "DISCARD", "WATCH", "UNWATCH":
		return true
	}
	return false
}

// onlyTransacts reports whether all that the call changes about its connection is what openTx is about.
func onlyTransacts(call *conn.Call) bool {
	for r := range eachRequest(call) {
		if r.Stateful() && !transacts(r) {
			return false
		}
	}
	return true
}

func eachRequest(call *conn.Call) func(yield func(*redis.Request) bool) {
	return func(yield func(*redis.Request) bool) {
		if call.Many == nil {
			yield(&call.Request)
			return
		}
		for i := range call.Many {
			if !yield(&call.Many[i]) {
				return
			}
		}
	}
}
