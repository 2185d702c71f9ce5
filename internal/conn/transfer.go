package conn

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"
)

// A Transfer is the long value of a call that passes by in parts and is never held as a whole: the string that it is answered with goes
// to a Writer, or the value that it sends comes from a Reader. Both are used on the goroutine of the call's caller alone, and not after
// that has returned. A call that has one has its connection to itself. Where it cannot be carried through the connection is closed: the
// rest of the value is still on its way, or half of a command was sent, which no server runs.
type Transfer struct {
	To    io.Writer // where the reply goes if it is a string; nil: the reply is kept
	From  io.Reader // where Size bytes come from that are sent as the command's argument Index; nil: the command is sent as it is
	Size  int64
	Index int

	Moved int64 // bytes that To has taken, or From has given
	Used  bool  // To or From was used: the call cannot be repeated
}

// A passage is one try to carry out a call that has a Transfer.
type passage struct {
	*Transfer
	call  *Call
	limit time.Duration // how long the server may do nothing
	after []byte        // of the command, what is behind the value
	whole bool          // the end of the command may have been sent

	parted bool          // the reply comes in parts; set by who reads the connection, before the reply is there
	parts  chan []byte   // from who reads to the caller
	free   chan struct{} // back again: the part was written
}

// transfer runs a call whose long value passes by.
func (c *Conn) transfer(ctx context.Context, call *Call) error {
	p := &passage{Transfer: call.Transfer, call: call, limit: endless, parts: make(chan []byte), free: make(chan struct{}, 1)}
	if _, has := ctx.Deadline(); !has && c.cfg.Timeout > 0 {
		p.limit = c.cfg.Timeout
	}
	p.whole = p.From == nil
	ended := make(chan struct{})
	stop := context.AfterFunc(ctx, func() { // reading, writing and waiting end with the connection
		c.Close(TransferCut, ContextError(ctx))
		close(ended)
	})
	returned := false
	defer func() {
		if !returned {
			stop()
			c.abandon()
		}
	}()
	err := c.carry(ctx, p)
	returned = true
	if !stop() {
		<-ended // it must not meet the connection's next user
	}
	return err
}

// abandon closes a connection in whose transfer a Reader or a Writer panicked.
func (c *Conn) abandon() {
	c.Close(TransferCut, errors.New("the reader or the writer of a value panicked"))
	c.mu.Lock()
	c.passing, c.flushing = nil, false
	c.mu.Unlock()
}

func (c *Conn) carry(ctx context.Context, p *passage) error {
	head, err := c.embark(p)
	if err != nil {
		return err
	}
	cause, err := c.sendAll(ctx, p, head)
	if err == nil {
		cause, err = c.receiveAll(ctx, p)
	}
	if err != nil {
		c.Close(cause, err) // changes nothing if it was closed before: then that is why
		<-p.call.done
	}
	c.mu.Lock()
	c.passing = nil
	c.mu.Unlock()
	if p.call.outcome.is() != replied {
		return c.cutShort(ctx, p, err)
	}
	return c.keepShort(p)
}

// embark appends the call, takes the flusher's role and returns what is to be written first.
func (c *Conn) embark(p *passage) (head []byte, err error) {
	call := p.call
	call.Block, call.ended, call.ctx = -1, nil, nil // its caller looks after its time
	c.mu.Lock()
	switch {
	case c.state != Ready:
		c.mu.Unlock()
		return nil, errUnavailable
	case c.flushing:
		c.mu.Unlock()
		return nil, errors.New("a command that was given up is still being written over this connection: take another one")
	}
	c.now = c.clock()
	if c.stale() {
		c.closeLocked(PeerClosed, io.EOF)
		return nil, errUnavailable
	}
	c.passing = p
	c.append(call, &call.Request, 0, true)
	c.flushing = true
	head, _ = c.take()
	c.handOver()
	c.mu.Unlock()
	return head, nil
}

// appendTo appends the command, up to the value that comes from elsewhere.
func (p *passage) appendTo(b []byte) []byte {
	if p.From == nil {
		return p.call.Request.Append(b)
	}
	b, p.after = p.call.Request.AppendBefore(b, p.Index, int(p.Size))
	return b
}

// sendAll writes the command, with the value in its place, and gives up the flusher's role. It returns why it could not, and what the
// connection is to be closed for.
func (c *Conn) sendAll(ctx context.Context, p *passage, head []byte) (Cause, error) {
	cause, err := c.sendPart(p, head)
	if err == nil && p.From != nil {
		cause, err = c.sendValue(ctx, p)
	}
	_ = c.raw.SetWriteDeadline(time.Time{}) // fails only on a closed socket
	c.mu.Lock()
	c.flushing = false
	c.mu.Unlock()
	return cause, err
}

// sendValue writes the value and what follows it.
func (c *Conn) sendValue(ctx context.Context, p *passage) (Cause, error) {
	step := steps.Get().(*[stepBytes]byte)
	defer steps.Put(step)
	for p.Moved < p.Size {
		p.Used = true
		n, err := io.ReadAtLeast(p.From, step[:min(p.Size-p.Moved, stepBytes)], 1)
		p.Moved += int64(n)
		switch {
		case n > 0: // an error beside bytes comes again
		case err == io.EOF:
			return TransferCut, fmt.Errorf("the reader ended after %d of %d bytes: %w", p.Moved, p.Size, io.ErrUnexpectedEOF)
		default:
			return TransferCut, fmt.Errorf("the reader failed after %d of %d bytes: %w", p.Moved, p.Size, err)
		}
		switch {
		case ctx.Err() != nil:
			return TransferCut, ContextError(ctx)
		case p.call.outcome.is() != pending:
			return TransferCut, errAnswered
		}
		if cause, err := c.sendMore(p, step[:n]); err != nil {
			return cause, err
		}
	}
	p.whole = true
	return c.sendMore(p, p.after)
}

// errAnswered is why the rest of a value is not sent: the call was settled, and who settled it said why.
var errAnswered = errors.New("the call was answered before all of it was sent")

// sendMore writes a part of the command that was not appended before.
func (c *Conn) sendMore(p *passage, b []byte) (Cause, error) {
	c.mu.Lock()
	c.appended += int64(len(b))
	c.handed = c.appended
	c.mu.Unlock()
	return c.sendPart(p, b)
}

// sendPart writes a part of the command, which the server must take within the limit.
func (c *Conn) sendPart(p *passage, b []byte) (Cause, error) {
	_ = c.raw.SetWriteDeadline(time.Now().Add(p.limit)) // fails only on a closed socket
	n, err := writeAll(c.net, b)
	c.written.Add(int64(n))
	if err == nil {
		return NoCause, nil
	}
	c.mu.Lock()
	c.handed = c.written.Load()
	c.mu.Unlock()
	cause := causeOf(err)
	if cause == ReadTimeout {
		return WriteTimeout, ErrTimeout
	}
	c.hear(p.call)
	return cause, err
}

// hear waits a moment for what the server may have said before it hung up.
func (c *Conn) hear(call *Call) {
	timer := time.NewTimer(lastWords)
	defer timer.Stop()
	select {
	case <-call.done:
		call.done <- struct{}{} // it has room for one
	case <-timer.C:
	}
}

// receiveAll waits for the reply, and writes the parts of it as they come. It returns why it did not, and what the connection is to be
// closed for.
func (c *Conn) receiveAll(ctx context.Context, p *passage) (Cause, error) {
	timer := time.NewTimer(p.limit)
	defer timer.Stop()
	for {
		select {
		case <-p.call.done:
			if p.call.outcome.is() == replied {
				return NoCause, nil
			}
			p.call.done <- struct{}{} // for who closes the connection; it has room for one
			return TransferCut, errAnswered
		case part := <-p.parts:
			err := p.write(part)
			if err == nil && ctx.Err() != nil {
				err = ContextError(ctx)
			}
			if err != nil {
				c.Close(TransferCut, err) // before who reads goes on: it may have been the last part
			}
			p.free <- struct{}{}
			if err != nil {
				return TransferCut, err
			}
			timer.Reset(p.limit)
		case <-timer.C:
			quiet := time.Duration(c.clock() - c.lastRead.Load())
			if quiet >= p.limit {
				return ReadTimeout, ErrTimeout
			}
			timer.Reset(p.limit - quiet)
		}
	}
}

// write writes a part of the reply.
func (p *passage) write(part []byte) error {
	p.Used = true
	n, err := p.To.Write(part)
	n = max(0, min(n, len(part)))
	p.Moved += int64(n)
	if err == nil && n != len(part) {
		err = io.ErrShortWrite
	}
	if err != nil {
		return fmt.Errorf("the writer failed after %d bytes: %w", p.Moved, err)
	}
	return nil
}

// taker returns who takes a large string that arrives, or nil if nobody waits for it in parts. Called by who reads.
func (c *Conn) taker(int) func(part []byte) {
	c.mu.Lock()
	defer c.mu.Unlock()
	p := c.passing
	if p == nil || p.To == nil || c.queue.size == 0 || c.queue.at(0) != p.call {
		return nil
	}
	p.parted = true
	return func(part []byte) {
		select {
		case p.parts <- part:
			select {
			case <-p.free: // comes also if the writer failed
			case <-c.closed: // it panicked
			}
		case <-c.closed:
		}
	}
}

// keepShort writes a string that came as a whole, since it is short.
func (c *Conn) keepShort(p *passage) error {
	if p.To == nil || p.parted || p.call.Reply.IsNull() || p.call.Reply.Err() != nil {
		return nil
	}
	text, err := p.call.Reply.Str()
	if err != nil || text == "" {
		return nil // who reads the reply says what it is
	}
	if err := p.write([]byte(text)); err != nil {
		return c.callError(p.call, true, err)
	}
	return nil
}

// cutShort says why a call ended that was not answered; why is what its caller knows.
func (c *Conn) cutShort(ctx context.Context, p *passage, why error) error {
	e := c.callError(p.call, true, why)
	if end, ok := errors.AsType[*CallError](p.call.err); ok {
		e.Sent, e.Phase = end.Sent, end.Phase
		if !errors.Is(end.Err, why) { // the connection was closed for something else, and before
			e.Err = end.Err
		}
	}
	if ctx.Err() != nil {
		e.Err = ContextError(ctx)
	}
	if e.Sent && !p.whole {
		e.Phase, e.Err = Writing, incomplete{e.Err}
	}
	return e
}
