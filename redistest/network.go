package redistest

import (
	"context"
	"fmt"
	"net"
	"os"
	"sync"
	"syscall"
	"time"
)

// defaultWindow is how many bytes one direction of a connection holds unless the network says otherwise.
const defaultWindow = 64 << 10

// Network is a network in memory whose connections behave like TCP: buffered, with deadlines, FIN, RST and half-close, and
// with peers that vanish. The zero value is ready. It works in a testing/synctest bubble: whatever waits there waits durably
// and by the bubble's clock. A network belongs to the bubble in which it is first used; its fields are set before that.
//
//	network := &redistest.Network{Latency: time.Millisecond}
//	listener, err := network.Listen("redis:6379")
//	options.Dialer = network.Dial
type Network struct {
	// Window is how many bytes of one direction may be written and not yet read; past it a write waits. Zero means 64 KiB.
	Window int
	// Latency is the time that bytes, FIN and RST take from one end to the other. Dialling takes twice that. Zero: no time.
	Latency time.Duration

	mu        sync.Mutex // guards what follows; taken before a link's lock, never after it
	listeners map[string]*listener
	hosts     map[string]*host
	dials     int
}

// host is one address that can vanish.
type host struct {
	dropped  bool
	restored chan struct{} // closed by Restore; nil unless dropped
	links    map[*link]struct{}
}

// Listen listens on addr, any text such as "redis:6379". An address that is listened on already is syscall.EADDRINUSE.
func (n *Network) Listen(addr string) (net.Listener, error) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.listeners[addr] != nil {
		return nil, n.failed("listen", addr, os.NewSyscallError("bind", syscall.EADDRINUSE))
	}
	if n.listeners == nil {
		n.listeners = map[string]*listener{}
	}
	l := &listener{network: n, addr: memAddr(addr), changed: make(chan struct{})}
	n.listeners[addr] = l
	return l, nil
}

// Dial connects to addr; network is used for nothing. Where nobody listens the error is syscall.ECONNREFUSED. Where packets
// are dropped it waits for ctx. It has the type of fairlead.Options.Dialer.
func (n *Network) Dial(ctx context.Context, _, addr string) (net.Conn, error) {
	if err := n.reach(ctx, addr); err != nil {
		return nil, n.failed("dial", addr, err)
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	l := n.listeners[addr]
	if l == nil {
		return nil, n.failed("dial", addr, os.NewSyscallError("connect", syscall.ECONNREFUSED))
	}
	n.dials++
	local := memAddr(fmt.Sprintf("client:%d", n.dials))
	link := newLink(n, local, l.addr)
	h := n.host(addr)
	link.dropped = h.dropped
	h.links[link] = struct{}{}
	l.add(&link.ends[1])
	return &link.ends[0], nil
}

// reach waits for the two packets that open a connection.
func (n *Network) reach(ctx context.Context, addr string) error {
	for {
		if err := ctx.Err(); err != nil {
			return err
		}
		n.mu.Lock()
		restored := n.host(addr).restored
		n.mu.Unlock()
		if restored == nil {
			break
		}
		select {
		case <-restored:
		case <-ctx.Done():
		}
	}
	if n.Latency <= 0 {
		return nil
	}
	roundTrip := time.NewTimer(2 * n.Latency)
	defer roundTrip.Stop()
	select {
	case <-roundTrip.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// Drop makes the machine at addr vanish: from now on no byte, FIN or RST passes to or from it, in connections old and new.
// Writes succeed until the window is full, reads and dials wait. Nothing is lost but time: see Restore.
func (n *Network) Drop(addr string) {
	n.mu.Lock()
	defer n.mu.Unlock()
	h := n.host(addr)
	if h.dropped {
		return
	}
	h.dropped, h.restored = true, make(chan struct{})
	for link := range h.links {
		link.setDropped(true)
	}
}

// Restore ends Drop. What was written, closed or reset in the meantime arrives now, as TCP would send it again.
func (n *Network) Restore(addr string) {
	n.mu.Lock()
	defer n.mu.Unlock()
	h := n.host(addr)
	if !h.dropped {
		return
	}
	close(h.restored)
	h.dropped, h.restored = false, nil
	for link := range h.links {
		link.setDropped(false)
	}
}

// host returns the entry of addr; n.mu is held.
func (n *Network) host(addr string) *host {
	if n.hosts == nil {
		n.hosts = map[string]*host{}
	}
	h := n.hosts[addr]
	if h == nil {
		h = &host{links: map[*link]struct{}{}}
		n.hosts[addr] = h
	}
	return h
}

// forget drops a connection that both ends have closed.
func (n *Network) forget(l *link) {
	n.mu.Lock()
	defer n.mu.Unlock()
	delete(n.host(string(l.ends[1].local)).links, l)
}

func (n *Network) failed(op, addr string, err error) error {
	return &net.OpError{Op: op, Net: "tcp", Addr: memAddr(addr), Err: err}
}

// memAddr is an address of a Network.
type memAddr string

// Network says tcp, since that is what the connections behave like.
func (a memAddr) Network() string { return "tcp" }

// String returns the address as it was given to Listen or made up by Dial.
func (a memAddr) String() string { return string(a) }
