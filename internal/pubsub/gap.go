package pubsub

import (
	"cmp"
	"errors"
	"fmt"
	"time"
)

// ErrGap is what every *GapError is: messages may be missing.
var ErrGap = errors.New("messages may be missing")

// ErrSlow is why messages were dropped, or a subscription ended: they were not received as fast as they came.
var ErrSlow = errors.New("the subscription's queue was full: receive faster, or allow more QueueBytes")

// A GapError says that messages may be missing between the ones received before and after it.
type GapError struct {
	Since   time.Time // everything published before has arrived
	Until   time.Time // everything published after will arrive
	Dropped int64     // how many messages were dropped here since the queue was full; 0 if the connection was lost: nobody knows how many
	Err     error     // why: ErrSlow, or the end of the connection, or both
	lost    error     // the end of the connection, if that is why
}

// interrupted is the gap between two connections.
func interrupted(since, until time.Time, lost error) *GapError {
	return &GapError{Since: since, Until: until, Err: lost, lost: lost}
}

// dropped is the gap that one message leaves.
func dropped(since, now time.Time) *GapError {
	return &GapError{Since: since, Until: now, Dropped: 1, Err: ErrSlow}
}

// Error says between when and when messages may be missing, and why.
func (e *GapError) Error() string {
	const clock = "15:04:05.000000"
	what := "messages may be missing"
	if e.Dropped > 0 {
		what = fmt.Sprintf("%d messages were dropped", e.Dropped)
	}
	return fmt.Sprintf("%s between %s and %s: %v", what, e.Since.Format(clock), e.Until.Format(clock), e.Err)
}

// Unwrap returns why.
func (e *GapError) Unwrap() error { return e.Err }

// Is makes every gap an ErrGap.
func (e *GapError) Is(target error) bool { return target == ErrGap }

// join is one gap that covers both, the second of which came later.
func (e *GapError) join(later *GapError) *GapError {
	if e == nil {
		return later
	}
	both := *e
	if later.Since.Before(both.Since) {
		both.Since = later.Since
	}
	if later.Until.After(both.Until) {
		both.Until = later.Until
	}
	both.Dropped += later.Dropped
	both.lost = cmp.Or(later.lost, both.lost)
	switch {
	case both.lost == nil:
		both.Err = ErrSlow
	case both.Dropped == 0:
		both.Err = both.lost
	default:
		both.Err = fmt.Errorf("%w; %w", ErrSlow, both.lost)
	}
	return &both
}
