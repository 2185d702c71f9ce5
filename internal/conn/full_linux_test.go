package conn_test

import (
	"context"
	"net"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/fairlead-go/fairlead/internal/conn"
	"github.com/fairlead-go/fairlead/redistest"
)

// sized sets a buffer of a socket that is being made.
func sized(option, size int) func(_, _ string, raw syscall.RawConn) error {
	return func(_, _ string, raw syscall.RawConn) error {
		return raw.Control(func(fd uintptr) { _ = syscall.SetsockoptInt(int(fd), syscall.SOL_SOCKET, option, size) })
	}
}

// The socket takes less than the command of a lone caller, so that it sits in a write; the watchdog gets it out there when its context has
// ended, with a Timeout and without.
func TestCallerLeavesAFullSocketWithItsContext(t *testing.T) {
	t.Parallel()
	for name, timeout := range map[string]time.Duration{"no timeout": 0, "with a timeout": 500 * time.Millisecond} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			listen := net.ListenConfig{Control: sized(syscall.SO_RCVBUF, 2048)}
			l, err := listen.Listen(t.Context(), "tcp", "127.0.0.1:0")
			if err != nil {
				t.Fatal(err)
			}
			dialer := net.Dialer{Control: sized(syscall.SO_SNDBUF, 4096)}
			p := connect(t, opener{l, nil}, conn.Config{Timeout: timeout, Dialer: dialer.DialContext})
			ctx, cancel := context.WithCancel(context.Background())
			for range 5 {
				p.get(ctx)
			}
			redistest.Eventually(t, patience, "nobody reads", func() bool { return p.Reader() == "nobody" })
			p.get(ctx)
			if !p.Heeds(ctx.Done()) {
				t.Fatal("the context is not heeded")
			}
			call := p.start(ctx, command("SET", "k", strings.Repeat("x", 60_000)))
			redistest.Eventually(t, patience, "the caller is in the socket", func() bool { return p.Reader() == "caller" })
			cancel()
			select {
			case <-call.done:
			case <-time.After(patience):
				t.Fatal("the caller did not leave")
			}
			if p.Info().Cause != conn.WriteTimeout {
				t.Errorf("closed because of %v, want a write that took too long", p.Info().Cause)
			}
		})
	}
}
