package conn_test

import (
	"context"
	"crypto/tls"
	"net"
	"testing"

	"github.com/fairlead-go/fairlead/internal/conn"
	"github.com/fairlead-go/fairlead/redistest"
)

// named is a TLS configuration for the server at 127.0.0.1.
func named(cfg *tls.Config) *tls.Config {
	cfg.ServerName = "127.0.0.1"
	return cfg
}

func TestTLS(t *testing.T) {
	t.Parallel()
	server := redistest.Start(t, redistest.TLS())
	c := dial(t, &conn.Config{Addr: server.TLSAddr(), TLS: named(server.TLSConfig())})
	call := command("ECHO", "hello")
	if err := c.Do(context.Background(), call); err != nil || call.Reply.Text() != "hello" {
		t.Errorf("ECHO over TLS: %q, %v", call.Reply.Text(), err)
	}
	if _, isTCP := c.Socket().(*net.TCPConn); !isTCP {
		t.Errorf("the socket is a %T", c.Socket())
	}
	refuse(t, &conn.Config{Addr: server.TLSAddr(), TLS: &tls.Config{ServerName: "127.0.0.1"}}, conn.DialFailed,
		"cannot connect to ", "certificate signed by unknown authority: give the server's certificate authority in Options.TLS.RootCAs")
	other := server.TLSConfig()
	other.ServerName = "redis.example"
	if e := refuse(t, &conn.Config{Addr: server.TLSAddr(), TLS: other}, conn.DialFailed, "redis.example"); !conn.Permanent(e) {
		t.Errorf("%v: a certificate for another name does not go away by itself", e)
	}
}

func TestPlainToTLSPort(t *testing.T) {
	t.Parallel()
	server := redistest.Start(t, redistest.TLS())
	_, err := conn.Dial(context.Background(), &conn.Config{Network: "tcp", Addr: server.TLSAddr()})
	wantSentence(t, err, "rediss://") // the server hangs up, with an alert before that or without, with FIN or RST
}

func TestTLSToPlainPort(t *testing.T) {
	t.Parallel()
	fake := redistest.NewFake(t, func(c *redistest.FakeConn) {
		c.Expect("\x16\x03\x01") // a server takes that for a command in one line, and complains if the line ends by chance
		c.Reply("-ERR unknown command\r\n")
		c.Hang()
	})
	e := refuse(t, &conn.Config{Addr: fake.Addr(), TLS: &tls.Config{ServerName: "127.0.0.1"}}, conn.DialFailed,
		"cannot connect to ", "the server does not speak TLS on this port; use redis:// or leave Options.TLS empty, or ask its tls-port")
	if !conn.Permanent(e) {
		t.Errorf("%v does not go away by itself", e)
	}
}

func TestHangUpDuringTLSHandshake(t *testing.T) {
	t.Parallel()
	fake := redistest.NewFake(t, func(c *redistest.FakeConn) {
		c.Expect("\x16\x03\x01")
		c.HalfClose()
		c.Hang()
	})
	refuse(t, &conn.Config{Addr: fake.Addr(), TLS: &tls.Config{ServerName: "127.0.0.1"}}, conn.DialFailed,
		"EOF during the TLS handshake: does the server speak TLS on this port?")
}

func TestMutualTLS(t *testing.T) {
	t.Parallel()
	server := redistest.Start(t, redistest.RequireClientCert())
	c := dial(t, &conn.Config{Addr: server.TLSAddr(), TLS: named(server.ClientCertTLSConfig())})
	if err := c.Ping(context.Background()); err != nil {
		t.Error(err)
	}
	// In TLS 1.3 the server's refusal comes after the client's side of the handshake is done, in 1.2 before.
	for _, version := range []uint16{tls.VersionTLS12, tls.VersionTLS13} {
		cfg := named(server.TLSConfig())
		cfg.MinVersion, cfg.MaxVersion = version, version
		_, err := conn.Dial(context.Background(), &conn.Config{Network: "tcp", Addr: server.TLSAddr(), TLS: cfg})
		e := wantSentence(t, err, "remote error: tls", "the server refused our certificate: does it ask for one (Options.TLS.Certificates)?")
		if !conn.Permanent(e) {
			t.Errorf("%v does not go away by itself", e)
		}
	}
}

func TestTLSGoodbye(t *testing.T) {
	t.Parallel()
	server := redistest.Start(t, redistest.TLS())
	proxy := redistest.NewProxy(t, server.TLSAddr())
	c := dial(t, &conn.Config{Addr: proxy.Addr(), TLS: named(server.TLSConfig())})
	if err := c.Ping(context.Background()); err != nil {
		t.Fatal(err)
	}
	goodbye := proxy.CutAfter(redistest.ToServer, 0, redistest.FIN)
	c.Close(conn.UserClosed, nil)
	<-goodbye // something was sent before the end: close_notify
}
