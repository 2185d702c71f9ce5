package conn_test

import (
	"context"
	"net"
	"syscall"
	"testing"
	"time"

	"github.com/fairlead-go/fairlead/internal/conn"
	"github.com/fairlead-go/fairlead/redistest"
	"github.com/fairlead-go/fairlead/resp"
)

const tcpEstablished = 1 // TCP_ESTABLISHED of netinet/tcp.h

// awaitEnd waits until the kernel knows that the peer has ended the stream, which takes loopback no time, but not none at all. It
// asks for the state alone, so that the next to look at the socket finds what it would have found.
func awaitEnd(t *testing.T, socket net.Conn) {
	t.Helper()
	raw, err := socket.(*net.TCPConn).SyscallConn()
	if err != nil {
		t.Fatal(err)
	}
	redistest.Eventually(t, patience, "the kernel knows the end of the stream", func() bool {
		ended := false
		if err := raw.Control(func(fd uintptr) {
			info, err := syscall.GetsockoptInt(int(fd), syscall.IPPROTO_TCP, syscall.TCP_INFO)
			ended = err != nil || info&0xff != tcpEstablished // the state is the first byte
		}); err != nil {
			return true // the connection was closed already
		}
		return ended
	})
}

// In between, the next caller looks before it sends.
func TestEndOfAConnectionIsSeenBeforeTheNextCallIsSent(t *testing.T) {
	t.Parallel()
	for _, e := range endings {
		t.Run(e.name, func(t *testing.T) {
			t.Parallel()
			for range 20 { // the resident goroutine may be the first
				p := connect(t, onTCP(t), conn.Config{})
				p.alone()
				e.end(p.server)
				awaitEnd(t, p.Socket())
				p.ages()
				if err := p.Do(context.Background(), command("INCR", "n")); !conn.Unavailable(err) {
					t.Fatalf("error %v, want Unavailable: it can go to another connection", err)
				}
				if i := p.wantEnd(p.Info().Cause); i.Cause != conn.PeerClosed && i.Cause != conn.PeerReset {
					t.Errorf("it ended because of %q", i.Cause)
				}
			}
		})
	}
}

// ages waits until the connection is not trusted any more only because it was used a moment ago.
func (p *pair) ages() {
	p.t.Helper()
	redistest.Eventually(p.t, patience, "the last reply was more than a millisecond ago", func() bool {
		return time.Since(p.LastUsed()) > 2*time.Millisecond
	})
}

// A push is no goodbye: the connection stays, whoever comes first upon it.
func TestPushIsNoEnd(t *testing.T) {
	t.Parallel()
	for range 20 { // the resident goroutine may be the first
		pushed := make(chan string, 1)
		p := connect(t, onTCP(t), conn.Config{OnPush: func(_ *conn.Conn, r resp.Reply) { pushed <- r.Value().Elems[0].Str }})
		p.alone()
		p.server.sends(">2\r\n+invalidate\r\n*1\r\n+k\r\n")
		p.ages()
		call := p.start(context.Background(), command("GET", "k"))
		p.server.wants(wire("GET", "k"))
		p.server.sends(bulk("v"))
		call.gets("v")
		if got := <-pushed; got != "invalidate" {
			t.Errorf("the push was %q", got)
		}
	}
}

// What else comes unasked is: it must not be taken for the reply to the next call.
func TestUnaskedReplyIsSeenBeforeTheNextCallIsSent(t *testing.T) {
	t.Parallel()
	for range 20 {
		p := connect(t, onTCP(t), conn.Config{})
		p.alone()
		p.server.sends("-ERR max idle time reached\r\n")
		p.ages()
		if err := p.Do(context.Background(), command("GET", "k")); !conn.Unavailable(err) {
			t.Fatalf("error %v, want Unavailable", err)
		}
	}
}
