package fairlead_test

import (
	"context"
	"crypto/tls"
	"errors"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/fairlead-go/fairlead"
	"github.com/fairlead-go/fairlead/redistest"
)

// Servers that cannot be reached, or that want no connection from us. Open and NewPool do no I/O, so the first command tells.

func TestUnknownHostIsNamed(t *testing.T) {
	t.Parallel()
	names := nameServerWithoutNames(t)
	resolver := &net.Resolver{PreferGo: true, Dial: func(context.Context, string, string) (net.Conn, error) { return net.Dial("udp", names) }}
	c := openTo(t, &fairlead.Options{Addr: "cache.example.:6379", Dialer: (&net.Dialer{Resolver: resolver}).DialContext})
	_, err := c.Get(background, "k")
	says(t, err, "GET at cache.example.:6379", "cannot connect", "no such host", "check the host's name")
	var dns *net.DNSError
	is(t, "a *net.DNSError is in the chain", errors.As(err, &dns), true)
	is(t, "phase", sentAs(t, err, false).Phase, fairlead.PhaseDialing)
	is(t, "tries: the name will not exist a moment later either", c.Pool().Stats().DialErrors, 1)
}

// nameServerWithoutNames starts a DNS server that knows no name, and returns its address.
func nameServerWithoutNames(t *testing.T) string {
	t.Helper()
	server, err := net.ListenPacket("udp", "127.0.0.1:0")
	must(t, err)
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		packet := make([]byte, 512)
		for {
			n, from, err := server.ReadFrom(packet)
			if err != nil {
				return
			}
			const response, nameError = 0x80, 3 // RFC 1035, 4.1.1: QR and RCODE
			packet[2] |= response
			packet[3] = packet[3]&0xf0 | nameError
			if _, err := server.WriteTo(packet[:n], from); err != nil {
				return
			}
		}
	}()
	t.Cleanup(func() {
		_ = server.Close() // ends ReadFrom
		<-ended
	})
	return server.LocalAddr().String()
}

func TestRefusedConnectionAsksWhetherTheServerRuns(t *testing.T) {
	t.Parallel()
	addr := freeAddr(t)
	c := open(t, "redis://:"+secret+"@"+addr)
	err := c.Set(background, "k", "v", 0)
	says(t, err, "SET at "+addr, "cannot connect to "+addr, "connection refused", "is the server running, and is this its address?", "it was not sent")
	wraps(t, err, syscall.ECONNREFUSED)
	is(t, "phase", sentAs(t, err, false).Phase, fairlead.PhaseDialing)
	is(t, "tries: the server may be restarting", c.Pool().Stats().DialErrors, 4)
}

// freeAddr returns an address of this machine where nobody listens.
func freeAddr(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	must(t, err)
	must(t, l.Close())
	return l.Addr().String()
}

func TestWrongPasswordIsSentOnce(t *testing.T) {
	t.Parallel()
	fake := redistest.NewFake(t, func(c *redistest.FakeConn) {
		c.Serve(func(args []string) string {
			if args[0] == "HELLO" {
				return "-WRONGPASS invalid username-password pair or user is disabled.\r\n"
			}
			return "-NOAUTH Authentication required.\r\n"
		})
	})
	c := open(t, "redis://ada:"+secret+"@"+fake.Addr()+"?protocol=3")
	_, err := c.Get(background, "k")
	says(t, err, "GET at "+fake.Addr(), "WRONGPASS", "check username and password", "it was not sent")
	is(t, "phase", sentAs(t, err, false).Phase, fairlead.PhaseHandshake)
	is(t, "connections", fake.Conns(), 1)
	passwords := 0
	for _, words := range fake.Commands() {
		passwords += strings.Count(strings.Join(words, " "), secret)
	}
	is(t, "passwords sent: more could lock the account", passwords, 1)
}

func TestWrongPassword(t *testing.T) {
	t.Parallel()
	s := redistest.Start(t, redistest.Password("another"))
	for _, protocol := range []string{"2", "3"} {
		c := open(t, "redis://:"+secret+"@"+s.Addr()+"?protocol="+protocol)
		_, err := c.Get(background, "k")
		says(t, err, "no connection to "+s.Addr(), "WRONGPASS", "check username and password")
		var refused *fairlead.Error
		is(t, "RESP"+protocol+": the server's *Error is in the chain", errors.As(err, &refused) && refused.Code == "WRONGPASS", true)
		sentAs(t, err, false)
	}
}

func TestMissingPassword(t *testing.T) {
	t.Parallel()
	s := redistest.Start(t, redistest.Password(secret))
	for _, protocol := range []string{"2", "3"} {
		_, err := open(t, "redis://"+s.Addr()+"?protocol="+protocol).Get(background, "k")
		says(t, err, "NOAUTH", "give a password, in the URL or as Options.Password")
		sentAs(t, err, false)
	}
}

func TestPasswordForAServerThatHasNone(t *testing.T) {
	t.Parallel()
	addr := redistest.Default(t).Addr()
	for _, protocol := range []string{"2", "3"} {
		_, err := open(t, "redis://:"+secret+"@"+addr+"?protocol="+protocol).Get(background, "k")
		if protocol == "3" {
			// HELLO's AUTH names the user default, who may log in with any password where none is set.
			must(t, ignoreNil(err))
			continue
		}
		says(t, err, "AUTH", "the server has no password: leave it out, or configure one there")
		sentAs(t, err, false)
	}
}

// ignoreNil is the error that is left where a missing key is as good as one that is there.
func ignoreNil(err error) error {
	if errors.Is(err, fairlead.Nil) {
		return nil
	}
	return err
}

func TestDatabaseInTheURLThatTheServerDoesNotHave(t *testing.T) {
	t.Parallel()
	addr := redistest.Default(t).Addr()
	_, err := open(t, "redis://"+addr+"/99").Get(background, "k")
	says(t, err, "GET at "+addr, "the server refused SELECT", "the server has no database 99", `see its setting "databases"`)
	is(t, "phase", sentAs(t, err, false).Phase, fairlead.PhaseHandshake)
}

func TestDatabaseOfDBThatTheServerDoesNotHave(t *testing.T) {
	eachProtocol(t, func(t *testing.T, c *fairlead.Client) {
		key := newKey(t)
		err := c.DB(99).Set(background, key, "v", 0)
		says(t, err, "SET at ", "the server has no database 99", `see its setting "databases"`, "it was not sent")
		sentAs(t, err, false)
		err = c.DB(99).Watch(background, func(*fairlead.Tx) error { return errors.New("the function ran") }, key)
		says(t, err, "WATCH at ", "the server has no database 99")
		_, err = c.Get(background, key)
		is(t, "what the SET for database 99 left in database 0", err, fairlead.Nil)
	})
}

func TestNegativeDatabase(t *testing.T) {
	t.Parallel()
	fake := redistest.NewFake(t)
	_, err := open(t, fake.URL()).DB(-1).Get(background, "k")
	says(t, err, "GET", "there is no database -1: databases are numbered from 0")
	sentAs(t, err, false)
	is(t, "connections: it is known without the server", fake.Conns(), 0)
}

func TestNoPermission(t *testing.T) {
	t.Parallel()
	s := redistest.Start(t, redistest.User("reader", secret, "~*", "+get"))
	for _, protocol := range []string{"2", "3"} {
		c := open(t, "redis://reader:"+secret+"@"+s.Addr()+"?protocol="+protocol)
		if _, err := c.Get(background, "k"); err != fairlead.Nil {
			t.Errorf("RESP%s: GET, which is all that the user may do: %v", protocol, err)
		}
		err := c.Set(background, "k", "v", 0)
		says(t, err, "NOPERM", "'set'")
		is(t, "NotRun of NOPERM", fairlead.NotRun(err), true)
		is(t, "calls sent again", c.Pool().Stats().Retries, 0)
	}
}

func TestNoPermissionToChangeTheDatabase(t *testing.T) {
	t.Parallel()
	s := redistest.Start(t, redistest.User("reader", secret, "~*", "+get"))
	c := open(t, "redis://reader:"+secret+"@"+s.Addr())
	_, err := c.DB(3).Get(background, "k")
	says(t, err, "GET", "database 3", "NOPERM", "'select'")
	if strings.Contains(err.Error(), "the server has no database") {
		t.Errorf("the server has the database; the user may not use it: %v", err)
	}
	sentAs(t, err, false)
}

func TestTLSToAPlainPort(t *testing.T) {
	t.Parallel()
	// Redis waits for the rest of what it takes for a command, so only the end of the time tells.
	addr := redistest.Default(t).Addr()
	c := open(t, "rediss://:"+secret+"@"+addr+"?socket_connect_timeout=300ms")
	_, err := c.Get(background, "k")
	says(t, err, "cannot connect to "+addr, "no connection within Options.DialTimeout", "does the server speak TLS on this port?")
	sentAs(t, err, false)
	is(t, "tries", c.Pool().Stats().DialErrors, 1)
}

func TestTLSToAServerThatAnswersWithoutTLS(t *testing.T) {
	t.Parallel()
	fake := redistest.NewFake(t, func(c *redistest.FakeConn) {
		c.Reply("-ERR unknown command\r\n")
		c.Hang()
	})
	c := open(t, "rediss://:"+secret+"@"+fake.Addr())
	_, err := c.Get(background, "k")
	says(t, err, "cannot connect to "+fake.Addr(), "the server does not speak TLS on this port; use redis:// or leave Options.TLS empty")
	sentAs(t, err, false)
	is(t, "tries: the port will not speak TLS a moment later either", c.Pool().Stats().DialErrors, 1)
}

func TestPlainToATLSPort(t *testing.T) {
	t.Parallel()
	s := redistest.Start(t, redistest.TLS())
	_, err := open(t, "redis://:"+secret+"@"+s.TLSAddr()).Get(background, "k")
	says(t, err, "no connection to "+s.TLSAddr(), "rediss://")
	sentAs(t, err, false)
}

func TestCertificateOfAnAuthorityThatNobodyKnows(t *testing.T) {
	t.Parallel()
	s := redistest.Start(t, redistest.TLS())
	c := open(t, "rediss://"+s.TLSAddr())
	_, err := c.Get(background, "k")
	says(t, err, "cannot connect to "+s.TLSAddr(), "unknown authority", "give the server's certificate authority in Options.TLS.RootCAs (ssl_ca_certs in a URL)")
	var untrusted *tls.CertificateVerificationError
	is(t, "a *tls.CertificateVerificationError is in the chain", errors.As(err, &untrusted), true)
	is(t, "tries", c.Pool().Stats().DialErrors, 1)
}

func TestMissingClientCertificate(t *testing.T) {
	t.Parallel()
	s := redistest.Start(t, redistest.RequireClientCert())
	_, err := openTo(t, &fairlead.Options{Addr: s.TLSAddr(), TLS: s.TLSConfig()}).Get(background, "k")
	says(t, err, s.TLSAddr(), "the server refused our certificate: does it ask for one (Options.TLS.Certificates)?")
	sentAs(t, err, false)
	must(t, openTo(t, &fairlead.Options{Addr: s.TLSAddr(), TLS: s.ClientCertTLSConfig()}).Set(background, "k", "v", 0))
}

func TestUnixPathThatIsNoSocket(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "redis.conf")
	must(t, os.WriteFile(path, nil, 0o600))
	_, err := open(t, "unix://:"+secret+"@"+path).Get(background, "k")
	says(t, err, "cannot connect to "+path, "no server listens on this path")
	sentAs(t, err, false)
}

func TestUnixPathThatDoesNotExist(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "redis.sock")
	_, err := open(t, "unix://"+path).Get(background, "k")
	says(t, err, "cannot connect to "+path, `the path does not exist; see "unixsocket" in the server's configuration`)
	wraps(t, err, os.ErrNotExist)
	sentAs(t, err, false)
}

func TestServerWithTooManyClients(t *testing.T) {
	t.Parallel()
	s := redistest.Start(t, redistest.MaxClients(1))
	first := open(t, s.URL())
	must(t, first.Set(background, "k", "v", 0))
	second := open(t, s.URL())
	_, err := second.Get(background, "k")
	says(t, err, "no connection to "+s.Addr(), "max number of clients reached", "raise the server's maxclients, or lower MaxConnections")
	sentAs(t, err, false)
	is(t, "tries: another client may leave", second.Pool().Stats().DialErrors, 4)
	must(t, first.Close())
	redistest.Eventually(t, patience, "the server has room again", func() bool {
		_, err := second.Get(background, "k")
		return err == nil
	})
}

func TestWebServer(t *testing.T) {
	t.Parallel()
	web := httptest.NewServer(http.NotFoundHandler())
	t.Cleanup(web.Close)
	c := open(t, "redis://:"+secret+"@"+web.Listener.Addr().String())
	_, err := c.Get(background, "k")
	says(t, err, "no connection to ", "this is a web server: check host and port")
	sentAs(t, err, false)
	is(t, "tries: it will not turn into Redis", c.Pool().Stats().DialErrors, 1)
}

func TestServerThatHangsUp(t *testing.T) {
	t.Parallel()
	fake := redistest.NewFake(t, func(c *redistest.FakeConn) {
		if _, err := c.ReadCommand(); err != nil {
			t.Error(err)
		}
		c.Reset()
	})
	_, err := open(t, fake.URL()).Get(background, "k")
	says(t, err, "no connection to "+fake.Addr(), "the server hung up during the handshake: does it want TLS (rediss://), or is it no Redis server?")
	wraps(t, err, syscall.ECONNRESET)
	sentAs(t, err, false)
}

func TestDialerThatReturnsNothing(t *testing.T) {
	t.Parallel()
	nothing := func(context.Context, string, string) (net.Conn, error) { return nil, nil }
	_, err := openTo(t, &fairlead.Options{Dialer: nothing}).Get(background, "k")
	says(t, err, "cannot connect to localhost:6379", "Options.Dialer returned neither a connection nor an error")
	sentAs(t, err, false)
}

func TestDialThatTakesTooLong(t *testing.T) {
	inMemory(t, "it ends after DialTimeout", fairlead.Options{DialTimeout: 3 * time.Second}, func(t *testing.T, c *fairlead.Client, f *redistest.Fake) {
		took(t, 3*time.Second, func() {
			_, err := c.Get(background, "k")
			says(t, err, "no connection to redis:6379", "no connection within Options.DialTimeout")
			wraps(t, err, os.ErrDeadlineExceeded)
			sentAs(t, err, false)
		})
		is(t, "connections: the time was long enough for one try", f.Conns(), 1)
	}, (*redistest.FakeConn).Hang)
	inMemory(t, "a command whose time ends first says that it waited for a connection", fairlead.Options{DialTimeout: -1}, func(t *testing.T, c *fairlead.Client, _ *redistest.Fake) {
		took(t, 5*time.Second, func() {
			_, err := c.Get(background, "k")
			says(t, err, "cannot connect to redis:6379", "no connection within Options.Timeout")
			wraps(t, err, fairlead.ErrTimeout)
			is(t, "phase", sentAs(t, err, false).Phase, fairlead.PhaseDialing)
		})
	}, (*redistest.FakeConn).Hang)
	inMemory(t, "so does one whose context ends", fairlead.Options{}, func(t *testing.T, c *fairlead.Client, _ *redistest.Fake) {
		ctx, cancel := context.WithTimeout(background, time.Second)
		defer cancel()
		took(t, time.Second, func() {
			_, err := c.Get(ctx, "k")
			says(t, err, "cannot connect to redis:6379", "context deadline exceeded")
			is(t, "phase", sentAs(t, err, false).Phase, fairlead.PhaseDialing)
		})
	}, (*redistest.FakeConn).Hang)
}
