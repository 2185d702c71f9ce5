package fairlead_test

import (
	"context"
	"errors"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/fairlead-go/fairlead"
	"github.com/fairlead-go/fairlead/redistest"
)

// TestTwoClientsOverThreeConnections: 200 goroutines of two clients hammer one pool of three connections, one command at a time on
// each. The server, which is asked all the while, never sees a fourth; afterwards the pool shrinks to what it keeps ready.
func TestTwoClientsOverThreeConnections(t *testing.T) {
	t.Parallel()
	s := redistest.Start(t)
	pool, err := fairlead.NewPool(&fairlead.Options{Addr: s.Addr(), Mode: fairlead.Exclusive, MaxConnections: 3, MinIdle: 1,
		PoolTimeout: time.Minute, Timeout: time.Minute, IdleTimeout: time.Second})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = pool.Close() }) // always nil
	clients := [2]*fairlead.Client{fairlead.NewClient(pool), fairlead.NewClient(pool)}

	stop, most := make(chan struct{}), make(chan int, 1)
	go func() { most <- mostClients(s, stop) }()
	var wg sync.WaitGroup
	for g := range 200 {
		wg.Go(func() {
			key := strconv.Itoa(g)
			for i := range 25 {
				if n, err := clients[g%2].Incr(context.Background(), key); err != nil || n != int64(i+1) {
					t.Errorf("INCR %s = %d, %v; want %d: who finds all connections in use waits", key, n, err, i+1)
					return
				}
			}
		})
	}
	wg.Wait()
	close(stop)
	if n := <-most; n != 3 {
		t.Errorf("CLIENT LIST showed %d connections at the most, want 3: the bound, and all of it used", n)
	}
	if st := pool.Stats(); st.Peak != 3 || st.Waits == 0 {
		t.Errorf("the pool counted a peak of %d and %d waits, want 3 and some", st.Peak, st.Waits)
	}
	redistest.Eventually(t, 5*time.Second, "the pool is back at MinIdle", func() bool {
		list, err := s.Clients()
		return err == nil && len(list) == 1 && pool.Stats().Open == 1
	})
}

// mostClients asks the server for its clients until stop, and returns the most it saw at a time.
func mostClients(s *redistest.Server, stop <-chan struct{}) (most int) {
	for {
		if list, err := s.Clients(); err == nil {
			most = max(most, len(list))
		}
		select {
		case <-stop:
			return most
		default:
		}
	}
}

// TestFullPoolFailsAtOnce: with FailAtOnce nobody waits for one of the three connections; the error says who has them.
func TestFullPoolFailsAtOnce(t *testing.T) {
	t.Parallel()
	s := redistest.Start(t)
	pool, err := fairlead.NewPool(&fairlead.Options{Addr: s.Addr(), Mode: fairlead.Exclusive, MaxConnections: 3, PoolTimeout: fairlead.FailAtOnce})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = pool.Close() }) // always nil
	a, b := fairlead.NewClient(pool), fairlead.NewClient(pool)
	var taken [3]*fairlead.Conn
	for i := range taken {
		if taken[i], err = a.Conn(context.Background()); err != nil {
			t.Fatal(err)
		}
	}
	var wg sync.WaitGroup
	for range 200 {
		wg.Go(func() {
			_, err := b.Get(context.Background(), "k")
			if !errors.Is(err, fairlead.ErrPoolTimeout) || !fairlead.NotRun(err) || !strings.Contains(err.Error(), "held by CONN") {
				t.Errorf("GET with a full pool: %v; want ErrPoolTimeout, naming who has the connections", err)
			}
		})
	}
	wg.Wait()
	if waits := pool.Stats().Waits; waits != 0 {
		t.Errorf("%d calls waited, want none", waits)
	}
	_ = taken[0].Close() // always nil
	if _, err := b.Incr(context.Background(), "n"); err != nil {
		t.Errorf("with a connection back in the pool: %v", err)
	}
	_, _ = taken[1].Close(), taken[2].Close() // always nil
}

// TestBlockingCommandsLeaveOneConnectionFree: with Exclusive, too, blocking commands do not shut the others out, and those that
// are cancelled are let go by way of it.
func TestBlockingCommandsLeaveOneConnectionFree(t *testing.T) {
	t.Parallel()
	s := redistest.Start(t)
	c := openTo(t, &fairlead.Options{Addr: s.Addr(), Mode: fairlead.Exclusive, MaxConnections: 3, PoolTimeout: -1})
	ctx, cancel := context.WithCancel(context.Background())
	var blocked sync.WaitGroup
	for range 5 {
		blocked.Go(func() {
			if _, err := c.BLPop(ctx, 0, "nothing"); !errors.Is(err, context.Canceled) {
				t.Errorf("BLPOP ended with %v, want the context's end", err)
			}
		})
	}
	redistest.Eventually(t, 5*time.Second, "two clients are blocked, the others wait", func() bool {
		info, err := s.Do("INFO", "clients")
		return err == nil && strings.Contains(info, "blocked_clients:2") && c.Pool().Stats().Waits >= 3
	})
	if _, err := c.Incr(context.Background(), "n"); err != nil {
		t.Errorf("INCR beside blocked commands: %v", err)
	}
	cancel()
	blocked.Wait()
	if closes := c.Pool().Stats().Closes; closes != 0 {
		t.Errorf("%d connections were closed, want none: the server was asked to let the cancelled commands go", closes)
	}
}

// TestCancelledBlockingCommandOnTheOnlyConnection: there is no other connection to ask the server over, so this one is closed.
func TestCancelledBlockingCommandOnTheOnlyConnection(t *testing.T) {
	t.Parallel()
	s := redistest.Start(t)
	c := openTo(t, &fairlead.Options{Addr: s.Addr(), MaxConnections: 1})
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() {
		_, err := c.BLPop(ctx, 0, "nothing")
		ended <- err
	}()
	redistest.Eventually(t, 5*time.Second, "a client is blocked", func() bool {
		info, err := s.Do("INFO", "clients")
		return err == nil && strings.Contains(info, "blocked_clients:1")
	})
	cancel()
	if err := <-ended; !errors.Is(err, context.Canceled) || fairlead.NotRun(err) {
		t.Errorf("BLPOP ended with %v; want the context's end, in doubt", err)
	}
	events := c.Pool().Events()
	if last := events[len(events)-1]; last.Cause != fairlead.CauseUserClosed {
		t.Errorf("the connection was closed because of %q, want at once, for the cancellation", last.Cause)
	}
}
