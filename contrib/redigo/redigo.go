// Package redigo lets code written for redigo (github.com/gomodule/redigo/redis) run over the few connections of a fairlead pool. It makes
// redigo's own *redis.Pool and redis.Conn, so that what takes these stays as it is:
//
//	c, err := fairlead.Open("redis://localhost:6379?protocol=2")
//	pool, err := redigo.NewPool(c)
//	conn := pool.Get()
//	defer conn.Close()
//	n, err := redis.Int(conn.Do("INCR", "hits"))
//
// Replies have redigo's shapes ([]byte, int64, string, []interface{}, nil, redis.Error), as redigo itself reads them off a net.Conn of package
// wire, which says what holds: Send, Flush and Receive, MULTI … EXEC, WATCH, blocking commands, DoContext. What does not: subscriptions and
// MONITOR, which get an error; a connection of redigo's own serves them.
//
// redigo speaks RESP2, so fairlead.Options.Protocol must be 2.
package redigo

import (
	"context"
	"errors"

	"github.com/fairlead-go/fairlead"
	"github.com/fairlead-go/fairlead/contrib/wire"
	"github.com/gomodule/redigo/redis"
)

// maxIdle is how many connections redigo keeps to use again: they cost no connection to the server.
const maxIdle = 256

// NewPool returns a pool of redigo's whose connections share those of the client's. Its fields may be set before it is used; MaxActive and
// IdleTimeout have little to bound, as connections of this pool cost next to nothing. Closing it does not close the client. The error says
// that the client's pool does not speak RESP2, or that there is no client.
func NewPool(c *fairlead.Client) (*redis.Pool, error) {
	if err := check(c); err != nil {
		return nil, err
	}
	return &redis.Pool{
		MaxIdle:     maxIdle,
		DialContext: func(context.Context) (redis.Conn, error) { return newConn(c) },
	}, nil
}

// Dial returns one connection of redigo's over those of the client. It does no I/O; the errors are those of NewPool.
//
// A command waits for its reply as long as fairlead.Options.Timeout says, and a blocking one its own time on top. DoWithTimeout and
// DoContext set other limits; a command that they end takes the connection with it, as ever in redigo.
func Dial(c *fairlead.Client) (redis.Conn, error) {
	if err := check(c); err != nil {
		return nil, err
	}
	return newConn(c)
}

func newConn(c *fairlead.Client) (redis.Conn, error) {
	over, err := wire.NewConn(c)
	if err != nil {
		return nil, err
	}
	return redis.NewConn(over, 0, 0), nil
}

func check(c *fairlead.Client) error {
	switch {
	case c == nil || c.Pool() == nil:
		return errors.New("redigo needs a fairlead.Client to run over: get one from fairlead.Open or fairlead.NewClient")
	case c.Pool().Options().Protocol != 2:
		return errors.New("redigo speaks RESP2 only: set Protocol to 2 in fairlead.Options, or write protocol=2 in the URL")
	}
	return nil
}
