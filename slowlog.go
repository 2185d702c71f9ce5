package fairlead

import (
	"context"
	"fmt"
	"iter"
	"time"

	"github.com/fairlead-go/fairlead/internal/conn"
	"github.com/fairlead-go/fairlead/internal/route"
	"github.com/fairlead-go/fairlead/redis"
)

// FollowSlowLog yields the slow commands that the server logs from now on, the oldest first and each once. It asks by SLOWLOG
// GET at once, and then each time that every has passed; 0 is 10 s.
//
//	for e, err := range c.FollowSlowLog(ctx, 0) {
//		if err != nil && ctx.Err() != nil { return err }
//		log.Println(e.Time, e.Duration, e.Args, err)
//	}
//
// An error that is an ErrGap comes where slow commands may be missing: the log was full and the server dropped some between two
// looks, or it was restarted. Any other error is that of a look: with the next one it goes on, and what it would have found is
// not missing. The context's error, when it ended, is the last that comes. What is slow, and how many of those the server
// keeps, is said by its settings slowlog-log-slower-than and slowlog-max-len. Since Redis 2.2.12.
func (c Commands) FollowSlowLog(ctx context.Context, every time.Duration) iter.Seq2[redis.SlowLogEntry, error] {
	return func(yield func(redis.SlowLogEntry, error) bool) {
		if ctx == nil {
			yield(redis.SlowLogEntry{}, &CallError{Command: "SLOWLOG GET", Phase: PhaseQueued, Err: route.ErrNoContext})
			return
		}
		if every <= 0 {
			every = 10 * time.Second
		}
		look := time.NewTicker(every)
		defer look.Stop()
		for f := (slowLog{}); ; {
			if !f.look(ctx, c, yield) {
				return
			}
			select {
			case <-look.C:
			case <-ctx.Done():
				yield(redis.SlowLogEntry{}, conn.ContextError(ctx))
				return
			}
		}
	}
}

// A slowLog is what a follower knows.
type slowLog struct {
	begun bool
	last  int64 // the number of the newest entry that was seen; -1: none ever was
}

// look asks the server and yields what is new. It reports whether the loop goes on.
func (f *slowLog) look(ctx context.Context, c Commands, yield func(redis.SlowLogEntry, error) bool) bool {
	count := int64(-1)
	if !f.begun {
		count = 1
	}
	entries, err := c.SlowLogGet(ctx, count)
	switch {
	case err != nil && ctx.Err() != nil: // told in a moment
		return true
	case err != nil:
		return yield(redis.SlowLogEntry{}, err)
	case !f.begun:
		f.begun, f.last = true, -1
		if len(entries) > 0 {
			f.last = entries[0].ID
		}
		return true
	case len(entries) == 0:
		return true
	}
	return f.since(entries, yield)
}

// since yields the entries, which come newest first, behind the last one that was seen.
func (f *slowLog) since(entries []redis.SlowLogEntry, yield func(redis.SlowLogEntry, error) bool) bool {
	newest, oldest := entries[0].ID, entries[len(entries)-1].ID
	var gap error
	switch {
	case newest < f.last:
		gap, f.last = slowLogGap(0), -1
	case f.last >= 0 && oldest > f.last+1:
		gap = slowLogGap(oldest - f.last - 1)
	}
	if gap != nil && !yield(redis.SlowLogEntry{}, gap) {
		return false
	}
	for i := len(entries) - 1; i >= 0; i-- {
		if entries[i].ID <= f.last {
			continue
		}
		f.last = entries[i].ID
		if !yield(entries[i], nil) {
			return false
		}
	}
	return true
}

// A slowLogGap is how many entries the server dropped before they were seen; 0: it was restarted, nobody knows how many.
type slowLogGap int64

func (g slowLogGap) Error() string {
	if g == 0 {
		return "the slow log began anew, as that of a server that was restarted: slow commands may be missing"
	}
	return fmt.Sprintf("%d slow commands were dropped by the server between two looks: look more often, or raise its slowlog-max-len",
		int64(g))
}

// Is makes it an ErrGap.
func (g slowLogGap) Is(target error) bool { return target == ErrGap }
