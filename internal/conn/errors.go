package conn

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"syscall"
	"time"

	"github.com/fairlead-go/fairlead/resp"
)

// A Phase is how far a call had come when it failed.
type Phase uint8

const (
	Queued        Phase = iota // waiting for a connection, or for room in its write buffer
	DialPhase                  // a connection for it was being opened
	HandshakeStep              // the server was being told who we are
	Writing                    // in the write buffer, not handed to the kernel
	AwaitingReply              // handed to the kernel, at least in part
)

// String is the phase in words.
func (p Phase) String() string {
	switch p {
	case Queued:
		return "queued"
	case DialPhase:
		return "dialing"
	case HandshakeStep:
		return "handshake"
	case Writing:
		return "writing"
	case AwaitingReply:
		return "awaiting reply"
	}
	return "unknown phase"
}

// A CallError says that no reply came to a command, how far it had come, and why.
// It wraps the cause, so that errors.Is(err, context.DeadlineExceeded), errors.Is(err, syscall.ECONNRESET) and
// errors.Is(err, io.EOF) tell what it was.
type CallError struct {
	Command string        // the command's name, never its arguments
	Addr    string        // the server's address
	Conn    uint64        // the connection's number in this process; 0 if it had none
	Phase   Phase         // how far it had come
	Sent    bool          // false: not one byte of the command left this process, so it cannot have run
	Elapsed time.Duration // since the call, or its last try, began
	Err     error         // why no reply came
}

// Error says what failed, where, why, and whether the command can have run.
func (e *CallError) Error() string {
	may := "it was not sent"
	switch {
	case TookNothing(e.Err):
		may = "it took nothing"
	case Incomplete(e.Err):
		may = "it was sent in part only and cannot have run"
	case e.Sent:
		may = "it was sent and may have run"
	}
	where := ""
	if e.Addr != "" {
		where = " at " + e.Addr
	}
	return fmt.Sprintf("%s%s failed after %v (%s): %v; %s", e.Command, where, e.Elapsed.Round(time.Microsecond), e.Phase, e.Err, may)
}

// LetGo is why a blocking command failed that the server let go, because err ended it, before it took anything.
func LetGo(err error) error { return letGo{err} }

// TookNothing reports whether err is, or wraps, one of LetGo.
func TookNothing(err error) bool {
	var l letGo
	return errors.As(err, &l)
}

type letGo struct{ err error }

func (l letGo) Error() string { return l.err.Error() }
func (l letGo) Unwrap() error { return l.err }

// Incomplete reports whether err is, or wraps, why a command was sent only in part: no server runs half of one.
func Incomplete(err error) bool {
	var i incomplete
	return errors.As(err, &i)
}

type incomplete struct{ err error }

func (i incomplete) Error() string { return i.err.Error() }
func (i incomplete) Unwrap() error { return i.err }

// Unwrap returns why no reply came.
func (e *CallError) Unwrap() error { return e.Err }

// Timeout reports whether time ran out, as net.Error asks.
func (e *CallError) Timeout() bool {
	var t interface{ Timeout() bool }
	return errors.As(e.Err, &t) && t.Timeout()
}

// ErrTimeout is why a call failed whose reply did not come within Options.Timeout. It is an os.ErrDeadlineExceeded.
var ErrTimeout error = timeoutError{}

type timeoutError struct{}

func (timeoutError) Error() string        { return "no reply within Options.Timeout" }
func (timeoutError) Timeout() bool        { return true }
func (timeoutError) Temporary() bool      { return true }
func (timeoutError) Is(target error) bool { return target == os.ErrDeadlineExceeded }

// ErrNoConnection is why a call failed that had no connection within Options.Timeout. It is an ErrTimeout.
var ErrNoConnection error = noConnectionError{}

type noConnectionError struct{ timeoutError }

func (noConnectionError) Error() string { return "no connection within Options.Timeout" }
func (noConnectionError) Is(target error) bool {
	return target == os.ErrDeadlineExceeded || target == ErrTimeout
}

// ErrClosed is the error of everything done after its pool or client was closed, and of calls that this cut off.
var ErrClosed = errors.New("the pool is closed")

// errUnavailable is what a connection answers that takes no calls; the caller goes to another one.
var errUnavailable = errors.New("the connection takes no calls")

// Unavailable reports whether a call failed only because its connection took no calls: it was not sent.
func Unavailable(err error) bool { return errors.Is(err, errUnavailable) }

// causeOf says what an error of the socket means.
func causeOf(err error) Cause {
	var protocol *resp.ProtocolError
	var netErr net.Error
	switch {
	case errors.As(err, &protocol):
		return ProtocolBroken
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return PeerClosed
	case errors.Is(err, syscall.ECONNRESET), errors.Is(err, syscall.EPIPE):
		return PeerReset
	case errors.Is(err, syscall.ETIMEDOUT):
		return PeerVanished
	case errors.As(err, &netErr) && netErr.Timeout():
		return ReadTimeout
	}
	return SocketError
}

// ContextError is why a context ended: its error, and the cause its owner gave if that is another one.
func ContextError(ctx context.Context) error {
	err, cause := ctx.Err(), context.Cause(ctx)
	if err == nil {
		return context.Canceled // a context of somebody's own making, done without a reason
	}
	if errors.Is(cause, err) || errors.Is(cause, ErrTimeout) {
		return cause // ErrTimeout: the context is ours, the caller set no time
	}
	return fmt.Errorf("%w: %w", err, cause)
}
