package fairlead

import (
	"context"
	"errors"
	"iter"

	"github.com/fairlead-go/fairlead/internal/pubsub"
	"github.com/fairlead-go/fairlead/internal/route"
	"github.com/fairlead-go/fairlead/redis"
)

// A Message is one that was published to a channel. Its fields: Channel, Pattern (by which it was received; "" if by the channel's name), Payload.
type Message = redis.Message

// ErrGap is what PubSub.Receive returns where messages may be missing; it is a *GapError. It is not the end: receive on.
var ErrGap = pubsub.ErrGap

// ErrSlowSubscriber is why messages were dropped, or a subscription ended: they were not received as fast as they came.
var ErrSlowSubscriber = pubsub.ErrSlow

// A GapError says that messages may be missing between those received before and after it. Its fields: Since (everything published before
// has arrived; messages that were received may be newer), Until (everything published after it arrives), both by this process's clock; Dropped (how many messages were dropped
// here since the queue was full; 0 if the connection was lost: nobody knows how many), Err (why; it is wrapped).
type GapError = pubsub.GapError

// A PubSub receives what is published to channels, patterns and shard channels. Get one from Client.Subscribe and its likes.
//
// When the connection is lost a new one is opened, as often and as long as it takes, and subscribed to the same names. What was published
// in between is not repeated by the server: a GapError that says between when and when comes before the first message after it. Only
// a refusal by the server ends a subscription that was confirmed once: a password or an ACL that was changed.
//
// A message is kept in the subscription's queue until it is received; SubscribeArgs says how many bytes of them, and what becomes of the rest.
// It is safe for concurrent use: each message is received once. Close it, or its connection stays open.
type PubSub struct {
	all *pubsub.Subscriptions
	sub *pubsub.Subscription
}

// Receive returns the next message, waiting for it until the context ends.
//
// A *GapError (an ErrGap) says that messages may be missing before the next one; receive on. The other errors: the context's; ErrClosed
// after Close of the subscription, the client or the pool; one that wraps ErrSlowSubscriber, with OverflowEnd; the server's refusal to
// subscribe again. After those, but the context's, nothing more comes.
func (p *PubSub) Receive(ctx context.Context) (Message, error) {
	switch {
	case p.sub == nil:
		return Message{}, errNoSubscription
	case ctx == nil:
		return Message{}, route.ErrNoContext
	}
	return p.sub.Receive(ctx)
}

// Messages returns what Receive returns, again and again, until an error that is no gap, which is the last that comes:
//
//	for m, err := range sub.Messages(ctx) {
//		if errors.Is(err, fairlead.ErrGap) { … } // and the loop goes on
//		if err != nil { return err }
//		…
//	}
func (p *PubSub) Messages(ctx context.Context) iter.Seq2[Message, error] {
	return each(ctx, p.Receive)
}

// Subscribe adds channels, and returns when the server has confirmed all of them; if it does not, none of those that are new is left. A channel
// that the subscription has already changes nothing. Errors are as from Client.Subscribe.
func (p *PubSub) Subscribe(ctx context.Context, channels ...string) error {
	return p.add(ctx, "SUBSCRIBE", pubsub.Names{pubsub.Channel: channels})
}

// PSubscribe is Subscribe for patterns.
func (p *PubSub) PSubscribe(ctx context.Context, patterns ...string) error {
	return p.add(ctx, "PSUBSCRIBE", pubsub.Names{pubsub.Pattern: patterns})
}

// SSubscribe is Subscribe for shard channels. Since Redis 7.0.
func (p *PubSub) SSubscribe(ctx context.Context, channels ...string) error {
	return p.add(ctx, "SSUBSCRIBE", pubsub.Names{pubsub.Shard: channels})
}

// Unsubscribe takes channels away, all of them if none is named. It does not wait for the server: what arrives from now on is not
// received, what has arrived before is. Channels that the subscription does not have change nothing. The error is ErrClosed after the
// end of the subscription.
func (p *PubSub) Unsubscribe(ctx context.Context, channels ...string) error {
	return p.remove(ctx, "UNSUBSCRIBE", pubsub.Names{pubsub.Channel: orAll(channels)})
}

// PUnsubscribe is Unsubscribe for patterns.
func (p *PubSub) PUnsubscribe(ctx context.Context, patterns ...string) error {
	return p.remove(ctx, "PUNSUBSCRIBE", pubsub.Names{pubsub.Pattern: orAll(patterns)})
}

// SUnsubscribe is Unsubscribe for shard channels.
func (p *PubSub) SUnsubscribe(ctx context.Context, channels ...string) error {
	return p.remove(ctx, "SUNSUBSCRIBE", pubsub.Names{pubsub.Shard: orAll(channels)})
}

// Close ends the subscription. What was not received is dropped. Calling it again changes nothing; the error is always nil.
func (p *PubSub) Close() error {
	if p.sub != nil {
		p.all.Close(p.sub, errSubscriptionClosed)
	}
	return nil
}

func (p *PubSub) add(ctx context.Context, command string, names pubsub.Names) error {
	if err := p.check(ctx); err != nil {
		return &CallError{Command: command, Phase: PhaseQueued, Err: err}
	}
	return p.sub.Add(ctx, names)
}

func (p *PubSub) remove(ctx context.Context, command string, names pubsub.Names) error {
	err := p.check(ctx)
	if err == nil {
		err = p.sub.Remove(names)
	}
	if err != nil {
		return &CallError{Command: command, Phase: PhaseQueued, Err: err}
	}
	return nil
}

func (p *PubSub) check(ctx context.Context) error {
	switch {
	case p.sub == nil:
		return errNoSubscription
	case ctx == nil:
		return route.ErrNoContext
	}
	return nil
}

var errNoSubscription = errors.New("this PubSub is none: get one from Client.Subscribe")

// orAll is an empty list instead of none, which stands for all names.
func orAll(names []string) []string {
	if names == nil {
		return []string{}
	}
	return names
}
