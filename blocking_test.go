package fairlead_test

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/fairlead-go/fairlead"
	"github.com/fairlead-go/fairlead/redis"
	"github.com/fairlead-go/fairlead/redistest"
)

// eachMode runs a test over shared and over exclusive connections, in RESP2 and RESP3.
func eachMode(t *testing.T, test func(t *testing.T, c *fairlead.Client)) {
	t.Helper()
	t.Parallel()
	for _, mode := range []fairlead.Mode{fairlead.Shared, fairlead.Exclusive} {
		for _, protocol := range []int{2, 3} {
			t.Run(map[fairlead.Mode]string{fairlead.Shared: "Shared", fairlead.Exclusive: "Exclusive"}[mode]+" RESP"+strconv.Itoa(protocol), func(t *testing.T) {
				t.Parallel()
				test(t, openTo(t, &fairlead.Options{Addr: redistest.Default(t).Addr(), Mode: mode, Protocol: protocol}))
			})
		}
	}
}

// blocked waits until the server says that so many clients wait for a key.
func blocked(t *testing.T, s *redistest.Server, name string) {
	t.Helper()
	redistest.Eventually(t, patience, "the client "+name+" is blocked", func() bool {
		clients, err := s.Clients()
		for _, client := range clients {
			if client["name"] == name && client["flags"] == "b" {
				return err == nil
			}
		}
		return false
	})
}

func TestBlockingPop(t *testing.T) {
	eachMode(t, func(t *testing.T, c *fairlead.Client) {
		key := newKey(t)
		_, err := c.RPush(background, key, "waiting")
		must(t, err)
		kv, err := c.BLPop(background, 5*time.Second, key+":none", key)
		must(t, err)
		is(t, "an element that is there", kv, redis.KV{Key: key, Value: "waiting"})
		popped := make(chan error, 1)
		go func() {
			kv, err := c.BLPop(background, 0, key)
			is(t, "an element that comes later", kv, redis.KV{Key: key, Value: "later"})
			popped <- err
		}()
		_, err = c.RPush(background, key, "later")
		must(t, err)
		must(t, <-popped)
		_, err = c.BLPop(background, time.Millisecond, key)
		is(t, "nothing in time", err, fairlead.Nil)
	})
}

// TestBlockingTimeComesOnTopOfTimeout: a command that may wait for 30 s at the server is not late after Options.Timeout.
func TestBlockingTimeComesOnTopOfTimeout(t *testing.T) {
	answerLate := func(wait time.Duration) func(c *redistest.FakeConn) {
		return func(c *redistest.FakeConn) {
			c.AnswerHandshake()
			if _, err := c.ReadCommand(); err != nil {
				return
			}
			pass(wait)
			c.Reply("*2\r\n$1\r\nk\r\n$1\r\nv\r\n")
			c.Hang()
		}
	}
	o := fairlead.Options{Timeout: time.Second}
	inMemory(t, "the reply comes near its end", o, func(t *testing.T, c *fairlead.Client, _ *redistest.Fake) {
		took(t, 30*time.Second, func() {
			kv, err := c.BLPop(background, 30*time.Second, "k")
			must(t, err)
			is(t, "element", kv.Value, "v")
		})
	}, answerLate(30*time.Second))
	inMemory(t, "no reply comes", o, func(t *testing.T, c *fairlead.Client, _ *redistest.Fake) {
		took(t, 31*time.Second, func() {
			_, err := c.BLPop(background, 30*time.Second, "k")
			wraps(t, err, fairlead.ErrTimeout)
			sentAs(t, err, true)
		})
	}, answerLate(time.Hour))
	inMemory(t, "a time of 0 waits without end", o, func(t *testing.T, c *fairlead.Client, _ *redistest.Fake) {
		took(t, 24*time.Hour, func() {
			kv, err := c.BLPop(background, 0, "k")
			must(t, err)
			is(t, "element", kv.Value, "v")
		})
	}, answerLate(24*time.Hour))
	inMemory(t, "a command built by its name waits as long", o, func(t *testing.T, c *fairlead.Client, _ *redistest.Fake) {
		took(t, 10*time.Second, func() {
			_, err := fairlead.Do(background, c, redis.New[[]string]("BLPOP", "k", 20))
			must(t, err)
		})
	}, answerLate(10*time.Second))
}

// TestCancelledBlockingPopKeepsItsConnection: the server is asked to let the command go, and its answer is taken.
func TestCancelledBlockingPopKeepsItsConnection(t *testing.T) {
	for _, mode := range []fairlead.Mode{fairlead.Shared, fairlead.Exclusive} {
		asked, unblocked := make(chan struct{}), make(chan struct{})
		letGo := sync.OnceFunc(func() { close(unblocked) })
		script := serve(func(args []string) string {
			switch {
			case args[0] == "BLPOP" && args[1] == "first":
				close(asked)
				<-unblocked
				return "_\r\n"
			case args[0] == "BLPOP":
				return "*2\r\n$6\r\nsecond\r\n$1\r\nv\r\n"
			case args[0] == "CLIENT" && args[1] == "UNBLOCK":
				letGo()
				return ":1\r\n"
			}
			return "-ERR not in this test\r\n"
		})
		inMemory(t, fmt.Sprint(mode), fairlead.Options{Mode: mode}, func(t *testing.T, c *fairlead.Client, f *redistest.Fake) {
			ctx, cancel := context.WithCancel(background)
			go func() {
				<-asked
				cancel()
			}()
			_, err := c.BLPop(ctx, 0, "first")
			wraps(t, err, context.Canceled)
			tookNothing(t, err)
			kv, err := c.BLPop(background, 0, "second")
			must(t, err)
			is(t, "the next one over the same connection", kv.Value, "v")
			is(t, "connections: that one, and the one over which it was unblocked", f.Conns(), 2)
			is(t, "connections closed", c.Pool().Stats().Closes, 0)
		}, script)
	}
}

// TestCancelledBlockingPopReturnsAtOnce: the same at a real server.
func TestCancelledBlockingPopReturnsAtOnce(t *testing.T) {
	t.Parallel()
	s := redistest.Start(t)
	for _, mode := range []fairlead.Mode{fairlead.Shared, fairlead.Exclusive} {
		name := "waits-" + strconv.Itoa(int(mode))
		c := openTo(t, &fairlead.Options{Addr: s.Addr(), ClientName: name, Mode: mode})
		ctx, cancel := context.WithCancel(background)
		ended := make(chan error, 1)
		go func() {
			_, err := c.BLPop(ctx, 0, "k")
			ended <- err
		}()
		blocked(t, s, name)
		cancel()
		err := <-ended
		says(t, err, "BLPOP at ", "context canceled")
		wraps(t, err, context.Canceled)
		tookNothing(t, err)
		_, err = c.BLPop(background, time.Millisecond, "k")
		is(t, "the next one", err, fairlead.Nil)
	}
}

// TestCancelledBlockingPopLosesNothing cancels at the moment when the element arrives: it is returned, or it is still there.
func TestCancelledBlockingPopLosesNothing(t *testing.T) {
	t.Parallel()
	c := openTo(t, &fairlead.Options{Addr: redistest.Default(t).Addr(), Mode: fairlead.Exclusive, Protocol: 2})
	key := newKey(t)
	returned, left := 0, 0
	for i := range 500 {
		element := strconv.Itoa(i)
		ctx, cancel := context.WithCancel(background)
		var both sync.WaitGroup
		both.Go(func() {
			if _, err := c.RPush(background, key, element); err != nil {
				t.Error(err)
			}
		})
		both.Go(cancel)
		kv, err := c.BLPop(ctx, 0, key)
		both.Wait()
		if err == nil {
			is(t, "element returned", kv.Value, element)
			returned++
			continue
		}
		wraps(t, err, context.Canceled)
		v, err := c.LPop(background, key)
		must(t, err)
		is(t, "element that was left", v, element)
		left++
	}
	t.Logf("%d elements returned, %d left in the list", returned, left)
}

// TestBlockedPopsLeaveRoomForOtherCommands: all connections but one may wait at the server.
func TestBlockedPopsLeaveRoomForOtherCommands(t *testing.T) {
	t.Parallel()
	s := redistest.Start(t)
	c := openTo(t, &fairlead.Options{Addr: s.Addr(), MaxConnections: 2, PoolTimeout: fairlead.FailAtOnce, ClientName: "waits"})
	ctx, cancel := context.WithCancel(background)
	var waits sync.WaitGroup
	waits.Go(func() {
		if _, err := c.BLPop(ctx, 0, "k"); !errors.Is(err, context.Canceled) {
			t.Errorf("BLPOP: %v", err)
		}
	})
	blocked(t, s, "waits")
	v, err := c.Ping(background)
	must(t, err)
	is(t, "PING", v, "PONG")
	_, err = c.BLPop(background, time.Second, "k")
	says(t, err, "BLPOP", "no connection became free in time", "all 2 connections are in use, held by BLPOP for", "it was not sent")
	wraps(t, err, fairlead.ErrPoolTimeout)
	sentAs(t, err, false)
	cancel()
	waits.Wait()
}

func TestBlockingCommandInAPipeline(t *testing.T) {
	eachMode(t, func(t *testing.T, c *fairlead.Client) {
		key := newKey(t)
		p := c.Pipeline()
		fairlead.Queue(p, redis.RPush(key, "a"))
		first := fairlead.Queue(p, redis.BLPop(time.Second, key))
		second := fairlead.Queue(p, redis.BLPop(time.Millisecond, key))
		must(t, p.Exec(background))
		kv, err := first.Result()
		must(t, err)
		is(t, "BLPOP of what the pipe pushed", kv.Value, "a")
		_, err = second.Result()
		is(t, "BLPOP of nothing", err, fairlead.Nil)
	})
}

// TestBlockingCommandInATransactionDoesNotWait: Redis answers it at once there, so it needs no connection of its own.
func TestBlockingCommandInATransactionDoesNotWait(t *testing.T) {
	eachProtocol(t, func(t *testing.T, c *fairlead.Client) {
		p := c.TxPipeline()
		reply := fairlead.Queue(p, redis.BLPop(0, newKey(t)))
		must(t, p.Exec(background))
		_, err := reply.Result()
		is(t, "BLPOP of nothing", err, fairlead.Nil)
		is(t, "exclusive connections", c.Pool().Stats().Open-c.Pool().Stats().Shared, 0)
	})
}

// tookNothing checks that a cancelled blocking command was sent, and that the server proved by its answer that it took nothing.
func tookNothing(t *testing.T, err error) {
	t.Helper()
	var call *fairlead.CallError
	if !errors.As(err, &call) || !call.Sent {
		t.Errorf("the error %v does not say that the command was sent", err)
	}
	if !fairlead.NotRun(err) {
		t.Errorf("NotRun of %v is false, but the server let it go without an element", err)
	}
	says(t, err, "it took nothing")
}

func TestCancelledWorkerIsLetGoDuringShutdown(t *testing.T) {
	t.Parallel()
	s := redistest.Start(t)
	c := openTo(t, &fairlead.Options{Addr: s.Addr()})
	must(t, c.Set(background, "k", "v", 0)) // the connection that all share is open
	ctx, cancel := context.WithCancel(background)
	ended := make(chan error, 1)
	go func() {
		_, err := c.BLPop(ctx, 0, "q")
		ended <- err
	}()
	redistest.Eventually(t, 5*time.Second, "the worker is blocked", func() bool {
		info, err := s.Do("INFO", "clients")
		return err == nil && strings.Contains(info, "blocked_clients:1")
	})
	down := make(chan error, 1)
	go func() { down <- c.Pool().Shutdown(background) }()
	redistest.Eventually(t, 5*time.Second, "new commands are refused", func() bool {
		_, err := c.Get(background, "k")
		return errors.Is(err, fairlead.ErrClosed)
	})
	cancel()
	tookNothing(t, <-ended)
	must(t, <-down)
	is(t, "connections", c.Pool().Stats().Open, 0)
}
