package conn

import (
	"context"
	"io"
	"time"

	"github.com/fairlead-go/fairlead/redis"
	"github.com/fairlead-go/fairlead/resp"
)

// Do sends the call and returns when its replies are there: nil, or why not all of them are. The error is Unavailable if
// the connection took no calls, the context's or ErrTimeout if it ended while the write buffer was full, and a *CallError
// once anything of the call may have been sent.
func (c *Conn) Do(ctx context.Context, call *Call) error {
	if call.Transfer != nil {
		return c.transfer(ctx, call)
	}
	err := c.Send(ctx, call, &call.Request)
	if e, ok := err.(*CallError); ok && e.Command == "" {
		e.Command = call.Name()
	}
	return err
}

// Send is Do for a call whose command is r, unless it has Many: so r can stay with the caller. The Command of a *CallError is left to
// the caller too. Step 4 of 6: the connection.
func (c *Conn) Send(ctx context.Context, call *Call, r *redis.Request) error {
	deadline, long := c.lookedAfter(ctx, call), call.isLong(r)
	c.mu.Lock()
	if len(c.wbuf) > 0 {
		for size := call.size(r); !c.hasRoom(size); {
			if err := c.waitForRoom(ctx); err != nil {
				return err
			}
		}
	}
	if c.state != Ready {
		c.mu.Unlock()
		return errUnavailable
	}
	if !c.flushing || c.behind {
		c.now = c.clock()
	}
	if !c.flushing && c.stale() {
		c.closeLocked(PeerClosed, io.EOF)
		return errUnavailable
	}
	c.append(call, r, deadline, long)
	var err error
	if !c.flushing || c.waits != 0 && c.ripe() {
		err = c.lead(ctx, call)
	} else {
		c.mu.Unlock()
		err = c.await(ctx, call)
	}
	if long {
		call.recall()
	}
	return err
}

// lead is the way of a call whose caller finds nobody flushing, or a flusher that waits for more than is needed: it flushes, and
// reads if it is alone. Called with c.mu held; it gives it up.
func (c *Conn) lead(ctx context.Context, call *Call) error {
	c.flushing, c.waits = true, 0
	patient := call.ended == nil && call.ctx == nil
	reads, heed := c.takeReading(call)
	if reads && c.direct != nil && !c.couldBlock(patient) {
		return c.exchange(ctx, call)
	}
	c.flush(patient)
	if reads && c.cut { // there is nothing to read but last words
		c.leave()
		c.toResident()
		reads = false
	}
	c.handOver()
	c.mu.Unlock()
	if reads {
		return c.readOwn(ctx, call, c.fill())
	}
	err := c.await(ctx, call)
	if heed {
		c.heed(call.ended)
	}
	return err
}

// append adds the call to the write buffer and the queue; that both happen under one lock keeps the stream in order.
// deadline is as from lookedAfter. Step 3 of 6: encode. Called with c.mu held.
func (c *Conn) append(call *Call, r *redis.Request, deadline int64, long bool) {
	before := len(c.wbuf)
	if call.DB != AnyDB && call.DB != c.db {
		c.wbuf = appendSelect(c.wbuf, call.DB)
		c.db = call.DB
		call.selects = true
	}
	call.conn = c
	switch {
	case call.Many != nil:
		call.holds = several
	case r != &call.Request:
		call.holds = nothing
	default:
		call.holds = one
	}
	if call.home != c.cfg { // a channel made in one testing/synctest bubble must not be used in another
		call.done, call.home = make(chan struct{}, 1), c.cfg
	}
	call.began, call.begin = c.now, c.appended+int64(len(c.wbuf)-before)
	aside := 0
	switch {
	case long:
		aside = c.appendAround(call, r)
	case call.holds == several:
		c.wbuf = call.appendMany(c.wbuf)
	default:
		c.wbuf = r.Append(c.wbuf)
	}
	c.appended += int64(len(c.wbuf) - before + aside)
	if c.queue.size > 0 {
		c.met = c.now
	}
	c.queue.push(call)
	c.calls++
	if c.woken > 0 {
		c.woken--
	}
	switch {
	case deadline > 0:
		call.limited = true
		c.expire(call, deadline)
	case deadline == 0 && c.cfg.Timeout > 0 && call.Block >= 0:
		c.expire(call, c.now+int64(min(c.cfg.Timeout, endless)+call.Block))
	}
	if call.ctx != nil {
		c.watch(c.sweeps.next(c.now))
	}
}

func appendSelect(b []byte, db int) []byte {
	b = resp.AppendArray(b, 2)
	b = resp.AppendBulk(b, "SELECT")
	return resp.AppendInt(b, int64(db))
}

// hasRoom reports whether size more bytes may wait to be written. One call may always, however large.
func (c *Conn) hasRoom(size int) bool {
	waiting := int(c.appended - c.handed)
	return waiting == 0 || waiting+size <= c.bound || c.state != Ready
}

// waitForRoom waits until the flusher has taken the write buffer, or the context ends. It is called with c.mu held
// and returns with it held if there was no error.
func (c *Conn) waitForRoom(ctx context.Context) error {
	if c.room == nil {
		c.room = make(chan struct{})
	}
	room := c.room
	c.mu.Unlock()
	var late <-chan time.Time
	if _, has := ctx.Deadline(); !has && c.cfg.Timeout > 0 {
		timer := time.NewTimer(c.cfg.Timeout)
		defer timer.Stop()
		late = timer.C
	}
	select {
	case <-room:
		c.mu.Lock()
		return nil
	case <-ctx.Done():
		return ContextError(ctx)
	case <-late:
		return ErrTimeout
	}
}

// wakeWaiters lets those who wait for room look again. Called with c.mu held.
func (c *Conn) wakeWaiters() {
	if c.room != nil {
		close(c.room)
		c.room = nil
	}
}

// stale reports whether the peer ended the stream while nobody was looking. Called with c.mu held, by the next flusher.
func (c *Conn) stale() bool {
	return c.peek != nil && c.reading == nobody && c.queue.size == 0 && c.now-c.lastRead.Load() > staleAfter && c.peek()
}

// flush writes what was appended, for all callers, in a goroutine of its own where that may take long. Called with c.mu held and
// the flusher's role taken, which it gives up. patient: the caller's context never ends.
func (c *Conn) flush(patient bool) {
	if c.write(flushRounds, patient) {
		c.behind = true
		go c.flushOn() // ends when there is nothing left to write, or with the connection
	}
}

// flushOn is flush in a goroutine of its own, for a write that could block and for a caller that wrote enough for others.
func (c *Conn) flushOn() {
	c.mu.Lock()
	for c.write(flushRounds, true) {
	}
	c.behind = false
	c.handOver()
	c.mu.Unlock()
}

// write writes the buffer at most so many times and reports whether there is more; if not, the flusher's role is free.
// A caller stops before a write that could block; patient says that the watchdog would end it. Called with c.mu held, which it
// lets go of while it writes.
func (c *Conn) write(rounds int, patient bool) (more bool) {
	for ; len(c.wbuf) > 0 && c.state != Closed; rounds-- {
		if rounds == 0 {
			return true
		}
		if !c.ripe() && c.expectsMore() && c.yields.now() {
			if !c.waitForMore() {
				return false
			}
			if c.state == Closed { // while it waited: what is left here was answered as not sent
				break
			}
		}
		if !c.behind && c.couldBlock(patient) {
			return true
		}
		buf, pieces := c.take()
		c.mu.Unlock()
		n, err := c.writeAround(buf, pieces)
		c.mu.Lock()
		if !c.wrote(buf, n, err) {
			break
		}
	}
	c.flushing = false
	return false
}

// take takes the write buffer and the pieces that belong into it, to write them. Called with c.mu held.
func (c *Conn) take() ([]byte, []piece) {
	buf, pieces := c.wbuf, c.pieces
	c.wbuf, c.spare, c.pieces = c.spare[:0], nil, nil
	c.handed, c.taken = c.appended, c.calls
	c.wakeWaiters()
	return buf, pieces
}

// wrote says that n bytes of what was taken, buf among it, were written, and reports whether more may be. Called with c.mu held.
func (c *Conn) wrote(buf []byte, n int, err error) bool {
	c.written.Add(int64(n))
	if cap(buf) <= max(c.bound, keptBuffer) {
		c.spare = buf
	}
	if cap(buf) > keptBuffer && c.state != Closed && c.untidy == 0 {
		c.untidy = c.now + tidyAfter
		c.watch(c.untidy)
	}
	if err != nil {
		c.handed = c.written.Load()
		c.writeFailed(err)
	}
	return err == nil
}

// couldBlock reports whether the next write might wait for a server that does not read. Called with c.mu held.
func (c *Conn) couldBlock(patient bool) bool {
	unanswered := c.appended - c.queue.at(0).begin
	switch c.holds {
	case much:
		return unanswered > inlineBytes
	case little:
		return unanswered > inlineUnix || c.queue.size > inlineCalls
	}
	return !patient || unanswered > inlineBytes
}

// writeAll writes b, and takes less than all of it for an error: what follows half a command would be read as the rest of it.
func writeAll(w io.Writer, b []byte) (n int, err error) {
	n, err = w.Write(b)
	if err == nil && n != len(b) {
		err = io.ErrShortWrite
	}
	return min(max(n, 0), len(b)), err
}

// writeFailed ends the part of the stream that was not written. Replies to what was written before may still be
// readable, so the reader goes on until it meets the error itself. Called with c.mu held.
func (c *Conn) writeFailed(err error) {
	if c.state == Closed {
		return
	}
	cause := causeOf(err)
	if cause == ReadTimeout {
		cause = WriteTimeout
	}
	c.setState(Draining, cause, err)
	c.cut = true
	c.wbuf, c.pieces = nil, nil
	sent := queue{}
	for c.queue.size > 0 {
		call := c.queue.pop()
		if call.begin < c.handed {
			sent.push(call)
		} else {
			c.failCall(call, false, &endError{cause, err})
		}
	}
	c.queue = sent
	c.wakeWaiters()
	if !c.kicked { // else that is done when the caller that reads has left the socket
		c.limitReading()
	}
	if c.reading == nobody {
		c.toResident() // even if nothing is owed: it is who closes
	}
}

// limitReading gives the server its time for last words, if no more is written, or else all the time it wants. Called with c.mu held.
func (c *Conn) limitReading() {
	var until time.Time
	if c.cut {
		until = time.Now().Add(lastWords)
	}
	_ = c.net.SetReadDeadline(until) // fails only on a closed socket, which the next read reports
}

// await waits for somebody else to settle the call, or for the context to end.
func (c *Conn) await(ctx context.Context, call *Call) error {
	if call.ended == nil {
		<-call.done
		return c.settled(ctx, call)
	}
	select {
	case <-call.done:
		return c.settled(ctx, call)
	case <-call.ended:
	}
	if !call.outcome.settle(abandoned) {
		<-call.done // its reply, or its end, came first
	}
	return c.settled(ctx, call)
}

// settled says how the call ended.
func (c *Conn) settled(ctx context.Context, call *Call) error {
	switch call.outcome.is() {
	case replied:
		return nil
	case expired:
		return c.callError(call, true, ErrTimeout)
	case abandoned:
		c.left(call.began)
		return c.callError(call, true, ended(ctx, call.limited))
	}
	return call.err
}

// sent reports, of a call that failed, for each of its Many commands whether any byte of it may have been sent.
// It is asked rarely, so the bytes are counted anew.
func (c *Conn) sent(call *Call) []bool {
	sent := make([]bool, len(call.Many))
	c.mu.Lock()
	at, handed, open := call.begin, c.handed, c.state != Closed && !c.cut
	c.mu.Unlock()
	var scratch []byte
	for i := range call.Many {
		sent[i] = open || at < handed
		scratch = call.Many[i].Append(scratch[:0])
		at += int64(len(scratch))
	}
	return sent
}
