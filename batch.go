package fairlead

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"sync/atomic"

	"github.com/fairlead-go/fairlead/internal/conn"
	"github.com/fairlead-go/fairlead/redis"
	"github.com/fairlead-go/fairlead/resp"
)

// A Batch collects commands that travel together: a *Pipe or a *Tx. It is closed: only this module has some.
type Batch interface {
	queue() *batch
}

// A batch is what a Pipe and a Tx have in common: commands, and what becomes of them.
type batch struct {
	busy     atomic.Bool     // somebody is in one of the methods
	misused  atomic.Bool     // two goroutines were in one at the same time
	ended    bool            // the server ran or discarded the transaction, so that it watches no key any more
	over     error           // why nothing more is queued
	what     string          // for errors; "" is a pipe
	requests []redis.Request // gone after the batch was executed
	n        int             // how many there are, or were
	invalid  int             // the place of the first that cannot be sent, counted from 1; 0: all can
	scripts  scripts         // whose source is among the commands
	results  results
	futures  futures
}

func (b *batch) enter() bool {
	if b.busy.CompareAndSwap(false, true) {
		return true
	}
	b.misused.Store(true)
	return false
}

func (b *batch) leave() { b.busy.Store(false) }

// add queues a command. The request is copied, so that it can stay on its caller's stack.
func (b *batch) add(r *redis.Request) *future {
	if !b.enter() {
		return lost(fmt.Errorf("the %s was not used: %w", cmp.Or(b.what, "pipe"), ErrBusy))
	}
	if b.over != nil {
		err := b.over
		b.leave()
		return lost(err)
	}
	if b.n == cap(b.requests) {
		b.requests = moreRoom(b.requests)
	}
	b.requests = append(b.requests, *r)
	kept := &b.requests[b.n]
	kept.Keep()
	if b.scripts != nil || kept.Script() != nil {
		b.scripts.queued(kept)
	}
	f := b.futures.next()
	f.results, f.index = &b.results, b.n
	b.n++
	if b.invalid == 0 && kept.Err() != nil {
		b.invalid = b.n
	}
	b.leave()
	return f
}

// exec sends the commands as they are.
func (b *batch) exec(ctx context.Context, rt RoundTripper) error {
	if err := b.check(); err != nil || b.n == 0 {
		return err
	}
	call := conn.NewCall()
	call.Many, call.Replies = b.requests, make([]resp.Reply, b.n)
	err := rt.RoundTrip(ctx, call)
	final := call.Final()
	b.results.replies = final.Replies
	got := b.n
	if err != nil {
		got = final.Got()
	}
	if final.InDoubt {
		b.doubt(got, final)
	}
	if err != nil {
		b.failFrom(got, final, err)
	}
	b.results.settled.Store(true)
	first := b.firstError()
	b.done(call, err, b.requests)
	return first
}

// done gives back what the batch needed while it ran; commands only if nobody else can still hold them.
func (b *batch) done(call *conn.Call, err error, commands []redis.Request) {
	if err == nil && call == call.Final() {
		giveRoom(commands)
	}
	b.requests = nil
	call.Free()
}

// doubt gives those of the first n commands their errors that were refused by the last try, but may have run before.
func (b *batch) doubt(n int, call *conn.Call) {
	for i := range n {
		if refusal := call.Replies[i].Err(); refusal != nil {
			b.results.failOne(i, b.n, inDoubt(call, b.requests[i].Name(), refusal))
		}
	}
}

// check keeps a batch from being sent that cannot be: nothing of it is.
func (b *batch) check() error {
	if b.misused.Load() {
		return b.failAll(fmt.Errorf("the pipe was not executed: %w", ErrBusy))
	}
	if b.invalid == 0 {
		return nil
	}
	invalid := b.invalid - 1
	name := b.requests[invalid].Name()
	err := &CallError{Command: name, Phase: PhaseQueued, Err: b.requests[invalid].Err()}
	for i := range b.n {
		b.results.failOne(i, b.n, ErrNotExecuted)
	}
	b.results.failOne(invalid, b.n, err)
	b.results.settled.Store(true)
	return &PipeError{Index: invalid, Command: name, Err: err}
}

// failFrom gives every command from the n-th on its own error: whether it can have run differs.
func (b *batch) failFrom(n int, call *conn.Call, err error) {
	sent := call.SentEach()
	for i := n; i < b.n; i++ {
		b.results.failOne(i, b.n, ownError(err, b.requests[i].Name(), sent != nil && sent[i]))
	}
}

// ownError is a block's error as that of one of its commands.
func ownError(err error, name string, sent bool) error {
	var e *CallError
	if !errors.As(err, &e) {
		return err
	}
	own := *e
	own.Command = name
	own.Sent = e.Sent && sent
	if e.Sent && !sent {
		own.Phase = PhaseWriting
	}
	return &own
}

func (b *batch) failAll(err error) error {
	b.results.err = err
	b.results.settled.Store(true)
	return err
}

// firstError finds the first command that failed.
func (b *batch) firstError() error {
	for i := range b.n {
		if err := b.results.failure(i); err != nil {
			return &PipeError{Index: i, Command: b.requests[i].Name(), Err: err, ran: b.anyRan()}
		}
	}
	return nil
}

// anyRan reports whether one of the commands may have run, those that only read aside: running them again does no harm.
func (b *batch) anyRan() bool {
	for i := range b.n {
		if !b.requests[i].ReadOnly() && !NotRun(b.results.failure(i)) {
			return true
		}
	}
	return false
}
