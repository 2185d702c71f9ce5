// Package pubsub is subscriptions: what is published to the channels, patterns and shard channels that a program asked for. All
// subscriptions of a pool share one connection, except those that may hold it up; each has a queue of its own. When a connection is lost
// the next one is subscribed to the same, and every subscription is told between when and when messages may be missing.
package pubsub

import (
	"context"
	"sync"
	"time"

	"github.com/fairlead-go/fairlead/internal/conn"
)

// A Config says how subscriptions get their connections. It is not changed once in use.
type Config struct {
	Open       func(ctx context.Context) (*conn.Conn, error) // a connection of one's own, which owes nothing
	MayRecover func(err error) bool                          // another try may succeed where there was this error
	Pause      func(ctx context.Context, try int) bool       // waits before the try after this one; false: the context has ended
	Failed     func(call Attempt, err error) error           // the error of a Subscribe
	MaxRetries int                                           // how often a connection is tried again for who is not subscribed yet
	Timeout    time.Duration                                 // bounds a Subscribe whose context has no deadline, and a PING; 0 or less: no bound
	Silence    time.Duration                                 // how long the server may be silent before PING is sent
}

// An Attempt is a Subscribe that failed.
type Attempt struct {
	Command string
	Conn    *conn.Conn // what it was sent over; nil: it was not
	Began   time.Time
}

// Subscriptions are those of one pool to one server. They are safe for concurrent use.
type Subscriptions struct {
	cfg    Config
	shared *feed

	mu     sync.Mutex         // guards the fields below; feed.mu is taken under it
	alone  map[*feed]struct{} // those of subscriptions that have a connection to themselves
	closed error
}

// New returns no subscriptions yet. It does no I/O.
func New(cfg Config) *Subscriptions {
	s := &Subscriptions{cfg: cfg, alone: map[*feed]struct{}{}}
	s.shared = newFeed(&s.cfg, linger)
	return s
}

// linger is how long the shared connection outlives the last subscription: often the next one comes soon.
const linger = time.Second

// Open returns a subscription to nothing yet. It does no I/O. The error is why there are no more subscriptions.
func (a *Subscriptions) Open(o Options) (*Subscription, error) {
	s := &Subscription{feed: a.shared, opts: o, arrived: make(chan struct{}, 1), room: make(chan struct{}, 1), over: make(chan struct{})}
	s.queue = queue{limit: o.QueueBytes, policy: o.Overflow}
	a.mu.Lock()
	defer a.mu.Unlock()
	if o.Overflow == Block {
		s.feed = newFeed(&a.cfg, 0)
		if a.closed != nil {
			return nil, a.closed
		}
		a.alone[s.feed] = struct{}{}
	}
	if err := s.feed.enter(s); err != nil {
		delete(a.alone, s.feed)
		return nil, err
	}
	return s, nil
}

// Close ends a subscription: Receive returns err from now on.
func (a *Subscriptions) Close(s *Subscription, err error) {
	s.Close(err)
	if s.feed != a.shared {
		a.mu.Lock()
		delete(a.alone, s.feed)
		a.mu.Unlock()
	}
}

// EndOf ends the subscriptions of one owner, which must begin no more. What has arrived can still be received.
func (a *Subscriptions) EndOf(owner any, err error) {
	for _, f := range a.feeds() {
		f.endAll(err, func(s *Subscription) bool { return s.opts.Owner == owner })
	}
}

// End ends all subscriptions. What has arrived can still be received.
func (a *Subscriptions) End(err error) {
	a.mu.Lock()
	a.closed = err
	a.mu.Unlock()
	for _, f := range a.feeds() {
		f.close(err)
	}
}

func (a *Subscriptions) feeds() []*feed {
	a.mu.Lock()
	defer a.mu.Unlock()
	all := []*feed{a.shared}
	for f := range a.alone {
		all = append(all, f)
	}
	return all
}
