package fairlead_test

import (
	"context"
	"fmt"
	"net"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/fairlead-go/fairlead"
	"github.com/fairlead-go/fairlead/redis"
	"github.com/fairlead-go/fairlead/redistest"
)

func TestClientsShareAPool(t *testing.T) {
	t.Parallel()
	pool, err := fairlead.NewPool(&fairlead.Options{Addr: redistest.Default(t).Addr()})
	must(t, err)
	defer pool.Close()
	a, b := fairlead.NewClient(pool), fairlead.NewClient(pool)
	key := newKey(t)
	must(t, a.Set(background, key, "v", 0))
	v, err := b.Get(background, key)
	must(t, err)
	is(t, "GET by the other client", v, "v")
	is(t, "connections", pool.Stats().Dials, 1)
	is(t, "pool of both", a.Pool() == b.Pool(), true)

	must(t, a.Close())
	_, err = a.Get(background, key)
	wraps(t, err, fairlead.ErrClosed)
	_, err = b.Get(background, key)
	must(t, err)
	must(t, a.Shutdown(background)) // the pool is not its own, so there is nothing to drain
	_, err = b.Get(background, key)
	must(t, err)
	is(t, "connections that closing a client closed", pool.Stats().Closes, 0)

	must(t, pool.Close())
	_, err = b.Get(background, key)
	wraps(t, err, fairlead.ErrClosed)
}

func TestOpenMakesAPoolThatTheClientOwns(t *testing.T) {
	t.Parallel()
	c := open(t, redistest.Default(t).URL())
	_, err := c.Ping(background)
	must(t, err)
	is(t, "connections", c.Pool().Stats().Open, 1)
	must(t, c.Close())
	is(t, "connections after Close", c.Pool().Stats().Open, 0)
	_, err = fairlead.NewClient(c.Pool()).Ping(background)
	wraps(t, err, fairlead.ErrClosed)
}

func TestOpenDoesNoIO(t *testing.T) {
	t.Parallel()
	fake := redistest.NewFake(t)
	c := open(t, fake.URL()+"?client_name=early")
	is(t, "name", c.Pool().Options().ClientName, "early")
	is(t, "connections known", len(c.Pool().Conns()), 0)
	is(t, "connections accepted", fake.Conns(), 0)
}

// heldIncr starts an INCR whose reply the fake holds back until the channel is closed.
func heldIncr(t *testing.T, o fairlead.Options) (*fairlead.Client, chan<- struct{}, <-chan error) {
	t.Helper()
	asked, answer := make(chan struct{}), make(chan struct{})
	fake := redistest.NewFake(t, func(c *redistest.FakeConn) {
		c.AnswerHandshake()
		c.ExpectCommand("INCR", "n")
		close(asked)
		c.Hold(answer)
		c.Reply(":1\r\n")
		c.Hang()
	})
	o.Addr = fake.Addr()
	c := openTo(t, &o)
	end := make(chan error, 1)
	go func() {
		_, err := c.Incr(background, "n")
		end <- err
	}()
	<-asked
	return c, answer, end
}

func TestShutdownWaitsForCommandsOnTheirWay(t *testing.T) {
	t.Parallel()
	for _, mode := range []fairlead.Mode{fairlead.Shared, fairlead.Exclusive} {
		c, answer, ended := heldIncr(t, fairlead.Options{Mode: mode})
		over := make(chan error, 1)
		go func() { over <- c.Pool().Shutdown(background) }()
		redistest.Eventually(t, patience, "the connection drains", func() bool {
			return slices.ContainsFunc(c.Pool().Events(), func(e fairlead.Event) bool { return e.To == fairlead.StateDraining })
		})
		_, err := c.Get(background, "k")
		says(t, err, "the pool is closed", "it was not sent")
		close(answer)
		must(t, <-ended)
		must(t, <-over)
		is(t, "connections", c.Pool().Stats().Open, 0)
	}
}

func TestShutdownEndsWithItsContext(t *testing.T) {
	t.Parallel()
	c, _, ended := heldIncr(t, fairlead.Options{})
	ctx, cancel := context.WithCancel(background)
	cancel()
	wraps(t, c.Pool().Shutdown(ctx), context.Canceled)
	err := <-ended
	says(t, err, "INCR at ", "closed by the user", "it was sent and may have run")
	sentAs(t, err, true)
}

func TestCloseEndsCommandsOnTheirWay(t *testing.T) {
	t.Parallel()
	for _, mode := range []fairlead.Mode{fairlead.Shared, fairlead.Exclusive} {
		c, _, ended := heldIncr(t, fairlead.Options{Mode: mode})
		must(t, c.Pool().Close())
		err := <-ended
		says(t, err, "INCR at ", "the connection ended: closed by the user", "it was sent and may have run")
		wraps(t, err, net.ErrClosed)
		sentAs(t, err, true)
	}
}

// TestCloseIsNotTakenForAFailureOfTheNetwork: a GET that was on its way may have run, though nothing is sent again.
func TestCloseIsNotTakenForAFailureOfTheNetwork(t *testing.T) {
	t.Parallel()
	asked := make(chan struct{})
	fake := redistest.NewFake(t, func(c *redistest.FakeConn) {
		c.AnswerHandshake()
		c.ExpectCommand("GET", "k")
		close(asked)
		c.Hang()
	})
	c := open(t, fake.URL())
	ended := make(chan error, 1)
	go func() {
		_, err := c.Get(background, "k")
		ended <- err
	}()
	<-asked
	must(t, c.Close())
	sentAs(t, <-ended, true)
	is(t, "connections", fake.Conns(), 1)
}

func TestCloseIdle(t *testing.T) {
	eachProtocol(t, func(t *testing.T, c *fairlead.Client) {
		is(t, "closed, when there are none", c.Pool().CloseIdle(), 0)
		_, err := c.Ping(background)
		must(t, err)
		used, free := lend(t, c), lend(t, c)
		must(t, free.Close())
		is(t, "closed: the shared one and the free one", c.Pool().CloseIdle(), 2)
		is(t, "connections left", c.Pool().Stats().Open, 1)
		_, err = used.Ping(background)
		must(t, err)
		_, err = c.Ping(background) // over a new one
		must(t, err)
	})
}

// TestExclusiveConnections: each command has a connection to itself, so there are as many as commands at the same time, and no more.
func TestExclusiveConnections(t *testing.T) {
	t.Parallel()
	c := openTo(t, &fairlead.Options{Addr: redistest.Default(t).Addr(), Mode: fairlead.Exclusive, MaxConnections: 5})
	key := newKey(t)
	for range 10 {
		_, err := c.Incr(background, key)
		must(t, err)
	}
	is(t, "connections for one command after another", c.Pool().Stats().Dials, 1)
	crowd(20, func() {
		for range 20 {
			if _, err := c.Incr(background, key); err != nil {
				t.Error(err)
			}
		}
	})
	n, err := fairlead.As[int](c.Get(background, key))
	must(t, err)
	is(t, "the counter", n, 10+20*20)
	stats := c.Pool().Stats()
	is(t, "shared connections", stats.Shared, 0)
	if stats.Peak > 5 {
		t.Errorf("%d connections at a time, want at most 5", stats.Peak)
	}
	for _, info := range c.Pool().Conns() {
		is(t, "shared", info.Shared, false)
	}
}

func TestFullPoolSaysWhoHasItsConnections(t *testing.T) {
	t.Parallel()
	c := openTo(t, &fairlead.Options{Addr: redistest.Default(t).Addr(), Mode: fairlead.Exclusive, MaxConnections: 1,
		PoolTimeout: 20 * time.Millisecond})
	own := lend(t, c)
	_, err := c.Get(background, "k")
	says(t, err, "GET at ", "no connection became free in time after ", "all 1 connections are in use, held by CONN for", "it was not sent")
	wraps(t, err, fairlead.ErrPoolTimeout)
	is(t, "phase", sentAs(t, err, false).Phase, fairlead.PhaseQueued)
	ctx, cancel := context.WithCancel(background)
	cancel()
	_, err = c.Conn(ctx)
	wraps(t, err, context.Canceled)
	must(t, own.Close())
	_, err = c.Get(background, "k")
	must(t, ignoreNil(err))
	stats := c.Pool().Stats()
	is(t, "calls that waited", stats.Waits, 1)
	is(t, "waits in vain", stats.WaitTimeouts, 1)
}

// TestStats counts what a few commands do.
func TestStats(t *testing.T) {
	eachProtocol(t, func(t *testing.T, c *fairlead.Client) {
		is(t, "before the first command", c.Pool().Stats(), fairlead.Stats{Limit: 64})
		key := newKey(t)
		must(t, c.Set(background, key, "0123456789", 0))
		_, err := c.Get(background, key)
		must(t, err)
		p := c.Pipeline()
		fairlead.Queue(p, redis.Get(key))
		fairlead.Queue(p, redis.Get(key))
		must(t, p.Exec(background))
		own := lend(t, c)
		s := c.Pool().Stats()
		is(t, "connections", s.Open, 2)
		is(t, "shared ones", s.Shared, 1)
		is(t, "free ones", s.Idle, 0)
		is(t, "dialled", s.Dials, 2)
		is(t, "calls answered: SET, GET and the pipe", s.Replies, 3)
		is(t, "calls on their way", s.InFlight, 0)
		if s.BytesOut < int64(len(key)*4) || s.BytesIn < 30 {
			t.Errorf("%d bytes out, %d in: less than the commands and replies have", s.BytesOut, s.BytesIn)
		}
		must(t, own.Close())
		is(t, "free ones", c.Pool().Stats().Idle, 1)
		must(t, c.Pool().Close())
		after := c.Pool().Stats()
		is(t, "connections after Close", after.Open, 0)
		is(t, "closed", after.Closes, 2)
		is(t, "calls answered, which are not forgotten with their connections", after.Replies, 3)
		is(t, "bytes in", after.BytesIn, s.BytesIn)
		is(t, "most connections at a time", after.Peak, 2)
	})
}

func TestConnsTellWhatEachConnectionDoes(t *testing.T) {
	t.Parallel()
	addr := redistest.Default(t).Addr()
	c := openTo(t, &fairlead.Options{Addr: addr, Protocol: 3})
	_, err := c.DB(3).Exists(background, newKey(t))
	must(t, err)
	own := lend(t, c)
	infos := c.Pool().Conns()
	is(t, "connections", len(infos), 2)
	shared, leased := infos[0], infos[1] // the oldest first
	is(t, "the first is shared", shared.Shared, true)
	is(t, "its holder", shared.Holder, "")
	is(t, "its address", shared.Addr, addr)
	is(t, "its state", shared.State, fairlead.StateReady)
	is(t, "its database", shared.DB, 3)
	is(t, "its debts", shared.Owes, 0)
	is(t, "its protocol", shared.Server.Protocol, 3)
	is(t, "its calls: the look for database 3, and EXISTS", shared.Replies, 2)
	is(t, "the second is the lent one", leased.ID, own.ID())
	is(t, "its holder", leased.Holder, "CONN")
	is(t, "its number at the server", leased.Server.ClientID, own.ServerID())
}

// TestEventsTellALife from the first step to the cause of the end.
func TestEventsTellALife(t *testing.T) {
	eachProtocol(t, func(t *testing.T, c *fairlead.Client) {
		_, err := c.Ping(background)
		must(t, err)
		must(t, c.Pool().Close())
		var states []fairlead.State
		for _, e := range c.Pool().Events() {
			states = append(states, e.To)
		}
		same(t, "states", states, []fairlead.State{fairlead.StateHandshaking, fairlead.StateReady, fairlead.StateClosed})
		last := c.Pool().Events()[len(states)-1]
		is(t, "cause", last.Cause, fairlead.CauseUserClosed)
		is(t, "address", last.Addr, c.Pool().Options().Addr)
		is(t, "cause in words", last.Cause.String(), "closed by the user")
	})
}

// TestEventsTellOfAConnectionThatNeverWas: the failed handshake and its reason are there to see.
func TestEventsTellOfAConnectionThatNeverWas(t *testing.T) {
	t.Parallel()
	s := redistest.Start(t, redistest.Password("another"))
	c := open(t, "redis://:"+secret+"@"+s.Addr())
	_, err := c.Get(background, "k")
	says(t, err, "WRONGPASS")
	events := c.Pool().Events()
	last := events[len(events)-1]
	is(t, "state", last.To, fairlead.StateClosed)
	is(t, "cause", last.Cause, fairlead.CauseHandshakeRefused)
	says(t, last.Err, "WRONGPASS")
}

func TestIdleConnectionsAreClosed(t *testing.T) {
	o := fairlead.Options{IdleTimeout: time.Minute}
	inMemory(t, "after IdleTimeout", o, func(t *testing.T, c *fairlead.Client, _ *redistest.Fake) {
		_, err := c.Ping(background)
		must(t, err)
		pass(50 * time.Second)
		is(t, "connections before the time is over", c.Pool().Stats().Open, 1)
		pass(30 * time.Second)
		is(t, "connections after it", c.Pool().Stats().Open, 0)
		events := c.Pool().Events()
		is(t, "cause", events[len(events)-1].Cause, fairlead.CauseIdleLimit)
	}, serve(func([]string) string { return "+PONG\r\n" }))
}

// A Pool has the password somewhere. No verb prints it, not even one that is a mistake.
func TestPoolPrintsWithoutPassword(t *testing.T) {
	t.Parallel()
	pool, err := fairlead.NewPool(&fairlead.Options{Username: "user", Password: secret})
	must(t, err)
	defer pool.Close()
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%d", "%x"} {
		for name, operand := range map[string]any{"pool": pool, "copy": *pool, "client": fairlead.NewClient(pool)} {
			text := fmt.Sprintf(verb, operand)
			is(t, verb+" of a "+name+" shows the password", strings.Contains(text, secret) || strings.Contains(text, fmt.Sprintf("%x", secret)), false)
		}
	}
	is(t, "password in Options, which are the user's own", pool.Options().Password, secret)
	is(t, "username there", pool.Options().Username, "user")
}
