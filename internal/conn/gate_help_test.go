package conn_test

import (
	"context"
	"net"
	"strings"
	"sync"
	"sync/atomic"
)

// A gatedDialer opens connections whose writes wait, once shut was called, until open is closed.
type gatedDialer struct {
	dial    func(ctx context.Context, network, addr string) (net.Conn, error)
	open    chan struct{}
	entered chan string // each write that begins
	closed  atomic.Bool
}

type gated struct {
	net.Conn
	gate *gatedDialer
}

func (g *gatedDialer) Dial(ctx context.Context, network, addr string) (net.Conn, error) {
	c, err := g.dial(ctx, network, addr)
	return gated{c, g}, err
}

func (g *gatedDialer) shut() { g.closed.Store(true) }

func (c gated) Write(p []byte) (int, error) {
	if c.gate.closed.Load() {
		c.gate.entered <- string(p)
		<-c.gate.open
	}
	return c.Conn.Write(p)
}

func containsText(err error, text string) bool {
	return err != nil && strings.Contains(err.Error(), text)
}

// A failingDialer opens a connection that takes so many bytes and then fails.
type failingDialer struct {
	dial  func(ctx context.Context, network, addr string) (net.Conn, error)
	after int
	err   error
}

type failing struct {
	net.Conn
	d *failingDialer
}

func (d *failingDialer) Dial(ctx context.Context, network, addr string) (net.Conn, error) {
	c, err := d.dial(ctx, network, addr)
	return failing{c, d}, err
}

func (c failing) Write(p []byte) (int, error) {
	if len(p) <= c.d.after {
		c.d.after -= len(p)
		return c.Conn.Write(p)
	}
	n, err := c.Conn.Write(p[:c.d.after])
	c.d.after = 0
	if err == nil {
		err = c.d.err
	}
	return n, err
}

// A lingeringDialer opens connections whose writes return late, once shut was called: when leave gives a value.
type lingeringDialer struct {
	gatedDialer
	leave chan struct{}
}

type lingering struct {
	net.Conn
	d *lingeringDialer
}

func (d *lingeringDialer) Dial(ctx context.Context, network, addr string) (net.Conn, error) {
	c, err := d.dial(ctx, network, addr)
	return lingering{c, d}, err
}

func (c lingering) Write(p []byte) (int, error) {
	n, err := c.Conn.Write(p)
	if c.d.closed.Load() {
		<-c.d.leave
	}
	return n, err
}

// A spyDialer opens TCP connections that note what is written, and end when they may.
type spyDialer struct {
	closing chan struct{} // closed when the end has begun
	end     chan struct{}

	mu   sync.Mutex // guards sent
	sent strings.Builder
}

type spied struct {
	net.Conn
	spy *spyDialer
}

func (d *spyDialer) Dial(ctx context.Context, network, addr string) (net.Conn, error) {
	var dialer net.Dialer
	c, err := dialer.DialContext(ctx, network, addr)
	return spied{c, d}, err
}

func (d *spyDialer) wrote(text string) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	return strings.Contains(d.sent.String(), text)
}

func (c spied) Write(p []byte) (int, error) {
	c.spy.mu.Lock()
	c.spy.sent.Write(p)
	c.spy.mu.Unlock()
	return c.Conn.Write(p)
}

func (c spied) Close() error {
	close(c.spy.closing)
	<-c.spy.end
	return c.Conn.Close()
}
