package fairlead_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/fairlead-go/fairlead"
	"github.com/fairlead-go/fairlead/redis"
	"github.com/fairlead-go/fairlead/redistest"
)

// bothPipes runs a subtest with each kind of pipe: transaction=False and transaction=True.
func bothPipes(t *testing.T, name string, test func(t *testing.T, c *fairlead.Client, open func() *fairlead.Pipe)) {
	t.Helper()
	kinds := map[string]func(c *fairlead.Client) *fairlead.Pipe{
		", without transaction": (*fairlead.Client).Pipeline, ", with transaction": (*fairlead.Client).TxPipeline,
	}
	for kind, open := range kinds {
		behaviour(t, name+kind, func(t *testing.T) {
			c := openTo(t, &fairlead.Options{Addr: redistest.Default(t).Addr()})
			test(t, c, func() *fairlead.Pipe { return open(c) })
		})
	}
}

// result is a reply that must be there.
func result[T any](t *testing.T, r *fairlead.Reply[T]) T {
	t.Helper()
	v, err := r.Result()
	must(t, err)
	return v
}

func TestRedisPyPipeline(t *testing.T) {
	t.Parallel()
	bothPipes(t, "len counts queued", func(t *testing.T, c *fairlead.Client, open func() *fairlead.Pipe) {
		key, p := newKey(t), open()
		is(t, "queued", p.Len(), 0)
		fairlead.Queue(p, redis.Set(key, "a1", 0))
		fairlead.Queue(p, redis.Set(key, "b1", 0))
		is(t, "queued", p.Len(), 2)
		must(t, p.Exec(background))
		says(t, p.Exec(background), "executed before: get a new one")
		is(t, "queued in a new one", open().Len(), 0)
	})
	bothPipes(t, "results in order with callbacks; hset/hgetall mix", func(t *testing.T, c *fairlead.Client, open func() *fairlead.Pipe) {
		key, p := newKey(t), open()
		set, get := fairlead.Queue(p, redis.Set(key, "a1", 0)), fairlead.Queue(p, redis.Get(key))
		hset := fairlead.Queue(p, redis.HSet(key+"h", "a", 1, "b", 2))
		zadd := fairlead.Queue(p, redis.ZAdd(key+"z", redis.Z{Member: "m", Score: 1.5}))
		all, ranked := fairlead.Queue(p, redis.HGetAll(key+"h")), fairlead.Queue(p, redis.ZRangeWithScores(key+"z", 0, -1))
		must(t, p.Exec(background))
		result(t, set)
		is(t, "GET", result(t, get), "a1")
		is(t, "HSET", result(t, hset), 2)
		is(t, "ZADD", result(t, zadd), 1)
		is(t, "HGETALL", fmt.Sprint(result(t, all)), "map[a:1 b:2]")
		is(t, "ZRANGE", fmt.Sprint(result(t, ranked)), "[{1.5 m}]")
	})
	bothPipes(t, "memoryview argument", func(t *testing.T, c *fairlead.Client, open func() *fairlead.Pipe) {
		key, p := newKey(t), open()
		fairlead.Queue(p, redis.Set(key, []byte("a1\x00\xff"), 0))
		get := fairlead.Queue(p, redis.Get(key))
		must(t, p.Exec(background))
		is(t, "GET", result(t, get), "a1\x00\xff")
	})
	bothPipes(t, "bitfield", func(t *testing.T, c *fairlead.Client, open func() *fairlead.Pipe) {
		p := open()
		bits := fairlead.Queue(p, redis.New[[]int64]("BITFIELD", newKey(t), "INCRBY", "i5", 100, 1, "GET", "u4", 0))
		must(t, p.Exec(background))
		is(t, "BITFIELD", fmt.Sprint(result(t, bits)), "[1 0]")
	})
	behaviour(t, "EXEC is not interleaved: MULTI … EXEC in one piece", func(t *testing.T) {
		fake := redistest.NewFake(t, func(c *redistest.FakeConn) {
			c.AnswerHandshake()
			c.Expect("*1\r\n$5\r\nMULTI\r\n*3\r\n$3\r\nSET\r\n$1\r\nk\r\n$1\r\nv\r\n*2\r\n$3\r\nGET\r\n$1\r\nk\r\n*1\r\n$4\r\nEXEC\r\n")
			c.Reply("+OK\r\n+QUEUED\r\n+QUEUED\r\n*2\r\n+OK\r\n$1\r\nv\r\n")
		})
		p := open(t, fake.URL()).TxPipeline()
		fairlead.Queue(p, redis.Set("k", "v", 0))
		get := fairlead.Queue(p, redis.Get("k"))
		must(t, p.Exec(background))
		is(t, "GET", result(t, get), "v")
	})
}

func TestRedisPyPipelineErrors(t *testing.T) {
	t.Parallel()
	bothPipes(t, "raise_on_error=False: error object in its place, the rest executed, pipeline reusable",
		func(t *testing.T, c *fairlead.Client, open func() *fairlead.Pipe) {
			key, p := newKey(t), open()
			one := fairlead.Queue(p, redis.Set(key+"a", 1, 0))
			wrong := fairlead.Queue(p, redis.LPush(key+"a", 3))
			four := fairlead.Queue(p, redis.Incr(key+"d"))
			_ = p.Exec(background) // the first error, which the next subtest reads
			result(t, one)
			_, err := wrong.Result()
			wantCode(t, err, "WRONGTYPE")
			is(t, "INCR behind the error", result(t, four), 1)
			next := open()
			get := fairlead.Queue(next, redis.Get(key+"d"))
			must(t, next.Exec(background))
			is(t, "GET in a new pipe", result(t, get), "1")
		})
	bothPipes(t, `raise_on_error=True: "Command # 3 (LPUSH c 3) of pipeline caused error: " prefix`,
		func(t *testing.T, c *fairlead.Client, open func() *fairlead.Pipe) {
			key, p := newKey(t), open()
			fairlead.Queue(p, redis.Set(key, "a", 0))
			fairlead.Queue(p, redis.Get(key))
			fairlead.Queue(p, redis.LPush(key, secret))
			err := p.Exec(background)
			says(t, err, "command 3 of the pipe (LPUSH) failed: WRONGTYPE Operation against a key holding the wrong kind of value")
			wantPlace(t, err, 2, "LPUSH")
		})
	bothPipes(t, "error in a pipeline numbered 1; unicode command text; long command truncated",
		func(t *testing.T, c *fairlead.Client, open func() *fairlead.Pipe) {
			key, p := newKey(t), open()
			must(t, c.Set(background, key, "a", 0))
			fairlead.Queue(p, redis.LPush(key, "\u20ac"+secret+strings.Repeat("x", 1000)))
			err := p.Exec(background)
			wantPlace(t, err, 0, "LPUSH")
			is(t, "the sentence, which has no arguments in it", err.Error(),
				"command 1 of the pipe (LPUSH) failed: WRONGTYPE Operation against a key holding the wrong kind of value")
		})
	bothPipes(t, `parse-time error "Command # 2 (ZREM b)…", reusable`, func(t *testing.T, c *fairlead.Client, open func() *fairlead.Pipe) {
		key, p := newKey(t), open()
		fairlead.Queue(p, redis.Set(key+"a", 1, 0))
		fairlead.Queue(p, redis.New[int64]("ZREM", key+"b"))
		fairlead.Queue(p, redis.Set(key+"c", 1, 0))
		err := p.Exec(background)
		says(t, err, "command 2 of the pipe (ZREM) failed: ERR wrong number of arguments")
		wantPlace(t, err, 1, "ZREM")
		next := open()
		incr := fairlead.Queue(next, redis.Incr(key+"d"))
		must(t, next.Exec(background))
		is(t, "INCR in a new pipe", result(t, incr), 1)
	})
}

func TestRedisPyPipelineMisuse(t *testing.T) {
	t.Parallel()
	bothPipes(t, "an error of a command that is built wrong comes before anything is sent",
		func(t *testing.T, c *fairlead.Client, open func() *fairlead.Pipe) {
			key, p := newKey(t), open()
			set := fairlead.Queue(p, redis.Set(key, 1, 0))
			fairlead.Queue(p, redis.ZRem(key))
			err := p.Exec(background)
			wantPlace(t, err, 1, "ZREM")
			sentAs(t, err, false)
			_, err = set.Result()
			wraps(t, err, fairlead.ErrNotExecuted)
			_, err = c.Get(background, key)
			wraps(t, err, fairlead.Nil)
		})
	bothPipes(t, "empty-response commands (mget [])", func(t *testing.T, c *fairlead.Client, open func() *fairlead.Pipe) {
		p := open()
		fairlead.Queue(p, redis.MGet())
		err := p.Exec(background)
		says(t, err, "command 1 of the pipe (MGET) failed", "MGET: needs at least one key")
		sentAs(t, err, false)
	})
	bothPipes(t, "discard then execute: ResponseError; pipeline usable again", func(t *testing.T, c *fairlead.Client, open func() *fairlead.Pipe) {
		key, p := newKey(t), open()
		fairlead.Queue(p, redis.Set(key, 1, 0))
		fairlead.Queue(p, redis.New[string]("DISCARD"))
		err := p.Exec(background)
		says(t, err, "DISCARD changes its connection for the commands after it")
		sentAs(t, err, false)
		_, err = c.Get(background, key) // the connection is not in a transaction, and nothing ran
		wraps(t, err, fairlead.Nil)
	})
}

// wantPlace looks for the place in a pipe where an error was, counted from 0.
func wantPlace(t *testing.T, err error, index int, command string) {
	t.Helper()
	e, ok := err.(*fairlead.PipeError)
	if !ok || e.Index != index || e.Command != command {
		t.Errorf("the error is %+v, want one of command %d, %s", err, index, command)
	}
}

func TestRedisPyPipelineMetrics(t *testing.T) {
	t.Parallel()
	type told struct {
		fairlead.TraceCommand
		took   time.Duration
		failed bool
	}
	traced := func(o fairlead.Options) (fairlead.Options, *[]told) {
		seen := new([]told)
		o.Trace = &fairlead.Trace{CommandEnd: func(_ context.Context, c fairlead.TraceCommand, took time.Duration, err error) {
			*seen = append(*seen, told{c, took, err != nil})
		}}
		return o, seen
	}
	single := func(name, command string, n int, script func(*redistest.FakeConn), open func(c *fairlead.Client) *fairlead.Pipe) {
		o, seen := traced(fairlead.Options{DB: 2})
		inMemory(t, name, o, func(t *testing.T, c *fairlead.Client, _ *redistest.Fake) {
			must(t, open(c).Exec(background)) // empty: nothing is told
			p := open(c)
			fairlead.Queue(p, redis.Incr("n"))
			fairlead.Queue(p, redis.Incr("n"))
			must(t, p.Exec(background))
			same(t, "what was told", *seen, []told{{fairlead.TraceCommand{Name: command, Commands: n, DB: 2}, time.Second, false}})
		}, script)
	}
	single("metrics: MULTI name, one per execute, none when empty", "MULTI …", 2, func(c *redistest.FakeConn) {
		c.AnswerHandshake()
		for range 4 {
			_, _ = c.ReadCommand() // another test reads them
		}
		pass(time.Second)
		c.Reply("+OK\r\n+QUEUED\r\n+QUEUED\r\n*2\r\n:1\r\n:2\r\n")
	}, (*fairlead.Client).TxPipeline)
	single("metrics: PIPELINE name, one per execute, none when empty", "INCR …", 2, func(c *redistest.FakeConn) {
		c.AnswerHandshake()
		for range 2 {
			_, _ = c.ReadCommand()
		}
		pass(time.Second)
		c.Reply(":1\r\n:2\r\n")
	}, (*fairlead.Client).Pipeline)
	o, seen := traced(fairlead.Options{Retry: fairlead.Retry{OnTimeout: true, MaxRetries: 2}})
	inMemory(t, "metrics: error counted, each retry recorded, exhausted counted once", o,
		func(t *testing.T, c *fairlead.Client, _ *redistest.Fake) {
			p := c.Pipeline()
			fairlead.Queue(p, redis.Incr("n"))
			sentAs(t, p.Exec(background), true)
			if len(*seen) != 1 || !(*seen)[0].failed {
				t.Errorf("the trace was told %+v, want one failure", *seen)
			}
			is(t, "retries", c.Pool().Stats().Retries, 2)
		}, cutting)
}
