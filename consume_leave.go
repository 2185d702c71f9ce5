package fairlead

import (
	"context"
	"time"

	"github.com/fairlead-go/fairlead/redis"
)

// acks are the entries that an AutoAck loop has handled, and not yet acknowledged: they travel together.
type acks struct {
	ids   map[string][]string // by stream
	since time.Time           // when the first of them was handled
}

// ackDelay is how long an acknowledgement may wait for others while the loop is busy with entries that it has.
const ackDelay = 10 * time.Millisecond

func (a *acks) add(d *Delivery) {
	if a.ids == nil {
		a.ids, a.since = map[string][]string{}, time.Now()
	}
	a.ids[d.Stream] = append(a.ids[d.Stream], d.ID)
}

// due reports whether they have to go; idle says that the loop is about to wait.
func (a *acks) due(idle bool) bool {
	return a.ids != nil && (idle || time.Since(a.since) >= ackDelay)
}

// send acknowledges them; after an error they are still there.
func (a *acks) send(ctx context.Context, r *consumer) error {
	p := r.c.Pipeline()
	for stream, ids := range a.ids {
		Queue(p, redis.Idempotent(redis.XAck(stream, r.args.Group, ids...)))
	}
	err := p.Exec(ctx)
	if err == nil {
		a.ids = nil
	}
	return err
}

// leaveTime is how long the end of a loop may take.
const leaveTime = time.Second

// leave acknowledges what was handled and gives back what was not delivered. If that fails, it is delivered again, or later:
// nobody needs to know.
func (r *consumer) leave(ctx context.Context) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), leaveTime)
	defer cancel()
	if r.handled.ids != nil {
		_ = r.handled.send(ctx, r)
	}
	_ = r.giveBack(ctx)
}

// giveBack makes what waits in the queue look as if it had been idle for MinIdle, so that others claim it at once, and new
// entries as if they had never been delivered. What others may have claimed already is left alone; what was only listed is theirs
// to claim anyway.
func (r *consumer) giveBack(ctx context.Context) error {
	if r.args.MinIdle <= 0 {
		return nil
	}
	p := r.c.Pipeline()
	never := int64(0)
	for _, s := range r.streams {
		var unread, reclaimed []string
		for i := range r.queue {
			q := &r.queue[i]
			switch {
			case q.stream != s.key || r.mayBeTaken(q):
			case q.from == original:
				unread = append(unread, q.message.ID)
			case q.from == claimed:
				reclaimed = append(reclaimed, q.message.ID)
			}
		}
		back := redis.XClaimArgs{Stream: s.key, Group: r.args.Group, Consumer: r.args.Consumer, Idle: r.args.MinIdle}
		if len(reclaimed) > 0 {
			back.Messages = reclaimed
			Queue(p, redis.XClaimJustID(back))
		}
		if len(unread) > 0 {
			back.Messages, back.RetryCount = unread, &never
			Queue(p, redis.XClaimJustID(back))
		}
	}
	return p.Exec(ctx)
}
