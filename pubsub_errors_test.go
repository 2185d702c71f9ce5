package fairlead_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/fairlead-go/fairlead"
	"github.com/fairlead-go/fairlead/redistest"
)

func TestSubscribeToNothing(t *testing.T) {
	t.Parallel()
	fake := redistest.NewFake(t)
	c := open(t, fake.URL())
	for _, subscribe := range []func(context.Context, ...string) (*fairlead.PubSub, error){c.Subscribe, c.PSubscribe, c.SSubscribe} {
		_, err := subscribe(background)
		says(t, err, "there is nothing to subscribe to: name at least one channel or pattern", "it was not sent")
		sentAs(t, err, false)
	}
	//lint:ignore SA1012 a nil context is what is tested
	_, err := c.SubscribeKeyEvents(nil)
	says(t, err, "the context is nil")
	is(t, "connections", fake.Conns(), 0)
}

func TestSubscribeWithBadArguments(t *testing.T) {
	t.Parallel()
	c := open(t, "redis://localhost:1")
	_, err := c.SubscribeWithArgs(background, fairlead.SubscribeArgs{Channels: []string{"a"}, QueueBytes: -1})
	says(t, err, "SubscribeArgs.QueueBytes is -1: write a number of bytes, or 0 for the default")
	_, err = c.SubscribeWithArgs(background, fairlead.SubscribeArgs{Channels: []string{"a"}, Overflow: 9})
	says(t, err, "SubscribeArgs.Overflow is 9: write OverflowDropOldest")
	_, err = c.DB(-1).Subscribe(background, "a")
	says(t, err, "there is no database -1")
	_, err = fairlead.Commands{}.Subscribe(background, "a")
	says(t, err, "these commands belong to no client")
	_, err = new(fairlead.PubSub).Receive(background)
	says(t, err, "this PubSub is none: get one from Client.Subscribe")
	says(t, new(fairlead.PubSub).Subscribe(background, "a"), "this PubSub is none")
	is(t, "Close of none", new(fairlead.PubSub).Close(), nil)
	_, err = new(fairlead.KeyEvents).Receive(background)
	says(t, err, "this PubSub is none")
	one := openTo(t, &fairlead.Options{MaxConnections: 1})
	_, err = one.Subscribe(background, "a")
	says(t, err, "SUBSCRIBE", "MaxConnections is 1, so that commands would have none: set it to 2 or more")
}

// TestSubscribeFromAConnectionOfOnesOwn: its commands would have nowhere to go.
func TestSubscribeFromAConnectionOfOnesOwn(t *testing.T) {
	t.Parallel()
	c := open(t, redistest.Default(t).URL())
	own, err := c.Conn(background)
	must(t, err)
	defer own.Close()
	_, err = own.Subscribe(background, "a")
	says(t, err, "a subscription comes from a Client, not from a connection or a transaction")
	sentAs(t, err, false)
}

// TestChannelThatTheACLForbids: the refusal is Subscribe's, and leaves nothing behind.
func TestChannelThatTheACLForbids(t *testing.T) {
	t.Parallel()
	s := redistest.Start(t)
	_, err := s.Do("ACL", "SETUSER", "ada", "on", ">"+secret, "allcommands", "allkeys", "resetchannels", "&mine:*")
	must(t, err)
	for _, protocol := range []int{2, 3} {
		c := openTo(t, &fairlead.Options{Addr: s.Addr(), Username: "ada", Password: secret, Protocol: protocol})
		_, err = c.Subscribe(background, "mine:a", "theirs")
		var refused *fairlead.Error
		is(t, "the server's error", errors.As(err, &refused) && refused.Code == "NOPERM", true)
		says(t, err, "NOPERM", "the user's ACL must allow SUBSCRIBE, and the channel")
		is(t, "NotRun", fairlead.NotRun(err), true)
		p := subscribe(t, c, "mine:a")
		says(t, p.PSubscribe(background, "mine:*", "*"), "NOPERM", "the user's ACL must allow PSUBSCRIBE") // a pattern must be allowed as it is written
		must(t, p.Subscribe(background, "mine:b"))
		numbers, err := c.PubSubNumSub(background, "mine:a", "mine:b", "theirs")
		must(t, err)
		is(t, "subscribers of mine:a", numbers["mine:a"], 1)
		patterns, err := c.PubSubNumPat(background)
		must(t, err)
		is(t, "patterns", patterns, 0)
		publish(t, c, "mine:b", "hello", 1)
		gets(t, p, "hello")
		must(t, c.Close())
	}
}

func TestShardChannelsBeforeRedis7(t *testing.T) {
	t.Parallel()
	fake := redistest.NewFake(t, func(c *redistest.FakeConn) {
		c.AnswerHandshake()
		c.ExpectCommand("SSUBSCRIBE", "a")
		c.Reply("-ERR unknown command 'SSUBSCRIBE'\r\n")
		c.Hang()
	})
	_, err := open(t, fake.URL()).SSubscribe(background, "a")
	says(t, err, "ERR unknown command", "shard channels need Redis 7.0")
}

// TestSubscribeWhileTheServerIsDown: it is tried as often as any command.
func TestSubscribeWhileTheServerIsDown(t *testing.T) {
	t.Parallel()
	c := openTo(t, &fairlead.Options{Addr: freeAddr(t), Retry: fairlead.Retry{MaxRetries: 2}})
	_, err := c.Subscribe(background, "a")
	says(t, err, "SUBSCRIBE at", "connection refused: is the server running, and is this its address?", "it was not sent")
	sentAs(t, err, false)
	is(t, "tries", c.Pool().Stats().DialErrors, 3)
}

// TestSubscribeThatIsNotAnswered ends with its context or Options.Timeout, whichever there is.
func TestSubscribeThatIsNotAnswered(t *testing.T) {
	t.Parallel()
	silent := func(c *redistest.FakeConn) {
		c.AnswerHandshake()
		c.Hang()
	}
	inMemory(t, "Timeout", fairlead.Options{Timeout: time.Second}, func(t *testing.T, c *fairlead.Client, _ *redistest.Fake) {
		took(t, time.Second, func() {
			_, err := c.Subscribe(background, "a")
			wraps(t, err, fairlead.ErrTimeout)
			sentAs(t, err, true)
		})
	}, silent)
	inMemory(t, "context", fairlead.Options{}, func(t *testing.T, c *fairlead.Client, _ *redistest.Fake) {
		ctx, cancel := context.WithTimeout(background, 10*time.Millisecond)
		defer cancel()
		took(t, 10*time.Millisecond, func() {
			_, err := c.Subscribe(ctx, "a")
			wraps(t, err, context.DeadlineExceeded)
		})
	}, silent)
}

// TestSubscriptionsEndWithTheirClientAndPool: what has arrived can still be received, except after Close of the subscription.
func TestSubscriptionsEndWithTheirClientAndPool(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		what  string
		end   func(c *fairlead.Client, p *fairlead.PubSub) error
		drops bool
	}{
		{"PubSub.Close", func(_ *fairlead.Client, p *fairlead.PubSub) error { return p.Close() }, true},
		{"Client.Close", func(c *fairlead.Client, _ *fairlead.PubSub) error { return c.Close() }, false},
		{"Client.Shutdown", func(c *fairlead.Client, _ *fairlead.PubSub) error { return c.Shutdown(background) }, false},
		{"Pool.Close", func(c *fairlead.Client, _ *fairlead.PubSub) error { return c.Pool().Close() }, false},
		{"Pool.Shutdown", func(c *fairlead.Client, _ *fairlead.PubSub) error { return c.Pool().Shutdown(background) }, false},
	} {
		for _, policy := range []fairlead.Overflow{fairlead.OverflowDropOldest, fairlead.OverflowBlock} {
			t.Run(test.what, func(t *testing.T) {
				t.Parallel()
				s := redistest.Start(t)
				c := open(t, s.URL())
				p := subscribeWith(t, c, fairlead.SubscribeArgs{Channels: []string{"a"}, Overflow: policy})
				publish(t, c, "a", "one", 1)
				gets(t, p, "one")
				waiting := make(chan error, 1)
				go func() {
					_, err := p.Receive(background)
					waiting <- err
				}()
				must(t, test.end(c, p))
				wraps(t, <-waiting, fairlead.ErrClosed)
				_, err := receive(t, p)
				wraps(t, err, fairlead.ErrClosed)
				wraps(t, p.Subscribe(background, "b"), fairlead.ErrClosed)
				wraps(t, p.Unsubscribe(background, "a"), fairlead.ErrClosed)
				for range p.Messages(background) {
					break // the loop ends by itself too: see TestMessagesEndsWithTheSubscription
				}
				redistest.Eventually(t, patience, "no connection of subscriptions is left", func() bool { return c.Pool().Stats().PubSub == 0 })
			})
		}
	}
}

// TestClosingAClientLeavesTheOthersOfItsPool.
func TestClosingAClientLeavesTheOthersOfItsPool(t *testing.T) {
	t.Parallel()
	pool, err := fairlead.NewPool(&fairlead.Options{Addr: redistest.Default(t).Addr()})
	must(t, err)
	defer pool.Close()
	one, other := fairlead.NewClient(pool), fairlead.NewClient(pool)
	ch := newKey(t)
	first, second := subscribe(t, one, ch), subscribe(t, other, ch)
	must(t, one.Close())
	_, err = receive(t, first)
	wraps(t, err, fairlead.ErrClosed)
	publish(t, other, ch, "still here", 1)
	gets(t, second, "still here")
	_, err = one.Subscribe(background, ch)
	wraps(t, err, fairlead.ErrClosed)
}

func TestMessagesEndsWithTheSubscription(t *testing.T) {
	t.Parallel()
	c := open(t, redistest.Default(t).URL())
	ch := newKey(t)
	p := subscribe(t, c, ch)
	publish(t, c, ch, "one", 1)
	publish(t, c, ch, "two", 1)
	var got []string
	for m, err := range p.Messages(background) {
		if err != nil {
			wraps(t, err, fairlead.ErrClosed)
			break
		}
		if got = append(got, m.Payload); len(got) == 2 {
			must(t, p.Close())
		}
	}
	same(t, "messages", got, []string{"one", "two"})
	ctx, cancel := context.WithCancel(background)
	cancel()
	for _, err := range subscribe(t, c, ch).Messages(ctx) {
		wraps(t, err, context.Canceled) // once: the loop ends by itself
	}
}
