package route

import (
	"context"
	"errors"
	"io"
	"syscall"

	"github.com/fairlead-go/fairlead/internal/conn"
	"github.com/fairlead-go/fairlead/resp"
)

// tryLast sends a command that the server answers by closing the connection, such as SHUTDOWN. The connection is the call's
// own, so that its end is nobody else's.
func (s *Single) tryLast(ctx context.Context, call *conn.Call) error {
	err := s.tryExclusive(ctx, call)
	var e *conn.CallError
	if errors.As(err, &e) && e.Sent && (errors.Is(err, io.EOF) || errors.Is(err, syscall.ECONNRESET)) {
		call.Reply = resp.Status("OK")
		return nil
	}
	return err
}
