package fairlead

import (
	"crypto/tls"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"reflect"
	"regexp"
	"strings"
	"testing"
	"time"
)

// parsed returns the options of a URL that must be good.
func parsed(t *testing.T, url string) *Options {
	t.Helper()
	o, err := ParseURL(url)
	if err != nil {
		t.Fatalf("ParseURL(%q): %v", url, err)
	}
	return o
}

// wantOptions parses a URL and names each field that is not as wanted, at first and after String. TLS is compared elsewhere.
func wantOptions(t *testing.T, url string, want Options) {
	t.Helper()
	got := *parsed(t, url)
	wantRoundTrip(t, &got)
	got.TLS = nil
	for _, difference := range differences(got, want) {
		t.Errorf("ParseURL(%q).%s", url, difference)
	}
}

// differences names the fields in which two options without functions differ.
func differences(got, want Options) []string {
	var found []string
	g, w := reflect.ValueOf(got), reflect.ValueOf(want)
	for i := range g.NumField() {
		if !reflect.DeepEqual(g.Field(i).Interface(), w.Field(i).Interface()) {
			found = append(found, fmt.Sprintf("%s is %v, want %v", g.Type().Field(i).Name, g.Field(i), w.Field(i)))
		}
	}
	return found
}

// wantError parses a URL that must be bad and compares the whole sentence after the prefix.
func wantError(t *testing.T, url, sentence string) {
	t.Helper()
	o, err := ParseURL(url)
	if err == nil {
		t.Errorf("ParseURL(%q) = %v, want the error %q", url, o, sentence)
		return
	}
	if want := "fairlead: " + sentence; err.Error() != want {
		t.Errorf("ParseURL(%q):\n got %s\nwant %s", url, err, want)
	}
}

func TestURLSchemes(t *testing.T) {
	t.Parallel()
	for _, scheme := range []string{"redis", "valkey", "REDIS", "Valkey"} {
		o := parsed(t, scheme+"://cache:7000/2")
		if o.Network != "tcp" || o.Addr != "cache:7000" || o.DB != 2 || o.TLS != nil {
			t.Errorf("%s:// gives %v over TLS: %t", scheme, o, o.TLS != nil)
		}
	}
	for _, scheme := range []string{"rediss", "valkeys", "REDISS"} {
		o := parsed(t, scheme+"://cache:7000/2")
		if o.Addr != "cache:7000" || o.DB != 2 || o.TLS == nil || o.TLS.ServerName != "cache" || o.TLS.MinVersion != tls.VersionTLS12 {
			t.Errorf("%s:// gives %v with TLS %+v", scheme, o, o.TLS)
		}
	}
	wantOptions(t, "UNIX:///run/redis.sock", Options{Network: "unix", Addr: "/run/redis.sock"})

	const single = "bad URL: redis+sentinel:// and redis+cluster:// are not understood yet: this version connects to single servers only," +
		" so write redis://host:port of one server"
	for _, scheme := range []string{"redis+sentinel", "redis+cluster", "REDIS+Cluster", "rediss+cluster", "valkey+sentinel"} {
		wantError(t, scheme+"://user:hunter2@a:26379,b:26379/0?x=y", single)
	}
	const schemes = "write redis://, rediss://, valkey://, valkeys:// or unix://"
	wantError(t, "rediz://host", `bad URL: its scheme "rediz" is unknown: `+schemes)
	wantError(t, "http://host", `bad URL: its scheme "http" is unknown: `+schemes)
	wantError(t, "redis+srv://host", `bad URL: its scheme "redis+srv" is unknown: `+schemes)
	wantError(t, "unix+tls://host", `bad URL: its scheme "unix+tls" is unknown: `+schemes)
	// What is no scheme may be a login, so it is not repeated.
	wantError(t, "user:hunter2@redis://host", `bad URL: its scheme is unknown: `+schemes)
	wantError(t, "://host", `bad URL: its scheme "" is unknown: `+schemes)
	wantError(t, "", "bad URL: it does not begin with a scheme and two slashes: "+schemes)
	wantError(t, "localhost:6379", "bad URL: it does not begin with a scheme and two slashes: "+schemes)
	wantError(t, "redis:/localhost", "bad URL: it does not begin with a scheme and two slashes: "+schemes)
}

func TestURLAddress(t *testing.T) {
	t.Parallel()
	for url, addr := range map[string]string{
		"redis://":                        "localhost:6379",
		"redis:///":                       "localhost:6379",
		"redis://?db=0":                   "localhost:6379",
		"redis://:7000":                   "localhost:7000",
		"redis://:@:7000/":                "localhost:7000",
		"redis://@cache":                  "cache:6379",
		"redis://cache:":                  "cache:6379",
		"redis://cache:65535":             "cache:65535",
		"redis://127.0.0.1":               "127.0.0.1:6379",
		"redis://[::1]":                   "[::1]:6379",
		"redis://[::1]:":                  "[::1]:6379",
		"redis://u:p@[::1]:7000/1":        "[::1]:7000",
		"redis://[fe80::1%25eth0]:7000":   "[fe80::1%eth0]:7000",
		"redis://[::ffff:127.0.0.1]:7000": "[::ffff:127.0.0.1]:7000",
		"redis://%2Ftmp%2Fredis.sock":     "/tmp/redis.sock:6379", // a strange host, but no socket: the scheme says so
	} {
		if o := parsed(t, url); o.Addr != addr || o.Network != "tcp" {
			t.Errorf("ParseURL(%q) leads to %s %s, want tcp %s", url, o.Network, o.Addr, addr)
		}
	}
	const (
		noPort   = "bad URL: what follows the host's colon is no port: write a number from 1 to 65535"
		brackets = "bad URL: the brackets around the host are not in order: write [::1] or [::1]:6379"
		noIPv6   = "bad URL: the brackets contain no IPv6 address: write [::1], or a host name without brackets"
		colons   = "bad URL: the host has more than one colon: an IPv6 address is written in brackets, as in [::1]:6379"
		colon    = "bad URL: the host has a colon or bracket in it: an IPv6 address is written in brackets, as in [::1]:6379"
	)
	for url, sentence := range map[string]string{
		"redis://cache:65536":                noPort,
		"redis://cache:99999999999999999999": noPort,
		"redis://cache:0":                    noPort,
		"redis://cache:-1":                   noPort,
		"redis://cache:+1":                   noPort,
		"redis://cache:redis":                noPort,
		"redis://[::1]:70000":                noPort,
		"redis://[::1":                       brackets,
		"redis://[::1]7000":                  brackets,
		"redis://[cache]:7000":               noIPv6,
		"redis://[127.0.0.1]":                noIPv6,
		"redis://[]":                         noIPv6,
		"redis://::1":                        colons,
		"redis://::1:6379":                   colons,
		"redis://%3A%3A1":                    colon,
		"redis://ca]che":                     colon,
		"redis://ca%zzche":                   "bad URL: the host has a % that two hexadecimal digits do not follow: write %25 for the % itself",
		"redis://ca%0Ache":                   "Options.Addr contains a control character: take it away (often it is a line break at the end)",
		"redis://cache\n":                    "bad URL: it contains a control character: take it away (often it is the line break at the end)",
		"redis://cache/0#part": "bad URL: it has a fragment (# and what follows), which means nothing here: take it away" +
			"; a password that has / ? # or @ in it is written with %2F %3F %23 or %40 instead",
	} {
		wantError(t, url, sentence)
	}
}

func TestURLDatabase(t *testing.T) {
	t.Parallel()
	for url, db := range map[string]int{
		"redis://cache":                 0,
		"redis://cache/":                0,
		"redis://cache/0":               0,
		"redis://cache/15":              15,
		"redis://cache/%31":             1,
		"redis://cache/2147483647":      2147483647,
		"redis://cache?db=3":            3,
		"redis://cache/1?db=3":          3,
		"redis://cache/1?db=0":          0,
		"unix:///run/redis.sock?db=4":   4,
		"unix://:p@/run/redis.sock?db=": -1,
	} {
		if db < 0 {
			wantError(t, url, "bad URL: option db=\"\": write a whole number from 0 to 2147483647")
			continue
		}
		if o := parsed(t, url); o.DB != db {
			t.Errorf("ParseURL(%q) uses database %d, want %d", url, o.DB, db)
		}
	}
	for _, path := range []string{"/cache", "/1/2", "/1/", "//1", "/-1", "/+1", "/1.0", "/ 1", "/2147483648", "/%zz", "/99999999999999999999"} {
		wantError(t, "redis://host"+path, `bad URL: the path "`+path+`" is no database: write the database's number alone, as in /0`)
	}
	// A database in the options does not make a bad path good.
	wantError(t, "redis://host/cache?db=1", `bad URL: the path "/cache" is no database: write the database's number alone, as in /0`)
	wantError(t, "redis://host?db=one", `bad URL: option db="one": write a whole number from 0 to 2147483647`)
	wantError(t, "redis://host?db=-1", `bad URL: option db="-1": write a whole number from 0 to 2147483647`)
}

func TestURLSocket(t *testing.T) {
	t.Parallel()
	wantOptions(t, "unix://user:pa%20ss@/run/my%20redis@1.sock?db=2",
		Options{Network: "unix", Addr: "/run/my redis@1.sock", Username: "user", Password: "pa ss", DB: 2})

	const slashes = "bad URL: unix:// needs the absolute path of a socket: write unix:///run/redis.sock, with three slashes," +
		" or unix://user:password@/run/redis.sock"
	for _, url := range []string{"unix://", "unix:///", "unix://run/redis.sock", "unix://redis.sock", "unix://u:p@host"} {
		wantError(t, url, slashes)
	}
	wantError(t, "unix:///run/%", "bad URL: the path has a % that two hexadecimal digits do not follow: write %25 for the % itself")
	wantError(t, "unix:///"+strings.Repeat("x", 107), "Options.Addr is a path of 108 bytes: a unix socket's has 107 at most")
	parsed(t, "unix:///"+strings.Repeat("x", 106))
	wantError(t, "unix:///run/redis.sock?ssl_cert_reqs=none",
		"bad URL: option ssl_cert_reqs means nothing without TLS: write rediss:// or valkeys:// instead of the scheme")
}

func TestURLLogin(t *testing.T) {
	t.Parallel()
	for url, login := range map[string][2]string{
		"redis://host":                         {"", ""},
		"redis://user:secret@host":             {"user", "secret"},
		"redis://:secret@host":                 {"", "secret"},
		"redis://user:@host":                   {"user", ""},
		"redis://:a:b@host":                    {"", "a:b"}, // the first colon ends the user
		"redis://:a@b@host":                    {"", "a@b"}, // the last @ begins the host
		"redis://:%2F%3F%23%40%25+@host":       {"", "/?#@%+"},
		"redis://host?username=user":           {"user", ""},
		"redis://host?password=a%26b+c":        {"", "a&b c"},
		"redis://:secret@host?username=user":   {"user", "secret"},
		"redis://user:@host?password=secret":   {"user", "secret"},
		"rediss://us%3Aer:secret@host":         {"us:er", "secret"},
		"unix://user:secret@/run/redis.sock":   {"user", "secret"},
		"unix:///run/redis.sock?password=%00s": {"", "\x00s"},
	} {
		if o := parsed(t, url); o.Username != login[0] || o.Password != login[1] {
			t.Errorf("ParseURL(%q) logs in as %q with %q, want %q with %q", url, o.Username, o.Password, login[0], login[1])
		}
	}
	wantError(t, "redis://hunter2@host", "bad URL: what stands before the @ has no colon: write user:password@host, :password@host,"+
		" or user:@host for a user without a password")
	wantError(t, "redis://:100%@host", "bad URL: user or password has a % that two hexadecimal digits do not follow: write %25 for the % itself")
	wantError(t, "redis://:a@host?password=a", "bad URL: option password repeats the password before the @: keep one of them")
	wantError(t, "redis://a:@host?username=b", "bad URL: option username repeats the user before the @: keep one of them")
}

func TestURLOptions(t *testing.T) {
	t.Parallel()
	probes := func(idle, interval time.Duration, count int) (o Options) {
		o.KeepAlive.Idle, o.KeepAlive.Interval, o.KeepAlive.Count = idle, interval, count
		return o
	}
	for query, want := range map[string]Options{
		"client_name=shop-1":                           {ClientName: "shop-1"},
		"protocol=2":                                   {Protocol: 2},
		"max_connections=20":                           {MaxConnections: 20},
		"pool_size=65535":                              {MaxConnections: 65535},
		"max_active_conns=1":                           {MaxConnections: 1},
		"min_idle=2":                                   {MinIdle: 2},
		"min_idle_conns=0":                             {},
		"mode=exclusive":                               {Mode: Exclusive},
		"mode=SHARED":                                  {Mode: Shared},
		"shared_conns=2":                               {SharedConns: 2},
		"socket_connect_timeout=0.25":                  {DialTimeout: 250 * time.Millisecond},
		"dial_timeout=250ms":                           {DialTimeout: 250 * time.Millisecond},
		"socket_timeout=5":                             {Timeout: 5 * time.Second},
		"socket_timeout=None":                          {Timeout: -1},
		"socket_timeout=-1":                            {Timeout: -1},
		"read_timeout=3":                               {Timeout: 3 * time.Second},
		"write_timeout=1m30s":                          {Timeout: 90 * time.Second},
		"read_timeout=3&write_timeout=3000ms":          {Timeout: 3 * time.Second},
		"pool_timeout=.5":                              {PoolTimeout: 500 * time.Millisecond},
		"pool_timeout=0":                               {PoolTimeout: FailAtOnce},
		"pool_timeout=forever":                         {PoolTimeout: -1},
		"timeout=20":                                   {PoolTimeout: 20 * time.Second},
		"idle_timeout=10m":                             {IdleTimeout: 10 * time.Minute},
		"idle_timeout=0":                               {IdleTimeout: -1},
		"conn_max_idle_time=never":                     {IdleTimeout: -1},
		"max_lifetime=1h":                              {MaxLifetime: time.Hour},
		"conn_max_lifetime=0":                          {MaxLifetime: 0},
		"max_conn_age=none":                            {MaxLifetime: 0},
		"socket_keepalive=true":                        {},
		"socket_keepalive=":                            {},
		"socket_keepalive":                             {},
		"socket_keepalive=no":                          probes(-1, 0, 0),
		"socket_keepalive_options=15:5:3":              probes(15*time.Second, 5*time.Second, 3),
		"socket_keepalive_options=1m%3A500ms%3A9":      probes(time.Minute, 500*time.Millisecond, 9),
		"health_check_interval=30":                     probes(30*time.Second, 0, 0),
		"health_check_interval=0":                      {},
		"health_check_interval=none":                   {},
		"socket_keepalive=off&health_check_interval=9": probes(-1, 0, 0),
		"health_check_interval=9&socket_keepalive=on&socket_keepalive_options=1:2:3": probes(time.Second, 2*time.Second, 3),
		"user_timeout=2s":        {UserTimeout: 2 * time.Second},
		"user_timeout=none":      {UserTimeout: -1},
		"retry_on_timeout=Yes":   {Retry: Retry{OnTimeout: true}},
		"retry_on_timeout=F":     {},
		"max_retries=7":          {Retry: Retry{MaxRetries: 7}},
		"max_retries=0":          {Retry: Retry{MaxRetries: -1}},
		"max_retries=-1":         {Retry: Retry{MaxRetries: -1}},
		"min_backoff=1ms":        {Retry: Retry{MinBackoff: time.Millisecond}},
		"min_retry_backoff=0.01": {Retry: Retry{MinBackoff: 10 * time.Millisecond}},
		"max_backoff=1s":         {Retry: Retry{MaxBackoff: time.Second}},
		"max_retry_backoff=2":    {Retry: Retry{MaxBackoff: 2 * time.Second}},
		"&db=3&&":                {DB: 3},
		"":                       {},
	} {
		want.Network, want.Addr = "tcp", "localhost:6379"
		wantOptions(t, "redis://localhost?"+query, want)
	}
}

func TestURLBadValues(t *testing.T) {
	t.Parallel()
	const (
		count = "write a whole number from 1 to 65535"
		some  = "write a time above 0, in seconds or as a Go duration: 0.25 or 250ms"
		limit = some + "; none for no bound; or leave the option away for the default"
		never = some + "; none or 0 for never"
		truth = "write true or false"
		probe = "write idle:interval:count, two times of at most 32767 s and a number up to 127, as in 15:5:3"
		check = "write a time of at most 32767 s, in seconds or as a Go duration: 30 or 30s; 0 for the default"
		wait  = some + "; 0 to fail at once; none to wait as long as the context allows"
	)
	for _, bad := range []struct{ option, value, want string }{
		{"protocol", "4", "write 2 or 3, the version of RESP"},
		{"protocol", "", "write 2 or 3, the version of RESP"},
		{"max_connections", "0", count},
		{"max_connections", "-1", count},
		{"max_connections", "65536", count},
		{"max_connections", "many", count},
		{"max_connections", "", count},
		{"pool_size", "1e3", count},
		{"shared_conns", "0", count},
		{"min_idle", "-2", "write a whole number from 0 to 65535"},
		{"mode", "pooled", "write shared or exclusive"},
		{"socket_timeout", "0", limit},
		{"socket_timeout", "-5", limit},
		{"socket_timeout", "soon", limit},
		{"socket_timeout", "1h5", limit}, // five of what?
		{"socket_timeout", "1e3", limit},
		{"socket_timeout", "nan", limit},
		{"socket_timeout", "99999999999", limit}, // longer than a time.Duration
		{"dial_timeout", "", limit},
		{"read_timeout", "0s", limit},
		{"user_timeout", "0", limit},
		{"pool_timeout", "-2", wait},
		{"idle_timeout", "-1s", never},
		{"max_lifetime", "old", never},
		{"min_backoff", "0", some},
		{"max_backoff", "none", some},
		{"max_retries", "-2", "write a whole number; 0 for never"},
		{"retry_on_timeout", "maybe", truth},
		{"socket_keepalive", "2", truth},
		{"socket_keepalive_options", "15:5", probe},
		{"socket_keepalive_options", "15:5:0", probe},
		{"socket_keepalive_options", "0:5:3", probe},
		{"socket_keepalive_options", "15:5:128", probe},
		{"socket_keepalive_options", "32768:5:3", probe},
		{"socket_keepalive_options", "a:b:c", probe},
		{"health_check_interval", "32768", check},
		{"health_check_interval", "often", check},
	} {
		wantError(t, "redis://host?"+bad.option+"="+bad.value, "bad URL: option "+bad.option+`="`+bad.value+`": `+bad.want)
	}
	long := strings.Repeat("9", 65)
	wantError(t, "redis://host?max_connections="+long, `bad URL: option max_connections="`+long[:64]+`"…: `+count)
	wantError(t, "redis://host?db=%zz", "bad URL: option db has a % that two hexadecimal digits do not follow: write %25 for the % itself")
	wantError(t, "redis://host?d%b=1", "bad URL: the name of an option has a % that two hexadecimal digits do not follow: write %25 for the % itself")
}

func TestURLUnknownOptions(t *testing.T) {
	t.Parallel()
	for name, nearest := range map[string]string{
		"max_conections":   "max_connections",
		"Max_Connections":  "max_connections",
		"pool_sise":        "pool_size",
		"sockettimeout":    "socket_timeout",
		"pasword":          "password",
		"ssl_cert_req":     "ssl_cert_reqs",
		"d":                "db",
		"retry_on_timeot":  "retry_on_timeout",
		"keepalive_option": "socket_keepalive_options",
	} {
		wantError(t, "redis://host?"+name+"=hunter2", `bad URL: an option "`+name+`" is unknown: the nearest one is `+nearest)
	}
	const all = " is unknown: the comment of ParseURL lists all options"
	wantError(t, "redis://host?qqqqqq=1", `bad URL: an option "qqqqqq"`+all)
	long := strings.Repeat("max_connections", 5)
	wantError(t, "redis://host?"+long+"=1", `bad URL: an option "`+long[:64]+`"…`+all)
	wantError(t, "redis://host?pool_fifo=true", "bad URL: option pool_fifo is not for Fairlead (idle connections are always taken last in,"+
		" first out, so that the rest become idle and are closed): take it away")
	for name := range refusals {
		if settingNamed[name] != nil {
			t.Errorf("%s is refused and understood", name)
		}
		if _, err := ParseURL("rediss://host?" + name + "=hunter2"); err == nil || strings.Contains(err.Error(), "hunter2") {
			t.Errorf("option %s gives the error %v, want one without its value", name, err)
		}
	}
}

func TestURLRepeatedOptions(t *testing.T) {
	t.Parallel()
	for query, sentence := range map[string]string{
		"db=1&db=1":                           "option db repeats option db: keep one of them",
		"db=1&d%62=2":                         "option db repeats option db: keep one of them",
		"max_connections=1&pool_size=1":       "option pool_size repeats option max_connections: keep one of them",
		"pool_size=5&max_active_conns=10":     "option max_active_conns repeats option pool_size: keep one of them",
		"timeout=1&pool_timeout=1":            "option pool_timeout repeats option timeout: keep one of them",
		"idle_timeout=1&conn_max_idle_time=1": "option conn_max_idle_time repeats option idle_timeout: keep one of them",
		"read_timeout=1&read_timeout=1":       "option read_timeout repeats option read_timeout: keep one of them",
		"socket_timeout=1&read_timeout=1":     "options read_timeout and write_timeout repeat option socket_timeout: keep socket_timeout alone",
		"write_timeout=1&socket_timeout=1":    "options read_timeout and write_timeout repeat option socket_timeout: keep socket_timeout alone",
		"read_timeout=1&write_timeout=2": "options read_timeout and write_timeout differ, but one time bounds a command from its call" +
			" to its reply: write socket_timeout instead of both",
		"socket_keepalive=0&socket_keepalive_options=15:5:3": "option socket_keepalive is off but socket_keepalive_options is given: keep one of them",
	} {
		wantError(t, "redis://host?"+query, "bad URL: "+sentence)
	}
	// What contradicts itself without being repeated is found as in Options made by hand.
	wantError(t, "redis://host?max_connections=5&min_idle=6", "Options.MinIdle is 6: write a number from 0 to MaxConnections, which is 5")
}

// TestURLDocumented: the comment of ParseURL names every option, with the name that String writes first.
func TestURLDocumented(t *testing.T) {
	t.Parallel()
	source, err := os.ReadFile("url.go")
	if err != nil {
		t.Fatal(err)
	}
	comment, _, _ := strings.Cut(string(source), "func ParseURL")
	for _, s := range settings {
		for _, name := range s.names {
			if !regexp.MustCompile(`(?m)^//\t(.*, )?` + name + `\b`).MatchString(comment) {
				t.Errorf("the comment of ParseURL does not name the option %s", name)
			}
		}
		if !regexp.MustCompile(`(?m)^//\t(.*, )?` + strings.Join(s.names, ", ") + `\b`).MatchString(comment) {
			t.Errorf("the comment of ParseURL has another order than %v", s.names)
		}
	}
}

func TestURLErrorKeepsCause(t *testing.T) {
	t.Parallel()
	_, err := ParseURL("rediss://host?ssl_ca_certs=/there/is/no/such/file")
	if !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("the error %v does not wrap fs.ErrNotExist", err)
	}
}
