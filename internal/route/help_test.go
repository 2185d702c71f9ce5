package route

import (
	"context"
	"errors"
	"net"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/fairlead-go/fairlead/internal/budget"
	"github.com/fairlead-go/fairlead/internal/conn"
	"github.com/fairlead-go/fairlead/internal/pool"
	"github.com/fairlead-go/fairlead/redis"
	"github.com/fairlead-go/fairlead/redistest"
	"github.com/fairlead-go/fairlead/resp"
)

func TestMain(m *testing.M) { redistest.Main(m) }

const redisAddr = "redis:6379"

// A scene is what a test in a bubble plays in. What it leaves out is as below in rig.
type scene struct {
	exclusive   bool
	max         int // connections
	db          int
	retries     int           // -1: none
	backoff     time.Duration // the least and the most; 0: no pause
	onTimeout   bool
	poolTimeout time.Duration
	dialTimeout time.Duration
	slow        time.Duration                                                     // between the end of a dial and the moment the pool learns of the connection
	dialer      func(ctx context.Context, network, addr string) (net.Conn, error) // nil: the network in memory
}

// A rig is a Single over a network in memory with a fake clock, and the steps of a test.
type rig struct {
	*Single
	t    *testing.T
	ctx  context.Context
	net  *redistest.Network
	fake *redistest.Fake

	mu    sync.Mutex // guards dials
	dials []time.Time
}

// play runs a test in a bubble. The server begins as the scripts say, one for each connection; without any there is none.
func (s scene) play(t *testing.T, test func(r *rig), scripts ...func(*redistest.FakeConn)) {
	t.Helper()
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		r := s.rig(t)
		if len(scripts) > 0 {
			r.serve(scripts...)
		}
		test(r)
		r.pool.Close()
		synctest.Wait()
		if held := r.pool.Stats().Open; held != 0 {
			t.Errorf("%d slots are held after the end", held)
		}
	})
}

func (s scene) rig(t *testing.T) *rig {
	r := &rig{t: t, ctx: t.Context(), net: &redistest.Network{}}
	cfg := &conn.Config{Addr: redisAddr, DB: s.db, Dialer: r.net.Dial, Timeout: 5 * time.Second, DialTimeout: s.dialTimeout}
	if s.dialer != nil {
		cfg.Dialer = s.dialer
	}
	wait, limit, retries := s.poolTimeout, s.max, s.retries
	if wait == 0 {
		wait = 10 * time.Second
	}
	if limit == 0 {
		limit = 8
	}
	if retries == 0 {
		retries = 3
	}
	shared := 1
	if s.exclusive {
		shared = 0
	}
	p := pool.New(pool.Config{
		Conn: cfg, Slots: budget.NewProcess(limit), Shared: shared, WaitTimeout: wait,
		OnDial: func(string, time.Duration, error) {
			if s.slow > 0 {
				<-time.After(s.slow)
			}
			r.mu.Lock()
			defer r.mu.Unlock()
			r.dials = append(r.dials, time.Now())
		},
	})
	t.Cleanup(p.Close)
	r.Single = NewSingle(p, Config{
		Exclusive: s.exclusive, Addr: redisAddr, DB: s.db, Timeout: 5 * time.Second,
		Retry: Retry{Max: max(retries, 0), MinBackoff: s.backoff, MaxBackoff: s.backoff, OnTimeout: s.onTimeout},
	})
	return r
}

// serve starts the server.
func (r *rig) serve(scripts ...func(*redistest.FakeConn)) {
	r.t.Helper()
	l, err := r.net.Listen(redisAddr)
	if err != nil {
		r.t.Fatal(err)
	}
	r.fake = redistest.NewFakeOn(r.t, l, scripts...)
}

// answers is a script: these replies to the commands in turn, whatever they are; then the client may hang on.
func answers(replies ...string) func(*redistest.FakeConn) {
	return func(c *redistest.FakeConn) {
		c.AnswerHandshake()
		for _, raw := range replies {
			if _, err := c.ReadCommand(); err != nil {
				return
			}
			c.Reply(raw)
		}
		c.Hang()
	}
}

// endsInstead is a script: the connection ends where the reply to the first command should be.
func endsInstead(end func(*redistest.FakeConn)) func(*redistest.FakeConn) {
	return func(c *redistest.FakeConn) {
		c.AnswerHandshake()
		if _, err := c.ReadCommand(); err == nil {
			end(c)
		}
	}
}

var (
	fin    = endsInstead((*redistest.FakeConn).Close)
	rst    = endsInstead((*redistest.FakeConn).Reset)
	silent = endsInstead((*redistest.FakeConn).Hang)
)

// commands are what the tests send.
var (
	get   = redis.New[resp.Reply]("GET", "k").Request
	set   = redis.New[resp.Reply]("SET", "k", "v").Request
	blpop = redis.BLPop(0, "k").Request
	xread = redis.New[resp.Reply]("XREAD", "BLOCK", 0, "STREAMS", "s", "$").Request // waits, and only reads
)

// do runs one command in the client's database.
func (r *rig) do(ctx context.Context, cmd redis.Request) (resp.Reply, error) {
	return r.doIn(ctx, r.cfg.DB, cmd)
}

func (r *rig) doIn(ctx context.Context, db int, cmd redis.Request) (resp.Reply, error) {
	call := conn.NewCall()
	call.Request, call.DB = cmd, db
	err := r.RoundTrip(ctx, call)
	return call.Final().Reply, err
}

// later is do in the background, until it waits.
func (r *rig) later(ctx context.Context, cmd redis.Request) <-chan ended {
	end := make(chan ended, 1)
	go func() {
		reply, err := r.do(ctx, cmd)
		end <- ended{reply, err}
	}()
	synctest.Wait()
	return end
}

// ended is what a command ended with.
type ended struct {
	reply resp.Reply
	err   error
}

// replied says that a reply came, and that it is this one in redis-cli's notation.
func (r *rig) replied(got resp.Reply, err error, want, why string) {
	r.t.Helper()
	if err != nil {
		r.t.Fatalf("failed with %v, want the reply %s: %s", err, want, why)
	}
	if text := got.Value().String(); text != want {
		r.t.Fatalf("reply %s, want %s: %s", text, want, why)
	}
}

// failed says that no reply came, whether the command may have run, and returns the error for more questions.
func (r *rig) failed(err error, sent bool, cause error, why string) *conn.CallError {
	r.t.Helper()
	var e *conn.CallError
	if !errors.As(err, &e) {
		r.t.Fatalf("error %v, want a *CallError: %s", err, why)
	}
	if e.Sent != sent {
		r.t.Fatalf("Sent is %v in %q, want %v: %s", e.Sent, err, sent, why)
	}
	if cause != nil && !errors.Is(err, cause) {
		r.t.Fatalf("error %v is not %v: %s", err, cause, why)
	}
	return e
}

// arrived says which commands the server has read, in their order.
func (r *rig) arrived(why string, want ...string) {
	r.t.Helper()
	synctest.Wait()
	var got []string
	for _, words := range r.fake.Commands() {
		got = append(got, strings.Join(words, " "))
	}
	if strings.Join(got, "\n") != strings.Join(want, "\n") {
		r.t.Fatalf("the server has read %q, want %q: %s", got, want, why)
	}
}

// dialed says how many connections were tried to open.
func (r *rig) dialed(want int, why string) {
	r.t.Helper()
	synctest.Wait()
	r.mu.Lock()
	defer r.mu.Unlock()
	if len(r.dials) != want {
		r.t.Fatalf("%d dials, want %d: %s", len(r.dials), want, why)
	}
}

// pass lets time pass; it costs none.
func pass(d time.Duration) {
	<-time.After(d)
	synctest.Wait()
}
