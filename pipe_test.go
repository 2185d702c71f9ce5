package fairlead_test

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"

	"github.com/fairlead-go/fairlead"
	"github.com/fairlead-go/fairlead/redis"
	"github.com/fairlead-go/fairlead/redistest"
)

func TestPipelineGivesEachCommandItsOwnReply(t *testing.T) {
	eachProtocol(t, func(t *testing.T, c *fairlead.Client) {
		key := newKey(t)
		for _, p := range []*fairlead.Pipe{c.Pipeline(), c.TxPipeline()} {
			fairlead.Queue(p, redis.Del(key, key+":h"))
			set := fairlead.Queue(p, redis.Set(key, 41, 0))
			incr := fairlead.Queue(p, redis.Incr(key))
			get := fairlead.Queue(p, redis.As[int](redis.Get(key)))
			none := fairlead.Queue(p, redis.Get(key+":none"))
			hset := fairlead.Queue(p, redis.HSet(key+":h", "name", "Ada", "Age", 36))
			hash := fairlead.Queue(p, redis.As[person](redis.HGetAll(key+":h")))
			is(t, "commands in the pipe", p.Len(), 7)
			must(t, p.Exec(background)) // the GET of nothing is no error of the pipe
			_, err := set.Result()
			must(t, err)
			n, err := incr.Result()
			is(t, "INCR", n, 42)
			must(t, err)
			v, err := get.Result()
			is(t, "GET as an int", v, 42)
			must(t, err)
			_, err = none.Result()
			is(t, "GET of nothing", err, fairlead.Nil)
			fields, err := hset.Result()
			is(t, "HSET: new fields", fields, 2)
			must(t, err)
			ada, err := hash.Result()
			is(t, "HGETALL as a struct", ada, person{"Ada", 36})
			must(t, err)
		}
	})
}

func TestPipelineErrorInTheMiddleStopsNoOther(t *testing.T) {
	eachProtocol(t, func(t *testing.T, c *fairlead.Client) {
		for _, p := range []*fairlead.Pipe{c.Pipeline(), c.TxPipeline()} {
			key := newKey(t)
			first := fairlead.Queue(p, redis.Set(key, "text", 0))
			nothing := fairlead.Queue(p, redis.Get(key+":none"))
			wrong := fairlead.Queue(p, redis.LPop(key))
			worse := fairlead.Queue(p, redis.Incr(key))
			last := fairlead.Queue(p, redis.Append(key, "!"))
			err := p.Exec(background)
			says(t, err, "command 3 of the pipe (LPOP) failed: WRONGTYPE")
			var about *fairlead.PipeError
			is(t, "a *PipeError", errors.As(err, &about), true)
			is(t, "its index, past the Nil, which is no failure", about.Index, 2)
			is(t, "its command", about.Command, "LPOP")
			var refused *fairlead.Error
			is(t, "the server's *Error is in the chain", errors.As(err, &refused) && refused.Code == "WRONGTYPE", true)
			is(t, "NotRun: WRONGTYPE does not prove it", fairlead.NotRun(err), false)
			_, err = first.Result()
			must(t, err)
			_, err = nothing.Result()
			is(t, "GET of nothing", err, fairlead.Nil)
			_, err = wrong.Result()
			says(t, err, "WRONGTYPE")
			_, err = worse.Result()
			says(t, err, "ERR value is not an integer or out of range")
			n, err := last.Result()
			must(t, err)
			is(t, "APPEND after the failures", n, int64(len("text!")))
		}
	})
}

// TestPipelineKeepsItsPlacesWhenCommandsAreRefused: out of memory, Redis refuses SET but runs GET; each keeps its own reply.
func TestPipelineKeepsItsPlacesWhenCommandsAreRefused(t *testing.T) {
	t.Parallel()
	s := redistest.Start(t)
	for _, protocol := range []int{2, 3} {
		c := openTo(t, &fairlead.Options{Addr: s.Addr(), Protocol: protocol})
		must(t, c.ConfigSet(background, "maxmemory", 0))
		must(t, c.Set(background, "k", "before", 0))
		must(t, c.ConfigSet(background, "maxmemory", 1))
		p := c.Pipeline()
		var sets []*fairlead.Reply[struct{}]
		var gets []*fairlead.Reply[string]
		for range 10 {
			sets = append(sets, fairlead.Queue(p, redis.Set("k", "after", 0)))
			gets = append(gets, fairlead.Queue(p, redis.Get("k")))
		}
		err := p.Exec(background)
		says(t, err, "command 1 of the pipe (SET) failed: OOM")
		is(t, "NotRun of OOM", fairlead.NotRun(err), true)
		for i := range sets {
			_, err := sets[i].Result()
			says(t, err, "OOM")
			v, err := gets[i].Result()
			must(t, err)
			is(t, "GET behind a refused SET", v, "before")
		}
	}
}

func TestPipelineOfThousandsOfCommands(t *testing.T) {
	eachProtocol(t, func(t *testing.T, c *fairlead.Client) {
		key, filler := newKey(t), strings.Repeat("x", 1000)
		p := c.Pipeline()
		var replies []*fairlead.Reply[string]
		for i := range 5000 { // ten megabytes both ways: more than the kernel's buffers hold
			value := strconv.Itoa(i) + filler
			fairlead.Queue(p, redis.Set(key, value, 0))
			replies = append(replies, fairlead.Queue(p, redis.Get(key)))
		}
		must(t, p.Exec(background))
		for i, reply := range replies {
			v, err := reply.Result()
			must(t, err)
			if v != strconv.Itoa(i)+filler {
				t.Fatalf("GET number %d has the reply of another: %.20q…", i, v)
			}
		}
	})
}

// TestPipelineCutHalfWay: the replies that came are there, the others say for themselves that they may have run. The first
// write is not sent again.
func TestPipelineCutHalfWay(t *testing.T) {
	t.Parallel()
	fake := redistest.NewFake(t, func(c *redistest.FakeConn) {
		c.AnswerHandshake()
		c.ExpectCommand("INCR", "a")
		c.ExpectCommand("INCR", "b")
		c.ExpectCommand("INCR", "c")
		c.Reply(":1\r\n:2\r\n:")
		c.Reset()
	})
	c := open(t, fake.URL())
	p := c.Pipeline()
	a, b, third := fairlead.Queue(p, redis.Incr("a")), fairlead.Queue(p, redis.Incr("b")), fairlead.Queue(p, redis.Incr("c"))
	err := p.Exec(background)
	says(t, err, "command 3 of the pipe (INCR) failed: INCR at "+fake.Addr(), "reset by the server", "it was sent and may have run")
	wraps(t, err, syscall.ECONNRESET)
	sentAs(t, err, true)
	for i, reply := range []*fairlead.Reply[int64]{a, b} {
		n, err := reply.Result()
		must(t, err)
		is(t, "INCR", n, int64(i+1))
	}
	_, err = third.Result()
	is(t, "its own command", sentAs(t, err, true).Command, "INCR")
	is(t, "connections", fake.Conns(), 1)
}

// TestPipelineThatWasNotSent: with nobody listening each command knows that it cannot have run.
func TestPipelineThatWasNotSent(t *testing.T) {
	t.Parallel()
	c := open(t, "redis://"+freeAddr(t))
	for _, p := range []*fairlead.Pipe{c.Pipeline(), c.TxPipeline()} {
		set, incr := fairlead.Queue(p, redis.Set("k", "v", 0)), fairlead.Queue(p, redis.Incr("n"))
		err := p.Exec(background)
		wraps(t, err, syscall.ECONNREFUSED)
		sentAs(t, err, false)
		_, err = set.Result()
		is(t, "command", sentAs(t, err, false).Command, "SET")
		_, err = incr.Result()
		is(t, "command", sentAs(t, err, false).Command, "INCR")
	}
}

// TestTxPipelineTravelsInOnePiece lets many goroutines use one connection: what the server reads between MULTI and EXEC is one
// transaction's, whole.
func TestTxPipelineTravelsInOnePiece(t *testing.T) {
	t.Parallel()
	fake := redistest.NewFake(t, answerTransactions)
	c := openTo(t, &fairlead.Options{Addr: fake.Addr(), SharedConns: 1})
	var all sync.WaitGroup
	for g := range 16 {
		all.Go(func() {
			own := strconv.Itoa(g)
			for range 25 {
				p := c.TxPipeline()
				fairlead.Queue(p, redis.Set(own, "1", 0))
				fairlead.Queue(p, redis.Set(own, "2", 0))
				if err := p.Exec(background); err != nil {
					t.Error(err)
				}
				if err := c.Set(background, own, "0", 0); err != nil {
					t.Error(err)
				}
			}
		})
	}
	all.Wait()
	wholeTransactions(t, fake.Commands(), 16*25)
}

// answerTransactions is a server that knows SET, MULTI and EXEC.
func answerTransactions(c *redistest.FakeConn) {
	c.AnswerHandshake()
	open, queued := false, 0
	c.Serve(func(args []string) string {
		switch {
		case args[0] == "MULTI":
			open = true
		case args[0] == "EXEC":
			reply := fmt.Sprintf("*%d\r\n%s", queued, strings.Repeat("+OK\r\n", queued))
			open, queued = false, 0
			return reply
		case open:
			queued++
			return "+QUEUED\r\n"
		}
		return "+OK\r\n"
	})
}

// wholeTransactions demands that between MULTI and EXEC there are always one caller's two commands in their order.
func wholeTransactions(t *testing.T, commands [][]string, want int) {
	t.Helper()
	got := 0
	for i, words := range commands {
		if words[0] != "MULTI" {
			continue
		}
		got++
		if i+3 >= len(commands) {
			t.Fatalf("the stream ends in a transaction: %v", commands[i:])
		}
		key := commands[i+1][1]
		is(t, "behind MULTI", fmt.Sprint(commands[i+1:i+4]), fmt.Sprintf("[[SET %s 1] [SET %s 2] [EXEC]]", key, key))
	}
	is(t, "transactions", got, want)
}

func TestTxPipelineIsWrittenAtOnce(t *testing.T) {
	t.Parallel()
	fake := redistest.NewFake(t, func(c *redistest.FakeConn) {
		c.AnswerHandshake()
		c.Expect("*1\r\n$5\r\nMULTI\r\n*3\r\n$3\r\nSET\r\n$1\r\nk\r\n$1\r\nv\r\n*2\r\n$4\r\nINCR\r\n$1\r\nn\r\n*1\r\n$4\r\nEXEC\r\n")
		c.Reply("+OK\r\n+QUEUED\r\n+QUEUED\r\n*2\r\n+OK\r\n:7\r\n") // not before all of it has come
		c.ExpectClose()
	})
	c := open(t, fake.URL())
	p := c.TxPipeline()
	fairlead.Queue(p, redis.Set("k", "v", 0))
	n := fairlead.Queue(p, redis.Incr("n"))
	must(t, p.Exec(background))
	v, err := n.Result()
	must(t, err)
	is(t, "INCR", v, 7)
	must(t, c.Close())
}

// TestTxPipelineNamesTheCommandThatWasNotAccepted: the server's EXECABORT alone would not say which it was.
func TestTxPipelineNamesTheCommandThatWasNotAccepted(t *testing.T) {
	eachProtocol(t, func(t *testing.T, c *fairlead.Client) {
		key := newKey(t)
		p := c.TxPipeline()
		set := fairlead.Queue(p, redis.Set(key, "v", 0))
		unknown := fairlead.Queue(p, redis.New[string]("NO.SUCH.COMMAND", "x"))
		err := p.Exec(background)
		says(t, err, "command 2 of the pipe (NO.SUCH.COMMAND) failed: ERR unknown command")
		is(t, "NotRun of a transaction that was discarded", fairlead.NotRun(err), true)
		_, err = unknown.Result()
		says(t, err, "ERR unknown command")
		_, err = set.Result()
		says(t, err, "EXECABORT")
		is(t, "NotRun of EXECABORT", fairlead.NotRun(err), true)
		_, err = c.Get(background, key)
		is(t, "GET of what was not set", err, fairlead.Nil)
	})
}

// TestTxPipelineWhoseCommandFailedHasRun: a command that fails while the transaction runs keeps no other from running.
func TestTxPipelineWhoseCommandFailedHasRun(t *testing.T) {
	eachProtocol(t, func(t *testing.T, c *fairlead.Client) {
		key := newKey(t)
		p := c.TxPipeline()
		fairlead.Queue(p, redis.Set(key, "v", 0))
		fairlead.Queue(p, redis.Incr(key))
		err := p.Exec(background)
		var failed *fairlead.PipeError
		if !errors.As(err, &failed) || failed.Aborted {
			t.Errorf("%+v, want a PipeError that is not Aborted: SET has run", err)
		}
		is(t, "NotRun", fairlead.NotRun(err), false)
	})
}

func TestTxPipelineInDoubt(t *testing.T) {
	t.Parallel()
	fake := redistest.NewFake(t, func(c *redistest.FakeConn) {
		c.AnswerHandshake()
		c.ExpectCommand("MULTI")
		c.ExpectCommand("INCR", "n")
		c.ExpectCommand("EXEC")
		c.Reply("+OK\r\n+QUEUED\r\n")
		c.Close()
	})
	c := open(t, fake.URL())
	p := c.TxPipeline()
	reply := fairlead.Queue(p, redis.Incr("n"))
	err := p.Exec(background)
	says(t, err, "EXEC at "+fake.Addr(), "closed by the server", "it was sent and may have run")
	sentAs(t, err, true)
	_, err = reply.Result()
	is(t, "the transaction is in doubt as a whole", sentAs(t, err, true).Command, "INCR")
}

func TestServerThatAnswersATransactionWrongly(t *testing.T) {
	t.Parallel()
	fake := redistest.NewFake(t, func(c *redistest.FakeConn) {
		c.AnswerHandshake()
		for range 3 {
			if _, err := c.ReadCommand(); err != nil {
				return
			}
		}
		c.Reply("+OK\r\n+QUEUED\r\n*2\r\n:1\r\n:2\r\n")
		c.ExpectClose()
	})
	c := open(t, fake.URL())
	p := c.TxPipeline()
	reply := fairlead.Queue(p, redis.Incr("n"))
	err := p.Exec(background)
	says(t, err, "EXEC answered with 2 replies to 1 commands")
	is(t, "NotRun", fairlead.NotRun(err), false)
	_, err = reply.Result()
	says(t, err, "EXEC answered with 2 replies to 1 commands")
	must(t, c.Close())
}

// TestTxPipelineWhoseMultiIsRefused: the commands were sent behind MULTI and ran by themselves. Nobody must take them for not run.
func TestTxPipelineWhoseMultiIsRefused(t *testing.T) {
	t.Parallel()
	s := redistest.Start(t, redistest.User("app", secret, "~*", "+@all", "-multi"))
	for _, protocol := range []int{2, 3} {
		c := openTo(t, &fairlead.Options{Addr: s.Addr(), Username: "app", Password: secret, Protocol: protocol})
		key := newKey(t)
		p := c.TxPipeline()
		incr := fairlead.Queue(p, redis.Incr(key))
		wrong := fairlead.Queue(p, redis.LPop(key))
		err := p.Exec(background)
		says(t, err, "the server refused MULTI (NOPERM", "the commands ran one by one, not as a transaction")
		is(t, "NotRun", fairlead.NotRun(err), false)
		n, err := incr.Result()
		must(t, err)
		is(t, "INCR, which ran", n, 1)
		_, err = wrong.Result()
		says(t, err, "WRONGTYPE")
	}
}

func TestQueuedBytesAreCopied(t *testing.T) {
	t.Parallel()
	s := redistest.Start(t)
	c := openTo(t, &fairlead.Options{Addr: s.Addr()})
	p := c.Pipeline()
	buf := make([]byte, 1)
	for i := range 9 {
		buf[0] = byte('0' + i)
		fairlead.Queue(p, redis.RPush("list", buf, "-", "-", buf, "-", buf)) // more arguments than fit into the command itself
	}
	must(t, p.Exec(background))
	got, err := c.LRange(background, "list", 0, -1)
	must(t, err)
	is(t, "the list", strings.Join(got, ""), "0--0-01--1-12--2-23--3-34--4-45--5-56--6-67--7-78--8-8")
}

func TestPipeOfWhichPartsRanMayHaveRun(t *testing.T) {
	t.Parallel()
	s := redistest.Start(t)
	if _, err := s.Do("ACL", "SETUSER", "u", "on", ">p", "~*", "+@all", "-append"); err != nil {
		t.Fatal(err)
	}
	c := openTo(t, &fairlead.Options{Addr: s.Addr(), Username: "u", Password: "p"})
	p := c.Pipeline()
	fairlead.Queue(p, redis.Incr("n"))
	fairlead.Queue(p, redis.Append("k", "v"))
	if err := p.Exec(background); err == nil || fairlead.NotRun(err) {
		t.Errorf("INCR ran, so that the pipe must not be sent again as a whole: %v", err)
	}
	p = c.Pipeline()
	fairlead.Queue(p, redis.Append("k", "v"))
	if err := p.Exec(background); !fairlead.NotRun(err) {
		t.Errorf("nothing of this pipe ran: %v", err)
	}
}
