package wire_test

import (
	"errors"
	"net"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/fairlead-go/fairlead"
	"github.com/fairlead-go/fairlead/contrib/wire"
	"github.com/fairlead-go/fairlead/redistest"
	"github.com/fairlead-go/fairlead/resp"
)

func TestMain(m *testing.M) { redistest.Main(m) }

func ok(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// clientOf returns a client whose pool speaks that protocol with the server.
func clientOf(t *testing.T, addr string, protocol int) *fairlead.Client {
	t.Helper()
	pool, err := fairlead.NewPool(&fairlead.Options{Addr: addr, Protocol: protocol})
	ok(t, err)
	t.Cleanup(func() { _ = pool.Close() })
	return fairlead.NewClient(pool)
}

// A talk is one side of a connection to a server, or to what stands for one.
type talk struct {
	t       *testing.T
	conn    net.Conn
	replies *resp.Reader
}

func talkOver(t *testing.T, conn net.Conn) *talk {
	return &talk{t, conn, resp.NewReader(conn, resp.Limits{})}
}

// over is a talk over the client.
func over(t *testing.T, c *fairlead.Client) *talk {
	t.Helper()
	conn, err := wire.NewConn(c)
	ok(t, err)
	t.Cleanup(func() { _ = conn.Close() })
	return talkOver(t, conn)
}

// write sends commands, "GET k; PING", in one piece.
func (x *talk) write(commands string) int {
	x.t.Helper()
	var b []byte
	all := strings.Split(commands, "; ")
	for _, command := range all {
		b = resp.AppendCommand(b, strings.Fields(command)...)
	}
	_, err := x.conn.Write(b)
	ok(x.t, err)
	return len(all)
}

// says is the next n replies, as the bytes they came as, but for nulls.
func (x *talk) says(n int) string {
	x.t.Helper()
	var b []byte
	for range n {
		reply, err := x.replies.Next()
		if err != nil {
			x.t.Fatalf("after %q: %v", b, err)
		}
		b = reply.Append(b)
	}
	return string(b)
}

func (x *talk) exchange(commands, want, why string) {
	x.t.Helper()
	if got := x.says(x.write(commands)); got != want {
		x.t.Errorf("%s\n got %q\nwant %q: %s", commands, got, want, why)
	}
}

// fails reads, and returns the error.
func (x *talk) fails() error {
	x.t.Helper()
	reply, err := x.replies.Next()
	if err == nil {
		x.t.Fatalf("%v, want an error", reply.Value())
	}
	return err
}

// A bubble is a fake server, a client of it, and a talk over that, with a fake clock.
func bubble(t *testing.T, test func(x *talk, fake *redistest.Fake), scripts ...func(c *redistest.FakeConn)) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var network redistest.Network
		listener, err := network.Listen("redis:6379")
		ok(t, err)
		fake := redistest.NewFakeOn(t, listener, scripts...)
		pool, err := fairlead.NewPool(&fairlead.Options{
			Addr: fake.Addr(), Dialer: network.Dial, Protocol: 2, SharedConns: 1, Retry: fairlead.Retry{MaxRetries: -1},
		})
		ok(t, err)
		x := over(t, fairlead.NewClient(pool))
		// The client meets the server once, to see what it speaks; here before the script begins.
		test(x, fake)
		_ = x.conn.Close()
		ok(t, pool.Close())
	})
}

// greeted answers what comes before the first command: the handshake, and the PING by which a Conn learns what the server speaks.
func greeted(c *redistest.FakeConn) {
	c.AnswerHandshake()
	c.ExpectCommand("PING")
	c.Reply("+PONG\r\n")
}

// inDoubt checks that the error says that the command may have run, and shows nothing by which a client would send it again.
func inDoubt(t *testing.T, err error) {
	t.Helper()
	var call *fairlead.CallError
	if !errors.As(err, &call) || fairlead.NotRun(err) {
		t.Errorf("%v, want a CallError of a command that may have run", err)
	}
}

const soon = 50 * time.Millisecond
