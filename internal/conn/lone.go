package conn

import (
	"context"
	"io"
	"syscall"
)

// An exchange is the way of a call that has the connection to itself: its caller writes it, and reads what comes, in one visit
// to the socket. Package net reads first, and waits when there was nothing to read, which there never is so soon after
// a write. Here the waiting begins before the write, so that no answer can be missed, and one of three system calls is saved.
// Its fields belong to who has both roles.
type exchange struct {
	conn *Conn
	sock *socket
	out  []byte                // what is to be written; nil once it is
	n    int                   // bytes written, or read
	err  error                 // what writing or reading came to
	try  func(fd uintptr) bool // made once, for syscall.RawConn
}

func newExchange(c *Conn, s *socket) *exchange {
	x := &exchange{conn: c, sock: s}
	x.try = x.step
	return x
}

// exchange runs the call whose caller has both roles. Called with c.mu held; it gives up mu and the roles.
func (c *Conn) exchange(ctx context.Context, call *Call) error {
	x := c.direct
	x.out, _ = c.take() // there are no pieces: with one of them the write could block
	x.n, x.err = 0, nil
	c.mu.Unlock()
	err := x.sock.raw.Read(x.try)
	if x.out != nil && x.err == nil { // not even begun: the caller was told to leave just before, or the socket was closed
		x.written(0, syscall.EAGAIN)
	}
	if x.out == nil {
		return c.readOwn(ctx, call, c.filled(x.n, x.sock.wrap("read", err, x.err)))
	}
	err = x.sock.wrap("write", nil, x.err)
	buf := x.out
	x.out = nil
	c.mu.Lock()
	c.flushing = false
	c.leave() // the resident goroutine reads what the server said before it hung up
	c.wrote(buf, x.n, err)
	c.handOver()
	c.mu.Unlock()
	return c.await(ctx, call)
}

// step writes when it is called first, and reads when the socket has something to read. It reports whether that was all.
func (x *exchange) step(fd uintptr) bool {
	if x.out != nil {
		return !x.written(writeSocket(fd, x.out))
	}
	x.n, x.err = readSocket(fd, x.conn.scan.Room())
	if x.err == nil && x.n == 0 {
		x.err = io.EOF
	}
	return x.err != syscall.EAGAIN
}

// written says what became of the write, finishes it if it was not over, and gives up the flusher's role. It reports whether all was
// written.
func (x *exchange) written(n int, err error) bool {
	x.n, x.err = n, err
	if err == syscall.EAGAIN || err == nil && n < len(x.out) { // the socket is full, so this waits
		n, x.err = writeAll(x.sock, x.out[n:])
		x.n += n
	}
	if x.err != nil {
		return false
	}
	c := x.conn
	c.mu.Lock()
	c.wrote(x.out, x.n, nil)
	x.out, x.n = nil, 0 // nothing is read yet, and perhaps nothing will be
	c.flush(true)
	c.mu.Unlock()
	return true
}
