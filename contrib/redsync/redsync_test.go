package redsync_test

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/fairlead-go/fairlead"
	fairleadsync "github.com/fairlead-go/fairlead/contrib/redsync"
	"github.com/fairlead-go/fairlead/redistest"
	"github.com/go-redsync/redsync/v4"
	"github.com/go-redsync/redsync/v4/redis"
	"golang.org/x/sync/errgroup"
)

func TestMain(m *testing.M) { redistest.Main(m) }

func client(t *testing.T, server *redistest.Server) *fairlead.Client {
	t.Helper()
	c, err := fairlead.Open(server.URL())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Close() })
	return c
}

func connOf(t *testing.T, c fairleadsync.Client) redis.Conn {
	t.Helper()
	conn, err := fairleadsync.NewPool(c).Get(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return conn
}

// Eight goroutines take turns on three servers; a counter that is no atomic one says whether two ever had the lock.
func TestOneHolderAtATime(t *testing.T) {
	t.Parallel()
	var pools []redis.Pool
	for range 3 {
		pools = append(pools, fairleadsync.NewPool(client(t, redistest.Start(t))))
	}
	locks := redsync.New(pools...)
	var all errgroup.Group
	count := 0
	for range 8 {
		all.Go(func() error {
			mutex := locks.NewMutex("turn", redsync.WithTries(1000), redsync.WithRetryDelay(2*time.Millisecond))
			if err := mutex.LockContext(t.Context()); err != nil {
				return err
			}
			count++ // the race detector watches
			_, err := mutex.UnlockContext(t.Context())
			return err
		})
	}
	if err := all.Wait(); err != nil || count != 8 {
		t.Fatalf("%d had the lock, %v; want 8", count, err)
	}
}

func TestLockOfAnother(t *testing.T) {
	t.Parallel()
	c := client(t, redistest.Default(t))
	locks := redsync.New(fairleadsync.NewPool(c))
	first, second := locks.NewMutex("mine"), locks.NewMutex("mine", redsync.WithTries(1))
	if err := first.Lock(); err != nil {
		t.Fatal(err)
	}
	var taken *redsync.ErrTaken
	if err := second.Lock(); !errors.As(err, &taken) {
		t.Errorf("%v, want ErrTaken: the first has it", err)
	}
	if ok, err := second.Unlock(); ok || err == nil {
		t.Errorf("%v, %v, want an error: it is not the second's to release", ok, err)
	}
	if ok, err := first.Extend(); !ok || err != nil {
		t.Errorf("%v, %v, want the lock extended", ok, err)
	}
	if ok, err := first.Unlock(); !ok || err != nil {
		t.Errorf("%v, %v, want the lock released", ok, err)
	}
}

// A server that has forgotten its scripts is sent the source.
func TestScriptThatTheServerLacks(t *testing.T) {
	t.Parallel()
	c := client(t, redistest.Start(t))
	conn := connOf(t, c)
	script := redis.NewScript(1, "return {KEYS[1], ARGV[1]}", "0000000000000000000000000000000000000000")
	if _, err := conn.Eval(script, "k", 1); err != nil {
		t.Errorf("the hash is wrong, so the source should have been sent: %v", err)
	}
	if err := conn.ScriptLoad(script); err != nil || script.Hash == strings.Repeat("0", 40) {
		t.Errorf("%v, hash %s, want that of the source", err, script.Hash)
	}
	if _, err := conn.Eval(script); err == nil || !strings.Contains(err.Error(), "1 keys and was given 0") {
		t.Errorf("%v, want the number of keys that is missing", err)
	}
}

// The shapes that redsync compares with: int64, and nothing without an error.
func TestShapes(t *testing.T) {
	t.Parallel()
	conn := connOf(t, client(t, redistest.Default(t)).DB(3))
	for _, row := range []struct {
		source string
		want   any
	}{
		{"return 7", int64(7)}, {"return 'text'", "text"}, {"return false", nil},
	} {
		if got, err := conn.Eval(redis.NewScript(0, row.source, "none")); got != row.want || err != nil {
			t.Errorf("%s: %v, %v, want %v", row.source, got, err, row.want)
		}
	}
	if v, err := conn.Get("no such key"); v != "" || err != nil {
		t.Errorf("GET of nothing: %q, %v", v, err)
	}
	if ok, err := conn.Set("shape", "v"); !ok || err != nil {
		t.Errorf("SET: %v, %v", ok, err)
	}
	if ok, err := conn.SetNX("shape", "v", time.Minute); ok || err != nil {
		t.Errorf("SET NX of what is there: %v, %v", ok, err)
	}
	if d, err := conn.PTTL("shape"); d != -1 || err != nil {
		t.Errorf("PTTL of what never expires: %v, %v, want -1 as from Redis", d, err)
	}
	if err := conn.Close(); err != nil {
		t.Error(err)
	}
	var none context.Context
	if conn, err := fairleadsync.NewPool(client(t, redistest.Default(t))).Get(none); conn == nil || err != nil {
		t.Errorf("%v, %v, want a connection: redsync's Lock gives no context", conn, err)
	}
}

// Redsync's own tests of locks, over pools of ours. FAIRLEAD_SUITES=1 runs all of them, which takes half a minute.
func TestTheirSuite(t *testing.T) {
	t.Parallel()
	run := "^(TestRedsync|TestTryLock|TestMutexQuorum|TestMutexLockUnlockSplit)$"
	if os.Getenv("FAIRLEAD_SUITES") != "" {
		run = "."
	}
	dir := theirModule(t)
	cmd := exec.CommandContext(t.Context(), "go", "test", "-mod=mod", "-vet=off", "-v", "-run", run, ".")
	cmd.Dir, cmd.Env = dir, append(os.Environ(), "GOWORK=off")
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	t.Logf("%d of their tests and subtests passed", strings.Count(string(out), "--- PASS"))
}

// theirModule returns a folder with redsync's module, in which testdata/pools_test.go takes the place of the file that makes pools.
func theirModule(t *testing.T) string {
	t.Helper()
	ok := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	theirs, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}", "github.com/go-redsync/redsync/v4").Output()
	ok(err)
	here, err := os.Getwd()
	ok(err)
	dir := t.TempDir()
	ok(os.CopyFS(dir, os.DirFS(strings.TrimSpace(string(theirs)))))
	for _, name := range []string{"redsync_test.go", "scripts_test.go", "go.mod", "go.sum"} { // scripts_test.go is about hashes alone, and needs other clients
		ok(os.Remove(filepath.Join(dir, name)))
	}
	for from, to := range map[string]string{"testdata/pools_test.go": "redsync_test.go", "go.sum": "go.sum"} {
		text, err := os.ReadFile(from)
		ok(err)
		ok(os.WriteFile(filepath.Join(dir, to), text, 0o600))
	}
	ours, err := os.ReadFile("go.mod")
	ok(err)
	mod := strings.NewReplacer(
		"module github.com/fairlead-go/fairlead/contrib/redsync", "module github.com/go-redsync/redsync/v4",
		"github.com/go-redsync/redsync/v4 v4.18.1", "github.com/fairlead-go/fairlead/contrib/redsync v0.0.0",
		"=> ../..", "=> "+filepath.Join(here, "../.."),
	).Replace(string(ours))
	mod += "\nreplace github.com/fairlead-go/fairlead/contrib/redsync => " + here + "\n"
	ok(os.WriteFile(filepath.Join(dir, "go.mod"), []byte(mod), 0o600))
	return dir
}
