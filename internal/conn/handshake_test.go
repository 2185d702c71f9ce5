package conn_test

import (
	"context"
	"errors"
	"net"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/fairlead-go/fairlead/internal/conn"
	"github.com/fairlead-go/fairlead/redistest"
)

// A tape records each Write of the sockets that its dial opens.
type tape struct {
	mu     sync.Mutex // guards writes
	writes []string
}

type taped struct {
	net.Conn
	tape *tape
}

func (t *tape) dial(ctx context.Context, network, addr string) (net.Conn, error) {
	var d net.Dialer
	c, err := d.DialContext(ctx, network, addr)
	return taped{c, t}, err
}

func (t taped) Write(p []byte) (int, error) {
	t.tape.mu.Lock()
	t.tape.writes = append(t.tape.writes, string(p))
	t.tape.mu.Unlock()
	return t.Conn.Write(p)
}

func (t *tape) wants(test *testing.T, want ...string) {
	test.Helper()
	t.mu.Lock()
	defer t.mu.Unlock()
	if !slices.Equal(t.writes, want) {
		test.Errorf("the client wrote\n\t%q\nwant\n\t%q", t.writes, want)
	}
}

// secret is a password that must not be seen anywhere.
const secret = "s3cr3t-hunter2"

// as gives these credentials.
func as(user, password string) func(context.Context) (string, string, error) {
	return func(context.Context) (string, string, error) { return user, password, nil }
}

// shake dials a fake that runs the script, and returns what Dial returned and what was written. A connection is closed with the test.
func shake(t *testing.T, cfg conn.Config, script func(*redistest.FakeConn)) (*conn.Conn, *tape, error) {
	t.Helper()
	fake := redistest.NewFake(t, script)
	var tape tape
	cfg.Network, cfg.Addr, cfg.Dialer = "tcp", fake.Addr(), tape.dial
	c, err := conn.Dial(context.Background(), &cfg)
	if err == nil {
		t.Cleanup(func() { c.Close(conn.UserClosed, nil) })
	}
	return c, &tape, err
}

// replies is a script that sends these bytes once something came.
func replies(raw string) func(*redistest.FakeConn) {
	return func(c *redistest.FakeConn) {
		if _, err := c.ReadCommand(); err == nil {
			c.Reply(raw)
		}
		c.Hang()
	}
}

func mustShake(t *testing.T, cfg conn.Config, script func(*redistest.FakeConn)) (*conn.Conn, *tape) {
	t.Helper()
	c, tape, err := shake(t, cfg, script)
	if err != nil {
		t.Fatal(err)
	}
	return c, tape
}

func TestHandshakeIsOneWrite(t *testing.T) {
	t.Parallel()
	cfg := conn.Config{
		Credentials: as("ada", secret), ClientName: "worker-1", LibName: "fairlead", LibVersion: "0.1.0", DB: 5,
	}
	all := wire("HELLO", "3", "AUTH", "ada", secret) +
		wire("CLIENT", "SETNAME", "worker-1") +
		wire("CLIENT", "SETINFO", "LIB-NAME", "fairlead") +
		wire("CLIENT", "SETINFO", "LIB-VER", "0.1.0") +
		wire("SELECT", "5")
	c, tape := mustShake(t, cfg, func(c *redistest.FakeConn) {
		c.Expect(all) // before the first reply: the client does not wait in between
		c.Reply("%7\r\n$6\r\nserver\r\n$6\r\nvalkey\r\n$7\r\nversion\r\n$5\r\n9.1.0\r\n$5\r\nproto\r\n:3\r\n$2\r\nid\r\n:4711\r\n" +
			"$4\r\nmode\r\n$10\r\nstandalone\r\n$4\r\nrole\r\n$7\r\nreplica\r\n$7\r\nmodules\r\n*0\r\n")
		c.Reply("+OK\r\n")
		c.Reply("-ERR unknown subcommand 'SETINFO'\r\n") // before Redis 7.2; nothing depends on it
		c.Reply("-ERR unknown subcommand 'SETINFO'\r\n+OK\r\n")
		c.Hang()
	})
	tape.wants(t, all)
	want := conn.Server{ClientID: 4711, Name: "valkey", Version: "9.1.0", Mode: "standalone", Role: "replica", Protocol: 3}
	if c.Server() != want {
		t.Errorf("the server is %+v, want %+v", c.Server(), want)
	}
	if i := c.Info(); i.State != conn.Ready || i.DB != 5 || i.BytesOut != int64(len(all)) {
		t.Errorf("%v in database %d after %d bytes, want ready in 5 after %d", i.State, i.DB, i.BytesOut, len(all))
	}
}

func TestHandshakeSaysNoMoreThanConfigured(t *testing.T) {
	t.Parallel()
	_, tape := mustShake(t, conn.Config{}, (*redistest.FakeConn).AnswerHandshake)
	tape.wants(t, "*2\r\n$5\r\nHELLO\r\n$1\r\n3\r\n")
}

func TestHandshakeWithPasswordOnly(t *testing.T) {
	t.Parallel()
	_, tape := mustShake(t, conn.Config{Credentials: as("", secret)}, (*redistest.FakeConn).AnswerHandshake)
	tape.wants(t, wire("HELLO", "3", "AUTH", "default", secret)) // HELLO's AUTH takes no password without a name
}

func TestHandshakeWithEmptyCredentials(t *testing.T) {
	t.Parallel()
	_, tape := mustShake(t, conn.Config{Credentials: as("", "")}, (*redistest.FakeConn).AnswerHandshake)
	tape.wants(t, wire("HELLO", "3"))
}

func TestHandshakeFallsBackToRESP2(t *testing.T) {
	t.Parallel()
	first := wire("HELLO", "3", "AUTH", "default", secret) + wire("CLIENT", "SETNAME", "me") + wire("SELECT", "2")
	second := wire("AUTH", secret) + wire("CLIENT", "ID") + wire("CLIENT", "SETNAME", "me") + wire("SELECT", "2")
	for name, refusal := range map[string]string{
		"unknown command": "-ERR unknown command `HELLO`, with args beginning with: `3`, \r\n-NOAUTH Authentication required.\r\n-NOAUTH Authentication required.\r\n",
		"NOPROTO":         "-NOPROTO unsupported protocol version\r\n+OK\r\n+OK\r\n",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c, tape := mustShake(t, conn.Config{Credentials: as("", secret), ClientName: "me", DB: 2}, func(c *redistest.FakeConn) {
				c.Expect(first)
				c.Reply(refusal)
				c.Expect(second)
				c.Reply("+OK\r\n:12\r\n+OK\r\n+OK\r\n")
				c.Hang()
			})
			tape.wants(t, first, second)
			if want := (conn.Server{ClientID: 12, Protocol: 2}); c.Server() != want {
				t.Errorf("the server is %+v, want %+v", c.Server(), want)
			}
		})
	}
}

func TestHandshakeProtocol2(t *testing.T) {
	t.Parallel()
	cfg := conn.Config{Protocol: 2, Credentials: as("ada", secret)}
	c, tape := mustShake(t, cfg, func(c *redistest.FakeConn) {
		c.Expect(wire("AUTH", "ada", secret) + wire("CLIENT", "ID"))
		c.Reply("+OK\r\n-ERR Unknown subcommand or wrong number of arguments for 'ID'\r\n") // before Redis 5.0
		c.Hang()
	})
	tape.wants(t, wire("AUTH", "ada", secret)+wire("CLIENT", "ID")) // HELLO is not tried
	if want := (conn.Server{Protocol: 2}); c.Server() != want {
		t.Errorf("the server is %+v, want %+v: no number is known", c.Server(), want)
	}
}

func TestHandshakeProtocol3IsNotGivenUp(t *testing.T) {
	t.Parallel()
	for name, refusal := range map[string]string{
		"unknown command": "-ERR unknown command 'HELLO', with args beginning with: '3'\r\n",
		"NOPROTO":         "-NOPROTO unsupported protocol version\r\n",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, tape, err := shake(t, conn.Config{Protocol: 3}, replies(refusal))
			tape.wants(t, wire("HELLO", "3"))
			wantSentence(t, err, strings.TrimSpace(refusal[1:]), "set it to 2")
		})
	}
}

func TestHandshakePassesOverPushes(t *testing.T) {
	t.Parallel()
	c, _ := mustShake(t, conn.Config{}, func(c *redistest.FakeConn) {
		c.Expect(helloCommand)
		c.Reply(">2\r\n+hello\r\n+world\r\n" + helloReply)
		c.Hang()
	})
	if c.Server().ClientID != 7 {
		t.Errorf("the server is %+v, want what HELLO said, not what the push said", c.Server())
	}
}

func TestHandshakeReadsRepliesCutAnywhere(t *testing.T) {
	t.Parallel()
	all := helloReply + "+OK\r\n"
	for i := 1; i < len(all); i++ {
		fake := redistest.NewFake(t, func(c *redistest.FakeConn) {
			c.Expect(helloCommand + wire("SELECT", "1"))
			c.Reply(all[:i])
			c.Reply(all[i:])
			c.Hang()
		})
		c, err := conn.Dial(context.Background(), &conn.Config{Network: "tcp", Addr: fake.Addr(), DB: 1})
		if err != nil || c.Server() != (conn.Server{ClientID: 7, Name: "redis", Protocol: 3}) {
			t.Fatalf("cut at %d: %v", i, err)
		}
		c.Close(conn.UserClosed, nil)
		fake.Close()
	}
}

func TestCredentialsAreAskedForEachDial(t *testing.T) {
	t.Parallel()
	fake := redistest.NewFake(t,
		func(c *redistest.FakeConn) {
			c.Expect(wire("HELLO", "3", "AUTH", "ada", "first"))
			c.Reply("-WRONGPASS invalid username-password pair or user is disabled.\r\n")
			c.Hang()
		},
		func(c *redistest.FakeConn) {
			c.Expect(wire("HELLO", "3", "AUTH", "ada", "second"))
			c.Reply(helloReply)
			c.Hang()
		})
	passwords := []string{"first", "second"}
	type key struct{}
	cfg := &conn.Config{Network: "tcp", Addr: fake.Addr(), Credentials: func(ctx context.Context) (string, string, error) {
		if ctx.Value(key{}) != "the caller's" {
			t.Error("the function was given another context than Dial")
		}
		password := passwords[0]
		passwords = passwords[1:]
		return "ada", password, nil
	}}
	ctx := context.WithValue(context.Background(), key{}, "the caller's")
	if _, err := conn.Dial(ctx, cfg); err == nil {
		t.Error("the first password was taken")
	}
	c, err := conn.Dial(ctx, cfg)
	if err != nil {
		t.Fatal(err)
	}
	c.Close(conn.UserClosed, nil)
}

func TestCredentialsFail(t *testing.T) {
	t.Parallel()
	vault := errors.New("the vault is sealed")
	fake := redistest.NewFake(t, (*redistest.FakeConn).ExpectClose) // nothing was said to it
	_, err := conn.Dial(context.Background(), &conn.Config{Network: "tcp", Addr: fake.Addr(),
		Credentials: func(context.Context) (string, string, error) { return "", "", vault }})
	if !errors.Is(err, vault) {
		t.Errorf("error %v does not wrap the function's", err)
	}
	wantSentence(t, err, "no connection to "+fake.Addr()+": the credentials could not be had: the vault is sealed")
}

func TestHandshakeWithRealServers(t *testing.T) {
	t.Parallel()
	for _, product := range redistest.Servers(t) {
		for _, protocol := range []int{0, 2, 3} {
			server := redistest.Start(t, redistest.Binary(product.Binary), redistest.Password(secret))
			c := dial(t, &conn.Config{Addr: server.Addr(), Protocol: protocol, Credentials: as("", secret), ClientName: "me", DB: 3,
				LibName: "fairlead", LibVersion: "0.1.0"})
			seen, err := server.Clients()
			if err != nil || len(seen) != 1 || seen[0]["name"] != "me" || seen[0]["db"] != "3" {
				t.Fatalf("%s sees %v (%v), want one client called me in database 3", product.Name, seen, err)
			}
			wantProtocol := 3
			if protocol == 2 {
				wantProtocol = 2
			}
			if c.Server().Protocol != wantProtocol || wantProtocol == 3 && !strings.HasSuffix(product.Name, c.Server().Version) {
				t.Errorf("%s: agreed on %+v, asked for protocol %d", product.Name, c.Server(), protocol)
			}
			if id := seen[0]["id"]; id != itoa(c.Server().ClientID) {
				t.Errorf("%s says that client %s is number %d", product.Name, id, c.Server().ClientID)
			}
		}
	}
}
