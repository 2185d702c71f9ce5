package redis

import (
	"slices"
	"strings"
	"testing"
	"time"
)

func TestParseMonitorLine(t *testing.T) {
	t.Parallel()
	at := time.Unix(1339518083, 107412000)
	for _, test := range []struct {
		text string
		want MonitorLine
	}{
		{`1339518083.107412 [0 127.0.0.1:60866] "keys" "*"`,
			MonitorLine{Time: at, ClientAddr: "127.0.0.1:60866", Args: []string{"keys", "*"}}},
		{`1339518083.107412 [15 [::1]:60866] "PING"`,
			MonitorLine{Time: at, DB: 15, ClientAddr: "[::1]:60866", Args: []string{"PING"}}},
		{`1339518083.107412 [0 unix:/run/my redis.sock] "get" ""`,
			MonitorLine{Time: at, ClientAddr: "unix:/run/my redis.sock", Args: []string{"get", ""}}},
		{`1339518083.107412 [3 lua] "set" "k" "v"`,
			MonitorLine{Time: at, DB: 3, Lua: true, Args: []string{"set", "k", "v"}}},
		{`1339518083.107412 [0 127.0.0.1:1] "set" "] \"k\\" "\n\r\t\a\b\x00\xff é"`,
			MonitorLine{Time: at, ClientAddr: "127.0.0.1:1", Args: []string{"set", `] "k\`, "\n\r\t\a\b\x00\xff é"}}},
	} {
		got, err := ParseMonitorLine(test.text)
		if err != nil {
			t.Errorf("%s: %v", test.text, err)
			continue
		}
		if !got.Time.Equal(test.want.Time) || got.DB != test.want.DB || got.ClientAddr != test.want.ClientAddr || got.Lua != test.want.Lua ||
			!slices.Equal(got.Args, test.want.Args) {
			t.Errorf("%s:\n got %+v\nwant %+v", test.text, got, test.want)
		}
	}
	for _, text := range []string{
		"", "OK", `x [0 a] "b"`, `1.5 [0 a] "b"`, `1.1234567 [0 a] "b"`, `1.123456 [x a] "b"`, `1.123456 [-1 a] "b"`, `1.123456 [0] "b"`, `1.123456 [0 a]`,
		`1.123456 [0 a] b`, `1.123456 [0 a] "b`, `1.123456 [0 a] "b" `, `1.123456 [0 a] "b"c`, `1.123456 [0 a] "b" c`, `1.123456 [0 a] "\`, `1.123456 [0 a] "\q"`,
		`1.123456 [0 a] "\x1"`, `1.123456 [0 a] "\x1g"`, `1.123456 [0 a] "\x`, strings.Repeat("x", 1000),
	} {
		_, err := ParseMonitorLine(text)
		if err == nil || !strings.HasSuffix(err.Error(), "is no line of MONITOR") || len(err.Error()) > 200 {
			t.Errorf("%q: the error is %v", text, err)
		}
	}
}

func FuzzParseMonitorLine(f *testing.F) {
	f.Add(`1339518083.107412 [0 127.0.0.1:60866] "set" "k" "\x00\"\\"`)
	f.Add(`1339518083.107412 [3 lua] "get" "k" `)
	f.Fuzz(func(t *testing.T, text string) {
		l, err := ParseMonitorLine(text)
		if err == nil && (len(l.Args) == 0 || l.DB < 0 || l.Lua && l.ClientAddr != "") {
			t.Errorf("%q is read as %+v", text, l)
		}
	})
}
