package pool

import (
	"context"
	"errors"
	"sync"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"github.com/fairlead-go/fairlead/internal/conn"
)

// A doorway is a gate with a server that can be up or down, and a count of those who tried to reach it.
type doorway struct {
	gate
	mu    sync.Mutex // guards the fields below
	err   error
	tries []time.Time
	now   int // tries under way
	most  int // the most at the same time
}

var (
	errDown = errors.New("nobody is at home")
	someone = new(conn.Conn)
)

// newDoorway returns a gate in front of a server that is down. A dial takes as long as given.
func newDoorway(took time.Duration) *doorway {
	d := &doorway{err: errDown}
	d.dial = func(ctx context.Context) (*conn.Conn, error) {
		d.mu.Lock()
		d.tries = append(d.tries, time.Now())
		d.now++
		d.most = max(d.most, d.now)
		d.mu.Unlock()
		err := sleep(ctx, took)
		d.mu.Lock()
		defer d.mu.Unlock()
		d.now--
		if err == nil {
			err = d.err
		}
		if err != nil {
			return nil, err
		}
		return someone, nil
	}
	return d
}

func (d *doorway) is(err error) {
	d.mu.Lock()
	d.err = err
	d.mu.Unlock()
}

func (d *doorway) count() int {
	d.mu.Lock()
	defer d.mu.Unlock()
	return len(d.tries)
}

func TestGatePausesGrowWithJitter(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		d := newDoorway(0)
		seen := map[time.Duration]bool{}
		for range 50 {
			d.failures = 0
			d.tries = nil
			for range 8 {
				if _, err := d.open(t.Context()); !errors.Is(err, errDown) {
					t.Fatalf("error %v, want that of the dial", err)
				}
			}
			most := firstPause
			for i := 1; i < len(d.tries); i++ {
				pause := d.tries[i].Sub(d.tries[i-1])
				if pause < most/2 || pause > most {
					t.Errorf("pause %d was %v, want between %v and %v", i, pause, most/2, most)
				}
				seen[pause] = true
				most = min(2*most, mostPause)
			}
		}
		if len(seen) < 100 {
			t.Errorf("only %d different pauses among 350: those who fail together would come back together", len(seen))
		}
	})
}

func TestOneTryAtATimeWhileTheGateIsShut(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		d := newDoorway(10 * time.Millisecond)
		if _, err := d.open(t.Context()); !errors.Is(err, errDown) {
			t.Fatal(err)
		}
		var all sync.WaitGroup
		for range 100 {
			all.Go(func() {
				if _, err := d.open(t.Context()); !errors.Is(err, errDown) {
					t.Errorf("error %v, want the one of the try that all waited for", err)
				}
			})
		}
		all.Wait()
		if d.count() != 2 || d.most != 1 {
			t.Errorf("%d tries, %d at the same time; want 2, 1: a hundred callers share one", d.count(), d.most)
		}
	})
}

func TestSuccessOpensTheGateForAll(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		d := newDoorway(10 * time.Millisecond)
		_, _ = d.open(t.Context())
		d.is(nil)
		began := time.Now()
		var all sync.WaitGroup
		for range 100 {
			all.Go(func() {
				if c, err := d.open(t.Context()); c != someone || err != nil {
					t.Errorf("got %v, %v; want a connection", c, err)
				}
			})
		}
		all.Wait()
		if d.count() != 101 || d.most != 99 {
			t.Errorf("%d tries, %d at the same time; want 101, 99: one finds the server there, then all dial", d.count(), d.most)
		}
		if took := time.Since(began); took > firstPause+20*time.Millisecond {
			t.Errorf("took %v, want a pause and two dials at most", took)
		}
		began = time.Now()
		_, _ = d.open(t.Context())
		if took := time.Since(began); took != 10*time.Millisecond {
			t.Errorf("took %v, want one dial: an open gate costs nothing", took)
		}
	})
}

func TestAContextsEndIsNotSharedAsAnError(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		d := newDoorway(time.Hour)
		short, cancel := context.WithCancel(t.Context())
		hasty := make(chan error, 1)
		go func() { _, err := d.open(short); hasty <- err }()
		synctest.Wait()
		cancel()
		if err := <-hasty; !errors.Is(err, context.Canceled) {
			t.Errorf("error %v, want the context's", err)
		}
		if d.failures != 0 {
			t.Errorf("%d failures noted, want 0: a caller that leaves says nothing about the server", d.failures)
		}

		d.failures, d.next = 1, time.Now().Add(time.Minute)
		short, cancel = context.WithCancel(t.Context())
		go func() { _, err := d.open(short); hasty <- err }()
		synctest.Wait() // it is the one that tries, after a minute
		patient := make(chan error, 1)
		go func() { _, err := d.open(t.Context()); patient <- err }()
		left := make(chan error, 1)
		also, leave := context.WithCancel(t.Context())
		go func() { _, err := d.open(also); left <- err }()
		synctest.Wait()
		leave()
		if err := <-left; !errors.Is(err, context.Canceled) {
			t.Errorf("error %v of one that waited for the try, want its own context's", err)
		}
		d.is(nil)
		cancel()
		if err := <-hasty; !errors.Is(err, context.Canceled) {
			t.Errorf("error %v of the one that tried, want its own context's", err)
		}
		began := time.Now()
		if err := <-patient; err != nil {
			t.Errorf("error %v: another caller's context is none of its concern", err)
		}
		if took := time.Since(began); took != time.Minute+time.Hour {
			t.Errorf("took %v, want the rest of the pause and a dial", took)
		}
	})
}

// A thousand retries at once against a server that is down for a second: how many reach the network?
func TestDialsDuringAnOutage(t *testing.T) {
	for _, mode := range []struct {
		name string
		Config
		ask func(*rig) (*conn.Conn, error)
	}{
		{"shared", Config{Shared: 4, WaitTimeout: -1}, func(r *rig) (*conn.Conn, error) { return r.Shared(r.ctx) }},
		{"exclusive", Config{WaitTimeout: -1}, func(r *rig) (*conn.Conn, error) { return r.Get(r.ctx, "GET") }},
	} {
		t.Run(mode.name, func(t *testing.T) {
			scene{max: 16, latency: time.Millisecond, down: true, Config: mode.Config}.play(t, func(r *rig) {
				const callers = 500
				served := make(chan time.Time, callers)
				for range callers {
					go func() {
						for {
							c, err := mode.ask(r)
							if err == nil {
								served <- time.Now()
								if mode.Shared == 0 {
									r.Put(c, true)
								}
								return
							}
							if !errors.Is(err, syscall.ECONNREFUSED) {
								r.t.Errorf("error %v, want connection refused", err)
								return
							}
						}
					}()
				}
				pass(time.Second)
				during := len(r.tries())
				t.Logf("%d dials in a second of outage, for %d callers that never pause", during, callers)
				// Up to 16 at the very first, before it is known that the server is down; then pauses of 32 ms at least.
				if most := 16 + 10 + int(time.Second/(mostPause/2)); during > most || during < 10 {
					t.Errorf("%d dials, want between 10 and %d", during, most)
				}
				back := time.Now()
				r.serve()
				first := <-served
				if took := first.Sub(back); took > 100*time.Millisecond+mostPause {
					t.Errorf("the first success came %v after the server's return, want 100ms and one pause at most", took)
				}
				for range callers - 1 {
					<-served
				}
				if took := time.Since(back); took > 500*time.Millisecond {
					t.Errorf("the last one was served %v after the server's return", took)
				}
				if s := r.Stats(); s.DialErrors < int64(during) || s.Peak > 16 {
					t.Errorf("%d failed dials counted of %d, %d slots at most; want all, 16", s.DialErrors, during, s.Peak)
				}
			})
		})
	}
}
