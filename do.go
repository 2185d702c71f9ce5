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
	call.Request = cmd.Request
	if err := rt.RoundTrip(ctx, call); err != nil {
		call.Free()
		var none T
		return none, err
	}
	final := call.Final()
	v, err := cmd.Read(final.Reply)
	if err != nil {
		err = inDoubt(final, final.Name(), err)
	}
	call.Free()
	return v, err
}

// run is Do for commands whose result is only that they succeeded.
func run(ctx context.Context, rt RoundTripper, cmd redis.Cmd[struct{}]) error {
	_, err := Do(ctx, rt, cmd)
	return err
}
