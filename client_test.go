package fairlead_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/fairlead-go/fairlead"
	"github.com/fairlead-go/fairlead/redis"
	"github.com/fairlead-go/fairlead/redistest"
	"github.com/fairlead-go/fairlead/resp"
)

func TestGetAndSet(t *testing.T) {
	eachProtocol(t, func(t *testing.T, c *fairlead.Client) {
		key := newKey(t)
		_, err := c.Get(background, key)
		is(t, "GET of nothing", err, fairlead.Nil)
		must(t, c.Set(background, key, "Ada", 0))
		v, found, err := fairlead.Found(c.Get(background, key))
		must(t, err)
		is(t, "GET", v, "Ada")
		is(t, "found", found, true)
		_, found, err = fairlead.Found(c.Get(background, key+":none"))
		must(t, err)
		is(t, "found what is not there", found, false)
		ok, err := c.SetNX(background, key, "Grace", time.Minute)
		must(t, err)
		is(t, "SET NX of a key that is there", ok, false)
		old, err := c.SetGet(background, key, "Grace", time.Minute)
		must(t, err)
		is(t, "SET GET", old, "Ada")
		ttl, err := c.TTL(background, key)
		must(t, err)
		is(t, "expiration in (0, 1 min]", ttl > 0 && ttl <= time.Minute, true)
	})
}

// TestValuesComeBackAsTheyWereSent: any bytes, of any length.
func TestValuesComeBackAsTheyWereSent(t *testing.T) {
	eachProtocol(t, func(t *testing.T, c *fairlead.Client) {
		key := newKey(t)
		for _, test := range []struct {
			value any
			want  string
		}{
			{"", ""},
			{"\r\n*1\r\n$8\r\nFLUSHALL\r\n", "\r\n*1\r\n$8\r\nFLUSHALL\r\n"}, // arguments cannot be taken for commands
			{"\x00\xff\r", "\x00\xff\r"},
			{[]byte("bytes"), "bytes"},
			{[]byte(nil), ""},
			{strings.Repeat("long", 1<<20), strings.Repeat("long", 1<<20)},
			{-1, "-1"}, {int8(-128), "-128"}, {uint64(1<<64 - 1), "18446744073709551615"},
			{1.5, "1.5"}, {float32(0.25), "0.25"}, {true, "1"}, {false, "0"},
		} {
			must(t, c.Set(background, key, test.value, 0))
			v, err := c.Get(background, key)
			must(t, err)
			if v != test.want {
				t.Errorf("%T: got %.40q of %d bytes, want %.40q of %d", test.value, v, len(v), test.want, len(test.want))
			}
		}
	})
}

func TestKeysMayHoldAnything(t *testing.T) {
	eachProtocol(t, func(t *testing.T, c *fairlead.Client) {
		for _, key := range []string{"", " ", "\r\n", "\x00", "{", "é", newKey(t)} {
			key = newKey(t) + key
			must(t, c.Set(background, key, key, 0))
			v, err := c.Get(background, key)
			must(t, err)
			is(t, "GET", v, key)
		}
	})
}

func TestDoRunsAnyCommand(t *testing.T) {
	eachProtocol(t, func(t *testing.T, c *fairlead.Client) {
		key := newKey(t)
		n, err := fairlead.Do(background, c, redis.New[int]("INCRBY", key, 42))
		must(t, err)
		is(t, "INCRBY as an int", n, 42)
		v, err := fairlead.Do(background, c.DB(0), redis.Get(key))
		must(t, err)
		is(t, "GET through a view", v, "42")
		list, err := fairlead.Do(background, c, redis.New[[]string]("ECHO", "x"))
		var mismatch *resp.TypeError
		is(t, "a string as a list is a *resp.TypeError: "+strings.Join(list, ","), errors.As(err, &mismatch), true)
		_, err = fairlead.Do(background, c, redis.New[string]("NO.SUCH.COMMAND"))
		var refused *fairlead.Error
		is(t, "an unknown command is the server's *Error", errors.As(err, &refused) && refused.Code == "ERR", true)
		cmd := redis.Incr(key) // a value: it can be kept and sent twice
		first, err := fairlead.Do(background, c, cmd)
		must(t, err)
		second, err := fairlead.Do(background, c, cmd)
		must(t, err)
		is(t, "the same command, sent again", second, first+1)
	})
}

func TestHashAsAStruct(t *testing.T) {
	eachProtocol(t, func(t *testing.T, c *fairlead.Client) {
		key := newKey(t)
		_, err := c.HSet(background, key, map[string]any{"name": "Ada", "Age": 36})
		must(t, err)
		ada, err := fairlead.As[person](c.HGetAll(background, key))
		must(t, err)
		is(t, "HGETALL", ada, person{"Ada", 36})
		nobody, err := fairlead.As[person](c.HGetAll(background, key+":none"))
		must(t, err)
		is(t, "HGETALL of nothing", nobody, person{})
	})
}

func TestRepliesOfBothProtocolsAreTheSame(t *testing.T) {
	eachProtocol(t, func(t *testing.T, c *fairlead.Client) {
		key := newKey(t)
		_, err := c.ZAdd(background, key, redis.Z{Score: 1.5, Member: "a"}, redis.Z{Score: 2, Member: "b"})
		must(t, err)
		score, err := c.ZScore(background, key, "a")
		must(t, err)
		is(t, "ZSCORE, a double in RESP3 and a string in RESP2", score, 1.5)
		all, err := c.ZRangeWithScores(background, key, 0, -1)
		must(t, err)
		same(t, "ZRANGE WITHSCORES, pairs in RESP3 and a list in RESP2", all, []redis.Z{{Score: 1.5, Member: "a"}, {Score: 2, Member: "b"}})
		_, err = c.SAdd(background, key+":s", "m")
		must(t, err)
		is1, err := c.SIsMember(background, key+":s", "m")
		must(t, err)
		is(t, "SISMEMBER", is1, true)
		members, err := c.SMembers(background, key+":s")
		must(t, err)
		same(t, "SMEMBERS, a set in RESP3", members, []string{"m"})
		values, err := c.MGet(background, key+":none", key+":s:none")
		must(t, err)
		is(t, "MGET", len(values) == 2 && !values[0].Found, true)
	})
}

func TestServersErrorIsReturnedAsItIs(t *testing.T) {
	eachProtocol(t, func(t *testing.T, c *fairlead.Client) {
		key := newKey(t)
		must(t, c.Set(background, key, "text", 0))
		_, err := c.LPush(background, key, "x")
		var refused *fairlead.Error
		if !errors.As(err, &refused) {
			t.Fatalf("the error is %T, want *fairlead.Error", err)
		}
		is(t, "code", refused.Code, "WRONGTYPE")
		is(t, "sentence", err.Error(), "WRONGTYPE Operation against a key holding the wrong kind of value")
		is(t, "calls sent again", c.Pool().Stats().Retries, 0)
	})
}

// TestHandshake shows what a connection says of itself, in one write and in this order.
func TestHandshake(t *testing.T) {
	t.Parallel()
	words := func(args ...string) string { return string(resp.AppendCommand(nil, args...)) }
	setInfo := words("CLIENT", "SETINFO", "LIB-NAME", "fairlead") + words("CLIENT", "SETINFO", "LIB-VER", fairlead.Version)
	hello := "%2\r\n$2\r\nid\r\n:7\r\n$5\r\nproto\r\n:3\r\n"
	for _, test := range []struct {
		what, want, replies string
		options             fairlead.Options
	}{
		{"RESP3", words("HELLO", "3") + words("CLIENT", "SETNAME", "n") + setInfo, hello + "+OK\r\n+OK\r\n+OK\r\n", fairlead.Options{Protocol: 3}},
		{"RESP2", words("CLIENT", "ID") + words("CLIENT", "SETNAME", "n") + setInfo, ":7\r\n+OK\r\n+OK\r\n+OK\r\n", fairlead.Options{Protocol: 2}},
		{"with user and database", words("HELLO", "3", "AUTH", "ada", secret) + words("CLIENT", "SETNAME", "n") + setInfo + words("SELECT", "5"),
			hello + "+OK\r\n+OK\r\n+OK\r\n+OK\r\n", fairlead.Options{Username: "ada", Password: secret, DB: 5, Protocol: 3}},
		{"with a password alone", words("HELLO", "3", "AUTH", "default", secret) + words("CLIENT", "SETNAME", "n") + setInfo, hello + "+OK\r\n+OK\r\n+OK\r\n",
			fairlead.Options{Password: secret, Protocol: 3}},
		{"RESP2 with a password alone", words("AUTH", secret) + words("CLIENT", "ID") + words("CLIENT", "SETNAME", "n") + setInfo, "+OK\r\n:7\r\n+OK\r\n+OK\r\n+OK\r\n",
			fairlead.Options{Password: secret, Protocol: 2}},
		{"a server that knows no SETINFO", words("HELLO", "3") + words("CLIENT", "SETNAME", "n") + setInfo,
			hello + "+OK\r\n-ERR unknown subcommand\r\n-ERR unknown subcommand\r\n", fairlead.Options{Protocol: 3}},
	} {
		t.Run(test.what, func(t *testing.T) {
			t.Parallel()
			fake := redistest.NewFake(t, func(c *redistest.FakeConn) {
				c.Expect(test.want)
				c.Reply(test.replies)
				c.ExpectCommand("PING")
				c.Reply("+PONG\r\n")
				c.Hang()
			})
			o := test.options
			o.Addr, o.ClientName = fake.Addr(), "n"
			c := openTo(t, &o)
			_, err := c.Ping(background)
			must(t, err)
			is(t, "the connection's number at the server", c.Pool().Conns()[0].Server.ClientID, 7)
		})
	}
}

// TestServerThatKnowsNoHello: before Redis 6.0 there is RESP2 alone.
func TestServerThatKnowsNoHello(t *testing.T) {
	t.Parallel()
	old := func(args []string) string {
		switch args[0] {
		case "HELLO":
			return "-ERR unknown command `HELLO`, with args beginning with: `3`, \r\n"
		case "CLIENT":
			if args[1] == "ID" {
				return ":7\r\n"
			}
			return "+OK\r\n"
		}
		return "+PONG\r\n"
	}
	fake := redistest.NewFake(t, func(c *redistest.FakeConn) { c.Serve(old) })
	c, err := fairlead.Open(fake.URL()) // with no protocol chosen, whatever the tests speak otherwise
	must(t, err)
	t.Cleanup(func() { must(t, c.Close()) })
	_, err = c.Ping(background)
	must(t, err)
	is(t, "protocol", c.Pool().Conns()[0].Server.Protocol, 2)

	_, err = openTo(t, &fairlead.Options{Addr: fake.Addr(), Protocol: 3}).Ping(background)
	says(t, err, "the server refused HELLO", "the server is too old for RESP3: leave Options.Protocol 0, or set it to 2")
}

// TestPasswordThatTheServerRepeatsIsNotShown: servers before Redis 6.0 answer HELLO with its arguments.
func TestPasswordThatTheServerRepeatsIsNotShown(t *testing.T) {
	t.Parallel()
	var d diary
	fake := redistest.NewFake(t, func(c *redistest.FakeConn) {
		c.Serve(func(args []string) string {
			return "-ERR unknown command `" + args[0] + "`, with args beginning with: `" + strings.Join(args[1:], "`, `") + "`, \r\n"
		})
	})
	for _, protocol := range []int{2, 3} {
		c := openTo(t, &fairlead.Options{Addr: fake.Addr(), Password: secret, Protocol: protocol, Trace: d.trace()})
		_, err := c.Get(background, "k")
		says(t, err, "ERR unknown command")
		sentAs(t, err, false)
		for _, e := range c.Pool().Events() {
			is(t, "the history gives the password away", strings.Contains(fmt.Sprint(e.Err), secret), false)
		}
		var refused *fairlead.Error
		is(t, "a *fairlead.Error is in the chain", errors.As(err, &refused), true)
		is(t, "it gives the password away: "+refused.Message, strings.Contains(refused.Message, secret), false)
	}
	is(t, "the trace gives the password away", strings.Contains(strings.Join(d.lines, "\n"), secret), false)
}

// TestNamesInClientList: who looks at the server sees which program holds each connection, and by which library.
func TestNamesInClientList(t *testing.T) {
	t.Parallel()
	for _, product := range redistest.Servers(t) {
		t.Run(product.Name, func(t *testing.T) {
			t.Parallel()
			s := redistest.Start(t, redistest.Binary(product.Binary))
			_, err := open(t, s.URL()).Ping(background)
			must(t, err)
			_, err = open(t, s.URL()+"?client_name=billing&protocol=2").Ping(background)
			must(t, err)
			clients, err := s.Clients()
			must(t, err)
			is(t, "clients", len(clients), 2)
			is(t, "name of the second", clients[1]["name"], "billing")
			host, err := os.Hostname()
			must(t, err)
			says(t, errors.New(clients[0]["name"]), filepath.Base(os.Args[0])+"@", host, "#")
			for _, client := range clients {
				if lib, has := client["lib-name"]; has { // since Redis 7.2
					is(t, "library", lib, "fairlead")
					is(t, "its version", client["lib-ver"], fairlead.Version)
				}
			}
		})
	}
}

// TestCredentialsAreAskedForEachConnection: they may change while the program runs.
func TestCredentialsAreAskedForEachConnection(t *testing.T) {
	t.Parallel()
	s := redistest.Start(t, redistest.User("ada", "first"))
	var mu sync.Mutex // guards password and asked
	password, asked := "first", 0
	c := openTo(t, &fairlead.Options{Addr: s.Addr(), Credentials: func(context.Context) (string, string, error) {
		mu.Lock()
		defer mu.Unlock()
		asked++
		return "ada", password, nil
	}})
	who, err := raw(background, c, "ACL WHOAMI")
	must(t, err)
	is(t, "user", who, "ada")
	_, err = s.Do("ACL", "SETUSER", "ada", "resetpass", ">second")
	must(t, err)
	mu.Lock()
	password = "second"
	mu.Unlock()
	c.Pool().CloseIdle()
	who, err = raw(background, c, "ACL WHOAMI")
	must(t, err)
	is(t, "user", who, "ada")
	mu.Lock()
	defer mu.Unlock()
	is(t, "asked, once for each connection", asked, 2)
}

func TestCredentialsThatCannotBeHad(t *testing.T) {
	t.Parallel()
	vault := errors.New("the vault is sealed")
	fake := redistest.NewFake(t)
	c := openTo(t, &fairlead.Options{Addr: fake.Addr(), Retry: fairlead.Retry{MaxRetries: -1}, Credentials: func(context.Context) (string, string, error) {
		return "ada", secret, vault
	}})
	_, err := c.Get(background, "k")
	says(t, err, "the credentials could not be had: the vault is sealed", "it was not sent")
	wraps(t, err, vault)
	sentAs(t, err, false)
	is(t, "commands sent", len(fake.Commands()), 0)
}
