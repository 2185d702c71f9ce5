package fairlead

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/fairlead-go/fairlead/internal/pubsub"
	"github.com/fairlead-go/fairlead/internal/route"
)

// SubscribeArgs are what SubscribeWithArgs subscribes to, and how. At least one name must be there.
type SubscribeArgs struct {
	Channels      []string // by name
	Patterns      []string // by pattern: ?, *, [ae], [^e], [a-b], and \ before a character that is to stand for itself
	ShardChannels []string // by name, since Redis 7.0; reached by SPublish

	// QueueBytes bounds the messages that wait to be received: their text and 96 bytes for each. A message alone may be larger. 0 is 16 MiB.
	QueueBytes int
	// Overflow says what becomes of messages that arrive while the queue is full.
	Overflow Overflow
}

// An Overflow says what becomes of messages that arrive while a subscription's queue is full. Whatever it is, nothing is lost silently, and
// no other subscription and no command waits.
type Overflow = pubsub.Policy

// What becomes of messages for which a subscription has no room.
const (
	// OverflowDropOldest, the default, drops the oldest messages: a GapError with their number comes in their place.
	OverflowDropOldest = pubsub.DropOldest
	// OverflowBlock reads on when there is room. The subscription has a connection of its own for that, which counts among MaxConnections. A
	// server keeps what is not read up to its client-output-buffer-limit (pubsub 32mb 8mb 60, unless it was changed), and then closes the
	// connection: that is a GapError as after each lost connection.
	OverflowBlock = pubsub.Block
	// OverflowEnd ends the subscription: what is in the queue can be received, and then comes an error that wraps ErrSlowSubscriber.
	OverflowEnd = pubsub.End
)

const defaultQueueBytes = 16 << 20

// Subscribe subscribes to channels and returns when the server has confirmed all of them. All subscriptions of a pool share one
// connection, beside those of commands. Messages are the same whichever database the client uses.
//
// The error is an *Error if the server refused (NOPERM where the user's ACL does not allow a channel), or a *CallError. The subscription lasts
// until Close, also across lost connections: see PubSub.
func (c Commands) Subscribe(ctx context.Context, channels ...string) (*PubSub, error) {
	return c.SubscribeWithArgs(ctx, SubscribeArgs{Channels: channels})
}

// PSubscribe is Subscribe to the channels that match patterns, those to come included.
func (c Commands) PSubscribe(ctx context.Context, patterns ...string) (*PubSub, error) {
	return c.SubscribeWithArgs(ctx, SubscribeArgs{Patterns: patterns})
}

// SSubscribe is Subscribe to shard channels, to which SPublish publishes. Since Redis 7.0.
func (c Commands) SSubscribe(ctx context.Context, channels ...string) (*PubSub, error) {
	return c.SubscribeWithArgs(ctx, SubscribeArgs{ShardChannels: channels})
}

// SubscribeWithArgs is Subscribe to channels, patterns and shard channels together, with a queue of one's own choice.
func (c Commands) SubscribeWithArgs(ctx context.Context, args SubscribeArgs) (*PubSub, error) {
	all, err := c.maySubscribe(ctx)
	if err != nil {
		return nil, err
	}
	if err := args.check(); err != nil {
		return nil, notSubscribing(err)
	}
	if args.QueueBytes == 0 {
		args.QueueBytes = defaultQueueBytes
	}
	s, err := all.Open(pubsub.Options{QueueBytes: args.QueueBytes, Overflow: args.Overflow, Owner: c.v.closed, Ended: c.v.ended})
	if err != nil {
		return nil, notSubscribing(err)
	}
	p := &PubSub{all: all, sub: s}
	if err := s.Add(ctx, pubsub.Names{pubsub.Channel: args.Channels, pubsub.Pattern: args.Patterns, pubsub.Shard: args.ShardChannels}); err != nil {
		_ = p.Close() // always nil
		return nil, err
	}
	return p, nil
}

// check says what is wrong with the arguments beside the names.
func (a *SubscribeArgs) check() error {
	switch {
	case a.QueueBytes < 0:
		return fmt.Errorf("SubscribeArgs.QueueBytes is %d: write a number of bytes, or 0 for the default", a.QueueBytes)
	case a.Overflow > OverflowEnd:
		return fmt.Errorf("SubscribeArgs.Overflow is %d: write OverflowDropOldest, OverflowBlock or OverflowEnd", a.Overflow)
	}
	return nil
}

// maySubscribe returns the subscriptions of the pool behind these commands, or why there can be none.
func (c Commands) maySubscribe(ctx context.Context) (*pubsub.Subscriptions, error) {
	err := c.v.ended()
	if err == nil {
		f, failed := c.v.next.(failing)
		switch {
		case failed:
			err = f.err
		case c.v.subs == nil:
			err = errors.New("a subscription comes from a Client, not from a connection or a transaction")
		case ctx == nil:
			err = route.ErrNoContext
		default:
			return c.v.subs, nil
		}
	}
	return nil, notSubscribing(err)
}

func notSubscribing(err error) error {
	return &CallError{Command: "SUBSCRIBE", Phase: PhaseQueued, Err: err}
}

// subscriptionsConfig says how subscriptions get their connections out of the pool.
func (p *Pool) subscriptionsConfig() pubsub.Config {
	o := p.opts
	silence := o.KeepAlive.Idle
	if silence <= 0 {
		silence = defaultSilence
	}
	return pubsub.Config{
		Open:       p.single.Stream,
		MayRecover: p.single.MayRecover,
		Pause:      p.single.Pause,
		Failed:     p.notSubscribed,
		MaxRetries: max(0, o.Retry.MaxRetries),
		Timeout:    o.Timeout,
		Silence:    silence,
	}
}

// defaultSilence is how long a server may say nothing before a subscription asks whether it is there, where keepalive is switched off.
const defaultSilence = 15 * time.Second

// notSubscribed is the error of a Subscribe that failed.
func (p *Pool) notSubscribed(at pubsub.Attempt, err error) error {
	if call, ok := errors.AsType[*CallError](err); ok { // that of the connection
		own := *call
		own.Command = at.Command
		return &own
	}
	if _, ok := errors.AsType[*Error](err); ok {
		return err
	}
	e := &CallError{Command: at.Command, Addr: p.opts.Addr, Phase: PhaseQueued, Elapsed: time.Since(at.Began), Err: err}
	if at.Conn != nil {
		e.Conn, e.Phase, e.Sent = at.Conn.ID(), PhaseAwaitingReply, true
	}
	return e
}

var errSubscriptionClosed = closedError("the subscription was closed: subscribe anew")
