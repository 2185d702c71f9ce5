package fairlead

import (
	"context"

	"github.com/fairlead-go/fairlead/internal/conn"
	"github.com/fairlead-go/fairlead/redis"
)

// A RoundTripper runs commands: a *Client, a view of one (Client.DB), a *Conn, a *Tx. It is closed: only this module has some.
type RoundTripper = conn.RoundTripper

// Do runs a command and returns its result. The error is Nil if there is nothing, an *Error if the server answered with one,
// or a *CallError if no reply came; NotRun says whether the command can have run.
//
// Step 1 of 6: the command enters here; step 6 of 6: its value leaves, decoded.
func Do[T any](ctx context.Context, rt RoundTripper, cmd redis.Cmd[T]) (T, error) {
	call := conn.NewCall()
	if err := send(ctx, rt, call, &cmd.Request); err != nil {
		call.Free()
		var none T
		return none, err
	}
	final := call.Final()
	v, err := cmd.Read(final.Reply)
	if err != nil {
		if lacksScript(&cmd.Request, final.Reply) {
			v, err = doInFull(ctx, rt, &cmd)
		}
		err = inDoubt(final, cmd.Name(), err)
	}
	call.Free()
	return v, err
}

// send leaves the command with its caller if it goes straight to a server, as nearly all do: then it need not be copied.
func send(ctx context.Context, rt RoundTripper, call *conn.Call, r *redis.Request) error {
	var c Commands
	switch of := rt.(type) {
	case Commands:
		c = of
	case *Client:
		c = of.Commands
	}
	if c.v == nil || c.v.single == nil || c.v.closed.Load() {
		call.Take(r)
		return rt.RoundTrip(ctx, call)
	}
	call.DB = c.v.db
	if c.v.trace != nil {
		return c.v.trace.single(ctx, call, r, c.v.single)
	}
	return c.v.single.Send(ctx, call, r)
}

// run is Do for commands whose result is only that they succeeded.
func run(ctx context.Context, rt RoundTripper, cmd redis.Cmd[struct{}]) error {
	_, err := Do(ctx, rt, cmd)
	return err
}
