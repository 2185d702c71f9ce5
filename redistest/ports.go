package redistest

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"net"
	"syscall"
)

// Ports are taken from below the range that the kernel gives to outgoing connections (from 32768 on Linux, 49152 elsewhere):
// so nobody takes the port of a server that is down for a moment. A cluster's bus, 10000 higher, is below that range too.
const (
	firstPort    = 10000
	portCount    = 12000
	portAttempts = 50
)

// listenLoopback listens on a free port of 127.0.0.1.
func listenLoopback() (net.Listener, error) {
	for range portAttempts {
		listener, err := net.Listen("tcp", loopback(firstPort+rand.IntN(portCount)))
		if !errors.Is(err, syscall.EADDRINUSE) {
			return listener, err
		}
	}
	return nil, fmt.Errorf("no free port on 127.0.0.1 among %d tried", portAttempts)
}

// freePort returns a port that nobody listens on. Another process may take it before it is used.
func freePort() (int, error) {
	listener, err := listenLoopback()
	if err != nil {
		return 0, err
	}
	defer closeListener(listener)
	return listener.Addr().(*net.TCPAddr).Port, nil
}

// closeListener closes l so that dials are refused from now on. A plain Close leaves that open for a moment if another
// goroutine is just starting a process: between fork and exec the child has the socket too.
func closeListener(l net.Listener) {
	if tcp, ok := l.(*net.TCPListener); ok {
		shutdown(tcp)
	}
	l.Close()
}

func loopback(port int) string { return fmt.Sprintf("127.0.0.1:%d", port) }
