package redistest

import (
	"context"
	"net"
	"sync"
	"testing"
)

// Proxy forwards TCP connections to a real server and breaks exactly one thing, which can be changed at any time: see the
// methods of the faults. Each direction has at most one fault; setting one ends the former, and Restore ends all.
type Proxy struct {
	target, addr string
	running      sync.WaitGroup // every goroutine of the proxy; Close ends and awaits them
	ctx          context.Context
	cancel       context.CancelFunc // ends dials; called by Close

	mu       sync.Mutex // guards what follows, and the lanes' own fields
	listener net.Listener
	refusing bool // the listener is closed
	resetNew bool // what is accepted is reset
	faults   [2]fault
	changed  chan struct{} // closed and replaced when faults changes
	conns    map[*proxied]struct{}
	opened   int
}

// NewProxy starts a proxy in front of the server at target, such as Server.Addr, and closes it with the test.
func NewProxy(t testing.TB, target string) *Proxy {
	t.Helper()
	p, err := StartProxy(target)
	if err != nil {
		t.Fatalf("redistest: %v", err)
	}
	t.Cleanup(p.Close)
	return p
}

// StartProxy is NewProxy for programs that are not tests. The caller ends the proxy with Close.
func StartProxy(target string) (*Proxy, error) {
	l, err := listenLoopback()
	if err != nil {
		return nil, err
	}
	p := &Proxy{
		target:   target,
		addr:     l.Addr().String(),
		listener: l,
		changed:  make(chan struct{}),
		conns:    map[*proxied]struct{}{},
	}
	p.ctx, p.cancel = context.WithCancel(context.Background())
	p.running.Go(func() { p.accept(l) })
	return p, nil
}

// Addr is the host and port that clients dial. It stays the same over Refuse and Restore.
func (p *Proxy) Addr() string { return p.addr }

// Opened returns how many connections were accepted since the start, those of AcceptAndReset too.
func (p *Proxy) Opened() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.opened
}

// Open returns how many connections go through the proxy now.
func (p *Proxy) Open() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return len(p.conns)
}

// Close ends the proxy and all its connections. It may be called again.
func (p *Proxy) Close() {
	p.cancel()
	p.mu.Lock()
	closeListener(p.listener)
	p.refusing = true
	p.mu.Unlock()
	p.endAll(FIN)
	p.running.Wait()
}

// accept ends with its listener.
func (p *Proxy) accept(l net.Listener) {
	for {
		client, err := l.Accept()
		if err != nil {
			return
		}
		p.mu.Lock()
		p.opened++
		resetNew := p.resetNew
		p.mu.Unlock()
		if resetNew {
			RST.apply(client)
			continue
		}
		p.running.Go(func() { p.connect(client) })
	}
}

// connect dials the server for a client and starts to forward. If the server cannot be reached, the client is reset.
func (p *Proxy) connect(client net.Conn) {
	var dialer net.Dialer
	server, err := dialer.DialContext(p.ctx, "tcp", p.target)
	if err != nil {
		RST.apply(client)
		return
	}
	c := newProxied(p, client, server)
	p.mu.Lock()
	closed := p.ctx.Err() != nil
	if !closed {
		p.conns[c] = struct{}{}
	}
	p.mu.Unlock()
	if closed {
		RST.apply(client)
		server.Close()
		return
	}
	c.start()
}

// all returns the connections of now.
func (p *Proxy) all() []*proxied {
	p.mu.Lock()
	defer p.mu.Unlock()
	conns := make([]*proxied, 0, len(p.conns))
	for c := range p.conns {
		conns = append(conns, c)
	}
	return conns
}

func (p *Proxy) endAll(how Ending) {
	for _, c := range p.all() {
		c.end(how)
	}
}
