package redistest_test

import (
	"context"
	"errors"
	"io"
	"net"
	"syscall"
	"testing"
	"time"

	"github.com/fairlead-go/fairlead/redistest"
)

// patience is far more than anything on this machine takes; it only keeps a broken test from waiting for ever.
const patience = 10 * time.Second

// client is a connection with exact bytes, as these tests need it.
type client struct {
	t *testing.T
	net.Conn
}

func dial(t *testing.T, network, addr string) *client {
	t.Helper()
	conn, err := net.DialTimeout(network, addr, patience)
	if err != nil {
		t.Fatal(err)
	}
	return newClient(t, conn)
}

// dialIn dials in a network in memory.
func dialIn(t *testing.T, network *redistest.Network, addr string) *client {
	t.Helper()
	conn, err := network.Dial(context.Background(), "tcp", addr)
	if err != nil {
		t.Fatal(err)
	}
	return newClient(t, conn)
}

func newClient(t *testing.T, conn net.Conn) *client {
	t.Cleanup(func() { conn.Close() })
	conn.SetDeadline(time.Now().Add(patience))
	return &client{t, conn}
}

// send writes these bytes.
func (c *client) send(raw string) {
	c.t.Helper()
	if _, err := io.WriteString(c.Conn, raw); err != nil {
		c.t.Fatalf("sending %q: %v", raw, err)
	}
}

// want reads exactly these bytes.
func (c *client) want(raw string) {
	c.t.Helper()
	got := make([]byte, len(raw))
	n, err := io.ReadFull(c.Conn, got)
	if err != nil || string(got) != raw {
		c.t.Fatalf("read %q, %v; want %q", got[:n], err, raw)
	}
}

// wantFIN reads the end of the stream.
func (c *client) wantFIN() {
	c.t.Helper()
	if n, err := c.Read(make([]byte, 1)); err != io.EOF {
		c.t.Fatalf("read %d bytes, %v; want FIN", n, err)
	}
}

// wantRST reads that the connection was reset.
func (c *client) wantRST() {
	c.t.Helper()
	if n, err := c.Read(make([]byte, 1)); !errors.Is(err, syscall.ECONNRESET) {
		c.t.Fatalf("read %d bytes, %v; want RST", n, err)
	}
}

// wantSilence reads nothing for a moment.
func (c *client) wantSilence() {
	c.t.Helper()
	c.SetReadDeadline(time.Now().Add(30 * time.Millisecond))
	defer c.SetReadDeadline(time.Now().Add(patience))
	var timeout net.Error
	if n, err := c.Read(make([]byte, 1)); !errors.As(err, &timeout) || !timeout.Timeout() {
		c.t.Fatalf("read %d bytes, %v; want nothing to come", n, err)
	}
}

// wantRefused dials where nobody listens.
func wantRefused(t *testing.T, addr string) {
	t.Helper()
	conn, err := net.DialTimeout("tcp", addr, patience)
	if err == nil {
		conn.Close()
	}
	if !errors.Is(err, syscall.ECONNREFUSED) {
		t.Fatalf("dialling %s: %v; want connection refused", addr, err)
	}
}
