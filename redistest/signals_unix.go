//go:build unix

package redistest

import (
	"fmt"
	"net"
	"os"
	"syscall"
	"time"
)

// hasUnixSockets says whether servers listen on a UNIX socket too.
const hasUnixSockets = true

// stopTakesEffectIn bounds the wait for a SIGSTOP to be carried out; it takes microseconds.
const stopTakesEffectIn = 5 * time.Second

// terminate asks the process to end in good order.
func terminate(p *os.Process) error { return p.Signal(syscall.SIGTERM) }

// suspend stops the process and returns when it has stopped.
func suspend(p *os.Process) error {
	if err := p.Signal(syscall.SIGSTOP); err != nil {
		return err
	}
	deadline := time.Now().Add(stopTakesEffectIn)
	for !isStopped(p.Pid) {
		if time.Now().After(deadline) {
			return fmt.Errorf("process %d still runs %v after SIGSTOP", p.Pid, stopTakesEffectIn)
		}
		time.Sleep(100 * time.Microsecond)
	}
	return nil
}

// resume lets a suspended process go on.
func resume(p *os.Process) error { return p.Signal(syscall.SIGCONT) }

// shutdown ends listening for every process that has the socket. Where the system cannot do that, Close still follows.
func shutdown(l *net.TCPListener) {
	raw, err := l.SyscallConn()
	if err != nil {
		return
	}
	_ = raw.Control(func(fd uintptr) { _ = syscall.Shutdown(int(fd), syscall.SHUT_RDWR) })
}

// stillOpen says whether an idle connection is of use: not closed by the peer, and no bytes came that nobody asked for.
func stillOpen(conn net.Conn) bool {
	source, isSocket := conn.(syscall.Conn)
	if !isSocket {
		return false
	}
	raw, err := source.SyscallConn()
	if err != nil {
		return false
	}
	open := false
	err = raw.Read(func(fd uintptr) bool {
		var one [1]byte
		_, err := syscall.Read(int(fd), one[:])
		open = err == syscall.EAGAIN
		return true
	})
	return err == nil && open
}
