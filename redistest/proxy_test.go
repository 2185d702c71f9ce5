package redistest_test

import (
	"fmt"
	"io"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/fairlead-go/fairlead/redistest"
)

// proxied returns a proxy before a server of its own.
func proxied(t *testing.T) (*redistest.Proxy, *redistest.Server) {
	t.Helper()
	server := redistest.Start(t)
	return redistest.NewProxy(t, server.Addr()), server
}

// connect dials the proxy and sees that the connection works.
func connect(t *testing.T, proxy *redistest.Proxy) *client {
	t.Helper()
	c := dial(t, "tcp", proxy.Addr())
	c.send(ping)
	c.want(pong)
	return c
}

func restore(t *testing.T, proxy *redistest.Proxy) {
	t.Helper()
	if err := proxy.Restore(); err != nil {
		t.Fatal(err)
	}
}

// wantClients waits until the server sees so many connections.
func wantClients(t *testing.T, server *redistest.Server, n int) {
	t.Helper()
	redistest.Eventually(t, patience, fmt.Sprintf("the server sees %d connections", n), func() bool {
		clients, err := server.Clients()
		return err == nil && len(clients) == n
	})
}

func TestProxyForwards(t *testing.T) {
	t.Parallel()
	proxy, server := proxied(t)
	c := connect(t, proxy)
	big := strings.Repeat("x", 4<<20)              // more than a lane holds
	go io.WriteString(c, command("SET", "k", big)) // should it fail, there is no reply
	c.want("+OK\r\n")
	c.send(getK)
	c.want("$4194304\r\n" + big + "\r\n")

	other := connect(t, proxy)
	if proxy.Open() != 2 || proxy.Opened() != 2 {
		t.Errorf("%d connections open, %d opened; want 2 and 2", proxy.Open(), proxy.Opened())
	}
	other.send("QUIT\r\n")
	other.want("+OK\r\n")
	other.wantFIN() // the server's own
	other.Close()
	wantClients(t, server, 1)
	c.Close()
	wantClients(t, server, 0)
	redistest.Eventually(t, patience, "the proxy has no connection left", func() bool { return proxy.Open() == 0 })
	if proxy.Opened() != 2 {
		t.Errorf("%d connections opened, want 2", proxy.Opened())
	}
}

func TestProxyPassesOnAReset(t *testing.T) {
	t.Parallel()
	fake := redistest.NewFake(t, func(c *redistest.FakeConn) {
		c.ExpectCommand("PING")
		c.Reply(pong)
		c.ExpectCommand("PING")
		c.Reset()
	})
	c := connect(t, redistest.NewProxy(t, fake.Addr()))
	c.send(ping)
	c.wantRST()
}

func TestProxyWithoutServerResets(t *testing.T) {
	t.Parallel()
	proxy, server := proxied(t)
	server.Kill()
	wantReset(t, proxy.Addr())
}

// wantReset dials where connections are accepted and reset, which may show at once or later.
func wantReset(t *testing.T, addr string) {
	t.Helper()
	conn, err := net.DialTimeout("tcp", addr, patience)
	if err == nil {
		newClient(t, conn).wantRST()
	} else if !strings.Contains(err.Error(), "connection reset") {
		t.Fatalf("dialling: %v; want a reset", err)
	}
}

func TestProxyDelay(t *testing.T) {
	t.Parallel()
	proxy, _ := proxied(t)
	c := connect(t, proxy)
	const delay = 30 * time.Millisecond
	for _, dir := range []redistest.Direction{redistest.ToServer, redistest.ToClient} {
		proxy.Delay(dir, delay)
		start := time.Now()
		c.send(ping)
		c.send(getK)
		c.want(pong + "$-1\r\n")
		if took := time.Since(start); took < delay {
			t.Errorf("direction %d: took %v, less than the delay of %v", dir, took, delay)
		}
		restore(t, proxy)
	}
}

func TestProxyStallWithholdsReplies(t *testing.T) {
	t.Parallel()
	proxy, server := proxied(t)
	c := connect(t, proxy)
	proxy.Stall(redistest.ToClient)
	c.send(command("SET", "k", "v"))
	redistest.Eventually(t, patience, "the request has been carried out", func() bool {
		value, _ := server.Do("GET", "k")
		return value == "v"
	})
	c.wantSilence()
	restore(t, proxy)
	c.want("+OK\r\n")
}

func TestProxyStallHoldsRequests(t *testing.T) {
	t.Parallel()
	proxy, server := proxied(t)
	c := connect(t, proxy)
	proxy.Stall(redistest.ToServer)
	c.send(command("SET", "k", "v"))
	c.wantSilence()
	if value := do(t, server, "EXISTS", "k"); value != "0" {
		t.Error("a stalled request reached the server")
	}
	restore(t, proxy)
	c.want("+OK\r\n")
}

func TestProxyStalledConnectionEndsWithItsSides(t *testing.T) {
	t.Parallel()
	proxy, server := proxied(t)
	c := connect(t, proxy)
	proxy.Stall(redistest.ToClient)
	server.Kill()
	c.wantSilence() // the FIN is withheld too
	c.Close()
	redistest.Eventually(t, patience, "the connection is gone, stalled or not", func() bool { return proxy.Open() == 0 })
}

func TestProxySlowDrip(t *testing.T) {
	t.Parallel()
	proxy, _ := proxied(t)
	c := connect(t, proxy)
	const every = 5 * time.Millisecond
	proxy.SlowDrip(redistest.ToClient, 2, every)
	start := time.Now()
	c.send(ping)
	buf := make([]byte, len(pong))
	if n, err := c.Read(buf); n != 2 || err != nil {
		t.Errorf("%d bytes, %v in the first drop; want 2", n, err)
	}
	c.want(pong[2:])
	if took := time.Since(start); took < 3*every { // +P ON G\r \n
		t.Errorf("took %v for four drops with %v between them", took, every)
	}
	restore(t, proxy)
	c.send(ping)
	c.want(pong)
}

func TestProxyCutAfterEachByteOfAReply(t *testing.T) {
	t.Parallel()
	server := redistest.Start(t)
	for n := range len(pong) + 1 {
		for _, how := range []redistest.Ending{redistest.FIN, redistest.RST} {
			proxy := redistest.NewProxy(t, server.Addr())
			c := connect(t, proxy)
			cut := proxy.CutAfter(redistest.ToClient, n, how)
			c.send(ping)
			c.want(pong[:n])
			if how == redistest.FIN {
				c.wantFIN()
			} else {
				c.wantRST()
			}
			<-cut
			connect(t, proxy) // the fault was for once
		}
	}
	redistest.Eventually(t, patience, "the server has lost its end of every connection that was cut", func() bool {
		clients, err := server.Clients()
		return err == nil && len(clients) == 2*(len(pong)+1)
	})
}

func TestProxyCutAfterInARequest(t *testing.T) {
	t.Parallel()
	proxy, server := proxied(t)
	c := connect(t, proxy)
	set := command("SET", "k", "v")
	cut := proxy.CutAfter(redistest.ToServer, len(set)-1, redistest.FIN)
	c.send(set)
	<-cut
	c.wantFIN()
	if do(t, server, "EXISTS", "k") != "0" {
		t.Error("a command was run that never came whole")
	}
}

func TestProxyCutCountsEachConnectionByItself(t *testing.T) {
	t.Parallel()
	proxy, _ := proxied(t)
	a, b := connect(t, proxy), connect(t, proxy)
	cut := proxy.CutAfter(redistest.ToClient, len(pong)+1, redistest.FIN)
	a.send(ping)
	a.want(pong)
	b.send(ping)
	b.want(pong)
	b.send(ping)
	b.want(pong[:1])
	<-cut
	b.wantFIN()
	a.send(ping)
	a.want(pong)
}

func TestProxyEndsConnectionsNow(t *testing.T) {
	t.Parallel()
	proxy, server := proxied(t)
	a, b := connect(t, proxy), connect(t, proxy)
	proxy.ResetNow()
	a.wantRST()
	b.wantRST()
	c := connect(t, proxy)
	proxy.CloseNow()
	c.wantFIN()
	if proxy.Open() != 0 || proxy.Opened() != 3 {
		t.Errorf("%d connections open, %d opened; want 0 and 3", proxy.Open(), proxy.Opened())
	}
	wantClients(t, server, 0)
}

func TestProxyHalfCloseToClient(t *testing.T) {
	t.Parallel()
	proxy, server := proxied(t)
	c := connect(t, proxy)
	proxy.HalfClose(redistest.ToClient)
	c.wantFIN()
	c.send(command("SET", "k", "v")) // still gets through, its reply does not
	redistest.Eventually(t, patience, "the request has been carried out", func() bool {
		value, _ := server.Do("GET", "k")
		return value == "v"
	})
	c.wantFIN()
	if proxy.Open() != 1 {
		t.Error("the connection is gone; only one direction was closed")
	}
}

func TestProxyHalfCloseToServer(t *testing.T) {
	t.Parallel()
	proxy, server := proxied(t)
	c := connect(t, proxy)
	proxy.HalfClose(redistest.ToServer)
	c.wantFIN() // a server closes when its client has
	wantClients(t, server, 0)
}

func TestProxyGarbage(t *testing.T) {
	t.Parallel()
	proxy, _ := proxied(t)
	c := connect(t, proxy)
	proxy.Garbage("$-7\r\n")
	c.want("$-7\r\n")
	c.send(ping)
	c.want(pong)
}

func TestProxyRefuses(t *testing.T) {
	t.Parallel()
	proxy, _ := proxied(t)
	c := connect(t, proxy)
	proxy.Refuse()
	wantRefused(t, proxy.Addr())
	c.send(ping) // what is connected goes on
	c.want(pong)
	restore(t, proxy)
	connect(t, proxy)
	restore(t, proxy) // nothing to do
}

func TestProxyAcceptsAndResets(t *testing.T) {
	t.Parallel()
	proxy, _ := proxied(t)
	c := connect(t, proxy)
	proxy.AcceptAndReset()
	wantReset(t, proxy.Addr())
	c.send(ping)
	c.want(pong)
	restore(t, proxy)
	connect(t, proxy)
	if proxy.Opened() != 3 {
		t.Errorf("%d connections opened, want 3 with the one that was reset", proxy.Opened())
	}
}

func TestProxyRestoreOfATakenPort(t *testing.T) {
	t.Parallel()
	proxy, _ := proxied(t)
	proxy.Refuse()
	taken, err := net.Listen("tcp", proxy.Addr())
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	if err := proxy.Restore(); err == nil {
		t.Error("no error, though another listens on the port")
	}
}

func TestProxyClose(t *testing.T) {
	t.Parallel()
	proxy, _ := proxied(t)
	c := connect(t, proxy)
	proxy.Close()
	c.wantFIN()
	wantRefused(t, proxy.Addr())
	proxy.Close()
	restore(t, proxy) // stays closed
	wantRefused(t, proxy.Addr())
}
