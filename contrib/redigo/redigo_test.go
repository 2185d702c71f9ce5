package redigo_test

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/fairlead-go/fairlead"
	"github.com/fairlead-go/fairlead/contrib/redigo"
	"github.com/fairlead-go/fairlead/redistest"
	"github.com/gomodule/redigo/redis"
)

func TestMain(m *testing.M) { redistest.Main(m) }

// newPool returns a pool over a server of its own.
func newPool(t *testing.T) (*redis.Pool, *fairlead.Client) {
	t.Helper()
	c, err := fairlead.Open(redistest.Start(t).URL() + "?protocol=2")
	ok(t, err)
	t.Cleanup(func() { _ = c.Close() })
	p, err := redigo.NewPool(c)
	ok(t, err)
	t.Cleanup(func() { ok(t, p.Close()) })
	return p, c
}

func ok(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func is(t *testing.T, what string, got, want any) {
	t.Helper()
	if !reflect.DeepEqual(got, want) {
		t.Errorf("%s: %#v, want %#v", what, got, want)
	}
}

func TestShapesOfReplies(t *testing.T) {
	t.Parallel()
	p, _ := newPool(t)
	conn := p.Get()
	defer func() { ok(t, conn.Close()) }()
	for _, row := range []struct {
		command string
		want    any
	}{
		{"SET k v", "OK"},
		{"GET k", []byte("v")},
		{"GET nothing", nil},
		{"INCRBY n 7", int64(7)},
		{"MGET k nothing n", []any{[]byte("v"), nil, []byte("7")}},
		{"HSET h f 1", int64(1)},
		{"HGETALL h", []any{[]byte("f"), []byte("1")}},
		{"ZADD z 1.5 m", int64(1)},
		{"ZRANGE z 0 -1 WITHSCORES", []any{[]byte("m"), []byte("1.5")}},
		{"BLPOP empty 0.001", nil},
		{"KEYS no*", []any{}},
	} {
		words := strings.Fields(row.command)
		args := redis.Args{}.AddFlat(words[1:])
		got, err := conn.Do(words[0], args...)
		ok(t, err)
		is(t, row.command, got, row.want)
	}
	_, err := conn.Do("LPUSH", "k", "x")
	is(t, "LPUSH to a string", err, redis.Error("WRONGTYPE Operation against a key holding the wrong kind of value"))
	is(t, "the connection after an error of the server", conn.Err(), nil)
}

func TestSendFlushReceive(t *testing.T) {
	t.Parallel()
	p, _ := newPool(t)
	conn := p.Get()
	defer func() { ok(t, conn.Close()) }()
	ok(t, conn.Send("SET", "k", "v"))
	ok(t, conn.Send("GET", "k"))
	ok(t, conn.Send("LPUSH", "k", "x"))
	ok(t, conn.Flush())
	set, err := redis.String(conn.Receive())
	ok(t, err)
	get, err := redis.String(conn.Receive())
	ok(t, err)
	_, err = conn.Receive()
	is(t, "replies in order", []any{set, get, err != nil}, []any{"OK", "v", true})
	ok(t, conn.Send("INCR", "n"))
	ok(t, conn.Send("INCR", "n"))
	all, err := redis.Int64s(conn.Do(""))
	ok(t, err)
	is(t, "Do of nothing receives what is owed", all, []int64{1, 2})
}

func TestTransaction(t *testing.T) {
	t.Parallel()
	p, c := newPool(t)
	conn := p.Get()
	defer func() { ok(t, conn.Close()) }()
	ok(t, conn.Send("MULTI"))
	ok(t, conn.Send("INCR", "n"))
	ok(t, conn.Send("INCR", "n"))
	got, err := redis.Ints(conn.Do("EXEC"))
	ok(t, err)
	is(t, "in one write", got, []int{1, 2})
	is(t, "connections", c.Pool().Stats().Open, 1)

	_, err = conn.Do("MULTI")
	ok(t, err)
	queued, err := redis.String(conn.Do("INCR", "n"))
	ok(t, err)
	is(t, "INCR between MULTI and EXEC", queued, "QUEUED")
	got, err = redis.Ints(conn.Do("EXEC"))
	ok(t, err)
	is(t, "one by one", got, []int{3})

	_, err = conn.Do("WATCH", "n")
	ok(t, err)
	ok(t, c.Set(t.Context(), "n", "changed", 0))
	ok(t, conn.Send("MULTI"))
	ok(t, conn.Send("SET", "n", "lost"))
	reply, err := conn.Do("EXEC")
	is(t, "EXEC after a watched key was changed", []any{reply, err}, []any{nil, nil})
	v, err := c.Get(t.Context(), "n")
	ok(t, err)
	is(t, "the key", v, "changed")
}

// What a connection leaves behind in redigo's pool must not meet its next user: redigo ends it, and a connection that was taken is given back.
func TestGivenBackInTheMiddle(t *testing.T) {
	t.Parallel()
	p, c := newPool(t)
	conn := p.Get()
	_, err := conn.Do("WATCH", "k")
	ok(t, err)
	_, err = conn.Do("MULTI")
	ok(t, err)
	ok(t, conn.Close())
	next := p.Get()
	defer func() { ok(t, next.Close()) }()
	pong, err := redis.String(next.Do("PING"))
	ok(t, err)
	is(t, "PING", pong, "PONG")
	for _, info := range c.Pool().Conns() {
		is(t, "who has a connection to himself", info.Holder, "")
	}
}

func TestManyShareOneConnection(t *testing.T) {
	t.Parallel()
	p, c := newPool(t)
	var all sync.WaitGroup
	for range 200 {
		all.Go(func() {
			conn := p.Get()
			defer conn.Close() //nolint:errcheck // the command's error counts
			if _, err := conn.Do("INCR", "hits"); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	hits, err := c.Get(t.Context(), "hits")
	ok(t, err)
	is(t, "hits", hits, "200")
	is(t, "connections at most", c.Pool().Stats().Peak, 1)
}

func TestContextThatEnds(t *testing.T) {
	t.Parallel()
	p, c := newPool(t)
	conn := p.Get()
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer cancel()
	_, err := redis.DoContext(conn, ctx, "BLPOP", "list", 0)
	is(t, "BLPOP", errors.Is(err, context.DeadlineExceeded), true)
	_ = conn.Close() // redigo has closed it
	redistest.Eventually(t, 5*time.Second, "nobody waits for the list any more", func() bool {
		clients, err := c.ClientList(t.Context())
		ok(t, err)
		for _, info := range clients {
			if strings.Contains(info.Flags, "b") {
				return false
			}
		}
		return true
	})
}

func TestWhatCannotBe(t *testing.T) {
	t.Parallel()
	for what, c := range map[string]*fairlead.Client{"no client": nil, "a zero one": {}} {
		if _, err := redigo.NewPool(c); err == nil || !strings.Contains(err.Error(), "fairlead.Client") {
			t.Errorf("%s: %v", what, err)
		}
	}
	resp3, err := fairlead.Open("redis://localhost")
	ok(t, err)
	if _, err := redigo.Dial(resp3); err == nil || !strings.Contains(err.Error(), "set Protocol to 2") {
		t.Errorf("%v, want what to set", err)
	}
	p, _ := newPool(t)
	conn := p.Get()
	defer func() { _ = conn.Close() }() // redigo unsubscribes then, which is refused too
	ps := redis.PubSubConn{Conn: conn}
	ok(t, ps.Subscribe("news"))
	refusal, _ := ps.Receive().(error)
	if refusal == nil || !strings.Contains(refusal.Error(), "SUBSCRIBE is not carried") {
		t.Errorf("%v, want a refusal", refusal)
	}
}

// Redigo's own tests, those of subscriptions aside, with connections of package wire behind the server's port. It is run if FAIRLEAD_SUITES is set.
func TestTheirSuite(t *testing.T) {
	if os.Getenv("FAIRLEAD_SUITES") == "" {
		t.Skip("set FAIRLEAD_SUITES=1 to run redigo's own tests")
	}
	standin := filepath.Join(t.TempDir(), "standin")
	out, err := exec.Command("go", "build", "-o", standin, "github.com/fairlead-go/fairlead/contrib/wire/standin").CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	dir, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}", "github.com/gomodule/redigo").Output()
	ok(t, err)
	cmd := exec.CommandContext(t.Context(), "go", "test", "-count=1", "-v", "-skip", "^(TestPushed|TestPubSubReceiveContext|ExamplePubSubConn)$",
		"./redis", "-redis-server", standin, "-redis-port", "26479")
	cmd.Dir = strings.TrimSpace(string(dir))
	cmd.Env = append(os.Environ(), "GOWORK=off", "GOFLAGS=", "STANDIN_PROTOCOL=2")
	out, err = cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	t.Logf("%d of their tests and examples passed", strings.Count(string(out), "--- PASS"))
}
