package limit

import (
	"context"
	"fmt"
	"time"
)

// Wait waits until one event of the key may happen. The turn is taken at once, so waiters are served in the order in which they
// asked, and each asks once. If the turn would come after the context's deadline none is taken, and the error, which wraps
// context.DeadlineExceeded, comes at once. If ctx ends while it waits, the error is the context's, and the turn is lost.
func (l *Limiter) Wait(ctx context.Context, key string) error { return l.WaitN(ctx, key, 1) }

// WaitN is Wait for n events that happen together. Fewer than 0 and more than the burst are errors, as for AllowN.
func (l *Limiter) WaitN(ctx context.Context, key string, n int64) error {
	if err := l.check(key, n); err != nil {
		return err
	}
	taken, debt, err := l.take(ctx, key, n, l.mostBy(ctx))
	if err != nil {
		return err
	}
	if !taken {
		turn := l.drained(debt + n*l.cost - l.most())
		if _, limited := ctx.Deadline(); !limited {
			return fmt.Errorf("the limit %q has too many who wait: the turn would come in %v", key, turn)
		}
		return fmt.Errorf("the limit %q: the turn would come in %v, after the context's end: %w", key, turn, context.DeadlineExceeded)
	}
	timer := time.NewTimer(l.drained(debt - l.most()))
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return fmt.Errorf("the limit %q: the context ended before the turn came: %w", key, context.Cause(ctx))
	}
}

// mostBy is the debt up to which a turn comes before the context's deadline.
func (l *Limiter) mostBy(ctx context.Context) int64 {
	if ctx == nil { // an error in a moment
		return 0
	}
	at, limited := ctx.Deadline()
	if !limited {
		return mostUnits
	}
	wait := max(0, time.Until(at).Microseconds())
	if wait >= (mostUnits-l.most())/l.drain {
		return mostUnits
	}
	return l.most() + wait*l.drain
}
