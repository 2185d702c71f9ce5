package fairlead

import (
	"bytes"
	"context"
	"crypto/tls"
	"encoding/json"
	"fmt"
	"log/slog"
	"math"
	"net"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"
)

// wantRoundTrip demands that the options' String, parsed, gives the same options, but for the password and what no URL says.
func wantRoundTrip(t *testing.T, o *Options) {
	t.Helper()
	url := o.String()
	again, err := ParseURL(url)
	if err != nil {
		t.Errorf("the options' String %s does not parse: %v", url, err)
		return
	}
	want, got := o.withDefaults(), again.withDefaults()
	if want.Password != "" {
		want.Password = "***"
	}
	if (want.TLS == nil) != (got.TLS == nil) {
		t.Errorf("%s: TLS is %v, want %v", url, got.TLS != nil, want.TLS != nil)
	} else if want.TLS != nil {
		g, w := got.TLS, want.TLS
		if g.ServerName != w.ServerName || g.MinVersion != w.MinVersion || g.InsecureSkipVerify != w.InsecureSkipVerify ||
			verifiesItself(g) != verifiesItself(w) {
			t.Errorf("%s: TLS differs", url)
		}
	}
	want.TLS, got.TLS = nil, nil
	for _, difference := range differences(got, want) {
		t.Errorf("%s: after String and ParseURL %s", url, difference)
	}
}

func TestOptionsString(t *testing.T) {
	t.Parallel()
	var probes, off, first Options
	probes.KeepAlive.Interval = 1500 * time.Millisecond
	off.KeepAlive.Idle = -3
	first.KeepAlive.Idle = time.Minute
	for _, test := range []struct {
		why     string
		options Options
		want    string
	}{
		{"the defaults name where they lead", Options{}, "redis://localhost:6379/0"},
		{"what says the default is not named", Options{Addr: ":6379", Network: "tcp", MaxConnections: 64, Timeout: 5 * time.Second},
			"redis://localhost:6379/0"},
		{"the password is hidden", Options{Addr: "cache:7000", Username: "user", Password: "x", DB: 2, MaxConnections: 20},
			"redis://user:***@cache:7000/2?max_connections=20"},
		{"so is a password without a user", Options{Password: "x"}, "redis://:***@localhost:6379/0"},
		{"a user without a password", Options{Username: "a:b@c d"}, "redis://a%3Ab%40c%20d:@localhost:6379/0"},
		{"IPv6", Options{Addr: "[::1]:7000"}, "redis://[::1]:7000/0"},
		{"IPv6 with a zone", Options{Addr: "[fe80::1%eth 0]:7000"}, "redis://[fe80::1%25eth%200]:7000/0"},
		{"a socket", Options{Addr: "/run/my redis.sock"}, "unix:///run/my%20redis.sock"},
		{"a socket's database is an option", Options{Addr: "/run/redis.sock", DB: 3, Password: "x"}, "unix://:***@/run/redis.sock?db=3"},
		{"TLS", Options{TLS: &tls.Config{MinVersion: tls.VersionTLS12}}, "rediss://localhost:6379/0"},
		{"TLS that verifies nothing", Options{TLS: &tls.Config{MinVersion: tls.VersionTLS13, InsecureSkipVerify: true}},
			"rediss://localhost:6379/0?ssl_cert_reqs=none&ssl_min_version=TLSv1.3"},
		{"times", Options{DialTimeout: 250 * time.Millisecond, Timeout: -7, PoolTimeout: FailAtOnce, IdleTimeout: -1,
			MaxLifetime: time.Hour, UserTimeout: -1},
			"redis://localhost:6379/0?socket_connect_timeout=250ms&socket_timeout=none&pool_timeout=0&idle_timeout=none" +
				"&max_lifetime=1h0m0s&user_timeout=none"},
		{"microseconds are encoded", Options{Timeout: 20 * time.Microsecond}, "redis://localhost:6379/0?socket_timeout=20%C2%B5s"},
		{"keepalive is named as a whole", probes, "redis://localhost:6379/0?socket_keepalive_options=15:1.5s:3"},
		{"and with its defaults", first, "redis://localhost:6379/0?socket_keepalive_options=60:5:3"},
		{"or is off", off, "redis://localhost:6379/0?socket_keepalive=false"},
		{"connections", Options{Mode: Exclusive, MaxConnections: 9, SharedConns: 2, MinIdle: 3, PoolTimeout: -1, ClientName: "a#1", Protocol: 2},
			"redis://localhost:6379/0?client_name=a%231&protocol=2&max_connections=9&min_idle=3&mode=exclusive&shared_conns=2&pool_timeout=none"},
		{"fewer connections than are shared by default", Options{MaxConnections: 2}, "redis://localhost:6379/0?max_connections=2&shared_conns=2"},
		{"retries", Options{Retry: Retry{MaxRetries: -9, MinBackoff: time.Millisecond, MaxBackoff: time.Second, OnTimeout: true}},
			"redis://localhost:6379/0?retry_on_timeout=true&max_retries=0&min_backoff=1ms&max_backoff=1s"},
		{"many retries", Options{Retry: Retry{MaxRetries: math.MaxInt32}}, "redis://localhost:6379/0?max_retries=2147483647"},
	} {
		if got := test.options.String(); got != test.want {
			t.Errorf("%s:\n got %s\nwant %s", test.why, got, test.want)
		}
		wantRoundTrip(t, &test.options)
	}
}

// TestOptionsStringOfBadOptions: what check refuses still prints, and never its password.
func TestOptionsStringOfBadOptions(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		options Options
		want    string
	}{
		{Options{Addr: "redis://user:" + secret + "@host"}, "redis://***/0"},
		{Options{Addr: "user:" + secret + "@host:6379"}, "redis://***/0"},
		{Options{Addr: "unix://:" + secret + "@/run/x.sock", Network: "unix"}, "unix://***/0"},
		{Options{Addr: "cache"}, "redis://cache/0"},
		{Options{Addr: "a b"}, "redis://a%20b/0"},
		{Options{Mode: 7, Protocol: 9}, "redis://localhost:6379/0?protocol=9&mode=Mode(7)"},
	} {
		if err := test.options.check(); err == nil || strings.Contains(err.Error(), secret) {
			t.Errorf("check of %s says %v, want an error without the password", test.want, err)
		}
		if got := test.options.String(); got != test.want {
			t.Errorf("String is %s, want %s", got, test.want)
		}
	}
}

// TestOptionsPrintWithoutPassword tries every way of printing that comes to mind.
func TestOptionsPrintWithoutPassword(t *testing.T) {
	t.Parallel()
	o := Options{Username: "user", Password: secret}
	const want = "redis://user:***@localhost:6379/0"
	for _, verb := range []string{"%v", "%+v", "%s", "%d", "%x", "%t", "%10.3v"} {
		for name, operand := range map[string]any{"value": o, "pointer": &o} {
			if got := fmt.Sprintf(verb, operand); got != want {
				t.Errorf("%s of a %s prints %s, want %s", verb, name, got, want)
			}
		}
	}
	if got := fmt.Sprintf("%#v", &o); got != `fairlead.Options("`+want+`")` {
		t.Errorf("%%#v prints %s", got)
	}
	if got := fmt.Sprintf("%q", o); got != `"`+want+`"` {
		t.Errorf("%%q prints %s", got)
	}
	if got := fmt.Sprintf("%+v", struct{ Inner Options }{o}); got != "{Inner:"+want+"}" {
		t.Errorf("%%+v of a struct around options prints %s", got)
	}
	if got := fmt.Sprintf("%v", (*Options)(nil)); got != "<nil>" {
		t.Errorf("%%v of no options prints %s", got)
	}

	var log bytes.Buffer
	logger := slog.New(slog.NewMultiHandler(slog.NewTextHandler(&log, nil), slog.NewJSONHandler(&log, nil)))
	logger.Info("opened", "value", o, "pointer", &o, "around", struct{ Inner Options }{o})
	if got := log.String(); strings.Contains(got, secret) || strings.Count(got, want) != 5 {
		t.Errorf("log/slog prints %s\nwant %s five times: thrice as text, twice as JSON, which cannot print a struct with functions", got, want)
	}
	if text, err := json.Marshal([]any{o}); err == nil || bytes.Contains(text, []byte(secret)) {
		t.Errorf("encoding/json writes %s, %v; want an error, since options have functions", text, err)
	}
}

func TestModeString(t *testing.T) {
	t.Parallel()
	for mode, want := range map[Mode]string{Shared: "shared", Exclusive: "exclusive", -1: "Mode(-1)"} {
		if got := mode.String(); got != want {
			t.Errorf("the mode is called %q, want %q", got, want)
		}
	}
}

// TestOptionsDefaults holds every default against the comment of its field.
func TestOptionsDefaults(t *testing.T) {
	t.Parallel()
	got := new(Options).withDefaults()
	want := Options{
		Addr: "localhost:6379", Network: "tcp", ClientName: processName(),
		DialTimeout: 5 * time.Second, Timeout: 5 * time.Second, UserTimeout: 10 * time.Second,
		KeepAlive:   net.KeepAliveConfig{Enable: true, Idle: 15 * time.Second, Interval: 5 * time.Second, Count: 3},
		SharedConns: 4, MaxConnections: 64, PoolTimeout: DefaultPoolTimeout, IdleTimeout: 5 * time.Minute,
		Retry: Retry{MaxRetries: 3, MinBackoff: 8 * time.Millisecond, MaxBackoff: 512 * time.Millisecond},
	}
	for _, difference := range differences(got, want) {
		t.Errorf("by default %s", difference)
	}
}

func TestOptionsDefaultsKeepWhatIsSet(t *testing.T) {
	t.Parallel()
	want := Options{
		Addr: "cache:7000", Network: "tcp", ClientName: "shop", Username: "u", Password: "p", DB: 4, Protocol: 2,
		DialTimeout: 1 * time.Second, Timeout: noBound, UserTimeout: 2 * time.Second,
		KeepAlive: net.KeepAliveConfig{Enable: true, Idle: 1 * time.Second, Interval: 2 * time.Second, Count: 4},
		Mode:      Exclusive, SharedConns: 7, MaxConnections: 9, MinIdle: 3, PoolTimeout: FailAtOnce, IdleTimeout: noBound, MaxLifetime: time.Hour,
		Retry: Retry{MaxRetries: -1, MinBackoff: time.Millisecond, MaxBackoff: time.Minute, OnTimeout: true},
	}
	for _, difference := range differences(want.withDefaults(), want) {
		t.Errorf("after withDefaults %s", difference)
	}
	loose := Options{Timeout: -time.Hour, Retry: Retry{MaxRetries: -100}, KeepAlive: net.KeepAliveConfig{Enable: true, Idle: -9, Count: 5}}
	full := loose.withDefaults()
	if full.Timeout != noBound || full.Retry.MaxRetries != -1 {
		t.Errorf("whatever is negative becomes -1, but Timeout is %v and MaxRetries %d", full.Timeout, full.Retry.MaxRetries)
	}
	if off := (net.KeepAliveConfig{Idle: -1, Interval: -1, Count: -1}); full.KeepAlive != off {
		t.Errorf("a negative Idle switches keepalive off, but KeepAlive is %+v", full.KeepAlive)
	}
}

func TestOptionsDefaultAddress(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ addr, network, wantAddr, wantNetwork string }{
		{"", "", "localhost:6379", "tcp"},
		{":7000", "", "localhost:7000", "tcp"},
		{"[::1]:7000", "", "[::1]:7000", "tcp"},
		{"/run/redis.sock", "", "/run/redis.sock", "unix"},
		{"redis.sock", "unix", "redis.sock", "unix"},
		{"/strange:7000", "tcp", "/strange:7000", "tcp"},
		{"in memory", "", "in memory", "tcp"}, // for a Dialer
	} {
		full := (&Options{Addr: test.addr, Network: test.network}).withDefaults()
		if full.Addr != test.wantAddr || full.Network != test.wantNetwork {
			t.Errorf("Addr %q with Network %q leads to %s %s, want %s %s",
				test.addr, test.network, full.Network, full.Addr, test.wantNetwork, test.wantAddr)
		}
	}
}

func TestOptionsDefaultServerName(t *testing.T) {
	t.Parallel()
	for addr, want := range map[string]string{"": "localhost", "cache:7000": "cache", "[fe80::1%eth0]:7000": "fe80::1"} {
		given := &tls.Config{}
		full := (&Options{Addr: addr, TLS: given}).withDefaults()
		if full.TLS.ServerName != want {
			t.Errorf("at %q the certificate must be for %q, want %q", addr, full.TLS.ServerName, want)
		}
		if given.ServerName != "" {
			t.Errorf("the caller's tls.Config was changed")
		}
	}
	given := &tls.Config{ServerName: "redis.example.com"}
	if full := (&Options{TLS: given}).withDefaults(); full.TLS != given {
		t.Errorf("a tls.Config that has a ServerName was replaced")
	}
}

func TestProcessName(t *testing.T) {
	t.Parallel()
	name := processName()
	if !strings.HasSuffix(name, "#"+strconv.Itoa(os.Getpid())) || !strings.Contains(name, "@") {
		t.Errorf("this process is called %q, want program@host#pid", name)
	}
	if err := (&Options{ClientName: name}).check(); err != nil {
		t.Errorf("the default name is refused: %v", err)
	}
	if got := visible("my prog\n@höst#1"); got != "my-prog-@h-st#1" {
		t.Errorf("a name with a space, line break and umlaut becomes %q", got)
	}
}

func TestOptionsCheck(t *testing.T) {
	t.Parallel()
	dialer := func(context.Context, string, string) (net.Conn, error) { return nil, nil }
	credentials := func(context.Context) (string, string, error) { return "", "", nil }
	for _, good := range []Options{
		{}, {Addr: "localhost:6379"}, {Addr: ":1"}, {Addr: "[::1]:65535"}, {Addr: "/run/redis.sock"}, {Addr: "@abstract", Network: "unix"},
		{Addr: "server 7", Dialer: dialer}, {Addr: "server 7", Dialer: dialer, TLS: &tls.Config{ServerName: "x"}},
		{TLS: &tls.Config{}}, {Addr: "cache:1", TLS: &tls.Config{}}, {Addr: "x", Dialer: dialer, TLS: &tls.Config{InsecureSkipVerify: true}},
		{Credentials: credentials}, {Username: "u"}, {Password: "p"}, {PoolTimeout: FailAtOnce}, {Timeout: -1, DialTimeout: -1, PoolTimeout: -1},
		{KeepAlive: net.KeepAliveConfig{Idle: -1, Count: -1, Interval: -1}}, {MaxConnections: 1}, {MaxConnections: 5, MinIdle: 5, SharedConns: 5},
		{MinIdle: 64}, {Retry: Retry{MinBackoff: 1, MaxBackoff: 1}}, {Retry: Retry{MaxRetries: math.MaxInt}}, {DB: 15}, {Protocol: 2}, {Protocol: 3},
		{UserTimeout: time.Millisecond}, {Mode: Exclusive},
	} {
		if err := good.check(); err != nil {
			t.Errorf("%v is refused: %v", good, err)
		}
	}
	for _, bad := range []struct {
		options  Options
		sentence string
	}{
		{Options{Network: "udp"}, `Network is "udp": write "tcp", "unix" or nothing`},
		{Options{Addr: "redis://host"}, "Addr has the look of a URL: hand a URL to Open or ParseURL, or write host:port alone"},
		{Options{Addr: "u:p@host:1"}, "Addr has the look of a URL: hand a URL to Open or ParseURL, or write host:port alone"},
		{Options{Addr: "host:1\n"}, "Addr contains a control character: take it away (often it is a line break at the end)"},
		{Options{Addr: "cache"}, `Addr has no port: write "cache:6379"`},
		{Options{Addr: "::1:6379"}, "Addr is not host:port: an IPv6 address is written in brackets, as in [::1]:6379"},
		{Options{Addr: "[::1]"}, "Addr is not host:port: an IPv6 address is written in brackets, as in [::1]:6379"},
		{Options{Addr: "host:redis"}, "Addr ends in no port: write a number from 1 to 65535 after the colon"},
		{Options{Addr: "host:0"}, "Addr ends in no port: write a number from 1 to 65535 after the colon"},
		{Options{Addr: "host:"}, "Addr ends in no port: write a number from 1 to 65535 after the colon"},
		{Options{Network: "unix"}, "Addr is empty: write the path of the unix socket"},
		{Options{Addr: "/" + strings.Repeat("x", 107)}, "Addr is a path of 108 bytes: a unix socket's has 107 at most"},
		{Options{Addr: "/run/redis.sock", TLS: &tls.Config{}}, "TLS is set for a unix socket, which no network carries: set TLS to nil"},
		{Options{Addr: "server 7", Dialer: dialer, TLS: &tls.Config{}},
			"TLS has no ServerName and Addr is not host:port: set TLS.ServerName to the name in the server's certificate"},
		{Options{Credentials: credentials, Username: "u"}, "Credentials is set, and so is Username or Password: keep one way of logging in"},
		{Options{Credentials: credentials, Password: "p"}, "Credentials is set, and so is Username or Password: keep one way of logging in"},
		{Options{DB: -1}, "DB is -1: write a number from 0 to the server's setting databases less 1"},
		{Options{Protocol: 1}, "Protocol is 1: write 2, 3, or 0 for the highest that the server speaks"},
		{Options{ClientName: "my shop"}, "ClientName contains a space or a character that is not visible ASCII, which Redis refuses: write - instead"},
		{Options{ClientName: "shöp"}, "ClientName contains a space or a character that is not visible ASCII, which Redis refuses: write - instead"},
		{Options{DialTimeout: 5}, "DialTimeout is 5ns, too short for anything to happen in: write a unit, as in 5*time.Second"},
		{Options{Timeout: 5}, "Timeout is 5ns, too short for anything to happen in: write a unit, as in 5*time.Second"},
		{Options{PoolTimeout: 2}, "PoolTimeout is 2ns, too short for anything to happen in: write a unit, as in 5*time.Second"},
		{Options{Timeout: FailAtOnce}, "Timeout is 1ns, too short for anything to happen in: write a unit, as in 5*time.Second"},
		{Options{IdleTimeout: 60}, "IdleTimeout is 60ns, too short for anything to happen in: write a unit, as in 5*time.Second"},
		{Options{MaxLifetime: 60}, "MaxLifetime is 60ns, too short for anything to happen in: write a unit, as in 5*time.Second"},
		{Options{UserTimeout: 999 * time.Microsecond},
			"UserTimeout is 999µs, too short for anything to happen in: write a unit, as in 5*time.Second"},
		{Options{UserTimeout: 1000 * time.Hour}, "UserTimeout is 1000h0m0s: write at most 596h31m23.647s, or -1 to leave it to the kernel"},
		{Options{MaxLifetime: -1}, "MaxLifetime is -1ns: write 0 for connections that live as long as they work"},
		{Options{KeepAlive: net.KeepAliveConfig{Idle: 10 * time.Hour}}, "KeepAlive.Idle is 10h0m0s: write at most 9h6m7s, or -1 to switch keepalive off"},
		{Options{KeepAlive: net.KeepAliveConfig{Interval: -1}}, "KeepAlive.Interval is -1ns: write at most 9h6m7s, or 0 for the default"},
		{Options{KeepAlive: net.KeepAliveConfig{Count: -1}}, "KeepAlive.Count is -1: write at most 127, or 0 for the default"},
		{Options{KeepAlive: net.KeepAliveConfig{Count: 128}}, "KeepAlive.Count is 128: write at most 127, or 0 for the default"},
		{Options{Mode: 2}, "Mode is Mode(2): write fairlead.Shared or fairlead.Exclusive"},
		{Options{MaxConnections: -1}, "MaxConnections is -1: write a number from 1 to 65535, or 0 for the default"},
		{Options{MaxConnections: 65536}, "MaxConnections is 65536: write a number from 1 to 65535, or 0 for the default"},
		{Options{MinIdle: -1}, "MinIdle is -1: write a number from 0 to MaxConnections, which is 64"},
		{Options{MinIdle: 65}, "MinIdle is 65: write a number from 0 to MaxConnections, which is 64"},
		{Options{SharedConns: -1}, "SharedConns is -1: write a number from 1 to MaxConnections, which is 64, or 0 for the default"},
		{Options{SharedConns: 4, MaxConnections: 3}, "SharedConns is 4: write a number from 1 to MaxConnections, which is 3, or 0 for the default"},
		{Options{Retry: Retry{MinBackoff: -1}}, "Retry has a negative backoff (MinBackoff -1ns, MaxBackoff 512ms): write times above 0, or 0 for the default"},
		{Options{Retry: Retry{MinBackoff: time.Second}},
			"Retry.MinBackoff is 1s, above MaxBackoff, which is 512ms: raise MaxBackoff or lower MinBackoff"},
	} {
		want := "fairlead: Options." + bad.sentence
		if err := bad.options.check(); err == nil || err.Error() != want {
			t.Errorf("check says\n     %v\nwant %s", err, want)
		}
	}
	if err := (*Options)(nil).check(); err == nil || err.Error() != "fairlead: Options is nil: write &fairlead.Options{} for the defaults" {
		t.Errorf("check of no options says %v", err)
	}
}
