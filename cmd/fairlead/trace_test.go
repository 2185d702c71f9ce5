package main

import (
	"encoding/json"
	"regexp"
	"strings"
	"testing"

	"github.com/fairlead-go/fairlead/redistest"
)

// times are the durations of a trace, and the space before them.
var times = regexp.MustCompile(` +[0-9.]+ (ns|µs|ms|s)\b`)

// tracedSteps returns the lines of a trace from the first step on, with T for each duration.
func tracedSteps(t *testing.T, stdout string) string {
	t.Helper()
	_, steps, found := strings.Cut(stdout, "\n\n")
	if !found {
		t.Fatalf("no empty line parts the connection from the steps:\n%s", stdout)
	}
	return times.ReplaceAllString(steps, " T")
}

var traces = []struct {
	args   []string
	status int
	want   string // ADDR is the server's, # the offset in the stream, which depends on the handshake
}{
	{[]string{"GET", "name"}, exitDone, `1 command T  GET with 1 key, read-only, since Redis 1.0.0
2 route T  ADDR, database 0, over connection ID, which commands share
3 encode T  2 words, 23 bytes
4 connection T  23 bytes in 1 write
> # command "GET" "name"
5 reply T  9 bytes in 1 read, the last after T
< # bulk string "Ada"
6 decode T  a string of 3 bytes
  total T
`},
	{[]string{"--redact", "GET", "name"}, exitDone, `1 command T  GET with 1 key, read-only, since Redis 1.0.0
2 route T  ADDR, database 0, over connection ID, which commands share
3 encode T  2 words, 23 bytes
4 connection T  23 bytes in 1 write
> # command "GET" (4 bytes)
5 reply T  9 bytes in 1 read, the last after T
< # bulk string (3 bytes)
6 decode T  a string of 3 bytes
  total T
`},
	{[]string{"AUTH", "default", "hunter2"}, exitDone, `1 command T  AUTH with 0 keys, changes its connection, since Redis 1.0.0
2 route T  ADDR, database 0, over connection ID, which it has to itself
3 encode T  3 words, 40 bytes
4 connection T  40 bytes in 1 write
> # command "AUTH" (7 bytes) (7 bytes)
5 reply T  5 bytes in 1 read, the last after T
< # simple string "OK"
6 decode T  a string of 2 bytes
  total T
`},
	{[]string{"BLPOP", "queue", "0.01"}, exitDone, `1 command T  BLPOP with 1 key, writes, may block, since Redis 2.0.0
2 route T  ADDR, database 0, over connection ID, which it has to itself
3 encode T  3 words, 36 bytes
4 connection T  36 bytes in 1 write
> # command "BLPOP" "queue" "0.01"
5 reply T  3 bytes in 1 read, the last after T
< # null
6 decode T  nothing there
  total T
`},
	{[]string{"LPUSH", "name", "x"}, exitFailed, `1 command T  LPUSH with 1 key, writes, since Redis 1.0.0
2 route T  ADDR, database 0, over connection ID, which commands share
3 encode T  3 words, 32 bytes
4 connection T  32 bytes in 1 write
> # command "LPUSH" "name" "x"
5 reply T  68 bytes in 1 read, the last after T
< # simple error WRONGTYPE "WRONGTYPE Operation against a key holding the wrong kind of valu"… 65 bytes
6 decode T  an error of the server, WRONGTYPE
  total T
`},
	{[]string{"MY.COMMAND"}, exitFailed, `1 command T  MY.COMMAND with 0 keys, not in the command table
2 route T  ADDR, database 0, over connection ID, which commands share
3 encode T  1 word, 21 bytes
4 connection T  21 bytes in 1 write
> # command "MY.COMMAND"
5 reply T  63 bytes in 1 read, the last after T
< # simple error ERR "ERR unknown command 'MY.COMMAND', with args beginning with: "
6 decode T  an error of the server, ERR
  total T
`},
}

func TestTrace(t *testing.T) {
	t.Parallel()
	server := redistest.Start(t)
	if _, err := server.Do("SET", "name", "Ada"); err != nil {
		t.Fatal(err)
	}
	for _, test := range traces {
		t.Run(strings.Join(test.args, " "), func(t *testing.T) {
			t.Parallel()
			got := invoke(t.Context(), append([]string{"trace", "--url", server.URL()}, test.args...)...)
			if got.status != test.status || got.stderr != "" {
				t.Errorf("status %d, stderr %q, want %d and nothing", got.status, got.stderr, test.status)
			}
			steps := tracedSteps(t, got.stdout)
			steps = strings.ReplaceAll(steps, server.Addr(), "ADDR")
			steps = regexp.MustCompile(`connection \d+,`).ReplaceAllString(steps, "connection ID,")
			steps = regexp.MustCompile(`(?m)^([<>]) \d+ `).ReplaceAllString(steps, "$1 # ")
			if steps != test.want {
				t.Errorf("got:\n%s\nwant:\n%s", steps, test.want)
			}
			if strings.Contains(got.stdout, "hunter2") {
				t.Error("the password is shown")
			}
		})
	}
}

// The connection is shown by itself, with its handshake, and the password is a number of bytes in it.
func TestTraceOpening(t *testing.T) {
	t.Parallel()
	server := redistest.Start(t, redistest.Password("hunter2"))
	got := invoke(t.Context(), "trace", "--url", server.URL(), "PING")
	if got.status != exitDone || got.stderr != "" {
		t.Fatalf("status %d, stderr %q", got.status, got.stderr)
	}
	opening, _, _ := strings.Cut(got.stdout, "\n\n")
	first, wire, _ := strings.Cut(opening, "\n")
	if want := "connection: opened in T: T for the socket, T for the handshake and a PING"; times.ReplaceAllString(first, " T") != want {
		t.Errorf("got %q, want %q", first, want)
	}
	if !strings.HasPrefix(wire, `> 0 command "HELLO" (1 byte) (4 bytes) (7 bytes) (7 bytes)`) {
		t.Errorf("the wire trace does not begin with HELLO, its arguments redacted:\n%s", wire)
	}
	if strings.Contains(got.stdout, "hunter2") {
		t.Error("the password is shown")
	}
}

func TestTraceOverTLS(t *testing.T) {
	t.Parallel()
	server := redistest.Start(t, redistest.TLS())
	got := invoke(t.Context(), "trace", "--url", "rediss://"+server.TLSAddr()+"?ssl_cert_reqs=none", "SET", "name", "Ada")
	if got.status != exitDone || got.stderr != "" {
		t.Fatalf("status %d, stderr %q", got.status, got.stderr)
	}
	if !strings.Contains(got.stdout, " for TLS, ") || !strings.Contains(got.stdout, `command "SET" "name" "Ada"`) {
		t.Errorf("want the time that TLS took, and the plain text inside of it:\n%s", got.stdout)
	}
	got = invoke(t.Context(), "trace", "--url", "rediss://"+server.TLSAddr(), "PING")
	if got.status != exitFailed || !strings.Contains(got.stderr, "certificate") {
		t.Errorf("status %d, stderr %q, want a certificate of an unknown authority refused", got.status, got.stderr)
	}
}

// tracedWay is the JSON of a trace as a program reads it.
type tracedWay struct {
	Command, Server, Error string
	Opened                 struct{ Wire []string }
	Steps                  []struct {
		Step  string
		US    float64
		Bytes int
		Wire  []string
	}
	TotalUS float64 `json:"total_us"`
}

func TestTraceJSON(t *testing.T) {
	t.Parallel()
	server := redistest.Start(t)
	got := invoke(t.Context(), "trace", "--json", "--url", server.URL(), "SET", "name", "Ada")
	if got.status != exitDone || got.stderr != "" || strings.Count(got.stdout, "\n") != 1 {
		t.Fatalf("status %d, stderr %q, stdout %q, want one line", got.status, got.stderr, got.stdout)
	}
	var way tracedWay
	if err := json.Unmarshal([]byte(got.stdout), &way); err != nil {
		t.Fatal(err)
	}
	if way.Command != "SET" || way.Server != server.Addr() || way.Error != "" || len(way.Opened.Wire) == 0 {
		t.Errorf("got %+v", way)
	}
	sum := 0.0
	var names []string
	for _, step := range way.Steps {
		names = append(names, step.Step)
		sum += step.US
	}
	if got, want := strings.Join(names, " "), "command route encode connection reply decode"; got != want {
		t.Errorf("steps: %s, want: %s", got, want)
	}
	if diff := sum - way.TotalUS; diff > 0.01 || diff < -0.01 {
		t.Errorf("the steps take %v µs together and the total is %v: none of it may be counted twice or left out", sum, way.TotalUS)
	}
	if sent := way.Steps[3]; sent.Bytes != 32 || len(sent.Wire) != 1 || !strings.HasSuffix(sent.Wire[0], `command "SET" "name" "Ada"`) {
		t.Errorf("connection: %+v, want the 32 bytes of the command", sent)
	}
}

func TestTraceWithoutServer(t *testing.T) {
	t.Parallel()
	server := redistest.Start(t)
	url := server.URL()
	server.Kill()
	got := invoke(t.Context(), "trace", "--url", url, "GET", "name")
	if got.status != exitFailed || !strings.HasPrefix(got.stderr, "fairlead: cannot connect to "+server.Addr()+": ") {
		t.Errorf("status %d, stderr %q", got.status, got.stderr)
	}
	if !strings.HasSuffix(got.stdout, ": no socket was connected\n") {
		t.Errorf("stdout %q, want nothing after the failed attempt to connect", got.stdout)
	}
}

// WAIT needs a connection to itself, and so does SHUTDOWN, which has no reply to decode.
func TestTraceOverOwnConnection(t *testing.T) {
	t.Parallel()
	server := redistest.Start(t)
	for _, test := range []struct {
		words string
		steps int
	}{{"WAIT 0 100", 6}, {"SHUTDOWN NOSAVE", 5}} {
		got := invoke(t.Context(), append([]string{"trace", "--json", "--url", server.URL()}, strings.Fields(test.words)...)...)
		var way tracedWay
		if err := json.Unmarshal([]byte(got.stdout), &way); err != nil {
			t.Fatal(err)
		}
		if got.status != exitDone || got.stderr != "" || len(way.Steps) != test.steps {
			t.Errorf("%s: exit status %d, stderr %q, %d steps, want %d", test.words, got.status, got.stderr, len(way.Steps), test.steps)
		}
		if len(way.Opened.Wire) == 0 || strings.Contains(strings.Join(way.Steps[3].Wire, ""), "HELLO") {
			t.Errorf("%s: the handshake is not that of the connection opened before: %+v", test.words, way)
		}
	}
}

// A server that dies on the way: what was seen until then is shown, and the error.
func TestTraceCutOff(t *testing.T) {
	t.Parallel()
	fake := redistest.NewFake(t, func(c *redistest.FakeConn) {
		c.AnswerHandshake()
		c.ExpectCommand("PING")
		c.Reply("+PONG\r\n")
		c.ExpectCommand("SET", "name", "Ada")
		c.Close()
	})
	got := invoke(t.Context(), "trace", "--json", "--url", fake.URL(), "SET", "name", "Ada")
	var way tracedWay
	if err := json.Unmarshal([]byte(got.stdout), &way); err != nil {
		t.Fatal(err)
	}
	if got.status != exitFailed || !strings.Contains(got.stderr, "it was sent and may have run") || way.Error == "" {
		t.Errorf("status %d, stderr %q, error %q", got.status, got.stderr, way.Error)
	}
	if len(way.Steps) != 5 || way.Steps[4].Step != "reply" || way.Steps[4].Bytes != 0 {
		t.Errorf("steps %+v, want them to end with the reply that did not come", way.Steps)
	}
}

func TestTraceShowsNoPasswordFromTheConfiguration(t *testing.T) {
	t.Parallel()
	server := redistest.Start(t, redistest.Password("hunter2"))
	for _, words := range [][]string{{"CONFIG", "GET", "requirepass"}, {"config", "get", "requirepass"}} {
		got := invoke(t.Context(), append([]string{"trace", "--url", server.URL()}, words...)...)
		if got.status != exitDone || strings.Contains(got.stdout, "hunter2") || !strings.Contains(got.stdout, "< ") {
			t.Errorf("%v must show its reply without the password, exit status %d:\n%s", words, got.status, got.stdout)
		}
	}
}
