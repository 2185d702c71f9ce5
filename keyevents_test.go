package fairlead_test

import (
	"testing"

	"github.com/fairlead-go/fairlead"
	"github.com/fairlead-go/fairlead/redistest"
)

func TestKeyEvents(t *testing.T) {
	t.Parallel()
	for _, product := range redistest.Servers(t) {
		t.Run(product.Name, func(t *testing.T) {
			t.Parallel()
			s := redistest.Start(t, redistest.Binary(product.Binary), redistest.Config("notify-keyspace-events KA"))
			for _, url := range []string{s.URL(), s.URL() + "?protocol=2"} {
				keyEvents(t, open(t, url))
			}
		})
	}
}

func keyEvents(t *testing.T, c *fairlead.Client) {
	events, err := c.DB(3).SubscribeKeyEvents(background, "user:*", "one")
	must(t, err)
	must(t, c.Set(background, "user:0", "in another database", 0))
	must(t, c.DB(3).Set(background, "user:1", "Ada", 0))
	must(t, c.DB(3).Set(background, "two", "nobody asked for this key", 0))
	_, err = c.DB(3).LPush(background, "one", "x")
	must(t, err)
	_, err = c.DB(3).Del(background, "user:1", "one")
	must(t, err)
	var got []fairlead.KeyEvent
	for e, err := range events.Events(t.Context()) {
		must(t, err)
		if got = append(got, e); len(got) == 4 {
			break
		}
	}
	same(t, "events", got, []fairlead.KeyEvent{{3, "user:1", "set"}, {3, "one", "lpush"}, {3, "user:1", "del"}, {3, "one", "del"}})
	must(t, events.Close())
	_, err = events.Receive(background)
	wraps(t, err, fairlead.ErrClosed)
}

// TestKeyEventsThatTheServerDoesNotPublish would never come: that is said at once, with what to do.
func TestKeyEventsThatTheServerDoesNotPublish(t *testing.T) {
	t.Parallel()
	s := redistest.Start(t)
	c := open(t, s.URL())
	for _, setting := range []string{"", "EA", "KE"} { // nothing; events by their name only; no kind of event
		_, err := s.Do("CONFIG", "SET", "notify-keyspace-events", setting)
		must(t, err)
		_, err = c.SubscribeKeyEvents(background, "k")
		says(t, err, "the server publishes no events of keys, since its setting notify-keyspace-events is", "CONFIG SET notify-keyspace-events KA")
	}
	_, err := c.SubscribeKeyEvents(background)
	says(t, err, "notify-keyspace-events")
	_, err = s.Do("CONFIG", "SET", "notify-keyspace-events", "K$")
	must(t, err)
	_, err = c.SubscribeKeyEvents(background)
	says(t, err, "there is nothing to subscribe to")
	_, err = s.Do("ACL", "SETUSER", "ada", "on", ">"+secret, "allcommands", "-config", "allkeys", "allchannels")
	must(t, err)
	restricted := openTo(t, &fairlead.Options{Addr: s.Addr(), Username: "ada", Password: secret})
	events, err := restricted.SubscribeKeyEvents(background, "k") // who may not ask for the setting may subscribe all the same
	must(t, err)
	must(t, restricted.Set(background, "k", "v", 0))
	e, err := events.Receive(background)
	must(t, err)
	is(t, "event", e, fairlead.KeyEvent{DB: 0, Key: "k", Event: "set"})
}
