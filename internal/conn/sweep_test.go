package conn_test

import (
	"context"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/fairlead-go/fairlead/internal/conn"
)

// crowded makes the connection one that so many callers use that the watchdog looks after their contexts.
func (p *pair) crowded(callers int) {
	p.t.Helper()
	var all []*pending
	for range callers {
		all = append(all, p.start(context.Background(), command("PING")))
		p.server.wants(wire("PING"))
	}
	p.server.sends(strings.Repeat("+PONG\r\n", callers))
	for _, call := range all {
		call.gets("PONG")
	}
	synctest.Wait()
}

// sent starts a call and has the server read it.
func (p *pair) sent(ctx context.Context, key string) *pending {
	p.t.Helper()
	call := p.start(ctx, command("GET", key))
	p.server.wants(wire("GET", key))
	return call
}

func TestCancellationInACrowd(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		p := connect(t, inMemory(t, 0), conn.Config{Timeout: time.Minute})
		p.crowded(100)
		ctx, cancel := context.WithCancel(context.Background())
		took := stopwatch(t)
		call := p.sent(ctx, "a")
		<-time.After(time.Millisecond)
		cancel()
		call.fails(conn.AwaitingReply, context.Canceled)
		took(10 * time.Millisecond)

		ctx, cancel = context.WithCancel(context.Background())
		call = p.sent(ctx, "b")
		<-time.After(15 * time.Millisecond)
		young := p.sent(t.Context(), "c")
		cancel()
		call.fails(conn.AwaitingReply, context.Canceled)
		took(20*time.Millisecond + 10*time.Microsecond) // the second time that it is looked at
		p.server.sends(bulk("late") + bulk("late") + bulk("v"))
		young.gets("v")
	})
}

// The watchdog comes for the deadline of one call, and again for the context of another.
func TestCancellationBehindADeadlineInACrowd(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		p := connect(t, inMemory(t, 0), conn.Config{Timeout: time.Minute})
		p.crowded(100)
		short, done := context.WithTimeout(context.Background(), 5*time.Millisecond)
		defer done()
		ctx, cancel := context.WithCancel(context.Background())
		took := stopwatch(t)
		late, call := p.sent(short, "a"), p.sent(ctx, "b")
		cancel()
		late.fails(conn.AwaitingReply, context.DeadlineExceeded)
		took(5 * time.Millisecond)
		call.fails(conn.AwaitingReply, context.Canceled)
		took(5 * time.Millisecond)
	})
}

func TestTimeoutInACrowdIsNoDeadline(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		p := connect(t, inMemory(t, 0), conn.Config{Timeout: time.Second})
		p.crowded(100)
		took := stopwatch(t)
		p.sent(t.Context(), "a").fails(conn.AwaitingReply, conn.ErrTimeout) // the context could end, but has not
		took(time.Second)
	})
}

// A limitedContext has a deadline, and no channel that tells of it.
type limitedContext struct {
	context.Context
	at time.Time
}

func (c limitedContext) Deadline() (time.Time, bool) { return c.at, true }

func TestDeadlines(t *testing.T) {
	for name, callers := range map[string]int{"alone": 1, "in a crowd": 100} {
		t.Run(name, func(t *testing.T) {
			inBubble(t, func(t *testing.T) {
				p := connect(t, inMemory(t, 0), conn.Config{})
				p.crowded(callers)
				<-time.After(time.Second)
				past, cancel := context.WithDeadline(context.Background(), time.Time{})
				defer cancel()
				took := stopwatch(t)
				p.sent(past, "past").fails(conn.AwaitingReply, context.DeadlineExceeded)
				took(0)
				mute := limitedContext{context.Background(), time.Now().Add(time.Second)}
				p.sent(mute, "mute").fails(conn.AwaitingReply, context.DeadlineExceeded)
				took(time.Second + time.Millisecond) // it is given a moment to say so itself
				p.server.sends(bulk("late") + bulk("late"))
				synctest.Wait()
				far, cancel := context.WithDeadline(context.Background(), time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC))
				defer cancel()
				call := p.sent(far, "far")
				<-time.After(time.Minute)
				p.server.sends(bulk("v"))
				call.gets("v")
			})
		})
	}
}

func TestWatchdogRestsAfterACrowd(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		p := connect(t, inMemory(t, 0), conn.Config{})
		p.crowded(100)
		call := p.sent(t.Context(), "a")
		<-time.After(time.Second)
		p.server.sends(bulk("v"))
		call.gets("v")
		<-time.After(time.Minute)
		synctest.Wait()
		if p.Alarmed() {
			t.Error("the watchdog still looks at a connection that nobody uses")
		}
	})
}

// After a crowd has gone, one that is alone reads for itself, and the watchdog looks after its context.
func TestLoneCallerAfterACrowdLeavesWithItsContext(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		p := connect(t, inMemory(t, 0), conn.Config{})
		p.crowded(300)
		p.alone()
		synctest.Wait()
		ctx, cancel := context.WithCancel(context.Background())
		call := p.reads(ctx)
		cancel()
		call.fails(conn.AwaitingReply, context.Canceled)
		p.server.sends(bulk("late"))
		synctest.Wait()
		p.alone()
	})
}

func TestReplyComesWhileContextsAreLookedAt(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		p := connect(t, inMemory(t, 0), conn.Config{})
		p.crowded(100)
		ctx, cancel := context.WithCancel(context.Background())
		first, second := p.sent(ctx, "a"), p.sent(ctx, "b")
		cancel()
		p.GiveUpAll(func() {
			p.server.sends(bulk("v"))
			first.gets("v")
		})
		second.fails(conn.AwaitingReply, context.Canceled)
	})
}

// Those who come while the watchdog is on its way do not put it off, however many they are.
func TestSweepIsNotPutOff(t *testing.T) {
	t.Parallel()
	const ms = int64(time.Millisecond)
	for _, c := range []struct{ at, now, want int64 }{
		{0, 5 * ms, 15 * ms},
		{15 * ms, 6 * ms, 15 * ms},
		{15 * ms, 15 * ms, 15 * ms},
		{15 * ms, 40 * ms, 15 * ms},
	} {
		if got := conn.NextSweep(c.at, c.now); got != c.want {
			t.Errorf("set for %d at %d: it looks at %d, want %d", c.at, c.now, got, c.want)
		}
	}
}
