package route

import (
	"context"
	"errors"
	"math/rand/v2"
	"os"
	"sync"
	"time"

	"github.com/fairlead-go/fairlead/internal/conn"
	"github.com/fairlead-go/fairlead/internal/pool"
	"github.com/fairlead-go/fairlead/redis"
	"github.com/fairlead-go/fairlead/resp"
)

// Retry says how often and how patiently calls are sent again.
type Retry struct {
	Max                    int
	MinBackoff, MaxBackoff time.Duration
	OnTimeout              bool // also send again what may have run
}

// pause waits before try number n+1, between nothing and the backoff, which doubles with every try; it reports false
// if the context ends first, or would.
func (r *Retry) pause(ctx context.Context, n int) bool {
	most := min(r.MinBackoff<<min(n, 30), r.MaxBackoff)
	if most <= 0 {
		return ctx.Err() == nil
	}
	d := rand.N(most)
	if deadline, has := ctx.Deadline(); has && time.Until(deadline) < d {
		return false
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	}
}

// mayRepeat reports whether a call that failed with err, or was refused by the server if err is nil, is sent again.
func (s *Single) mayRepeat(call *conn.Call, err error) bool {
	if call.Transfer != nil && call.Transfer.Used {
		return false // what was read, or written, is gone
	}
	if err == nil {
		return true // refused: the server proved that it did not run
	}
	var e *conn.CallError
	if !errors.As(err, &e) || errors.Is(err, pool.ErrClosed) {
		return false
	}
	switch {
	case errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		return false // the caller wants no more
	case errors.Is(err, pool.ErrTimeout):
		return false // it has waited long enough
	case !e.Sent:
		return dialMayRecover(e)
	case call.Repeatable():
		return true
	}
	return s.cfg.Retry.OnTimeout
}

// wasSent reports whether a call that failed with err may have run.
func wasSent(err error) bool {
	var e *conn.CallError
	return errors.As(err, &e) && e.Sent
}

// inDoubt is the error of a call's last try, err, or nil if the server refused it: if an earlier try was sent and got no reply,
// the call may have run, even though the last try cannot have. A block that was refused has its answers in its replies.
func (s *Single) inDoubt(call *conn.Call, err error) error {
	if !call.InDoubt {
		return err
	}
	if err == nil && call.Many == nil {
		return &conn.CallError{Command: call.Name(), Addr: s.cfg.Addr, Phase: conn.AwaitingReply, Sent: true, Err: call.Reply.Err()}
	}
	var e *conn.CallError
	if !errors.As(err, &e) || e.Sent {
		return err
	}
	own := *e
	own.Sent = true
	return &own
}

// dialMayRecover reports whether another try may succeed where a connection was not to be had: not if the server, or this
// process, refused for a reason that time does not change.
func dialMayRecover(e *conn.CallError) bool {
	if e.Phase == conn.Queued && e.Conn == 0 {
		return false // a bad command, or the end of the wait for a connection
	}
	var refused *resp.Error
	var protocol *resp.ProtocolError
	switch {
	case errors.As(e.Err, &refused):
		return refusedCodes[refused.Code] || conn.TurnedAway(e.Err)
	case errors.As(e.Err, &protocol):
		return false
	}
	return !errors.Is(e.Err, os.ErrDeadlineExceeded) && !conn.Permanent(e.Err)
}

// refusedCodes are the errors by which a server says that it did not run a command now and may soon.
var refusedCodes = map[string]bool{
	"LOADING": true, "TRYAGAIN": true, "CLUSTERDOWN": true, "MASTERDOWN": true,
}

// refused reports whether the server answered that it cannot run the call now; a block counts only if all of it was refused.
func refused(call *conn.Call) bool {
	if call.Many == nil {
		return isRefusal(&call.Request, call.Reply)
	}
	for i := range call.Replies {
		if !isRefusal(&call.Many[i], call.Replies[i]) {
			return false
		}
	}
	return len(call.Many) > 0
}

func isRefusal(r *redis.Request, reply resp.Reply) bool {
	switch {
	case reply.Kind() != resp.SimpleError:
		return false
	case ownWords(r):
		return serversRefusals[reply.Text()]
	}
	return refusedCodes[resp.ParseError(reply.Text()).Code]
}

// ownWords reports whether what the command runs at the server may fail with any words it likes, after it has done its work:
// a script, a function, a command of a module.
func ownWords(r *redis.Request) bool {
	switch r.Name() {
	case "EVAL", "EVALSHA", "FCALL":
		return true
	}
	return r.Spec().Since == ""
}

// serversRefusals are the sentences by which Redis and Valkey themselves refuse, before anything has run.
var serversRefusals = map[string]bool{
	"LOADING Redis is loading the dataset in memory":                                   true,
	"LOADING Valkey is loading the dataset in memory":                                  true,
	"MASTERDOWN Link with MASTER is down and replica-serve-stale-data is set to 'no'.": true,
	"TRYAGAIN Multiple keys request during rehashing of slot":                          true,
	"CLUSTERDOWN The cluster is down":                                                  true,
	"CLUSTERDOWN The cluster is down and only accepts read commands":                   true,
	"CLUSTERDOWN Hash slot not served":                                                 true,
}

// A retryBudget keeps an outage from multiplying the load: retries may be a tenth of the calls that were answered, plus a burst.
type retryBudget struct {
	replies func() int64 // calls answered so far

	mu     sync.Mutex // guards the fields below
	tokens float64
	seen   int64 // replies already turned into tokens
	filled bool
}

const (
	retryBurst = 64.0
	retryShare = 0.1
)

// spend takes one retry out of the budget and reports whether there was one.
func (b *retryBudget) spend() bool {
	replies := b.replies()
	b.mu.Lock()
	defer b.mu.Unlock()
	if !b.filled {
		b.filled, b.tokens = true, retryBurst
	}
	b.tokens = min(b.tokens+retryShare*float64(max(0, replies-b.seen)), retryBurst+retryShare*float64(replies))
	b.tokens = min(b.tokens, mostTokens)
	b.seen = replies
	if b.tokens < 1 {
		return false
	}
	b.tokens--
	return true
}

// mostTokens bounds what a long quiet time may save up for one outage.
const mostTokens = 1000.0
