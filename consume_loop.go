package fairlead

import (
	"context"
	"errors"
	"math/rand/v2"
	"time"

	"github.com/fairlead-go/fairlead/internal/conn"
	"github.com/fairlead-go/fairlead/redis"
)

// A consumer is one run of a Consume loop; it belongs to the loop's goroutine. fill brings entries into the queue, next takes
// them out.
type consumer struct {
	c       Commands
	args    ConsumeArgs
	streams []*consumed
	create  string   // the id from which missing groups are created before anything else; "": they are not
	queue   []queued // what waits for the loop, in this order
	claims  claiming
	handled acks
	failed  int // since the last read
}

// consumed is what a consumer knows about one of its streams.
type consumed struct {
	key string
	// seen is the highest id that came to this loop. What a group delivers as new is always higher than all it has delivered
	// before, so new entries whose reply was lost are those which are pending above it.
	seen streamID
	// listed says that nothing above seen is pending with this consumer. It is not so at the start, and after a reply was lost.
	listed bool
}

// claiming is where the search for what others left goes on: all streams in a round, and a page of one of them at a time.
type claiming struct {
	at     time.Time // when the next round begins, or began
	stream int       // the index of the one whose turn it is
	start  string    // where in its pending entries; "": at the first
	paused bool      // new entries come first
}

// An origin is where a queued entry comes from.
type origin int

const (
	// original: it was read as a new entry, and its values are there.
	original origin = iota
	// claimed: it is ours since a moment ago, by its id alone. Its values come when it is delivered, and it counts as a delivery
	// then.
	claimed
	// listed: the same, but it has been pending with this consumer for longer, perhaps for so long that others claim it.
	listed
)

// queued is an entry that waits for the loop.
type queued struct {
	stream  string
	message redis.XMessage
	from    origin
	since   time.Time // when it came into the queue
}

func newConsumer(c Commands, args ConsumeArgs) *consumer {
	r := &consumer{c: c, args: args.withDefaults(), create: args.CreateFrom}
	for _, key := range r.args.Streams {
		r.streams = append(r.streams, &consumed{key: key})
	}
	return r
}

// run is the loop.
func (r *consumer) run(ctx context.Context, yield func(*Delivery, error) bool) {
	defer r.leave(ctx)
	ofCommands := &undated{ctx}
	for {
		d, err := r.next(ofCommands)
		if err != nil {
			if !r.tell(ctx, err, yield) {
				return
			}
			continue
		}
		if !yield(d, nil) {
			return
		}
		if r.args.AutoAck && ctx.Err() == nil {
			r.handled.add(d)
		}
	}
}

// tell hands an error to the loop's body and waits for a moment, and reports whether the loop goes on.
func (r *consumer) tell(ctx context.Context, err error, yield func(*Delivery, error) bool) bool {
	var deleted *EntriesDeletedError
	switch {
	case errors.As(err, &deleted):
		return yield(nil, err)
	case ctx.Err() != nil:
		yield(nil, conn.ContextError(ctx))
		return false
	case r.isLast(err):
		yield(nil, err)
		return false
	case !yield(nil, err):
		return false
	}
	longest := min(firstPause<<min(r.failed, 10), longestPause)
	r.failed++
	timer := time.NewTimer(longest/2 + rand.N(longest/2))
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-ctx.Done():
	}
	return true
}

// After a failure a loop waits for up to firstPause, after each further one twice as long, at least half of that.
const (
	firstPause   = 8 * time.Millisecond
	longestPause = time.Second
)

// next returns the next entry for the loop.
func (r *consumer) next(ctx context.Context) (*Delivery, error) {
	for {
		if ctx.Err() != nil {
			return nil, conn.ContextError(ctx)
		}
		if r.handled.due(len(r.queue) == 0) {
			if err := r.handled.send(ctx, r); err != nil {
				return nil, err
			}
		}
		if len(r.queue) == 0 || r.create != "" {
			if err := r.fill(ctx); err != nil {
				return nil, err
			}
			continue
		}
		d, err := r.take(ctx, &r.queue[0])
		if err != nil && !isDeleted(err) {
			return nil, r.explain(err) // it stays at the head of the queue
		}
		r.queue[0] = queued{}
		r.queue = r.queue[1:]
		if d != nil || err != nil {
			return d, err
		}
	}
}
