package redistest

import (
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
)

// script writes a program that answers like a server to --version.
func script(t *testing.T, name, answer string) string {
	t.Helper()
	if runtime.GOOS == "windows" {
		name += ".bat"
	}
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte("#!/bin/sh\necho '"+answer+"'\n"), 0o700); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestWhichBinary(t *testing.T) {
	onPath, named, chosen := script(t, "valkey-server", ""), script(t, "named", ""), script(t, "chosen", "")
	t.Setenv("PATH", filepath.Dir(onPath))

	t.Setenv(serverVariable, "")
	if got, err := findBinary(""); got != onPath {
		t.Errorf("%s, %v: want the one on PATH", got, err)
	}
	t.Setenv(serverVariable, named)
	if got, err := findBinary(""); got != named {
		t.Errorf("%s, %v: want the one of the environment", got, err)
	}
	t.Setenv(serverVariable, string(filepath.ListSeparator)+named+string(filepath.ListSeparator)+onPath)
	if got, err := findBinary(""); got != named {
		t.Errorf("%s, %v: want the first of those in the environment", got, err)
	}
	if got, err := findBinary(chosen); got != chosen {
		t.Errorf("%s, %v: want the one of the option", got, err)
	}
	t.Setenv(serverVariable, "/nowhere/redis-server")
	if _, err := findBinary(""); err == nil || !strings.Contains(err.Error(), "$"+serverVariable) {
		t.Errorf("%v: want an error that names the variable", err)
	}
	t.Setenv(serverVariable, "")
	t.Setenv("PATH", "")
	if _, err := findBinary(""); !errors.Is(err, errNoServer) {
		t.Errorf("%v: want advice on how to get a server", err)
	}
	wantFailure(t, "make test", func(t testing.TB) { Start(t) })
}

func TestServersListsTheEnvironment(t *testing.T) {
	redis := script(t, "a", "Redis server v=8.0.6 sha=00000000:0 malloc=jemalloc-5.3.1 bits=64 build=4ff5c8d39231b5d1")
	valkey := script(t, "b", "Valkey server v=9.1.2 sha=00000000:0 malloc=jemalloc-5.3.1 bits=64 build=9108e8f1788612b")
	t.Setenv(serverVariable, redis+string(filepath.ListSeparator)+valkey)
	got := Servers(t)
	want := []Product{{"redis-8.0.6", "8.0.6", redis}, {"valkey-9.1.2", "9.1.2", valkey}}
	if len(got) != 2 || got[0] != want[0] || got[1] != want[1] {
		t.Errorf("%v, want %v", got, want)
	}

	t.Setenv(serverVariable, script(t, "c", "hello"))
	wantFailure(t, "does not answer like", func(t testing.TB) { Servers(t) })
}

func TestServersIsTheOneOfStartByDefault(t *testing.T) {
	t.Setenv(serverVariable, "")
	path, err := findBinary("")
	if err != nil {
		t.Fatal(err)
	}
	if got := Servers(t); len(got) != 1 || got[0].Binary != path {
		t.Errorf("%v, want only %s", got, path)
	}
}

func TestServerStartedByAScript(t *testing.T) {
	t.Parallel()
	binary, err := findBinary("")
	if err != nil {
		t.Fatal(err)
	}
	script := filepath.Join(t.TempDir(), "server")
	for line, want := range map[string]error{
		"exec " + binary + ` "$@"`: nil,
		binary + ` "$@"; true`:     errAnotherProcess, // Kill and Pause would only reach the shell
	} {
		if err := os.WriteFile(script, []byte("#!/bin/sh\n"+line+"\n"), 0o700); err != nil {
			t.Fatal(err)
		}
		server, err := StartProcess(t.Context(), Binary(script))
		if !errors.Is(err, want) {
			t.Errorf("%s: error %v, want %v", line, err, want)
		}
		if err == nil {
			server.Close()
		}
	}
}
