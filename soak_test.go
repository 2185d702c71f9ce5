package fairlead_test

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/fairlead-go/fairlead"
	"github.com/fairlead-go/fairlead/redistest"
)

// soakSize is how many commands a soak test runs: FAIRLEAD_SOAK, or enough for every run of the tests.
func soakSize(t *testing.T, otherwise int64) int64 {
	text := os.Getenv("FAIRLEAD_SOAK")
	if text == "" {
		return otherwise
	}
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		t.Fatalf("FAIRLEAD_SOAK is no number of commands: %v", err)
	}
	return n
}

const soakKeys = 4096

func soakKey(i int) string   { return "soak:" + strconv.Itoa(i) }
func soakValue(i int) string { return soakKey(i) + "=" + strings.Repeat("v", i%100) }

// TestSoakNoWrongReply reads self-describing values from 512 goroutines that give up at random moments, while a connection is
// killed every 100 ms. A reply that reached the wrong caller would not describe itself.
func TestSoakNoWrongReply(t *testing.T) {
	t.Parallel()
	s := redistest.Start(t)
	c := openTo(t, &fairlead.Options{Addr: s.Addr()})
	for i := range soakKeys {
		if err := c.Set(context.Background(), soakKey(i), soakValue(i), 0); err != nil {
			t.Fatal(err)
		}
	}
	stop := make(chan struct{})
	killed := killEvery(s, 100*time.Millisecond, stop)
	tally := runSoak(t, c, soakSize(t, 200_000), 512)
	close(stop)
	t.Logf("%d answered, %d given up by their context, %d cut by a killed connection; %d kills",
		tally.answered.Load(), tally.gaveUp.Load(), tally.cut.Load(), <-killed)
	if tally.answered.Load() == 0 || tally.gaveUp.Load() == 0 {
		t.Error("the soak showed nothing: it needs both answers and calls that gave up")
	}
	if err := c.Pool().Shutdown(context.Background()); err != nil {
		t.Error(err)
	}
	if st := c.Pool().Stats(); st.Open != 0 || st.InFlight != 0 {
		t.Errorf("after Shutdown %d connections are open and %d calls owed, want none", st.Open, st.InFlight)
	}
	redistest.Eventually(t, 5*time.Second, "the server has no client left", func() bool {
		clients, err := s.Clients()
		return err == nil && len(clients) == 0
	})
}

// A soakTally counts how calls ended.
type soakTally struct{ left, answered, gaveUp, cut atomic.Int64 }

func runSoak(t *testing.T, c *fairlead.Client, n int64, goroutines int) *soakTally {
	tally := new(soakTally)
	tally.left.Store(n)
	var wg sync.WaitGroup
	for g := range goroutines {
		wg.Go(func() {
			rnd := rand.New(rand.NewPCG(uint64(g), 1))
			for tally.left.Add(-1) >= 0 && !t.Failed() {
				tally.get(t, c, rnd)
			}
		})
	}
	wg.Wait()
	return tally
}

// get reads one value with a context of a random kind and checks that it is the one asked for.
func (s *soakTally) get(t *testing.T, c *fairlead.Client, rnd *rand.Rand) {
	ctx, cancel := context.Background(), context.CancelFunc(func() {})
	switch rnd.IntN(4) {
	case 0:
		ctx, cancel = context.WithTimeout(ctx, time.Duration(rnd.IntN(2000))*time.Microsecond)
	case 1:
		ctx, cancel = context.WithCancel(ctx)
		timer := time.AfterFunc(time.Duration(rnd.IntN(2000))*time.Microsecond, cancel)
		defer timer.Stop()
	}
	defer cancel()
	i := rnd.IntN(soakKeys)
	v, err := c.Get(ctx, soakKey(i))
	var call *fairlead.CallError
	switch {
	case err == nil && v == soakValue(i):
		s.answered.Add(1)
	case err == nil:
		t.Errorf("GET %s = %.60q, another key's value", soakKey(i), v)
	case errors.Is(err, context.DeadlineExceeded), errors.Is(err, context.Canceled):
		s.gaveUp.Add(1)
	case errors.As(err, &call):
		s.cut.Add(1)
	default:
		t.Errorf("GET %s: %v", soakKey(i), err)
	}
}

// killEvery makes the server kill a client's connection at every tick until stop, and then tells how many it killed.
func killEvery(s *redistest.Server, every time.Duration, stop <-chan struct{}) <-chan int {
	killed := make(chan int, 1)
	go func() {
		n := 0
		tick := time.NewTicker(every)
		defer tick.Stop()
		for {
			select {
			case <-stop:
				killed <- n
				return
			case <-tick.C:
			}
			clients, err := s.Clients()
			if err != nil || len(clients) == 0 {
				continue
			}
			victim := clients[rand.IntN(len(clients))]
			if _, err := s.Do("CLIENT", "KILL", "ID", victim["id"]); err == nil {
				n++
			}
		}
	}()
	return killed
}

func openTo(t *testing.T, o *fairlead.Options) *fairlead.Client {
	t.Helper()
	spoken := *o
	spoken.Protocol = cmp.Or(o.Protocol, redistest.Protocol(t))
	p, err := fairlead.NewPool(&spoken)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = p.Close() }) // a second Close changes nothing
	return fairlead.NewClient(p)
}

// TestSoakBlockedPopsLoseNothing cancels BLPOP at the moment an element arrives, again and again: every element
// that was pushed is either returned to the caller that gave up or still in the list.
func TestSoakBlockedPopsLoseNothing(t *testing.T) {
	t.Parallel()
	s := redistest.Start(t)
	c := openTo(t, &fairlead.Options{Addr: s.Addr()})
	rounds := int(soakSize(t, 500))
	if rounds > 10_000 {
		rounds = 10_000
	}
	got, left := 0, 0
	for i := range rounds {
		key, element := fmt.Sprintf("q%d", i%8), strconv.Itoa(i)
		ctx, cancel := context.WithCancel(context.Background())
		popped := make(chan string, 1)
		go func() {
			kv, err := c.BLPop(ctx, 0, key)
			if err != nil && !errors.Is(err, context.Canceled) {
				t.Errorf("BLPOP: %v", err)
			}
			popped <- kv.Value
		}()
		spin := rand.IntN(400)
		pushed := make(chan error, 1)
		go func() {
			_, err := c.RPush(context.Background(), key, element)
			pushed <- err
		}()
		for range spin * 100 { // the moment differs from round to round by less than a sleep could
			_ = ctx.Err()
		}
		cancel()
		if err := <-pushed; err != nil {
			t.Fatal(err)
		}
		if v := <-popped; v == element {
			got++
			continue
		}
		if v, err := c.LPop(context.Background(), key); err != nil || v != element {
			t.Fatalf("round %d: the element was neither returned nor left in the list: %q, %v", i, v, err)
		}
		left++
	}
	t.Logf("%d elements: %d returned by the cancelled BLPOP, %d left in the list", rounds, got, left)
}
