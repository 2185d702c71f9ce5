// Package conn is one connection to a server: how it is opened, shared by many callers or used by one, read, watched, and closed
// with a cause. It is the only package that touches sockets.
package conn

import (
	"fmt"
	"net"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"github.com/fairlead-go/fairlead/resp"
)

// A Conn is one connection to a server. Any number of goroutines may run calls over it at the same time: what they
// send is one stream, and the replies come in its order. It is safe for concurrent use.
//
// Two roles are taken in turns, each by one goroutine at a time. The flusher writes what callers appended, for all of
// them; it is the caller that found nobody flushing. The reader reads replies for all; it is a caller that is alone, or else the
// resident goroutine.
type Conn struct {
	id     uint64
	cfg    *Config
	raw    net.Conn    // the socket
	net    net.Conn    // the socket, or TLS over it
	peek   func() bool // reports without blocking whether the peer has ended the stream; nil where that cannot be known
	direct *exchange   // nil if the connection has no such thing
	holds  holding
	server Server

	// mu guards all fields down to the next blank line. It comes after every other lock: nothing is called under it but OnEvent.
	mu       sync.Mutex
	state    State
	cause    Cause
	err      error
	wbuf     []byte        // appended, not yet taken by the flusher
	spare    []byte        // the buffer the flusher used last
	pieces   []piece       // long values that belong between the bytes of wbuf
	flushing bool          // somebody has the flusher's role
	cut      bool          // a write failed: nothing more is written
	behind   bool          // it is a goroutine of its own, whose writes may take long
	queue    queue         // calls whose replies are owed, in the order of the stream
	reading  role          // who has the reader's role
	own      *Call         // the call whose caller reads, if a caller does
	kicked   bool          // the socket was given a read deadline in the past, to get that caller out of it
	heeds    heeding       // the context that is watched over for callers that read
	db       int           // the database the stream is in after what was appended
	appended int64         // bytes appended, the handshake included
	handed   int64         // bytes given to the kernel, at most
	now      int64         // the connection's clock when somebody last looked
	due      int64         // when the first call expires, as far as known; 0: none does
	untidy   int64         // when to give up the memory that a crowd needed; 0: there is none to speak of
	sweeps   sweeping      // when contexts are looked at next
	alarm    int64         // when the watchdog looks next; 0: it is not set
	doubted  int64         // when it was first doubted that the server still answers; 0: it is not
	calls    uint64        // calls appended
	taken    uint64        // those of them that the flusher took to write
	waits    uint64        // the turn of the flusher that waits for more to write; 0: it does not
	turns    uint64        // how often one has waited
	woken    int           // callers that got their replies last and have not come back
	met      int64         // when last a call was appended behind another one; 0: never
	crowd    int           // calls that were owed replies lately, at most
	yields   yielding      // when the flusher yields before it writes
	yield    func()        // how it does: runtime.Gosched, but for tests
	room     chan struct{} // closed when the write buffer has room again; nil if nobody waits

	scan     *resp.Scanner // these three are the reader's
	replies  []resp.Reply
	complete []*Call
	lone     int // calls in a row that had the connection to themselves

	bound    int // bytes that may wait to be written
	watchdog *time.Timer
	give     chan struct{} // gives the reader's role to the resident goroutine
	closed   chan struct{} // closed with the connection; ends the resident goroutine
	once     sync.Once     // closes the socket
	start    time.Time     // the zero of the connection's clock

	read, written, answered atomic.Int64          // bytes in and out, replies
	lastRead                atomic.Int64          // the connection's clock when bytes last came
	stream                  atomic.Pointer[taker] // takes everything that arrives; nil: it answers calls
	crowded                 atomic.Bool           // lately so many calls were owed replies that it is worth while to batch
	large                   atomic.Bool           // the reply at hand is large: small ones behind it have to wait
}

// A holding says how much a socket takes from a caller while the server does not read, without making it wait.
type holding uint8

const (
	unknown holding = iota // a conn that only Options.Dialer knows: perhaps nothing, as a net.Pipe
	little                 // a unix socket: inlineUnix bytes in inlineCalls writes
	much                   // TCP: inlineBytes
)

// A role says who reads.
type role uint8

const (
	nobody role = iota // no replies are owed; the resident goroutine looks at the connection when it falls idle
	caller             // a caller that is alone reads its own reply
	resident
)

const (
	defaultWriteBuffer = 1 << 20
	keptBuffer         = 8 << 10                 // a write buffer larger than this is kept for a second at most
	keptCalls          = 512                     // the same for the queue
	tidyAfter          = int64(time.Second)      // that second
	batch              = 1024                    // so many replies are handed out at a time
	inlineBytes        = 64 << 10                // with more than this unanswered a write could block, so no caller does it
	inlineUnix         = 4 << 10                 // the same for a unix socket: macOS gives it 8 KiB
	inlineCalls        = 16                      // and so many calls, since Linux counts a KiB or more for the smallest write to one
	flushRounds        = 8                       // so many writes for others and a caller is let go
	idleLook           = 10 * time.Millisecond   // how soon a connection that fell quiet is read by the resident goroutine
	staleAfter         = int64(time.Millisecond) // one that was quiet for this long is looked at before it is used
	loneCalls          = 3                       // so many lone calls in a row and the resident goroutine steps back
	lastWords          = 100 * time.Millisecond  // how long replies may still arrive after a write failed
)

// ID is the connection's number in its process; none is used twice.
func (c *Conn) ID() uint64 { return c.id }

// Addr is the server's address.
func (c *Conn) Addr() string { return c.cfg.Addr }

// Server is what the server said about itself in the handshake.
func (c *Conn) Server() Server { return c.server }

// Closed returns a channel that is closed when the connection is.
func (c *Conn) Closed() <-chan struct{} { return c.closed }

// Usable reports whether the connection takes calls now.
func (c *Conn) Usable() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.state == Ready
}

// Owes returns how many calls wait for their replies.
func (c *Conn) Owes() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.queue.size
}

// LargeReply is how many bytes make a reply a large one: small ones should not have to wait behind it.
const LargeReply = 64 << 10

// Busy reports whether more than one call was under way at a time within the last second.
func (c *Conn) Busy() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.met > 0 && c.clock()-c.met < int64(time.Second)
}

// Standing returns how many calls wait for their replies, and whether the connection takes more.
func (c *Conn) Standing() (owes int, usable bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.queue.size, c.state == Ready
}

// HeldBack reports whether a large reply is arriving, which calls sent now would have to wait for.
func (c *Conn) HeldBack() bool { return c.large.Load() }

// clock is the time since the connection began.
func (c *Conn) clock() int64 { return int64(time.Since(c.start)) }

// setState changes the state. Called with c.mu held.
func (c *Conn) setState(to State, cause Cause, err error) {
	from := c.state
	c.state = to
	if cause != NoCause {
		c.cause, c.err = cause, err
	}
	if c.cfg.OnEvent != nil {
		c.cfg.OnEvent(Event{Time: time.Now(), Conn: c.id, Addr: c.cfg.Addr, From: from, To: to, Cause: cause, Err: err})
	}
}

// Close closes the connection at once. Calls whose replies have not come fail with err, or cause if err is nil.
func (c *Conn) Close(cause Cause, err error) {
	c.mu.Lock()
	c.closeLocked(cause, err)
}

// closeLocked is Close with c.mu held; it unlocks it.
func (c *Conn) closeLocked(cause Cause, err error) {
	if c.state == Closed {
		c.mu.Unlock()
		return
	}
	if c.state == Draining {
		cause, err = c.cause, c.err // what it drains for is why it ends
	}
	polite := c.queue.size == 0 && !c.flushing
	c.setState(Closed, cause, err)
	err = &endError{cause, err}
	owed := make([]*Call, 0, c.queue.size)
	for c.queue.size > 0 {
		owed = append(owed, c.queue.pop())
	}
	c.heeds.end()
	handed := c.handed // what was written while the write below is under way counts as sent
	c.wakeWaiters()
	c.mu.Unlock()

	close(c.closed)
	c.watchdog.Stop()
	c.closeSocket(polite)
	for _, call := range owed {
		c.failCall(call, call.begin < handed, err)
	}
	if c.cfg.OnClose != nil {
		c.cfg.OnClose(c)
	}
}

// closeSocket closes the socket, over TLS with a goodbye if polite: that is a write, which could block while others write or
// the server does not read.
func (c *Conn) closeSocket(polite bool) {
	closing := c.raw
	if polite {
		closing = c.net
	}
	c.once.Do(func() { _ = closing.Close() }) // an error of Close changes nothing: the descriptor is gone either way
}

// failCall answers a call that will get no (more) replies.
func (c *Conn) failCall(call *Call, sent bool, err error) {
	call.err = c.callError(call, sent, err)
	if call.outcome.settle(failed) {
		call.done <- struct{}{}
	}
}

// callError describes the end of a call that was appended to the stream.
func (c *Conn) callError(call *Call, sent bool, err error) *CallError {
	e := &CallError{Addr: c.cfg.Addr, Conn: c.id, Phase: Writing, Sent: sent, Err: err,
		Elapsed: time.Duration(c.clock() - call.began)}
	if sent {
		e.Phase = AwaitingReply
	}
	return e
}

// Drain lets the connection deliver what is still waited for, taking no new calls, and closes it then with the cause.
func (c *Conn) Drain(cause Cause) {
	c.mu.Lock()
	if c.state == Closed || c.state == Draining {
		c.mu.Unlock()
		return
	}
	c.setState(Draining, cause, nil)
	if !c.awaited() {
		c.closeLocked(cause, nil)
		return
	}
	c.wakeWaiters()
	c.mu.Unlock()
}

// An endError is why a call failed whose connection ended.
type endError struct {
	cause Cause
	err   error // nil: this process closed it
}

func (e *endError) Error() string {
	if e.err == nil {
		return "the connection ended: " + e.cause.String()
	}
	return fmt.Sprintf("the connection ended: %v (%v)", e.cause, e.err)
}

func (e *endError) Unwrap() error { return e.err }

// Is makes the end by this process one of net's errors for a closed connection.
func (e *endError) Is(target error) bool {
	return e.err == nil && target == net.ErrClosed || e.cause == UserClosed && target == ErrClosed
}

// peeker returns a function that looks whether the peer ended the stream, without taking bytes from it.
func peeker(n net.Conn) func() bool {
	sc, ok := n.(syscall.Conn)
	if !ok {
		return nil
	}
	raw, err := sc.SyscallConn()
	if err != nil {
		return nil
	}
	ended := false
	look := func(fd uintptr) bool {
		ended = peekEnded(fd)
		return true
	}
	return func() bool {
		return raw.Read(look) == nil && ended
	}
}
