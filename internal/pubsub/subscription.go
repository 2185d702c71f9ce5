package pubsub

import (
	"context"
	"sync"
	"time"

	"github.com/fairlead-go/fairlead/internal/conn"
	"github.com/fairlead-go/fairlead/redis"
)

// Options say how a subscription is to be.
type Options struct {
	QueueBytes int // bytes of messages that may wait to be received
	Overflow   Policy
	Owner      any          // whose it is, for EndOf; comparable
	Ended      func() error // why the owner begins no subscriptions any more, or nil
}

// A Subscription receives what is published to the names it has. It is safe for concurrent use.
type Subscription struct {
	feed *feed
	opts Options

	// These four are guarded by feed.mu.
	names       [kinds]map[string]*topic
	established time.Time // when the server confirmed a name of it first
	missing     *missing  // what it may have missed and was not told of in full; nil: nothing
	touched     bool      // it got something from the batch at hand

	arrived chan struct{} // has a token when there may be something to receive
	room    chan struct{} // has a token when there may be room in the queue
	over    chan struct{} // closed when nothing more is put into the queue

	mu      sync.Mutex // guards all fields below; taken under feed.mu, and calls nothing
	queue   queue
	waiting int   // how many Receive wait
	full    bool  // the feed waits for room
	err     error // why nothing more is put into the queue
}

// missing is an interruption that is not over, or whose end the subscription was not told of.
type missing struct {
	since time.Time
	err   error // why
	told  bool  // the subscription was told of it before a message, and will be told once more when it is over
}

// Receive returns the next message, waiting for it until the context ends. A *GapError says that messages may be missing before the next
// one; it is not the end. After any other error but the context's there is nothing more to receive.
func (s *Subscription) Receive(ctx context.Context) (redis.Message, error) {
	if ctx.Err() != nil {
		return redis.Message{}, conn.ContextError(ctx)
	}
	for {
		s.mu.Lock()
		if i, ok := s.next(); ok {
			s.mu.Unlock()
			if i.gap != nil {
				return redis.Message{}, i.gap
			}
			return i.message, nil
		}
		if s.err != nil {
			defer s.mu.Unlock()
			return redis.Message{}, s.err
		}
		s.waiting++
		s.mu.Unlock()
		var err error
		select {
		case <-s.arrived:
		case <-s.over:
		case <-ctx.Done():
			err = conn.ContextError(ctx)
		}
		s.mu.Lock()
		s.waiting--
		s.mu.Unlock()
		if err != nil {
			s.passOn() // the token may have been taken in the same moment
			return redis.Message{}, err
		}
	}
}

// next takes what is to be received next. Called with s.mu held.
func (s *Subscription) next() (item, bool) {
	if gap := s.queue.lost; gap != nil {
		s.queue.lost = nil
		if s.waiting > 0 && s.queue.size > 0 {
			signal(s.arrived) // as below
		}
		return item{gap: gap}, true
	}
	if s.queue.size == 0 {
		return item{}, false
	}
	i := s.queue.pop()
	if s.full {
		s.full = false
		signal(s.room)
	}
	if s.waiting > 0 && s.queue.size > 0 {
		signal(s.arrived) // one token stood for more than one message
	}
	return i, true
}

// passOn wakes another receiver if there is something for it.
func (s *Subscription) passOn() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.queue.size > 0 || s.queue.lost != nil {
		signal(s.arrived)
	}
}

// signal puts a token into a channel that has room for one, unless there is one.
func signal(ch chan struct{}) {
	select {
	case ch <- struct{}{}:
	default:
	}
}

// put is given a message and reports false if that has to wait for room. Called with feed.mu held.
func (s *Subscription) put(i item, now time.Time) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if m := s.missing; m != nil && !m.told { // before the first message, though the end of the interruption is not known yet
		m.told = true
		s.queue.putGap(interrupted(m.since, now, m.err))
	}
	switch {
	case s.err != nil:
	case s.queue.policy == DropOldest || s.queue.hasRoom(&i):
		s.queue.put(i, now)
	case s.queue.policy == End:
		s.finish(slowError(s.queue.bytes))
		s.feed.ended = append(s.feed.ended, s)
	default:
		s.full = true
		return false
	}
	return true
}

// resumed is told that the interruption is over. Called with feed.mu held.
func (s *Subscription) resumed(now time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.err == nil {
		s.queue.putGap(interrupted(s.missing.since, now, s.missing.err))
	}
	s.missing = nil
}

// establish notes that the server has confirmed a name of the subscription. Called with feed.mu held.
func (s *Subscription) establish(now time.Time) {
	if s.established.IsZero() {
		s.established = now
	}
}

// has reports whether the subscription has any names. Called with feed.mu held.
func (s *Subscription) has() bool {
	return len(s.names[Channel])+len(s.names[Pattern])+len(s.names[Shard]) > 0
}

// awaitRoom waits until there is room in the queue, or nobody needs it any more.
func (s *Subscription) awaitRoom(lost <-chan struct{}) {
	select {
	case <-s.room:
	case <-s.over:
	case <-lost:
	}
}

// finish lets nothing more be put into the queue. Called with s.mu held.
func (s *Subscription) finish(err error) {
	if s.err == nil {
		s.err = err
		close(s.over)
	}
}

// end is finish; drop empties the queue too.
func (s *Subscription) end(err error, drop bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.finish(err)
	if drop {
		s.queue.clear()
		s.err = err
	}
}

// Close ends the subscription: what was not received is dropped, and Receive returns err from now on.
func (s *Subscription) Close(err error) {
	s.end(err, true)
	s.feed.leave(s)
}
