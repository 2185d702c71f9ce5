//go:build !unix

package redistest

import (
	"errors"
	"net"
	"os"
)

// hasUnixSockets says whether servers listen on a UNIX socket too.
const hasUnixSockets = false

var errCannotSuspend = errors.New("this system cannot pause a process: run this test on Linux or macOS")

// terminate ends the process at once: there is no signal here to ask for more.
func terminate(p *os.Process) error { return p.Kill() }

func suspend(*os.Process) error { return errCannotSuspend }

func resume(*os.Process) error { return errCannotSuspend }

// shutdown has nothing to do: a child process is never given a socket here.
func shutdown(*net.TCPListener) {}

// stillOpen cannot be found out here without waiting: so a connection is used once.
func stillOpen(net.Conn) bool { return false }
