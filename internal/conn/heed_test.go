package conn_test

import (
	"context"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/fairlead-go/fairlead/internal/conn"
)

// get runs a lone call to its end.
func (p *pair) get(ctx context.Context) {
	p.t.Helper()
	call := p.start(ctx, command("GET", "k"))
	p.server.wants(wire("GET", "k"))
	p.server.sends(bulk("v"))
	call.gets("v")
}

// getQuietly is get until who wrote the call, which may be a goroutine of its own, has given up that role too.
func (p *pair) getQuietly(ctx context.Context) {
	p.t.Helper()
	p.get(ctx)
	synctest.Wait()
}

// heeded makes the connection one whose lone callers read for themselves if they come with this context.
func (p *pair) heeded(ctx context.Context) {
	p.t.Helper()
	for range 5 { // it comes, comes again and is heeded, and is alone three times
		p.getQuietly(ctx)
	}
	if p.Reader() != "nobody" {
		p.t.Fatalf("%s reads", p.Reader())
	}
}

// reads starts a lone call whose caller has to read for itself.
func (p *pair) reads(ctx context.Context) *pending {
	p.t.Helper()
	call := p.start(ctx, command("GET", "k"))
	p.server.wants(wire("GET", "k"))
	synctest.Wait()
	if p.Reader() != "caller" {
		p.t.Fatalf("%s reads, want the caller", p.Reader())
	}
	return call
}

func TestCallerWhoseContextIsHeededReadsAndLeavesWithIt(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		p := connect(t, inMemory(t, 0), conn.Config{})
		ctx, cancel := context.WithCancel(context.Background())
		p.heeded(ctx)
		call := p.reads(ctx)
		took := stopwatch(t)
		cancel()
		call.fails(conn.AwaitingReply, context.Canceled)
		took(0)
		late := p.start(ctx, command("GET", "k")) // not told of again
		p.server.wants(wire("GET", "k"))
		late.fails(conn.AwaitingReply, context.Canceled)
		p.server.sends(bulk("late") + bulk("late, too"))
		synctest.Wait()
		p.alone()
		synctest.Wait()
		if p.Reader() != "nobody" || p.Owes() != 0 {
			t.Errorf("%s reads, %d replies are owed", p.Reader(), p.Owes())
		}
	})
}

// A slowContext tells its Done channel late, once it is asked to.
type slowContext struct {
	context.Context
	asked atomic.Int32
	slow  int32         // so many times it is told at once
	gate  chan struct{} // then when this is closed
}

func (c *slowContext) Done() <-chan struct{} {
	if c.asked.Add(1) > c.slow {
		<-c.gate
	}
	return c.Context.Done()
}

// A context that should be heeded since it came twice does not take the place of one that a caller relies on who reads by now.
func TestHeedingIsNotTakenFromACallerThatReads(t *testing.T) {
	for _, ending := range []string{"the caller's context", "the other context"} {
		t.Run(ending, func(t *testing.T) {
			inBubble(t, func(t *testing.T) {
				p := connect(t, inMemory(t, 0), conn.Config{})
				ctx, cancel := context.WithCancel(context.Background())
				p.heeded(ctx)
				parent, cancelOther := context.WithCancel(context.Background())
				other := &slowContext{Context: parent, slow: 2, gate: make(chan struct{})}
				p.getQuietly(other)
				second := p.start(other, command("GET", "k")) // stays where it asks to be heeded
				p.server.wants(wire("GET", "k"))
				p.server.sends(bulk("v"))
				synctest.Wait()
				for range 3 {
					p.getQuietly(ctx)
				}
				call := p.reads(ctx)
				close(other.gate)
				second.gets("v")
				synctest.Wait()
				if ending == "the other context" {
					cancelOther()
					synctest.Wait()
					p.server.sends(bulk("v"))
					call.gets("v")
				}
				cancel()
				if ending == "the caller's context" {
					synctest.Wait()
					if !call.isOver() {
						p.server.sends(bulk("v"))
						t.Fatal("the caller was not told that its context has ended")
					}
					call.fails(conn.AwaitingReply, context.Canceled)
				}
				cancelOther()
			})
		})
	}
}

// A watchedContext counts who waits for its end.
type watchedContext struct {
	context.Context
	done    chan struct{}
	waiting atomic.Int32
}

func newWatchedContext() *watchedContext {
	return &watchedContext{Context: context.Background(), done: make(chan struct{})}
}

func (c *watchedContext) Done() <-chan struct{} { return c.done }

func (c *watchedContext) Err() error {
	select {
	case <-c.done:
		return context.Canceled
	default:
		return nil
	}
}

func (c *watchedContext) AfterFunc(func()) (stop func() bool) {
	c.waiting.Add(1)
	return func() bool {
		c.waiting.Add(-1)
		return true
	}
}

func TestHeedingEnds(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		p := connect(t, inMemory(t, 0), conn.Config{})
		first, next := newWatchedContext(), t.Context()
		p.heeded(first)
		if n := first.waiting.Load(); n != 1 {
			t.Errorf("%d wait for the end of the context that is heeded, want 1", n)
		}
		p.heeded(next)
		if n := first.waiting.Load(); n != 0 {
			t.Errorf("%d wait for the end of a context that another took the place of", n)
		}
		p.heeded(first)
		p.Close(conn.UserClosed, nil)
		if n := first.waiting.Load(); n != 0 {
			t.Errorf("%d wait for the end of a context after the connection's", n)
		}
	})
}

func TestHeedingAfterTheConnectionsEnd(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		p := connect(t, inMemory(t, 0), conn.Config{})
		ctx := newWatchedContext()
		p.getQuietly(ctx)
		call := p.start(ctx, command("GET", "k"))
		p.server.wants(wire("GET", "k"))
		p.server.Close()
		call.fails(conn.AwaitingReply, nil)
		if n := ctx.waiting.Load(); n != 0 {
			t.Errorf("%d wait for the end of the context", n)
		}
	})
}

// The caller is given up while its reply is on the way to it: it leaves once.
func TestCallerIsGivenUpAsItsReplyComes(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(context.Background())
		p := connect(t, inMemory(t, 0), conn.Config{OnPush: whenPushed(func() {
			cancel()
			<-time.After(time.Millisecond) // so that it is told
		})})
		p.heeded(ctx)
		call := p.reads(ctx)
		p.server.sends(">2\r\n+message\r\n+text\r\n" + bulk("v"))
		call.fails(conn.AwaitingReply, context.Canceled)
		synctest.Wait()
		if p.Reader() != "nobody" || p.Owes() != 0 {
			t.Errorf("%s reads, %d replies are owed", p.Reader(), p.Owes())
		}
		p.reads(context.Background())
		p.server.sends(bulk("v"))
		synctest.Wait()
		p.alone()
	})
}

func TestContextThatHasEndedIsNotHeeded(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		p := connect(t, inMemory(t, 0), conn.Config{})
		ctx := newWatchedContext()
		p.getQuietly(ctx)
		call := p.start(ctx, command("GET", "k"))
		p.server.wants(wire("GET", "k"))
		close(ctx.done)
		call.fails(conn.AwaitingReply, context.Canceled)
		if n := ctx.waiting.Load(); n > 0 {
			t.Errorf("%d wait for the end of a context that has ended", n)
		}
		p.server.sends(bulk("late"))
	})
}
