package pubsub

import (
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/fairlead-go/fairlead/internal/conn"
	"github.com/fairlead-go/fairlead/redis"
	"github.com/fairlead-go/fairlead/resp"
)

// take is given what arrives, by the goroutine that reads the connection.
func (f *feed) take(c *conn.Conn, elements []resp.Reply) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.conn != c { // it was lost, and the subscriptions will be told since when
		return nil
	}
	defer f.handOver()
	now := time.Now()
	for _, element := range elements {
		a := read(element)
		if !a.isMessage() {
			if err := f.answered(a, now); err != nil {
				return err
			}
			continue
		}
		if a.cut {
			return errCut
		}
		f.news = true
		if !f.publish(c, a, now) {
			return nil
		}
	}
	f.heard = now
	return nil
}

var errCut = errors.New("the server sent a message that lacks a part")

// handOver wakes those who have got something, and takes those off the lists that have ended. Called with f.mu held.
func (f *feed) handOver() {
	for _, s := range f.touched {
		s.touched = false
		signal(s.arrived)
	}
	clear(f.touched)
	f.touched = f.touched[:0]
	for _, s := range f.ended {
		f.leaveLocked(s)
	}
	f.ended = nil
}

// publish gives a message to the subscriptions of its topic. It reports false if the connection was lost while it waited for room in
// one. Called with f.mu held, which it gives up while it waits.
func (f *feed) publish(c *conn.Conn, a arrival, now time.Time) bool {
	t := f.topics[a.kind][a.name]
	if t == nil || !t.confirmed {
		return true // it was left meanwhile
	}
	i := item{message: redis.Message{Channel: t.name, Payload: a.text}, since: f.proof.UnixNano()}
	if a.kind == Pattern {
		i.message.Channel, i.message.Pattern = a.from, t.name
	}
	for n := 0; n < len(t.subs); n++ {
		s := t.subs[n]
		f.touch(s)
		for !s.put(i, now) { // it has the connection to itself
			f.handOver()
			f.held = true
			f.mu.Unlock()
			s.awaitRoom(c.Closed())
			f.mu.Lock()
			f.held, f.heard = false, time.Now()
			if f.conn != c {
				return false
			}
			f.touch(s)
		}
	}
	return true
}

// touch notes that a subscription has got something. Called with f.mu held.
func (f *feed) touch(s *Subscription) {
	if !s.touched {
		s.touched = true
		f.touched = append(f.touched, s)
	}
}

// answered is told of an answer to the oldest order. Called with f.mu held.
func (f *feed) answered(a arrival, now time.Time) error {
	switch {
	case a.none:
		return nil // a push that is for others
	case len(f.owed) == 0 && a.err != nil:
		return a.err // the server's last words
	case len(f.owed) == 0 || a.err == nil && !f.owed[0].answeredBy(a):
		return f.unasked(a, now)
	}
	o := f.owed[0]
	f.owed[0] = order{}
	f.owed = f.owed[1:]
	f.proof = o.sent
	switch {
	case o.topic == nil || o.verb == end[o.topic.kind]: // PING, or an end that nobody waits for
	case a.err != nil:
		if err := f.refused(o, a.err, now); err != nil {
			return err
		}
	default:
		o.topic.confirmed = true
		for _, k := range o.topic.tickets {
			k.sub.establish(now)
			k.settle(nil)
		}
		o.topic.tickets = nil
	}
	if o.fence {
		f.fences--
		if f.fences == 0 {
			f.resume(now)
		}
	}
	return nil
}

// answeredBy reports whether this is the answer to the order.
func (o *order) answeredBy(a arrival) bool {
	return a.verb == o.verb && (o.topic == nil || o.topic.name == a.name)
}

// unasked is an answer to nothing: the server may take a shard channel away when its slot goes to another node; then it is asked
// where it has gone. Called with f.mu held.
func (f *feed) unasked(a arrival, now time.Time) error {
	if a.verb != end[Shard] {
		return errUnasked
	}
	if t := f.topics[Shard][a.name]; t != nil && t.confirmed {
		t.confirmed = false
		for _, s := range t.subs {
			f.lose(s, errTaken)
		}
		f.order(begin[Shard], t, now)
		f.fence()
	}
	return nil
}

var errTaken = errors.New("the server took a shard channel away, as its slot has moved")

var errUnasked = errors.New("the server sent an answer that no command of a subscription asked for")

// refused is told that the server does not let us subscribe to a topic. Whoever asks for it now gets the error; who had it on an earlier
// connection loses it, and ends. If the server may soon think better of it, the connection is given up, and tried again, instead.
// Called with f.mu held.
func (f *feed) refused(o order, err error, now time.Time) error {
	t := o.topic
	err = explain(o.verb, err)
	asking := map[*Subscription]bool{}
	for _, k := range t.tickets {
		if slices.Contains(k.joined, t) {
			asking[k.sub] = true
		}
		k.settle(err)
	}
	t.tickets = nil
	if f.topics[t.kind][t.name] != t {
		return nil // everybody has left
	}
	if slices.ContainsFunc(t.subs, func(s *Subscription) bool { return !asking[s] }) && f.cfg.MayRecover(err) {
		return err
	}
	t.refused = true
	f.forget(t)
	for _, s := range slices.Clone(t.subs) {
		if !asking[s] {
			s.end(err, false)
			f.leaveLocked(s)
		}
	}
	return nil
}

// explain adds what to do to a refusal.
func explain(v verb, err error) error {
	e, ok := err.(*resp.Error)
	switch {
	case !ok:
	case e.Code == "NOPERM":
		return fmt.Errorf("%w; the user's ACL must allow %s, and the channel (\"&channel\", or a pattern as it is written)", err, v.command)
	case v == begin[Shard] && e.Code == "ERR":
		return fmt.Errorf("%w; shard channels need Redis 7.0", err)
	}
	return err
}

// resume tells the subscriptions that were interrupted that they are whole again. Called with f.mu held.
func (f *feed) resume(now time.Time) {
	f.restored = true
	for s := range f.subs {
		if s.missing != nil {
			s.resumed(now)
			f.touch(s)
		}
	}
}
