package conn

import (
	"syscall"
	"time"

	"github.com/fairlead-go/fairlead/resp"
)

const tcpUserTimeout = 0x12 // TCP_USER_TIMEOUT of linux/tcp.h, which package syscall does not name

// setUserTimeout says how long sent bytes may stay unacknowledged before the kernel ends the connection (RFC 5482).
func setUserTimeout(fd uintptr, d time.Duration) error {
	return syscall.SetsockoptInt(int(fd), syscall.IPPROTO_TCP, tcpUserTimeout, int(d.Milliseconds()))
}

// peekEnded reports whether the peer has ended the stream, or broke it, without taking a byte and without waiting.
// Bytes that wait are an end too: nothing was asked, so they are a goodbye, unless they are a push.
func peekEnded(fd uintptr) bool {
	var b [1]byte
	n, _, err := syscall.Recvfrom(int(fd), b[:], syscall.MSG_PEEK|syscall.MSG_DONTWAIT)
	if n == 1 && resp.Kind(b[0]) == resp.Push {
		return false
	}
	return err != syscall.EAGAIN && err != syscall.EINTR
}
