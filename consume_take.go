package fairlead

import (
	"context"
	"errors"
	"time"

	"github.com/fairlead-go/fairlead/redis"
)

// take makes a delivery of a queued entry; nil if it is not this consumer's any more. The entry's values are fetched, and its
// deliveries counted, one by one: a crash while one entry is handled must not count against those behind it.
func (r *consumer) take(ctx context.Context, q *queued) (*Delivery, error) {
	d := &Delivery{XMessage: q.message, Stream: q.stream, Deliveries: 1, c: r.c, group: r.args.Group, consumer: r.args.Consumer}
	if q.from != original {
		return r.deliverAgain(ctx, d)
	}
	if r.mayBeTaken(q) {
		if err := d.Touch(ctx); err != nil {
			return nil, unlessNotPending(err)
		}
	}
	return d, nil
}

// mayBeTaken reports whether a queued entry, read or claimed a while ago, may be another consumer's by now, or soon.
func (r *consumer) mayBeTaken(q *queued) bool {
	return r.args.MinIdle > 0 && time.Since(q.since) > r.args.MinIdle/2
}

func (r *consumer) deliverAgain(ctx context.Context, d *Delivery) (*Delivery, error) {
	p := r.c.Pipeline()
	pending := Queue(p, d.askPending())
	entry := Queue(p, redis.XRange(d.Stream, d.ID, d.ID))
	if err := p.Exec(ctx); err != nil {
		return nil, err
	}
	owned, err := pending.Result()
	if err != nil || len(owned) == 0 {
		return nil, err // acknowledged, or claimed by another
	}
	found, err := entry.Result()
	if err != nil {
		return nil, err
	}
	if len(found) == 0 {
		_ = d.Ack(ctx) // if that fails, it is found again
		return nil, &EntriesDeletedError{Stream: d.Stream, Group: d.group, IDs: []string{d.ID}}
	}
	d.XMessage, d.Deliveries = found[0], owned[0].RetryCount+1
	if err := d.claim(ctx, owned[0].Idle, &d.Deliveries); err != nil {
		return nil, unlessNotPending(err)
	}
	return d, nil
}

func unlessNotPending(err error) error {
	if errors.Is(err, ErrNotPending) {
		return nil
	}
	return err
}

func isDeleted(err error) bool {
	var deleted *EntriesDeletedError
	return errors.As(err, &deleted)
}
