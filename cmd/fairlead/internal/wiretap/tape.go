// Package wiretap follows one command on its way to the server and back, and says what each of the six steps took.
package wiretap

import (
	"context"
	"crypto/tls"
	"net"
	"sync"
	"time"
)

// A tape records what travels over the connections that it dials, and when.
type tape struct {
	tls *tls.Config // nil without TLS

	mu     sync.Mutex // guards what follows
	dials  []dial
	pieces []*piece
}

// A dial is how one connection was opened.
type dial struct {
	socket time.Duration // until the socket was connected
	tls    time.Duration // from then until TLS was agreed on; 0 without
}

// A piece is what one Write took, or one Read brought. It is on the tape from the beginning of the Write on, since the reply may be
// read before that returns.
type piece struct {
	conn       int // which connection, counted from 0
	sent       bool
	begin, end time.Time
	data       []byte
}

// dial opens a connection that is recorded. With TLS it is the plain text inside that is recorded.
func (t *tape) dial(ctx context.Context, network, addr string) (net.Conn, error) {
	began := time.Now()
	var dialer net.Dialer
	conn, err := dialer.DialContext(ctx, network, addr)
	if err != nil {
		return nil, err
	}
	d := dial{socket: time.Since(began)}
	if t.tls != nil {
		began = time.Now()
		secure := tls.Client(conn, t.tls)
		if err := secure.HandshakeContext(ctx); err != nil {
			conn.Close()
			return nil, err
		}
		conn, d.tls = secure, time.Since(began)
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	t.dials = append(t.dials, d)
	return &recorded{Conn: conn, tape: t, number: len(t.dials) - 1}, nil
}

// add puts a piece on the tape.
func (t *tape) add(p *piece) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.pieces = append(t.pieces, p)
}

// finish notes how much of a piece was sent, and when the last of it was.
func (t *tape) finish(p *piece, n int) {
	t.mu.Lock()
	defer t.mu.Unlock()
	p.data, p.end = p.data[:n], time.Now()
}

// cut returns what was recorded since the last cut.
func (t *tape) cut() []piece {
	t.mu.Lock()
	defer t.mu.Unlock()
	pieces := make([]piece, len(t.pieces))
	for i, p := range t.pieces {
		pieces[i] = *p
	}
	t.pieces = nil
	return pieces
}

func (t *tape) dialled() []dial {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.dials
}

// recorded is a connection of which the tape keeps every byte. Of a TCP connection it hides the socket, so that the pool
// cannot look at it while nothing is read; a connection that lives for one command needs no such look.
type recorded struct {
	net.Conn
	tape   *tape
	number int
}

// Write writes and records what was written.
func (r *recorded) Write(p []byte) (int, error) {
	now := time.Now()
	sent := &piece{conn: r.number, sent: true, begin: now, end: now, data: append([]byte(nil), p...)}
	r.tape.add(sent)
	n, err := r.Conn.Write(p)
	r.tape.finish(sent, n)
	return n, err
}

// Read reads and records what was read.
func (r *recorded) Read(p []byte) (int, error) {
	begin := time.Now()
	n, err := r.Conn.Read(p)
	if n > 0 {
		r.tape.add(&piece{conn: r.number, begin: begin, end: time.Now(), data: append([]byte(nil), p[:n]...)})
	}
	return n, err
}
