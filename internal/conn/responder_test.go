package conn_test

import (
	"context"
	"io"
	"net"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/fairlead-go/fairlead/internal/conn"
)

// The one command that benchmarks send, and the reply they get to it.
var (
	getRequest = request("GET", "key:0123456789")
	getWire    = len(wire("GET", "key:0123456789"))
	getReply   = bulk("0123456789abcdef")
)

// A counter turns bytes that came into how many commands they end: all commands have the same length, so nothing is parsed.
type counter struct{ over int }

func (c *counter) add(n int) (commands int) {
	c.over += n
	commands = c.over / getWire
	c.over %= getWire
	return commands
}

// A responder is a server that costs next to nothing: what is measured against it is the client. It knows getRequest alone.
type responder struct {
	*conn.Conn
	commands, reads atomic.Int64 // how many commands it got, in how many reads
}

// respond dials a responder over a socket of this network, "tcp" or "unix". Its goroutine ends with the connection, and the
// benchmark or the test waits for that.
func respond(t testing.TB, network string) *responder {
	t.Helper()
	addr := "127.0.0.1:0"
	if network == "unix" { // not t.TempDir: a socket's path may not be long
		dir, err := os.MkdirTemp("", "fl")
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { os.RemoveAll(dir) })
		addr = filepath.Join(dir, "s")
	}
	l, err := net.Listen(network, addr)
	if err != nil {
		t.Fatal(err)
	}
	r := &responder{}
	over := make(chan struct{}) // closed when the responder's goroutine ends
	go func() {
		defer close(over)
		r.serve(l)
	}()
	t.Cleanup(func() {
		l.Close()
		<-over
	})
	r.Conn = dialFor(t, &conn.Config{Network: network, Addr: l.Addr().String()})
	return r
}

// serve answers one connection until it ends.
func (r *responder) serve(l net.Listener) {
	c, err := l.Accept()
	if err != nil {
		return
	}
	defer c.Close()
	if _, err := io.ReadFull(c, make([]byte, len(helloCommand))); err != nil {
		return
	}
	if _, err := io.WriteString(c, helloReply); err != nil {
		return
	}
	replies := []byte(strings.Repeat(getReply, 1024))
	buffer := make([]byte, 1024*getWire) // with what was left over, never more than 1024 commands
	var count counter
	for {
		n, err := c.Read(buffer[:len(buffer)-count.over])
		if err != nil {
			return
		}
		commands := count.add(n)
		r.commands.Add(int64(commands))
		r.reads.Add(1)
		if _, err := c.Write(replies[:commands*len(getReply)]); err != nil {
			return
		}
	}
}

// dialFor dials a responder or a canned server, as a client does that sets nothing.
func dialFor(t testing.TB, cfg *conn.Config) *conn.Conn {
	t.Helper()
	cfg.Timeout = 5 * time.Second
	c, err := conn.Dial(context.Background(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close(conn.UserClosed, nil) })
	return c
}

// get is one call from its beginning to its end.
func get(ctx context.Context, c *conn.Conn) error {
	call := conn.NewCall()
	call.Request, call.DB = getRequest, conn.AnyDB
	err := c.Do(ctx, call)
	call.Free()
	return err
}

// A canned connection has the reply at hand when a command is written: there is no socket, and no goroutine but the client's.
type canned struct {
	net.Conn // none: only what is below is used
	mu       sync.Mutex
	come     *sync.Cond // there is something to read, or the connection is closed
	count    counter    // these four are guarded by mu
	greeted  bool
	unread   []byte
	closed   bool
}

func newCanned() *canned {
	c := &canned{}
	c.come = sync.NewCond(&c.mu)
	return c
}

// Write answers HELLO, and then every command.
func (c *canned) Write(b []byte) (int, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.closed {
		return 0, net.ErrClosed
	}
	if !c.greeted {
		c.greeted = true
		c.unread = append(c.unread, helloReply...)
	} else {
		for range c.count.add(len(b)) {
			c.unread = append(c.unread, getReply...)
		}
	}
	c.come.Signal()
	return len(b), nil
}

func (c *canned) Read(b []byte) (int, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for len(c.unread) == 0 {
		if c.closed {
			return 0, net.ErrClosed
		}
		c.come.Wait()
	}
	n := copy(b, c.unread)
	c.unread = append(c.unread[:0], c.unread[n:]...)
	return n, nil
}

func (c *canned) Close() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.closed = true
	c.come.Broadcast()
	return nil
}

func (c *canned) SetDeadline(time.Time) error      { return nil } // it never makes anybody wait
func (c *canned) SetReadDeadline(time.Time) error  { return nil }
func (c *canned) SetWriteDeadline(time.Time) error { return nil }

// dialCanned opens a connection to a canned server.
func dialCanned(t testing.TB) *conn.Conn {
	return dialFor(t, &conn.Config{Network: "tcp", Addr: "canned", Dialer: func(context.Context, string, string) (net.Conn, error) {
		return newCanned(), nil
	}})
}
