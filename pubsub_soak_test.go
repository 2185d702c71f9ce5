package fairlead_test

import (
	"context"
	"errors"
	"os"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/fairlead-go/fairlead"
	"github.com/fairlead-go/fairlead/redistest"
)

// soakTime is how long a soak test runs that takes time and not commands: FAIRLEAD_SOAK_TIME, such as 20s, or 2 s.
func soakTime(t *testing.T) time.Duration {
	text := os.Getenv("FAIRLEAD_SOAK_TIME")
	if text == "" {
		return 2 * time.Second
	}
	d, err := time.ParseDuration(text)
	if err != nil {
		t.Fatalf("FAIRLEAD_SOAK_TIME is no time: %v", err)
	}
	return d
}

// A published is when a numbered message was published: between two moments.
type published struct{ from, to time.Time }

// A press publishes numbered messages until it is stopped, and remembers when.
type press struct {
	mu   sync.Mutex // guards when
	when []published
}

// run publishes to a channel until stop, and then says "end" until told that everybody has heard that.
func (p *press) run(t *testing.T, c *fairlead.Client, channel string, stop <-chan struct{}, heard *atomic.Bool) {
	for n := 0; ; n++ {
		text := strconv.Itoa(n)
		select {
		case <-stop:
			text = "end"
		default:
		}
		from := time.Now()
		if _, err := c.Publish(background, channel, text); err != nil {
			t.Errorf("publishing failed, which nobody disturbs: %v", err)
			return
		}
		if text == "end" {
			if heard.Load() {
				return
			}
			continue
		}
		p.mu.Lock()
		p.when = append(p.when, published{from, time.Now()})
		p.mu.Unlock()
	}
}

// missing demands that a message that was not received lies in one of the gaps.
func (p *press) missing(t *testing.T, n int, gaps []*fairlead.GapError) {
	p.mu.Lock()
	when := p.when[n]
	p.mu.Unlock()
	for _, gap := range gaps {
		if !when.to.Before(gap.Since) && !when.from.After(gap.Until) {
			return
		}
	}
	t.Errorf("message %d is missing, published between %v and %v, and lies in no gap", n, when.from, when.to)
}

// follow receives until "end" and returns how many messages came, were missing, and how many gaps there were.
func (p *press) follow(t *testing.T, sub *fairlead.PubSub) (came, missing, gaps int) {
	ctx, cancel := context.WithTimeout(background, soakTime(t)+time.Minute)
	defer cancel()
	next := 0
	var open []*fairlead.GapError // since the last message
	for m, err := range sub.Messages(ctx) {
		var gap *fairlead.GapError
		switch {
		case errors.As(err, &gap):
			open = append(open, gap)
			gaps++
			continue
		case err != nil:
			t.Errorf("the subscription ended: %v", err)
			return came, missing, gaps
		}
		p.mu.Lock()
		n := len(p.when)
		p.mu.Unlock()
		end := m.Payload == "end"
		if !end {
			n, err = strconv.Atoi(m.Payload)
			must(t, err)
		}
		if n < next {
			t.Errorf("message %d came when %d was next: twice, or out of order", n, next)
		}
		for lost := next; lost < n; lost++ {
			p.missing(t, lost, open)
			missing++
		}
		if end {
			return came, missing, gaps
		}
		next = n + 1
		came++
		open = nil
	}
	return came, missing, gaps
}

// TestSoakEveryMissingMessageLiesInAGap kills the subscriptions' connections every 200 ms. Subscribers count messages: whichever is
// missing must have been published within a gap that was reported just there. One of them has too small a queue, one blocks.
func TestSoakEveryMissingMessageLiesInAGap(t *testing.T) {
	t.Parallel()
	s := redistest.Start(t)
	c := open(t, s.URL())
	subs := map[string]*fairlead.PubSub{
		"dropping, RESP3": subscribeWith(t, c, fairlead.SubscribeArgs{Channels: []string{"news"}}),
		"tiny, RESP3":     subscribeWith(t, c, fairlead.SubscribeArgs{Channels: []string{"news"}, QueueBytes: 1000}),
		"blocking, RESP3": subscribeWith(t, c, fairlead.SubscribeArgs{Channels: []string{"news"}, QueueBytes: 10_000, Overflow: fairlead.OverflowBlock}),
		"pattern, RESP2":  subscribeWith(t, open(t, s.URL()+"?protocol=2"), fairlead.SubscribeArgs{Patterns: []string{"n*"}}),
	}
	var p press
	var heard atomic.Bool
	var followers, presses sync.WaitGroup
	stop := make(chan struct{})
	publisher := open(t, s.URL())
	presses.Go(func() { p.run(t, publisher, "news", stop, &heard) })
	for name, sub := range subs {
		followers.Go(func() {
			came, missing, gaps := p.follow(t, sub)
			t.Logf("%-16s %d messages came, %d were missing, %d gaps", name, came, missing, gaps)
			if came == 0 || gaps == 0 {
				t.Errorf("%s: %d messages and %d gaps show nothing", name, came, gaps)
			}
		})
	}
	kills := 0
	tick := time.NewTicker(200 * time.Millisecond)
	defer tick.Stop()
	for began := time.Now(); time.Since(began) < soakTime(t); kills++ {
		<-tick.C
		_, err := s.Do("CLIENT", "KILL", "TYPE", "pubsub")
		must(t, err)
	}
	close(stop)
	followers.Wait()
	heard.Store(true)
	presses.Wait()
	p.mu.Lock()
	t.Logf("%d messages were published in %v, %d times the connections were killed", len(p.when), soakTime(t), kills)
	p.mu.Unlock()
}
