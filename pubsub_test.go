package fairlead_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/fairlead-go/fairlead"
	"github.com/fairlead-go/fairlead/redistest"
)

// receive returns the next message or gap of a subscription, which must come soon.
func receive(t *testing.T, p *fairlead.PubSub) (fairlead.Message, error) {
	t.Helper()
	ctx, cancel := context.WithTimeout(background, 10*time.Second)
	defer cancel()
	m, err := p.Receive(ctx)
	if errors.Is(err, context.DeadlineExceeded) {
		t.Fatal("nothing was received in 10 s")
	}
	return m, err
}

// gets fails the test if the next thing a subscription receives is not this message.
func gets(t *testing.T, p *fairlead.PubSub, want fairlead.Message) {
	t.Helper()
	got, err := receive(t, p)
	must(t, err)
	is(t, "message", got, want)
}

// publish publishes and checks how many connections the server sent it to.
func publish(t *testing.T, c *fairlead.Client, channel, payload string, receivers int64) {
	t.Helper()
	n, err := c.Publish(background, channel, payload)
	must(t, err)
	is(t, "receivers of "+payload, n, receivers)
}

func TestSubscriptions(t *testing.T) {
	eachProtocol(t, func(t *testing.T, c *fairlead.Client) {
		ch := newKey(t)
		p, err := c.Subscribe(background, ch)
		must(t, err)
		defer p.Close()
		publish(t, c, ch, "one", 1) // Subscribe returned, so the server knows of it
		gets(t, p, fairlead.Message{Channel: ch, Payload: "one"})
		must(t, p.PSubscribe(background, ch+":*"))
		publish(t, c, ch+":x", "two", 1)
		gets(t, p, fairlead.Message{Channel: ch + ":x", Pattern: ch + ":*", Payload: "two"})
		must(t, p.SSubscribe(background, ch))
		n, err := c.SPublish(background, ch, "three")
		must(t, err)
		is(t, "receivers", n, 1)
		gets(t, p, fairlead.Message{Channel: ch, Payload: "three"})
		must(t, p.Unsubscribe(background))
		must(t, p.SUnsubscribe(background, ch))
		must(t, p.Subscribe(background, ch+":y"))
		publish(t, c, ch, "nobody hears this", 0)
		publish(t, c, ch+":y", "four", 2) // the channel and the pattern
		first, err := receive(t, p)
		must(t, err)
		second, err := receive(t, p)
		must(t, err)
		is(t, "by name", first, fairlead.Message{Channel: ch + ":y", Payload: "four"})
		is(t, "by pattern", second, fairlead.Message{Channel: ch + ":y", Pattern: ch + ":*", Payload: "four"})
	})
}

var _ = redistest.Start
