package fairlead

import (
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
	queue(r *redis.Request) *slot
}

// Queue adds a command to a batch and returns its reply, which is there when the batch was executed. Byte slices in the
// command are copied: they may be changed afterwards.
func Queue[T any](b Batch, cmd redis.Cmd[T]) *Reply[T] {
	return &Reply[T]{slot: b.queue(&cmd.Request), read: cmd.Read}
}

// A Reply is the result of a queued command. It is read after Exec returned; then it is safe for concurrent use.
type Reply[T any] struct {
	slot *slot
	read func(resp.Reply) (T, error)
}

// Result returns the command's value as its method would have: Nil, an *Error or a *CallError where it failed. Before the
// batch was executed, and if it was not, the error is ErrNotExecuted or the reason.
func (r *Reply[T]) Result() (T, error) {
	var none T
	switch s := r.slot; {
	case s == nil || !s.settled.Load():
		return none, ErrNotExecuted
	case s.err != nil:
		return none, s.err
	}
	return r.read(r.slot.reply)
}

// A slot is where a queued command's reply goes.
type slot struct {
	reply   resp.Reply
	err     error       // why there is no reply
	settled atomic.Bool // reply and err are set, for good
}

func (s *slot) settle(r resp.Reply) {
	s.reply = r
	s.settled.Store(true)
}

// fail says why there will be no reply, and returns the slot.
func (s *slot) fail(err error) *slot {
	s.err = err
	s.settled.Store(true)
	return s
}

// A Pipe collects commands and sends them in one piece; each has its own reply. It is executed once, and belongs to one
// goroutine: use by two at a time is answered with ErrBusy.
type Pipe struct {
	c     Commands
	tx    bool
	batch batch
	ran   bool
}

// Pipeline returns an empty pipe. Its commands run in their order, each by itself: others may run between them, and a
// failure of one does not keep the others from running.
func (c Commands) Pipeline() *Pipe { return &Pipe{c: c} }

// TxPipeline returns an empty pipe whose commands run as one transaction (MULTI … EXEC): no other client's command runs
// between them. A command the server does not accept keeps all of them from running; one that fails while it runs does not.
func (c Commands) TxPipeline() *Pipe { return &Pipe{c: c, tx: true} }

// Len returns how many commands are queued.
func (p *Pipe) Len() int { return len(p.batch.requests) }

func (p *Pipe) queue(r *redis.Request) *slot {
	s := new(slot)
	if !p.batch.enter() {
		return s.fail(fmt.Errorf("the pipe was not used: %w", ErrBusy))
	}
	defer p.batch.leave()
	if p.ran {
		return s.fail(fmt.Errorf("the pipe was executed before, get a new one: %w", ErrNotExecuted))
	}
	p.batch.add(r, s)
	return s
}

// Exec sends what was queued and returns when all replies are there. The error is a *PipeError about the first command
// that failed, with an *Error or a *CallError in it; never Nil, which is a matter of each reply. An empty pipe does nothing.
// After a connection broke half way, each reply says for itself whether its command can have run.
func (p *Pipe) Exec(ctx context.Context) error {
	if !p.batch.enter() {
		return fmt.Errorf("the pipe was not executed: %w", ErrBusy)
	}
	defer p.batch.leave()
	if p.ran {
		return errors.New("the pipe was executed before: get a new one from Pipeline or TxPipeline")
	}
	p.ran = true
	if p.tx {
		return p.batch.execTx(ctx, p.c)
	}
	return p.batch.exec(ctx, p.c)
}

// A batch is what a Pipe and a Tx have in common: commands, and where their replies go.
type batch struct {
	busy     atomic.Bool // somebody is in one of the methods
	misused  atomic.Bool // two goroutines were in one at the same time
	requests []redis.Request
	slots    []*slot
	ended    bool // the server ran or discarded the transaction, so that it watches no key any more
}

func (b *batch) enter() bool {
	if b.busy.CompareAndSwap(false, true) {
		return true
	}
	b.misused.Store(true)
	return false
}

func (b *batch) leave() { b.busy.Store(false) }

func (b *batch) add(r *redis.Request, s *slot) {
	b.requests = append(b.requests, *r)
	b.requests[len(b.requests)-1].Keep()
	b.slots = append(b.slots, s)
}

// exec sends the commands as they are.
func (b *batch) exec(ctx context.Context, rt RoundTripper) error {
	if err := b.check(); err != nil || len(b.requests) == 0 {
		return err
	}
	call := conn.NewCall()
	call.Many, call.Replies = b.requests, make([]resp.Reply, len(b.requests))
	err := rt.RoundTrip(ctx, call)
	final := call.Final()
	got := len(b.requests)
	if err != nil {
		got = final.Got()
	}
	for i, s := range b.slots[:got] {
		if refusal := final.Replies[i].Err(); refusal != nil && final.InDoubt {
			s.fail(inDoubt(final, b.requests[i].Name(), refusal))
		} else {
			s.settle(final.Replies[i])
		}
	}
	if err != nil {
		b.failFrom(got, final, err)
	}
	call.Free()
	return b.firstError()
}

// check keeps a batch from being sent that cannot be: nothing of it is.
func (b *batch) check() error {
	if b.misused.Load() {
		return b.failAll(fmt.Errorf("the pipe was not executed: %w", ErrBusy))
	}
	for i := range b.requests {
		if err := b.requests[i].Err(); err != nil {
			wrapped := &CallError{Command: b.requests[i].Name(), Phase: PhaseQueued, Err: err}
			b.slots[i].fail(wrapped)
			return &PipeError{Index: i, Command: b.requests[i].Name(), Err: wrapped}
		}
	}
	return nil
}

// failFrom gives every command from the n-th on its own error: whether it can have run differs.
func (b *batch) failFrom(n int, call *conn.Call, err error) {
	sent := call.SentEach()
	for i := n; i < len(b.slots); i++ {
		b.slots[i].fail(ownError(err, b.requests[i].Name(), sent != nil && sent[i]))
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
	for _, s := range b.slots {
		s.fail(err)
	}
	return err
}

// firstError finds the first command that failed.
func (b *batch) firstError() error {
	for i, s := range b.slots {
		if err := s.failure(); err != nil {
			return &PipeError{Index: i, Command: b.requests[i].Name(), Err: err, ran: b.anyRan()}
		}
	}
	return nil
}

// anyRan reports whether one of the commands may have run, those that only read aside: running them again does no harm.
func (b *batch) anyRan() bool {
	for i, s := range b.slots {
		if !b.requests[i].ReadOnly() && !NotRun(s.failure()) {
			return true
		}
	}
	return false
}

// failure is why a command got no value, as far as that can be said without reading its reply.
func (s *slot) failure() error {
	if s.err != nil {
		return s.err
	}
	return s.reply.Err()
}
