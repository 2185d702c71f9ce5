package fairlead_test

import (
	"errors"
	"testing"

	"github.com/fairlead-go/fairlead"
	"github.com/fairlead-go/fairlead/redis"
	"github.com/fairlead-go/fairlead/redistest"
)

func TestRedisPyConnectionErrors(t *testing.T) {
	t.Parallel()
	behaviour(t, "failing SELECT at connect: error raised, connection back in pool, disconnected", func(t *testing.T) {
		server := redistest.Start(t, redistest.Databases(4))
		for _, mode := range []fairlead.Mode{fairlead.Shared, fairlead.Exclusive} {
			c := openTo(t, &fairlead.Options{Addr: server.Addr(), Mode: mode, DB: 4, MaxConnections: 1})
			for range 2 { // the second finds the only place free again
				_, err := c.Ping(background)
				if e := sentAs(t, err, false); e.Phase != fairlead.PhaseHandshake {
					t.Errorf("the command failed in phase %v, want %v", e.Phase, fairlead.PhaseHandshake)
				}
				wantCode(t, err, "ERR")
				says(t, err, `the server has no database 4: see its setting "databases"`)
			}
			if s := c.Pool().Stats(); s.Open != 0 || s.DialErrors != 2 {
				t.Errorf("%v: %d connections are open after %d tries, want none after 2", mode, s.Open, s.DialErrors)
			}
		}
		wantClients(t, server, 0)
	})
	behaviour(t, "READONLY → ReadOnlyError; OOM → OutOfMemoryError", func(t *testing.T) {
		server := redistest.Start(t)
		c := openTo(t, &fairlead.Options{Addr: server.Addr()})
		must(t, c.ConfigSet(background, "maxmemory", 1))
		err := c.Set(background, "k", "v", 0)
		wantCode(t, err, "OOM")
		if !fairlead.NotRun(err) {
			t.Error("OOM proves that the command did not run, but NotRun is false")
		}
		if _, err := server.Do("REPLICAOF", "127.0.0.1", "1"); err != nil {
			t.Fatal(err)
		}
		err = c.Set(background, "k", "v", 0)
		wantCode(t, err, "READONLY")
		if !fairlead.NotRun(err) {
			t.Error("READONLY proves that the command did not run, but NotRun is false")
		}
	})
	for _, refusal := range []struct{ name, reply, hint string }{
		{`"AUTH without password set" → AuthenticationError, before Redis 6`, "ERR Client sent AUTH, but no password is set",
			"the server has no password"},
		{`"AUTH without password set" → AuthenticationError, since Redis 6`, "ERR AUTH <password> called without any password configured " +
			"for the default user. Are you sure your configuration is correct?", "the server has no password"},
		{`"invalid password" → AuthenticationError`, "ERR invalid password", "check username and password"},
		{"WRONGPASS → AuthenticationError", "WRONGPASS invalid username-password pair or user is disabled.", "check username and password"},
	} {
		behaviour(t, refusal.name, func(t *testing.T) { refusedLogin(t, refusal.reply, refusal.hint) })
	}
}

// refusedLogin looks that a refused password is reported as such, sent only once, and not quoted.
func refusedLogin(t *testing.T, reply, hint string) {
	const handshake = "*2\r\n$4\r\nAUTH\r\n$6\r\nhunter\r\n*2\r\n$6\r\nCLIENT\r\n$2\r\nID\r\n"
	fake := redistest.NewFake(t, func(c *redistest.FakeConn) {
		c.Expect(handshake)
		_, _ = c.ReadCommand() // CLIENT SETNAME, and twice CLIENT SETINFO
		_, _ = c.ReadCommand()
		_, _ = c.ReadCommand()
		c.Reply("-" + reply + "\r\n-NOAUTH Authentication required.\r\n-NOAUTH Authentication required.\r\n" +
			"-NOAUTH Authentication required.\r\n-NOAUTH Authentication required.\r\n")
		c.ExpectClose()
	})
	c := openTo(t, &fairlead.Options{Addr: fake.Addr(), Password: "hunter", Protocol: 2})
	_, err := c.Ping(background)
	sentAs(t, err, false)
	if e, ok := errors.AsType[*fairlead.DialError](err); !ok || !e.Handshake {
		t.Errorf("the error is %v, want a DialError of the handshake", err)
	}
	wantCode(t, err, redisCode(reply))
	says(t, err, "the server refused AUTH: "+reply, hint)
	if fake.Conns() != 1 {
		t.Errorf("the password was sent %d times, want once: it will not become right", fake.Conns())
	}
}

// redisCode is the first word of the server's sentence.
func redisCode(reply string) string {
	if reply[:4] == "ERR " {
		return "ERR"
	}
	return "WRONGPASS"
}

const loading = "-LOADING Redis is loading the dataset in memory\r\n"

// never is a Retry that sends nothing again.
var never = fairlead.Retry{MaxRetries: -1}

func TestRedisPyLoading(t *testing.T) {
	t.Parallel()
	inMemory(t, "LOADING reply: BusyLoadingError", fairlead.Options{Retry: never},
		func(t *testing.T, c *fairlead.Client, fake *redistest.Fake) {
			_, err := c.Get(background, "k")
			wantCode(t, err, "LOADING")
			if !fairlead.NotRun(err) {
				t.Error("LOADING proves that the command did not run, but NotRun is false")
			}
			wantGet(t, c.Commands, "k", "v") // over the same connection: an error reply is no reason to close it
		}, func(c *redistest.FakeConn) {
			c.AnswerHandshake()
			c.ExpectCommand("GET", "k")
			c.Reply(loading)
			c.ExpectCommand("GET", "k")
			c.Reply("$1\r\nv\r\n")
		})
	inMemory(t, "LOADING reply: sent again until the server has loaded", fairlead.Options{},
		func(t *testing.T, c *fairlead.Client, fake *redistest.Fake) { wantGet(t, c.Commands, "k", "v") },
		func(c *redistest.FakeConn) {
			c.AnswerHandshake()
			for range 3 { // MaxRetries
				c.ExpectCommand("GET", "k")
				c.Reply(loading)
			}
			c.ExpectCommand("GET", "k")
			c.Reply("$1\r\nv\r\n")
		})
	inMemory(t, "LOADING in an immediate pipeline command: raised; connection still held by the pipeline", fairlead.Options{},
		func(t *testing.T, c *fairlead.Client, fake *redistest.Fake) {
			err := c.Watch(background, func(tx *fairlead.Tx) error {
				_, err := tx.Get(background, "k")
				wantCode(t, err, "LOADING")
				if held := c.Pool().Conns(); len(held) != 1 || held[0].Holder != "WATCH" {
					t.Errorf("the pool has %+v, want one connection, held by WATCH", held)
				}
				wantGet(t, tx.Commands, "k", "v")
				return nil
			}, "k")
			must(t, err)
			counts(t, c, 1, 1)
		}, func(c *redistest.FakeConn) {
			c.AnswerHandshake()
			c.ExpectCommand("WATCH", "k")
			c.Reply("+OK\r\n")
			c.ExpectCommand("GET", "k")
			c.Reply(loading)
			c.ExpectCommand("GET", "k")
			c.Reply("$1\r\nv\r\n")
			c.ExpectCommand("UNWATCH")
			c.Reply("+OK\r\n")
		})
	inMemory(t, "LOADING in pipeline execute: raised; connection released", fairlead.Options{Mode: fairlead.Exclusive, Retry: never},
		func(t *testing.T, c *fairlead.Client, fake *redistest.Fake) {
			p := c.Pipeline()
			set, get := fairlead.Queue(p, redis.Set("k", "v", 0)), fairlead.Queue(p, redis.Get("k"))
			err := p.Exec(background)
			wantCode(t, err, "LOADING")
			says(t, err, "command 1 of the pipe (SET) failed")
			if _, err := set.Result(); !fairlead.NotRun(err) {
				t.Errorf("SET ended with %v, want LOADING", err)
			}
			if _, err := get.Result(); !fairlead.NotRun(err) {
				t.Errorf("GET ended with %v, want LOADING", err)
			}
			counts(t, c, 1, 1)
		}, func(c *redistest.FakeConn) {
			c.AnswerHandshake()
			c.ExpectCommand("SET", "k", "v")
			c.ExpectCommand("GET", "k")
			c.Reply(loading + loading)
		})
}
