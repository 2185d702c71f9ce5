package conn_test

import (
	"context"
	"net"
	"runtime"
	"strings"
	"testing"

	"github.com/fairlead-go/fairlead/internal/conn"
)

// What was read and written last is kept for nobody: it may be large, and the next call far.
func TestNothingIsKeptOfTheLastCall(t *testing.T) {
	t.Parallel()
	p := connect(t, onTCP(t), conn.Config{})
	large := strings.Repeat("x", 30_000)
	call := p.start(context.Background(), command("ECHO", large))
	p.server.wants(wire("ECHO", large))
	p.server.sends(bulk(large))
	call.gets(large)
	p.exchanges() // so that the resident keeps away
	if size, replies := p.Keeps(); size > 0 || replies > 0 {
		t.Errorf("%d bytes and %d replies are kept", size, replies)
	}
}

// A Dialer that looks at the descriptor of a socket makes it blocking: a system call that the scheduler is not told of would stop
// the process.
func TestBlockingSocket(t *testing.T) {
	t.Parallel()
	if runtime.GOOS == "windows" {
		t.Skip("no such thing")
	}
	dial := func(ctx context.Context, network, addr string) (net.Conn, error) {
		var d net.Dialer
		c, err := d.DialContext(ctx, network, addr)
		if err != nil {
			return nil, err
		}
		file, err := c.(*net.TCPConn).File()
		if err != nil {
			return nil, err
		}
		defer file.Close()
		file.Fd()
		return c, nil
	}
	p := connect(t, onTCP(t), conn.Config{Dialer: dial})
	if p.Exchanges() {
		p.Close(conn.UserClosed, nil)
		t.Fatal("a blocking socket is read as if it were not")
	}
	for range 5 {
		p.get(context.Background())
	}
}
