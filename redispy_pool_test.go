package fairlead_test

import (
	"context"
	"errors"
	"net"
	"testing"
	"time"

	"github.com/fairlead-go/fairlead"
	"github.com/fairlead-go/fairlead/redistest"
)

// redisPyPools are redis-py's two pools in Fairlead's terms.
var redisPyPools = map[string]fairlead.Options{
	"ConnectionPool":         {Mode: fairlead.Exclusive, PoolTimeout: fairlead.FailAtOnce},
	"BlockingConnectionPool": {Mode: fairlead.Exclusive, PoolTimeout: 20 * time.Second},
}

func TestRedisPyPools(t *testing.T) {
	t.Parallel()
	server := redistest.Default(t)
	for name, kind := range redisPyPools {
		open := func(t *testing.T, most int) *fairlead.Client {
			t.Helper()
			o := kind
			o.Addr, o.MaxConnections = server.Addr(), most
			return openTo(t, &o)
		}
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			behaviour(t, "extra options reach the connection constructor unchanged", func(t *testing.T) { optionsReachConnection(t, kind) })
			behaviour(t, "pool works with a closing()-style close when never used", func(t *testing.T) {
				c := open(t, 2)
				must(t, c.Pool().Close())
				must(t, c.Close())
				counts(t, c, 0, 0)
			})
			behaviour(t, "two gets return two distinct connections", func(t *testing.T) {
				c := open(t, 2)
				one, two := lend(t, c), lend(t, c)
				if one.ID() == two.ID() || one.ServerID() == two.ServerID() {
					t.Errorf("both are connection %d, %d at the server", one.ID(), one.ServerID())
				}
			})
			behaviour(t, "released connection is the next one returned (LIFO)", func(t *testing.T) {
				c := open(t, 3)
				one, two := lend(t, c), lend(t, c)
				must(t, one.Close())
				must(t, two.Close())
				if next := lend(t, c); next.ID() != two.ID() {
					t.Errorf("the next is connection %d, want %d, which was given back last", next.ID(), two.ID())
				}
			})
			behaviour(t, "releasing another pool's connection is ignored; idle count unchanged", func(t *testing.T) {
				c, other := open(t, 2), open(t, 2)
				foreign := lend(t, other) // a connection knows its own pool: there is no other to give it back to
				must(t, foreign.Close())
				counts(t, c, 0, 0)
				counts(t, other, 1, 1)
			})
			behaviour(t, "released event emitted once on release", func(t *testing.T) {
				c := open(t, 2)
				one := lend(t, c)
				must(t, one.Close())
				must(t, one.Close())
				counts(t, c, 1, 1) // given back twice it would be there twice
				if next, another := lend(t, c), lend(t, c); next.ID() == another.ID() {
					t.Error("one connection was lent to two at the same time")
				}
			})
			behaviour(t, "multi-connection client pins no connection", func(t *testing.T) {
				c := open(t, 2)
				_, err := c.Ping(background)
				must(t, err)
				counts(t, c, 1, 1)
				if held := c.Pool().Conns(); len(held) != 1 || held[0].Holder != "" {
					t.Errorf("after the command the pool has %+v, want one connection that nobody holds", held)
				}
			})
		})
	}
}

// optionsReachConnection looks at what the dialer is told and at the bytes of the handshake.
func optionsReachConnection(t *testing.T, o fairlead.Options) {
	fake := redistest.NewFake(t, func(c *redistest.FakeConn) {
		c.Expect("*5\r\n$5\r\nHELLO\r\n$1\r\n3\r\n$4\r\nAUTH\r\n$2\r\nme\r\n$3\r\np w\r\n" +
			"*3\r\n$6\r\nCLIENT\r\n$7\r\nSETNAME\r\n$4\r\nworm\r\n" +
			"*4\r\n$6\r\nCLIENT\r\n$7\r\nSETINFO\r\n$8\r\nLIB-NAME\r\n$8\r\nfairlead\r\n" +
			"*4\r\n$6\r\nCLIENT\r\n$7\r\nSETINFO\r\n$7\r\nLIB-VER\r\n" + bulk(fairlead.Version) +
			"*2\r\n$6\r\nSELECT\r\n$1\r\n3\r\n")
		c.Reply("%1\r\n$5\r\nproto\r\n:3\r\n+OK\r\n+OK\r\n+OK\r\n+OK\r\n")
		c.ExpectCommand("PING")
		c.Reply("+PONG\r\n")
	})
	dialled := ""
	o.Dialer = func(ctx context.Context, network, addr string) (net.Conn, error) {
		dialled = network + " " + addr
		return new(net.Dialer).DialContext(ctx, network, addr)
	}
	o.Addr, o.Username, o.Password, o.ClientName, o.DB, o.Protocol = fake.Addr(), "me", "p w", "worm", 3, 3
	_, err := openTo(t, &o).Ping(background)
	must(t, err)
	if dialled != "tcp "+fake.Addr() {
		t.Errorf("the dialer was told %q, want tcp and %s", dialled, fake.Addr())
	}
}

func TestRedisPyPoolsClosed(t *testing.T) {
	t.Parallel()
	for name, kind := range redisPyPools {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			behaviour(t, "disconnect() closes in-use sockets", func(t *testing.T) {
				server := redistest.Start(t)
				c, closed, used := oneUsedOneIdle(t, server, kind)
				must(t, c.Pool().Close())
				for range 2 {
					if got := <-closed; got.Cause != fairlead.CauseUserClosed {
						t.Errorf("a connection was closed because of %q, want %q", got.Cause, fairlead.CauseUserClosed)
					}
				}
				_, err := used.Ping(background)
				if sentAs(t, err, false); !errors.Is(err, net.ErrClosed) {
					t.Errorf("over a connection whose pool was closed the error is %v, want net.ErrClosed in it", err)
				}
				wantClients(t, server, 0)
			})
			behaviour(t, "disconnect(inuse_connections=False) leaves in-use ones open", func(t *testing.T) {
				server := redistest.Start(t)
				c, closed, used := oneUsedOneIdle(t, server, kind)
				if n := c.Pool().CloseIdle(); n != 1 {
					t.Errorf("%d connections were closed, want the idle one", n)
				}
				if got := <-closed; got.Conn == used.ID() {
					t.Error("the one in use was closed")
				}
				_, err := used.Ping(background)
				must(t, err)
				counts(t, c, 1, 0)
				wantClients(t, server, 1)
			})
			behaviour(t, "context manager returns the pool and closes connections on exit", func(t *testing.T) {
				server := redistest.Start(t)
				o := kind
				o.Addr = server.Addr()
				func() {
					pool, err := fairlead.NewPool(&o)
					must(t, err)
					defer pool.Close()
					_, err = fairlead.NewClient(pool).Ping(background)
					must(t, err)
					wantClients(t, server, 1)
				}()
				wantClients(t, server, 0)
			})
		})
	}
}

// oneUsedOneIdle opens a pool with two connections, one of them lent.
func oneUsedOneIdle(t *testing.T, server *redistest.Server, o fairlead.Options) (*fairlead.Client, <-chan fairlead.TraceClosed, *fairlead.Conn) {
	t.Helper()
	o.Addr = server.Addr()
	closed := watchClosed(&o)
	c := openTo(t, &o)
	used, idle := lend(t, c), lend(t, c)
	must(t, idle.Close())
	counts(t, c, 2, 1)
	return c, closed, used
}

// wantClients waits until the server has so many clients.
func wantClients(t *testing.T, server *redistest.Server, n int) {
	t.Helper()
	redistest.Eventually(t, 5*time.Second, "the server's number of clients", func() bool {
		clients, err := server.Clients()
		return err == nil && len(clients) == n
	})
}

func TestRedisPyPoolExhausted(t *testing.T) {
	t.Parallel()
	answer := func(c *redistest.FakeConn) {
		c.AnswerHandshake()
		c.Hang()
	}
	inMemory(t, "ConnectionPool: get beyond max_connections: MaxConnectionsError",
		fairlead.Options{Mode: fairlead.Exclusive, MaxConnections: 2, PoolTimeout: fairlead.FailAtOnce},
		func(t *testing.T, c *fairlead.Client, fake *redistest.Fake) {
			lend(t, c)
			lend(t, c)
			waited, err := timed(func() error { _, err := c.Conn(background); return err })
			if sentAs(t, err, false); !errors.Is(err, fairlead.ErrPoolTimeout) {
				t.Errorf("the error is %v, want ErrPoolTimeout", err)
			}
			says(t, err, "all 2 connections are in use, held by CONN for 0s, CONN for 0s")
			if waited != 0 || fake.Conns() != 2 {
				t.Errorf("it took %v and %d connections were opened, want none beyond the 2 and no time", waited, fake.Conns())
			}
		}, answer)
	inMemory(t, "BlockingConnectionPool: exhausted: blocks ≥ timeout, then ConnectionError",
		fairlead.Options{Mode: fairlead.Exclusive, MaxConnections: 1, PoolTimeout: 100 * time.Millisecond},
		func(t *testing.T, c *fairlead.Client, fake *redistest.Fake) {
			lend(t, c)
			waited, err := timed(func() error { _, err := c.Conn(background); return err })
			if sentAs(t, err, false); !errors.Is(err, fairlead.ErrPoolTimeout) || waited != 100*time.Millisecond {
				t.Errorf("after %v the error is %v, want ErrPoolTimeout after 100ms", waited, err)
			}
			says(t, err, "held by CONN for 100ms")
		}, answer)
	inMemory(t, "BlockingConnectionPool: exhausted: waiter obtains a connection released by another thread",
		fairlead.Options{Mode: fairlead.Exclusive, MaxConnections: 1, PoolTimeout: 2 * time.Second},
		func(t *testing.T, c *fairlead.Client, fake *redistest.Fake) {
			first := lend(t, c)
			time.AfterFunc(100*time.Millisecond, func() { _ = first.Close() }) // always nil
			waited, err := timed(func() error {
				second, err := c.Conn(background)
				if err == nil && second.ID() != first.ID() {
					t.Errorf("the waiter got connection %d, want %d, which was given back", second.ID(), first.ID())
				}
				return err
			})
			if err != nil || waited != 100*time.Millisecond {
				t.Errorf("the waiter had its connection after %v with %v, want it when the other gave it back, at 100ms", waited, err)
			}
		}, answer)
}

// timed runs f and returns how long it took.
func timed(f func() error) (time.Duration, error) {
	began := time.Now()
	err := f()
	return time.Since(began), err
}

func TestRedisPyPoolUnit(t *testing.T) {
	t.Parallel()
	behaviour(t, "max_connections −1: ValueError", func(t *testing.T) {
		_, err := fairlead.NewPool(&fairlead.Options{MaxConnections: -1})
		says(t, err, "Options.MaxConnections is -1: write a number from 1 to 65535, or 0 for the default")
	})
	behaviour(t, `max_connections "str": ValueError`, func(t *testing.T) {
		_, err := fairlead.Open("redis://localhost?max_connections=str")
		says(t, err, `option max_connections="str"`)
	})
	behaviour(t, "Redis.from_url builds a pool", func(t *testing.T) {
		c, err := fairlead.Open("redis://localhost:6380/2?max_connections=7")
		must(t, err)
		defer c.Close()
		if o := c.Pool().Options(); o.Addr != "localhost:6380" || o.DB != 2 || o.MaxConnections != 7 {
			t.Errorf("the client's pool has the options %v", o)
		}
	})
	answer := func(c *redistest.FakeConn) {
		c.AnswerHandshake()
		c.Hang()
	}
	exclusive := fairlead.Options{Mode: fairlead.Exclusive, MaxConnections: 2}
	inMemory(t, "counts: (idle, used) for empty, used only, idle only, mixed", exclusive,
		func(t *testing.T, c *fairlead.Client, _ *redistest.Fake) {
			counts(t, c, 0, 0) // empty
			one, two := lend(t, c), lend(t, c)
			counts(t, c, 2, 0) // used only
			must(t, one.Close())
			counts(t, c, 2, 1) // mixed
			must(t, two.Close())
			counts(t, c, 2, 2) // idle only
		}, answer)
	inMemory(t, "counts: Blocking: empty, queued", exclusive, func(t *testing.T, c *fairlead.Client, _ *redistest.Fake) {
		counts(t, c, 0, 0)
		one := lend(t, c)
		lend(t, c)
		waiter := make(chan error)
		go func() {
			third, err := c.Conn(background)
			if err == nil {
				err = third.Close()
			}
			waiter <- err
		}()
		pass(time.Second)
		if s := c.Pool().Stats(); s.Waiting != 1 || s.Waits != 1 {
			t.Errorf("%d calls wait of %d that had to, want 1 of 1", s.Waiting, s.Waits)
		}
		must(t, one.Close())
		must(t, <-waiter)
		if s := c.Pool().Stats(); s.Waiting != 0 || s.WaitTime != time.Second || s.Idle != 1 {
			t.Errorf("%d calls wait, %v was waited and %d connections are idle; want 0, 1s and 1", s.Waiting, s.WaitTime, s.Idle)
		}
	}, answer)
}
