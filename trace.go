package fairlead

import (
	"context"
	"time"

	"github.com/fairlead-go/fairlead/internal/conn"
	"github.com/fairlead-go/fairlead/internal/pool"
	"github.com/fairlead-go/fairlead/internal/route"
	"github.com/fairlead-go/fairlead/redis"
)

// A Trace is told what happens. Each hook may be nil. They run on the goroutine that did what they tell of, outside of every lock,
// so a slow hook slows that goroutine and no other. They see names and counts, never arguments, values or passwords.
type Trace struct {
	// CommandStart is told of a command, or a pipe, before it is sent. The context it returns is used for the command and for CommandEnd;
	// without one the command is not sent.
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
	about := TraceCommand{Name: call.Name(), Commands: max(1, len(call.Many)), DB: call.DB}
	if call.Tx {
		about.Commands -= 2 // MULTI and EXEC
	}
	ctx, began := t.begin(ctx, about)
	err := next.RoundTrip(ctx, call)
	t.end(ctx, about, began, err)
	return err
}

// single runs a command that stays with its caller between the two hooks.
func (t *Trace) single(ctx context.Context, call *conn.Call, r *redis.Request, next *route.Single) error {
	about := TraceCommand{Name: r.Name(), Commands: 1, DB: call.DB}
	ctx, began := t.begin(ctx, about)
	err := next.Send(ctx, call, r)
	t.end(ctx, about, began, err)
	return err
}

// begin tells of a command's start, and when that was. There is nothing to tell of one without a context: it is not sent.
func (t *Trace) begin(ctx context.Context, about TraceCommand) (context.Context, time.Duration) {
	if ctx != nil && t.CommandStart != nil {
		ctx = t.CommandStart(ctx, about)
	}
	if t.CommandEnd == nil {
		return ctx, 0
	}
	return ctx, time.Since(epoch) // the monotonic clock alone: time.Now reads another one too
}

func (t *Trace) end(ctx context.Context, about TraceCommand, began time.Duration, err error) {
	if ctx != nil && t.CommandEnd != nil {
		t.CommandEnd(ctx, about, time.Since(epoch)-began, err)
	}
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
