// Package redsync lets the distributed locks of github.com/go-redsync/redsync/v4 run over fairlead:
//
//	locks := redsync.New(fairleadsync.NewPool(c)) // fairleadsync is this package
//	mutex := locks.NewMutex("report")
//	err := mutex.LockContext(ctx)
//
// A redsync pool is one server. For a lock that survives the loss of servers give redsync.New one pool for each of an odd number of
// independent servers, each over a fairlead.Client of its own.
//
// What fairlead adds is certainty: a SET … NX whose reply was lost is not sent again, so that a lock is never refused to its own holder
// because its first try had reached the server; redsync counts such a server as not won and releases it with the rest.
package redsync

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/fairlead-go/fairlead"
	"github.com/fairlead-go/fairlead/redis"
	redsync "github.com/go-redsync/redsync/v4/redis"
)

// NewPool returns a pool for redsync.New over a *fairlead.Client, or over a view of one such as Client.DB. It does no I/O, and closing what it
// hands out closes nothing: connections are the client's affair.
func NewPool(c Client) redsync.Pool { return pool{c} }

// A Client is what the locks need: a *fairlead.Client, or a fairlead.Commands.
type Client interface {
	fairlead.RoundTripper
	// Get is that of fairlead.Commands.
	Get(ctx context.Context, key string) (string, error)
	// Set is that of fairlead.Commands.
	Set(ctx context.Context, key string, value any, expiration time.Duration) error
	// SetNX is that of fairlead.Commands.
	SetNX(ctx context.Context, key string, value any, expiration time.Duration) (bool, error)
	// PTTL is that of fairlead.Commands.
	PTTL(ctx context.Context, key string) (time.Duration, error)
	// ScriptLoad is that of fairlead.Commands.
	ScriptLoad(ctx context.Context, script string) (string, error)
}

type pool struct{ c Client }

func (p pool) Get(ctx context.Context) (redsync.Conn, error) {
	if ctx == nil { // redsync's Lock without a context
		ctx = context.Background()
	}
	return conn{p.c, ctx}, nil
}

// A conn runs redsync's commands in the context it was asked for.
type conn struct {
	c   Client
	ctx context.Context
}

// Get returns "" where the key does not exist, as redsync wants it.
func (c conn) Get(name string) (string, error) {
	v, _, err := fairlead.Found(c.c.Get(c.ctx, name))
	return v, err
}

func (c conn) Set(name, value string) (bool, error) {
	err := c.c.Set(c.ctx, name, value, 0)
	return err == nil, err
}

func (c conn) SetNX(name, value string, expiry time.Duration) (bool, error) {
	return c.c.SetNX(c.ctx, name, value, expiry)
}

func (c conn) PTTL(name string) (time.Duration, error) { return c.c.PTTL(c.ctx, name) }

func (c conn) ScriptLoad(script *redsync.Script) error {
	hash, err := c.c.ScriptLoad(c.ctx, script.Src)
	if err == nil {
		script.Hash = hash
	}
	return err
}

// Eval runs a script by its hash, and with its source where the server does not have it. Integers come as int64, strings as string, a nil as nil.
func (c conn) Eval(script *redsync.Script, keysAndArgs ...any) (any, error) {
	if len(keysAndArgs) < script.KeyCount {
		return nil, fmt.Errorf("the script has %d keys and was given %d: pass them before the arguments", script.KeyCount, len(keysAndArgs))
	}
	v, err := c.run("EVALSHA", script.Hash, script.KeyCount, keysAndArgs)
	if refused, ok := errors.AsType[*fairlead.Error](err); ok && refused.Code == "NOSCRIPT" && fairlead.NotRun(err) {
		v, err = c.run("EVAL", script.Src, script.KeyCount, keysAndArgs)
	}
	return v, err
}

func (c conn) run(name, script string, keys int, keysAndArgs []any) (any, error) {
	args := []any{script}
	if keys >= 0 { // below 0 the caller has put their number first
		args = append(args, keys)
	}
	v, _, err := fairlead.Found(fairlead.Do(c.ctx, c.c, redis.New[any](name, append(args, keysAndArgs...)...)))
	return v, err
}

// Close does nothing: there is no connection of its own.
func (conn) Close() error { return nil }
