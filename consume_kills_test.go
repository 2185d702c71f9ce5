package fairlead_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/fairlead-go/fairlead"
	"github.com/fairlead-go/fairlead/redis"
	"github.com/fairlead-go/fairlead/redistest"
)

// soaking reports whether the tests that show more the longer they go on are to do so: FAIRLEAD_SOAK is set.
func soaking() bool { return os.Getenv("FAIRLEAD_SOAK") != "" }

// A ledger counts how often each entry was handled.
type ledger struct {
	mu    sync.Mutex // guards times
	times map[string]int
}

// handled counts an entry, and reports whether this was the first time.
func (l *ledger) handled(id string) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.times[id]++
	return l.times[id] == 1
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

// TestConsumeWhileConnectionsBreak: three loops, one of which acknowledges by itself, while the server kills connections and
// others break in the middle of a reply, so that entries are given away that never arrive. Every entry is handled.
func TestConsumeWhileConnectionsBreak(t *testing.T) {
	t.Parallel()
	s := redistest.Start(t)
	proxy := redistest.NewProxy(t, s.Addr())
	c := openTo(t, &fairlead.Options{Addr: proxy.Addr()})
	must(t, c.XGroupCreateMkStream(background, "s", "g", "0"))
	ctx, cancel := context.WithCancel(background)
	handled := ledger{times: map[string]int{}}
	var loops sync.WaitGroup
	var told, lost atomic.Int64
	for i := range 3 {
		loops.Go(func() {
			args := fairlead.ConsumeArgs{
				Group: "g", Consumer: fmt.Sprint(i), Streams: []string{"s"}, MinIdle: time.Second, Count: 10, AutoAck: i == 0,
			}
			for m, err := range c.Consume(ctx, args) {
				if err != nil {
					told.Add(1)
					continue
				}
				if first := handled.handled(m.ID); first && m.Deliveries > 1 {
					lost.Add(1)
				}
				if !args.AutoAck {
					_ = m.Ack(ctx) // if that fails, it comes again
				}
			}
		})
	}
	stop := make(chan struct{})
	killed := killEvery(s, 20*time.Millisecond, stop)
	cut := cutEvery(proxy, 20*time.Millisecond, stop)
	long := time.Second
	if soaking() {
		long = 30 * time.Second
	}
	added := addFor(t, s, "s", long)
	for until := time.Now().Add(patience); lost.Load() == 0 && time.Now().Before(until); {
		added += addFor(t, s, "s", 100*time.Millisecond) // it shows nothing before
	}
	close(stop)
	kills, cuts := <-killed, <-cut
	redistest.Eventually(t, 4*patience, "everything is read and acknowledged", func() bool { return allDone(c, "s", "g") })
	cancel()
	loops.Wait()
	all, twice := handled.more()
	is(t, "entries handled", all, added)
	is(t, "entries were given away and did not arrive", lost.Load() > 0, true)
	t.Logf("%d entries, %d of them handled more than once; %d connections killed, %d cut, %d errors told, %d entries lost on their way",
		all, twice, kills, cuts, told.Load(), lost.Load())
}

// cutEvery breaks a connection at every tick, somewhere in the middle of what its client reads, until stop, and then tells how
// many it broke.
func cutEvery(proxy *redistest.Proxy, every time.Duration, stop <-chan struct{}) <-chan int {
	cut := make(chan int, 1)
	go func() {
		n := 0
		defer func() {
			_ = proxy.Restore() // it listens all the time
			cut <- n
		}()
		tick := time.NewTicker(every)
		defer tick.Stop()
		for {
			select {
			case <-proxy.CutAfter(redistest.ToClient, rand.IntN(1000), redistest.RST):
				n++
			case <-stop:
				return
			}
			select {
			case <-tick.C:
			case <-stop:
				return
			}
		}
	}()
	return cut
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

// TestConsumeWhileTheServerRestarts: a server that keeps what it acknowledged is killed and started again while a loop works. The
// loop goes on by itself; every entry is handled.
func TestConsumeWhileTheServerRestarts(t *testing.T) {
	t.Parallel()
	s := redistest.Start(t, redistest.AppendOnly())
	c := openTo(t, &fairlead.Options{Addr: s.Addr()})
	args := fairlead.ConsumeArgs{Group: "g", Consumer: "ann", Streams: []string{"s"}, CreateFrom: "0", MinIdle: time.Second, AutoAck: true}
	ctx, cancel := context.WithCancel(background)
	handled := ledger{times: map[string]int{}}
	ended := make(chan error, 1)
	go func() {
		var last error
		for m, err := range c.Consume(ctx, args) {
			if last = err; err == nil {
				handled.handled(m.ID)
			}
		}
		ended <- last
	}()
	added := 0
	for range 3 {
		added += addFor(t, s, "s", 50*time.Millisecond)
		s.Kill()
		must(t, s.Restart())
	}
	redistest.Eventually(t, 4*patience, "everything is read and acknowledged", func() bool { return allDone(c, "s", "g") })
	cancel()
	wraps(t, <-ended, context.Canceled)
	all, _ := handled.more()
	is(t, "entries handled", all, added)
}
