package fairlead_test

import (
	"context"
	"fmt"
	"os"
	"sync"
	"testing"
	"time"

	"github.com/fairlead-go/fairlead"
	"github.com/fairlead-go/fairlead/redis"
	"github.com/fairlead-go/fairlead/redistest"
)

// shortOrFull is how long a test goes on: full if FAIRLEAD_SOAK is set, else for as short as every run of the tests can bear.
func shortOrFull(short, full time.Duration) time.Duration {
	if os.Getenv("FAIRLEAD_SOAK") == "" {
		return short
	}
	return full
}

// A ledger counts how often each entry was handled.
type ledger struct {
	mu    sync.Mutex // guards times
	times map[string]int
}

func (l *ledger) handled(id string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.times[id]++
}

// more returns how many entries were handled, and how many of them more than once.
func (l *ledger) more() (all, twice int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, n := range l.times {
		if n > 1 {
			twice++
		}
	}
	return len(l.times), twice
}

// TestConsumeWhileConnectionsAreKilled: three loops, one of which acknowledges by itself, while the server kills connections.
// Every entry is handled.
func TestConsumeWhileConnectionsAreKilled(t *testing.T) {
	t.Parallel()
	s := redistest.Start(t)
	c := openTo(t, &fairlead.Options{Addr: s.Addr()})
	must(t, c.XGroupCreateMkStream(background, "s", "g", "0"))
	ctx, cancel := context.WithCancel(background)
	handled := ledger{times: map[string]int{}}
	var loops sync.WaitGroup
	told := make([]int, 3)
	for i := range told {
		loops.Go(func() {
			args := fairlead.ConsumeArgs{
				Group: "g", Consumer: fmt.Sprint(i), Streams: []string{"s"}, MinIdle: 200 * time.Millisecond, Count: 10, AutoAck: i == 0,
			}
			for m, err := range c.Consume(ctx, args) {
				if err != nil {
					told[i]++
					continue
				}
				handled.handled(m.ID)
				if !args.AutoAck {
					_ = m.Ack(ctx) // if that fails, it comes again
				}
			}
		})
	}
	stop := make(chan struct{})
	killed := killEvery(s, 10*time.Millisecond, stop)
	added := addFor(t, s, "s", shortOrFull(time.Second, 30*time.Second))
	close(stop)
	kills := <-killed
	redistest.Eventually(t, 4*patience, "everything is read and acknowledged", func() bool { return allDone(c, "s", "g") })
	cancel()
	loops.Wait()
	all, twice := handled.more()
	is(t, "entries handled", all, added)
	is(t, "the kills were felt", told[0]+told[1]+told[2] > 3, true)
	t.Logf("%d entries, %d of them handled more than once; %d kills, %v errors told", all, twice, kills, told)
}

// addFor adds entries to a stream for so long, about one each half millisecond, and returns how many.
func addFor(t *testing.T, s *redistest.Server, stream string, long time.Duration) (added int) {
	t.Helper()
	tick := time.NewTicker(500 * time.Microsecond)
	defer tick.Stop()
	for end := time.After(long); ; {
		select {
		case <-end:
			return added
		case <-tick.C:
			_, err := s.Do("XADD", stream, "*", "n", fmt.Sprint(added))
			must(t, err)
			added++
		}
	}
}

// allDone reports whether a group has read and acknowledged all that a stream has.
func allDone(c *fairlead.Client, stream, group string) bool {
	p := c.Pipeline()
	length := fairlead.Queue(p, redis.XInfoStream(stream))
	groups := fairlead.Queue(p, redis.XInfoGroups(stream))
	if p.Exec(background) != nil {
		return false
	}
	info, err := length.Result()
	if err != nil {
		return false
	}
	all, err := groups.Result()
	return err == nil && all[0].Name == group && all[0].Pending == 0 && all[0].LastDeliveredID == info.LastGeneratedID
}
