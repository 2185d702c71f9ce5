//go:build unix

package main

import (
	"bufio"
	"context"
	"errors"
	"io"
	"net"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/fairlead-go/fairlead/redistest"
)

// The program's own server ends with it: on Ctrl-C in order, and by the kernel if the program is killed.
func TestDemoEndsItsServer(t *testing.T) {
	emptyTemp(t)
	for _, signal := range []syscall.Signal{syscall.SIGINT, syscall.SIGTERM, syscall.SIGHUP} {
		program, _, addr := startDemo(t)
		if err := program.Process.Signal(signal); err != nil {
			t.Fatal(err)
		}
		err := program.Wait()
		if exit, ok := errors.AsType[*exec.ExitError](err); !ok || exit.ExitCode() != exitInterrupted {
			t.Errorf("after %v: %v, want exit status %d", signal, err, exitInterrupted)
		}
		if conn, err := net.Dial("tcp", addr); err == nil {
			conn.Close()
			t.Errorf("after %v the server still listens on %s", signal, addr)
		}
	}
}

// startDemo starts the program with a demonstration and returns it with what it prints and its server's address, as soon as that is known.
func startDemo(t *testing.T) (program *exec.Cmd, output io.ReadCloser, addr string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	t.Cleanup(cancel)
	program = exec.CommandContext(ctx, os.Args[0], "demo", "--goroutines", "16")
	program.Env = append(os.Environ(), asProgram+"=1")
	output, err := program.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := program.Start(); err != nil {
		t.Fatal(err)
	}
	line, err := bufio.NewReader(output).ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	_, addr, _ = strings.Cut(strings.TrimSpace(line), " at ")
	redistest.Eventually(t, 10*time.Second, "the server listens at "+addr, func() bool {
		conn, err := net.Dial("tcp", addr)
		if err == nil {
			conn.Close()
		}
		return err == nil
	})
	return program, output, addr
}

// When nobody reads what it prints any more, the program ends in order too.
func TestDemoWithoutReader(t *testing.T) {
	emptyTemp(t)
	program, output, addr := startDemo(t)
	if err := output.Close(); err != nil {
		t.Fatal(err)
	}
	err := program.Wait()
	if exit, ok := errors.AsType[*exec.ExitError](err); !ok || exit.ExitCode() != exitFailed {
		t.Errorf("%v, want exit status %d", err, exitFailed)
	}
	if conn, err := net.Dial("tcp", addr); err == nil {
		conn.Close()
		t.Errorf("the server still listens on %s", addr)
	}
}
