package pool

import (
	"context"
	"math/rand/v2"
	"sync"
	"time"

	"github.com/fairlead-go/fairlead/internal/conn"
)

// A gate keeps an outage from becoming a storm of dials. While the last try succeeded, connections are opened freely. After a
// failure one try goes through at a time, each some time after the last, and all who want a connection meanwhile
// wait for it and share its error.
type gate struct {
	dial func(context.Context) (*conn.Conn, error)

	mu       sync.Mutex // guards the fields below; not held while dialling
	failures int        // tries in a row that failed
	next     time.Time  // when the next try may start
	try      *try       // the try under way, while the gate is shut
}

// A try is one dial that others wait for.
type try struct {
	done chan struct{} // closed when err is set
	err  error
}

const (
	firstPause = 2 * time.Millisecond
	mostPause  = 64 * time.Millisecond
)

// open opens a connection, or waits for the try under way and shares its error. The caller holds a slot.
func (g *gate) open(ctx context.Context) (*conn.Conn, error) {
	for {
		g.mu.Lock()
		if g.failures == 0 {
			g.mu.Unlock()
			c, err := g.dial(ctx)
			g.note(ctx, err)
			return c, err
		}
		if t := g.try; t != nil {
			g.mu.Unlock()
			select {
			case <-t.done:
				if t.err != nil {
					return nil, t.err
				}
				continue
			case <-ctx.Done():
				return nil, conn.ContextError(ctx)
			}
		}
		t := &try{done: make(chan struct{})}
		g.try = t
		pause := time.Until(g.next)
		g.mu.Unlock()
		return g.probe(ctx, t, pause)
	}
}

// probe is the one try that goes through a shut gate.
func (g *gate) probe(ctx context.Context, t *try, pause time.Duration) (*conn.Conn, error) {
	err := sleep(ctx, pause)
	var c *conn.Conn
	if err == nil {
		c, err = g.dial(ctx)
	}
	if err == nil || ctx.Err() == nil {
		t.err = err // an end of this caller's own context says nothing to the others
	}
	g.note(ctx, err)
	g.mu.Lock()
	g.try = nil
	g.mu.Unlock()
	close(t.done)
	return c, err
}

// note opens the gate after a success and shuts it for a while after a failure.
func (g *gate) note(ctx context.Context, err error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	switch {
	case err == nil:
		g.failures = 0
	case ctx.Err() == nil:
		pause := min(firstPause<<min(g.failures, 16), mostPause)
		g.failures++
		g.next = time.Now().Add(pause/2 + rand.N(pause/2+1))
	}
}

// sleep waits for d or the end of the context.
func sleep(ctx context.Context, d time.Duration) error {
	if d <= 0 {
		return nil
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return conn.ContextError(ctx)
	}
}
