package goredis_test

import (
	"bufio"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// theirs are the files with tests of go-redis that talk to one server.
var theirs = []string{
	"/commands_test.go", "/redis_test.go", "/command_test.go", "/pipeline_test.go", "/tx_test.go", "/tx_unwatch_test.go", "/iterator_test.go",
	"/pool_test.go", "/bitmap_commands_test.go", "/script_server_sha_integration_test.go", "/autopipeline_test.go",
}

// notCarried are those of their tests that are about what a connection over a pool is not, or about modules that the server has to have.
var notCarried = []string{
	"server should Wait", "kill myself", "ClientSetInfo", "client setname", "ClientTracking", // the pool's connections are not theirs
	"Credentials", "MinIdleConns", // log in otherwise
	"PubSub", "PROTO 2", "protocol version 2",
	"Shows function stats", // asks about a script that keeps the shared connection busy
	"Modules", "DIALECT", "module loadex", "cluster",
}

// TestTheirSuite runs go-redis's own tests with connections of package wire behind the port that they expect, 6379. It is run if FAIRLEAD_SUITES
// is set, takes some minutes, and needs Redis 8 (see redistest for how it is chosen).
func TestTheirSuite(t *testing.T) {
	if os.Getenv("FAIRLEAD_SUITES") == "" {
		t.Skip("set FAIRLEAD_SUITES=1 to run go-redis's own tests")
	}
	standin := filepath.Join(t.TempDir(), "standin")
	run(t, "go", "build", "-o", standin, "github.com/fairlead-go/fairlead/contrib/wire/standin")
	start(t, exec.Command(standin, "--port", "6379"))

	args := []string{"test", "-v", "-count=1", "-timeout=10m", "-run", "^TestGinkgoSuite$", ".", "-ginkgo.skip", strings.Join(notCarried, "|")}
	for _, file := range theirs {
		args = append(args, "-ginkgo.focus-file", regexp.QuoteMeta(file))
	}
	suite := exec.CommandContext(t.Context(), "go", args...)
	suite.Dir = strings.TrimSpace(run(t, "go", "list", "-m", "-f", "{{.Dir}}", "github.com/redis/go-redis/v9"))
	suite.Env = append(os.Environ(), "GOWORK=off", "GOFLAGS=", "RE_CLUSTER=true", "REDIS_VERSION=8.0") // RE_CLUSTER: there is one server alone
	out, err := suite.CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	passed := regexp.MustCompile(`[1-9]\d* Passed.*`).Find(out)
	if passed == nil {
		t.Fatalf("none of their tests was run:\n%s", out)
	}
	t.Logf("%s", passed)
}

func run(t *testing.T, name string, args ...string) string {
	t.Helper()
	out, err := exec.Command(name, args...).CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	return string(out)
}

// start starts a server, waits until it is ready, and ends it with the test.
func start(t *testing.T, server *exec.Cmd) {
	t.Helper()
	server.Stderr = os.Stderr
	stdout, err := server.StdoutPipe()
	ok(t, err)
	ok(t, server.Start())
	t.Cleanup(func() {
		_ = server.Process.Signal(os.Interrupt)
		_ = server.Wait()
	})
	lines := bufio.NewScanner(stdout)
	if !lines.Scan() || !strings.Contains(lines.Text(), "Ready to accept connections") {
		t.Fatalf("%q, want it ready: is the port free?", lines.Text())
	}
}
