package pubsub

import (
	"context"
	"slices"
	"sync"
	"time"

	"github.com/fairlead-go/fairlead/internal/conn"
	"github.com/fairlead-go/fairlead/resp"
)

// A feed is the subscriptions that share one connection, and that connection. Whoever subscribes to a name first has it
// sent to the server, whoever leaves it last has that undone. One goroutine, keep, opens the connection, writes to it, watches over it,
// and opens the next one when it is lost; it runs while anybody is subscribed to anything.
type feed struct {
	cfg    *Config
	linger time.Duration // how long the connection is kept when nobody is subscribed any more
	wake   chan struct{} // has a token when keep has something to do

	// mu guards all fields below. A Subscription's lock and the connection's are taken under it. It is never held while something is
	// dialled, written or waited for.
	mu      sync.Mutex
	subs    map[*Subscription]struct{} // open
	topics  [kinds]map[string]*topic
	count   int                // topics
	kept    bool               // keep runs
	callOff context.CancelFunc // ends the opening of a connection
	closed  error              // why there are no subscriptions any more

	conn     *conn.Conn // nil: there is none
	owed     []order    // what the server has not answered, in the order of the stream
	fences   int        // how many of them are fences
	out      []byte     // what is to be written
	since    time.Time  // when it was opened
	left     time.Time  // when nobody was subscribed to anything any more
	proof    time.Time  // everything published before this has arrived
	heard    time.Time  // when last something was handed over
	restored bool       // the server has confirmed every topic that there was when the connection was opened
	news     bool       // messages have come since the last PING
	held     bool       // a subscription has no room, so nothing is read

	touched []*Subscription // have got something from the batch at hand
	ended   []*Subscription // ended meanwhile, and are still in the lists
}

// A topic is one name that somebody is subscribed to.
type topic struct {
	kind      Kind
	name      string
	confirmed bool // by the server, on the connection at hand
	refused   bool // the server does not have it: there is nothing to undo
	subs      []*Subscription
	tickets   []*ticket
}

// A ticket is a Subscribe that waits for the server.
type ticket struct {
	sub    *Subscription
	over   *conn.Conn // what a command for it was last sent over; nil: none was
	left   int        // topics that are not confirmed
	waits  []*topic   // these, and those confirmed meanwhile
	joined []*topic   // those that the subscription did not have before
	err    error
	done   chan struct{} // closed when left is 0 or there is an error
}

// settle is told about one of the ticket's topics. Called with feed.mu held.
func (t *ticket) settle(err error) {
	t.left--
	if t.err != nil || err == nil && t.left > 0 {
		return
	}
	t.err = err
	close(t.done)
}

// An order is a command that the server has not answered.
type order struct {
	verb  verb
	topic *topic // nil for PING
	sent  time.Time
	fence bool // once it is answered, and no other is owed, all topics are subscribed to again
}

func newFeed(cfg *Config, linger time.Duration) *feed {
	f := &feed{cfg: cfg, linger: linger, wake: make(chan struct{}, 1), subs: map[*Subscription]struct{}{}}
	for k := range kinds {
		f.topics[k] = map[string]*topic{}
	}
	return f
}

// order has a command sent. Called with f.mu held, while there is a connection.
func (f *feed) order(v verb, t *topic, now time.Time) {
	if t == nil {
		f.out = resp.AppendCommand(f.out, v.command)
	} else {
		f.out = resp.AppendCommand(f.out, v.command, t.name)
	}
	f.owed = append(f.owed, order{verb: v, topic: t, sent: now})
	signal(f.wake)
}

// fence makes the last order one whose answer ends an interruption. Called with f.mu held.
func (f *feed) fence() {
	f.owed[len(f.owed)-1].fence = true
	f.fences++
}

// enter takes a subscription in.
func (f *feed) enter(s *Subscription) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.closed != nil {
		return f.closed
	}
	if err := s.opts.Ended(); err != nil {
		return err
	}
	f.subs[s] = struct{}{}
	return nil
}

// leave takes a subscription out of all lists.
func (f *feed) leave(s *Subscription) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.leaveLocked(s)
}

// leaveLocked is leave with f.mu held.
func (f *feed) leaveLocked(s *Subscription) {
	delete(f.subs, s)
	err := s.closed()
	for k := range kinds {
		for _, t := range s.names[k] {
			f.failTickets(t, err, func(k *ticket) bool { return k.sub == s })
			f.drop(s, t)
		}
	}
}

// failTickets answers those Subscribes that wait for the topic and that the function picks. Called with f.mu held.
func (f *feed) failTickets(t *topic, err error, which func(*ticket) bool) {
	t.tickets = slices.DeleteFunc(t.tickets, func(k *ticket) bool {
		if !which(k) {
			return false
		}
		k.settle(err)
		return true
	})
}

// join makes the subscription one of the topic's. The ticket waits for the topic if the server has not confirmed it. Called with f.mu
// held.
func (f *feed) join(s *Subscription, kind Kind, name string, k *ticket) {
	t := f.topics[kind][name]
	if t == nil {
		t = &topic{kind: kind, name: name}
		f.topics[kind][name] = t
		f.count++
		if f.conn != nil {
			f.order(begin[kind], t, time.Now())
		}
	}
	if s.names[kind][name] != t {
		if s.names[kind] == nil {
			s.names[kind] = map[string]*topic{}
		}
		s.names[kind][name] = t
		t.subs = append(t.subs, s)
		k.joined = append(k.joined, t)
	}
	if t.confirmed {
		s.establish(time.Now())
	} else {
		t.tickets = append(t.tickets, k)
		k.waits = append(k.waits, t)
		k.left++
		if f.conn != nil {
			k.over = f.conn
		}
	}
}

// drop takes the subscription off the topic, and the topic off the server if it was the last one. Called with f.mu held.
func (f *feed) drop(s *Subscription, t *topic) {
	if s.names[t.kind][t.name] != t {
		return
	}
	delete(s.names[t.kind], t.name)
	f.failTickets(t, errLeft, func(k *ticket) bool { return k.sub == s })
	if i := slices.Index(t.subs, s); i >= 0 {
		last := len(t.subs) - 1
		t.subs[i], t.subs[last] = t.subs[last], nil
		t.subs = t.subs[:last]
	}
	if len(t.subs) > 0 || t.refused {
		return
	}
	f.forget(t)
	if f.conn != nil {
		f.order(end[t.kind], t, time.Now())
	}
}

// forget takes a topic off the table. Called with f.mu held.
func (f *feed) forget(t *topic) {
	delete(f.topics[t.kind], t.name)
	f.count--
	if f.count > 0 {
		return
	}
	f.left = time.Now()
	if f.conn == nil && f.callOff != nil {
		f.callOff() // nobody needs the connection that is being opened
	}
	signal(f.wake)
}

// endAll ends the subscriptions that the function picks. What they have in their queues can still be received.
func (f *feed) endAll(err error, which func(*Subscription) bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.endLocked(err, which)
}

// endLocked is endAll with f.mu held.
func (f *feed) endLocked(err error, which func(*Subscription) bool) {
	for s := range f.subs {
		if which(s) {
			s.end(err, false)
			f.leaveLocked(s)
		}
	}
}

func everybody(*Subscription) bool { return true }

// close ends everything. The connection is closed by keep, or by the pool.
func (f *feed) close(err error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.closed = err
	f.endLocked(err, everybody)
	signal(f.wake)
}
