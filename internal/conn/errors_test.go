package conn_test

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"github.com/fairlead-go/fairlead/internal/conn"
	"github.com/fairlead-go/fairlead/resp"
)

func TestCallErrorIsASentence(t *testing.T) {
	t.Parallel()
	for want, e := range map[string]*conn.CallError{
		"GET at redis:6379 failed after 1.5ms (awaiting reply): unexpected EOF; it was sent and may have run": {
			Command: "GET", Addr: "redis:6379", Conn: 3, Phase: conn.AwaitingReply, Sent: true, Elapsed: 1500 * time.Microsecond, Err: io.ErrUnexpectedEOF},
		"SET failed after 0s (queued): context canceled; it was not sent": {Command: "SET", Phase: conn.Queued, Err: context.Canceled},
	} {
		if got := e.Error(); got != want {
			t.Errorf("the error is\n\t%s\nwant\n\t%s", got, want)
		}
		if !errors.Is(e, e.Err) {
			t.Errorf("%v does not wrap its cause", e)
		}
	}
}

func TestCallErrorSaysWhetherTimeRanOut(t *testing.T) {
	t.Parallel()
	for err, want := range map[error]bool{
		conn.ErrTimeout: true, context.DeadlineExceeded: true, os.ErrDeadlineExceeded: true, context.Canceled: false, io.EOF: false,
	} {
		var netErr net.Error = asNetError{&conn.CallError{Err: err}}
		if netErr.Timeout() != want {
			t.Errorf("Timeout is %v with the cause %v", netErr.Timeout(), err)
		}
	}
	var timeout net.Error
	if !errors.As(conn.ErrTimeout, &timeout) || conn.ErrTimeout.Error() != "no reply within Options.Timeout" {
		t.Errorf("ErrTimeout is %v", conn.ErrTimeout)
	}
}

// asNetError is a *conn.CallError as callers see it who ask for the method Timeout.
type asNetError struct{ *conn.CallError }

func (asNetError) Temporary() bool { return false }

func TestPhases(t *testing.T) {
	t.Parallel()
	for phase, want := range map[conn.Phase]string{
		conn.Queued: "queued", conn.DialPhase: "dialing", conn.HandshakeStep: "handshake", conn.Writing: "writing",
		conn.AwaitingReply: "awaiting reply", 99: "unknown phase",
	} {
		if phase.String() != want {
			t.Errorf("phase %d is called %q, want %q", uint8(phase), phase, want)
		}
	}
}

func TestStatesAndCausesHaveNamesOfTheirOwn(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for s := conn.Dialing; s <= conn.Closed+1; s++ {
		if name := s.String(); seen[name] || name == "" || (name == "unknown") != (s > conn.Closed) {
			t.Errorf("state %d is called %q", uint8(s), name)
		}
		seen[s.String()] = true
	}
	if conn.NoCause.String() != "" {
		t.Errorf("no cause is called %q", conn.NoCause)
	}
	for c := conn.PeerClosed; c <= conn.SocketError+1; c++ {
		if name := c.String(); seen[name] || name == "" || (name == "unknown cause") != (c > conn.SocketError) {
			t.Errorf("cause %d is called %q", uint8(c), name)
		}
		seen[c.String()] = true
	}
}

func TestCauses(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		err  error
		want conn.Cause
	}{
		{io.EOF, conn.PeerClosed},
		{io.ErrUnexpectedEOF, conn.PeerClosed},
		{&net.OpError{Op: "read", Err: os.NewSyscallError("read", syscall.ECONNRESET)}, conn.PeerReset},
		{os.NewSyscallError("write", syscall.EPIPE), conn.PeerReset},
		{os.NewSyscallError("read", syscall.ETIMEDOUT), conn.PeerVanished}, // keepalive or TCP_USER_TIMEOUT
		{os.ErrDeadlineExceeded, conn.ReadTimeout},
		{&resp.ProtocolError{}, conn.ProtocolBroken},
		{syscall.EHOSTUNREACH, conn.SocketError},
	} {
		if got := conn.CauseOf(fmt.Errorf("wrapped: %w", test.err)); got != test.want {
			t.Errorf("%v means %q, want %q", test.err, got, test.want)
		}
	}
}

func TestContextError(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if err := conn.ContextError(ctx); err != context.Canceled {
		t.Errorf("error %v, want the context's alone", err)
	}
	reason := errors.New("a reason")
	because, stop := context.WithCancelCause(context.Background())
	stop(reason)
	if err := conn.ContextError(because); !errors.Is(err, context.Canceled) || !errors.Is(err, reason) {
		t.Errorf("error %v, want the context's and its cause", err)
	}
	wrapped := fmt.Errorf("%w: the request took too long", context.DeadlineExceeded)
	late, end := context.WithDeadlineCause(context.Background(), time.Unix(1, 0), wrapped)
	defer end()
	if err := conn.ContextError(late); err != wrapped {
		t.Errorf("error %v, want the cause alone, which says it all", err)
	}
}

func TestPermanent(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		err  error
		want bool
	}{
		{&net.DNSError{IsNotFound: true}, true},
		{&net.DNSError{IsTimeout: true}, false},
		{tls.RecordHeaderError{}, true},
		{&tls.CertificateVerificationError{Err: io.EOF}, true},
		{os.NewSyscallError("connect", syscall.EACCES), true},
		{os.NewSyscallError("connect", syscall.ECONNREFUSED), false},
		{os.NewSyscallError("connect", syscall.ENETUNREACH), false},
		{io.EOF, false},
	} {
		if got := conn.Permanent(fmt.Errorf("wrapped: %w", test.err)); got != test.want {
			t.Errorf("%T %v is permanent: %v, want %v", test.err, test.err, got, test.want)
		}
	}
}

// doneContext is done and has no error, against the rules.
type doneContext struct{ context.Context }

func (doneContext) Done() <-chan struct{} {
	done := make(chan struct{})
	close(done)
	return done
}

func TestContextThatEndsWithoutAReason(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		p := connect(t, inMemory(t, 1000), conn.Config{WriteBuffer: 100})
		ctx := doneContext{context.Background()}
		full := command("SET", "k", string(make([]byte, 2000)))
		wantCallError(t, p.Do(ctx, full), conn.AwaitingReply, context.Canceled)
		synctest.Wait() // the write has filled the window, and waits
		wantCallError(t, p.Do(ctx, command("SET", "k", string(make([]byte, 2000)))), conn.AwaitingReply, context.Canceled)
		if err := p.Do(ctx, command("GET", "k")); err != context.Canceled {
			t.Errorf("waiting for room ended with %v", err)
		}
	})
}
