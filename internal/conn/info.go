package conn

import (
	"context"
	"errors"
	"time"

	"github.com/fairlead-go/fairlead/redis"
	"github.com/fairlead-go/fairlead/resp"
)

// An Info is what can be seen of a connection at one moment.
type Info struct {
	ID       uint64
	Addr     string
	State    State
	Cause    Cause // why it drains or was closed
	Err      error // the error behind the cause
	Since    time.Time
	DB       int           // the database its stream is in
	Owes     int           // calls whose replies have not come
	Oldest   time.Duration // age of the oldest of them
	BytesIn  int64
	BytesOut int64
	Replies  int64
	LastRead time.Time
	Server   Server
}

// Info returns what can be seen of the connection now.
func (c *Conn) Info() Info {
	c.mu.Lock()
	i := Info{ID: c.id, Addr: c.cfg.Addr, State: c.state, Cause: c.cause, Err: c.err, DB: c.db, Owes: c.queue.size}
	if i.Owes > 0 {
		i.Oldest = time.Duration(c.clock() - c.queue.at(0).began)
	}
	c.mu.Unlock()
	i.Since, i.Server = c.start, c.server
	i.BytesIn, i.BytesOut, i.Replies = c.read.Load(), c.written.Load(), c.answered.Load()
	i.LastRead = c.start.Add(time.Duration(c.lastRead.Load()))
	return i
}

// Quiet reports whether the connection takes calls, owes none, and is in the given database (AnyDB: in any).
func (c *Conn) Quiet(db int) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.state == Ready && c.queue.size == 0 && !c.flushing && (db == AnyDB || c.db == db)
}

// LastUsed is when the connection last received anything.
func (c *Conn) LastUsed() time.Time { return c.start.Add(time.Duration(c.lastRead.Load())) }

// Opened is when the connection was begun.
func (c *Conn) Opened() time.Time { return c.start }

// Replies returns how many calls it has answered.
func (c *Conn) Replies() int64 { return c.answered.Load() }

// Ping sends PING behind everything that is owed and returns when it is answered.
func (c *Conn) Ping(ctx context.Context) error {
	call := NewCall()
	call.Request, call.DB = ping, AnyDB
	if err := c.Do(ctx, call); err != nil {
		return err
	}
	call.Free()
	return nil
}

var ping = redis.New[resp.Reply]("PING").Request

// Gone is why a connection takes no calls any more, as an error.
func (c *Conn) Gone() error {
	i := c.Info()
	if i.Cause == NoCause {
		return errSuspect
	}
	return &endError{i.Cause, i.Err}
}

var errSuspect = errors.New("the connection owes a reply for too long: it takes no more commands until something comes from the server")
