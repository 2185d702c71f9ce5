package fairlead_test

import (
	"context"
	"errors"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/fairlead-go/fairlead"
	"github.com/fairlead-go/fairlead/redis"
	"github.com/fairlead-go/fairlead/redistest"
	"github.com/fairlead-go/fairlead/resp"
)

// raw is any command, read as text.
func raw(ctx context.Context, rt fairlead.RoundTripper, name string, args ...any) (string, error) {
	return fairlead.Do(ctx, rt, redis.New[string](name, args...))
}

func TestConnKeepsItsOwnDatabase(t *testing.T) {
	eachProtocol(t, func(t *testing.T, c *fairlead.Client) {
		key := newKey(t)
		must(t, c.Set(background, key, "zero", 0))
		own := lend(t, c)
		_, err := raw(background, own, "SELECT", 7)
		must(t, err)
		_, err = own.Get(background, key)
		is(t, "GET in database 7", err, fairlead.Nil)
		must(t, own.Set(background, key, "seven", 0))
		v, err := c.Get(background, key)
		must(t, err)
		is(t, "GET of everybody else", v, "zero")
		must(t, own.Close())
		next := lend(t, c)
		is(t, "the next user has another connection", next.ID() != own.ID(), true)
		v, err = next.Get(background, key)
		must(t, err)
		is(t, "GET of the next user", v, "zero")
		_, err = c.DB(7).Del(background, key)
		must(t, err)
	})
}

// TestConnThatChangedItsConnectionIsClosed: what any of these leaves behind would meet the next user.
func TestConnThatChangedItsConnectionIsClosed(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name string
		args []any
	}{
		{"SELECT", []any{1}},
		{"CLIENT SETNAME", []any{"mine"}},
		{"CLIENT NO-EVICT", []any{"OFF"}},
		{"WATCH", []any{"k"}},
		{"MULTI", nil},
		{"READONLY", nil}, // the server refuses it, but nothing is taken on trust
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			closed := make(chan fairlead.TraceClosed, 1)
			c := openTo(t, &fairlead.Options{Addr: redistest.Default(t).Addr(), Trace: &fairlead.Trace{Closed: func(e fairlead.TraceClosed) { closed <- e }}})
			own := lend(t, c)
			var refused *fairlead.Error
			if _, err := raw(background, own, test.name, test.args...); err != nil && !errors.As(err, &refused) {
				t.Fatal(err)
			}
			must(t, own.Close())
			e := <-closed
			is(t, "cause", e.Cause, fairlead.CauseDirty)
			is(t, "connection", e.Conn, own.ID())
		})
	}
}

// TestConnWhoseTransactionIsOverIsUsedAgain: EXEC, DISCARD and UNWATCH leave the connection at the server as it was.
func TestConnWhoseTransactionIsOverIsUsedAgain(t *testing.T) {
	for _, test := range []struct {
		commands string
		again    bool
		why      string
	}{
		{"WATCH k, MULTI, PING, EXEC", true, "EXEC forgets the keys"},
		{"WATCH k, MULTI, DISCARD", true, "so does DISCARD"},
		{"WATCH k, UNWATCH", true, "and UNWATCH"},
		{"WATCH k, MULTI, NO.SUCH.COMMAND, EXEC", true, "and an EXEC that discards what was queued"},
		{"WATCH k, EXEC", false, "EXEC without MULTI is refused and ends nothing"},
		{"WATCH k, MULTI, UNWATCH", false, "UNWATCH is only queued"},
		{"WATCH k, MULTI, EXEC, WATCH k", false, "it watches again"},
		{"MULTI, SELECT 1, EXEC", false, "it is in another database"},
	} {
		t.Run(test.commands, func(t *testing.T) {
			eachProtocol(t, func(t *testing.T, c *fairlead.Client) {
				first := lend(t, c)
				for command := range strings.SplitSeq(test.commands, ", ") {
					name, arg, has := strings.Cut(command, " ")
					args := []any{arg}
					_, err := fairlead.Do(background, first, redis.New[resp.Reply](name, args[:map[bool]int{true: 1}[has]]...))
					var refused *fairlead.Error
					if err != nil && !errors.As(err, &refused) {
						t.Fatal(err)
					}
				}
				must(t, first.Close())
				second := lend(t, c)
				is(t, test.why+": the next user has the same connection", second.ID() == first.ID(), test.again)
			})
		})
	}
}

func TestConnInOrderIsUsedAgain(t *testing.T) {
	eachProtocol(t, func(t *testing.T, c *fairlead.Client) {
		first := lend(t, c)
		must(t, first.Set(background, newKey(t), "v", 0))
		_, err := raw(background, first, "NO.SUCH.COMMAND")
		says(t, err, "ERR unknown command")
		must(t, first.Close())
		second := lend(t, c)
		is(t, "connection", second.ID(), first.ID())
		is(t, "its number at the server", second.ServerID(), first.ServerID())
		id, err := second.ClientID(background)
		must(t, err)
		is(t, "CLIENT ID", id, second.ServerID())
	})
}

func TestConnRunsEverythingOnTheSameConnection(t *testing.T) {
	eachProtocol(t, func(t *testing.T, c *fairlead.Client) {
		own, key := lend(t, c), newKey(t)
		p := own.Pipeline()
		id := fairlead.Queue(p, redis.ClientID())
		must(t, p.Exec(background))
		n, err := id.Result()
		must(t, err)
		is(t, "CLIENT ID in a pipe", n, own.ServerID())
		tx := own.TxPipeline()
		id = fairlead.Queue(tx, redis.ClientID())
		must(t, tx.Exec(background))
		n, err = id.Result()
		must(t, err)
		is(t, "CLIENT ID in a transaction", n, own.ServerID())
		_, err = c.RPush(background, key, "a")
		must(t, err)
		kv, err := own.BLPop(background, time.Second, key)
		must(t, err)
		is(t, "BLPOP", kv, redis.KV{Key: key, Value: "a"})
	})
}

// TestConnRunsATransactionByHand: MULTI and EXEC one by one, as the server documents them.
func TestConnRunsATransactionByHand(t *testing.T) {
	eachProtocol(t, func(t *testing.T, c *fairlead.Client) {
		own, key := lend(t, c), newKey(t)
		v, err := raw(background, own, "MULTI")
		must(t, err)
		is(t, "MULTI", v, "OK")
		v, err = raw(background, own, "INCR", key)
		must(t, err)
		is(t, "INCR", v, "QUEUED")
		replies, err := fairlead.Do(background, own, redis.New[[]int]("EXEC"))
		must(t, err)
		same(t, "EXEC", replies, []int{1})
	})
}

// TestConnDoesNotGoElsewhere: after its connection broke every command says so; nothing is sent over another one.
func TestConnDoesNotGoElsewhere(t *testing.T) {
	t.Parallel()
	fake := redistest.NewFake(t, func(c *redistest.FakeConn) {
		c.AnswerHandshake()
		c.ExpectCommand("GET", "k")
		c.Close()
	})
	c := open(t, fake.URL())
	own := lend(t, c)
	_, err := own.Get(background, "k")
	says(t, err, "GET at "+fake.Addr(), "closed by the server", "it was sent and may have run")
	wraps(t, err, io.EOF)
	sentAs(t, err, true)
	_, err = own.Get(background, "k")
	says(t, err, "GET at "+fake.Addr(), "the connection ended: closed by the server", "it was not sent")
	sentAs(t, err, false)
	must(t, own.Close())
	is(t, "connections", fake.Conns(), 1)
}

// TestConnWithACancelledCommand: the reply that is still owed must not meet the next user.
func TestConnWithACancelledCommand(t *testing.T) {
	t.Parallel()
	asked, answer := make(chan struct{}), make(chan struct{})
	fake := redistest.NewFake(t, func(c *redistest.FakeConn) {
		c.AnswerHandshake()
		c.ExpectCommand("GET", "first")
		close(asked)
		c.Hold(answer)
		c.Reply("$5\r\nfirst\r\n")
		c.Serve(func(args []string) string {
			if args[0] == "PING" {
				return "+PONG\r\n"
			}
			return "$6\r\nsecond\r\n"
		})
	})
	c := openTo(t, &fairlead.Options{Addr: fake.Addr(), MaxConnections: 1})
	own := lend(t, c)
	ctx, cancel := context.WithCancel(background)
	ended := make(chan error, 1)
	go func() {
		_, err := own.Get(ctx, "first")
		ended <- err
	}()
	<-asked
	cancel()
	err := <-ended
	wraps(t, err, context.Canceled)
	sentAs(t, err, true)
	must(t, own.Close())
	close(answer)
	next := lend(t, c)
	v, err := next.Get(background, "second")
	must(t, err)
	is(t, "GET of the next user", v, "second")
	is(t, "connections", fake.Conns(), 1)
}
