package fairlead

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"time"

	"github.com/fairlead-go/fairlead/internal/conn"
	"github.com/fairlead-go/fairlead/redis"
	"github.com/fairlead-go/fairlead/resp"
)

// execTx sends the commands between MULTI and EXEC, in one piece.
func (b *batch) execTx(ctx context.Context, rt RoundTripper) error {
	if err := b.check(); err != nil || b.n == 0 {
		return err
	}
	n := b.n
	call := conn.NewCall()
	call.Tx = true
	call.Many = append(append(append(takeRoom(n+2, n+2), multi), b.requests...), exec)
	call.Replies = make([]resp.Reply, n+2)
	err := rt.RoundTrip(ctx, call)
	final := call.Final()
	if err != nil {
		return b.txInDoubt(final, err)
	}
	if refusal := final.Replies[n+1].Err(); refusal != nil && final.InDoubt {
		return b.failAll(inDoubt(final, "EXEC", refusal))
	}
	err = b.settleTx(final.Replies)
	giveRoom(b.requests) // what was sent is a copy
	b.done(call, nil, call.Many)
	return err
}

var (
	multi   = redis.New[resp.Reply]("MULTI").Request
	exec    = redis.New[resp.Reply]("EXEC").Request
	unwatch = redis.New[resp.Reply]("UNWATCH").Request
)

// txInDoubt is the end of a transaction whose EXEC got no reply: if EXEC was not sent, none of it can have run; else all of it
// may have.
func (b *batch) txInDoubt(call *conn.Call, err error) error {
	sent := call.SentEach()
	execSent := sent != nil && sent[len(sent)-1]
	for i := range b.n {
		b.results.failOne(i, b.n, ownError(err, b.requests[i].Name(), execSent))
	}
	b.results.settled.Store(true)
	return ownError(err, "EXEC", execSent)
}

// settleTx gives each command its part of EXEC's reply.
func (b *batch) settleTx(replies []resp.Reply) error {
	last := replies[len(replies)-1]
	execErr, multiErr := last.Err(), replies[0].Err()
	b.ended = execErr == nil || isAbort(execErr)
	switch {
	case !b.ended && multiErr != nil:
		return b.ranOneByOne(replies[1:], multiErr)
	case execErr != nil:
		return b.refusedTx(replies, execErr)
	}
	if last.IsNull() {
		return b.failAll(ErrTxFailed)
	}
	if last.Len() != b.n {
		return b.failAll(fmt.Errorf("EXEC answered with %d replies to %d commands", last.Len(), b.n))
	}
	elements := last.Elements()
	b.results.replies = replies[:b.n] // what else they say is not needed any more
	for i := range b.results.replies {
		b.results.replies[i], _ = elements.Next()
	}
	b.results.settled.Store(true)
	return b.firstError()
}

// isAbort reports whether the server answered EXEC by discarding the transaction.
func isAbort(err error) bool {
	var e *Error
	return errors.As(err, &e) && e.Code == "EXECABORT"
}

// ranOneByOne is the end of commands whose MULTI the server refused: those behind it ran all the same, each by itself.
func (b *batch) ranOneByOne(replies []resp.Reply, refusal error) error {
	ran := false
	for i := range b.n {
		ran = ran || !NotRun(replies[i].Err())
	}
	b.results.replies = replies
	b.results.settled.Store(true)
	if !ran {
		return refusal
	}
	return fmt.Errorf("the server refused MULTI (%v), so the commands ran one by one, not as a transaction", refusal)
}

// refusedTx is the end of a transaction the server did not run: the command it did not accept says why, the others that
// they were not run.
func (b *batch) refusedTx(replies []resp.Reply, execErr error) error {
	var first error
	multiErr := replies[0].Err()
	for i := range b.n {
		err := replies[i+1].Err()
		b.results.failOne(i, b.n, cmp.Or(err, multiErr, execErr))
		if err != nil && first == nil {
			first = &PipeError{Index: i, Command: b.requests[i].Name(), Err: err, Aborted: b.ended}
		}
	}
	b.results.settled.Store(true)
	return cmp.Or(first, multiErr, execErr)
}

// A Tx is a transaction that watches keys. Its methods run at once, over a connection of its own; what is queued by Queue runs
// when the function given to Watch returns; a TxPipeline of its own would end the watch and is refused. It belongs to one goroutine: use by two at a time is answered with ErrBusy.
type Tx struct {
	Commands
	lease *lease
	batch batch
}

func (tx *Tx) queue() *batch { return &tx.batch }

var errTxOver = fmt.Errorf("the transaction is over, queue commands in the function given to Watch: %w", ErrNotExecuted)

// mostConflicts is how often Watch runs its function again.
const mostConflicts = 64

// Watch runs fn and then, as one transaction, what fn queued on tx, provided that none of the keys was changed by somebody else
// since Watch began. If one was, it runs fn again on a fresh view of the data, up to 64 times with growing pauses; then the error is
// ErrTxFailed. An error of fn ends it and is returned; nothing that was queued runs. The error of a command in the transaction
// is a *PipeError. If the connection broke, the *CallError says whether EXEC can have run.
func (c Commands) Watch(ctx context.Context, fn func(tx *Tx) error, keys ...string) error {
	if fn == nil {
		return &CallError{Command: "WATCH", Phase: PhaseQueued, Err: errors.New("Watch needs a function to run")}
	}
	for try := 0; ; try++ {
		conflict, err := c.watchOnce(ctx, fn, keys)
		if !conflict || try == mostConflicts {
			return err
		}
		if err := pauseAfter(ctx, try); err != nil {
			return err
		}
	}
}

// watchOnce reports whether a watched key was changed, beside the error.
func (c Commands) watchOnce(ctx context.Context, fn func(tx *Tx) error, keys []string) (conflict bool, err error) {
	l, err := c.lease(ctx, "WATCH")
	if err != nil {
		return false, err
	}
	tx := &Tx{lease: l, batch: batch{what: "transaction"}}
	tx.Commands = l.commands(forTx, c.v)
	defer l.giveBack()
	defer tx.unwatch(ctx) // also when fn panics
	if len(keys) > 0 {
		l.dirty.Store(true) // until EXEC or UNWATCH made the server forget the keys
		if _, err := Do(ctx, l.commands(forLibrary, c.v), redis.New[resp.Reply]("WATCH", words(keys)...)); err != nil {
			return false, err
		}
	}
	err = fn(tx)
	if end := tx.end(); err != nil || end != nil {
		return false, cmp.Or(err, end)
	}
	err = tx.batch.execTx(ctx, l.commands(forLibrary, c.v))
	if tx.batch.ended {
		l.dirty.Store(false)
	}
	return errors.Is(err, ErrTxFailed), err
}

// end lets nothing more be queued. The error is ErrBusy if another goroutine is about to.
func (tx *Tx) end() error {
	if !tx.batch.enter() {
		return fmt.Errorf("the transaction was not run: %w", ErrBusy)
	}
	defer tx.batch.leave()
	tx.batch.over = errTxOver
	return nil
}

// unwatch makes the server forget the keys, so that the connection can be used again; if that fails the connection is not.
func (tx *Tx) unwatch(ctx context.Context) {
	if !tx.lease.dirty.Load() {
		return
	}
	call := conn.NewCall()
	call.Request, call.DB = unwatch, conn.AnyDB
	if err := tx.lease.trip(ctx, call, forLibrary); err == nil && call.Reply.Err() == nil {
		tx.lease.dirty.Store(false)
	}
}

func words(keys []string) []any {
	w := make([]any, len(keys))
	for i, k := range keys {
		w[i] = k
	}
	return w
}

// pauseAfter waits longer after every conflict, by chance, so that those who fight over a key part.
func pauseAfter(ctx context.Context, try int) error {
	timer := time.NewTimer(rand.N(time.Millisecond << min(try, 6)))
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return conn.ContextError(ctx)
	}
}
