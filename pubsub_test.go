package fairlead_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/fairlead-go/fairlead"
	"github.com/fairlead-go/fairlead/redistest"
)

// receive returns the next message or gap of a subscription, which must come within a minute of the test's clock.
func receive(t *testing.T, p *fairlead.PubSub) (fairlead.Message, error) {
	t.Helper()
	ctx, cancel := context.WithTimeout(background, time.Minute)
	defer cancel()
	m, err := p.Receive(ctx)
	if errors.Is(err, context.DeadlineExceeded) {
		t.Fatal("nothing was received within a minute")
	}
	return m, err
}

// gets demands that these payloads are what a subscription receives next.
func gets(t *testing.T, p *fairlead.PubSub, payloads ...string) {
	t.Helper()
	for _, want := range payloads {
		got, err := receive(t, p)
		must(t, err)
		is(t, "payload", got.Payload, want)
	}
}

// getsGap demands that a gap is what a subscription receives next.
func getsGap(t *testing.T, p *fairlead.PubSub) *fairlead.GapError {
	t.Helper()
	m, err := receive(t, p)
	var gap *fairlead.GapError
	if !errors.As(err, &gap) {
		t.Fatalf("got %v, %v; want a gap", m, err)
	}
	wraps(t, err, fairlead.ErrGap)
	return gap
}

// getsNothing demands that there is nothing to receive now.
func getsNothing(t *testing.T, p *fairlead.PubSub) {
	t.Helper()
	ctx, cancel := context.WithTimeout(background, time.Millisecond)
	defer cancel()
	m, err := p.Receive(ctx)
	if !errors.Is(err, context.DeadlineExceeded) {
		t.Fatalf("got %v, %v; want nothing", m, err)
	}
}

// publish publishes, and demands that the server sends it to so many connections.
func publish(t *testing.T, c *fairlead.Client, channel, payload string, receivers int64) {
	t.Helper()
	n, err := c.Publish(background, channel, payload)
	must(t, err)
	is(t, "receivers of "+payload, n, receivers)
}

// subscribe subscribes to channels for a test, which ends the subscription when it ends.
func subscribe(t *testing.T, c *fairlead.Client, channels ...string) *fairlead.PubSub {
	t.Helper()
	return subscribeWith(t, c, fairlead.SubscribeArgs{Channels: channels})
}

func subscribeWith(t *testing.T, c *fairlead.Client, args fairlead.SubscribeArgs) *fairlead.PubSub {
	t.Helper()
	p, err := c.SubscribeWithArgs(background, args)
	must(t, err)
	t.Cleanup(func() { _ = p.Close() })
	return p
}

func TestMessagesByNameByPatternAndByShard(t *testing.T) {
	eachProtocol(t, func(t *testing.T, c *fairlead.Client) {
		ch := newKey(t)
		p := subscribe(t, c, ch)
		publish(t, c, ch, "one", 1) // Subscribe has returned, so the server knows of it
		m, err := receive(t, p)
		must(t, err)
		is(t, "by name", m, fairlead.Message{Channel: ch, Payload: "one"})
		must(t, p.PSubscribe(background, ch+":*"))
		publish(t, c, ch+":x", "two", 1)
		m, err = receive(t, p)
		must(t, err)
		is(t, "by pattern", m, fairlead.Message{Channel: ch + ":x", Pattern: ch + ":*", Payload: "two"})
		must(t, p.SSubscribe(background, ch))
		n, err := c.SPublish(background, ch, "three")
		must(t, err)
		is(t, "receivers of a shard channel", n, 1)
		gets(t, p, "three")
		must(t, p.Unsubscribe(background, ch))
		must(t, p.SUnsubscribe(background))
		must(t, p.Subscribe(background, ch+":y")) // its answer comes after those to the two before
		publish(t, c, ch, "nobody", 0)
		publish(t, c, ch+":y", "four", 2) // by its name and by the pattern
		gets(t, p, "four", "four")
		for _, payload := range []string{"", "\r\n+OK\r\n", "\x00\xff", strings.Repeat("long", 1<<18)} {
			publish(t, c, ch+":y", payload, 2)
			gets(t, p, payload, payload)
		}
	})
}

// TestSubscribersShareOneConnection: a name is subscribed to for the first subscriber and taken back for the last.
func TestSubscribersShareOneConnection(t *testing.T) {
	t.Parallel()
	hello := func(c *redistest.FakeConn) { c.AnswerHandshake() }
	inMemory(t, "RESP3", fairlead.Options{}, func(t *testing.T, c *fairlead.Client, fake *redistest.Fake) {
		first, second := subscribe(t, c, "news"), subscribe(t, c, "news", "news") // the second sends nothing
		gets(t, first, "a")
		gets(t, second, "a")
		must(t, first.Close()) // sends nothing
		gets(t, second, "b")   // so the fake saw no command between the two
		must(t, second.Subscribe(background, "more"))
		must(t, second.Unsubscribe(background, "news")) // the last one: now it is sent
		must(t, second.Subscribe(background, "end"))
		same(t, "commands", names(fake.Commands()), []string{"SUBSCRIBE", "SUBSCRIBE", "UNSUBSCRIBE", "SUBSCRIBE"})
		is(t, "connections", fake.Conns(), 1)
	}, func(c *redistest.FakeConn) {
		hello(c)
		c.Expect("*2\r\n$9\r\nSUBSCRIBE\r\n$4\r\nnews\r\n")
		c.Reply(">3\r\n$9\r\nsubscribe\r\n$4\r\nnews\r\n:1\r\n")
		pass(time.Millisecond)
		c.Reply(">3\r\n$7\r\nmessage\r\n$4\r\nnews\r\n$1\r\na\r\n")
		pass(time.Millisecond)
		c.Reply(">3\r\n$7\r\nmessage\r\n$4\r\nnews\r\n$1\r\nb\r\n")
		c.ExpectCommand("SUBSCRIBE", "more")
		c.Reply(">3\r\n$9\r\nsubscribe\r\n$4\r\nmore\r\n:2\r\n")
		c.ExpectCommand("UNSUBSCRIBE", "news")
		c.Reply(">3\r\n$11\r\nunsubscribe\r\n$4\r\nnews\r\n:1\r\n")
		c.ExpectCommand("SUBSCRIBE", "end")
		c.Reply(">3\r\n$9\r\nsubscribe\r\n$3\r\nend\r\n:2\r\n")
		c.Hang()
	})
}

// TestThousandSubscribersHoldTwoConnections: one for all of them, one for commands.
func TestThousandSubscribersHoldTwoConnections(t *testing.T) {
	t.Parallel()
	s := redistest.Start(t)
	c := open(t, s.URL())
	var all []*fairlead.PubSub
	for i := range 1000 {
		all = append(all, subscribe(t, c, "everybody", fmt.Sprint("only:", i)))
	}
	publish(t, c, "everybody", "hello", 1) // the server sends it once
	for i, p := range all {
		gets(t, p, "hello")
		publish(t, c, fmt.Sprint("only:", i), "you", 1)
		gets(t, p, "you")
	}
	clients, err := s.Clients()
	must(t, err)
	is(t, "connections", len(clients), 2)
	stats := c.Pool().Stats()
	is(t, "of them held by subscriptions", stats.PubSub, 1)
	is(t, "open", stats.Open, 2)
	holders := map[string]int{}
	for _, info := range c.Pool().Conns() {
		holders[info.Holder]++
	}
	is(t, "who holds one", holders["SUBSCRIBE"], 1)
	for _, p := range all {
		must(t, p.Close())
	}
	redistest.Eventually(t, patience, "the connection of subscriptions is given up", func() bool { return c.Pool().Stats().PubSub == 0 })
}

// TestConnectionOutlivesTheLastSubscriptionALittle: who subscribes for each question finds it open.
func TestConnectionOutlivesTheLastSubscriptionALittle(t *testing.T) {
	t.Parallel()
	inMemory(t, "a second", fairlead.Options{}, func(t *testing.T, c *fairlead.Client, fake *redistest.Fake) {
		for range 60 {
			must(t, subscribe(t, c, "news").Close())
		}
		is(t, "connections", fake.Conns(), 1)
		pass(2*time.Second + time.Millisecond)
		is(t, "connections held", c.Pool().Stats().PubSub, 0)
		must(t, subscribe(t, c, "news").Close())
		is(t, "connections", fake.Conns(), 2)
	}, pubSubServer(nil))
}

// pubSubServer is a script that confirms what is subscribed to and answers PING, over RESP3. If published is not nil, what it gives is sent.
func pubSubServer(published <-chan string) func(*redistest.FakeConn) {
	return func(c *redistest.FakeConn) {
		c.AnswerHandshake()
		if published != nil {
			go func() { // ends when the test closes the channel
				for payload := range published {
					c.Reply(message("news", payload))
				}
			}()
		}
		c.Serve(answerPubSub)
	}
}

func answerPubSub(args []string) string {
	switch name := strings.ToUpper(args[0]); name {
	case "SUBSCRIBE", "PSUBSCRIBE", "SSUBSCRIBE", "UNSUBSCRIBE", "PUNSUBSCRIBE", "SUNSUBSCRIBE":
		return ">3\r\n" + bulk(strings.ToLower(name)) + bulk(args[1]) + ":1\r\n"
	}
	return "+PONG\r\n"
}

// message is a message as it is on the wire.
func message(channel, payload string) string {
	return ">3\r\n" + bulk("message") + bulk(channel) + bulk(payload)
}
