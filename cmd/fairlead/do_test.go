package main

import (
	"context"
	"os/exec"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/fairlead-go/fairlead/redistest"
)

// dataServer is a server that holds one key of each type.
func dataServer(t *testing.T) *redistest.Server {
	t.Helper()
	server := redistest.Start(t, redistest.Config("enable-debug-command yes"))
	for _, command := range []string{
		"SET string Ada", "RPUSH list one two three", "HSET hash name Ada", "SADD set member", "ZADD zset 1.5 a 2 b",
		"GEOADD geo 13.361389 38.115556 Palermo",
	} {
		if _, err := server.Do(strings.Fields(command)...); err != nil {
			t.Fatal(err)
		}
	}
	for key, value := range map[string]string{"text": "tab\tquote\"\x00 é", "bytes": "\xff\r\n"} {
		if _, err := server.Do("SET", key, value); err != nil {
			t.Fatal(err)
		}
	}
	return server
}

// replies are commands whose replies are of every form that redis-cli prints.
var replies = []string{
	"PING", "ECHO hello", "GET string", "GET nothing", "GET text", "STRLEN string", "EXISTS nothing",
	"LRANGE list 0 -1", "LRANGE nothing 0 -1", "HGETALL hash", "HGETALL nothing", "SMEMBERS set", "SMEMBERS nothing",
	"ZRANGE zset 0 -1 WITHSCORES", "ZSCORE zset a", "MGET string nothing", "GEOPOS geo Palermo nowhere",
	"COMMAND INFO get", "CONFIG GET maxclients", "XINFO HELP", "OBJECT HELP", "EVAL return{1,{2,{3}},'x'} 0", "SELECT 3",
	"DEBUG PROTOCOL string", "DEBUG PROTOCOL integer", "DEBUG PROTOCOL double", "DEBUG PROTOCOL null", "DEBUG PROTOCOL array",
	"DEBUG PROTOCOL set", "DEBUG PROTOCOL map", "DEBUG PROTOCOL verbatim", "DEBUG PROTOCOL true", "DEBUG PROTOCOL false",
}

// notInJSON are commands whose replies redis-cli prints as what is no JSON: errors, and strings that are no UTF-8.
var notInJSON = []string{"LPUSH string x", "NOSUCHCOMMAND", "GET", "INCR string", "GET bytes"}

// TestLikeRedisCLI compares what is printed with redis-cli itself.
func TestLikeRedisCLI(t *testing.T) {
	t.Parallel()
	cli := redisCLI(t)
	server := dataServer(t)
	host, port, _ := strings.Cut(server.Addr(), ":")
	for _, form := range []struct {
		name     string
		cli      []string
		fairlead []string
		query    string
	}{
		{"formatted", []string{"-3", "--no-raw"}, nil, ""},
		{"raw", []string{"-3", "--raw"}, []string{"--raw"}, ""},
		{"json", []string{"-3", "--json"}, []string{"--json"}, ""},
		{"RESP2", []string{"-2", "--no-raw"}, nil, "?protocol=2"},
		{"RESP2 raw", []string{"-2", "--raw"}, []string{"--raw"}, "?protocol=2"},
	} {
		commands := replies
		if form.name != "json" {
			commands = slices.Concat(commands, notInJSON)
		}
		for _, line := range commands {
			t.Run(form.name+" "+line, func(t *testing.T) {
				t.Parallel()
				words := strings.Fields(line)
				want, err := exec.CommandContext(t.Context(), cli, append(append([]string{"-h", host, "-p", port}, form.cli...), words...)...).Output()
				if err != nil {
					t.Fatal(err)
				}
				args := append(append([]string{"do", "--url", server.URL() + form.query}, form.fairlead...), words...)
				if got := invoke(t.Context(), args...); got.stdout != string(want) || got.stderr != "" {
					t.Errorf("got:\n%q\nredis-cli prints:\n%q\nstderr: %s", got.stdout, want, got.stderr)
				}
			})
		}
	}
}

// redisCLI returns the program to compare with.
func redisCLI(t *testing.T) string {
	t.Helper()
	for _, name := range []string{"redis-cli", "valkey-cli"} {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	t.Skip("neither redis-cli nor valkey-cli is on PATH to compare with; TestDo holds what they print")
	return ""
}

// TestDo holds what redis-cli prints for the most common replies, and how the program ends.
func TestDo(t *testing.T) {
	t.Parallel()
	server := dataServer(t)
	for _, test := range []struct {
		args   string
		status int
		stdout string
	}{
		{"GET string", exitDone, "\"Ada\"\n"},
		{"GET nothing", exitDone, "(nil)\n"},
		{"GET text", exitDone, `"tab\tquote\"\x00 \xc3\xa9"` + "\n"},
		{"GET bytes", exitDone, `"\xff\r\n"` + "\n"},
		{"LRANGE list 0 -1", exitDone, "1) \"one\"\n2) \"two\"\n3) \"three\"\n"},
		{"HGETALL hash", exitDone, "1# \"name\" => \"Ada\"\n"},
		{"STRLEN string", exitDone, "(integer) 3\n"},
		{"LPUSH string x", exitFailed, "(error) WRONGTYPE Operation against a key holding the wrong kind of value\n"},
		{"--raw LRANGE list 0 -1", exitDone, "one\ntwo\nthree\n"},
		{"--raw LPUSH string x", exitFailed, "WRONGTYPE Operation against a key holding the wrong kind of value\n\n"},
		{"--json LRANGE list 0 -1", exitDone, `["one","two","three"]` + "\n"},
		{"--json LPUSH string x", exitFailed, `{"error":"WRONGTYPE Operation against a key holding the wrong kind of value"}` + "\n"},
		{"ECHO --json", exitDone, "\"--json\"\n"}, // what follows the command's name is no option
		{"ECHO -1", exitDone, "\"-1\"\n"},         // and neither is this
		{"SELECT 3", exitDone, "OK\n"},            // over a connection of its own
		{"AUTH default any", exitDone, "OK\n"},    // and this
		{"CLIENT NO-EVICT ON", exitDone, "OK\n"},  // and this, with a name of two words
		{"WAIT 0 100", exitDone, "(integer) 0\n"}, // and this
		{"SELECT x", exitFailed, "(error) ERR value is not an integer or out of range\n"},
		{"BLPOP list 1", exitDone, "1) \"list\"\n2) \"one\"\n"},
	} {
		t.Run(test.args, func(t *testing.T) {
			args := append([]string{"do", "--url", server.URL()}, strings.Fields(test.args)...)
			invoke(t.Context(), args...).expect(t, test.status, test.stdout, "")
		})
	}
}

func TestDoWithoutServer(t *testing.T) {
	t.Parallel()
	server := redistest.Start(t)
	url := server.URL()
	server.Kill()
	got := invoke(t.Context(), "do", "--url", url, "GET", "name")
	if got.status != exitFailed || got.stdout != "" {
		t.Errorf("status %d, stdout %q, want 1 and nothing: no reply came", got.status, got.stdout)
	}
	for _, part := range []string{"fairlead: GET at " + server.Addr() + " failed after", "connection refused", "it was not sent"} {
		if !strings.Contains(got.stderr, part) {
			t.Errorf("%q is not part of %q", part, got.stderr)
		}
	}
}

// The server answers SHUTDOWN by ending.
func TestDoShutdown(t *testing.T) {
	t.Parallel()
	server := redistest.Start(t)
	invoke(t.Context(), "do", "--url", server.URL(), "SHUTDOWN", "NOSAVE").expect(t, exitDone, "OK\n", "")
	if got := invoke(t.Context(), "do", "--url", server.URL(), "PING"); got.status != exitFailed {
		t.Errorf("exit status %d, stdout %q: the server is still there", got.status, got.stdout)
	}
}

// A wrong password is the server's answer to the connection, not to the command.
func TestDoWithWrongPassword(t *testing.T) {
	t.Parallel()
	server := redistest.Start(t, redistest.Password("right"))
	got := invoke(t.Context(), "do", "--url", "redis://:hunter2@"+server.Addr(), "PING")
	if got.status != exitFailed || got.stdout != "" || !strings.Contains(got.stderr, "WRONGPASS") {
		t.Errorf("status %d, stdout %q, stderr %q", got.status, got.stdout, got.stderr)
	}
	if strings.Contains(got.stderr, "hunter2") {
		t.Errorf("the password is part of %q", got.stderr)
	}
}

// Ctrl-C ends a command that blocks: the server is asked to let it go.
func TestDoInterrupted(t *testing.T) {
	t.Parallel()
	server := redistest.Start(t)
	ctx, interrupt := context.WithCancel(t.Context())
	defer interrupt()
	ended := make(chan ran)
	go func() { ended <- invoke(ctx, "do", "--url", server.URL(), "BLPOP", "nothing", "0") }()
	redistest.Eventually(t, 10*time.Second, "the server has a blocked client", func() bool {
		info, err := server.Do("INFO", "clients")
		return err == nil && strings.Contains(info, "blocked_clients:1")
	})
	interrupt()
	(<-ended).expect(t, exitInterrupted, "", "fairlead: interrupted\n")
}
