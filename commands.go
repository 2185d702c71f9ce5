package fairlead

import (
	"context"
	"errors"
	"sync/atomic"

	"github.com/fairlead-go/fairlead/internal/conn"
	"github.com/fairlead-go/fairlead/internal/pubsub"
	"github.com/fairlead-go/fairlead/internal/route"
)

// Commands has the commands as methods, those of clusters, sentinels and vector sets included. Others, as those of modules, run by
// redis.New and Do. Client, Conn and Tx have it; views such as Client.DB return it.
// It is a small value: copy it freely. It is as safe for concurrent use as what it came from.
type Commands struct{ v *view }

// A view is what commands need to know beside their arguments.
type view struct {
	next   conn.RoundTripper
	single *route.Single         // next, if it is that; else nil
	subs   *pubsub.Subscriptions // the pool's; nil: there are none from here
	db     int
	trace  *Trace       // nil: nobody is told
	closed *atomic.Bool // set when the client was closed; nil: it is not for the view to say
}

// RoundTrip runs a call for Do; it is not for use outside of this module.
func (c Commands) RoundTrip(ctx context.Context, call *conn.Call) error {
	if err := c.v.ended(); err != nil {
		return &CallError{Command: call.Name(), Phase: PhaseQueued, Err: err}
	}
	call.DB = c.v.db
	if c.v.trace != nil {
		return c.v.trace.command(ctx, call, c.v.next)
	}
	return c.v.next.RoundTrip(ctx, call)
}

// ended says why a view takes no commands: there is none, or its client was closed.
func (v *view) ended() error {
	switch {
	case v == nil:
		return errNoClient
	case v.closed != nil && v.closed.Load():
		return closedError("the client was closed: open a new one")
	}
	return nil
}

var errNoClient = errors.New("these commands belong to no client: get them from Open, NewClient or one of their methods")

// failing answers every call with the same error.
type failing struct{ err error }

func (f failing) RoundTrip(_ context.Context, call *conn.Call) error {
	return &CallError{Command: call.Name(), Phase: PhaseQueued, Err: f.err}
}
