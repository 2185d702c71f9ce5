package fairlead

import (
	"context"
	"errors"
	"fmt"
	"sync/atomic"

	"github.com/fairlead-go/fairlead/internal/conn"
	"github.com/fairlead-go/fairlead/internal/route"
)

// A lease is one connection out of the pool for a while, for a Conn or a Tx.
type lease struct {
	from  leaser
	conn  *conn.Conn
	busy  atomic.Bool // a call is under way
	dirty atomic.Bool // the connection's state at the server is not what the next user expects
	txs   openTx      // what WATCH and MULTI began on a Conn; whoever set busy may use it
	ended atomic.Bool
}

// A leaser lends connections to whoever needs one alone.
type leaser interface {
	conn.RoundTripper
	Lease(ctx context.Context, db int, holder string) (*conn.Conn, error)
	GiveBack(c *conn.Conn, clean bool)
	Unblocker() func(ctx context.Context, c *conn.Conn) error
}

// lease takes a connection out of the pool behind these commands.
func (c Commands) lease(ctx context.Context, holder string) (*lease, error) {
	if err := c.v.ended(); err != nil {
		return nil, &CallError{Command: holder, Phase: PhaseQueued, Err: err}
	}
	from, ok := c.v.next.(leaser)
	if !ok {
		return nil, &CallError{Command: holder, Phase: PhaseQueued,
			Err: errors.New("a connection of its own comes from a Client, not from another connection")}
	}
	got, err := from.Lease(ctx, c.v.db, holder)
	if err != nil {
		return nil, err
	}
	return &lease{from: from, conn: got}, nil
}

func (l *lease) giveBack() {
	if l.ended.CompareAndSwap(false, true) {
		l.from.GiveBack(l.conn, !l.dirty.Load() && !l.txs.open.Load())
	}
}

// A use is what a command over a leased connection is for: it says which commands are let through.
type use uint8

const (
	// forConn: the user's own connection. Commands that change its state are let through; it is closed afterwards, not handed on.
	forConn use = iota
	// forTx: inside of Watch. Commands that change the connection's state would break the transaction.
	forTx
	// forLibrary: WATCH, MULTI, EXEC and UNWATCH themselves.
	forLibrary
)

// commands run over the leased connection, in the database and with the tracing of the view they come from.
func (l *lease) commands(u use, v *view) Commands {
	return Commands{&view{next: leased{l, u}, db: v.db, trace: v.trace}}
}

// leased runs calls over a leased connection.
type leased struct {
	lease *lease
	use   use
}

// RoundTrip runs the call once: nothing is sent again over another connection, since this one was chosen on purpose.
func (l leased) RoundTrip(ctx context.Context, call *conn.Call) error {
	return l.lease.trip(ctx, call, l.use)
}

func (l *lease) trip(ctx context.Context, call *conn.Call, u use) error {
	if !l.busy.CompareAndSwap(false, true) {
		return l.notSent(call, fmt.Errorf("the connection was not used: %w", ErrBusy))
	}
	defer l.busy.Store(false)
	if err := l.check(ctx, call, u); err != nil {
		return l.notSent(call, err)
	}
	if u == forConn {
		l.txs.begin(call)
	}
	err := l.send(ctx, call)
	if u == forConn && err == nil {
		l.txs.answered(call)
	}
	var e *CallError
	switch {
	case err == nil, errors.As(err, &e):
		return err
	case conn.Unavailable(err):
		return l.notSent(call, l.conn.Gone())
	}
	return l.notSent(call, err)
}

// check says why a call cannot run over this connection, or notes what it does to it.
func (l *lease) check(ctx context.Context, call *conn.Call, u use) error {
	if l.ended.Load() {
		return closedError("the connection was given back: take a new one from the Client")
	}
	if u == forTx && call.Tx {
		return errors.New("EXEC would end the watch: queue the commands on the Tx itself, they run as one transaction when the function returns")
	}
	changes, err := route.Check(ctx, call, u != forTx)
	if changes && u == forConn && !onlyTransacts(call) {
		l.dirty.Store(true)
	}
	return err
}

func (l *lease) send(ctx context.Context, call *conn.Call) error {
	if call.Blocking() {
		return route.Block(ctx, l.conn, call, l.from.Unblocker())
	}
	return l.conn.Do(ctx, call)
}

func (l *lease) notSent(call *conn.Call, err error) error {
	return &CallError{Command: call.Name(), Addr: l.conn.Addr(), Conn: l.conn.ID(), Phase: PhaseQueued, Err: err}
}
