package main

import (
	"bytes"
	"context"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/fairlead-go/fairlead/redistest"
)

// asProgram in the environment makes the test binary be the program, for tests of signals.
const asProgram = "FAIRLEAD_TEST_AS_PROGRAM"

func TestMain(m *testing.M) {
	if os.Getenv(asProgram) != "" {
		main()
		return
	}
	redistest.Main(m)
}

// ran is what a command line came to.
type ran struct {
	status         int
	stdout, stderr string
}

// invoke runs a command line in this process.
func invoke(ctx context.Context, args ...string) ran {
	var stdout, stderr bytes.Buffer
	status := run(ctx, append([]string{"fairlead"}, args...), &stdout, &stderr)
	return ran{status, stdout.String(), stderr.String()}
}

// expect fails the test unless the command line exited with the status and printed exactly this.
func (r ran) expect(t *testing.T, status int, stdout, stderr string) {
	t.Helper()
	if r.status != status || r.stdout != stdout || r.stderr != stderr {
		t.Errorf("exit status %d, stdout:\n%s\nstderr:\n%s\nwant %d, stdout:\n%s\nstderr:\n%s", r.status, r.stdout, r.stderr, status, stdout, stderr)
	}
}

func TestBadCommandLines(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		args string
		want string // what is wrong, and what to do
	}{
		{"nothing-such", `there is no command "nothing-such": fairlead --help lists them; for a command of Redis write fairlead do nothing-such …`},
		{"do", "no command is given: write its name and arguments, as in fairlead do GET name"},
		{"do --raw --json PING", "--raw and --json exclude each other: choose one"},
		{"do --jsn PING", "there is no option --jsn: see fairlead do --help"},
		{"do --url", "--url needs a value: see fairlead do --help"},
		{"do SUBSCRIBE news", "SUBSCRIBE does not have one reply, as a command of fairlead must: use redis-cli subscribe to see messages"},
		{"do monitor", "MONITOR does not have one reply, as a command of fairlead must: use redis-cli monitor to see commands"},
		{"do CLIENT REPLY OFF", "CLIENT REPLY does not have one reply, as a command of fairlead must: it belongs to the connection between servers or to a client library"},
		{"trace PSUBSCRIBE *", "PSUBSCRIBE does not have one reply, as a command of fairlead must: use redis-cli psubscribe to see messages"},
		{"bench --rate fast", `"fast" is no value for --rate: see fairlead bench --help`},
		{"bench --rate -1", "--rate is -1: write how many commands become due per second, at most 10000000, or 0 for as many as are answered"},
		{"bench --rate NaN", "--rate is NaN: write how many commands become due per second, at most 10000000, or 0 for as many as are answered"},
		{"bench --read-ratio 1.5", "--read-ratio is 1.5: write a number from 0 (SET only) to 1 (GET only)"},
		{"bench --goroutines 0", "--goroutines is 0: write a number from 1 to 100000"},
		{"bench --pipeline -1", "--pipeline is -1: write a number from 1 to 10000"},
		{"bench --duration 0s", "--duration is 0s: write a time above 0, as in 10s"},
		{"bench GET", `fairlead bench takes options, but no arguments: "GET" is none of them`},
		{"demo --url redis://localhost", "demo kills its server half way, so it works only with a server that it has started itself: leave --url out"},
		{"demo --goroutines 5", "--goroutines is 5: write a number from 6, one for each kind of work, to 10000"},
		{"demo --duration 1h", "--duration is 1h0m0s: write a time from 1s to 10m0s"},
		{"version 2", `fairlead version takes options, but no arguments: "2" is none of them`},
	} {
		t.Run(test.args, func(t *testing.T) {
			t.Parallel()
			args := strings.Fields(test.args)
			if args[0] == "do" || args[0] == "trace" { // were it sent after all, then to nobody
				args = slices.Insert(args, 1, "--url", "redis://127.0.0.1:1")
			}
			invoke(t.Context(), args...).expect(t, exitUsage, "", "fairlead: "+test.want+"\n")
		})
	}
}

func TestBadURLs(t *testing.T) {
	t.Parallel()
	for _, command := range []string{"do PING", "trace PING", "bench"} {
		t.Run(command, func(t *testing.T) {
			t.Parallel()
			name, rest, _ := strings.Cut(command, " ")
			got := invoke(t.Context(), append([]string{name, "--url", "redis://:hunter2@localhost:port"}, strings.Fields(rest)...)...)
			got.expect(t, exitUsage, "", "fairlead: bad URL: what follows the host's colon is no port: write a number from 1 to 65535\n")
		})
	}
}

// The URL may come from the environment, and the help text must not show the password in it.
func TestURLFromEnvironment(t *testing.T) {
	server := redistest.Start(t, redistest.Password("hunter2"))
	t.Setenv(urlVariable, server.URL())
	invoke(t.Context(), "do", "PING").expect(t, exitDone, "PONG\n", "")
	for _, args := range [][]string{{"--help"}, {"do", "--help"}, {"bench", "--help"}, {"trace", "--help"}, {"demo", "--help"}} {
		got := invoke(t.Context(), args...)
		if got.status != exitDone || got.stderr != "" || !strings.Contains(got.stdout, "Exit status: 0 if all went well; 1 if") {
			t.Errorf("%v: status %d, stderr %q, want help that tells the exit statuses:\n%s", args, got.status, got.stderr, got.stdout)
		}
		if strings.Contains(got.stdout, "hunter2") {
			t.Errorf("%v prints the password", args)
		}
	}
	t.Setenv(urlVariable, "redis://localhost:port")
	if got := invoke(t.Context(), "do", "--url", server.URL(), "PING"); got.status != exitDone {
		t.Errorf("--url does not go before $%s: %s", urlVariable, got.stderr)
	}
}

func TestVersion(t *testing.T) {
	t.Parallel()
	got := invoke(t.Context(), "version")
	if words := strings.Fields(got.stdout); got.status != exitDone || len(words) != 4 || words[0] != "fairlead" || !strings.HasPrefix(words[2], "go1.") {
		t.Errorf("status %d, %q, want the program's version, Go's and the system", got.status, got.stdout)
	}
}

func TestWithoutArgumentsIsHelp(t *testing.T) {
	t.Parallel()
	if got := invoke(t.Context()); got.status != exitDone || !strings.Contains(got.stdout, "fairlead COMMAND") || got.stderr != "" {
		t.Errorf("status %d, stdout:\n%s\nstderr:\n%s", got.status, got.stdout, got.stderr)
	}
}
