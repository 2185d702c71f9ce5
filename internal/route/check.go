package route

import (
	"context"
	"errors"
	"fmt"

	"github.com/fairlead-go/fairlead/internal/conn"
	"github.com/fairlead-go/fairlead/redis"
	"github.com/fairlead-go/fairlead/resp"
)

// Check says why a call cannot be sent at all, or nil. Commands that change their connection's state are let through only if
// stateful is set; changes reports whether there is one.
func Check(ctx context.Context, call *conn.Call, stateful bool) (changes bool, err error) {
	if err := checkContext(ctx); err != nil {
		return false, err
	}
	if call.Many == nil {
		if call.Request.Has(redis.OwnConn) && !stateful {
			return false, fmt.Errorf("%s is about what was sent before on the same connection: use a connection of your own from Client.Conn, or a pipe that ends with it",
				call.Request.Name())
		}
		return call.Request.Stateful(), checkRequest(&call.Request, stateful)
	}
	for i := range call.Many {
		inner := !call.Tx || 0 < i && i < len(call.Many)-1 // of a transaction, what is not its MULTI and EXEC
		if err := checkRequest(&call.Many[i], stateful && !call.Tx || !inner); err != nil {
			return changes, err
		}
		changes = changes || inner && call.Many[i].Stateful()
	}
	return changes, nil
}

// checkContext says why nothing can be sent in a context, or nil.
func checkContext(ctx context.Context) error {
	switch {
	case ctx == nil:
		return ErrNoContext
	case ctx.Err() != nil:
		return conn.ContextError(ctx)
	}
	return nil
}

// ErrNoContext is the error of everything that was given a nil context.
var ErrNoContext = errors.New("the context is nil: use context.Background()")

// checkRequest says why a command cannot travel over a connection that others use before or after it.
func checkRequest(r *redis.Request, stateful bool) error {
	switch {
	case r.Err() != nil:
		return r.Err()
	case r.Has(redis.NoReply):
		return fmt.Errorf("%s has no single reply, so it cannot run as an ordinary command: %s", r.Name(), insteadOfStream(r))
	case r.Stateful() && !stateful:
		return fmt.Errorf("%s changes its connection for the commands after it: %s", r.Name(), instead(r.Name()))
	}
	return nil
}

// insteadOfStream says what to do in place of a command that is answered with nothing, or with more than one reply.
func insteadOfStream(r *redis.Request) string {
	switch {
	case r.Has(redis.PubSub):
		return insteadOf[r.Name()]
	case r.Name() == "MONITOR":
		return "use Client.Monitor"
	case r.Name() == "CLIENT REPLY":
		return "queue commands in a Pipe to send them without waiting for each reply"
	}
	return "it is for replicas"
}

// insteadOf says what to use for the commands of subscriptions.
var insteadOf = map[string]string{
	"SUBSCRIBE":    "use Client.Subscribe",
	"PSUBSCRIBE":   "use Client.PSubscribe",
	"SSUBSCRIBE":   "use Client.SSubscribe",
	"UNSUBSCRIBE":  "use PubSub.Unsubscribe",
	"PUNSUBSCRIBE": "use PubSub.PUnsubscribe",
	"SUNSUBSCRIBE": "use PubSub.SUnsubscribe",
}

// instead says what to do in place of a command that needs a connection of its own.
func instead(name string) string {
	switch name {
	case "SELECT":
		return "use Client.DB, or a connection of your own from Client.Conn"
	case "MULTI", "EXEC", "DISCARD":
		return "use Client.TxPipeline"
	case "WATCH", "UNWATCH":
		return "use Client.Watch"
	case "AUTH", "HELLO", "CLIENT SETNAME":
		return "set it in Options, or use a connection of your own from Client.Conn"
	}
	return "use a connection of your own from Client.Conn"
}

func selectDB(db int) redis.Request { return redis.New[resp.Reply]("SELECT", db).Request }

func newReplies(n int) []resp.Reply { return make([]resp.Reply, n) }

// A dbError says that the server does not have a database, or does not let us use it.
type dbError struct {
	db  int
	err error
}

func (e dbError) Error() string {
	switch e.code() {
	case "ERR":
		return fmt.Sprintf("the server has no database %d (%v): see its setting \"databases\"", e.db, e.err)
	case "NOPERM":
		return fmt.Sprintf("database %d cannot be used: %v; the user's ACL must allow SELECT", e.db, e.err)
	}
	return fmt.Sprintf("database %d cannot be used: %v", e.db, e.err)
}

func (e dbError) Unwrap() error { return e.err }

func (e dbError) code() string {
	var refused *resp.Error
	if errors.As(e.err, &refused) {
		return refused.Code
	}
	return ""
}
