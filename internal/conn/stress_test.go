package conn_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/fairlead-go/fairlead/internal/conn"
	"github.com/fairlead-go/fairlead/redistest"
)

// A crowd of callers shares one connection at a time to a real server and checks every reply.
type crowd struct {
	t       *testing.T
	cfg     *conn.Config
	until   time.Time
	name    string
	mu      sync.Mutex // guards current
	current *conn.Conn

	replies, cancelled, cut atomic.Int64
	lastCut                 atomic.Pointer[error] // why a call was cut off
}

// conn returns the connection of now, opening one if there is none that takes calls.
func (c *crowd) conn() *conn.Conn {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.current == nil || !c.current.Usable() {
		opened, err := conn.Dial(context.Background(), c.cfg)
		if err != nil {
			return nil // the proxy had just cut it
		}
		if c.current != nil {
			c.current.Drain(conn.Dirty)
		}
		c.current = opened
	}
	return c.current
}

// context returns one of the kinds of contexts that callers have.
func (c *crowd) context(r *rand.Rand) (context.Context, context.CancelFunc) {
	switch r.IntN(4) {
	case 0:
		return context.WithTimeout(context.Background(), time.Duration(r.IntN(2000))*time.Microsecond)
	case 1:
		ctx, cancel := context.WithCancel(context.Background())
		time.AfterFunc(time.Duration(r.IntN(1000))*time.Microsecond, cancel)
		return ctx, cancel
	case 2:
		return context.WithTimeout(context.Background(), time.Minute)
	}
	return context.Background(), func() {}
}

// caller runs calls whose replies say whose they are, until the time is over.
func (c *crowd) caller(number int) {
	r := rand.New(rand.NewPCG(uint64(number), 1))
	for i := 0; time.Now().Before(c.until); i++ {
		to := c.conn()
		if to == nil {
			continue
		}
		own := fmt.Sprintf("%s:%d:%d", c.name, number, i)
		call, want := c.call(r, own)
		ctx, cancel := c.context(r)
		err := to.Do(ctx, call)
		cancel()
		c.check(call, want, err)
		call.Free()
	}
}

// call is an ECHO or a block of them, now and then large, in one of two databases.
func (c *crowd) call(r *rand.Rand, own string) (*conn.Call, []string) {
	if r.IntN(50) == 0 {
		own += strings.Repeat("x", 100_000)
	}
	var call *conn.Call
	want := []string{own}
	if r.IntN(4) == 0 {
		want = []string{own + ":1", own + ":2", own + ":3"}
		call = block("ECHO "+want[0], "ECHO "+want[1], "ECHO "+want[2])
	} else {
		call = command("ECHO", own)
	}
	call.DB = r.IntN(3) - 1
	return call, want
}

// check looks at what a call got: its own replies, all of them or the first.
func (c *crowd) check(call *conn.Call, want []string, err error) {
	var e *conn.CallError
	switch {
	case err == nil:
		c.replies.Add(1)
	case errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		c.cancelled.Add(1)
		return // what comes late is not looked at
	case conn.Unavailable(err):
		return
	case errors.As(err, &e):
		c.cut.Add(1)
		c.lastCut.Store(&err)
		want = want[:call.Got()]
	default:
		c.t.Errorf("error %v (%T)", err, err)
	}
	got := []string{call.Reply.Text()}
	if call.Many != nil {
		got = texts(call.Replies[:len(want)])
	} else if err != nil {
		return
	}
	for i := range want {
		if got[i] != want[i] {
			c.t.Errorf("a call got the reply %.60q, want %.60q", got[i], want[i])
		}
	}
}

func (c *crowd) run(callers int) {
	c.until = time.Now().Add(2 * time.Second)
	var all sync.WaitGroup
	for number := range callers {
		all.Go(func() { c.caller(number) })
	}
	done := make(chan struct{})
	go func() {
		all.Wait()
		close(done)
	}()
	select {
	case <-done:
	case <-time.After(patience):
		c.t.Errorf("callers still wait %v after the end: a wake-up was lost", patience)
		c.current.Close(conn.Dirty, nil)
		<-done
	}
	if c.current != nil {
		c.current.Close(conn.UserClosed, nil)
	}
	c.t.Logf("%d calls answered, %d cancelled, %d cut off", c.replies.Load(), c.cancelled.Load(), c.cut.Load())
	if c.replies.Load() < 100 || c.cancelled.Load() == 0 {
		c.t.Error("the test has tested little")
	}
}

func TestCrowd(t *testing.T) {
	for _, callers := range []int{2, 40} { // two are alone now and then
		t.Run(fmt.Sprint(callers, " callers"), func(t *testing.T) {
			t.Parallel()
			c := &crowd{t: t, name: t.Name(), cfg: &conn.Config{
				Network: "tcp", Addr: redistest.Default(t).Addr(), Timeout: 10 * time.Second, WriteBuffer: 150_000}}
			c.name = strings.ReplaceAll(c.name, " ", "-")
			c.run(callers)
			if c.cut.Load() > 0 {
				t.Errorf("%d calls were cut off, but nobody cut the connection; one of them: %v", c.cut.Load(), *c.lastCut.Load())
			}
		})
	}
}

func TestCrowdWithCuts(t *testing.T) {
	t.Parallel()
	proxy := redistest.NewProxy(t, redistest.Default(t).Addr())
	c := &crowd{t: t, name: "cuts", cfg: &conn.Config{Network: "tcp", Addr: proxy.Addr(), Timeout: 10 * time.Second}}
	stop := make(chan struct{})
	var cutter sync.WaitGroup
	cutter.Go(func() {
		r := rand.New(rand.NewPCG(1, 2))
		for n := 0; ; n++ {
			dir, how := redistest.Direction(r.IntN(2)), redistest.Ending(r.IntN(2))
			select {
			case <-proxy.CutAfter(dir, r.IntN(500_000), how):
			case <-stop:
				return
			}
		}
	})
	c.run(20)
	close(stop)
	cutter.Wait()
	if c.cut.Load() == 0 {
		t.Error("no call was cut off: the test has tested nothing")
	}
}
