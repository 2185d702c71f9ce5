package fairlead

import (
	"context"
	"errors"
	"time"

	"github.com/fairlead-go/fairlead/redis"
)

// fill does one thing that may bring entries into the empty queue: create missing groups, list what is pending with this
// consumer, claim what others left, or wait for new entries.
func (r *consumer) fill(ctx context.Context) error {
	if r.create != "" {
		return r.createGroups(ctx)
	}
	for _, s := range r.streams {
		if !s.listed {
			return r.explain(r.list(ctx, s))
		}
	}
	if r.args.MinIdle > 0 && !r.claims.paused && !time.Now().Before(r.claims.at) {
		return r.explain(r.claim(ctx))
	}
	return r.explain(r.read(ctx))
}

func (r *consumer) createGroups(ctx context.Context) error {
	for _, s := range r.streams {
		err := run(ctx, r.c, redis.Idempotent(redis.XGroupCreateMkStream(s.key, r.args.Group, r.create)))
		switch {
		case err == nil:
			*s = consumed{key: s.key, listed: true}
		case !hasCode(err, "BUSYGROUP"): // that says that it is there
			return err
		}
	}
	r.create = ""
	return nil
}

// list queues a page of what is pending with this consumer.
func (r *consumer) list(ctx context.Context, s *consumed) error {
	entries, err := Do(ctx, r.c, redis.XPendingExt(redis.XPendingExtArgs{
		Stream: s.key, Group: r.args.Group, Start: s.seen.next().String(), Count: r.args.Count, Consumer: r.args.Consumer,
	}))
	if err != nil {
		return err
	}
	for _, e := range entries {
		if err := r.put(s, redis.XMessage{ID: e.ID}, listed); err != nil {
			return err
		}
	}
	s.listed = int64(len(entries)) < r.args.Count
	return nil
}

// claim queues a page of what has been pending for MinIdle. Only the ids come: see take.
func (r *consumer) claim(ctx context.Context) error {
	s := r.streams[r.claims.stream]
	page, err := Do(ctx, r.c, redis.XAutoClaimJustID(redis.XAutoClaimArgs{
		Stream: s.key, Group: r.args.Group, Consumer: r.args.Consumer, MinIdle: r.args.MinIdle, Start: r.claims.start, Count: r.args.Count,
	}))
	if err != nil {
		return err // if it ran, its entries are found again after MinIdle
	}
	for _, id := range page.IDs {
		if err := r.put(s, redis.XMessage{ID: id}, claimed); err != nil {
			return err
		}
	}
	r.claims.pageDone(page.Start, len(r.streams), r.args.MinIdle)
	if len(page.Deleted) > 0 {
		return &EntriesDeletedError{Stream: s.key, Group: r.args.Group, IDs: page.Deleted}
	}
	return nil
}

// pageDone moves on to the next page, stream or round.
func (c *claiming) pageDone(start string, streams int, minIdle time.Duration) {
	c.paused, c.start = true, start
	if start != "0-0" {
		return
	}
	c.start = ""
	c.stream = (c.stream + 1) % streams
	if c.stream == 0 {
		c.at = time.Now().Add(minIdle / 2)
	}
}

// read waits for new entries, until it is time to claim.
func (r *consumer) read(ctx context.Context) error {
	streams, err := Do(ctx, r.c, redis.XReadGroup(redis.XReadGroupArgs{
		Group: r.args.Group, Consumer: r.args.Consumer, Streams: r.args.Streams, ID: ">", Count: r.args.Count, Block: r.wait(),
	}))
	r.claims.paused = false
	if err != nil && !errors.Is(err, Nil) {
		if !NotRun(err) {
			r.lookAgain()
		}
		return err
	}
	r.failed = 0
	for _, came := range streams {
		for _, s := range r.streams {
			if s.key != came.Stream {
				continue
			}
			for _, m := range came.Messages {
				if err := r.put(s, m, original); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

// lookAgain: entries may be pending with this consumer that it has not seen.
func (r *consumer) lookAgain() {
	for _, s := range r.streams {
		s.listed = false
	}
}

// longestWait is how long one XREADGROUP waits. A server that hangs is noticed that long after its last sign of life, and
// Options.Timeout later.
const longestWait = 5 * time.Second

// wait is how long to wait for new entries: not beyond the next round of claims.
func (r *consumer) wait() time.Duration {
	if r.args.MinIdle <= 0 {
		return longestWait
	}
	return max(min(time.Until(r.claims.at), longestWait), 0)
}

// put adds an entry of a stream to the queue.
func (r *consumer) put(s *consumed, m redis.XMessage, from origin) error {
	id, err := parseStreamID(m.ID)
	if err != nil {
		return err
	}
	if s.seen.less(id) {
		s.seen = id
	}
	r.queue = append(r.queue, queued{s.key, m, from, time.Now()})
	return nil
}
