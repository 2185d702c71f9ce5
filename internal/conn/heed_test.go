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

// A context that should be heeded since it came twice does not take the place of one that a caller relies on who reads by now.
func TestHeedingIsNotTakenFromACallerThatReads(t *testing.T) {
	for _, ending := range []string{"the caller's context", "the other context"} {
		t.Run(ending, func(t *testing.T) {
			inBubble(t, func(t *testing.T) {
				p := connect(t, inMemory(t, 0), conn.Config{})
				ctx, cancel := context.WithCancel(context.Background())
				p.heeded(ctx)
				other, cancelOther := context.WithCancel(context.Background())
				call := p.reads(ctx)
				p.Heed(other.Done())
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

// Nobody is left waiting for the end of a context that is heeded no more: the bubble would tell.
func TestHeedingEnds(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		p := connect(t, inMemory(t, 0), conn.Config{})
		first, cancel := context.WithCancel(context.Background())
		defer cancel()
		next := t.Context()
		p.heeded(first)
		if !p.Heeds(first.Done()) {
			t.Error("a context that came five times is not heeded")
		}
		p.heeded(next)
		if p.Heeds(first.Done()) || !p.Heeds(next.Done()) {
			t.Error("the next context did not take the place of the first")
		}
		<-time.After(time.Second)
		if p.Heeds(next.Done()) {
			t.Error("the context is heeded while the connection is idle")
		}
		p.heeded(first)
		p.Close(conn.UserClosed, nil)
		if p.Heeds(first.Done()) {
			t.Error("the context is heeded after the connection's end")
		}
	})
}

func TestHeedingAfterTheConnectionsEnd(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		p := connect(t, inMemory(t, 0), conn.Config{})
		ctx := t.Context()
		p.getQuietly(ctx)
		call := p.start(ctx, command("GET", "k"))
		p.server.wants(wire("GET", "k"))
		p.server.Close()
		call.fails(conn.AwaitingReply, nil)
		if p.Heeds(ctx.Done()) {
			t.Error("the context is heeded")
		}
	})
}

// A lentContext is an object that serves somebody else once its caller has returned, as those of some web frameworks do.
type lentContext struct {
	context.Context
	back atomic.Bool
}

func (c *lentContext) inUse() context.Context {
	if c.back.Load() {
		panic("the context is looked at after its caller has returned")
	}
	return c.Context
}

func (c *lentContext) Done() <-chan struct{}       { return c.inUse().Done() }
func (c *lentContext) Err() error                  { return c.inUse().Err() }
func (c *lentContext) Deadline() (time.Time, bool) { return c.inUse().Deadline() }
func (c *lentContext) Value(key any) any           { return c.inUse().Value(key) }

type key struct{}

func TestContextsAreNotLookedAtLater(t *testing.T) {
	for name, crowd := range map[string]int{"alone": 1, "in a crowd": 100} {
		t.Run(name, func(t *testing.T) {
			inBubble(t, func(t *testing.T) {
				p := connect(t, inMemory(t, 0), conn.Config{})
				parent, cancel := context.WithCancel(context.Background())
				limited, cancelLimited := context.WithTimeout(parent, time.Minute)
				defer cancelLimited()
				contexts := []*lentContext{{Context: parent}, {Context: limited}, {Context: context.WithValue(parent, key{}, "v")}}
				if crowd > 1 {
					p.crowded(crowd)
				}
				for _, ctx := range contexts {
					for range 5 {
						p.getQuietly(ctx)
					}
					ctx.back.Store(true)
				}
				<-time.After(15 * time.Millisecond)
				cancel()
				<-time.After(time.Second)
			})
		})
	}
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
		ctx, cancel := context.WithCancel(context.Background())
		p.getQuietly(ctx)
		call := p.start(ctx, command("GET", "k"))
		p.server.wants(wire("GET", "k"))
		cancel()
		call.fails(conn.AwaitingReply, context.Canceled)
		if p.Heeds(ctx.Done()) {
			t.Error("a context that has ended is heeded")
		}
		p.server.sends(bulk("late"))
	})
}
