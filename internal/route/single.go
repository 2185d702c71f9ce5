// Package route decides where a command goes and what a failure means: which connection, whether to send it again, when to
// give up. One layer retries, this one.
package route

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/fairlead-go/fairlead/internal/conn"
	"github.com/fairlead-go/fairlead/internal/pool"
	"github.com/fairlead-go/fairlead/redis"
	"github.com/fairlead-go/fairlead/resp"
)

// A Config says how calls are routed. It is not changed once in use.
type Config struct {
	Exclusive bool          // every call has a connection to itself
	Limit     int           // connections there may be
	Addr      string        // the server's address, for errors
	DB        int           // the database every connection starts in
	Timeout   time.Duration // bounds each try of a call whose context has no deadline; 0 or less: no bound
	Retry     Retry
}

// A Single sends calls to one server. It is safe for concurrent use.
type Single struct {
	cfg    Config
	pool   *pool.Pool
	budget retryBudget
	heavy  memory
	turns  chan struct{} // one for each blocking call under way; nil: the pool itself keeps a connection free of them
	dbs    sync.Map      // int → struct{}: databases the server is known to have, beside cfg.DB
}

// NewSingle returns a Single over a pool.
func NewSingle(p *pool.Pool, cfg Config) *Single {
	s := &Single{cfg: cfg, pool: p}
	if cfg.Exclusive && cfg.Limit > 1 {
		s.turns = make(chan struct{}, cfg.Limit-1)
	}
	s.budget.replies = func() int64 { return p.Stats().Replies }
	return s
}

// RoundTrip sends the call, again where that is safe, and returns when its replies are there or the last try failed.
func (s *Single) RoundTrip(ctx context.Context, call *conn.Call) error {
	if call.Transfer != nil {
		return s.sendLong(ctx, call)
	}
	return s.Send(ctx, call, &call.Request)
}

// sendLong is the way of a call whose long value passes by.
func (s *Single) sendLong(ctx context.Context, call *conn.Call) error {
	if _, err := Check(ctx, call, false); err != nil {
		return s.notSent(call, conn.Queued, time.Time{}, err)
	}
	return s.persist(ctx, call, s.try(ctx, call))
}

// Send is RoundTrip for a call whose command is r, unless it has Many: it is not copied into the call while all goes well.
// Step 2 of 6: the route.
func (s *Single) Send(ctx context.Context, call *conn.Call, r *redis.Request) error {
	c := s.atHand(ctx, call, r)
	if c == nil {
		call.Take(r)
		if _, err := Check(ctx, call, false); err != nil {
			return s.notSent(call, conn.Queued, time.Time{}, err)
		}
		return s.persist(ctx, call, s.try(ctx, call))
	}
	err := c.Send(ctx, call, r)
	if err != nil || call.Reply.Kind() == resp.SimpleError {
		call.Take(r)
	}
	switch {
	case err == nil && call.Reply.Kind() != resp.SimpleError:
		if call.Reply.Size() >= conn.LargeReply {
			s.heavy.note(r, call.DB, call.Reply)
		}
		return nil
	case conn.Unavailable(err):
		err = s.tryShared(ctx, call)
	default:
		err = s.named(c, call, err)
	}
	return s.persist(ctx, call, err)
}

// atHand returns the shared connection if there is one and nothing stands against the call's way over it, else nil. Nearly all calls
// go this way, so it is short.
func (s *Single) atHand(ctx context.Context, call *conn.Call, r *redis.Request) *conn.Conn {
	if s.cfg.Exclusive || call.Many != nil || call.DB != s.cfg.DB || !r.Plain() || ctx == nil || ctx.Err() != nil {
		return nil
	}
	switch {
	case !r.ReadOnly():
		return s.pool.First()
	case s.heavy.heavy(r, call.DB):
		return nil
	}
	return s.pool.Primary()
}

// persist sends a call again that was tried once, with this error, where that is safe.
func (s *Single) persist(ctx context.Context, call *conn.Call, err error) error {
	for try := 0; ; try++ {
		if err == nil && !refused(call) {
			if call.Many == nil && call.Reply.Kind() != resp.SimpleError {
				s.heavy.note(&call.Request, call.DB, call.Reply)
			}
			return nil
		}
		if !s.mayRepeat(call, err) || try >= s.cfg.Retry.Max || !s.budget.spend() || !s.cfg.Retry.pause(ctx, try) {
			return s.inDoubt(call, err)
		}
		s.pool.CountRetry()
		again := call.Repeat()
		again.InDoubt = call.InDoubt || wasSent(err)
		call = again
		err = s.try(ctx, call)
	}
}

// try sends the call once, over the connection it belongs on.
func (s *Single) try(ctx context.Context, call *conn.Call) error {
	if err := s.checkDB(ctx, call); err != nil {
		return err
	}
	if call.Blocking() {
		return s.tryBlocking(ctx, call)
	}
	if call.Request.Has(redis.HangsUp) {
		return s.tryLast(ctx, call)
	}
	if s.cfg.Exclusive || call.Transfer != nil || call.Request.Has(redis.Aside) {
		return s.tryExclusive(ctx, call)
	}
	at := s.pool.Primary
	switch {
	case !call.ReadOnly():
		at = s.pool.First
	case call.Many == nil && s.heavy.heavy(&call.Request, call.DB):
		at = s.pool.Side // others should not wait behind it
	}
	if c := at(); c != nil {
		if err := c.Do(ctx, call); !conn.Unavailable(err) {
			return s.named(c, call, err)
		}
	}
	return s.tryShared(ctx, call)
}

// tryShared is the way of a call that found no shared connection at hand.
func (s *Single) tryShared(ctx context.Context, call *conn.Call) error {
	began := time.Now()
	wait, cancel := s.bounded(ctx)
	defer cancel()
	for {
		c, err := s.pool.Shared(wait)
		if err != nil {
			return s.notSent(call, phaseOf(err), began, err)
		}
		if first := s.pool.First(); first != nil && !call.ReadOnly() {
			c = first
		}
		if err := c.Do(ctx, call); !conn.Unavailable(err) || stillborn(c) {
			return s.named(c, call, err)
		}
		if wait.Err() != nil {
			return s.notSent(call, conn.Queued, began, conn.ContextError(wait))
		}
	}
}

// tryExclusive gives the call a connection to itself until it has its replies.
func (s *Single) tryExclusive(ctx context.Context, call *conn.Call) error {
	for {
		c, err := s.lease(ctx, call)
		if err != nil {
			return err
		}
		err = s.doAndPut(ctx, c, call)
		if !conn.Unavailable(err) || stillborn(c) {
			return s.named(c, call, err)
		}
	}
}

// doAndPut runs the call and gives the connection back, also if a Reader or a Writer of the call's value panics.
func (s *Single) doAndPut(ctx context.Context, c *conn.Conn, call *conn.Call) error {
	defer s.pool.Put(c, true)
	return c.Do(ctx, call)
}

// lease takes a connection out of the pool.
func (s *Single) lease(ctx context.Context, call *conn.Call) (*conn.Conn, error) {
	if c := s.pool.TryGet(call.Name()); c != nil {
		return c, nil
	}
	began := time.Now()
	wait, cancel := s.bounded(ctx)
	defer cancel()
	c, err := s.pool.Get(wait, call.Name())
	if err != nil {
		return nil, s.notSent(call, phaseOf(err), began, err)
	}
	return c, nil
}

// bounded returns a context that ends after Timeout if ctx has no deadline of its own.
func (s *Single) bounded(ctx context.Context) (context.Context, context.CancelFunc) {
	if _, has := ctx.Deadline(); has || s.cfg.Timeout <= 0 {
		return ctx, func() {}
	}
	return context.WithTimeoutCause(ctx, s.cfg.Timeout, conn.ErrNoConnection)
}

// stillborn reports whether the server ended a connection before it had answered a single call. What did not get onto it may be
// sent again, but as a further try: a server that hangs up after every handshake would be dialled without end.
func stillborn(c *conn.Conn) bool {
	switch c.Info().Cause {
	case conn.PeerClosed, conn.PeerReset, conn.PeerVanished, conn.ProtocolBroken, conn.SocketError:
		return c.Replies() == 0
	}
	return false
}

// named makes sure that an error of a connection says which call it was; those of calls that were sent do already.
func (s *Single) named(c *conn.Conn, call *conn.Call, err error) error {
	if err == nil {
		return nil
	}
	if e, ok := err.(*conn.CallError); ok {
		if e.Command == "" {
			e.Command = call.Name()
		}
		return err
	}
	e := &conn.CallError{Command: call.Name(), Addr: s.cfg.Addr, Phase: conn.Queued, Err: err}
	if conn.Unavailable(err) {
		e.Conn, e.Err = c.ID(), c.Gone()
	}
	return e
}

// notSent is the error of a call of which not one byte left this process.
func (s *Single) notSent(call *conn.Call, phase conn.Phase, began time.Time, err error) error {
	e := &conn.CallError{Command: call.Name(), Addr: s.cfg.Addr, Phase: phase, Err: err}
	if !began.IsZero() {
		e.Elapsed = time.Since(began)
	}
	return e
}

func phaseOf(err error) conn.Phase {
	var d *conn.DialError
	switch {
	case !errors.As(err, &d):
		return conn.Queued
	case d.Handshake:
		return conn.HandshakeStep
	}
	return conn.DialPhase
}

// checkDB makes sure, once, that the server has the call's database before a stream of commands is switched to it:
// commands sent behind a SELECT that fails would run in the wrong one.
func (s *Single) checkDB(ctx context.Context, call *conn.Call) error {
	db := call.DB
	if db == s.cfg.DB || db == conn.AnyDB {
		return nil
	}
	if _, known := s.dbs.Load(db); known {
		return nil
	}
	probe := conn.NewCall()
	probe.DB = s.cfg.DB
	probe.Many = []redis.Request{selectDB(db), selectDB(s.cfg.DB)}
	probe.Replies = newReplies(2)
	err := s.try(ctx, probe)
	if err == nil {
		if err = probe.Replies[0].Err(); err != nil {
			err = dbError{db, err}
		}
	}
	probe.Free()
	if err == nil {
		s.dbs.Store(db, struct{}{})
		return nil
	}
	if e, ok := err.(*conn.CallError); ok { // the probe may have been sent; the call was not
		own := *e
		own.Command, own.Sent = call.Name(), false
		if e.Sent {
			own.Phase = conn.Queued
		}
		return &own
	}
	return s.notSent(call, conn.Queued, time.Time{}, err)
}

// Lease takes a connection out of the pool for a user of its own, in a database that the server is known to have.
func (s *Single) Lease(ctx context.Context, db int, holder string) (*conn.Conn, error) {
	call := conn.NewCall()
	call.Request, call.DB = redis.New[resp.Reply](holder).Request, db
	if err := checkContext(ctx); err != nil {
		return nil, s.notSent(call, conn.Queued, time.Time{}, err)
	}
	for try := 0; ; try++ {
		c, err := s.leaseIn(ctx, call)
		if err == nil || !s.mayRepeat(call, err) || try >= s.cfg.Retry.Max || !s.budget.spend() || !s.cfg.Retry.pause(ctx, try) {
			return c, err
		}
	}
}

// leaseIn is lease once the server is known to have the call's database.
func (s *Single) leaseIn(ctx context.Context, call *conn.Call) (*conn.Conn, error) {
	if err := s.checkDB(ctx, call); err != nil {
		return nil, err
	}
	return s.lease(ctx, call)
}

// GiveBack returns a leased connection to the pool; clean says that its state at the server is as it was.
func (s *Single) GiveBack(c *conn.Conn, clean bool) { s.pool.Put(c, clean) }
