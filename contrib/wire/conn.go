package wire

import (
	"context"
	"errors"
	"net"
	"os"
	"sync"
	"time"

	"github.com/fairlead-go/fairlead"
)

// A Conn is a net.Conn at whose other end a fairlead.Client carries commands out. They run on the goroutine that reads their replies. All
// methods may be called by any goroutine.
type Conn struct {
	remote  address
	session session         // belongs to whoever set running
	ctx     context.Context // what a run without a deadline runs in; ends with the Conn
	cancel  context.CancelCauseFunc

	mu      sync.Mutex    // guards what follows
	changed chan struct{} // closed and replaced whenever something happens that somebody may wait for
	input   input
	queue   []command  // written and not run yet
	weight  int        // bytes of them
	replies []byte     // not read yet
	running bool       // somebody carries commands out
	bounds  *time.Time // the deadline that bounds this; nil: none that can be set
	err     error      // why nothing comes after the replies
	closed  bool

	readDeadline, writeDeadline time.Time
	kick                        *time.Timer // ends the run under way at a deadline that was set meanwhile
}

const (
	// mostWaiting is how many bytes of commands may be written before the writer runs them itself.
	mostWaiting = 1 << 20
	// closeTime bounds how long Close runs what was written before it.
	closeTime = time.Second
)

// Dialer returns a function that opens Conns over the client, in the form in which clients take one; network and address are used for
// nothing. It does no I/O. The error of that function is about a client that is none.
func Dialer(c *fairlead.Client) func(ctx context.Context, network, addr string) (net.Conn, error) {
	return func(context.Context, string, string) (net.Conn, error) {
		conn, err := NewConn(c)
		if err != nil {
			return nil, err // a nil *Conn would be a net.Conn that is not nil
		}
		return conn, nil
	}
}

// NewConn returns a Conn over the client. It does no I/O; the error is about a client that is none. Closing the Conn does not close the client.
func NewConn(c *fairlead.Client) (*Conn, error) {
	if c == nil || c.Pool() == nil {
		return nil, errors.New("a connection for another client needs a fairlead.Client: get one from fairlead.Open or fairlead.NewClient")
	}
	conn := &Conn{remote: address(c.Pool().Options().Addr), session: newSession(c), changed: make(chan struct{}), input: newInput()}
	conn.ctx, conn.cancel = context.WithCancelCause(context.Background())
	return conn, nil
}

// Read returns bytes of replies, running what was written and has not run yet, or waits. It fails with os.ErrDeadlineExceeded, net.ErrClosed,
// io.EOF after QUIT, and otherwise with the reason why a command got no reply, of which errors.As makes a *fairlead.CallError.
func (c *Conn) Read(p []byte) (int, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for {
		switch {
		case c.closed:
			return 0, c.failed("read", net.ErrClosed)
		case c.err != nil && len(c.replies) == 0:
			return 0, c.err
		case isOver(c.readDeadline):
			return 0, c.failed("read", os.ErrDeadlineExceeded)
		case len(c.replies) > 0:
			n := copy(p, c.replies)
			c.taken(n)
			return n, nil
		case len(p) == 0:
			return 0, nil
		case len(c.queue) > 0 && !c.running:
			c.run(c.readDeadline, &c.readDeadline)
		default:
			c.wait(c.readDeadline)
		}
	}
}

// Write takes bytes of commands. They run when their replies are read; only where too many wait (1 MiB) are they run before Write returns.
// It fails with os.ErrDeadlineExceeded, net.ErrClosed and as Read does.
func (c *Conn) Write(p []byte) (int, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for {
		switch {
		case c.closed:
			return 0, c.failed("write", net.ErrClosed)
		case isOver(c.writeDeadline):
			return 0, c.failed("write", os.ErrDeadlineExceeded)
		case c.err != nil:
			return 0, c.err
		case c.weight < mostWaiting:
			c.take(p)
			return len(p), nil
		case c.running || len(c.queue) == 0:
			c.wait(c.writeDeadline)
		default:
			c.run(c.writeDeadline, &c.writeDeadline)
		}
	}
}

// Close ends the Conn; calls that wait fail. What was written and has not run yet, as nobody has read a reply to it, is run before Close
// returns, within a second. The error is net.ErrClosed if the Conn was closed before.
func (c *Conn) Close() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.closed {
		return c.failed("close", net.ErrClosed)
	}
	for last := time.Now().Add(closeTime); len(c.queue) > 0 && !c.running && !c.closed && c.err == nil; {
		c.run(last, nil)
	}
	c.closed = true
	c.cancel(net.ErrClosed)
	c.announce()
	if !c.running {
		c.session.end()
	}
	return nil
}

// run carries out the commands at the head of the queue that go together, until a deadline, which is set anew at bounds. c.mu is held,
// except while they run.
func (c *Conn) run(deadline time.Time, bounds *time.Time) {
	c.running, c.bounds = true, bounds
	queue := c.queue
	c.queue, c.weight = nil, 0
	c.mu.Unlock()
	ctx, cancel := c.ctx, context.CancelFunc(func() {})
	if !deadline.IsZero() {
		ctx, cancel = context.WithDeadline(c.ctx, deadline)
	}
	n, out, err := c.session.step(ctx, queue, nil)
	over := ctx.Err()
	cancel()
	c.mu.Lock()
	c.running = false
	if c.kick != nil {
		c.kick.Stop()
		c.kick = nil
	}
	c.putBack(queue[n:])
	c.replies = append(c.replies, out...)
	if err != nil {
		c.err = c.ended(err, over)
	}
	if c.closed || c.err != nil {
		c.session.end()
	}
	c.announce()
}

// take takes bytes that were written. c.mu is held.
func (c *Conn) take(p []byte) {
	had := len(c.queue)
	c.queue = c.input.take(c.queue, p)
	for i := range c.queue[had:] {
		c.weight += c.queue[had+i].weight
	}
	c.announce()
}

// putBack puts what was not run before what was written meanwhile.
func (c *Conn) putBack(rest []command) {
	if len(rest) == 0 {
		return
	}
	for i := range rest {
		c.weight += rest[i].weight
	}
	c.queue = append(rest, c.queue...)
}

// taken takes n bytes that were read off the replies.
func (c *Conn) taken(n int) {
	c.replies = c.replies[n:]
	if len(c.replies) == 0 {
		c.replies = nil
	}
}
