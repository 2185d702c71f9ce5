package fairlead_test

import (
	"errors"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/fairlead-go/fairlead"
	"github.com/fairlead-go/fairlead/redistest"
)

// confirms is the step of a script in which the server confirms a channel.
func confirms(c *redistest.FakeConn, channel string) {
	c.ExpectCommand("SUBSCRIBE", channel)
	c.Reply(answerPubSub([]string{"SUBSCRIBE", channel}))
}

// TestGapComesBeforeTheFirstMessageAfterAReconnect: it begins where the last thing that the server is known to have read was sent, and
// ends when the server has confirmed every channel on the new connection.
func TestGapComesBeforeTheFirstMessageAfterAReconnect(t *testing.T) {
	t.Parallel()
	inMemory(t, "FIN", fairlead.Options{}, func(t *testing.T, c *fairlead.Client, _ *redistest.Fake) {
		began := time.Now()
		p := subscribe(t, c, "news")
		gets(t, p, "a")
		gap := getsGap(t, p)
		is(t, "since: PING was sent at 1 s, for there had been a message, and answered", gap.Since.Sub(began), time.Second)
		is(t, "until: the new connection was confirmed 2 s after the FIN", gap.Until.Sub(began), 1500*time.Millisecond+2*time.Second)
		is(t, "dropped", gap.Dropped, 0)
		wraps(t, gap, io.EOF)
		says(t, gap, "messages may be missing between", "and", "the connection ended: closed by the server (EOF)")
		gets(t, p, "d")
		getsNothing(t, p)
	}, func(c *redistest.FakeConn) {
		c.AnswerHandshake()
		confirms(c, "news")
		pass(500 * time.Millisecond)
		c.Reply(message("news", "a"))
		c.ExpectCommand("PING")
		c.Reply("+PONG\r\n")
		pass(500 * time.Millisecond)
		c.Close()
	}, func(c *redistest.FakeConn) {
		c.AnswerHandshake()
		c.ExpectCommand("SUBSCRIBE", "news")
		pass(2 * time.Second)
		c.Reply(answerPubSub([]string{"SUBSCRIBE", "news"}) + message("news", "d"))
		c.Hang()
	})
	inMemory(t, "two channels, one of which speaks before the other is confirmed", fairlead.Options{}, func(t *testing.T, c *fairlead.Client, _ *redistest.Fake) {
		p := subscribe(t, c, "a")
		must(t, p.Subscribe(background, "b"))
		first := getsGap(t, p) // before the message of one channel
		gets(t, p, "early")
		second := getsGap(t, p) // before those of the other
		gets(t, p, "late")
		is(t, "both begin at the same time", first.Since, second.Since)
		is(t, "the second ends later", second.Until.Sub(first.Until), time.Second)
	}, func(c *redistest.FakeConn) {
		c.AnswerHandshake()
		confirms(c, "a")
		confirms(c, "b")
		c.Reset()
	}, func(c *redistest.FakeConn) {
		c.AnswerHandshake()
		one, err := c.ReadCommand()
		must(t, err)
		other, err := c.ReadCommand()
		must(t, err)
		c.Reply(answerPubSub(one) + message(one[1], "early"))
		pass(time.Second)
		c.Reply(answerPubSub(other) + message(other[1], "late"))
		c.Hang()
	})
	inMemory(t, "a gap for each of the lost connections if somebody receives, one for all if nobody does", fairlead.Options{},
		func(t *testing.T, c *fairlead.Client, _ *redistest.Fake) {
			slow := subscribe(t, c, "news")
			p := subscribe(t, c, "news")
			getsGap(t, p)
			getsGap(t, p)
			gets(t, p, "end")
			getsGap(t, slow)
			gets(t, slow, "end")
		}, func(c *redistest.FakeConn) {
			c.AnswerHandshake()
			confirms(c, "news")
			pass(time.Millisecond)
			c.Reset()
		}, func(c *redistest.FakeConn) {
			c.AnswerHandshake()
			confirms(c, "news")
			pass(time.Millisecond)
			c.Close()
		}, func(c *redistest.FakeConn) {
			c.AnswerHandshake()
			confirms(c, "news")
			c.Reply(message("news", "end"))
			c.Hang()
		})
}

// TestVanishedServerIsNoticed: PING is sent after the time in which keepalive would send its first probe, and its answer has the time that
// commands have: 20 s with the defaults, within the 30 s that keepalive takes.
func TestVanishedServerIsNoticed(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		what   string
		vanish func(c *redistest.FakeConn)
	}{
		{"no packets", func(c *redistest.FakeConn) { c.NetConn().(*redistest.MemConn).Drop() }},
		{"frozen", func(*redistest.FakeConn) {}},
	} {
		inMemory(t, test.what, fairlead.Options{}, func(t *testing.T, c *fairlead.Client, fake *redistest.Fake) {
			p := subscribe(t, c, "news")
			took(t, 20*time.Second, func() {
				gap := getsGap(t, p)
				is(t, "length of the gap", gap.Until.Sub(gap.Since), 20*time.Second)
				says(t, gap, "no reply in time")
			})
			gets(t, p, "back")
			is(t, "connections", fake.Conns(), 2)
		}, func(c *redistest.FakeConn) {
			c.AnswerHandshake()
			confirms(c, "news")
			test.vanish(c)
			c.Hang()
		}, func(c *redistest.FakeConn) {
			c.AnswerHandshake()
			confirms(c, "news")
			c.Reply(message("news", "back"))
			c.Hang()
		})
	}
}

// TestSilenceIsNoGap: PING is answered, in both protocols' words for it, and nothing happens.
func TestSilenceIsNoGap(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		what, hello, confirmed, pong, message string
		protocol                              int
	}{
		{"RESP3", "", ">3\r\n$9\r\nsubscribe\r\n$4\r\nnews\r\n:1\r\n", "+PONG\r\n", ">3\r\n$7\r\nmessage\r\n$4\r\nnews\r\n$1\r\na\r\n", 3},
		{"RESP2", "", "*3\r\n$9\r\nsubscribe\r\n$4\r\nnews\r\n:1\r\n", "*2\r\n$4\r\npong\r\n$0\r\n\r\n", "*3\r\n$7\r\nmessage\r\n$4\r\nnews\r\n$1\r\na\r\n", 2},
	} {
		inMemory(t, test.what, fairlead.Options{Protocol: test.protocol}, func(t *testing.T, c *fairlead.Client, fake *redistest.Fake) {
			p := subscribe(t, c, "news")
			took(t, 45*time.Second, func() { gets(t, p, "a") })
			is(t, "connections", fake.Conns(), 1)
			same(t, "commands", names(fake.Commands()), []string{"SUBSCRIBE", "PING", "PING", "PING"})
		}, func(c *redistest.FakeConn) {
			c.AnswerHandshake()
			c.ExpectCommand("SUBSCRIBE", "news")
			c.Reply(test.confirmed)
			for range 3 { // every 15 s
				c.ExpectCommand("PING")
				c.Reply(test.pong)
			}
			c.Reply(test.message)
			c.Hang()
		})
	}
}

// TestServerThatBreaksTheProtocolOfSubscriptions loses its connection, and the subscription says so.
func TestServerThatBreaksTheProtocolOfSubscriptions(t *testing.T) {
	t.Parallel()
	for what, nonsense := range map[string]string{
		"a confirmation of nothing":       ">3\r\n$9\r\nsubscribe\r\n$5\r\nother\r\n:1\r\n",
		"the end of what is subscribed":   ">3\r\n$11\r\nunsubscribe\r\n$4\r\nnews\r\n:0\r\n",
		"a message without a payload":     ">2\r\n$7\r\nmessage\r\n$4\r\nnews\r\n",
		"a message by a pattern, cut":     ">3\r\n$8\r\npmessage\r\n$4\r\nnews\r\n$4\r\nnews\r\n",
		"PONG that was not asked for":     "+PONG\r\n",
		"no RESP at all":                  "HTTP/1.1 400\r\n",
		"an error, the server's goodbye":  "-ERR goodbye\r\n",
		"a length that cannot be so":      ">3\r\n$7\r\nmessage\r\n$4\r\nnews\r\n$99999999999\r\n",
		"an answer without a name to it":  ">1\r\n$9\r\nsubscribe\r\n",
		"an answer to another way of it ": ">3\r\n$10\r\npsubscribe\r\n$4\r\nnews\r\n:1\r\n",
	} {
		inMemory(t, what, fairlead.Options{}, func(t *testing.T, c *fairlead.Client, _ *redistest.Fake) {
			p := subscribe(t, c, "news")
			says(t, getsGap(t, p), "protocol broken")
			gets(t, p, "back")
		}, func(c *redistest.FakeConn) {
			c.AnswerHandshake()
			confirms(c, "news")
			pass(time.Millisecond)
			c.Reply(">2\r\n$10\r\ninvalidate\r\n_\r\n>0\r\n") // pushes for others are no nonsense
			c.Reply(nonsense)
			c.Hang()
		}, func(c *redistest.FakeConn) {
			c.AnswerHandshake()
			confirms(c, "news")
			c.Reply(message("news", "back"))
			c.Hang()
		})
	}
}

// TestSubscriptionThatIsRefusedLaterEnds: the others go on.
func TestSubscriptionThatIsRefusedLaterEnds(t *testing.T) {
	t.Parallel()
	inMemory(t, "by the ACL", fairlead.Options{}, func(t *testing.T, c *fairlead.Client, _ *redistest.Fake) {
		kept, lost := subscribe(t, c, "kept"), subscribe(t, c, "lost")
		_, err := receive(t, lost)
		says(t, err, "NOPERM", "the user's ACL must allow SUBSCRIBE")
		getsGap(t, kept)
		gets(t, kept, "back")
	}, func(c *redistest.FakeConn) {
		c.AnswerHandshake()
		confirms(c, "kept")
		confirms(c, "lost")
		c.Close()
	}, func(c *redistest.FakeConn) {
		c.AnswerHandshake()
		for range 2 {
			words, err := c.ReadCommand()
			must(t, err)
			if words[1] == "lost" {
				c.Reply("-NOPERM No permissions to access a channel\r\n")
			} else {
				c.Reply(answerPubSub(words))
			}
		}
		c.Reply(message("kept", "back"))
		c.Hang()
	})
	wrongPassword := func(c *redistest.FakeConn) {
		c.Serve(func(args []string) string {
			return "-WRONGPASS invalid username-password pair or user is disabled.\r\n"
		})
	}
	inMemory(t, "by its password", fairlead.Options{Password: secret}, func(t *testing.T, c *fairlead.Client, fake *redistest.Fake) {
		p := subscribe(t, c, "news")
		_, err := receive(t, p)
		says(t, err, "SUBSCRIBE at redis:6379", "WRONGPASS", "check username and password")
		var refused *fairlead.Error
		is(t, "the server's error", errors.As(err, &refused), true)
		is(t, "connections: a wrong password is sent once", fake.Conns(), 2)
	}, func(c *redistest.FakeConn) {
		c.AnswerHandshake()
		confirms(c, "news")
		c.Close()
	}, wrongPassword)
	inMemory(t, "by a server that is busy for a moment, it does not end", fairlead.Options{}, func(t *testing.T, c *fairlead.Client, fake *redistest.Fake) {
		p := subscribe(t, c, "news")
		getsGap(t, p)
		gets(t, p, "back")
		is(t, "connections", fake.Conns(), 3)
	}, func(c *redistest.FakeConn) {
		c.AnswerHandshake()
		confirms(c, "news")
		c.Close()
	}, func(c *redistest.FakeConn) {
		c.AnswerHandshake()
		c.ExpectCommand("SUBSCRIBE", "news")
		c.Reply("-BUSY Redis is busy running a script.\r\n")
		c.Hang()
	}, func(c *redistest.FakeConn) {
		c.AnswerHandshake()
		confirms(c, "news")
		c.Reply(message("news", "back"))
		c.Hang()
	})
}

// TestServerThatHangsUpAgainAndAgain is not dialled in a storm: pauses grow to Retry.MaxBackoff.
func TestServerThatHangsUpAgainAndAgain(t *testing.T) {
	t.Parallel()
	inMemory(t, "a minute of it", fairlead.Options{}, func(t *testing.T, c *fairlead.Client, fake *redistest.Fake) {
		p := subscribe(t, c, "news")
		pass(time.Minute)
		is(t, "fewer than 10 connections a second", fake.Conns() < 600, true)
		is(t, "and more than one each second", fake.Conns() > 60, true)
		getsGap(t, p)
	}, func(c *redistest.FakeConn) {
		c.AnswerHandshake()
		confirms(c, "news")
		c.Close()
	})
}

// TestShardChannelThatMoved: a server that takes a shard channel away is asked for it once more.
func TestShardChannelThatMoved(t *testing.T) {
	t.Parallel()
	inMemory(t, "and is still there", fairlead.Options{}, func(t *testing.T, c *fairlead.Client, _ *redistest.Fake) {
		p, err := c.SSubscribe(background, "news")
		must(t, err)
		says(t, getsGap(t, p), "the server took a shard channel away")
		gets(t, p, "back")
	}, func(c *redistest.FakeConn) {
		c.AnswerHandshake()
		c.ExpectCommand("SSUBSCRIBE", "news")
		c.Reply(answerPubSub([]string{"SSUBSCRIBE", "news"}))
		pass(time.Millisecond)
		c.Reply(answerPubSub([]string{"SUNSUBSCRIBE", "news"}))
		c.ExpectCommand("SSUBSCRIBE", "news")
		c.Reply(answerPubSub([]string{"SSUBSCRIBE", "news"}) + ">3\r\n" + bulk("smessage") + bulk("news") + bulk("back"))
		c.Hang()
	})
	inMemory(t, "and is refused by the old node", fairlead.Options{}, func(t *testing.T, c *fairlead.Client, _ *redistest.Fake) {
		p, err := c.SSubscribe(background, "news")
		must(t, err)
		_, err = receive(t, p)
		says(t, err, "MOVED 1234 other:6379")
	}, func(c *redistest.FakeConn) {
		c.AnswerHandshake()
		c.ExpectCommand("SSUBSCRIBE", "news")
		c.Reply(answerPubSub([]string{"SSUBSCRIBE", "news"}))
		pass(time.Millisecond)
		c.Reply(strings.Replace(answerPubSub([]string{"SUNSUBSCRIBE", "news"}), ":1", ":0", 1))
		c.ExpectCommand("SSUBSCRIBE", "news")
		c.Reply("-MOVED 1234 other:6379\r\n")
		c.Hang()
	})
}
