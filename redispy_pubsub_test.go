package fairlead_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/fairlead-go/fairlead"
	"github.com/fairlead-go/fairlead/redistest"
)

// redis-py delivers confirmations as messages and raises where a connection is lost. In Fairlead Subscribe returns when it is confirmed, and a
// lost connection is a gap; the rest is as there.
func TestRedisPyPubSub(t *testing.T) {
	t.Parallel()
	names := fairlead.SubscribeArgs{
		Channels: []string{"c:a", "c:\xff\xfe", "c:\u20ac"}, Patterns: []string{"p:\xff*", "p:\u20ac?"}, ShardChannels: []string{"s:a", "s:\xff"},
	}
	for _, protocol := range []int{2, 3} {
		behaviour(t, fmt.Sprintf("reconnect resubscribes all: channels, patterns, shard channels, unicode and invalid UTF-8 among them; RESP%d", protocol), func(t *testing.T) {
			s := redistest.Start(t)
			c := openTo(t, &fairlead.Options{Addr: s.Addr(), Protocol: protocol})
			p := subscribeWith(t, c, names)
			for range 2 { // before and after
				for _, ch := range []string{"c:a", "c:\xff\xfe", "c:\u20ac", "p:\xffx", "p:\u20acx"} {
					publish(t, c, ch, ch, 1)
					gets(t, p, ch)
				}
				for _, ch := range []string{"s:a", "s:\xff"} {
					_, err := c.SPublish(background, ch, ch)
					must(t, err)
					gets(t, p, ch)
				}
				_, err := s.Do("CLIENT", "KILL", "TYPE", "pubsub")
				must(t, err)
				getsGap(t, p)
			}
		})
	}
	behaviour(t, "subscribe, unsubscribe, subscribe the same name rapidly: still subscribed; the same with unsubscribe from all", func(t *testing.T) {
		c := open(t, redistest.Start(t).URL())
		p := subscribe(t, c, "a")
		for _, names := range [][]string{{"a"}, nil} {
			for range 20 {
				must(t, p.Unsubscribe(background, names...))
				must(t, p.Subscribe(background, "a"))
			}
			publish(t, c, "a", "once", 1)
			gets(t, p, "once")
			getsNothing(t, p)
		}
	})
	behaviour(t, "a message to a channel and a pattern: both delivered, published to 2", func(t *testing.T) {
		c := open(t, redistest.Start(t).URL())
		p := subscribeWith(t, c, fairlead.SubscribeArgs{Channels: []string{"foo"}, Patterns: []string{"f*"}})
		publish(t, c, "foo", "x", 2)
		gets(t, p, "x", "x")
	})
	behaviour(t, "after close the server has no subscription and no client of it", func(t *testing.T) {
		s := redistest.Start(t)
		c := open(t, s.URL())
		must(t, subscribeWith(t, c, names).Close())
		redistest.Eventually(t, patience, "nobody is subscribed", func() bool {
			clients, err := s.Clients()
			return err == nil && len(clients) == 0
		})
	})
}

func TestRedisPyPubSubTimeouts(t *testing.T) {
	t.Parallel()
	inMemory(t, "timeout respected; a message before it is returned; several in order; no time: at once", fairlead.Options{Timeout: time.Second},
		func(t *testing.T, c *fairlead.Client, _ *redistest.Fake) {
			p := subscribe(t, c, "news")
			took(t, 10*time.Millisecond, func() {
				ctx, cancel := context.WithTimeout(background, 10*time.Millisecond)
				defer cancel()
				_, err := p.Receive(ctx)
				wraps(t, err, context.DeadlineExceeded)
			})
			took(t, 0, func() {
				ctx, cancel := context.WithCancel(background)
				cancel()
				_, err := p.Receive(ctx)
				wraps(t, err, context.Canceled)
			})
			took(t, 5*time.Second-10*time.Millisecond, func() { gets(t, p, "a", "b", "c") }) // outlasts the time that commands have
		}, func(c *redistest.FakeConn) {
			c.AnswerHandshake()
			confirms(c, "news")
			pass(5 * time.Second)
			c.Reply(message("news", "a") + message("news", "b") + message("news", "c"))
			c.Hang()
		})
	inMemory(t, "a subscription made during the wait is served in the remaining time", fairlead.Options{},
		func(t *testing.T, c *fairlead.Client, _ *redistest.Fake) {
			p := subscribe(t, c, "first")
			must(t, p.Unsubscribe(background))
			go func() { // ends at once
				pass(time.Second)
				if err := p.Subscribe(background, "news"); err != nil {
					t.Error(err)
				}
			}()
			took(t, time.Second, func() { gets(t, p, "a") })
		}, func(c *redistest.FakeConn) {
			c.AnswerHandshake()
			for {
				words, err := c.ReadCommand()
				if err != nil {
					return
				}
				c.Reply(answerPubSub(words))
				if words[1] == "news" {
					c.Reply(message("news", "a"))
				}
			}
		})
	behaviour(t, "60 times subscribe and close do not deadlock, with readers that wait", func(t *testing.T) {
		c := open(t, redistest.Start(t).URL())
		for range 60 {
			p := subscribe(t, c, "news")
			ended := make(chan error, 1)
			go func() {
				_, err := p.Receive(background)
				ended <- err
			}()
			must(t, p.Close())
			wraps(t, <-ended, fairlead.ErrClosed)
		}
		is(t, "connections opened", c.Pool().Stats().Dials, 1)
	})
}

// TestSubscriptionsInExclusiveMode leave a connection for commands, as blocking commands do.
func TestSubscriptionsInExclusiveMode(t *testing.T) {
	t.Parallel()
	c := openTo(t, &fairlead.Options{Addr: redistest.Start(t).Addr(), Mode: fairlead.Exclusive, MaxConnections: 2, PoolTimeout: fairlead.FailAtOnce})
	p := subscribe(t, c, "news")
	publish(t, c, "news", "x", 1)
	gets(t, p, "x")
	_, err := c.SubscribeWithArgs(background, fairlead.SubscribeArgs{Channels: []string{"news"}, Overflow: fairlead.OverflowBlock})
	wraps(t, err, fairlead.ErrPoolTimeout)
	says(t, err, "SUBSCRIBE", "all 2 connections are in use, held by SUBSCRIBE for")
	publish(t, c, "news", "y", 1)
	gets(t, p, "y")
	must(t, p.Close())
	redistest.Eventually(t, patience, "its place is free again", func() bool {
		again, err := c.SubscribeWithArgs(background, fairlead.SubscribeArgs{Channels: []string{"news"}, Overflow: fairlead.OverflowBlock})
		return err == nil && again.Close() == nil
	})
}
