package fairlead_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/fairlead-go/fairlead"
	"github.com/fairlead-go/fairlead/redistest"
)

// TestSlowSubscriber: what becomes of messages for which there is no room. A message counts its text, here "news" and the number, and 96 bytes.
func TestSlowSubscriber(t *testing.T) {
	t.Parallel()
	const room = 3 * (96 + len("news") + 1)
	var digits strings.Builder
	for i := range 10 {
		digits.WriteString(message("news", fmt.Sprint(i)))
	}
	tenMessages := func(c *redistest.FakeConn) {
		c.AnswerHandshake()
		confirms(c, "news")
		confirms(c, "go")
		c.Reply(digits.String())
		confirms(c, "end") // so that the test knows when all ten have arrived
		c.Hang()
	}
	args := func(o fairlead.Overflow) fairlead.SubscribeArgs {
		return fairlead.SubscribeArgs{Channels: []string{"news"}, QueueBytes: room, Overflow: o}
	}
	inMemory(t, "drop the oldest", fairlead.Options{}, func(t *testing.T, c *fairlead.Client, _ *redistest.Fake) {
		p, other := subscribeWith(t, c, args(fairlead.OverflowDropOldest)), subscribe(t, c, "news", "go")
		must(t, other.Subscribe(background, "end"))
		gap := getsGap(t, p)
		is(t, "dropped", gap.Dropped, 7)
		wraps(t, gap, fairlead.ErrSlowSubscriber)
		says(t, gap, "7 messages were dropped between")
		gets(t, p, "7", "8", "9")
		getsNothing(t, p)
		gets(t, other, "0", "1", "2", "3", "4", "5", "6", "7", "8", "9") // it is not the slow one
	}, tenMessages)
	inMemory(t, "end", fairlead.Options{}, func(t *testing.T, c *fairlead.Client, _ *redistest.Fake) {
		p, other := subscribeWith(t, c, args(fairlead.OverflowEnd)), subscribe(t, c, "news", "go")
		must(t, other.Subscribe(background, "end"))
		gets(t, p, "0", "1", "2")
		_, err := receive(t, p)
		wraps(t, err, fairlead.ErrSlowSubscriber)
		is(t, "it is no gap, but the end", errors.Is(err, fairlead.ErrGap), false)
		wraps(t, p.Subscribe(background, "more"), fairlead.ErrSlowSubscriber)
		gets(t, other, "0", "1", "2", "3", "4", "5", "6", "7", "8", "9")
	}, tenMessages)
	inMemory(t, "block", fairlead.Options{}, func(t *testing.T, c *fairlead.Client, fake *redistest.Fake) {
		other := subscribe(t, c, "other")
		p := subscribeWith(t, c, args(fairlead.OverflowBlock))
		must(t, other.Subscribe(background, "more")) // it has another connection, so it does not wait
		is(t, "connections", fake.Conns(), 2)
		must(t, p.Subscribe(background, "go"))
		gets(t, p, "0", "1", "2", "3", "4", "5", "6", "7", "8", "9")
		must(t, p.Subscribe(background, "end"))
		must(t, p.Close())
		pass(time.Millisecond)
		is(t, "connections held", c.Pool().Stats().PubSub, 1)
	}, pubSubServer(nil), tenMessages)
	inMemory(t, "a message larger than the queue is received all the same", fairlead.Options{}, func(t *testing.T, c *fairlead.Client, _ *redistest.Fake) {
		for _, policy := range []fairlead.Overflow{fairlead.OverflowDropOldest, fairlead.OverflowBlock, fairlead.OverflowEnd} {
			a := args(policy)
			a.QueueBytes = 1
			p := subscribeWith(t, c, a)
			gets(t, p, "large")
			must(t, p.Close())
		}
	}, func(c *redistest.FakeConn) {
		c.AnswerHandshake()
		for {
			words, err := c.ReadCommand()
			if err != nil {
				return
			}
			c.Reply(answerPubSub(words))
			if words[0] == "SUBSCRIBE" {
				c.Reply(message("news", "large"))
			}
		}
	})
	inMemory(t, "blocked for longer than PING may take, the connection stays", fairlead.Options{}, func(t *testing.T, c *fairlead.Client, fake *redistest.Fake) {
		p := subscribeWith(t, c, args(fairlead.OverflowBlock))
		must(t, p.Subscribe(background, "go"))
		pass(time.Hour + time.Second/2)
		gets(t, p, "0", "1", "2", "3", "4", "5", "6", "7", "8", "9")
		must(t, p.Subscribe(background, "end"))
		is(t, "connections", fake.Conns(), 1)
	}, tenMessages)
}

// TestDropsAndALostConnectionAreOneGap: nobody is told twice of what nobody has received.
func TestDropsAndALostConnectionAreOneGap(t *testing.T) {
	t.Parallel()
	inMemory(t, "in the order of the stream", fairlead.Options{}, func(t *testing.T, c *fairlead.Client, _ *redistest.Fake) {
		p := subscribeWith(t, c, fairlead.SubscribeArgs{Channels: []string{"news"}, QueueBytes: 2 * (96 + len("news") + 1)})
		other := subscribe(t, c, "other")
		getsGap(t, other)
		must(t, other.Subscribe(background, "more")) // by now everything has arrived
		gap := getsGap(t, p)
		is(t, "dropped: a, b, and c behind the interruption", gap.Dropped, 3)
		wraps(t, gap, fairlead.ErrSlowSubscriber)
		says(t, gap, "3 messages were dropped", "closed by the server")
		gets(t, p, "d", "e")
		getsNothing(t, p)
	}, func(c *redistest.FakeConn) {
		c.AnswerHandshake()
		confirms(c, "news")
		confirms(c, "other")
		c.Reply(message("news", "a") + message("news", "b"))
		c.Close()
	}, func(c *redistest.FakeConn) {
		c.AnswerHandshake()
		for range 2 {
			words, err := c.ReadCommand()
			must(t, err)
			c.Reply(answerPubSub(words))
		}
		c.Reply(message("news", "c") + message("news", "d") + message("news", "e"))
		c.Serve(answerPubSub)
	})
}
