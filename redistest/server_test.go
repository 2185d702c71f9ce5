package redistest_test

import (
	"context"
	"errors"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/fairlead-go/fairlead/redistest"
)

const (
	ping = "*1\r\n$4\r\nPING\r\n"
	pong = "+PONG\r\n"
)

// do runs a command that must succeed.
func do(t *testing.T, s *redistest.Server, args ...string) string {
	t.Helper()
	reply, err := s.Do(args...)
	if err != nil {
		t.Fatalf("%q: %v", args, err)
	}
	return reply
}

func TestServerAnswersOnPortAndSocket(t *testing.T) {
	t.Parallel()
	server := redistest.Default(t)
	for network, addr := range map[string]string{"tcp": server.Addr(), "unix": server.SocketPath()} {
		c := dial(t, network, addr)
		c.send(ping)
		c.want(pong)
	}
	if redistest.Default(t) != server {
		t.Error("Default gave two tests of one package different servers")
	}
}

func TestStartAgainstEveryProduct(t *testing.T) {
	t.Parallel()
	for _, product := range redistest.Servers(t) {
		t.Run(product.Name, func(t *testing.T) {
			t.Parallel()
			server := redistest.Start(t, redistest.Binary(product.Binary))
			if info := do(t, server, "INFO", "server"); !strings.Contains(info, "_version:"+product.Version) {
				t.Errorf("the server is not %s:\n%s", product.Name, info)
			}
		})
	}
}

func TestClusterModeAndSentinel(t *testing.T) {
	t.Parallel()
	for _, product := range redistest.Servers(t) {
		t.Run(product.Name, func(t *testing.T) {
			t.Parallel()
			node := redistest.Start(t, redistest.Binary(product.Binary), redistest.ClusterMode())
			if info := do(t, node, "CLUSTER", "INFO"); !strings.Contains(info, "cluster_known_nodes:1") {
				t.Errorf("the node is in another cluster than its own:\n%s", info)
			}
			sentinel := redistest.Start(t, redistest.Binary(product.Binary), redistest.Sentinel())
			if role := do(t, sentinel, "ROLE"); !strings.HasPrefix(role, "sentinel") {
				t.Errorf("the sentinel has the role %q", role)
			}
			do(t, sentinel, "SENTINEL", "MONITOR", "m", "127.0.0.1", "1", "1")
			do(t, sentinel, "SENTINEL", "FLUSHCONFIG")
			if err := sentinel.Restart(); err != nil {
				t.Fatal(err)
			}
			if master := do(t, sentinel, "SENTINEL", "GET-MASTER-ADDR-BY-NAME", "m"); master != "127.0.0.1\n1" {
				t.Errorf("after a restart the sentinel watches %q", master)
			}
		})
	}
}

func TestKillLosesNothingAcknowledged(t *testing.T) {
	t.Parallel()
	server := redistest.Start(t, redistest.AppendOnly())
	addr, pid := server.Addr(), server.PID()
	do(t, server, "SET", "k", "v")

	c := dial(t, "tcp", addr)
	c.send(ping)
	c.want(pong)
	server.Kill()
	c.wantFIN() // the kernel closes a dead process's connections
	wantRefused(t, addr)
	if reply, err := server.Do("PING"); err == nil {
		t.Errorf("a dead server answered %q", reply)
	}

	if err := server.Restart(); err != nil {
		t.Fatal(err)
	}
	if got := do(t, server, "GET", "k"); got != "v" {
		t.Errorf("after kill and restart k is %q: an acknowledged write is lost", got)
	}
	if server.Addr() != addr || server.PID() == pid {
		t.Errorf("restarted at %s with process %d, was at %s with %d", server.Addr(), server.PID(), addr, pid)
	}
}

func TestStopIsOrderlyAndKeepsNothing(t *testing.T) {
	t.Parallel()
	server := redistest.Start(t)
	do(t, server, "SET", "k", "v")
	if err := server.Stop(); err != nil {
		t.Fatal(err)
	}
	if log := server.Log(); !strings.Contains(log, "bye bye") {
		t.Errorf("the server did not take its leave:\n%s", log)
	}
	if err := server.Stop(); err != nil {
		t.Errorf("stopping a stopped server: %v", err)
	}
	if err := server.Pause(); err == nil {
		t.Error("a stopped server was paused")
	}
	if err := server.Restart(); err != nil {
		t.Fatal(err)
	}
	if got := do(t, server, "GET", "k"); got != "(nil)" {
		t.Errorf("k is %q, though no persistence was asked for", got)
	}
}

func TestRestartOfARunningServer(t *testing.T) {
	t.Parallel()
	server := redistest.Start(t)
	c := dial(t, "tcp", server.Addr())
	c.send(ping)
	c.want(pong)
	if err := server.Restart(); err != nil {
		t.Fatal(err)
	}
	c.wantFIN()
	do(t, server, "PING")
}

func TestPauseFreezesOnlyTheProcess(t *testing.T) {
	t.Parallel()
	server := redistest.Start(t)
	c := dial(t, "tcp", server.Addr())
	if err := server.Pause(); err != nil {
		t.Fatal(err)
	}
	c.send(ping) // the kernel takes it
	late := dial(t, "tcp", server.Addr())
	c.wantSilence()
	if err := server.Continue(); err != nil {
		t.Fatal(err)
	}
	c.want(pong)
	late.send(ping)
	late.want(pong)
}

func TestStopOfAPausedServer(t *testing.T) {
	t.Parallel()
	server := redistest.Start(t)
	if err := server.Pause(); err != nil {
		t.Fatal(err)
	}
	if err := server.Stop(); err != nil {
		t.Fatal(err)
	}
}

func TestCloseRemovesTheFolder(t *testing.T) {
	t.Parallel()
	server, err := redistest.StartProcess(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	server.Close()
	server.Close()
	if _, err := os.Stat(filepath.Dir(server.SocketPath())); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the server's folder is still there: %v", err)
	}
	wantRefused(t, server.Addr())
}

func TestStartFailsWithTheLog(t *testing.T) {
	t.Parallel()
	_, err := redistest.StartProcess(t.Context(), redistest.Config("no-such-directive yes"))
	if err == nil || !strings.Contains(err.Error(), "no-such-directive") {
		t.Errorf("error %v; want one with the server's own words", err)
	}
}

func TestStartOnATakenPort(t *testing.T) {
	t.Parallel()
	_, port, _ := net.SplitHostPort(redistest.Default(t).Addr())
	_, err := redistest.StartProcess(t.Context(), redistest.Config("port "+port))
	if err == nil || !strings.Contains(err.Error(), "taken by another process") {
		t.Errorf("error %v; want one that names the port as the reason", err)
	}
}

func TestStartEndsWithItsContext(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := redistest.StartProcess(ctx, redistest.Config("rename-command PING \"\"")); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v; want context.Canceled", err)
	}
}

func TestPasswordAndUsers(t *testing.T) {
	t.Parallel()
	const password = `p"w \ ü:@/`
	server := redistest.Start(t, redistest.Password(password),
		redistest.User("reader", "r", "~k", "+get"), redistest.User("root", "s"))
	u, err := url.Parse(server.URL())
	if err != nil {
		t.Fatal(err)
	}
	if got, _ := u.User.Password(); got != password || u.Host != server.Addr() || u.Scheme != "redis" {
		t.Errorf("URL %s does not lead to the server with its password", u.Redacted())
	}
	do(t, server, "SET", "k", "v") // the admin connection has logged in

	c := dial(t, "tcp", server.Addr())
	c.send(ping)
	c.want("-NOAUTH Authentication required.\r\n")
	c.send("AUTH reader r\r\nGET k\r\n")
	c.want("+OK\r\n$1\r\nv\r\n")
	c.send("SET k w\r\n")
	c.want("-NOPERM ")

	root := dial(t, "tcp", server.Addr())
	root.send("AUTH root s\r\nSET k w\r\n") // without rules a user may do everything
	root.want("+OK\r\n+OK\r\n")
}

func TestDefaultUserByACL(t *testing.T) {
	t.Parallel()
	server := redistest.Start(t, redistest.User("default", "secret"))
	if got := do(t, server, "ACL", "WHOAMI"); got != "default" {
		t.Errorf("logged in as %q", got)
	}
	if !strings.Contains(server.URL(), ":secret@") {
		t.Errorf("URL lacks the default user's password")
	}
}

func TestMaxClientsLeavesRoomForDo(t *testing.T) {
	t.Parallel()
	server := redistest.Start(t, redistest.MaxClients(2))
	for range 2 {
		c := dial(t, "tcp", server.Addr())
		c.send(ping)
		c.want(pong)
	}
	third := dial(t, "tcp", server.Addr())
	third.want("-ERR max number of clients reached\r\n")
	third.wantFIN()
	clients, err := server.Clients()
	if err != nil || len(clients) != 2 {
		t.Fatalf("%d clients, %v; want the two that were let in, without the one of Do", len(clients), err)
	}
	if clients[0]["cmd"] != "ping" || clients[0]["addr"] == "" {
		t.Errorf("CLIENT LIST read as %v", clients[0])
	}
}

func TestDatabasesAndConfig(t *testing.T) {
	t.Parallel()
	server := redistest.Start(t, redistest.Databases(2), redistest.Config("maxmemory 7mb", "hz 11"))
	if got := do(t, server, "CONFIG", "GET", "hz"); got != "hz\n11" {
		t.Errorf("CONFIG GET hz: %q", got)
	}
	c := dial(t, "tcp", server.Addr())
	c.send("SELECT 1\r\nSELECT 2\r\n")
	c.want("+OK\r\n-ERR DB index is out of range\r\n")
}
