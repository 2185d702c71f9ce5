package fairlead_test

import (
	"fmt"
	"strconv"
	"sync"
	"testing"

	"github.com/fairlead-go/fairlead"
	"github.com/fairlead-go/fairlead/redis"
	"github.com/fairlead-go/fairlead/redistest"
)

// TestDatabasesDoNotMix runs many goroutines, each in a database of its own, with one key over the same shared connections:
// a value of another database would say so.
func TestDatabasesDoNotMix(t *testing.T) {
	eachProtocol(t, func(t *testing.T, c *fairlead.Client) {
		key := newKey(t)
		var all sync.WaitGroup
		for g := range 32 {
			all.Go(func() {
				db := g % 8
				for i := range 50 {
					if err := roundInDB(c.DB(db), key, db, i); err != nil {
						t.Error(err)
						return
					}
				}
			})
		}
		all.Wait()
		for _, info := range c.Pool().Conns() {
			is(t, "shared, as is every connection", info.Shared, true)
		}
		if n := len(c.Pool().Conns()); n > 4 {
			t.Errorf("%d connections for 8 databases, want no more than SharedConns", n)
		}
	})
}

// roundInDB writes and reads in every way that picks a database, and checks that nothing of another one is seen.
func roundInDB(c fairlead.Commands, key string, db, i int) error {
	own := "database " + strconv.Itoa(db)
	if err := c.Set(background, key, own, 0); err != nil {
		return err
	}
	var reply *fairlead.Reply[string]
	switch i % 3 {
	case 0:
		v, err := c.Get(background, key)
		return belongs(v, own, err)
	case 1:
		p := c.Pipeline()
		reply = fairlead.Queue(p, redis.Get(key))
		if err := p.Exec(background); err != nil {
			return err
		}
	case 2:
		p := c.TxPipeline()
		reply = fairlead.Queue(p, redis.Get(key))
		if err := p.Exec(background); err != nil {
			return err
		}
	}
	v, err := reply.Result()
	return belongs(v, own, err)
}

func belongs(v, own string, err error) error {
	if err == nil && v != own {
		err = fmt.Errorf("%s has the value %q", own, v)
	}
	return err
}

// TestSelectTravelsWithTheCommand shows the stream: SELECT only where the database changes, and never between MULTI and EXEC.
func TestSelectTravelsWithTheCommand(t *testing.T) {
	t.Parallel()
	fake := redistest.NewFake(t, func(c *redistest.FakeConn) {
		c.AnswerHandshake()
		c.ExpectCommand("SELECT", "3") // once for each database: a SELECT that failed would let the command behind it run in another one
		c.ExpectCommand("SELECT", "0")
		c.Reply("+OK\r\n+OK\r\n")
		c.Expect("*2\r\n$6\r\nSELECT\r\n$1\r\n3\r\n*2\r\n$3\r\nGET\r\n$1\r\nk\r\n")
		c.Reply("+OK\r\n$5\r\nthree\r\n")
		c.Expect("*2\r\n$3\r\nGET\r\n$1\r\nk\r\n")
		c.Reply("$5\r\nthree\r\n")
		c.Expect("*2\r\n$6\r\nSELECT\r\n$1\r\n0\r\n*2\r\n$3\r\nGET\r\n$1\r\nk\r\n")
		c.Reply("+OK\r\n$4\r\nzero\r\n")
		c.Expect("*2\r\n$6\r\nSELECT\r\n$1\r\n3\r\n*1\r\n$5\r\nMULTI\r\n*2\r\n$3\r\nGET\r\n$1\r\nk\r\n*1\r\n$4\r\nEXEC\r\n")
		c.Reply("+OK\r\n+OK\r\n+QUEUED\r\n*1\r\n$5\r\nthree\r\n")
		c.ExpectClose()
	})
	c := open(t, fake.URL())
	for _, test := range []struct {
		from fairlead.Commands
		want string
	}{{c.DB(3), "three"}, {c.DB(3), "three"}, {c.Commands, "zero"}} {
		v, err := test.from.Get(background, "k")
		must(t, err)
		is(t, "GET", v, test.want)
	}
	p := c.DB(3).TxPipeline()
	reply := fairlead.Queue(p, redis.Get("k"))
	must(t, p.Exec(background))
	v, err := reply.Result()
	must(t, err)
	is(t, "GET in the transaction", v, "three")
	must(t, c.Close())
}

// TestSelectThatFailsKeepsCommandsApart: the server no longer takes a database that it had, so what follows the SELECT may have run
// elsewhere. The caller learns that it is not certain, and the connection is not used again.
func TestSelectThatFailsKeepsCommandsApart(t *testing.T) {
	t.Parallel()
	fake := redistest.NewFake(t, func(c *redistest.FakeConn) {
		c.AnswerHandshake()
		c.ExpectCommand("SELECT", "3")
		c.ExpectCommand("SELECT", "0")
		c.Reply("+OK\r\n+OK\r\n")
		c.ExpectCommand("SELECT", "3")
		c.ExpectCommand("INCR", "n")
		c.Reply("-ERR DB index is out of range\r\n:1\r\n")
		c.ExpectClose()
	})
	c := open(t, fake.URL())
	_, err := c.DB(3).Incr(background, "n")
	says(t, err, "INCR at "+fake.Addr(), "DB index is out of range", "it was sent and may have run")
	sentAs(t, err, true)
	must(t, c.Close())
}

// TestFirstUseOfADatabaseSurvivesABrokenConnection: not a byte of the command was sent, so it is tried again as any other would be.
func TestFirstUseOfADatabaseSurvivesABrokenConnection(t *testing.T) {
	t.Parallel()
	fake := redistest.NewFake(t,
		func(c *redistest.FakeConn) {
			c.AnswerHandshake()
			c.ExpectCommand("SELECT", "3")
			c.Reset()
		},
		func(c *redistest.FakeConn) {
			c.AnswerHandshake()
			c.ExpectCommand("SELECT", "3")
			c.ExpectCommand("SELECT", "0")
			c.Reply("+OK\r\n+OK\r\n")
			c.ExpectCommand("SELECT", "3")
			c.ExpectCommand("INCR", "n")
			c.Reply("+OK\r\n:1\r\n")
			c.ExpectClose()
		})
	c := open(t, fake.URL())
	n, err := c.DB(3).Incr(background, "n")
	must(t, err)
	is(t, "INCR", n, 1)
	must(t, c.Close())
}

func TestDatabaseOfTheOptions(t *testing.T) {
	t.Parallel()
	s := redistest.Default(t)
	key := newKey(t)
	for _, protocol := range []int{2, 3} {
		c := openTo(t, &fairlead.Options{Addr: s.Addr(), DB: 5, Protocol: protocol})
		must(t, c.Set(background, key, "five", 0))
		v, err := c.DB(5).Get(background, key)
		must(t, err)
		is(t, "the same database by its number", v, "five")
		_, err = c.DB(0).Get(background, key)
		is(t, "another database", err, fairlead.Nil)
	}
}
