package fairlead

import (
	"errors"
	"fmt"

	"github.com/fairlead-go/fairlead/internal/conn"
	"github.com/fairlead-go/fairlead/internal/pool"
	"github.com/fairlead-go/fairlead/redis"
	"github.com/fairlead-go/fairlead/resp"
)

// Nil is the error of a command whose reply says that there is nothing: the key, the field or the element does not exist,
// or a condition was not met. It comes only where a command's documentation says so, and it is no failure. [Found] turns it into a bool.
var Nil = redis.Nil

var (
	// ErrClosed is the error of everything done with a client, pool, pipe or connection after it was closed.
	ErrClosed = pool.ErrClosed
	// ErrPoolTimeout is why a call failed that found MaxConnections in use for longer than Options.PoolTimeout. The error that
	// wraps it says how long it waited and who has the connections.
	ErrPoolTimeout = pool.ErrTimeout
	// ErrTimeout is why a call failed whose reply did not come within Options.Timeout.
	ErrTimeout = conn.ErrTimeout
	// ErrNotExecuted is the error of a Reply that is read before its pipe was executed, or whose pipe was not.
	ErrNotExecuted = errors.New("the pipe of this reply was not executed")
	// ErrTxFailed is the error of a transaction that was not run because a watched key had changed.
	ErrTxFailed = errors.New("a watched key was changed, so the transaction was not run")
	// ErrBusy is the error of a Pipe, Tx or Conn that two goroutines use at the same time.
	ErrBusy = errors.New("it is in use by another goroutine: give each goroutine its own")
)

// A closedError is ErrClosed in a sentence that says what was closed.
type closedError string

func (e closedError) Error() string        { return string(e) }
func (e closedError) Is(target error) bool { return target == ErrClosed }

// An Error is the server's answer that a command failed. Code is its first word ("WRONGTYPE"), Message the whole sentence.
type Error = resp.Error

// A CallError says that no reply came to a command. Its fields: Command (its name), Addr (the server), Conn (the connection's number in
// this process, 0 if it had none), Phase (how far it had come), Sent (false: not one byte left this process), Elapsed (since its last try
// began), Err (why; it is wrapped).
type CallError = conn.CallError

// A DialError says that no connection to the server could be made. A CallError wraps it. Its fields: Addr (the server), Conn (the number the
// connection would have had), Handshake (the socket was opened, what came after failed), Err (why; it is wrapped).
type DialError = conn.DialError

// A WaitError says that a call got no connection. A CallError wraps it. Its fields: Waited (how long), Limit (how many connections there may
// be), Holders (who has them, by command and age), Err (ErrPoolTimeout or the context's error; it is wrapped).
type WaitError = pool.WaitError

// A Phase is how far a call had come when it failed.
type Phase = conn.Phase

// The phases of a call.
const (
	PhaseQueued        = conn.Queued        // waiting for a connection, or for room in its write buffer
	PhaseDialing       = conn.DialPhase     // a connection for it was being opened
	PhaseHandshake     = conn.HandshakeStep // the server was being told who we are
	PhaseWriting       = conn.Writing       // in the write buffer, not handed to the kernel
	PhaseAwaitingReply = conn.AwaitingReply // handed to the kernel, at least in part
)

// NotRun reports whether a command that failed with err cannot have run: not one byte of it was sent, or the server
// said by its error that it did not run it, or a blocking command was cancelled and took nothing. It is false wherever that is not certain, and for nil and Nil.
//
// Of a PipeError it is true only if that holds for all commands of the pipe that do more than read, or if it is Aborted.
//
// The server's errors that prove it are LOADING, BUSY, MASTERDOWN, READONLY, MOVED, ASK, TRYAGAIN, CLUSTERDOWN, NOAUTH, NOPERM,
// WRONGPASS, NOPROTO, OOM, EXECABORT, NOSCRIPT, and "max number of clients reached".
func NotRun(err error) bool {
	var call *CallError
	var server *Error
	var pipe *PipeError
	switch {
	case errors.As(err, &pipe) && (pipe.ran || pipe.Aborted):
		return pipe.Aborted
	case errors.As(err, &call):
		return !call.Sent || conn.TookNothing(call)
	case errors.As(err, &server):
		return provesNotRun[server.Code] || conn.TurnedAway(err)
	}
	return errors.Is(err, ErrClosed) || errors.Is(err, ErrNotExecuted) || errors.Is(err, ErrTxFailed) || errors.Is(err, ErrBusy)
}

var provesNotRun = map[string]bool{
	"LOADING": true, "BUSY": true, "MASTERDOWN": true, "READONLY": true, "MOVED": true, "ASK": true, "TRYAGAIN": true,
	"CLUSTERDOWN": true, "NOAUTH": true, "NOPERM": true, "WRONGPASS": true, "NOPROTO": true, "OOM": true, "EXECABORT": true,
	"NOSCRIPT": true,
}

// inDoubt is the server's error as the caller may take it: of a call that repeats one which was sent and got no reply, it proves
// only that the last try did not run.
func inDoubt(call *conn.Call, name string, err error) error {
	if err == nil || !call.InDoubt || !NotRun(err) {
		return err
	}
	if unsent, ok := errors.AsType[*CallError](err); ok { // a script that was to be sent again with its source
		own := *unsent
		own.Sent = true
		return &own
	}
	over := call.Over()
	return &CallError{Command: name, Addr: over.Addr(), Conn: over.ID(), Phase: PhaseAwaitingReply, Sent: true, Err: err}
}

// A PipeError is the first error among the commands of a Pipe or a transaction. The others have their own replies:
// each command's Reply says how it went.
type PipeError struct {
	Index   int    // the command's place in the pipe, from 0
	Command string // its name
	Err     error
	Aborted bool // the server discarded the transaction (EXECABORT), because it did not accept this command: nothing of it ran
	ran     bool // one of the commands that do more than read, this one or another, may have run
}

// Error names the command, its place counted from 1, and what went wrong.
func (e *PipeError) Error() string {
	return fmt.Sprintf("command %d of the pipe (%s) failed: %v", e.Index+1, e.Command, e.Err)
}

// Unwrap returns the command's own error.
func (e *PipeError) Unwrap() error { return e.Err }
