package pubsub

import (
	"context"
	"errors"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/fairlead-go/fairlead/internal/conn"
	"github.com/fairlead-go/fairlead/redis"
)

// offline is subscriptions whose server cannot be reached, in a bubble.
func offline(t *testing.T, test func(t *testing.T, s *Subscription)) {
	t.Helper()
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		all := New(Config{
			Open:       func(ctx context.Context) (*conn.Conn, error) { <-ctx.Done(); return nil, ctx.Err() },
			MayRecover: func(error) bool { return false },
			Pause:      func(context.Context, int) {},
			Failed:     func(_ Attempt, err error) error { return err },
		})
		s, err := all.Open(Options{QueueBytes: 1000, Ended: func() error { return nil }})
		if err != nil {
			t.Fatal(err)
		}
		test(t, s)
		all.Close(s, errLeft)
		synctest.Wait()
	})
}

var a = Names{Channel: {"a"}}

// TestSubscribeOfANameThatAnotherSubscribeGivesUp: the name stays for the one that still wants it.
func TestSubscribeOfANameThatAnotherSubscribeGivesUp(t *testing.T) {
	offline(t, func(t *testing.T, s *Subscription) {
		ctx, cancel := context.WithCancel(context.Background())
		first, second := make(chan error, 1), make(chan error, 1)
		go func() { first <- s.Add(ctx, a) }()
		synctest.Wait()
		go func() { second <- s.Add(context.Background(), a) }()
		synctest.Wait()
		cancel()
		if err := <-first; !errors.Is(err, context.Canceled) {
			t.Errorf("the first got %v", err)
		}
		s.feed.mu.Lock()
		if s.names[Channel]["a"] == nil {
			t.Error("the name is gone, for which the second waits")
		}
		s.feed.mu.Unlock()
		if err := s.Remove(a); err != nil {
			t.Fatal(err)
		}
		if err := <-second; !errors.Is(err, errLeft) {
			t.Errorf("the second got %v, want to hear that the name was taken away", err)
		}
	})
}

// TestRefusalOfANameThatWasThereBefore ends the subscription, though it asked for the name again meanwhile.
func TestRefusalOfANameThatWasThereBefore(t *testing.T) {
	offline(t, func(t *testing.T, s *Subscription) {
		f := s.feed
		f.mu.Lock()
		f.join(s, Channel, "a", &ticket{sub: s, left: 1, done: make(chan struct{})})
		topic := f.topics[Channel]["a"]
		topic.confirmed, topic.tickets = true, nil
		s.establish(time.Now())
		f.interrupt(errors.New("connection lost"))
		f.mu.Unlock()
		ctx, cancel := context.WithTimeout(context.Background(), time.Millisecond)
		defer cancel()
		if err := s.Add(ctx, a); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("asked for again in vain: %v", err)
		}
		if len(topic.tickets) != 0 {
			t.Errorf("%d who wait for the name are left behind", len(topic.tickets))
		}
		f.mu.Lock()
		defer f.mu.Unlock()
		if err := f.refused(order{verb: begin[Channel], topic: topic}, errors.New("NOPERM"), time.Now()); err != nil {
			t.Fatal(err)
		}
		if s.closed() == nil {
			t.Error("the subscription lost its only name and was not ended")
		}
	})
}

// TestTwoReceiveAGapAndAMessage: one wake-up stands for both.
func TestTwoReceiveAGapAndAMessage(t *testing.T) {
	offline(t, func(t *testing.T, s *Subscription) {
		got := make(chan error, 2)
		for range 2 {
			go func() {
				_, err := s.Receive(t.Context())
				got <- err
			}()
		}
		synctest.Wait()
		s.mu.Lock()
		s.queue.putGap(interrupted(time.Now(), time.Now(), errors.New("connection lost")))
		s.mu.Unlock()
		s.put(item{message: redis.Message{Payload: "x"}}, time.Now())
		signal(s.arrived)
		synctest.Wait()
		if len(got) != 2 {
			t.Errorf("%d of two have received, though there was something for both", len(got))
		}
	})
}

// TestGapBehindAMessageLargerThanTheQueue: there is room for it, so that the message is not dropped.
func TestGapBehindAMessageLargerThanTheQueue(t *testing.T) {
	t.Parallel()
	q := queue{limit: 100, policy: Block}
	q.put(item{message: redis.Message{Payload: strings.Repeat("x", 200)}}, time.Time{})
	q.putGap(interrupted(time.Time{}, time.Time{}, errors.New("connection lost")))
	if i := q.pop(); i.gap != nil {
		t.Errorf("the message was dropped: %v", i.gap)
	}
	if i := q.pop(); i.gap == nil || i.gap.Dropped != 0 {
		t.Errorf("got %+v, want the gap", i)
	}
}
