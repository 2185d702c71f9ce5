package redistest

import (
	"errors"
	"io"
	"net"
	"sync"
)

// proxied is one connection through a Proxy: a lane for each direction, each with a goroutine that reads and one that
// writes.
type proxied struct {
	proxy          *Proxy
	client, server net.Conn
	lanes          [2]*lane
	once           sync.Once     // for end
	ended          chan struct{} // closed by end: both sockets are closed
	silent         chan struct{} // closed when both sides have ended their stream: no byte can come any more
	reading        sync.WaitGroup
	writing        sync.WaitGroup
}

func newProxied(p *Proxy, client, server net.Conn) *proxied {
	c := &proxied{proxy: p, client: client, server: server, ended: make(chan struct{}), silent: make(chan struct{})}
	c.lanes[ToServer] = newLane(c, ToServer, client, server)
	c.lanes[ToClient] = newLane(c, ToClient, server, client)
	return c
}

// start starts the goroutines. They end with the connection: when both sides have, or by end.
func (c *proxied) start() {
	for _, l := range c.lanes {
		c.reading.Go(l.read)
		c.writing.Go(l.write)
	}
	c.proxy.running.Go(func() {
		c.reading.Wait()
		close(c.silent)
	})
	c.proxy.running.Go(func() {
		c.writing.Wait()
		c.end(FIN)
	})
}

// end ends the connection on both sides, the client's first.
func (c *proxied) end(how Ending) {
	c.once.Do(func() {
		how.apply(c.client)
		how.apply(c.server)
		close(c.ended)
		c.proxy.mu.Lock()
		delete(c.proxy.conns, c)
		c.proxy.mu.Unlock()
	})
}

// read puts what one side sends into the lane, and ends with that side's stream.
func (l *lane) read() {
	buf := make([]byte, 32<<10)
	for {
		n, err := l.src.Read(buf)
		if n > 0 {
			l.add(item{kind: dataItem, data: append([]byte(nil), buf[:n]...)})
		}
		switch {
		case errors.Is(err, io.EOF):
			l.add(item{kind: lastItem})
			return
		case err != nil:
			l.add(item{kind: rstItem})
			return
		}
		if !l.awaitRoom() {
			return
		}
	}
}

// write forwards what is in the lane, as the fault of its direction allows, and ends with the stream or the connection.
func (l *lane) write() {
	for {
		m := l.next()
		if m.nothing {
			if !l.pause(m) {
				return
			}
			continue
		}
		if !l.carryOut(m) {
			return
		}
	}
}

// carryOut does what next decided. It returns false when nothing can follow.
func (l *lane) carryOut(m move) bool {
	switch m.kind {
	case finItem, lastItem:
		if !l.finished {
			_ = closeWrite(l.dst) // fails only if the connection is gone
		}
		l.finished = true
		return m.kind == finItem
	case rstItem:
		l.conn.end(RST)
		return false
	}
	var err error
	if !l.finished {
		_, err = l.dst.Write(m.data)
	}
	switch {
	case m.cut != nil:
		l.conn.end(m.cut.how)
		close(m.cut.done)
	case err != nil:
		l.conn.end(RST) // as the kernel answers bytes for a socket that is gone
	}
	return m.cut == nil && err == nil
}
