package redistest_test

import (
	"crypto/tls"
	"io"
	"net"
	"testing"

	"github.com/fairlead-go/fairlead/redistest"
)

// pingOverTLS says why there was no PONG. A refused client certificate shows only when something is read.
func pingOverTLS(t *testing.T, addr string, config *tls.Config) error {
	t.Helper()
	conn, err := tls.DialWithDialer(&net.Dialer{Timeout: patience}, "tcp", addr, config)
	if err != nil {
		return err
	}
	c := newClient(t, conn)
	if _, err := io.WriteString(c, ping); err != nil {
		return err
	}
	_, err = c.Read(make([]byte, 1))
	return err
}

func TestTLS(t *testing.T) {
	t.Parallel()
	server := redistest.Start(t, redistest.TLS())
	for name, config := range map[string]*tls.Config{
		"without a certificate": server.TLSConfig(),
		"with a certificate":    server.ClientCertTLSConfig(),
	} {
		if err := pingOverTLS(t, server.TLSAddr(), config); err != nil {
			t.Errorf("a client %s: %v", name, err)
		}
	}
	if err := pingOverTLS(t, server.TLSAddr(), &tls.Config{}); err == nil {
		t.Error("a client that does not know the authority trusted the server")
	}
	byName := server.TLSConfig()
	byName.ServerName = "localhost"
	if err := pingOverTLS(t, server.TLSAddr(), byName); err != nil {
		t.Errorf("by the name localhost: %v", err)
	}
	c := dial(t, "tcp", server.Addr()) // the plain port is still there
	c.send(ping)
	c.want(pong)
}

func TestRequireClientCert(t *testing.T) {
	t.Parallel()
	server := redistest.Start(t, redistest.RequireClientCert())
	if err := pingOverTLS(t, server.TLSAddr(), server.TLSConfig()); err == nil {
		t.Error("a client without a certificate was let in")
	}
	if err := pingOverTLS(t, server.TLSAddr(), server.ClientCertTLSConfig()); err != nil {
		t.Errorf("a client with a certificate: %v", err)
	}
}

func TestWithoutTLSThereIsNone(t *testing.T) {
	t.Parallel()
	server := redistest.Default(t)
	if server.TLSAddr() != "" || server.TLSConfig() != nil || server.ClientCertTLSConfig() != nil {
		t.Error("a server started without TLS claims to have it")
	}
}
