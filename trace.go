package fairlead

import (
	"context"
	"time"

	"github.com/fairlead-go/fairlead/internal/conn"
	"github.com/fairlead-go/fairlead/internal/pool"
)

// A Trace is told what happens. Each hook may be nil. They run on the goroutine that did what they tell of, outside of every lock,
// so a slow hook slows that goroutine and no other. They see names and counts, never arguments, values or passwords.
type Trace struct {
	// CommandStart is told of a command, or a pipe, before it is sent. The context it returns is used for the command and for CommandEnd.
	CommandStart func(ctx context.Context, c TraceCommand) context.Context
	// CommandEnd is told how it went. err is a *CallError where no reply came; an error that the server answered with is in the reply
	// and not told here.
	CommandEnd func(ctx context.Context, c TraceCommand, took time.Duration, err error)
	// Dial is told of every try to open a connection, its handshake included.
	Dial func(addr string, took time.Duration, err error)
	// Closed is told of every connection that was open and was closed.
	Closed func(c TraceClosed)
}

// A TraceCommand is a command, or a pipe of them, as traces see it.
type TraceCommand struct {
	Name     string // the command's name; of a pipe its first command's and "…", of a transaction "MULTI …"
	Commands int    // 1, or how many commands the pipe has
	DB       int    // the database it is for
}

// A TraceClosed is the end of a connection.
type TraceClosed struct {
	Conn  uint64 // its number in this process
	Addr  string // its server
	Cause Cause  // why it was closed
	Err   error  // the error behind the cause, if there was one
}

// command runs a call between its two hooks.
func (t *Trace) command(ctx context.Context, call *conn.Call, next conn.RoundTripper) error {
	if ctx == nil {
		return next.RoundTrip(ctx, call)
	}
	about := TraceCommand{Name: call.Name(), Commands: max(1, len(call.Many)), DB: call.DB}
	if call.Tx {
		about.Commands -= 2 // MULTI and EXEC
	}
	if t.CommandStart != nil {
		ctx = t.CommandStart(ctx, about)
	}
	if t.CommandEnd == nil {
		return next.RoundTrip(ctx, call)
	}
	began := time.Since(epoch) // the monotonic clock alone: time.Now reads another one too
	err := next.RoundTrip(ctx, call)
	t.CommandEnd(ctx, about, time.Since(epoch)-began, err)
	return err
}

var epoch = time.Now()

// ofCommands returns t if it has hooks about commands, else nil.
func (t *Trace) ofCommands() *Trace {
	if t == nil || t.CommandStart == nil && t.CommandEnd == nil {
		return nil
	}
	return t
}

// attach gives a pool the hooks about connections. A nil Trace has none.
func (t *Trace) attach(cfg *pool.Config) {
	if t == nil {
		return
	}
	cfg.OnDial = t.Dial
	if closed := t.Closed; closed != nil {
		cfg.OnClosed = func(id uint64, addr string, cause conn.Cause, err error) {
			closed(TraceClosed{Conn: id, Addr: addr, Cause: cause, Err: err})
		}
	}
}
