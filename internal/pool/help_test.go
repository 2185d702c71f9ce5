package pool

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/fairlead-go/fairlead/internal/budget"
	"github.com/fairlead-go/fairlead/internal/conn"
	"github.com/fairlead-go/fairlead/redis"
	"github.com/fairlead-go/fairlead/redistest"
	"github.com/fairlead-go/fairlead/resp"
)

func TestMain(m *testing.M) { redistest.Main(m) }

const redisAddr = "redis:6379"

// A scene is what a test in a bubble plays in.
type scene struct {
	Config
	max     int           // slots
	latency time.Duration // of the network
	down    bool          // there is no server until the test says serve
}

// A rig is a pool over a network in memory with a fake clock, and the steps of a test. Each step says what it expects and why.
type rig struct {
	*Pool
	t     *testing.T
	ctx   context.Context
	slots *budget.Process
	net   *redistest.Network
	fake  *redistest.Fake

	mu    sync.Mutex // guards the fields below
	dials []dialed
	ends  map[uint64]conn.Cause // why each connection was closed
}

type dialed struct {
	at  time.Time
	err error
}

// play runs a test in a bubble. Afterwards the pool is closed and must hold nothing.
func (s scene) play(t *testing.T, test func(r *rig)) {
	t.Helper()
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		r := s.rig(t)
		test(r)
		r.Close()
		synctest.Wait()
		r.holdsNothing()
	})
}

func (s scene) rig(t *testing.T) *rig {
	r := &rig{t: t, ctx: t.Context(), slots: budget.NewProcess(max(s.max, 1)), ends: map[uint64]conn.Cause{}}
	r.net = &redistest.Network{Latency: s.latency}
	if !s.down {
		r.serve()
	}
	cfg := s.Config
	if cfg.Conn == nil {
		cfg.Conn = &conn.Config{Timeout: 5 * time.Second}
	}
	cfg.Conn.Addr = redisAddr
	if cfg.Conn.Dialer == nil {
		cfg.Conn.Dialer = r.net.Dial
	}
	cfg.Slots = r.slots
	onDial := cfg.OnDial
	cfg.OnDial = func(addr string, took time.Duration, err error) {
		r.mu.Lock()
		r.dials = append(r.dials, dialed{time.Now(), err})
		r.mu.Unlock()
		if onDial != nil {
			onDial(addr, took, err)
		}
	}
	cfg.OnClosed = func(id uint64, _ string, cause conn.Cause, _ error) {
		r.mu.Lock()
		defer r.mu.Unlock()
		if before, known := r.ends[id]; known {
			t.Errorf("connection %d was reported closed twice: %v, %v", id, before, cause)
		}
		r.ends[id] = cause
	}
	r.Pool = New(cfg)
	t.Cleanup(r.Close)
	return r
}

// serve starts the server, or starts it again, with a script for each connection; without any, commands are answered.
func (r *rig) serve(scripts ...func(*redistest.FakeConn)) {
	r.t.Helper()
	if len(scripts) == 0 {
		scripts = []func(*redistest.FakeConn){answering}
	}
	l, err := r.net.Listen(redisAddr)
	if err != nil {
		r.t.Fatal(err)
	}
	r.fake = redistest.NewFakeOn(r.t, l, scripts...)
}

// answering answers PING, GET with "v", and BLPOP never.
func answering(c *redistest.FakeConn) {
	c.AnswerHandshake()
	c.Serve(answer)
}

func answer(args []string) string {
	switch strings.ToUpper(args[0]) {
	case "PING":
		return "+PONG\r\n"
	case "GET":
		return "$1\r\nv\r\n"
	case "BLPOP":
		return ""
	}
	return "-ERR unknown command\r\n"
}

// hangsUp is a script: it answers until told to end the connection with a FIN.
func hangsUp(when <-chan struct{}) func(*redistest.FakeConn) {
	return func(c *redistest.FakeConn) {
		c.AnswerHandshake()
		c.Hold(when)
		c.Close()
	}
}

// get takes a connection, which must be there at once or after a dial.
func (r *rig) get(holder string) *conn.Conn {
	r.t.Helper()
	c, err := r.Get(r.ctx, holder)
	if err != nil {
		r.t.Fatalf("Get for %s: %v", holder, err)
	}
	return c
}

// share asks for a shared connection.
func (r *rig) share() *conn.Conn {
	r.t.Helper()
	c, err := r.Shared(r.ctx)
	if err != nil {
		r.t.Fatalf("Shared: %v", err)
	}
	return c
}

// An asked is a Get or a Shared in a goroutine of its own. It ends when it is answered.
type asked struct {
	r    *rig
	what string
	done chan struct{} // closed when c and err are set
	c    *conn.Conn
	err  error
}

// ask runs get in the background, until it waits.
func (r *rig) ask(what string, get func() (*conn.Conn, error)) *asked {
	a := &asked{r: r, what: what, done: make(chan struct{})}
	go func() {
		a.c, a.err = get()
		close(a.done)
	}()
	synctest.Wait()
	return a
}

func (r *rig) askGet(ctx context.Context, holder string) *asked {
	return r.ask("Get for "+holder, func() (*conn.Conn, error) { return r.Get(ctx, holder) })
}

func (r *rig) askShared(ctx context.Context) *asked {
	return r.ask("Shared", func() (*conn.Conn, error) { return r.Shared(ctx) })
}

// waits says that no answer is there yet.
func (a *asked) waits(why string) {
	a.r.t.Helper()
	synctest.Wait()
	select {
	case <-a.done:
		a.r.t.Fatalf("%s was answered (%v, %v), want it to wait: %s", a.what, number(a.c), a.err, why)
	default:
	}
}

// has says that a connection was given by now, and returns it.
func (a *asked) has(why string) *conn.Conn {
	a.r.t.Helper()
	synctest.Wait()
	select {
	case <-a.done:
	default:
		a.r.t.Fatalf("%s still waits, want a connection: %s", a.what, why)
	}
	if a.err != nil {
		a.r.t.Fatalf("%s failed with %v, want a connection: %s", a.what, a.err, why)
	}
	return a.c
}

// fails waits for an answer, which must be this error.
func (a *asked) fails(want error, why string) {
	a.r.t.Helper()
	<-a.done
	if !errors.Is(a.err, want) {
		a.r.t.Fatalf("%s ended with (%v, %v), want the error %v: %s", a.what, number(a.c), a.err, want, why)
	}
}

func number(c *conn.Conn) any {
	if c == nil {
		return "no connection"
	}
	return c.ID()
}

// same says that two connections are one.
func (r *rig) same(got, want *conn.Conn, why string) {
	r.t.Helper()
	if got != want {
		r.t.Fatalf("connection %v, want %v: %s", number(got), number(want), why)
	}
}

// other says that two connections are two.
func (r *rig) other(got, not *conn.Conn, why string) {
	r.t.Helper()
	if got == not {
		r.t.Fatalf("connection %v again, want another one: %s", number(got), why)
	}
}

// holds says how many connections there are once all is quiet, and that each has exactly one slot.
func (r *rig) holds(open, idle, shared int, why string) {
	r.t.Helper()
	synctest.Wait()
	s := r.Stats()
	if s.Open != open || s.Idle != idle || s.Shared != shared {
		r.t.Fatalf("%d open, %d idle, %d shared; want %d, %d, %d: %s", s.Open, s.Idle, s.Shared, open, idle, shared, why)
	}
	if got := len(r.Conns()); got != open {
		r.t.Fatalf("%d slots are held for %d connections", open, got)
	}
}

// holdsNothing says that no slot, connection or waiter is left.
func (r *rig) holdsNothing() {
	r.t.Helper()
	if s := r.Stats(); s.Open != 0 || s.Idle != 0 || s.Shared != 0 || s.Waiting != 0 || len(r.Conns()) != 0 {
		r.t.Errorf("after the end there are %d slots held, %d idle, %d shared, %d waiting, %d known", s.Open, s.Idle, s.Shared, s.Waiting, len(r.Conns()))
	}
}

// ended says that a connection was closed, and why it was.
func (r *rig) ended(c *conn.Conn, want conn.Cause, why string) {
	r.t.Helper()
	synctest.Wait()
	r.mu.Lock()
	cause, closed := r.ends[c.ID()]
	r.mu.Unlock()
	if !closed || cause != want {
		r.t.Fatalf("connection %d: closed %v (%v), want it to be %v: %s", c.ID(), closed, cause, want, why)
	}
}

// open says that a connection takes calls.
func (r *rig) open(c *conn.Conn, why string) {
	r.t.Helper()
	synctest.Wait()
	if !c.Usable() {
		r.t.Fatalf("connection %d is %v, want it open: %s", c.ID(), c.Info().State, why)
	}
}

// dialed says how many connections were tried to open so far.
func (r *rig) dialed(want int, why string) {
	r.t.Helper()
	synctest.Wait()
	if got := len(r.tries()); got != want {
		r.t.Fatalf("%d tries to open a connection, want %d: %s", got, want, why)
	}
}

func (r *rig) tries() []dialed {
	r.mu.Lock()
	defer r.mu.Unlock()
	return append([]dialed(nil), r.dials...)
}

// send starts a command that is answered later, if ever, and returns what it ends with.
func (r *rig) send(ctx context.Context, c *conn.Conn, name string, args ...any) <-chan error {
	r.t.Helper()
	call := conn.NewCall()
	call.Request, call.DB = redis.New[resp.Reply](name, args...).Request, conn.AnyDB
	call.Blocking()
	end := make(chan error, 1)
	go func() { end <- c.Do(ctx, call) }()
	synctest.Wait()
	return end
}

// pass lets time pass; it costs none.
func pass(d time.Duration) {
	<-time.After(d)
	synctest.Wait()
}
