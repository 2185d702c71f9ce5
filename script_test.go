package fairlead_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/fairlead-go/fairlead"
	"github.com/fairlead-go/fairlead/redis"
	"github.com/fairlead-go/fairlead/redistest"
)

var (
	incrBy = redis.NewScript("return redis.call('INCRBY', KEYS[1], ARGV[1])")
	fetch  = redis.NewScript("return redis.call('GET', KEYS[1])")
)

// forgetful runs a test over RESP2 and RESP3 at servers of its own, whose scripts it may flush.
func forgetful(t *testing.T, test func(t *testing.T, c *fairlead.Client, s *redistest.Server)) {
	t.Helper()
	t.Parallel()
	for _, protocol := range []int{2, 3} {
		t.Run(fmt.Sprintf("RESP%d", protocol), func(t *testing.T) {
			t.Parallel()
			s := redistest.Start(t)
			test(t, openTo(t, &fairlead.Options{Addr: s.Addr(), Protocol: protocol}), s)
		})
	}
}

// calls is how often each of these commands ran, by INFO commandstats.
func calls(t *testing.T, c *fairlead.Client, commands ...string) string {
	t.Helper()
	info, err := c.Info(background, "commandstats")
	must(t, err)
	var counts []string
	for _, name := range commands {
		line, _ := info.Field("cmdstat_" + name)
		count, _, _ := strings.Cut(strings.TrimPrefix(line, "calls="), ",")
		counts = append(counts, fmt.Sprintf("%s %s", name, count))
	}
	return strings.Join(counts, ", ")
}

func TestScriptRunsAtAServerThatDoesNotHaveIt(t *testing.T) {
	forgetful(t, func(t *testing.T, c *fairlead.Client, _ *redistest.Server) {
		for range 3 {
			n, err := fairlead.As[int](incrBy.Run(background, c, []string{"k"}, 5))
			must(t, err)
			is(t, "the first run", n%10, 5)
			n, err = fairlead.As[int](incrBy.Run(background, c, []string{"k"}, 5))
			must(t, err)
			is(t, "the second run", n%10, 0)
			must(t, c.ScriptFlush(background))
		}
		is(t, "commands", calls(t, c, "evalsha", "eval", "script|load"), "evalsha 6, eval 3, script|load ")
		n, err := fairlead.Do(background, c, redis.As[int](incrBy.Cmd([]string{"k"}, 1)))
		must(t, err)
		is(t, "by Do, after a flush", n, 31)

		must(t, c.ScriptFlush(background))
		v, found, err := fairlead.Found(fairlead.As[string](fetch.RunRO(background, c.DB(1), []string{"k"})))
		is(t, "in another database", fmt.Sprintf("%q %v %v", v, found, err), `"" false <nil>`)
		v, err = fairlead.As[string](fetch.RunRO(background, c, []string{"k"}))
		must(t, err)
		is(t, "a script that only reads", v, "31")
		is(t, "commands", calls(t, c, "evalsha_ro", "eval_ro"), "evalsha_ro 2, eval_ro 1")
		_, err = incrBy.RunRO(background, c, []string{"k"}, 1)
		says(t, err, "ERR", "read-only script")

		there, err := fetch.Exists(background, c)
		is(t, "exists", fmt.Sprint(there, err), "true <nil>")
		must(t, c.ScriptFlush(background))
		there, err = fetch.Exists(background, c)
		is(t, "exists after a flush", fmt.Sprint(there, err), "false <nil>")
		must(t, fetch.Load(background, c))
		n, err = fairlead.As[int](c.EvalShaRO(background, fetch.Hash(), []string{"k"}))
		is(t, "after Load", fmt.Sprint(n, err), "31 <nil>")
	})
}

// TestScriptOverOneConnection: a Conn and a Tx run scripts as the client does.
func TestScriptOverOneConnection(t *testing.T) {
	forgetful(t, func(t *testing.T, c *fairlead.Client, _ *redistest.Server) {
		n, err := fairlead.As[int](incrBy.Run(background, lend(t, c), []string{"k"}, 5))
		is(t, "over a Conn", fmt.Sprint(n, err), "5 <nil>")
		must(t, c.ScriptFlush(background))
		var replies []*fairlead.Reply[int]
		must(t, c.Watch(background, func(tx *fairlead.Tx) error {
			n, err := fairlead.As[int](fetch.Run(background, tx, []string{"k"}))
			is(t, "over a Tx", fmt.Sprint(n, err), "5 <nil>")
			must(t, c.ScriptFlush(background))
			for range 2 {
				replies = append(replies, fairlead.Queue(tx, redis.As[int](incrBy.Cmd([]string{"k"}, n))))
			}
			return nil
		}, "k"))
		for i, reply := range replies {
			n, err := reply.Result()
			is(t, "in the transaction", fmt.Sprint(n, err), fmt.Sprint(5*(i+2), " <nil>"))
		}
	})
}

// TestScriptInAPipe: the source goes with the first run of each script, so that all run in their order whatever the server has.
func TestScriptInAPipe(t *testing.T) {
	forgetful(t, func(t *testing.T, c *fairlead.Client, _ *redistest.Server) {
		for round, p := range []*fairlead.Pipe{c.Pipeline(), c.TxPipeline(), c.Pipeline(), c.TxPipeline()} {
			fairlead.Queue(p, redis.Set("k", 0, 0))
			first := fairlead.Queue(p, redis.As[int](incrBy.Cmd([]string{"k"}, 1)))
			between := fairlead.Queue(p, redis.As[int](redis.Get("k")))
			read := fairlead.Queue(p, redis.As[int](fetch.CmdRO([]string{"k"})))
			second := fairlead.Queue(p, redis.As[int](incrBy.Cmd([]string{"k"}, []byte("2"))))
			flush := fairlead.Queue(p, redis.ScriptFlush())
			third := fairlead.Queue(p, redis.As[int](incrBy.Cmd([]string{"k"}, 3)))
			fourth := fairlead.Queue(p, redis.As[int](incrBy.Cmd([]string{"k"}, 4)))
			must(t, p.Exec(background))
			_, err := flush.Result()
			must(t, err)
			for i, reply := range []*fairlead.Reply[int]{first, between, read, second, third, fourth} {
				n, err := reply.Result()
				is(t, fmt.Sprint("reply ", i), fmt.Sprint(n, err), fmt.Sprint([]int{1, 1, 1, 3, 6, 10}[i], " <nil>"))
			}
			if round == 1 {
				must(t, c.ScriptFlush(background)) // else the server has them
			}
		}
		is(t, "commands", calls(t, c, "eval", "evalsha", "eval_ro", "evalsha_ro"), "eval 8, evalsha 8, eval_ro 4, evalsha_ro ")
	})
}

// TestManyScriptsInATransaction: more of them than a server keeps.
func TestManyScriptsInATransaction(t *testing.T) {
	forgetful(t, func(t *testing.T, c *fairlead.Client, _ *redistest.Server) {
		var all []*redis.Script
		for i := range 700 {
			all = append(all, redis.NewScript(fmt.Sprintf("return %d", i)))
		}
		p := c.TxPipeline()
		var replies []*fairlead.Reply[int]
		for range 2 {
			for _, s := range all {
				replies = append(replies, fairlead.Queue(p, redis.As[int](s.Cmd(nil))), fairlead.Queue(p, redis.As[int](s.Cmd(nil))))
			}
		}
		must(t, p.Exec(background))
		for i, reply := range replies {
			n, err := reply.Result()
			is(t, "reply", fmt.Sprint(n, err), fmt.Sprint(i/2%700, " <nil>"))
		}
	})
}

// TestScriptErrors: they are the server's sentences, and a script that failed is not run again.
func TestScriptErrors(t *testing.T) {
	forgetful(t, func(t *testing.T, c *fairlead.Client, _ *redistest.Server) {
		bad := redis.NewScript("this is no Lua")
		_, err := bad.Run(background, c, nil)
		says(t, err, "ERR Error compiling script")
		for _, p := range []*fairlead.Pipe{c.Pipeline(), c.TxPipeline()} {
			reply := fairlead.Queue(p, bad.Cmd(nil))
			after := fairlead.Queue(p, redis.As[int](incrBy.Cmd([]string{"other"}, 1)))
			says(t, p.Exec(background), "command 1 of the pipe (EVAL) failed: ERR Error compiling script")
			_, err = reply.Result()
			says(t, err, "ERR Error compiling script")
			_, err := after.Result()
			must(t, err)
		}
		half := redis.NewScript("redis.call('INCR', KEYS[1]); return redis.call('LPUSH', KEYS[1], 1)")
		for range 2 {
			_, err = half.Run(background, c, []string{"n"})
			says(t, err, "WRONGTYPE")
			is(t, "NotRun", fairlead.NotRun(err), false)
		}
		n, err := fairlead.As[int](c.Get(background, "n"))
		is(t, "runs", fmt.Sprint(n, err), "2 <nil>")

		_, err = incrBy.Run(background, c, []string{"n"}, struct{}{})
		says(t, err, "EVALSHA", "a value of type struct {} cannot be sent", "it was not sent")
		_, err = new(redis.Script).Run(background, c, nil)
		says(t, err, "EVALSHA", "a zero Script has no source: make scripts by NewScript", "it was not sent")

		_, err = c.EvalSha(background, strings.Repeat("0", 40), nil)
		says(t, err, "NOSCRIPT No matching script.")
		is(t, "NotRun of a script that the server does not have", fairlead.NotRun(err), true)
		nested := redis.NewScript("redis.call('INCR', KEYS[1]); return {redis.error_reply('NOSCRIPT inside')}")
		_, err = fairlead.Do(background, c, redis.As[[]string](nested.Cmd([]string{"once"})))
		says(t, err, "NOSCRIPT inside")
		n, err = fairlead.As[int](c.Get(background, "once"))
		is(t, "runs of a script that returns such an error in a list", fmt.Sprint(n, err), "1 <nil>")
	})
}

// TestScriptAfterARestart: a server that was restarted has no scripts.
func TestScriptAfterARestart(t *testing.T) {
	forgetful(t, func(t *testing.T, c *fairlead.Client, s *redistest.Server) {
		for range 2 {
			_, err := incrBy.Run(background, c, []string{"k"}, 5)
			must(t, err)
			must(t, s.Restart())
		}
	})
}

// TestScriptThatIsLostOnTheWay: what becomes of a script when its connection breaks.
func TestScriptThatIsLostOnTheWay(t *testing.T) {
	t.Parallel()
	lost := func(c *redistest.FakeConn) {
		c.AnswerHandshake()
		_, err := c.ReadCommand()
		must(t, err)
		c.Reset()
	}
	answer := func(evalsha, eval string) func(c *redistest.FakeConn) {
		return serve(func(args []string) string {
			return map[string]string{"EVALSHA": evalsha, "EVALSHA_RO": evalsha, "EVAL": eval, "EVAL_RO": eval}[args[0]]
		})
	}
	const noScript = "-NOSCRIPT No matching script.\r\n"

	c := open(t, redistest.NewFake(t, lost).URL())
	_, err := incrBy.Run(background, c, []string{"k"}, 1)
	says(t, err, "EVALSHA", "it was sent and may have run")
	sentAs(t, err, true)

	// the source is not sent again if its reply is missing
	fake := redistest.NewFake(t, func(c *redistest.FakeConn) {
		c.AnswerHandshake()
		c.ExpectCommand("EVALSHA", incrBy.Hash(), "1", "k", "1")
		c.Reply(noScript)
		c.ExpectCommand("EVAL", incrBy.Source(), "1", "k", "1")
		c.Reset()
	})
	_, err = incrBy.Run(background, open(t, fake.URL()), []string{"k"}, 1)
	says(t, err, "EVAL at "+fake.Addr(), "it was sent and may have run")
	sentAs(t, err, true)

	// what may be sent again is: by its hash, and then with its source
	c = open(t, redistest.NewFake(t, lost, answer(noScript, ":7\r\n")).URL())
	n, err := fairlead.As[int](fetch.RunRO(background, c, []string{"k"}))
	is(t, "a script that only reads", fmt.Sprint(n, err), "7 <nil>")
	c = open(t, redistest.NewFake(t, lost, answer(noScript, ":7\r\n")).URL())
	n, err = fairlead.Do(background, c, redis.As[int](redis.Idempotent(incrBy.Cmd([]string{"k"}, 1))))
	is(t, "one that may run twice", fmt.Sprint(n, err), "7 <nil>")

	// that the last try cannot have run says nothing about the first
	for _, refusal := range []string{"-OOM command not allowed\r\n", "-NOPERM no permission\r\n"} {
		c = open(t, redistest.NewFake(t, lost, answer(noScript, refusal)).URL())
		_, err = fairlead.Do(background, c, redis.Idempotent(incrBy.Cmd([]string{"k"}, 1)))
		sentAs(t, err, true)
		var server *fairlead.Error
		is(t, "the server's error is in the chain", errors.As(err, &server), true)

		c = open(t, redistest.NewFake(t, answer(noScript, refusal)).URL())
		_, err = fairlead.Do(background, c, redis.Idempotent(incrBy.Cmd([]string{"k"}, 1)))
		is(t, "NotRun where nothing was lost", fairlead.NotRun(err), true)
	}
	// nor does it say anything that the source was not sent
	canceled, cancel := context.WithCancel(background)
	cancel()
	c = openTo(t, &fairlead.Options{Addr: redistest.NewFake(t, lost, answer(noScript, "")).Addr(), Trace: &fairlead.Trace{
		CommandStart: func(ctx context.Context, c fairlead.TraceCommand) context.Context {
			if c.Name == "EVAL" {
				return canceled
			}
			return ctx
		},
	}})
	_, err = fairlead.Do(background, c, redis.Idempotent(incrBy.Cmd([]string{"k"}, 1)))
	says(t, err, "EVAL", "it was sent and may have run")
	sentAs(t, err, true)
	wraps(t, err, context.Canceled)

	// a server that says NOSCRIPT to everything is not asked without end
	c = open(t, redistest.NewFake(t, answer(noScript, noScript)).URL())
	_, err = incrBy.Run(background, c, []string{"k"}, 1)
	says(t, err, "NOSCRIPT")
	is(t, "NotRun", fairlead.NotRun(err), true)
}

// TestScriptKill: it does not wait behind the script that it is to end.
func TestScriptKill(t *testing.T) {
	forgetful(t, func(t *testing.T, c *fairlead.Client, s *redistest.Server) {
		must(t, c.ConfigSet(background, "busy-reply-threshold", "1"))
		over := make(chan error)
		go func() {
			_, err := redis.NewScript("while true do end").Run(background, c, nil)
			over <- err
		}()
		redistest.Eventually(t, 10*time.Second, "the script runs, and has for so long that it may be ended", func() bool {
			err := c.ScriptKill(background)
			if err != nil {
				says(t, err, "NOTBUSY")
			}
			return err == nil
		})
		says(t, <-over, "ERR", "killed by user")
	})
}
