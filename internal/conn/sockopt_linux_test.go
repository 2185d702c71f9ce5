package conn_test

import (
	"context"
	"net"
	"syscall"
	"testing"
	"time"

	"github.com/fairlead-go/fairlead/internal/conn"
	"github.com/fairlead-go/fairlead/redistest"
)

const tcpUserTimeout = 0x12 // TCP_USER_TIMEOUT of linux/tcp.h

// onDescriptor calls f with the socket's descriptor.
func onDescriptor(t *testing.T, socket net.Conn, f func(fd int) error) {
	t.Helper()
	raw, err := socket.(syscall.Conn).SyscallConn()
	if err != nil {
		t.Fatal(err)
	}
	if err := raw.Control(func(fd uintptr) {
		if err := f(int(fd)); err != nil {
			t.Error(err)
		}
	}); err != nil {
		t.Fatal(err)
	}
}

func TestSocketOptions(t *testing.T) {
	t.Parallel()
	server := redistest.Start(t, redistest.TLS())
	for name, change := range map[string]func(*conn.Config){
		"net's dialer": func(*conn.Config) {},
		"another dialer": func(cfg *conn.Config) {
			cfg.Dialer = func(ctx context.Context, network, addr string) (net.Conn, error) {
				d := net.Dialer{KeepAlive: -1}
				return d.DialContext(ctx, network, addr)
			}
		},
		"TLS": func(cfg *conn.Config) { cfg.Addr, cfg.TLS = server.TLSAddr(), named(server.TLSConfig()) },
	} {
		t.Run(name, func(t *testing.T) {
			cfg := &conn.Config{Addr: server.Addr(), UserTimeout: 7500 * time.Millisecond,
				KeepAlive: net.KeepAliveConfig{Enable: true, Idle: 11 * time.Second, Interval: 3 * time.Second, Count: 4}}
			change(cfg)
			c := dial(t, cfg)
			onDescriptor(t, c.Socket(), func(fd int) error {
				for _, option := range []struct {
					name                string
					level, option, want int
				}{
					{"SO_KEEPALIVE", syscall.SOL_SOCKET, syscall.SO_KEEPALIVE, 1},
					{"TCP_KEEPIDLE", syscall.IPPROTO_TCP, syscall.TCP_KEEPIDLE, 11},
					{"TCP_KEEPINTVL", syscall.IPPROTO_TCP, syscall.TCP_KEEPINTVL, 3},
					{"TCP_KEEPCNT", syscall.IPPROTO_TCP, syscall.TCP_KEEPCNT, 4},
					{"TCP_USER_TIMEOUT", syscall.IPPROTO_TCP, tcpUserTimeout, 7500},
					{"TCP_NODELAY", syscall.IPPROTO_TCP, syscall.TCP_NODELAY, 1},
				} {
					got, err := syscall.GetsockoptInt(fd, option.level, option.option)
					if err != nil {
						return err
					}
					if got != option.want {
						t.Errorf("%s is %d, want %d", option.name, got, option.want)
					}
				}
				return nil
			})
		})
	}
}

func TestSocketOptionsLeftToTheKernel(t *testing.T) {
	t.Parallel()
	c := dial(t, &conn.Config{Addr: redistest.Default(t).Addr()})
	onDescriptor(t, c.Socket(), func(fd int) error {
		keep, err := syscall.GetsockoptInt(fd, syscall.SOL_SOCKET, syscall.SO_KEEPALIVE)
		if err != nil {
			return err
		}
		user, err := syscall.GetsockoptInt(fd, syscall.IPPROTO_TCP, tcpUserTimeout)
		if keep != 0 || user != 0 {
			t.Errorf("SO_KEEPALIVE is %d, TCP_USER_TIMEOUT %d, want both off", keep, user)
		}
		return err
	})
}

// A child process does not inherit the connection.
func TestSocketIsCloseOnExec(t *testing.T) {
	t.Parallel()
	server := redistest.Default(t)
	for _, cfg := range []conn.Config{{Network: "tcp", Addr: server.Addr()}, {Network: "unix", Addr: server.SocketPath()}} {
		c := dial(t, &cfg)
		onDescriptor(t, c.Socket(), func(fd int) error {
			flags, _, errno := syscall.Syscall(syscall.SYS_FCNTL, uintptr(fd), syscall.F_GETFD, 0)
			if errno != 0 {
				return errno
			}
			if flags&syscall.FD_CLOEXEC == 0 {
				t.Errorf("%s: the socket is not close-on-exec", cfg.Network)
			}
			return nil
		})
	}
}
