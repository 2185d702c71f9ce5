package fairlead

import (
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
	if err := b.check(); err != nil || len(b.requests) == 0 {
		return err
	}
	n := len(b.requests)
	call := conn.NewCall()
	call.Tx = true
	call.Many = make([]redis.Request, 0, n+2)
	call.Many = append(append(append(call.Many, multi), b.requests...), exec)
	call.Replies = make([]resp.Reply, n+2)
	err := rt.RoundTrip(ctx, call)
	final := call.Final()
	if err != nil {
		return b.txInDoubt(final, err)
	}
	err = b.settleTx(final.Replies)
	call.Free()
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
	for i := range b.slots {
		b.slots[i].err = ownError(err, b.requests[i].Name(), execSent)
	}
	return ownError(err, "EXEC", execSent)
}

// settleTx gives each command its part of EXEC's reply.
func (b *batch) settleTx(replies []resp.Reply) error {
	last := replies[len(replies)-1]
	if err := last.Err(); err != nil {
		return b.refusedTx(replies, err)
	}
	if last.IsNull() {
		return b.failAll(ErrTxFailed)
	}
	if last.Len() != len(b.slots) {
		return b.failAll(fmt.Errorf("EXEC answered with %d replies to %d commands", last.Len(), len(b.slots)))
	}
	elements := last.Elements()
	for _, s := range b.slots {
		s.reply, _ = elements.Next()
		s.err = nil
	}
	return b.firstError()
}

// refusedTx is the end of a transaction the server did not run: the command it did not accept says why, the others that
// they were not run.
func (b *batch) refusedTx(replies []resp.Reply, execErr error) error {
	var first error
	for i, s := range b.slots {
		s.err = execErr
		if err := replies[i+1].Err(); err != nil {
			s.err = err
			if first == nil {
				first = &PipeError{Index: i, Command: b.requests[i].Name(), Err: err}
			}
		}
	}
	if err := replies[0].Err(); err != nil && first == nil {
		return b.failAll(err)
	}
	if first == nil {
		return execErr
	}
	return first
}

// A Tx is a transaction that watches keys. Its methods run at once, over a connection of its own; what is queued by Queue runs
// when the function given to Watch returns. It belongs to one goroutine: use by two at a time is answered with ErrBusy.
type Tx struct {
	Commands
	lease *lease
	batch batch
}

func (tx *Tx) queue(r *redis.Request) *slot {
	s := &slot{err: ErrNotExecuted}
	if !tx.batch.enter() {
		s.err = fmt.Errorf("the transaction was not used: %w", ErrBusy)
		return s
	}
	defer tx.batch.leave()
	tx.batch.add(r, s)
	return s
}

// mostConflicts is how often Watch runs its function again.
const mostConflicts = 64

// Watch runs fn and then, as one transaction, what fn queued on tx, provided that none of the keys was changed by somebody else
// since Watch began. If one was, it runs fn again on a fresh view of the data, up to 64 times with growing pauses; then the error is
// ErrTxFailed. An error of fn ends it and is returned; nothing that was queued runs. The error of a command in the transaction
// is a *PipeError. If the connection broke, the *CallError says whether EXEC can have run.
func (c *Client) Watch(ctx context.Context, fn func(tx *Tx) error, keys ...string) error {
	return c.Commands.Watch(ctx, fn, keys...)
}

// Watch is Client.Watch in these commands' database.
func (c Commands) Watch(ctx context.Context, fn func(tx *Tx) error, keys ...string) error {
	if fn == nil {
		return errors.New("Watch needs a function to run")
	}
	for try := 0; ; try++ {
		err := c.watchOnce(ctx, fn, keys)
		if !errors.Is(err, ErrTxFailed) || try == mostConflicts {
			return err
		}
		if err := pauseAfter(ctx, try); err != nil {
			return err
		}
	}
}

func (c Commands) watchOnce(ctx context.Context, fn func(tx *Tx) error, keys []string) error {
	l, err := c.lease(ctx, "WATCH")
	if err != nil {
		return err
	}
	tx := &Tx{lease: l}
	tx.Commands = l.commands(forTx, c.v)
	defer l.giveBack()
	if len(keys) > 0 {
		if _, err := Do(ctx, l.commands(forLibrary, c.v), redis.New[resp.Reply]("WATCH", words(keys)...)); err != nil {
			return err
		}
	}
	if err := fn(tx); err != nil {
		tx.unwatch(ctx, len(keys))
		return err
	}
	if len(tx.batch.requests) == 0 {
		tx.unwatch(ctx, len(keys))
		return nil
	}
	return tx.batch.execTx(ctx, l.commands(forLibrary, c.v))
}

// unwatch forgets the keys, so that the connection can be used again; if that fails the connection is not.
func (tx *Tx) unwatch(ctx context.Context, watched int) {
	if watched == 0 {
		return
	}
	call := conn.NewCall()
	call.Request, call.DB = unwatch, conn.AnyDB
	if err := tx.lease.trip(context.WithoutCancel(ctx), call, forLibrary); err != nil {
		tx.lease.dirty.Store(true)
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
