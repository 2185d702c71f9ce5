package fairlead_test

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"net"
	"net/http/httptest"
	"path/filepath"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/fairlead-go/fairlead"
	"github.com/fairlead-go/fairlead/redis"
	"github.com/fairlead-go/fairlead/redistest"
)

func TestRedisPyConnection(t *testing.T) {
	t.Parallel()
	inMemory(t, "driver_info: default name + version", fairlead.Options{ClientName: "worm", Protocol: 3},
		func(t *testing.T, c *fairlead.Client, _ *redistest.Fake) { must(t, get(c)) },
		func(c *redistest.FakeConn) {
			c.ExpectCommand("HELLO", "3")
			c.ExpectCommand("CLIENT", "SETNAME", "worm")
			c.ExpectCommand("CLIENT", "SETINFO", "LIB-NAME", "fairlead")
			c.ExpectCommand("CLIENT", "SETINFO", "LIB-VER", fairlead.Version)
			c.Reply("%1\r\n$5\r\nproto\r\n:3\r\n+OK\r\n-ERR unknown subcommand\r\n-ERR unknown subcommand\r\n") // as before Redis 7.2
			c.ExpectCommand("GET", "k")
			c.Reply("$1\r\nv\r\n")
		})
	behaviour(t, "disconnect: close error still clears the socket", func(t *testing.T) {
		closes := new(atomic.Int32)
		c := openTo(t, &fairlead.Options{Addr: redistest.Default(t).Addr(), Dialer: func(ctx context.Context, network, addr string) (net.Conn, error) {
			conn, err := new(net.Dialer).DialContext(ctx, network, addr)
			return badEnd{conn, closes}, err
		}})
		_, err := c.Ping(background)
		must(t, err)
		must(t, c.Pool().Close())
		counts(t, c, 0, 0)
		is(t, "times the socket was closed", closes.Load(), 1)
	})
	behaviour(t, "second address tried after the first fails", func(t *testing.T) {
		_, port, err := net.SplitHostPort(redistest.Default(t).Addr()) // which listens on 127.0.0.1 alone
		must(t, err)
		_, err = openTo(t, &fairlead.Options{Addr: net.JoinHostPort("localhost", port), Retry: never}).Ping(background)
		must(t, err)
	})
	behaviour(t, `without retry: one dial, "Timeout connecting to server"`, oneDialTimeout)
	behaviour(t, "single_connection_client pins a connection", func(t *testing.T) {
		c := openTo(t, &fairlead.Options{Addr: redistest.Default(t).Addr(), Mode: fairlead.Exclusive})
		one := lend(t, c)
		for range 3 {
			lend(t, c) // others come and go
			details, err := one.ClientInfo(background)
			must(t, err)
			is(t, "the connection's number at the server", details.ID, one.ServerID())
		}
	})
}

// badEnd is a connection that closes with an error.
type badEnd struct {
	net.Conn
	closes *atomic.Int32
}

func (b badEnd) Close() error {
	b.closes.Add(1)
	return errors.Join(b.Conn.Close(), syscall.EIO)
}

// oneDialTimeout dials a machine that is not there.
func oneDialTimeout(t *testing.T) {
	dials := new(atomic.Int32)
	c := openTo(t, &fairlead.Options{DialTimeout: 10 * time.Millisecond, Dialer: func(ctx context.Context, _, _ string) (net.Conn, error) {
		dials.Add(1)
		<-ctx.Done() // as connect(2) does when nothing answers
		return nil, ctx.Err()
	}})
	_, err := c.Ping(background)
	sentAs(t, err, false)
	says(t, err, "cannot connect to localhost:6379", "no connection within Options.DialTimeout")
	timeout, ok := errors.AsType[net.Error](err)
	is(t, "Timeout of the net.Error in it", ok && timeout.Timeout(), true)
	is(t, "dials", dials.Load(), 1)
}

// What the encoder makes of each type of argument, over each kind of socket.
func TestRedisPyPackCommand(t *testing.T) {
	t.Parallel()
	script := func(c *redistest.FakeConn) {
		c.AnswerHandshake()
		c.Expect("*6\r\n$4\r\nECHO\r\n$9\r\nstr \xe2\x82\xac\r\n\r\n$6\r\nb\x00\xfft\r\n\r\n$2\r\n-1\r\n$3\r\n1.5\r\n$1\r\n1\r\n")
		c.Reply("+OK\r\n")
	}
	send := func(t *testing.T, o fairlead.Options) {
		t.Helper()
		command := redis.New[string]("echo", "str €\r\n", []byte("b\x00\xfft\r\n"), -1, 1.5, true)
		if _, err := fairlead.Do(background, openTo(t, &o), command); err != nil {
			t.Error(err)
		}
	}
	behaviour(t, "pack_command bytes for str/bytes/int/float: TCP", func(t *testing.T) {
		send(t, fairlead.Options{Addr: redistest.NewFake(t, script).Addr()})
	})
	behaviour(t, "pack_command bytes for str/bytes/int/float: UNIX", func(t *testing.T) {
		send(t, fairlead.Options{Addr: unixFake(t, script).Addr()})
	})
	behaviour(t, "pack_command bytes for str/bytes/int/float: TLS", func(t *testing.T) {
		fake, trust := tlsFake(t, script)
		send(t, fairlead.Options{Addr: fake.Addr(), TLS: trust})
	})
}

// tlsFake is a fake server that speaks TLS, with what a client needs to trust it.
func tlsFake(t *testing.T, scripts ...func(*redistest.FakeConn)) (*redistest.Fake, *tls.Config) {
	t.Helper()
	certified := httptest.NewTLSServer(nil) // for its certificate
	t.Cleanup(certified.Close)
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	must(t, err)
	roots := x509.NewCertPool()
	roots.AddCert(certified.Certificate())
	fake := redistest.NewFakeOn(t, tls.NewListener(listener, certified.TLS), scripts...)
	return fake, &tls.Config{RootCAs: roots}
}

func TestRedisPyOwnership(t *testing.T) {
	t.Parallel()
	behaviour(t, "ownership: from args/URL owns pool", func(t *testing.T) {
		c := open(t, redistest.Default(t).URL())
		_, err := c.Ping(background)
		must(t, err)
		must(t, c.Close())
		counts(t, c, 0, 0)
		_, err = fairlead.NewClient(c.Pool()).Ping(background)
		wraps(t, err, fairlead.ErrClosed)
	})
	behaviour(t, "ownership: connection_pool= does not close it", func(t *testing.T) {
		one := openTo(t, &fairlead.Options{Addr: redistest.Default(t).Addr()})
		two := fairlead.NewClient(one.Pool())
		must(t, two.Close())
		_, err := two.Ping(background)
		wraps(t, err, fairlead.ErrClosed)
		_, err = one.Ping(background)
		must(t, err)
	})
	behaviour(t, "ownership: from_pool closes once", func(t *testing.T) {
		o := fairlead.Options{Addr: redistest.Default(t).Addr()}
		closed := watchClosed(&o)
		c := openTo(t, &o)
		_, err := c.Ping(background)
		must(t, err)
		must(t, c.Pool().Close())
		must(t, c.Pool().Close())
		is(t, "connections closed", len(closed), 1)
	})
}

func TestRedisPyConnectMessages(t *testing.T) {
	t.Parallel()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	must(t, err)
	free := listener.Addr().String()
	must(t, listener.Close())
	missing := filepath.Join(t.TempDir(), "missing")
	for _, test := range []struct {
		name, addr string
		words      []string
		errno      syscall.Errno
	}{
		{"error messages: refused TCP", free,
			[]string{"PING at " + free, "cannot connect to " + free, "connection refused", "is the server running"}, syscall.ECONNREFUSED},
		{"error messages: missing UNIX socket", missing,
			[]string{"PING at " + missing, "cannot connect to " + missing, "no such file", `see "unixsocket"`}, syscall.ENOENT},
	} {
		behaviour(t, test.name, func(t *testing.T) {
			_, err := openTo(t, &fairlead.Options{Addr: test.addr, Retry: never}).Ping(background)
			sentAs(t, err, false)
			says(t, err, test.words...)
			wraps(t, err, test.errno)
		})
	}
}

func TestRedisPyUnixSocket(t *testing.T) {
	t.Parallel()
	behaviour(t, "default client runs PING/SET/GET over UNIX", func(t *testing.T) {
		c := open(t, "unix://"+redistest.Default(t).SocketPath())
		pong, err := c.Ping(background)
		must(t, err)
		is(t, "PING", pong, "PONG")
		key := newKey(t)
		must(t, c.Set(background, key, "v", 0))
		wantGet(t, c.Commands, key, "v")
	})
	behaviour(t, "default client never sends CLIENT MAINT_NOTIFICATIONS", func(t *testing.T) {
		fake := unixFake(t, func(c *redistest.FakeConn) {
			c.ExpectCommand("HELLO", "3")
			c.ExpectCommand("CLIENT", "SETNAME", "worm")
			c.ExpectCommand("CLIENT", "SETINFO", "LIB-NAME", "fairlead")
			c.ExpectCommand("CLIENT", "SETINFO", "LIB-VER", fairlead.Version)
			c.Reply("%1\r\n$5\r\nproto\r\n:3\r\n+OK\r\n+OK\r\n+OK\r\n")
			c.ExpectCommand("PING")
			c.Reply("+PONG\r\n")
		})
		_, err := open(t, "unix://"+fake.Addr()+"?client_name=worm&protocol=3").Ping(background)
		must(t, err)
	})
}
