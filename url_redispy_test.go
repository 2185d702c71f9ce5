package fairlead

import (
	"crypto/tls"
	"strings"
	"testing"
	"time"
)

// Each subtest is named after a behaviour that redis-py's own tests of its connection pools assert. Where Fairlead behaves
// otherwise, docs/redis-py.md says so.

func TestRedisPyURLOverTCP(t *testing.T) {
	t.Parallel()
	want := func(name, url string, o Options) {
		t.Helper()
		o.Network = "tcp"
		if o.Addr == "" {
			o.Addr = "myhost:6379"
		}
		t.Run(name, func(t *testing.T) {
			t.Helper()
			t.Parallel()
			wantOptions(t, url, o)
		})
	}
	want("host only", "redis://myhost", Options{})
	want("percent-encoded host decoded", "redis://my %2F host %2B%3D+", Options{Addr: "my / host +=+:6379"})
	want("port int", "redis://myhost:6380", Options{Addr: "myhost:6380"})
	want("IPv6 in brackets works", "redis://[::1]:6380", Options{Addr: "[::1]:6380"})
	want("username", "redis://myuser:@myhost", Options{Username: "myuser"})
	want("encoded username", "redis://%2Fmyuser%2F%2B name%3D%24+:@myhost", Options{Username: "/myuser/+ name=$+"})
	want("password", "redis://:mypassword@myhost", Options{Password: "mypassword"})
	want("encoded password", "redis://:%2Fmypass%2F%2B word%3D%24+@myhost", Options{Password: "/mypass/+ word=$+"})
	want("username and password", "redis://myuser:mypass@myhost", Options{Username: "myuser", Password: "mypass"})
	want("db in the path", "redis://myhost/2", Options{DB: 2})
	want("query beats path", "redis://myhost/2?db=3", Options{DB: 3})
	want("typed query: timeouts float, empty socket_keepalive accepted, retry_on_timeout=Yes true, max_connections int",
		"redis://myhost/2?socket_timeout=20.5&socket_connect_timeout=10&socket_keepalive=&retry_on_timeout=Yes&max_connections=10",
		Options{DB: 2, Timeout: 20500 * time.Millisecond, DialTimeout: 10 * time.Second, MaxConnections: 10, Retry: Retry{OnTimeout: true}})
	want("client_name from query", "redis://myhost?client_name=test-client", Options{ClientName: "test-client"})
	want("query percent-decoded exactly once", "redis://myhost?client_name=a%2Bb%23c", Options{ClientName: "a+b#c"})
	want("%2520 stays %20", "redis://myhost?client_name=a%2520b", Options{ClientName: "a%20b"})
	want("no protocol in URL: protocol stays None", "redis://myhost", Options{Protocol: 0})
	want("protocol=2", "redis://myhost?protocol=2", Options{Protocol: 2})
	want("protocol=3", "redis://myhost?protocol=3", Options{Protocol: 3})
	want("Blocking pool: timeout=42 float and max_connections", "redis://myhost?timeout=42&max_connections=10",
		Options{PoolTimeout: 42 * time.Second, MaxConnections: 10})
	want("username and password from query", "redis://myhost?username=myuser&password=my%20pass", Options{Username: "myuser", Password: "my pass"})
	want("REDIS:// accepted", "REDIS://myhost", Options{})

	t.Run("db as kwarg", func(t *testing.T) {
		t.Parallel()
		o := parsed(t, "redis://myhost")
		o.DB = 1 // what is a keyword argument of from_url in Python is a field of what ParseURL returns
		if got := o.String(); got != "redis://myhost:6379/1" {
			t.Errorf("the options lead to %s", got)
		}
	})
	t.Run("REDISS:// and UNIX:// accepted", func(t *testing.T) {
		t.Parallel()
		if o := parsed(t, "REDISS://myhost"); o.TLS == nil {
			t.Error("REDISS:// does not encrypt")
		}
		if o := parsed(t, "UNIX:///socket"); o.Network != "unix" || o.Addr != "/socket" {
			t.Errorf("UNIX:// leads to %s %s", o.Network, o.Addr)
		}
	})
}

func TestRedisPyURLErrors(t *testing.T) {
	t.Parallel()
	const schemes = "bad URL: it does not begin with a scheme and two slashes: write redis://, rediss://, valkey://, valkeys:// or unix://"
	for _, test := range []struct{ name, url, sentence string }{
		{"missing scheme", "localhost", schemes},
		{"redis:host without //", "redis:myhost", schemes},
		{"invalid typed value: socket_timeout", "redis://myhost?socket_timeout=_", `bad URL: option socket_timeout="_": write ` + wantBound},
		{"invalid typed value: socket_connect_timeout", "redis://myhost?socket_connect_timeout=abc",
			`bad URL: option socket_connect_timeout="abc": write ` + wantBound},
		{"invalid typed value: max_connections", "redis://myhost?max_connections=abc",
			`bad URL: option max_connections="abc": write a whole number from 1 to 65535`},
		{"max_connections −1", "redis://myhost?max_connections=-1", `bad URL: option max_connections="-1": write a whole number from 1 to 65535`},
		{"Blocking pool: bad timeout", "redis://myhost?timeout=abc", `bad URL: option timeout="abc": write ` + wantTime +
			"; 0 to fail at once; none to wait as long as the context allows"},
		{"port above 65535", "redis://myhost:65536", "bad URL: what follows the host's colon is no port: write a number from 1 to 65535"},
		{"protocol=4", "redis://myhost?protocol=4", `bad URL: option protocol="4": write 2 or 3, the version of RESP`},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			wantError(t, test.url, test.sentence)
		})
	}
}

func TestRedisPyURLBooleans(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]*bool{
		"":  nil,
		"0": new(false), "f": new(false), "F": new(false), "False": new(false), "n": new(false), "N": new(false), "No": new(false),
		"FALSE": new(false), "NO": new(false), "off": new(false),
		"1": new(true), "t": new(true), "True": new(true), "y": new(true), "Y": new(true), "Yes": new(true), "ON": new(true),
	} {
		t.Run("boolean "+text, func(t *testing.T) {
			t.Parallel()
			got, err := parseTruth(text)
			if err != nil || (got == nil) != (want == nil) || got != nil && *got != *want {
				t.Errorf("%q is %v, %v", text, got, err)
			}
		})
	}
}

func TestRedisPyURLOverSocket(t *testing.T) {
	t.Parallel()
	want := func(name, url string, o Options) {
		t.Helper()
		o.Network = "unix"
		if o.Addr == "" {
			o.Addr = "/socket"
		}
		t.Run(name, func(t *testing.T) {
			t.Helper()
			t.Parallel()
			wantOptions(t, url, o)
		})
	}
	want("path", "unix:///socket", Options{})
	want("encoded path", "unix:///my%2Fpath%2Fto%2F..%2F+_%2B%3D%24ocket", Options{Addr: "/my/path/to/../+_+=$ocket"})
	want("username", "unix://myuser:@/socket", Options{Username: "myuser"})
	want("encoded username", "unix://%2Fmyuser%2F%2B name%3D%24+:@/socket", Options{Username: "/myuser/+ name=$+"})
	want("password", "unix://:mypassword@/socket", Options{Password: "mypassword"})
	want("encoded password", "unix://:%2Fmypass%2F%2B word%3D%24+@/socket", Options{Password: "/mypass/+ word=$+"})
	want("db query", "unix:///socket?db=2", Options{DB: 2})
	want("client_name", "unix:///socket?client_name=test-client", Options{ClientName: "test-client"})

	t.Run("db kwarg", func(t *testing.T) {
		t.Parallel()
		o := parsed(t, "unix:///socket")
		o.DB = 1
		if got := o.String(); got != "unix:///socket?db=1" {
			t.Errorf("the options lead to %s", got)
		}
	})
}

func TestRedisPyURLOverTLS(t *testing.T) {
	t.Parallel()
	config := func(name, url string, verify, compareName bool, version uint16) {
		t.Helper()
		t.Run(name, func(t *testing.T) {
			t.Helper()
			t.Parallel()
			c := parsed(t, url).TLS
			if c == nil {
				t.Fatal("the connection is not encrypted")
			}
			gotVerify, gotCompare := !c.InsecureSkipVerify || c.VerifyConnection != nil, !c.InsecureSkipVerify
			if gotVerify != verify || gotCompare != compareName || c.MinVersion != version || c.ServerName != "my.host" {
				t.Errorf("verified %t, its name compared %t with %s, at least %s", gotVerify, gotCompare, c.ServerName, tls.VersionName(c.MinVersion))
			}
		})
	}
	const v12, v13 = tls.VersionTLS12, tls.VersionTLS13
	config("rediss → TLS connection", "rediss://my.host", true, true, v12)
	config("ssl_cert_reqs none mapped", "rediss://my.host?ssl_cert_reqs=none", false, false, v12)
	config("ssl_cert_reqs optional mapped", "rediss://my.host?ssl_cert_reqs=optional", true, true, v12)
	config("ssl_cert_reqs required mapped", "rediss://my.host?ssl_cert_reqs=required", true, true, v12)
	config("ssl_check_hostname True", "rediss://my.host?ssl_check_hostname=True", true, true, v12)
	config("ssl_check_hostname False", "rediss://my.host?ssl_check_hostname=False", true, false, v12)
	config("ssl_min_version from URL: 772, which is ssl.TLSVersion.TLSv1_3", "rediss://my.host?ssl_min_version=772", true, true, v13)
	config("ssl_min_version from URL: 771, which is ssl.TLSVersion.TLSv1_2", "rediss://my.host?ssl_min_version=771", true, true, v12)
}

func TestRedisPyRepr(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ name, url, want string }{
		{"repr shows host, port, db, client_name (TCP)", "redis://localhost:6379/1?client_name=test-client", "redis://localhost:6379/1?client_name=test-client"},
		{"repr shows path, db, client_name (UNIX)", "unix:///abc?db=1&client_name=test-client", "unix:///abc?db=1&client_name=test-client"},
		{"repr redacts password, keeps host/port/db", "redis://u:" + secret + "@localhost:6379/1", "redis://u:***@localhost:6379/1"},
		{"repr redacts a password from the query", "redis://localhost:6379/1?password=" + secret, "redis://:***@localhost:6379/1"},
		{"repr redacts password (UNIX)", "unix://:" + secret + "@/abc", "unix://:***@/abc"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			if got := parsed(t, test.url).String(); got != test.want || strings.Contains(got, secret) {
				t.Errorf("printed as %s, want %s", got, test.want)
			}
		})
	}
}
