package route

import (
	"context"
	"errors"
	"time"

	"github.com/fairlead-go/fairlead/internal/conn"
	"github.com/fairlead-go/fairlead/redis"
	"github.com/fairlead-go/fairlead/resp"
)

// Stream takes a connection out of the pool for subscriptions. It is theirs until they close it: it is not given back. The error is a
// *conn.CallError of a SUBSCRIBE that was not sent.
func (s *Single) Stream(ctx context.Context) (*conn.Conn, error) {
	call := conn.NewCall()
	defer call.Free()
	call.Request, call.DB = subscribe, conn.AnyDB
	if s.cfg.Limit == 1 {
		return nil, s.notSent(call, conn.Queued, time.Time{}, errNoneLeft)
	}
	if s.turns != nil { // as blocking calls do, it leaves a connection for the others
		began := time.Now()
		if err := s.pool.WaitFor(ctx, s.turns); err != nil {
			return nil, s.notSent(call, conn.Queued, began, err)
		}
	}
	c, err := s.lease(ctx, call)
	switch {
	case s.turns == nil:
	case err != nil:
		<-s.turns
	default:
		go func() { // ends with the connection
			<-c.Closed()
			<-s.turns
		}()
	}
	return c, err
}

var subscribe = redis.New[resp.Reply]("SUBSCRIBE").Request

var errNoneLeft = errors.New("subscriptions hold a connection for as long as they last, and MaxConnections is 1, so that commands would have none: " +
	"set it to 2 or more")

// MayRecover reports whether another try to subscribe may succeed where one failed with err: not if the server, or this process, refused
// for a reason that time does not change.
func (s *Single) MayRecover(err error) bool {
	var refused *resp.Error
	if errors.As(err, &refused) {
		return refusedCodes[refused.Code] || refused.Code == "BUSY" || conn.TurnedAway(err)
	}
	return s.mayRepeat(new(conn.Call), err)
}

// Pause waits before the try after this one, the first being 0. It reports false if the context ended first.
func (s *Single) Pause(ctx context.Context, try int) bool { return s.cfg.Retry.pause(ctx, try) }
