package main

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/fairlead-go/fairlead/cmd/fairlead/internal/demo"
)

// shown is the JSON of a demonstration as a program reads it: what it must have at least.
type shown struct {
	Commands        *int64
	PerSecond       *float64 `json:"commands_per_second"`
	P50             *float64 `json:"p50_us"`
	P99             *float64 `json:"p99_us"`
	ConnectionsPeak *int     `json:"connections_peak"`
	Errors          *int64
	Lost, Doubled   *int64
	WrongReplies    *int64   `json:"wrong_replies"`
	Recovery        *float64 `json:"recovery_ms"`
	Server          *string
	Books           []struct {
		Work         string
		Acknowledged int64
	}
}

// lastLine reads the last line of standard output as JSON.
func lastLine(t *testing.T, got ran) shown {
	t.Helper()
	lines := strings.Split(strings.TrimSuffix(got.stdout, "\n"), "\n")
	var s shown
	if err := json.Unmarshal([]byte(lines[len(lines)-1]), &s); err != nil {
		t.Fatalf("%v; exit status %d, stdout %q, stderr %q", err, got.status, got.stdout, got.stderr)
	}
	return s
}

// expectWell fails the test unless the demonstration did real work of every kind and the books balance.
func (s shown) expectWell(t *testing.T, server string) {
	t.Helper()
	if s.Commands == nil || s.PerSecond == nil || s.P50 == nil || s.P99 == nil || s.ConnectionsPeak == nil || s.Errors == nil ||
		s.Lost == nil || s.Doubled == nil || s.WrongReplies == nil || s.Recovery == nil || s.Server == nil {
		t.Fatalf("a key is missing or null: %+v", s)
	}
	if *s.Lost != 0 || *s.Doubled != 0 || *s.WrongReplies != 0 {
		t.Errorf("lost %d, doubled %d, wrong replies %d, want none", *s.Lost, *s.Doubled, *s.WrongReplies)
	}
	if *s.Commands == 0 || *s.P50 <= 0 || *s.P99 < *s.P50 || *s.ConnectionsPeak == 0 || *s.Recovery < 0 {
		t.Errorf("figures of no work: %d commands, p50 %v, p99 %v, %d connections, recovery %v ms", *s.Commands, *s.P50, *s.P99, *s.ConnectionsPeak, *s.Recovery)
	}
	if *s.Errors == 0 {
		t.Error("no error in spite of an outage: was the server killed at all?")
	}
	if !strings.HasPrefix(*s.Server, server) {
		t.Errorf("the server is %q, want one whose name begins with %q", *s.Server, server)
	}
	for _, b := range s.Books {
		if b.Acknowledged == 0 {
			t.Errorf("nothing was acknowledged to %s", b.Work)
		}
	}
	if len(s.Books) != 6 {
		t.Errorf("%d kinds of work are in the books, want 6", len(s.Books))
	}
}

// emptyTemp gives temporary files a folder of their own; the test fails if anything is left in it.
func emptyTemp(t *testing.T) {
	dir := t.TempDir()
	t.Setenv("TMPDIR", dir)
	t.Cleanup(func() {
		if left, err := os.ReadDir(dir); len(left) > 0 || err != nil {
			t.Errorf("left behind: %v, %v", left, err)
		}
	})
}

func TestDemo(t *testing.T) {
	emptyTemp(t)
	got := invoke(t.Context(), "demo", "--json", "--duration", "1500ms", "--goroutines", "64")
	if got.status != exitDone {
		t.Fatalf("exit status %d, stdout %q, stderr %q", got.status, got.stdout, got.stderr)
	}
	lastLine(t, got).expectWell(t, "")
	for _, part := range []string{"-server ", "kill -9 of ", "the server answers again, "} {
		if !strings.Contains(got.stderr, part) {
			t.Errorf("%q is not part of what was shown:\n%s", part, got.stderr)
		}
	}
}

func TestDemoEmbedded(t *testing.T) {
	t.Parallel()
	got := invoke(t.Context(), "demo", "--json", "--duration", "1500ms", "--goroutines", "32", "--server", demo.Embedded)
	if got.status != exitDone {
		t.Fatalf("exit status %d, stdout %q, stderr %q", got.status, got.stdout, got.stderr)
	}
	lastLine(t, got).expectWell(t, "miniredis, embedded")
}

func TestDemoForPeople(t *testing.T) {
	t.Parallel()
	got := invoke(t.Context(), "demo", "--duration", "1200ms", "--goroutines", "16", "--server", demo.Embedded)
	if got.status != exitDone || got.stderr != "" {
		t.Fatalf("exit status %d, stdout %q, stderr %q", got.status, got.stdout, got.stderr)
	}
	want := regexp.MustCompile(`^miniredis, embedded at 127\.0\.0\.1:\d+
(?s:.*) all connections of the embedded server cut
(?s:.*) the server answers again, .+ after it was killed
(?s:.*)
server       miniredis, embedded; all connections of the embedded server cut
commands     [\d,]+ answered in [\d.]+ s for 16 goroutines: [\d,]+/s
latency      p50 .+   p99 .+   max .+
connections  peak \d+ of 64 allowed, \d+ opened, \d+ held at the end
recovery     first success .+ after the server answered again \(target: under 200 ms\); every kind of work by .+
errors       [\d,]+
( +[\d,]+  .+: (may|cannot) have run
)+
changes          acknowledged   in doubt     lost  doubled
sessions       +[\d,]+ +\d+        0        0
counters       +[\d,]+ +\d+        0        0
leaderboard    +[\d,]+ +\d+        0        0
queue: pushed  +[\d,]+ +\d+        0        0
queue: popped  +[\d,]+ +\d+        0        0
transfers      +[\d,]+ +\d+        0        0

Nothing that was acknowledged is lost, nothing was done twice, and no reply was wrong\.
$`)
	if !want.MatchString(got.stdout) {
		t.Errorf("got:\n%s", got.stdout)
	}
}

// A server that keeps nothing over its end loses what it acknowledged: the check must find that.
func TestDemoFindsLostChanges(t *testing.T) {
	t.Parallel()
	server, err := exec.LookPath("redis-server")
	if err != nil {
		server, err = exec.LookPath("valkey-server")
	}
	if err != nil {
		t.Fatal(err)
	}
	forgetful := filepath.Join(t.TempDir(), "forgetful-server")
	if err := os.WriteFile(forgetful, []byte("#!/bin/sh\nexec '"+server+"' \"$@\" --appendonly no\n"), 0o700); err != nil {
		t.Fatal(err)
	}
	got := invoke(t.Context(), "demo", "--json", "--duration", "1s", "--goroutines", "32", "--server", forgetful)
	if s := lastLine(t, got); got.status != exitFailed || s.Lost == nil || *s.Lost == 0 {
		t.Errorf("exit status %d, %+v, want 1 and lost changes", got.status, s)
	}
	if !regexp.MustCompile(`(?m)^fairlead: the books do not balance: \d+ acknowledged changes lost, \d+ made twice$`).MatchString(got.stderr) {
		t.Errorf("stderr %q", got.stderr)
	}
}

// Without a server program on PATH the demonstration takes its own, and says so; so it does if the one that was found does not start.
func TestDemoFallsBack(t *testing.T) {
	t.Setenv("PATH", t.TempDir())
	t.Setenv("FAIRLEAD_REDIS_SERVER", "")
	for _, test := range []struct{ named, want string }{
		{"", "no redis-server or valkey-server on PATH: using the embedded server\nminiredis, embedded at "},
		{"/nothing/here", "/nothing/here does not start, so the embedded server is used: "},
	} {
		t.Setenv("FAIRLEAD_REDIS_SERVER", test.named)
		got := invoke(t.Context(), "demo", "--json", "--duration", "1s", "--goroutines", "16")
		if got.status != exitDone || !strings.HasPrefix(got.stderr, test.want) {
			t.Errorf("exit status %d, stdout %q, stderr %q, want it to begin with %q", got.status, got.stdout, got.stderr, test.want)
			continue
		}
		lastLine(t, got).expectWell(t, "miniredis, embedded")
	}
}

func TestDemoWithMissingProgram(t *testing.T) {
	t.Parallel()
	got := invoke(t.Context(), "demo", "--server", "/nothing/here")
	if got.status != exitFailed || got.stdout != "" || !strings.HasPrefix(got.stderr, "fairlead: the server did not start: ") {
		t.Errorf("exit status %d, stdout %q, stderr %q", got.status, got.stdout, got.stderr)
	}
}
