package fairlead

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"iter"
	"slices"
	"time"

	"github.com/fairlead-go/fairlead/internal/route"
)

// ConsumeArgs say what [Commands.Consume] reads, and how. Group, Consumer and Streams must be there; of the others zero is the
// default.
type ConsumeArgs struct {
	// Group is the consumer group: all who share the work name the same.
	Group string
	// Consumer is the name of this loop in the group. Two loops at a time must not have the same one: each would take the other's
	// entries for its own of before a restart, and deliver them too. A name that stays over a restart, such as the host's with a
	// number, lets a loop begin with what it had not acknowledged; under another name that is claimed after MinIdle.
	Consumer string
	// Streams are the keys to read, at least one. In a cluster they have to be in one slot.
	Streams []string
	// CreateFrom creates the group in each stream that lacks it, and the stream too: "0" for a group that gets all entries, "$" for
	// those to come, or the id after which it begins. "" creates nothing: a group that is missing ends the loop.
	CreateFrom string
	// Count is how many entries of each stream are read ahead at most. 0 is 100.
	Count int64
	// MinIdle is how long an entry must have been pending, with whichever consumer, to be claimed and delivered again: longer
	// than twice the time that anybody needs to handle one, or [Delivery.Touch] has to be called in between. At least a
	// millisecond; 0 is a minute. Negative: nothing is claimed, and what a consumer leaves waits until it comes back. Claiming
	// needs Redis 6.2.0.
	MinIdle time.Duration
	// AutoAck acknowledges each entry when the loop's body comes back for the next one. An entry during which the body left the
	// loop (break, return, panic), or the context ended, is not acknowledged. It is for bodies that handle entries themselves,
	// not in other goroutines.
	AutoAck bool
}

// Consume reads streams as a consumer of a group, at Redis 6.2 or later. Each entry is delivered at least once, and stays pending
// until it is acknowledged:
//
//	for m, err := range c.Consume(ctx, fairlead.ConsumeArgs{Group: "mail", Consumer: host, Streams: []string{"orders"}}) {
//		if err != nil {
//			log.Print(err) // the loop goes on where it can, and ends where it cannot
//			continue
//		}
//		send(m.Values)
//		m.Ack(ctx)
//	}
//
// First come the consumer's own pending entries, of before a restart; then those that were pending for MinIdle, as consumers that
// died leave them, in turn with new ones. New entries of a stream come in the order of their ids. What the body did not
// acknowledge is delivered again after MinIdle, to this loop or another of the group: [Delivery.Deliveries] counts. While the
// body runs, nothing is read: at most Count entries of each stream wait in this process.
//
// The loop never ends without a word: its last error says why. It ends with the context, when the client is closed, when a group
// is missing that it is not to create, and by an error of the server that time does not mend, such as WRONGTYPE or NOPERM. After
// any other failure (no connection, LOADING, READONLY and the like) it tells the error, waits for a moment, and goes on. What was
// read but did not arrive is looked up then. A group that vanished under the loop is created again if CreateFrom is set, from the
// first entry on; and [*EntriesDeletedError] tells of entries that were deleted while they were pending.
//
// When it ends, by break too, what was read and not delivered is left for the other consumers to claim at once. That takes a round
// trip, and a second at most.
//
// Each range over the result is a loop of its own. While it waits for entries it has one exclusive connection of the pool. It
// cannot run over a [Conn] or a [Tx]. A deadline of the context ends the loop, but each of its commands has Options.Timeout all
// the same.
func (c Commands) Consume(ctx context.Context, args ConsumeArgs) iter.Seq2[*Delivery, error] {
	return func(yield func(*Delivery, error) bool) {
		if err := c.checkConsume(ctx, &args); err != nil {
			yield(nil, err)
			return
		}
		newConsumer(c, args).run(ctx, yield)
	}
}

// checkConsume says why there can be no such loop.
func (c Commands) checkConsume(ctx context.Context, args *ConsumeArgs) error {
	if ctx == nil {
		return route.ErrNoContext
	}
	if err := c.v.ended(); err != nil {
		return err
	}
	if broken, is := c.v.next.(failing); is {
		return broken.err
	}
	if _, pooled := c.v.next.(leaser); !pooled {
		return errors.New("Consume needs a Client, which can replace a connection that broke: a Conn or a Tx cannot")
	}
	if err := args.check(); err != nil {
		return fmt.Errorf("fairlead: %w", err)
	}
	return nil
}

func (a *ConsumeArgs) check() error {
	switch {
	case a.Group == "":
		return errors.New("ConsumeArgs.Group is empty: write the name of the consumer group")
	case a.Consumer == "":
		return errors.New("ConsumeArgs.Consumer is empty: give this loop a name that no other has, the same after a restart")
	case len(a.Streams) == 0:
		return errors.New("ConsumeArgs.Streams is empty: write the keys of the streams to read")
	case a.Count < 0:
		return fmt.Errorf("ConsumeArgs.Count is %d: write how many entries may be read ahead, or 0 for the default", a.Count)
	case 0 < a.MinIdle && a.MinIdle < time.Millisecond:
		return fmt.Errorf("ConsumeArgs.MinIdle is %v, less than a millisecond: write a unit, as in time.Minute", a.MinIdle)
	}
	for i, stream := range a.Streams {
		if slices.Contains(a.Streams[:i], stream) {
			return fmt.Errorf("ConsumeArgs.Streams has %q twice: write it once", stream)
		}
	}
	return nil
}

// withDefaults returns a copy in which zeros are what they stand for.
func (a ConsumeArgs) withDefaults() ConsumeArgs {
	a.Streams = slices.Clone(a.Streams)
	a.Count = cmp.Or(a.Count, 100)
	a.MinIdle = cmp.Or(a.MinIdle, time.Minute)
	return a
}
