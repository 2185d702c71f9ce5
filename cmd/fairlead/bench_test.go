package main

import (
	"context"
	"encoding/json"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/fairlead-go/fairlead/redistest"
)

// measured is the JSON of a bench as a program reads it.
type measured struct {
	Goroutines, Keys, Pipeline int
	Commands, Errors, Late     int64
	PerSecond                  float64                   `json:"commands_per_second"`
	P50                        float64                   `json:"p50_us"`
	P99                        float64                   `json:"p99_us"`
	Max                        float64                   `json:"max_us"`
	ConnectionsPeak            int                       `json:"connections_peak"`
	WrongReplies               int64                     `json:"wrong_replies"`
	ByKind                     []struct{ Reason string } `json:"errors_by_kind"`
}

// bench runs a bench and reads its JSON, which is all that it prints to standard output.
func bench(t *testing.T, url string, args ...string) (ran, measured) {
	t.Helper()
	got := invoke(t.Context(), append([]string{"bench", "--url", url, "--json", "--duration", "300ms", "--keys", "1000"}, args...)...)
	var m measured
	if err := json.Unmarshal([]byte(got.stdout), &m); err != nil {
		t.Fatalf("%v; exit status %d, stdout %q, stderr %q", err, got.status, got.stdout, got.stderr)
	}
	return got, m
}

func TestBench(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name, query string
		args        []string
	}{
		{"as fast as answered", "", []string{"--goroutines", "8"}},
		{"writes only, of empty values", "", []string{"--read-ratio", "0", "--value-size", "0"}},
		{"reads only, of large values", "", []string{"--read-ratio", "1", "--value-size", "100000", "--keys", "20"}},
		{"pipes", "", []string{"--pipeline", "20"}},
		{"exclusive connections", "?mode=exclusive", []string{"--goroutines", "8"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			server := redistest.Start(t)
			got, m := bench(t, server.URL()+test.query, test.args...)
			if got.status != exitDone || strings.Contains(got.stderr, "fairlead:") { // figures are there if it took a second
				t.Errorf("exit status %d, stderr %q", got.status, got.stderr)
			}
			if m.Commands == 0 || m.Errors != 0 || m.WrongReplies != 0 || m.Late != 0 || m.ConnectionsPeak == 0 {
				t.Errorf("got %+v", m)
			}
			if !(0 < m.P50 && m.P50 <= m.P99 && m.P99 <= m.Max) {
				t.Errorf("latencies out of order: p50 %v, p99 %v, max %v", m.P50, m.P99, m.Max)
			}
			expectNoKeys(t, server)
		})
	}
}

// expectNoKeys fails the test if a bench has left keys behind.
func expectNoKeys(t *testing.T, server *redistest.Server) {
	t.Helper()
	if size, err := server.Do("DBSIZE"); size != "0" || err != nil {
		t.Errorf("DBSIZE says %s, %v: the keys were not removed", size, err)
	}
}

// At a rate of 1000 per second for 300 ms exactly 300 commands become due: each is answered, or counted as late.
func TestBenchAtARate(t *testing.T) {
	t.Parallel()
	server := redistest.Start(t)
	got, m := bench(t, server.URL(), "--rate", "1000")
	if got.status != exitDone || m.Commands == 0 || m.Commands+m.Late != 300 || m.Errors != 0 {
		t.Errorf("exit status %d, %+v, want 300 commands, late ones included", got.status, m)
	}
}

func TestBenchForPeople(t *testing.T) {
	t.Parallel()
	server := redistest.Start(t)
	got := invoke(t.Context(), "bench", "--url", server.URL(), "--duration", "1100ms", "--keys", "100", "--goroutines", "2", "--pipeline", "2")
	if got.status != exitDone || got.stderr != "" {
		t.Fatalf("exit status %d, stderr %q", got.status, got.stderr)
	}
	want := regexp.MustCompile(`^( +\d+\.\d s  [\d,]+ commands/s, 1 connection, 0 errors
)+load         2 goroutines, as fast as they are answered for 1\.10 s; 90 % GET, 100 keys of 64 bytes, 2 commands to a pipe
commands     [\d,]+ \([\d,]+/s\)
latency      p50 .+   p90 .+   p99 .+   p99\.9 .+   max .+
connections  peak 1 of 64 allowed, 1 opened, 1 held at the end
errors       0
( +[\d.]+ [nµm]?s – [\d.]+ [nµm]?s +[\d,]+  █*
)+$`)
	if !want.MatchString(got.stdout) {
		t.Errorf("got:\n%s", got.stdout)
	}
}

// The length of every reply to GET is checked: here the server gives another one's.
func TestBenchWrongReply(t *testing.T) {
	t.Parallel()
	fake := redistest.NewFake(t, func(c *redistest.FakeConn) {
		c.AnswerHandshake()
		c.Serve(func(args []string) string {
			switch args[0] {
			case "GET":
				return "$5\r\nwrong\r\n"
			case "DEL":
				return ":1\r\n"
			}
			return "+OK\r\n"
		})
	})
	got, m := bench(t, fake.URL(), "--goroutines", "1", "--read-ratio", "1", "--keys", "1", "--duration", "50ms")
	if got.status != exitFailed || m.WrongReplies == 0 || m.Commands != 0 || m.WrongReplies != m.Errors {
		t.Errorf("exit status %d, %+v, want only wrong replies", got.status, m)
	}
	if len(m.ByKind) != 1 || m.ByKind[0].Reason != "GET returned 5 bytes instead of 64" {
		t.Errorf("kinds %+v", m.ByKind)
	}
	if !strings.HasPrefix(got.stderr, "fairlead: wrong replies: ") {
		t.Errorf("stderr %q", got.stderr)
	}
}

func TestBenchWithoutServer(t *testing.T) {
	t.Parallel()
	server := redistest.Start(t)
	url := server.URL()
	server.Kill()
	got := invoke(t.Context(), "bench", "--url", url)
	if got.status != exitFailed || got.stdout != "" || strings.Count(got.stderr, "\n") != 1 || !strings.Contains(got.stderr, "connection refused") {
		t.Errorf("exit status %d, stdout %q, stderr %q, want one sentence", got.status, got.stdout, got.stderr)
	}
}

// Ctrl-C ends a bench, which removes its keys all the same.
func TestBenchInterrupted(t *testing.T) {
	t.Parallel()
	server := redistest.Start(t)
	ctx, interrupt := context.WithCancel(t.Context())
	defer interrupt()
	ended := make(chan ran)
	go func() { ended <- invoke(ctx, "bench", "--url", server.URL(), "--duration", "1h", "--json") }()
	redistest.Eventually(t, 10*time.Second, "all keys are written", func() bool {
		size, err := server.Do("DBSIZE")
		return err == nil && size == "10000"
	})
	interrupt()
	if got := <-ended; got.status != exitInterrupted || got.stdout != "" || !strings.HasSuffix(got.stderr, "fairlead: interrupted\n") {
		t.Errorf("exit status %d, stdout %q, stderr %q", got.status, got.stdout, got.stderr)
	}
	expectNoKeys(t, server)
}
