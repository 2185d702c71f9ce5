package fairlead_test

import (
	"context"
	"testing"
	"time"

	"github.com/fairlead-go/fairlead"
	"github.com/fairlead-go/fairlead/redis"
	"github.com/fairlead-go/fairlead/redistest"
)

// nobody is a server that no byte may reach: what is known before sending must be said before dialling.
func nobody(t *testing.T) (*fairlead.Client, *redistest.Fake) {
	t.Helper()
	fake := redistest.NewFake(t)
	t.Cleanup(func() { is(t, "connections: the mistake is known before dialling", fake.Conns(), 0) })
	return open(t, fake.URL()), fake
}

type label string

// TestValuesThatCannotBeSent: each sentence names the type and says what to send instead.
func TestValuesThatCannotBeSent(t *testing.T) {
	t.Parallel()
	c, _ := nobody(t)
	n := 1
	for _, test := range []struct {
		what  string
		value any
		says  string
	}{
		{"nil", nil, `nil is no value: send "" or delete the key`},
		{"a duration", time.Second, "a time.Duration has no unit in Redis: send d.Milliseconds(), d.Seconds() or d.String()"},
		{"a time", time.Unix(0, 0), "a time.Time has no single form in Redis: send t.Unix(), t.UnixMilli() or t.Format(time.RFC3339Nano)"},
		{"a struct", person{Name: secret}, "a value of type fairlead_test.person cannot be sent: convert it to a string, []byte, integer, float or bool"},
		{"a pointer", &n, "a value of type *int cannot be sent"},
		{"a channel", make(chan int), "a value of type chan int cannot be sent"},
		{"a function", func() {}, "a value of type func() cannot be sent"},
		{"a slice", []string{secret}, "a value of type []string cannot be sent"},
		{"a map", map[string]string{"k": secret}, "a value of type map[string]string cannot be sent"},
		{"a type of its own name", label(secret), "a value of type fairlead_test.label cannot be sent: convert it to a string"},
		{"an error", context.Canceled, "a value of type *errors.errorString cannot be sent"},
	} {
		t.Run(test.what, func(t *testing.T) {
			err := c.Set(background, "k", test.value, 0)
			says(t, err, "SET", test.says, "it was not sent")
			sentAs(t, err, false)
			_, err = c.HSet(background, "k", "field", test.value)
			says(t, err, "HSET", test.says)
			_, err = fairlead.Do(background, c, redis.New[string]("MY.COMMAND", "k", test.value))
			says(t, err, "MY.COMMAND", test.says)
		})
	}
}

// TestArgumentsThatDoNotFit: what the server would refuse, or would take for something else, is refused here.
func TestArgumentsThatDoNotFit(t *testing.T) {
	t.Parallel()
	c, _ := nobody(t)
	for _, test := range []struct {
		what string
		run  func() error
		says string
	}{
		{"HSET with a field that has no value", func() error { _, err := c.HSet(background, "k", "a", 1, "b"); return err },
			"HSET: 3 arguments do not make pairs of a name and a value: the last one has none"},
		{"HSET without fields", func() error { _, err := c.HSet(background, "k"); return err }, "HSET: needs at least one value"},
		{"HSET with an empty map", func() error { _, err := c.HSet(background, "k", map[string]any{}); return err }, "HSET: needs at least one pair"},
		{"MSET with a key that has no value", func() error { return c.MSet(background, "a", 1, "b") }, "MSET: 3 arguments do not make pairs"},
		{"MSET without keys", func() error { return c.MSet(background) }, "MSET: needs at least one value"},
		{"MGET without keys", func() error { _, err := c.MGet(background); return err }, "MGET: needs at least one key"},
		{"DEL without keys", func() error { _, err := c.Del(background); return err }, "DEL: needs at least one key"},
		{"BLPOP without keys", func() error { _, err := c.BLPop(background, 0); return err }, "BLPOP: needs at least one key"},
		{"a negative blocking time", func() error { _, err := c.BLPop(background, -time.Second, "k"); return err },
			"BLPOP: the timeout -1s is negative: use 0 to wait without end"},
		{"a negative expiration", func() error { return c.Set(background, "k", "v", -time.Minute) },
			"SET: the expiration -1m0s is negative: use 0 for none, or delete the key"},
		{"an empty name", do(c, ""), "a command needs a name, such as GET"},
		{"a name with arguments in it", do(c, "SET k "+secret), "a command's name is one word, or two with one space between them: give the rest as arguments"},
		{"a name with a line break", do(c, "GET\r\nFLUSHALL"), "a command's name is printable ASCII"},
		{"a zero command", func() error { _, err := fairlead.Do(background, c, redis.Cmd[string]{}); return err },
			"a zero command has no name: build it with a constructor of package redis"},
		{"a reply of a type that nothing can be read as",
			func() error { _, err := fairlead.Do(background, c, redis.New[chan int]("GET", "k")); return err }, "chan int"},
	} {
		t.Run(test.what, func(t *testing.T) {
			err := test.run()
			says(t, err, test.says, "it was not sent")
			sentAs(t, err, false)
		})
	}
}

func do(c *fairlead.Client, name string) func() error {
	return func() error {
		_, err := fairlead.Do(background, c, redis.New[string](name))
		return err
	}
}

// TestPipeWithAnArgumentThatDoesNotFit: nothing of the pipe is sent, and the error says which command it was.
func TestPipeWithAnArgumentThatDoesNotFit(t *testing.T) {
	t.Parallel()
	c, _ := nobody(t)
	for _, p := range []*fairlead.Pipe{c.Pipeline(), c.TxPipeline()} {
		first := fairlead.Queue(p, redis.Incr("n"))
		second := fairlead.Queue(p, redis.Set("k", time.Second, 0))
		err := p.Exec(background)
		says(t, err, "command 2 of the pipe (SET) failed", "a time.Duration has no unit in Redis", "it was not sent")
		sentAs(t, err, false)
		_, err = first.Result()
		is(t, "the command before it was not sent either", err, fairlead.ErrNotExecuted)
		is(t, "NotRun of that", fairlead.NotRun(err), true)
		_, err = second.Result()
		says(t, err, "SET", "a time.Duration has no unit in Redis")
	}
}

// TestWatchWithAnArgumentThatDoesNotFit: nothing of the transaction is sent.
func TestWatchWithAnArgumentThatDoesNotFit(t *testing.T) {
	eachProtocol(t, func(t *testing.T, c *fairlead.Client) {
		key := newKey(t)
		err := c.Watch(background, func(tx *fairlead.Tx) error {
			fairlead.Queue(tx, redis.Set(key, "v", 0))
			fairlead.Queue(tx, redis.Set(key, nil, 0))
			return nil
		}, key)
		says(t, err, "command 2 of the pipe (SET) failed", "nil is no value")
		sentAs(t, err, false)
		_, err = c.Get(background, key)
		is(t, "GET after the transaction that was not run", err, fairlead.Nil)
	})
}

func TestCommandsThatNeedAConnectionOfTheirOwn(t *testing.T) {
	t.Parallel()
	c, _ := nobody(t)
	for _, test := range []struct {
		name string
		args []any
		says string
	}{
		{"SELECT", []any{1}, "SELECT changes its connection for the commands after it: use Client.DB, or a connection of your own from Client.Conn"},
		{"select", []any{1}, "SELECT changes its connection"},
		{"MULTI", nil, "use Client.TxPipeline"},
		{"EXEC", nil, "use Client.TxPipeline"},
		{"DISCARD", nil, "use Client.TxPipeline"},
		{"WATCH", []any{"k"}, "use Client.Watch"},
		{"UNWATCH", nil, "use Client.Watch"},
		{"AUTH", []any{secret}, "set it in Options, or use a connection of your own from Client.Conn"},
		{"HELLO", []any{3}, "set it in Options"},
		{"CLIENT SETNAME", []any{"n"}, "set it in Options"},
		{"CLIENT", []any{"SETNAME", "n"}, "set it in Options"},
		{"CLIENT TRACKING", []any{"ON"}, "use a connection of your own from Client.Conn"},
		{"QUIT", nil, "use a connection of your own from Client.Conn"},
		{"RESET", nil, "use a connection of your own from Client.Conn"},
		{"READONLY", nil, "use a connection of your own from Client.Conn"},
	} {
		t.Run(test.name, func(t *testing.T) {
			cmd := redis.New[string](test.name, test.args...)
			_, err := fairlead.Do(background, c, cmd)
			says(t, err, test.says, "it was not sent")
			sentAs(t, err, false)
			for _, p := range []*fairlead.Pipe{c.Pipeline(), c.TxPipeline()} {
				fairlead.Queue(p, redis.Get("k"))
				fairlead.Queue(p, cmd)
				err := p.Exec(background)
				says(t, err, test.says)
				sentAs(t, err, false)
			}
		})
	}
}

func TestCommandsWithoutASingleReply(t *testing.T) {
	t.Parallel()
	c, _ := nobody(t)
	for _, test := range []struct {
		name string
		args []any
	}{
		{"SUBSCRIBE", []any{"news"}},
		{"PSUBSCRIBE", []any{"n*"}},
		{"SSUBSCRIBE", []any{"news"}},
		{"UNSUBSCRIBE", nil},
		{"MONITOR", nil},
		{"SYNC", nil},
		{"CLIENT REPLY", []any{"OFF"}},
		{"CLIENT", []any{"REPLY", "SKIP"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			_, err := fairlead.Do(background, c, redis.New[string](test.name, test.args...))
			says(t, err, test.name, "has no single reply, so it cannot run as an ordinary command", "it was not sent")
			sentAs(t, err, false)
		})
	}
}

// TestCommandsWithoutASingleReplyOverAConn: not even a connection of one's own can pair them with their replies.
func TestCommandsWithoutASingleReplyOverAConn(t *testing.T) {
	eachProtocol(t, func(t *testing.T, c *fairlead.Client) {
		own := lend(t, c)
		for _, name := range []string{"MONITOR", "SUBSCRIBE"} {
			_, err := raw(background, own, name, "news")
			says(t, err, name+" has no single reply, so it cannot run as an ordinary command", "it was not sent")
			sentAs(t, err, false)
		}
		_, err := own.Ping(background)
		must(t, err)
	})
}

// TestCommandsThatWouldBreakATransaction: inside of Watch the connection's state is the transaction's.
func TestCommandsThatWouldBreakATransaction(t *testing.T) {
	eachProtocol(t, func(t *testing.T, c *fairlead.Client) {
		for _, name := range []string{"UNWATCH", "MULTI", "EXEC", "RESET"} {
			err := c.Watch(background, func(tx *fairlead.Tx) error {
				_, err := fairlead.Do(background, tx, redis.New[string](name))
				return err
			}, newKey(t))
			says(t, err, name+" changes its connection for the commands after it")
		}
	})
}
