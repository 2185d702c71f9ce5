package fairlead

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/fairlead-go/fairlead/redis"
)

// A Delivery is an entry of a stream that [Commands.Consume] hands to its loop. Its methods may be called by any goroutine, also
// after the loop went on or ended.
type Delivery struct {
	redis.XMessage // the entry's ID and Values
	Stream         string
	// Deliveries is how often the entry was delivered to consumers of the group, this time included. An entry that a consumer had
	// read ahead when it died, or whose reply was lost, counts as delivered to it once.
	Deliveries int64

	c               Commands
	group, consumer string
}

// ErrNotPending is the error of [Delivery.Touch] for an entry that is not pending with its consumer any more.
var ErrNotPending = errors.New("the entry is not pending with this consumer any more")

// Ack tells the group that the entry was dealt with: it is not delivered again. nil is certain, also if the entry had been
// acknowledged before; after an error it may still be pending, and is delivered again then. If no reply comes the command is sent
// again, since it may run twice.
//
// An Ack whose context is over is not sent: where the entry's work was done when the loop's context ended, give it another one,
// such as [context.WithoutCancel] of it.
func (d *Delivery) Ack(ctx context.Context) error {
	_, err := Do(ctx, d.c, redis.Idempotent(redis.XAck(d.Stream, d.group, d.ID)))
	return err
}

// Touch says that the entry is still being worked on: the time after which others claim it (MinIdle) begins anew, and it does not
// count as a delivery. The error is ErrNotPending if the entry was acknowledged, or another consumer has it already; then leave
// the work to that one. Since Redis 5.0.0.
func (d *Delivery) Touch(ctx context.Context) error {
	pending, err := Do(ctx, d.c, d.askPending())
	switch {
	case err != nil:
		return err
	case len(pending) == 0:
		return d.notPending()
	}
	return d.claim(ctx, pending[0].Idle, nil)
}

// claim makes the entry idle since now, and how often it was delivered what deliveries says, unless that is nil. It was idle for
// so long when it was this consumer's: who claimed it since then has made that less. Then the error is ErrNotPending.
func (d *Delivery) claim(ctx context.Context, idle time.Duration, deliveries *int64) error {
	ids, err := Do(ctx, d.c, redis.XClaimJustID(redis.XClaimArgs{
		Stream: d.Stream, Group: d.group, Consumer: d.consumer, MinIdle: max(idle, 0), Messages: []string{d.ID}, RetryCount: deliveries,
	}))
	if err == nil && len(ids) == 0 {
		err = d.notPending()
	}
	return err
}

// askPending asks what the group knows about the entry as one of this consumer's.
func (d *Delivery) askPending() redis.Cmd[[]redis.XPendingEntry] {
	return redis.XPendingExt(redis.XPendingExtArgs{
		Stream: d.Stream, Group: d.group, Start: d.ID, End: d.ID, Count: 1, Consumer: d.consumer,
	})
}

func (d *Delivery) notPending() error {
	return fmt.Errorf("entry %s of stream %q: %w", d.ID, d.Stream, ErrNotPending)
}
