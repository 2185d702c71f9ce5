package fairlead

import (
	"strings"
	"testing"
)

// secret stands in a URL wherever a password may stand. No word of any error contains it.
const secret = "Hunter2Xq"

// TestURLErrorsHidePasswords: also when the URL is wrong in the very place where the password is.
func TestURLErrorsHidePasswords(t *testing.T) {
	t.Parallel()
	for name, url := range map[string]string{
		"no scheme":                              "user:" + secret + "@host:6379",
		"no slashes":                             "redis:user:" + secret + "@host",
		"unknown scheme":                         "http://user:" + secret + "@host",
		"line break at the end":                  "redis://user:" + secret + "@host\n",
		"bad port":                               "redis://user:" + secret + "@host:port",
		"forgotten host":                         "redis://user:" + secret,
		"forgotten colon":                        "redis://" + secret + "@host",
		"bad percent":                            "redis://:%" + secret + "@host",
		"password with a slash":                  "redis://user:12/" + secret + "@host",
		"password with a question mark":          "redis://user:12?" + secret + "@host",
		"password that looks like an option":     "redis://user:12?db=" + secret + "@host",
		"password with a fragment":               "redis://user:12#" + secret + "@host",
		"password in the path":                   "redis://host/" + secret + "@host",
		"password with a bracket":                "redis://[" + secret + "@host/x",
		"bad option after a good login":          "redis://user:" + secret + "@host?colour=blue",
		"bad value after a good login":           "redis://user:" + secret + "@host?db=blue",
		"repeated password":                      "redis://:" + secret + "@host?password=" + secret,
		"option password with &":                 "redis://host?password=a&" + secret,
		"option password with & and =":           "redis://host?password=a&b=" + secret,
		"option password that holds an option":   "redis://host?password=a&db=" + secret,
		"option password with a bad percent":     "redis://host?password=%" + secret,
		"option password twice":                  "redis://host?password=" + secret + "&password=" + secret,
		"misspelt option password":               "redis://host?passwort=" + secret,
		"file named after the password":          "rediss://host?password=a&ssl_ca_certs=/" + secret,
		"refused ssl_password":                   "rediss://host?ssl_password=" + secret,
		"unix socket with a relative path":       "unix://user:" + secret + "@run/redis.sock",
		"unix socket without a path":             "unix://user:" + secret + "@",
		"sentinel":                               "redis+sentinel://user:" + secret + "@host",
		"options that contradict each other":     "redis://user:" + secret + "@host?max_connections=1&min_idle=2",
		"client name that the server would deny": "redis://user:" + secret + "@host?client_name=a%20b",
	} {
		_, err := ParseURL(url)
		if err == nil {
			t.Errorf("%s: no error", name)
		} else if strings.Contains(err.Error(), secret) {
			t.Errorf("%s: the error tells the password: %v", name, err)
		}
	}
}

// TestURLErrorsHint: where part of the URL may be a password, the error quotes nothing and says how to write one.
func TestURLErrorsHint(t *testing.T) {
	t.Parallel()
	const (
		reserved  = "; a password that has / ? # or @ in it is written with %2F %3F %23 or %40 instead"
		ampersand = "; a password that has & in it is written with %26 instead"
	)
	wantError(t, "redis://user:pa/ss@host", "bad URL: what follows the host's colon is no port: write a number from 1 to 65535"+reserved)
	wantError(t, "redis://user:12/ss@host", "bad URL: the path is no database: write the database's number alone, as in /0"+reserved)
	wantError(t, "redis://user:12?ss@host", "bad URL: an option is unknown: the comment of ParseURL lists all options"+reserved)
	wantError(t, "redis://host?password=a&max_conections=1", "bad URL: an option is unknown: the nearest one is max_connections"+ampersand)
	wantError(t, "redis://host?password=a&db=b", "bad URL: option db: write a whole number from 0 to 2147483647"+ampersand)
}

// FuzzParseURL: whatever the URL, nothing panics; what parses is the same after String and ParseURL, but for the password;
// and a password put next to or around it is in no error.
func FuzzParseURL(f *testing.F) {
	for _, url := range []string{
		"", "redis://", "rediss://user:pass@cache:7000/2?max_connections=20&ssl_cert_reqs=none",
		"unix://:p@/run/my%20redis.sock?db=3&mode=exclusive", "redis://[fe80::1%25eth0]:1/?socket_keepalive_options=1:2:3",
		"valkeys://h?socket_keepalive=off&ssl_check_hostname=no&ssl_min_version=TLSv1.3", "redis://a?db=1&db=2#x",
		"redis://h?timeout=0&idle_timeout=0&max_lifetime=1h&user_timeout=none&retry_on_timeout=y&max_retries=0&min_backoff=1us",
		"@host/0?client_name=a%23b", "&db=x", "/1/2", "redis+cluster://a,b", "redis://h:6379/?read_timeout=1&write_timeout=2",
		"?password=a&socket_timeout=x", "redis://u:@h?username=&password=&health_check_interval=7",
	} {
		f.Add(url)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if strings.Contains(text, secret) {
			return // whether it then stands for a password is not known
		}
		if o, err := ParseURL(text); err == nil {
			wantRoundTrip(t, o)
		}
		for _, url := range []string{
			"redis://user:" + secret + text,
			"rediss://:" + text + secret + "@host/0",
			"redis://" + text + ":" + secret + "@host",
			"redis://host?password=" + secret + text,
			"redis://host?db=1&password=" + text + secret,
			"unix://:" + text + secret + "@/run/redis.sock",
		} {
			o, err := ParseURL(url)
			if err != nil && strings.Contains(err.Error(), secret) {
				t.Errorf("ParseURL(%q) tells the password: %v", url, err)
			}
			if err == nil && strings.Contains(o.Password, secret) && strings.Contains(o.String(), secret) {
				t.Errorf("ParseURL(%q).String() tells the password: %v", url, o)
			}
		}
	})
}
