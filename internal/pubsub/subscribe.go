package pubsub

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/fairlead-go/fairlead/internal/conn"
)

// Add subscribes to names and returns when the server has confirmed all of them. If it does not, none of those that the subscription did not
// have before are left. A name that it has already changes nothing.
func (s *Subscription) Add(ctx context.Context, names Names) error {
	f, began := s.feed, time.Now()
	if names.len() == 0 {
		return f.cfg.Failed(Attempt{begin[Channel].command, nil, began}, errNothing)
	}
	command := ""
	for k := range kinds {
		if len(names[k]) > 0 && command == "" {
			command = begin[k].command
		}
	}
	t := &ticket{sub: s, left: 1, done: make(chan struct{})} // 1: this function itself
	f.mu.Lock()
	if err := s.closed(); err != nil {
		f.mu.Unlock()
		return f.cfg.Failed(Attempt{command, nil, began}, err)
	}
	for k := range kinds {
		for _, name := range names[k] {
			f.join(s, k, name, t)
		}
	}
	t.settle(nil)
	f.start()
	f.mu.Unlock()
	err := t.wait(ctx, f.cfg.Timeout)
	f.mu.Lock()
	defer f.mu.Unlock()
	if err == nil {
		return nil
	}
	for _, topic := range t.waits {
		topic.tickets = slices.DeleteFunc(topic.tickets, func(other *ticket) bool { return other == t })
	}
	for _, topic := range t.joined {
		if i := slices.IndexFunc(topic.tickets, func(other *ticket) bool { return other.sub == s }); i >= 0 {
			topic.tickets[i].joined = append(topic.tickets[i].joined, topic) // another Subscribe still wants it
			continue
		}
		f.drop(s, topic)
	}
	return f.cfg.Failed(Attempt{command, t.over, began}, err)
}

// errLeft is the error of a Subscribe whose name was taken away meanwhile.
var errLeft = errors.New("the name was unsubscribed before the server had confirmed it")

var errNothing = errors.New("there is nothing to subscribe to: name at least one channel or pattern")

// wait waits until the ticket is settled, or the context or the time is over.
func (t *ticket) wait(ctx context.Context, limit time.Duration) error {
	var late <-chan time.Time
	if _, has := ctx.Deadline(); !has && limit > 0 {
		timer := time.NewTimer(limit)
		defer timer.Stop()
		late = timer.C
	}
	select {
	case <-t.done:
		return t.err
	case <-ctx.Done():
		return conn.ContextError(ctx)
	case <-late:
		return conn.ErrTimeout
	}
}

// Remove ends the subscription to names, of each kind to all where the list is empty and not nil. It does not wait for the server: what
// arrives from now on is not received, what has arrived before is. Names that the subscription does not have change nothing.
func (s *Subscription) Remove(names Names) error {
	f := s.feed
	f.mu.Lock()
	defer f.mu.Unlock()
	if err := s.closed(); err != nil {
		return err
	}
	for k := range kinds {
		if names[k] != nil && len(names[k]) == 0 {
			for _, t := range s.names[k] {
				f.drop(s, t)
			}
		}
		for _, name := range names[k] {
			if t := s.names[k][name]; t != nil {
				f.drop(s, t)
			}
		}
	}
	return nil
}

// closed is why nothing more is put into the queue.
func (s *Subscription) closed() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.err
}
