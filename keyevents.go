package fairlead

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"strings"
)

// A KeyEvent says what happened to a key.
type KeyEvent struct {
	DB    int    // the key's database
	Key   string // the key
	Event string // what happened, in the server's words: "set", "del", "expire", "expired", "evicted", "lpush", "rename_from"…
}

// KeyEvents receives what happens to keys. Get one from Client.SubscribeKeyEvents. It is a PubSub in other clothes: as durable, as open about
// gaps, as safe for concurrent use, and to be closed.
type KeyEvents struct {
	sub    *PubSub
	prefix string
	db     int
}

// SubscribeKeyEvents subscribes to what happens to keys, each given by its name or by a pattern as PSubscribe has them, in the client's database at
// this server (Client.DB has the others). A key that several of them match is told of several times.
//
// The server's setting notify-keyspace-events must contain K and the kinds of events that are wanted; it is "" unless somebody has set it. If
// it lets no such event through, that is an error here; if it cannot be read (CONFIG is not allowed) it is taken to be right.
// An event tells that something happened and not with which value, and, like every message, is lost to those who are not connected: see ErrGap.
func (c Commands) SubscribeKeyEvents(ctx context.Context, keys ...string) (*KeyEvents, error) {
	if _, err := c.maySubscribe(ctx); err != nil {
		return nil, err
	}
	if err := c.checkKeyEvents(ctx); err != nil {
		return nil, err
	}
	k := &KeyEvents{db: c.v.db, prefix: fmt.Sprintf("__keyspace@%d__:", c.v.db)}
	var args SubscribeArgs
	for _, key := range keys {
		if strings.ContainsAny(key, `*?[\`) {
			args.Patterns = append(args.Patterns, k.prefix+key)
		} else {
			args.Channels = append(args.Channels, k.prefix+key)
		}
	}
	sub, err := c.SubscribeWithArgs(ctx, args)
	if err != nil {
		return nil, err
	}
	k.sub = sub
	return k, nil
}

// checkKeyEvents asks the server whether it publishes events of keys at all.
func (c Commands) checkKeyEvents(ctx context.Context) error {
	const setting = "notify-keyspace-events"
	found, err := c.ConfigGet(ctx, setting)
	if _, refused := errors.AsType[*Error](err); refused {
		return nil // who may not ask for the setting may subscribe all the same
	}
	if err != nil {
		return err
	}
	value, known := found[setting]
	if known && (!strings.Contains(value, "K") || strings.Trim(value, "KE") == "") {
		return fmt.Errorf("the server publishes no events of keys, since its setting %s is %q: set it to K and the kinds of events that are wanted, as in CONFIG SET %s KA",
			setting, value, setting)
	}
	return nil
}

// Receive returns the next event, waiting for it until the context ends. Errors are those of PubSub.Receive.
func (k *KeyEvents) Receive(ctx context.Context) (KeyEvent, error) {
	if k.sub == nil {
		return KeyEvent{}, errNoSubscription
	}
	m, err := k.sub.Receive(ctx)
	if err != nil {
		return KeyEvent{}, err
	}
	return KeyEvent{DB: k.db, Key: strings.TrimPrefix(m.Channel, k.prefix), Event: m.Payload}, nil
}

// Events returns what Receive returns, again and again, until an error that is no gap, as PubSub.Messages does.
func (k *KeyEvents) Events(ctx context.Context) iter.Seq2[KeyEvent, error] {
	return each(ctx, k.Receive)
}

// Close ends the subscription. What was not received is dropped. Calling it again changes nothing; the error is always nil.
func (k *KeyEvents) Close() error {
	if k.sub == nil {
		return nil
	}
	return k.sub.Close()
}

// each yields what receive returns, until an error that is no gap.
func each[T any](ctx context.Context, receive func(context.Context) (T, error)) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		for {
			v, err := receive(ctx)
			if !yield(v, err) || err != nil && !errors.Is(err, ErrGap) {
				return
			}
		}
	}
}
