package conn_test

import (
	"context"
	"crypto/tls"
	"errors"
	"net"
	"os"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/fairlead-go/fairlead/internal/conn"
	"github.com/fairlead-go/fairlead/redistest"
	"github.com/fairlead-go/fairlead/resp"
)

// wantSentence checks that an error of Dial says all the parts, in one line, and no password.
func wantSentence(t *testing.T, err error, parts ...string) *conn.DialError {
	t.Helper()
	var e *conn.DialError
	if !errors.As(err, &e) {
		t.Fatalf("error %v (%T), want a *conn.DialError", err, err)
	}
	for _, part := range parts {
		if !strings.Contains(err.Error(), part) {
			t.Errorf("%q does not say %q", err, part)
		}
	}
	if strings.Contains(err.Error(), secret) || strings.ContainsAny(err.Error(), "\r\n") {
		t.Errorf("%q has a password or a line break in it", err)
	}
	return e
}

func itoa(n int64) string { return strconv.FormatInt(n, 10) }

// dial opens a connection and closes it with the test.
func dial(t *testing.T, cfg *conn.Config) *conn.Conn {
	t.Helper()
	if cfg.Network == "" {
		cfg.Network = "tcp"
	}
	c, err := conn.Dial(context.Background(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close(conn.UserClosed, nil) })
	return c
}

// refuse dials and wants to be refused, with this cause recorded and this sentence.
func refuse(t *testing.T, cfg *conn.Config, cause conn.Cause, parts ...string) *conn.DialError {
	t.Helper()
	var events events
	if cfg.Network == "" {
		cfg.Network = "tcp"
	}
	cfg.OnEvent = events.add
	c, err := conn.Dial(context.Background(), cfg)
	if err == nil {
		c.Close(conn.UserClosed, nil)
		t.Fatal("the connection was made")
	}
	e := wantSentence(t, err, append(parts, cfg.Addr)...)
	lines := events.lines()
	if last := lines[len(lines)-1]; !strings.HasSuffix(last, "→closed ("+cause.String()+")") {
		t.Errorf("it ended with %q, want the cause %q", last, cause)
	}
	if last := events.all[len(events.all)-1]; last.Conn != e.Conn || last.Addr != cfg.Addr || last.Err == nil || containsText(last.Err, secret) {
		t.Errorf("the last event is %+v, want the number %d, the address and the error, and no password", last, e.Conn)
	}
	if handshaking := len(lines) == 2; handshaking != e.Handshake {
		t.Errorf("Handshake is %v after %q", e.Handshake, lines)
	}
	return e
}

func TestWrongPasswordIsSentOnce(t *testing.T) {
	t.Parallel()
	var tape tape
	server := redistest.Start(t, redistest.Password("right"), redistest.User("ada", "right", "+ping"))
	refuse(t, &conn.Config{Addr: server.Addr(), Credentials: as("", secret), DB: 2, Dialer: tape.dial}, conn.HandshakeRefused,
		"no connection to ", "the server refused HELLO: WRONGPASS", "; check username and password")
	tape.wants(t, wire("HELLO", "3", "AUTH", "default", secret)+wire("SELECT", "2"))
	refuse(t, &conn.Config{Addr: server.Addr(), Credentials: as("ada", secret), Protocol: 2}, conn.HandshakeRefused,
		"the server refused AUTH: WRONGPASS", "; check username and password")
}

func TestNoPassword(t *testing.T) {
	t.Parallel()
	server := redistest.Start(t, redistest.Password("right"))
	for _, protocol := range []int{0, 2, 3} {
		e := refuse(t, &conn.Config{Addr: server.Addr(), Protocol: protocol, ClientName: "me"}, conn.HandshakeRefused,
			"NOAUTH", "; give a password, in the URL or as Options.Password")
		if conn.TurnedAway(e) || conn.Permanent(e) {
			t.Errorf("%v counts as a matter of the network", e)
		}
	}
}

func TestPasswordWhereNoneIsAsked(t *testing.T) {
	t.Parallel()
	refuse(t, &conn.Config{Addr: redistest.Default(t).Addr(), Protocol: 2, Credentials: as("", secret)}, conn.HandshakeRefused,
		"the server refused AUTH", "; the server has no password: leave it out, or configure one there")
}

func TestOldServerRefusesPassword(t *testing.T) {
	t.Parallel()
	fake := redistest.NewFake(t, replies("-ERR invalid password\r\n:1\r\n")) // before Redis 6.0
	refuse(t, &conn.Config{Addr: fake.Addr(), Protocol: 2, Credentials: as("", secret)}, conn.HandshakeRefused,
		"the server refused AUTH: ERR invalid password; check username and password")
}

func TestUserWithoutPermission(t *testing.T) {
	t.Parallel()
	server := redistest.Start(t, redistest.User("ada", "right", "+get", "+hello"))
	refuse(t, &conn.Config{Addr: server.Addr(), Credentials: as("ada", "right"), DB: 1}, conn.HandshakeRefused,
		"the server refused SELECT: NOPERM", "; the user's ACL must allow what the handshake needs")
	c := dial(t, &conn.Config{Addr: server.Addr(), Credentials: as("ada", "right"), ClientName: "me"})
	if c.Server().Protocol != 3 { // CLIENT SETNAME was refused too, but nobody depends on it
		t.Errorf("agreed on %+v", c.Server())
	}
}

// Some servers repeat the arguments of a command that they do not know, the password among them.
func TestServerThatRepeatsThePassword(t *testing.T) {
	t.Parallel()
	for _, protocol := range []int{2, 3} {
		fake := redistest.NewFake(t, replies("-ERR unknown command 'X', with args beginning with: 'AUTH' 'ada' '"+secret+"' \r\n:1\r\n"))
		refuse(t, &conn.Config{Addr: fake.Addr(), Protocol: protocol, Credentials: as("ada", secret)}, conn.HandshakeRefused,
			"ERR unknown command 'X'") // what it says beyond that is checked for the password
	}
}

func TestDatabaseOutOfRange(t *testing.T) {
	t.Parallel()
	server := redistest.Start(t, redistest.Databases(4))
	refuse(t, &conn.Config{Addr: server.Addr(), DB: 4}, conn.HandshakeRefused,
		"the server refused SELECT: ERR DB index is out of range; the server has no database 4: see its setting \"databases\"")
	dial(t, &conn.Config{Addr: server.Addr(), DB: 3})
}

func TestTooManyClients(t *testing.T) {
	t.Parallel()
	server := redistest.Start(t, redistest.MaxClients(1))
	dial(t, &conn.Config{Addr: server.Addr()})
	e := refuse(t, &conn.Config{Addr: server.Addr(), ClientName: "me"}, conn.HandshakeRefused,
		"the server refused HELLO: ERR max number of clients reached; raise the server's maxclients, or lower MaxConnections")
	if !conn.TurnedAway(e) {
		t.Errorf("%v: the server turned us away", e)
	}
}

func TestProtectedMode(t *testing.T) {
	t.Parallel()
	fake := redistest.NewFake(t, func(c *redistest.FakeConn) {
		if _, err := c.ReadCommand(); err == nil {
			c.Reply("-DENIED Redis is running in protected mode because protected mode is enabled\r\n")
		}
		c.Close() // a real one answers nothing else
	})
	for protocol, command := range map[int]string{3: "HELLO", 2: "CLIENT"} { // the first of the handshake, needed or not
		e := refuse(t, &conn.Config{Addr: fake.Addr(), Protocol: protocol, DB: 3}, conn.HandshakeRefused,
			"the server refused "+command+": DENIED Redis is running in protected mode")
		if !conn.TurnedAway(e) {
			t.Errorf("%v: the server turned us away", e)
		}
	}
}

func TestRefusalAndThenTheEnd(t *testing.T) {
	t.Parallel()
	fake := redistest.NewFake(t, func(c *redistest.FakeConn) {
		if _, err := c.ReadCommand(); err == nil {
			c.Reply("-WRONGPASS invalid username-password pair or user is disabled.\r\n")
		}
		c.Close()
	})
	refuse(t, &conn.Config{Addr: fake.Addr(), DB: 3, Credentials: as("", secret)}, conn.HandshakeRefused,
		"the server refused HELLO: WRONGPASS invalid username-password pair or user is disabled.; check username and password")
}

func TestWhatIsNoRedisServer(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ said, want string }{
		{"HTTP/1.1 400 Bad Request\r\n\r\n", "; this is a web server: check host and port"},
		{"SSH-2.0-OpenSSH_9.2\r\n", "; is this a Redis server?"},
		{"\x15\x03\x01\x00\x02\x02\x46", "; these bytes are TLS: use rediss:// or set Options.TLS"},
	} {
		fake := redistest.NewFake(t, replies(test.said))
		e := refuse(t, &conn.Config{Addr: fake.Addr()}, conn.ProtocolBroken, "no connection to ", "the server broke the protocol at byte 0", test.want)
		var broken *resp.ProtocolError
		if !errors.As(e, &broken) {
			t.Errorf("%v wraps no *resp.ProtocolError", e)
		}
	}
}

func TestServerHangsUpDuringHandshake(t *testing.T) {
	t.Parallel()
	for cause, script := range map[conn.Cause]func(*redistest.FakeConn){
		conn.PeerClosed: func(c *redistest.FakeConn) { c.Expect(helloCommand); c.Close() },
		conn.PeerReset:  func(c *redistest.FakeConn) { c.Expect(helloCommand); c.Reset() },
	} {
		fake := redistest.NewFake(t, script)
		refuse(t, &conn.Config{Addr: fake.Addr()}, cause,
			"; the server hung up during the handshake: does it want TLS (rediss://), or is it no Redis server?")
	}
}

func TestRefusedDial(t *testing.T) {
	t.Parallel()
	l := onTCP(t)
	l.Close()
	e := refuse(t, &conn.Config{Addr: l.Addr().String()}, conn.DialFailed,
		"cannot connect to ", "connection refused: is the server running, and is this its address?")
	if !errors.Is(e, syscall.ECONNREFUSED) || conn.Permanent(e) {
		t.Errorf("%v: a server may be started again", e)
	}
}

func TestUnknownHost(t *testing.T) {
	t.Parallel()
	// A name with spaces is none: nobody is asked for it.
	e := refuse(t, &conn.Config{Addr: "no such host:6379"}, conn.DialFailed, "cannot connect to ", ": check the host's name")
	if !conn.Permanent(e) {
		t.Errorf("%v: a name does not begin to exist by itself", e)
	}
	failing := func(context.Context, string, string) (net.Conn, error) {
		return nil, &net.DNSError{Err: "server misbehaving", Name: "redis", IsTemporary: true}
	}
	if e := refuse(t, &conn.Config{Addr: "redis:6379", Dialer: failing}, conn.DialFailed, "server misbehaving"); conn.Permanent(e) {
		t.Errorf("%v: a name server may recover", e)
	}
}

func TestUnixSocket(t *testing.T) {
	t.Parallel()
	server := redistest.Default(t)
	c := dial(t, &conn.Config{Network: "unix", Addr: server.SocketPath(), UserTimeout: time.Second, KeepAlive: net.KeepAliveConfig{Enable: true}})
	if err := c.Ping(context.Background()); err != nil {
		t.Error(err)
	}
}

func TestUnixSocketThatIsNone(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	e := refuse(t, &conn.Config{Network: "unix", Addr: dir + "/none"}, conn.DialFailed,
		": the path does not exist; see \"unixsocket\" in the server's configuration")
	if conn.Permanent(e) {
		t.Errorf("%v: a server that starts makes its socket", e)
	}
	datagrams, err := net.ListenPacket("unixgram", dir+"/datagrams")
	if err != nil {
		t.Fatal(err)
	}
	defer datagrams.Close()
	e = refuse(t, &conn.Config{Network: "unix", Addr: dir + "/datagrams"}, conn.DialFailed, ": the path is no stream socket")
	if !conn.Permanent(e) {
		t.Errorf("%v does not go away by itself", e)
	}
	if err := os.WriteFile(dir+"/file", nil, 0o600); err != nil {
		t.Fatal(err)
	}
	refuse(t, &conn.Config{Network: "unix", Addr: dir + "/file"}, conn.DialFailed, "cannot connect to ", "connection refused") // what Linux says
}

func TestDialerMistakes(t *testing.T) {
	t.Parallel()
	nothing := func(context.Context, string, string) (net.Conn, error) { return nil, nil }
	refuse(t, &conn.Config{Addr: "redis:6379", Dialer: nothing}, conn.DialFailed,
		"cannot connect to redis:6379: Options.Dialer returned neither a connection nor an error")

	broken := errors.New("the tunnel is down")
	typed := func(context.Context, string, string) (net.Conn, error) {
		var none *fragile // as a dialer returns it that passes on the results of a function for one kind of connection
		return none, broken
	}
	if e := refuse(t, &conn.Config{Addr: "redis:6379", Dialer: typed}, conn.DialFailed, "the tunnel is down"); !errors.Is(e, broken) {
		t.Errorf("%v does not wrap the dialer's error", e)
	}
}

// Who gives up while others go on dialling is told what dialling would have told.
func TestUnfinishedDial(t *testing.T) {
	t.Parallel()
	e := conn.Unfinished(&conn.Config{Addr: "redis:6379", TLS: &tls.Config{}}, os.ErrDeadlineExceeded)
	if e.Handshake || !errors.Is(e, os.ErrDeadlineExceeded) {
		t.Errorf("the error is %+v", e)
	}
	wantSentence(t, e, "cannot connect to redis:6379: i/o timeout: does the server speak TLS on this port?")
}

// A fragile connection is one whose nil cannot be closed, like *tls.Conn.
type fragile struct{ net.Conn }
