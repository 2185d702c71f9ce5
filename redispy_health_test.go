package fairlead_test

import (
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/fairlead-go/fairlead"
	"github.com/fairlead-go/fairlead/redis"
	"github.com/fairlead-go/fairlead/redistest"
)

// healthCheckInterval is after how long without a command redis-py would check.
const healthCheckInterval = 60 * time.Second

// redis-py looks after a connection that was idle by sending PING before the next command. Fairlead reads from it all the
// time instead, so a command after a long idle time is the only thing that is sent.
func TestRedisPyHealthCheck(t *testing.T) {
	t.Parallel()
	inMemory(t, "a command after the interval: it alone is sent", fairlead.Options{},
		func(t *testing.T, c *fairlead.Client, fake *redistest.Fake) {
			wantGet(t, c.Commands, "k", "v")
			pass(healthCheckInterval + time.Second)
			wantGet(t, c.Commands, "k", "v")
		}, func(c *redistest.FakeConn) {
			c.AnswerHandshake()
			c.Expect("*2\r\n$3\r\nGET\r\n$1\r\nk\r\n")
			c.Reply("$1\r\nv\r\n")
			c.Expect("*2\r\n$3\r\nGET\r\n$1\r\nk\r\n")
			c.Reply("$1\r\nv\r\n")
		})
	inMemory(t, "PING before a pipeline, before a transaction: there is none", fairlead.Options{},
		func(t *testing.T, c *fairlead.Client, fake *redistest.Fake) {
			for _, p := range []*fairlead.Pipe{c.Pipeline(), c.TxPipeline()} {
				fairlead.Queue(p, redis.Incr("n"))
				must(t, p.Exec(background))
				pass(healthCheckInterval + time.Second)
			}
		}, func(c *redistest.FakeConn) {
			c.AnswerHandshake()
			c.Expect("*2\r\n$4\r\nINCR\r\n$1\r\nn\r\n")
			c.Reply(":1\r\n")
			c.Expect("*1\r\n$5\r\nMULTI\r\n*2\r\n$4\r\nINCR\r\n$1\r\nn\r\n*1\r\n$4\r\nEXEC\r\n")
			c.Reply("+OK\r\n+QUEUED\r\n*1\r\n:2\r\n")
		})
	inMemory(t, "PING before WATCH and again before EXEC if due: there is none", fairlead.Options{},
		func(t *testing.T, c *fairlead.Client, fake *redistest.Fake) {
			must(t, lend(t, c).Close())
			pass(healthCheckInterval + time.Second)
			must(t, c.Watch(background, func(tx *fairlead.Tx) error {
				pass(healthCheckInterval + time.Second)
				fairlead.Queue(tx, redis.Incr("n"))
				return nil
			}, "n"))
		}, func(c *redistest.FakeConn) {
			c.AnswerHandshake()
			c.Expect("*2\r\n$5\r\nWATCH\r\n$1\r\nn\r\n")
			c.Reply("+OK\r\n")
			c.Expect("*1\r\n$5\r\nMULTI\r\n*2\r\n$4\r\nINCR\r\n$1\r\nn\r\n*1\r\n$4\r\nEXEC\r\n")
			c.Reply("+OK\r\n+QUEUED\r\n*1\r\n:1\r\n")
		})
}

// What the check is for: connections that ended, and servers that answer no more.
func TestRedisPyHealthWithoutAsking(t *testing.T) {
	t.Parallel()
	for _, mode := range []fairlead.Mode{fairlead.Shared, fairlead.Exclusive} {
		inMemory(t, "a connection that ended while it was idle is gone before a check would be due: "+mode.String(),
			fairlead.Options{Mode: mode, Retry: never},
			func(t *testing.T, c *fairlead.Client, fake *redistest.Fake) {
				wantGet(t, c.Commands, "k", "v")
				pass(healthCheckInterval / 2) // the first server's end comes before
				synctest.Wait()
				counts(t, c, 0, 0)
				wantGet(t, c.Commands, "k", "again") // without a retry, so the old connection was not tried
				ended := false
				for _, e := range c.Pool().Events() {
					ended = ended || e.To == fairlead.StateClosed && e.Cause == fairlead.CausePeerClosed
				}
				if !ended {
					t.Error("the history does not say that the server ended the connection")
				}
			}, func(c *redistest.FakeConn) {
				c.AnswerHandshake()
				c.ExpectCommand("GET", "k")
				c.Reply("$1\r\nv\r\n")
				pass(healthCheckInterval / 3)
				c.Close()
			}, func(c *redistest.FakeConn) {
				c.AnswerHandshake()
				c.ExpectCommand("GET", "k")
				c.Reply("$5\r\nagain\r\n")
			})
	}
	inMemory(t, "a server that answers nothing any more is replaced after the first command that found out", fairlead.Options{Timeout: time.Second, Retry: never},
		func(t *testing.T, c *fairlead.Client, fake *redistest.Fake) {
			pass(healthCheckInterval)
			_, err := c.Get(background, "k")
			if sentAs(t, err, true); !errors.Is(err, fairlead.ErrTimeout) {
				t.Errorf("the error is %v, want ErrTimeout", err)
			}
			wantGet(t, c.Commands, "k", "v")
		}, func(c *redistest.FakeConn) {
			c.AnswerHandshake()
			c.Hang()
		}, func(c *redistest.FakeConn) {
			c.AnswerHandshake()
			c.ExpectCommand("GET", "k")
			c.Reply("$1\r\nv\r\n")
		})
}
