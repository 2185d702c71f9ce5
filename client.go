package fairlead

import (
	"context"
	"fmt"
	"sync/atomic"

	"github.com/fairlead-go/fairlead/internal/route"
)

// A Client runs commands over a Pool. It is safe for concurrent use and cheap: it holds no connection itself.
type Client struct {
	Commands
	pool   *Pool
	owns   bool
	closed *atomic.Bool
}

// Open returns a client with a pool of its own for the server that the URL names, as ParseURL reads it. It does no I/O:
// bad options are errors here, a server that cannot be reached is an error of the first command.
func Open(url string) (*Client, error) {
	o, err := ParseURL(url)
	if err != nil {
		return nil, err
	}
	p, err := NewPool(o)
	if err != nil {
		return nil, err
	}
	c := NewClient(p)
	c.owns = true
	return c, nil
}

// NewClient returns a client over a pool, which it may share with others; closing the client does not close the pool.
// Over a pool that NewPool did not make every command is an error.
func NewClient(p *Pool) *Client {
	if p == nil || p.pool == nil {
		return &Client{}
	}
	closed := new(atomic.Bool)
	v := &view{next: p.single, single: p.single, subs: p.subs, db: p.opts.DB, trace: p.opts.Trace.ofCommands(), closed: closed}
	return &Client{Commands: Commands{v}, pool: p, closed: closed}
}

// Pool returns the pool that the client runs its commands over.
func (c *Client) Pool() *Pool { return c.pool }

// DB returns the commands for another database of the same server, over the same connections. Whether the server has it
// is checked with the first command.
func (c *Client) DB(n int) Commands {
	if c.v == nil {
		return Commands{}
	}
	v := *c.v
	v.db = n
	if n < 0 {
		v.next, v.single = failing{fmt.Errorf("there is no database %d: databases are numbered from 0", n)}, nil
	}
	return Commands{&v}
}

// Close ends the client: its commands fail with ErrClosed from now on. If the client made its pool (Open), that is closed too, at once.
// Calling it again changes nothing. The error is always nil; it is there so that a Client is an io.Closer.
func (c *Client) Close() error {
	c.end()
	if c.owns {
		return c.pool.Close()
	}
	return nil
}

// Shutdown ends the client as Close does, but lets commands on their way finish if the pool is its own. The error is the
// context's, if that ended first; the rest was cut off then.
func (c *Client) Shutdown(ctx context.Context) error {
	if ctx == nil {
		return route.ErrNoContext
	}
	c.end()
	if c.owns {
		return c.pool.Shutdown(ctx)
	}
	return nil
}

// end makes the client's commands fail from now on, and ends its subscriptions; those of a zero Client always do.
func (c *Client) end() {
	if c.closed != nil {
		c.closed.Store(true)
		c.pool.subs.EndOf(c.closed, c.v.ended())
	}
}
