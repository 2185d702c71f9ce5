package fairlead_test

import (
	"context"
	"errors"
	"math/rand/v2"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/fairlead-go/fairlead"
	"github.com/fairlead-go/fairlead/redistest"
)

// TestConsumeCancelledAsAnEntryComes: the server has given an entry away at the moment when the context ends. The loop ends
// without it, and leaves it to be claimed at once.
func TestConsumeCancelledAsAnEntryComes(t *testing.T) {
	blocked, let := make(chan struct{}), make(chan struct{})
	var back []string
	script := serve(func(args []string) string {
		switch command := strings.Join(args, " "); {
		case args[0] == "XPENDING":
			return "*0\r\n"
		case args[0] == "XAUTOCLAIM":
			return "*3\r\n$3\r\n0-0\r\n*0\r\n*0\r\n"
		case args[0] == "XREADGROUP":
			close(blocked)
			<-let // the entry comes first, then the request to let the reader go
			return "%1\r\n$1\r\ns\r\n*1\r\n*2\r\n$3\r\n5-0\r\n*2\r\n$1\r\nn\r\n$4\r\nfive\r\n"
		case args[0] == "CLIENT" && args[1] == "UNBLOCK":
			close(let)
			return ":0\r\n"
		case args[0] == "XCLAIM":
			back = append(back, command)
			return "*1\r\n$3\r\n5-0\r\n"
		}
		return "-ERR not in this test\r\n"
	})
	inMemory(t, "cancelled", fairlead.Options{}, func(t *testing.T, c *fairlead.Client, _ *redistest.Fake) {
		ctx, cancel := context.WithCancel(background)
		go func() {
			<-blocked
			cancel()
		}()
		wraps(t, onlyError(ctx, t, c.Commands, fairlead.ConsumeArgs{Group: "g", Consumer: "ann", Streams: []string{"s"}}), context.Canceled)
		same(t, "what was given back: idle for MinIdle, never delivered", back, []string{"XCLAIM s g ann 0 5-0 IDLE 60000 RETRYCOUNT 0 JUSTID"})
		is(t, "connections closed", c.Pool().Stats().Closes, 0)
	}, script)
}

// TestConsumeCancelledLosesNothing cancels a waiting loop at the moment an entry comes, again and again, at a real server: each
// is delivered, or it is there for the next loop.
func TestConsumeCancelledLosesNothing(t *testing.T) {
	t.Parallel()
	c := openTo(t, &fairlead.Options{Addr: redistest.Default(t).Addr()})
	stream := newKey(t)
	args := fairlead.ConsumeArgs{Group: "g", Consumer: "ann", Streams: []string{stream}}
	must(t, c.XGroupCreateMkStream(background, stream, "g", "0"))
	rounds := int(min(soakSize(t, 100), 10_000))
	handled := map[string]int{}
	consume := func(ctx context.Context, began func()) error {
		for m, err := range c.Consume(ctx, args) {
			if err != nil {
				return err
			}
			handled[m.ID]++
			if err := m.Ack(context.WithoutCancel(ctx)); err != nil {
				return err
			}
			began()
		}
		return errors.New("the loop ended without a word")
	}
	later := 0
	for range rounds {
		ctx, cancel := context.WithCancel(background)
		ended, began := make(chan error, 1), make(chan struct{})
		xadd(t, c, stream, "one that the loop gets for certain, and waits after")
		go func() { ended <- consume(ctx, sync.OnceFunc(func() { close(began) })) }()
		<-began
		added := make(chan string)
		go func() { added <- xadd(t, c, stream, "one that comes as the loop is cancelled") }()
		for range 400 * rand.IntN(400) { // the moment differs from round to round by less than a sleep could
			_ = ctx.Err()
		}
		cancel()
		wraps(t, <-ended, context.Canceled)
		if handled[<-added] == 0 {
			later++
		}
	}
	ctx, cancel := context.WithTimeout(background, patience)
	defer cancel()
	xadd(t, c, stream, "the last one of all")
	err := consume(ctx, func() {
		if len(handled) == 2*rounds+1 {
			cancel()
		}
	})
	wraps(t, err, context.Canceled)
	is(t, "entries handled", len(handled), 2*rounds+1)
	for id, n := range handled {
		is(t, "how often "+id+" was handled: what was given up is not delivered twice either", n, 1)
	}
	t.Logf("%d entries came as a loop was cancelled: %d were delivered by a later one", rounds, later)
}

// TestConsumeOutlivesADeadline: the context's deadline ends the loop; its commands have Options.Timeout, so that a server that
// hangs is told of long before.
func TestConsumeOutlivesADeadline(t *testing.T) {
	script := func(c *redistest.FakeConn) {
		c.AnswerHandshake()
		c.Hang()
	}
	inMemory(t, "a day", fairlead.Options{Timeout: time.Second, Retry: fairlead.Retry{MaxRetries: -1}}, func(t *testing.T, c *fairlead.Client, _ *redistest.Fake) {
		took(t, time.Minute, func() {
			ctx, cancel := context.WithTimeout(background, time.Minute)
			defer cancel()
			var told []error
			for _, err := range c.Consume(ctx, fairlead.ConsumeArgs{Group: "g", Consumer: "ann", Streams: []string{"s"}}) {
				told = append(told, err)
			}
			is(t, "it was told of more than 25 times in a minute", len(told) > 25, true)
			wraps(t, told[0], fairlead.ErrTimeout)
			wraps(t, told[len(told)-1], context.DeadlineExceeded)
		})
	}, script)
}
