package fairlead

import (
	"context"
	"errors"
	"iter"
	"sync"

	"github.com/fairlead-go/fairlead/internal/conn"
	"github.com/fairlead-go/fairlead/redis"
	"github.com/fairlead-go/fairlead/resp"
)

// ErrSlowMonitor is how Monitor ends if the loop is so slow that more than 16 MiB of lines wait for it: they are not kept back
// at the server, whose memory they would fill.
var ErrSlowMonitor = errors.New("the loop over Monitor was too slow: 16 MiB of lines waited for it")

// mostMonitored is how many bytes of lines may wait. One line always may.
const mostMonitored = 16 << 20

// perLine is what a line takes beside its text.
const perLine = 16

// Monitor yields every command that the server runs from now on, in all databases, but those that it keeps secret, such as
// AUTH. It takes a connection of its own out of the pool, which is closed at the end:
//
//	for line, err := range c.Monitor(ctx) {
//		if err != nil { return err }
//		fmt.Println(line.Time, line.ClientAddr, line.Args)
//	}
//
// An error is the last that comes: the context's, when it ended; a *CallError if the connection broke, since what was run until
// there is another one would be missing; the server's, if the user may not use MONITOR; ErrSlowMonitor; one of a line that
// cannot be read. Monitor halves the speed of a busy server, so it is for looking into something, not for good. Since Redis
// 1.0.0.
func (c Commands) Monitor(ctx context.Context) iter.Seq2[redis.MonitorLine, error] {
	return func(yield func(redis.MonitorLine, error) bool) {
		l, err := c.lease(ctx, "MONITOR")
		if err != nil {
			yield(redis.MonitorLine{}, err)
			return
		}
		l.dirty.Store(true)
		defer l.giveBack()
		m := &monitor{conn: l.conn, news: make(chan struct{}, 1)}
		if err := m.begin(); err != nil {
			yield(redis.MonitorLine{}, m.failed(err))
			return
		}
		m.run(ctx, yield)
	}
}

// A monitor takes what a server sends to a connection that sent MONITOR.
type monitor struct {
	conn *conn.Conn
	news chan struct{} // has a token if there is something that next has not seen

	mu        sync.Mutex // guards what follows
	confirmed bool       // the server has answered MONITOR
	lines     []string
	bytes     int
	err       error // nothing more is taken
}

func (m *monitor) begin() error {
	m.conn.Stream(m.take)
	return m.conn.Post(resp.AppendCommand(nil, "MONITOR"))
}

// take never waits: what is not read in time is not taken any more.
func (m *monitor) take(replies []resp.Reply) error {
	m.mu.Lock()
	for _, r := range replies {
		m.takeOne(r)
	}
	m.mu.Unlock()
	select {
	case m.news <- struct{}{}:
	default:
	}
	return nil
}

// takeOne is called with m.mu held.
func (m *monitor) takeOne(r resp.Reply) {
	switch {
	case m.err != nil || r.Kind() == resp.Push:
	case r.Err() != nil:
		m.err = r.Err()
	case !m.confirmed:
		m.confirmed = true
	case m.bytes > 0 && m.bytes+r.Size() > mostMonitored:
		m.err = ErrSlowMonitor
	default:
		m.lines = append(m.lines, r.Text())
		m.bytes += r.Size() + perLine
	}
}

// run yields lines until there are no more.
func (m *monitor) run(ctx context.Context, yield func(redis.MonitorLine, error) bool) {
	for {
		lines, err := m.next(ctx)
		for _, text := range lines {
			line, err := redis.ParseMonitorLine(text)
			if ctx.Err() != nil {
				break
			}
			if !yield(line, err) || err != nil {
				return
			}
		}
		if ctx.Err() != nil {
			err = m.failed(conn.ContextError(ctx))
		}
		if err != nil {
			yield(redis.MonitorLine{}, err)
			return
		}
	}
}

// next waits for lines or the context's end. What has come is returned together with the reason why nothing more comes.
func (m *monitor) next(ctx context.Context) (lines []string, err error) {
	select {
	case <-m.news:
	case <-m.conn.Closed():
		err = m.failed(m.conn.Gone())
	case <-ctx.Done(): // run sees it
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if err == nil {
		err = m.err
	}
	lines, m.lines, m.bytes = m.lines, nil, 0
	return lines, err
}

func (m *monitor) failed(err error) error {
	return &CallError{Command: "MONITOR", Addr: m.conn.Addr(), Conn: m.conn.ID(), Phase: PhaseAwaitingReply, Sent: true, Err: err}
}
