package fairlead_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"testing"

	"github.com/fairlead-go/fairlead"
	"github.com/fairlead-go/fairlead/redis"
	"github.com/fairlead-go/fairlead/redistest"
	"github.com/fairlead-go/fairlead/resp"
)

// TestNotRun is the table of what proves that a command has not run. Whatever is not in it is in doubt.
func TestNotRun(t *testing.T) {
	t.Parallel()
	sent, unsent := &fairlead.CallError{Sent: true, Err: io.EOF}, &fairlead.CallError{Err: io.EOF}
	for _, test := range []struct {
		why  string
		err  error
		want bool
	}{
		{"no error: it has run", nil, false},
		{"Nil: it has run, and found nothing", fairlead.Nil, false},
		{"an error of somebody else", errors.New("no route to host"), false},
		{"the context alone says nothing about the command", context.Canceled, false},
		{"a reply that does not fit: it has run", &resp.TypeError{}, false},
		{"nothing was sent", unsent, true},
		{"something was sent", sent, false},
		{"nothing was sent, wrapped", fmt.Errorf("reading the user: %w", unsent), true},
		{"in a pipe, nothing was sent", &fairlead.PipeError{Err: unsent}, true},
		{"in a pipe, something was sent", &fairlead.PipeError{Err: sent}, false},
		{"the client was closed before", fairlead.ErrClosed, true},
		{"the pipe was not executed", fairlead.ErrNotExecuted, true},
		{"a watched key was changed", fairlead.ErrTxFailed, true},
		{"no reply in time", &fairlead.CallError{Sent: true, Err: fairlead.ErrTimeout}, false},
		{"no connection in time", &fairlead.CallError{Err: fairlead.ErrPoolTimeout}, true},
		{"sent, and an earlier error in the chain that would prove it", &fairlead.CallError{Sent: true, Err: resp.ParseError("LOADING")}, false},
	} {
		is(t, test.why, fairlead.NotRun(test.err), test.want)
	}
}

// TestNotRunByTheServersError: these codes, and no others, say that the server did not begin.
func TestNotRunByTheServersError(t *testing.T) {
	t.Parallel()
	for message, want := range map[string]bool{
		"LOADING Redis is loading the dataset in memory":                                         true,
		"BUSY Redis is busy running a script. You can only call SCRIPT KILL or SHUTDOWN NOSAVE.": true,
		"MASTERDOWN Link with MASTER is down and replica-serve-stale-data is set to 'no'.":       true,
		"READONLY You can't write against a read only replica.":                                  true,
		"MOVED 7629 127.0.0.1:7001":                                                              true,
		"ASK 7629 127.0.0.1:7001":                                                                true,
		"TRYAGAIN Multiple keys request during rehashing of slot":                                true,
		"CLUSTERDOWN The cluster is down":                                                        true,
		"NOAUTH Authentication required.":                                                        true,
		"NOPERM this user has no permissions to run the 'set' command":                           true,
		"WRONGPASS invalid username-password pair or user is disabled.":                          true,
		"NOPROTO unsupported protocol version":                                                   true,
		"OOM command not allowed when used memory > 'maxmemory'.":                                true,
		"EXECABORT Transaction discarded because of previous errors.":                            true,
		"ERR max number of clients reached":                                                      true,
		"NOSCRIPT No matching script.":                                                           true, // as of a command of its own, not of a script

		"ERR value is not an integer or out of range":                       false, // a script may have done half of its work
		"ERR unknown command 'NO'":                                          false, // the same code
		"WRONGTYPE Operation against a key holding the wrong kind of value": false,
		"UNBLOCKED client unblocked via CLIENT UNBLOCK":                     false,
		"NOREPLICAS Not enough good replicas to write.":                     false, // Redis checks before, others may not
		"MISCONF Redis is configured to save RDB snapshots":                 false,
		"loading in small letters is no code":                               false,
		"":                                                                  false,
	} {
		err := resp.ParseError(message)
		is(t, "NotRun of "+message, fairlead.NotRun(err), want)
		is(t, "NotRun in a pipe of "+message, fairlead.NotRun(&fairlead.PipeError{Err: err}), want)
	}
}

// TestNotRunRemembersEarlierTries: the first try was sent and got no reply, the later ones could not be sent, or were refused. That the
// last try cannot have run says nothing about the first.
func TestNotRunRemembersEarlierTries(t *testing.T) {
	t.Parallel()
	lost := func(c *redistest.FakeConn) {
		c.AnswerHandshake()
		if _, err := c.ReadCommand(); err != nil {
			t.Error(err)
		}
		c.Reset()
	}
	for _, test := range []struct {
		then   string
		script func(c *redistest.FakeConn)
		says   string
	}{
		{"the server hangs up", func(c *redistest.FakeConn) {
			if _, err := c.ReadCommand(); err != nil {
				t.Error(err)
			}
			c.Reset()
		}, "hung up"},
		{"the server is loading", serve(func([]string) string { return "-LOADING Redis is loading\r\n" }), "LOADING"},
		{"the server is out of memory", serve(func([]string) string { return "-OOM command not allowed\r\n" }), "OOM"},
		{"the server wants a password", func(c *redistest.FakeConn) {
			c.Serve(func([]string) string { return "-NOAUTH Authentication required.\r\n" })
		}, "NOAUTH"},
	} {
		t.Run(test.then, func(t *testing.T) {
			t.Parallel()
			fake := redistest.NewFake(t, lost, test.script)
			c := open(t, fake.URL())
			_, err := fairlead.Do(background, c, redis.Idempotent(redis.Incr("n")))
			says(t, err, "INCR at "+fake.Addr(), test.says, "it was sent and may have run")
			sentAs(t, err, true)

			c = open(t, redistest.NewFake(t, lost, test.script).URL())
			p := c.Pipeline()
			reply := fairlead.Queue(p, redis.Idempotent(redis.Incr("n")))
			other := fairlead.Queue(p, redis.Get("k"))
			err = p.Exec(background)
			is(t, "NotRun of the pipe", fairlead.NotRun(err), false)
			_, err = reply.Result()
			is(t, "NotRun of the first command: "+fmt.Sprint(err), fairlead.NotRun(err), false)
			_, err = other.Result()
			is(t, "NotRun of the second command: "+fmt.Sprint(err), fairlead.NotRun(err), false)
		})
	}
}

// TestNotRunOfATransactionRemembersEarlierTries: the same where the caller has chosen that transactions are sent again.
func TestNotRunOfATransactionRemembersEarlierTries(t *testing.T) {
	t.Parallel()
	fake := redistest.NewFake(t,
		func(c *redistest.FakeConn) {
			c.AnswerHandshake()
			c.ExpectCommand("MULTI")
			c.ExpectCommand("INCR", "n")
			c.ExpectCommand("EXEC")
			c.Reset()
		},
		serve(func(args []string) string {
			return map[string]string{"MULTI": "+OK\r\n", "INCR": "-OOM command not allowed\r\n", "EXEC": "-EXECABORT Transaction discarded\r\n"}[args[0]]
		}))
	c := openTo(t, &fairlead.Options{Addr: fake.Addr(), Retry: fairlead.Retry{OnTimeout: true}})
	p := c.TxPipeline()
	reply := fairlead.Queue(p, redis.Incr("n"))
	err := p.Exec(background)
	says(t, err, "EXEC at "+fake.Addr(), "EXECABORT", "it was sent and may have run")
	sentAs(t, err, true)
	_, err = reply.Result()
	sentAs(t, err, true)
}
