package route

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/fairlead-go/fairlead/internal/conn"
	"github.com/fairlead-go/fairlead/redis"
	"github.com/fairlead-go/fairlead/resp"
)

// tryBlocking gives a call that waits at the server a connection to itself. With Exclusive one connection is kept free of such
// calls: the others are not shut out, and a call that is cancelled can be let go.
func (s *Single) tryBlocking(ctx context.Context, call *conn.Call) error {
	if s.turns != nil {
		began := time.Now()
		if err := s.pool.WaitFor(ctx, s.turns); err != nil {
			return s.notSent(call, conn.Queued, began, err)
		}
		defer func() { <-s.turns }()
	}
	for {
		c, err := s.lease(ctx, call)
		if err != nil {
			return err
		}
		err = Block(ctx, c, call, s.Unblocker())
		s.pool.Put(c, true)
		if !conn.Unavailable(err) || stillborn(c) {
			return s.named(c, call, err)
		}
	}
}

// Block runs a call that waits at the server. When the context ends, the server is asked by unblock to let it go, and
// the reply is taken all the same: an element that the server had already given away is returned, not lost.
func Block(ctx context.Context, c *conn.Conn, call *conn.Call, unblock func(context.Context, *conn.Conn) error) error {
	if ctx.Done() == nil || c.Server().ClientID == 0 {
		return c.Do(ctx, call)
	}
	began := time.Now()
	answered := make(chan struct{})
	released := make(chan struct{})
	stop := context.AfterFunc(ctx, func() {
		defer close(released)
		release(c, answered, unblock)
	})
	err := c.Do(context.WithoutCancel(ctx), call)
	close(answered)
	if stop() {
		return err
	}
	<-released // a late unblock must not meet the connection's next user
	var cut *conn.CallError
	switch {
	case err == nil && gaveNothing(call):
		return &conn.CallError{Command: call.Name(), Addr: c.Addr(), Conn: c.ID(), Phase: conn.AwaitingReply, Sent: true,
			Elapsed: time.Since(began), Err: conn.LetGo(conn.ContextError(ctx))}
	case errors.As(err, &cut):
		own := *cut
		own.Err = fmt.Errorf("%w; %w", conn.ContextError(ctx), cut.Err)
		return &own
	}
	return err
}

// release asks the server to let a blocked connection go until it has answered: the first request may come
// before the server has read the blocking command. If no answer comes at all, or there is no way to ask, the connection is closed.
func release(c *conn.Conn, answered <-chan struct{}, unblock func(context.Context, *conn.Conn) error) {
	ctx, cancel := context.WithTimeout(context.Background(), releaseTime)
	defer cancel()
	if unblock == nil {
		c.Close(conn.UserClosed, nil)
		return
	}
	for pause := time.Millisecond; ; pause = min(2*pause, 50*time.Millisecond) {
		_ = unblock(ctx, c) // an error changes nothing: asked again, or given up when the time is over
		timer := time.NewTimer(pause)
		select {
		case <-answered:
			timer.Stop()
			return
		case <-c.Closed():
			timer.Stop()
			return
		case <-ctx.Done():
			timer.Stop()
			c.Close(conn.ReadTimeout, nil)
			return
		case <-timer.C:
		}
	}
}

// releaseTime is how long a server may take to let a cancelled blocking command go.
const releaseTime = time.Second

// gaveNothing reports whether a blocking call came back without anything.
func gaveNothing(call *conn.Call) bool {
	if call.Many == nil {
		return call.Reply.IsNull()
	}
	for _, r := range call.Replies {
		if !r.IsNull() {
			return false
		}
	}
	return true
}

// Unblocker returns what asks the server, over another connection, to answer a blocked command as if its time had run out;
// nil if there can be no other connection.
func (s *Single) Unblocker() func(context.Context, *conn.Conn) error {
	if s.cfg.Limit == 1 {
		return nil
	}
	return s.unblock
}

func (s *Single) unblock(ctx context.Context, c *conn.Conn) error {
	call := conn.NewCall()
	call.Request = redis.New[resp.Reply]("CLIENT UNBLOCK", c.Server().ClientID).Request
	call.DB = s.cfg.DB
	if shared := s.pool.Aside(); shared != nil {
		if err := shared.Do(ctx, call); !conn.Unavailable(err) {
			return err
		}
	}
	return s.try(ctx, call)
}
