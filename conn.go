package fairlead

import (
	"context"

	"github.com/fairlead-go/fairlead/redis"
)

// A Conn is one connection out of the pool, for its holder alone: for commands that change what the connection means
// (SELECT, CLIENT TRACKING, …) or that must run on the same one. It belongs to one goroutine: use by two at a time is answered with
// ErrBusy. Nothing is sent again over another connection; after the connection broke every command fails and Close is
// all there is left to do.
type Conn struct {
	Commands
	lease *lease
}

// Conn takes a connection out of the pool, waiting for one if it has to. Close gives it back; without that it stays taken.
func (c Commands) Conn(ctx context.Context) (*Conn, error) {
	l, err := c.lease(ctx, "CONN")
	if err != nil {
		return nil, err
	}
	return &Conn{Commands: l.commands(forConn, c.v), lease: l}, nil
}

// ID returns the connection's number in this process, as ConnInfo.ID.
func (c *Conn) ID() uint64 {
	if c.lease == nil {
		return 0
	}
	return c.lease.conn.ID()
}

// ServerID returns the connection's number at the server, as in CLIENT LIST; 0 if the server tells none.
func (c *Conn) ServerID() int64 {
	if c.lease == nil {
		return 0
	}
	return c.lease.conn.Server().ClientID
}

// ClientNoEvict says whether the server may close this connection to get memory back (its setting maxmemory-clients). The
// connection is closed when it is given back. Since Redis 7.0.0; O(1).
func (c *Conn) ClientNoEvict(ctx context.Context, on bool) error {
	return run(ctx, c, redis.New[struct{}]("CLIENT NO-EVICT", onOff(on)))
}

// ClientNoTouch says whether commands over this connection leave it unchanged how recently and how often keys were used, unless
// they are TOUCH: for those that look at many keys and should not keep them from being evicted. The connection is closed when
// it is given back. Since Redis 7.2.0; O(1).
func (c *Conn) ClientNoTouch(ctx context.Context, on bool) error {
	return run(ctx, c, redis.New[struct{}]("CLIENT NO-TOUCH", onOff(on)))
}

func onOff(on bool) string {
	if on {
		return "ON"
	}
	return "OFF"
}

// Close gives the connection back to the pool. A connection whose state was changed, or that still owes a reply, is closed
// instead of being handed on; what WATCH and MULTI changed does not count once EXEC, DISCARD or UNWATCH has ended it. Calling it again changes nothing; the error is always nil.
func (c *Conn) Close() error {
	if c.lease != nil {
		c.lease.giveBack()
	}
	return nil
}
