package fairlead_test

import (
	"errors"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/fairlead-go/fairlead"
	"github.com/fairlead-go/fairlead/redis"
	"github.com/fairlead-go/fairlead/redistest"
)

// What belongs to one goroutine says so when two use it, and mixes nothing up. The race detector watches these tests.

// TestConnUsedByTwoGoroutines: while one command waits for its reply, another is refused, for certain.
func TestConnUsedByTwoGoroutines(t *testing.T) {
	t.Parallel()
	asked, answer := make(chan struct{}), make(chan struct{})
	fake := redistest.NewFake(t, func(c *redistest.FakeConn) {
		c.AnswerHandshake()
		c.ExpectCommand("GET", "first")
		close(asked)
		c.Hold(answer)
		c.Reply("$1\r\n1\r\n")
		c.Hang()
	})
	own := lend(t, open(t, fake.URL()))
	first := make(chan error, 1)
	go func() {
		_, err := own.Get(background, "first")
		first <- err
	}()
	<-asked
	_, err := own.Get(background, "second")
	says(t, err, "GET at "+fake.Addr(), "the connection was not used: it is in use by another goroutine: give each goroutine its own", "it was not sent")
	wraps(t, err, fairlead.ErrBusy)
	sentAs(t, err, false)
	close(answer)
	must(t, <-first)
}

func TestPipeUsedByManyGoroutines(t *testing.T) {
	eachProtocol(t, func(t *testing.T, c *fairlead.Client) {
		key := newKey(t)
		for range 50 {
			p := c.Pipeline()
			crowd(4, func() {
				fairlead.Queue(p, redis.Incr(key))
				if err := p.Exec(background); err != nil && !executedBefore(err) {
					t.Error(err)
				}
			})
		}
	})
}

// executedBefore reports whether an error is one of those by which a pipe defends itself.
func executedBefore(err error) bool {
	return errors.Is(err, fairlead.ErrBusy) || errors.Is(err, fairlead.ErrNotExecuted) ||
		err.Error() == "the pipe was executed before: get a new one from Pipeline or TxPipeline"
}

// crowd runs a function in n goroutines that start together.
func crowd(n int, run func()) {
	var all sync.WaitGroup
	start := make(chan struct{})
	for range n {
		all.Go(func() {
			<-start
			run()
		})
	}
	close(start)
	all.Wait()
}

// TestPipeUsedWhileItIsExecuted: whoever comes meanwhile is refused, for certain.
func TestPipeUsedWhileItIsExecuted(t *testing.T) {
	t.Parallel()
	asked, answer := make(chan struct{}), make(chan struct{})
	fake := redistest.NewFake(t, func(c *redistest.FakeConn) {
		c.AnswerHandshake()
		c.ExpectCommand("INCR", "n")
		close(asked)
		c.Hold(answer)
		c.Reply(":1\r\n")
		c.Hang()
	})
	p := open(t, fake.URL()).Pipeline()
	reply := fairlead.Queue(p, redis.Incr("n"))
	ended := make(chan error, 1)
	go func() { ended <- p.Exec(background) }()
	<-asked
	_, err := fairlead.Queue(p, redis.Incr("n")).Result()
	says(t, err, "the pipe was not used: it is in use by another goroutine: give each goroutine its own")
	wraps(t, err, fairlead.ErrBusy)
	says(t, p.Exec(background), "the pipe was not executed: it is in use by another goroutine")
	_, err = reply.Result()
	is(t, "the reply before it came", err, fairlead.ErrNotExecuted)
	close(answer)
	must(t, <-ended)
	n, err := reply.Result()
	must(t, err)
	is(t, "INCR", n, 1)
}

// TestPipeQueuedByTwoGoroutines: a pipe in which two met is not sent, since nobody knows what is in it; one in which they happened
// not to meet is whole.
func TestPipeQueuedByTwoGoroutines(t *testing.T) {
	t.Parallel()
	for range 5 {
		fake := redistest.NewFake(t, serve(func([]string) string { return ":1\r\n" }))
		p := open(t, fake.URL()).Pipeline()
		const each = 300
		var met atomic.Int64
		crowd(2, func() {
			for range each {
				if _, err := fairlead.Queue(p, redis.Incr("n")).Result(); errors.Is(err, fairlead.ErrBusy) {
					met.Add(1)
				}
			}
		})
		err := p.Exec(background)
		if met.Load() == 0 {
			must(t, err)
			is(t, "commands sent", len(fake.Commands()), 2*each)
			continue
		}
		says(t, err, "the pipe was not executed: it is in use by another goroutine")
		is(t, "commands sent", len(fake.Commands()), 0)
	}
}

func TestTxUsedByTwoGoroutines(t *testing.T) {
	eachProtocol(t, func(t *testing.T, c *fairlead.Client) {
		key := newKey(t)
		for range 20 {
			err := c.Watch(background, func(tx *fairlead.Tx) error {
				crowd(4, func() {
					fairlead.Queue(tx, redis.Incr(key))
					if _, err := tx.Get(background, key); ignoreNil(err) != nil && !errors.Is(err, fairlead.ErrBusy) {
						t.Error(err)
					}
				})
				return nil
			}, key)
			if err != nil && !errors.Is(err, fairlead.ErrBusy) {
				t.Error(err)
			}
		}
	})
}

// TestTxThatOutlivesItsFunction: a goroutine that the function left behind goes on queueing while the transaction runs.
func TestTxThatOutlivesItsFunction(t *testing.T) {
	eachProtocol(t, func(t *testing.T, c *fairlead.Client) {
		key := newKey(t)
		var left sync.WaitGroup
		for range 20 {
			err := c.Watch(background, func(tx *fairlead.Tx) error {
				fairlead.Queue(tx, redis.Incr(key))
				left.Go(func() {
					for range 200 {
						_, err := fairlead.Queue(tx, redis.Incr(key)).Result()
						if !errors.Is(err, fairlead.ErrBusy) && !errors.Is(err, fairlead.ErrNotExecuted) && err != nil {
							t.Error(err)
						}
					}
				})
				return nil
			}, key)
			if err != nil && !errors.Is(err, fairlead.ErrBusy) {
				t.Error(err)
			}
			left.Wait()
		}
	})
}

// TestConnClosedWhileInUse: the command that is on its way gets an answer, one way or the other.
func TestConnClosedWhileInUse(t *testing.T) {
	eachProtocol(t, func(t *testing.T, c *fairlead.Client) {
		for range 20 {
			own, err := c.Conn(background)
			must(t, err)
			key := newKey(t)
			crowd(2, func() {
				if _, err := own.Incr(background, key); err != nil && !errors.Is(err, fairlead.ErrClosed) && !errors.Is(err, fairlead.ErrBusy) {
					t.Error(err)
				}
				_ = own.Close() // always nil
			})
		}
		v, err := c.Ping(background)
		must(t, err)
		is(t, "PING, after all of that", v, "PONG")
	})
}
