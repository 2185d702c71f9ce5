package conn

import (
	"io"
	"net"
	"os"
	"syscall"
)

// A socket is a TCP or unix socket that is read and written by system calls the scheduler is not told of. They never wait, since
// the socket is not blocking; but package syscall announces every call, and for one that takes a few microseconds, as a write
// over the loopback does, the scheduler takes the processor away from its thread: the goroutine has to queue for another.
// One goroutine at a time may read, and one write.
type socket struct {
	net.Conn
	raw  syscall.RawConn
	r, w side
}

// A side is a read or a write under way.
type side struct {
	buf []byte
	n   int
	err error
	try func(fd uintptr) bool // made once, for syscall.RawConn
}

// newSocket returns the socket behind a connection; nil if it is none, or the system has no such calls.
func newSocket(c net.Conn) *socket {
	switch c.(type) {
	case *net.TCPConn, *net.UnixConn:
	default:
		return nil
	}
	raw, err := c.(syscall.Conn).SyscallConn()
	if err != nil || !hasRawCalls || !neverWaits(raw) {
		return nil
	}
	s := &socket{Conn: c, raw: raw}
	s.r.try, s.w.try = s.r.read, s.w.write
	return s
}

// neverWaits reports whether the socket is not blocking. It could be: a user's Dialer that calls File().Fd() makes it so.
func neverWaits(raw syscall.RawConn) bool {
	open := false
	err := raw.Control(func(fd uintptr) { open = isNonblocking(fd) })
	return err == nil && open
}

func (s *socket) Read(b []byte) (int, error) {
	if len(b) >= LargeReply { // copying so much takes a while, in which another thread may have the processor
		return s.Conn.Read(b)
	}
	s.r = side{buf: b, try: s.r.try}
	err := s.raw.Read(s.r.try)
	s.r.buf = nil // it may be large, and the next read far
	return s.r.n, s.wrap("read", err, s.r.err)
}

func (s *socket) Write(b []byte) (int, error) {
	if len(b) >= LargeReply {
		return s.Conn.Write(b)
	}
	s.w = side{buf: b, try: s.w.try}
	err := s.raw.Write(s.w.try)
	s.w.buf = nil
	return s.w.n, s.wrap("write", err, s.w.err)
}

// wrap returns the first of two errors, dressed as package net does it.
func (s *socket) wrap(op string, waiting, calling error) error {
	if waiting != nil {
		return waiting
	}
	if _, bare := calling.(syscall.Errno); !bare {
		return calling
	}
	local, remote := s.LocalAddr(), s.RemoteAddr()
	return &net.OpError{Op: op, Net: local.Network(), Source: local, Addr: remote, Err: os.NewSyscallError(op, calling)}
}

// read reads once, and reports whether there was anything to read.
func (s *side) read(fd uintptr) bool {
	s.n, s.err = readSocket(fd, s.buf)
	if s.err == nil && s.n == 0 {
		s.err = io.EOF
	}
	return s.err != syscall.EAGAIN
}

// write writes what is left, and reports whether that is over.
func (s *side) write(fd uintptr) bool {
	for s.n < len(s.buf) {
		n, err := writeSocket(fd, s.buf[s.n:])
		if s.err = err; err != nil {
			return err != syscall.EAGAIN
		}
		s.n += n
	}
	return true
}
