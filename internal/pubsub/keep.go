package pubsub

import (
	"context"
	"errors"
	"time"

	"github.com/fairlead-go/fairlead/internal/conn"
	"github.com/fairlead-go/fairlead/resp"
)

const (
	// beat is how often the connection is looked at, and how often PING is sent while messages come: an answer proves that everything
	// published before has arrived, so it is where a gap begins.
	beat = time.Second
	// steady is how long a connection must have lasted for the next one to be opened without a pause.
	steady = 100 * time.Millisecond
	// defaultAnswer is how long an answer may take where commands have no bound.
	defaultAnswer = 5 * time.Second
)

// start begins to keep a connection, if that is not under way. Called with f.mu held.
func (f *feed) start() {
	if !f.kept && f.count > 0 {
		f.kept = true
		go f.keep() // ends when nobody is subscribed to anything any more
	}
}

// keep keeps a connection while anybody is subscribed to anything.
func (f *feed) keep() {
	for try := 0; ; try++ {
		ctx, wanted := f.opening()
		if !wanted {
			return
		}
		c, err := f.cfg.Open(ctx)
		switch {
		case err == nil && f.use(c), err != nil && ctx.Err() != nil: // no pause after one that was of use, or was called off
			try = -1
			continue
		case err != nil:
			f.failed(err, try)
		}
		f.cfg.Pause(ctx, try)
	}
}

// opening returns the context for opening a connection; wanted is false if nobody needs one any more, and keep ends.
func (f *feed) opening() (ctx context.Context, wanted bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.callOff != nil {
		f.callOff()
		f.callOff = nil
	}
	if f.count == 0 {
		f.kept = false
		return nil, false
	}
	ctx, f.callOff = context.WithCancel(context.Background())
	return ctx, true
}

// failed is told that the given try to open a connection, the first being 0, failed. Those who are not subscribed yet are told if it is
// pointless to wait for the next; everybody is, if the server refused us.
func (f *feed) failed(err error, try int) {
	f.mu.Lock()
	defer f.mu.Unlock()
	var refused *resp.Error
	lasting := !f.cfg.MayRecover(err)
	if lasting || try >= f.cfg.MaxRetries {
		for k := range kinds {
			for _, t := range f.topics[k] {
				f.failTickets(t, err, func(*ticket) bool { return true })
			}
		}
	}
	if errors.Is(err, conn.ErrClosed) || lasting && errors.As(err, &refused) {
		f.endLocked(err, everybody)
	}
}

// use carries the subscriptions over the connection until it is lost, or nobody needs it. It reports what detach does.
func (f *feed) use(c *conn.Conn) bool {
	if f.attach(c) {
		f.tend(c)
	}
	c.Close(conn.UserClosed, nil) // unless it was lost
	return f.detach(c)
}

// attach makes a new connection the feed's and has all topics subscribed to on it. It reports false if nobody wants it any more.
func (f *feed) attach(c *conn.Conn) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.count == 0 {
		return false
	}
	now := time.Now()
	f.conn, f.owed, f.out = c, nil, nil
	f.since, f.heard, f.proof = now, now, time.Time{}
	f.restored, f.news = false, false
	for k := range kinds {
		for _, t := range f.topics[k] {
			f.order(begin[k], t, now)
		}
	}
	f.fences = 0
	f.fence()
	c.Stream(func(elements []resp.Reply) error { return f.take(c, elements) })
	return true
}

// tend writes what is to be written and watches over the connection until it is lost, or nobody wants it any more.
func (f *feed) tend(c *conn.Conn) {
	look := time.NewTicker(beat)
	defer look.Stop()
	for {
		f.mu.Lock()
		out := f.out
		f.out = nil
		idle := f.count == 0 && (f.closed != nil || time.Since(f.left) >= f.linger)
		f.mu.Unlock()
		if idle || len(out) > 0 && c.Post(out) != nil {
			return
		}
		select {
		case <-c.Closed():
			return
		case <-f.wake:
		case <-look.C:
			if f.silent(c) {
				c.Close(conn.ReadTimeout, nil)
			}
		}
	}
}

// silent, asked at each beat, has PING sent when that is due, and reports whether the server owes an answer for too long and has sent nothing since.
func (f *feed) silent(c *conn.Conn) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	now, heard := time.Now(), c.LastUsed()
	if f.heard.After(heard) {
		heard = f.heard
	}
	patience := f.cfg.Timeout
	if patience <= 0 {
		patience = defaultAnswer
	}
	switch {
	case f.held:
		return false // it is we who do not read
	case len(f.owed) > 0:
		return now.Sub(heard) >= patience && now.Sub(f.owed[0].sent) >= patience
	case f.news, now.Sub(heard) >= f.cfg.Silence:
		f.order(ping, nil, now)
		f.news = false
	}
	return false
}

// detach notes that the connection is lost: everything since the last proof may be. It reports false if the
// next one is better opened after a pause, since this one was of little use.
func (f *feed) detach(c *conn.Conn) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.conn != c {
		return false
	}
	f.conn, f.owed, f.out = nil, nil, nil
	f.interrupt(c.Gone())
	return f.count == 0 || f.restored && time.Since(f.since) >= steady
}

// interrupt begins the gap of every subscription that had something to lose. Called with f.mu held.
func (f *feed) interrupt(lost error) {
	for k := range kinds {
		for _, t := range f.topics[k] {
			t.confirmed = false
		}
	}
	for s := range f.subs {
		if s.has() && !s.established.IsZero() {
			f.lose(s, lost)
		}
	}
}

// lose begins the subscription's gap, or goes on with the one that has not ended. Called with f.mu held.
func (f *feed) lose(s *Subscription, why error) {
	if s.missing == nil {
		s.missing = &missing{since: latest(f.proof, s.established), err: why}
		return
	}
	s.missing.err, s.missing.told = why, false
}

func latest(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}
