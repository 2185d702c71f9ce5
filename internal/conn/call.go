package conn

import (
	"context"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/fairlead-go/fairlead/redis"
	"github.com/fairlead-go/fairlead/resp"
)

// A Call is one command, or one block of commands, on its way to the server and back. Its caller fills in the first part,
// gives it to a RoundTripper, and reads the second when that returns. Calls are reused: NewCall, then Free.
type Call struct {
	// The reader's fields come first, on one cache line, and then those of every caller: with thousands of calls under way none of them
	// is in a near cache.
	outcome outcome
	holds   contents      // once it is appended
	selects bool          // a SELECT goes before it, whose reply is still to come
	lone    bool          // it had the connection to itself when it was sent, and its caller could read for itself
	limited bool          // its deadline is its context's, not that of a Timeout
	done    chan struct{} // one token when settled by another goroutine
	begin   int64         // where its first byte is in the stream written
	began   int64         // when it was appended, on the connection's clock
	Reply   resp.Reply    // the reply to Request

	DB       int             // the database it is meant for; AnyDB: whatever the connection has
	deadline int64           // when it expires, on the connection's clock; 0: never
	ended    <-chan struct{} // the Done channel of its context, if its caller looks after that
	ctx      context.Context // its context, or what stands for it, if the watchdog looks after that; nil: its caller does, or it never ends
	conn     *Conn           // what it was sent over
	home     *Config         // whose connections done was made for
	next     *Call           // what it was repeated as

	Request redis.Request // the command; unused if there are Many
	Block   time.Duration // how long it may wait at the server beyond Timeout; negative: without end

	Many     []redis.Request // a block of commands that travels in one piece
	Replies  []resp.Reply    // the replies to Many, as long as Many
	got      atomic.Int32    // replies to Many that have come
	Tx       bool            // Many begins with MULTI and ends with EXEC
	InDoubt  bool            // it repeats a call that was sent and got no reply, so that it may have run, whatever becomes of it now
	lent     *loan           // the first of the caller's []bytes that are sent from where they lie
	err      error           // why it failed; set before the outcome
	Transfer *Transfer       // its long value passes by and is not kept; nil: it has none. Such a call has its connection to itself
	_        [40]byte        // so that calls, in their class of the allocator's sizes, begin where cache lines do
}

// contents are the commands that a call holds.
type contents uint8

const (
	one     contents = iota // its Request
	several                 // Many
	nothing                 // its caller has the command
)

// AnyDB as Call.DB leaves the connection's database as it is.
const AnyDB = -1

// A RoundTripper runs calls: a client, a view of one, a connection.
type RoundTripper interface {
	// RoundTrip sends the call and returns when its replies are there, or the error why not all of them are.
	RoundTrip(ctx context.Context, call *Call) error
}

// An outcome settles who answers a call: its reply, its time, or its connection's end. The first wins, the loser learns it.
type outcome struct{ v atomic.Uint32 }

const (
	pending   uint32 = iota // on its way
	replied                 // all replies are there
	failed                  // the connection ended first; err says why
	expired                 // its time ran out; the connection still owes its replies and drops them
	abandoned               // its caller left; as expired
)

func (o *outcome) settle(as uint32) bool { return o.v.CompareAndSwap(pending, as) }
func (o *outcome) is() uint32            { return o.v.Load() }

var calls = sync.Pool{New: func() any { return &Call{} }}

// NewCall returns an empty call.
func NewCall() *Call { return calls.Get().(*Call) }

// Free gives the call, and those it was repeated as, back for reuse, if nobody else can still hold them: a call whose
// replies are still owed is left to the garbage collector. The caller must not touch it afterwards.
func (c *Call) Free() {
	for c != nil {
		next := c.next
		switch o := c.outcome.is(); {
		case o == expired || o == abandoned:
		case o == replied && c.holds == nothing && next == nil: // the rest is as it was, and not touched: that would bring it into the cache
			c.outcome, c.selects, c.lone, c.limited = outcome{}, false, false, false
			c.Reply, c.DB, c.deadline, c.ended, c.ctx, c.conn = resp.Reply{}, 0, 0, nil, nil, nil
			calls.Put(c)
		default:
			*c = Call{done: c.done, home: c.home}
			calls.Put(c)
		}
		c = next
	}
}

// Take makes r the call's own Request, also after it was sent.
func (c *Call) Take(r *redis.Request) {
	c.Request = *r
	if c.outcome.is() == replied { // else its connection may still look at it
		c.holds = one
	}
}

// Repeat returns a fresh call with the same commands, to be sent because this one failed: a call that is still owed
// replies cannot be sent again. Final of this call is the repetition from now on. Its Block is set anew by Blocking.
func (c *Call) Repeat() *Call {
	n := NewCall()
	n.Request, n.Many, n.Tx, n.DB, n.InDoubt, n.Transfer = c.Request, c.Many, c.Tx, c.DB, c.InDoubt, c.Transfer
	if c.Many != nil {
		n.Replies = make([]resp.Reply, len(c.Many))
	}
	c.next = n
	return n
}

// Final returns the call whose outcome counts: the last repetition, or the call itself.
func (c *Call) Final() *Call {
	for c.next != nil {
		c = c.next
	}
	return c
}

// Name is the command's name for errors and traces; a block's is that of its first command and "…".
func (c *Call) Name() string {
	switch len(c.Many) {
	case 0:
		return c.Request.Name()
	case 1:
		return c.Many[0].Name()
	}
	return c.Many[0].Name() + " …"
}

// Blocking reports whether the call may wait at the server, and if so sets Block. Inside of a transaction nothing waits.
func (c *Call) Blocking() bool {
	if c.Many == nil {
		return c.waitsFor(&c.Request)
	}
	blocking := false
	for i := range c.Many {
		if !c.Tx && c.waitsFor(&c.Many[i]) {
			blocking = true
		}
	}
	return blocking
}

// endless is longer than anybody waits, and short enough for sums of times to fit 64 bits.
const endless = 100 * 365 * 24 * time.Hour

// waitsFor adds the time a command may wait at the server to Block.
func (c *Call) waitsFor(r *redis.Request) bool {
	wait, blocks := r.Blocks()
	switch {
	case !blocks:
		return false
	case wait <= 0 || wait > endless:
		c.Block = -1
	case c.Block >= 0:
		c.Block = min(c.Block+wait, endless)
	}
	return true
}

// Repeatable reports whether all of the call may be sent again after it may have run.
func (c *Call) Repeatable() bool {
	if c.Many == nil {
		return c.Request.Repeatable()
	}
	for i := range c.Many {
		if !c.Many[i].Repeatable() {
			return false
		}
	}
	return true
}

// ReadOnly reports whether the call changes nothing.
func (c *Call) ReadOnly() bool {
	if c.Many == nil {
		return c.Request.ReadOnly()
	}
	for i := range c.Many {
		if !c.Many[i].ReadOnly() {
			return false
		}
	}
	return true
}

// SentEach reports for each of Many whether any byte of it may have been sent; nil if the call got no connection.
func (c *Call) SentEach() []bool {
	if c.InDoubt {
		return slices.Repeat([]bool{true}, len(c.Many))
	}
	if c.conn == nil {
		return nil
	}
	return c.conn.sent(c)
}

// Over returns the connection that the call was sent over, or nil.
func (c *Call) Over() *Conn { return c.conn }

// Got returns how many replies to Many have come.
func (c *Call) Got() int { return int(c.got.Load()) }

// size is about how many bytes the call takes on the wire.
func (c *Call) size(r *redis.Request) int {
	if c.Many == nil {
		return r.Size()
	}
	n := 0
	for i := range c.Many {
		n += c.Many[i].Size()
	}
	return n
}

func (c *Call) appendMany(b []byte) []byte {
	for i := range c.Many {
		b = c.Many[i].Append(b)
	}
	return b
}

// take files the next reply and reports whether it was the last. Called by the reader alone, in the order of the stream.
func (c *Call) take(r resp.Reply) bool {
	if c.holds != several {
		c.Reply = r
		return true
	}
	n := int(c.got.Load())
	c.Replies[n] = r
	c.got.Store(int32(n + 1))
	return n+1 == len(c.Many)
}

// A queue holds the calls in the order of the stream: a ring that grows.
type queue struct {
	ring       []*Call // its length is a power of two
	head, size int
}

func (q *queue) push(c *Call) {
	if q.size == len(q.ring) {
		ring := make([]*Call, max(8, 2*len(q.ring)))
		n := copy(ring, q.ring[q.head:])
		copy(ring[n:], q.ring[:q.head])
		q.ring, q.head = ring, 0
	}
	q.ring[(q.head+q.size)&(len(q.ring)-1)] = c
	q.size++
}

func (q *queue) pop() *Call {
	c := q.ring[q.head]
	q.ring[q.head] = nil
	q.head = (q.head + 1) & (len(q.ring) - 1)
	q.size--
	return c
}

// at returns the i-th call from the front.
func (q *queue) at(i int) *Call { return q.ring[(q.head+i)&(len(q.ring)-1)] }
