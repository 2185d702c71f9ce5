package redistest

import (
	"net"
	"slices"
	"sync"
	"testing"
)

// Fake is a server that does what a script says, byte by byte. A script is a function that is called for a connection, in a
// goroutine of its own, and uses the methods of FakeConn as its steps. See NewFake.
type Fake struct {
	t        testing.TB
	listener net.Listener
	scripts  []func(*FakeConn)
	running  sync.WaitGroup // accept and one goroutine per connection; Close ends and awaits them
	closing  chan struct{}  // closed by Close

	mu       sync.Mutex // guards what follows
	closed   bool
	conns    []*FakeConn
	commands [][]string
}

// NewFake starts a fake server on a free port of 127.0.0.1 and closes it with the test. The first connection runs the first
// script, the second the second, and all further ones the last. Without any, connections are accepted and get no answer.
//
// When a script returns, its connection stays open, and the client has nothing more to say on it: a further command fails
// the test. A script ends with Close or Reset if the server is to end the connection, with Hang if the client may go on.
//
// What the client does against the script fails the test with a transcript of the connection, and so does a step that still
// waits for the client when the fake is closed. The script is not continued then and the connection is reset.
func NewFake(t testing.TB, scripts ...func(c *FakeConn)) *Fake {
	t.Helper()
	l, err := listenLoopback()
	if err != nil {
		t.Fatalf("redistest: %v", err)
	}
	return NewFakeOn(t, l, scripts...)
}

// NewFakeOn is NewFake on a listener, such as one of a Network. The fake closes it.
func NewFakeOn(t testing.TB, l net.Listener, scripts ...func(c *FakeConn)) *Fake {
	if len(scripts) == 0 {
		scripts = []func(*FakeConn){(*FakeConn).Hang}
	}
	f := &Fake{t: t, listener: l, scripts: scripts, closing: make(chan struct{})}
	f.running.Go(f.accept)
	t.Cleanup(f.Close)
	return f
}

// accept ends with the listener.
func (f *Fake) accept() {
	for {
		conn, err := f.listener.Accept()
		if err != nil {
			return
		}
		c := f.admit(conn)
		if c == nil {
			conn.Close()
			return
		}
		f.running.Go(c.run)
	}
}

// admit enters a connection, or returns nil if the fake is closed.
func (f *Fake) admit(conn net.Conn) *FakeConn {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.closed {
		return nil
	}
	c := newFakeConn(f, conn, len(f.conns)+1)
	f.conns = append(f.conns, c)
	return c
}

// script is what the connection with the given number runs.
func (f *Fake) script(number int) func(*FakeConn) {
	return f.scripts[min(number, len(f.scripts))-1]
}

// Addr is where the fake listens: host and port, or the address given to Network.Listen.
func (f *Fake) Addr() string { return f.listener.Addr().String() }

// URL is the redis:// URL of Addr.
func (f *Fake) URL() string { return "redis://" + f.Addr() }

// Conns returns how many connections were accepted, closed ones too.
func (f *Fake) Conns() int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return len(f.conns)
}

// Commands returns the commands that scripts have read, of all connections, in the order in which they were read. Those that
// AnswerHandshake answered are not among them.
func (f *Fake) Commands() [][]string {
	f.mu.Lock()
	defer f.mu.Unlock()
	return slices.Clone(f.commands)
}

// record notes a command that a script has read.
func (f *Fake) record(args []string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.commands = append(f.commands, args)
}

// Close stops listening, ends every connection and returns when all scripts have ended. A script that waits for something of
// its own must not wait for ever: Hold gives up when the fake is closed. Close may be called again.
func (f *Fake) Close() {
	f.mu.Lock()
	first := !f.closed
	f.closed = true
	conns := f.conns
	f.mu.Unlock()
	if first {
		close(f.closing)
		closeListener(f.listener)
		for _, c := range conns {
			c.interrupt()
		}
	}
	f.running.Wait()
}

// isClosing says whether it is the fake that ends connections.
func (f *Fake) isClosing() bool {
	select {
	case <-f.closing:
		return true
	default:
		return false
	}
}
