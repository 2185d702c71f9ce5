package wire

import (
	"context"
	"errors"
	"io"
	"net"
	"os"

	"github.com/fairlead-go/fairlead"
)

// failed is err as the methods of a net.Conn return it.
func (c *Conn) failed(op string, err error) error {
	return &net.OpError{Op: op, Net: c.remote.Network(), Addr: c.remote, Err: err}
}

// ended is why the Conn gives no more replies; over is the error of the context that its last command ran in.
func (c *Conn) ended(err, over error) error {
	switch {
	case err == io.EOF:
		return err
	case errors.Is(over, context.DeadlineExceeded) || context.Cause(c.ctx) == os.ErrDeadlineExceeded:
		return c.failed("read", cutOff{err})
	}
	return noReply{err}
}

// noReply is why a command got no reply. What is wrapped shows only to those who know fairlead: a client that found an io.EOF, a
// timeout or any net.Error in it would take that for leave to send the command again.
type noReply struct{ err error }

func (e noReply) Error() string { return e.err.Error() }

// Is finds fairlead's own errors.
func (e noReply) Is(target error) bool {
	switch target {
	case fairlead.ErrClosed, fairlead.ErrPoolTimeout, fairlead.ErrTimeout:
		return errors.Is(e.err, target)
	}
	return false
}

// As finds what fairlead.NotRun looks for.
func (e noReply) As(target any) bool { return asOwn(e.err, target) }

// cutOff is why a command got no reply that the Conn's deadline ended.
type cutOff struct{ err error }

func (e cutOff) Error() string        { return "i/o timeout: " + e.err.Error() }
func (e cutOff) Timeout() bool        { return true }
func (e cutOff) Temporary() bool      { return true }
func (e cutOff) Is(target error) bool { return target == os.ErrDeadlineExceeded }
func (e cutOff) As(target any) bool   { return asOwn(e.err, target) }

func asOwn(err error, target any) bool {
	switch target.(type) {
	case **fairlead.CallError, **fairlead.DialError, **fairlead.WaitError, **fairlead.PipeError:
		return errors.As(err, target)
	}
	return false
}
