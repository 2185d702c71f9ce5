package driver

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"runtime"
	"sync"
)

var muxDrivers = []Info{{Name: "rawmux", Kind: Yardstick, Open: openMux, Crowd: true,
	Note: "bare sockets, the plain way by hand, a yardstick: one connection shared by all goroutines, a writer that yields " +
		"once before it writes, a reader, replies in order, " +
		"one copy per value, no cancellation, no bounds, the far deadline of raw; pipes and aggregates over a second one as raw does them"}}

// mux is the plain way by hand for a client that shares one connection, a yardstick.
type mux struct {
	*Conn    // pipes and aggregates
	conn     net.Conn
	mu       sync.Mutex // guards buf and queue
	buf      []byte
	queue    []*waiter
	inflight chan []*waiter
	free     chan []*waiter
	wake     chan struct{}
}

type waiter struct {
	kind  byte
	value []byte
	err   error
	done  chan struct{}
}

var waiters = sync.Pool{New: func() any { return &waiter{done: make(chan struct{}, 1)} }}

func openMux(cfg Config) (Client, error) {
	own, err := Dial(cfg)
	if err != nil {
		return nil, err
	}
	conn, err := dialFar(cfg)
	if err != nil {
		return nil, errors.Join(err, own.Close())
	}
	m := &mux{Conn: own, conn: conn, inflight: make(chan []*waiter, 64), free: make(chan []*waiter, 64), wake: make(chan struct{}, 1)}
	go m.write() // ended by Close
	go m.read()  // ended by Close
	return m, nil
}

func (m *mux) call(args ...string) (byte, []byte, error) {
	w := waiters.Get().(*waiter)
	m.mu.Lock()
	m.buf = appendCommand(m.buf, args...)
	m.queue = append(m.queue, w)
	first := len(m.queue) == 1
	m.mu.Unlock()
	if first {
		m.wake <- struct{}{}
	}
	<-w.done
	kind, value, err := w.kind, w.value, w.err
	w.value, w.err = nil, nil
	waiters.Put(w)
	return kind, value, err
}

func (m *mux) write() {
	var buf []byte
	for range m.wake {
		runtime.Gosched() // let runnable callers join this batch
		var queue []*waiter
		select {
		case queue = <-m.free:
		default:
		}
		m.mu.Lock()
		buf, m.buf = m.buf, buf[:0]
		queue, m.queue = m.queue, queue[:0]
		m.mu.Unlock()
		m.inflight <- queue
		if _, err := m.conn.Write(buf); err != nil {
			return // the reader meets the same end and tells the callers
		}
	}
}

func (m *mux) read() {
	r := bufio.NewReaderSize(m.conn, 64<<10)
	for queue := range m.inflight {
		for _, w := range queue {
			w.kind, w.value, w.err = readValue(r)
			w.done <- struct{}{}
		}
		select {
		case m.free <- queue:
		default:
		}
	}
}

// readValue reads one reply and copies its value.
func readValue(r *bufio.Reader) (kind byte, value []byte, err error) {
	kind, n, line, err := readHeader(r)
	switch {
	case err != nil:
		return kind, nil, err
	case kind == '+':
		if string(line) == "OK" {
			return kind, okStatus, nil
		}
		return kind, []byte(string(line)), nil
	case kind != '$':
		return kind, nil, fmt.Errorf("a reply of type %q", kind)
	case n < 0:
		return kind, nil, errNil
	}
	value = make([]byte, n)
	if _, err = io.ReadFull(r, value); err == nil {
		_, err = r.Discard(2)
	}
	return kind, value, err
}

var okStatus = []byte("OK")

// Get is [Client].Get.
func (m *mux) Get(_ context.Context, key string) ([]byte, error) {
	kind, value, err := m.call("GET", key)
	if err == nil && kind != '$' {
		err = fmt.Errorf("GET was answered with type %q", kind)
	}
	return value, err
}

// Set is [Client].Set.
func (m *mux) Set(_ context.Context, key, value string) error {
	return checkOK(m.call("SET", key, value))
}

// Close ends the writer and the reader; no call may be under way.
func (m *mux) Close() error {
	close(m.wake)
	close(m.inflight)
	return errors.Join(m.conn.Close(), m.Conn.Close())
}
