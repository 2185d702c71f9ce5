package conn_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"sync"
	"testing"
	"time"

	"github.com/fairlead-go/fairlead/internal/conn"
	"github.com/fairlead-go/fairlead/redistest"
)

// A peer is the server's end of a connection in the hands of the test: what it wants to be sent, and what it sends.
// Its methods are called by the test's own goroutine, so that a test reads from top to bottom.
type peer struct {
	t *testing.T
	net.Conn
	r *bufio.Reader
}

// patience is how long a peer waits for bytes that never come: real time on a real socket.
const patience = 20 * time.Second

// wants reads exactly these bytes.
func (p *peer) wants(raw string) {
	p.t.Helper()
	p.SetReadDeadline(time.Now().Add(patience))
	got := make([]byte, len(raw))
	n, err := io.ReadFull(p.r, got)
	if string(got[:n]) != raw {
		p.t.Fatalf("the server read %q (%v), want %q", got[:n], err, raw)
	}
}

// wantsNothing makes sure that no byte waits. It is for bubbles, after synctest.Wait.
func (p *peer) wantsNothing() {
	p.t.Helper()
	p.SetReadDeadline(time.Now().Add(time.Nanosecond))
	if b, err := p.r.ReadByte(); err == nil {
		rest, _ := p.r.Peek(p.r.Buffered())
		p.t.Fatalf("the server read %q, want nothing", string(b)+string(rest))
	}
}

// sends sends these bytes.
func (p *peer) sends(raw string) {
	p.t.Helper()
	if _, err := io.WriteString(p.Conn, raw); err != nil {
		p.t.Fatalf("the server cannot send %q: %v", raw, err)
	}
}

// resets ends the connection with an RST.
func (p *peer) resets() {
	if tcp, ok := p.Conn.(*net.TCPConn); ok {
		tcp.SetLinger(0)
		tcp.Close()
		return
	}
	p.Conn.(*redistest.MemConn).Reset()
}

// wantsEnd reads the end of the stream, with nothing before it.
func (p *peer) wantsEnd() {
	p.t.Helper()
	p.SetReadDeadline(time.Now().Add(patience))
	rest, err := io.ReadAll(p.r)
	if len(rest) > 0 || errors.Is(err, context.DeadlineExceeded) {
		p.t.Fatalf("the server read %q (%v), want the end of the connection", rest, err)
	}
	var timeout net.Error
	if errors.As(err, &timeout) && timeout.Timeout() {
		p.t.Fatalf("the server waited in vain for the end of the connection")
	}
}

// The handshake of a Config that says nothing: what the client sends, and what a server says to it.
const (
	helloCommand = "*2\r\n$5\r\nHELLO\r\n$1\r\n3\r\n"
	helloReply   = "%3\r\n$6\r\nserver\r\n$5\r\nredis\r\n$5\r\nproto\r\n:3\r\n$2\r\nid\r\n:7\r\n"
)

// A pair is a connection that is Ready, and the server's end of it.
type pair struct {
	*conn.Conn
	t      *testing.T
	server *peer
	events *events
}

// An opener gives both ends of a socket: the function dials, the listener accepts.
type opener struct {
	net.Listener
	dial func(ctx context.Context, network, addr string) (net.Conn, error)
}

// onTCP is a listener on loopback.
func onTCP(t *testing.T) opener {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	return opener{l, nil}
}

// inMemory is a listener for a bubble. Each direction holds window bytes, 0: 64 KiB.
func inMemory(t *testing.T, window int) opener {
	t.Helper()
	network := &redistest.Network{Window: window}
	l, err := network.Listen("redis:6379")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	return opener{l, network.Dial}
}

// connect opens a connection to a listener that answers as helloReply and then as the test says.
func connect(t *testing.T, o opener, cfg conn.Config) *pair {
	t.Helper()
	return greet(t, o, cfg, helloReply)
}

// connectTo is connect in memory, with another answer to HELLO.
func connectTo(t *testing.T, cfg conn.Config, greeting string) *pair {
	t.Helper()
	return greet(t, inMemory(t, 0), cfg, greeting)
}

func greet(t *testing.T, o opener, cfg conn.Config, greeting string) *pair {
	t.Helper()
	p := &pair{t: t, events: &events{}}
	cfg.Network, cfg.Addr = "tcp", o.Addr().String()
	if cfg.Dialer == nil {
		cfg.Dialer = o.dial
	}
	cfg.OnEvent = p.events.add
	dialled := make(chan error, 1)
	go func() {
		var err error
		p.Conn, err = conn.Dial(context.Background(), &cfg)
		dialled <- err
	}()
	accepted, err := o.Accept()
	if err != nil {
		t.Fatal(err)
	}
	p.server = &peer{t, accepted, bufio.NewReaderSize(accepted, 1<<20)}
	p.server.wants(helloCommand)
	p.server.sends(greeting)
	if err := <-dialled; err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		p.Close(conn.UserClosed, nil)
		p.server.Close()
	})
	return p
}

// events records what happens to connections.
type events struct {
	mu  sync.Mutex // guards all
	all []conn.Event
}

func (e *events) add(event conn.Event) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.all = append(e.all, event)
}

// lines is every change of state as "from→to", with the cause if there is one.
func (e *events) lines() []string {
	e.mu.Lock()
	defer e.mu.Unlock()
	var lines []string
	for _, event := range e.all {
		line := fmt.Sprintf("%v→%v", event.From, event.To)
		if event.Cause != conn.NoCause {
			line += " (" + event.Cause.String() + ")"
		}
		lines = append(lines, line)
	}
	return lines
}
