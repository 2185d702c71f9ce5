package fairlead_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/fairlead-go/fairlead"
	"github.com/fairlead-go/fairlead/redis"
	"github.com/fairlead-go/fairlead/redistest"
)

// serverURL is the URL of the server that the package's tests share, as in "redis://localhost:6379/0".
func serverURL() string { return redistest.Default(noTest{}).URL() }

// A noTest is what an example has in the place of a test.
type noTest struct{ testing.TB }

func (noTest) Helper()                           {}
func (noTest) Fatalf(format string, args ...any) { panic(fmt.Sprintf(format, args...)) }

func ExampleOpen() {
	ctx := context.Background()
	c, err := fairlead.Open(serverURL() + "?max_connections=20") // no I/O; bad options are errors here
	if err != nil {
		fmt.Println(err)
		return
	}
	defer c.Close()

	if err := c.Set(ctx, "example:name", "Ada", time.Minute); err != nil {
		fmt.Println(err)
		return
	}
	name, err := c.Get(ctx, "example:name")
	fmt.Println(name, err)
	_, err = c.Get(ctx, "example:nobody")
	fmt.Println(err == fairlead.Nil)
	// Output:
	// Ada <nil>
	// true
}

func ExampleFound() {
	ctx := context.Background()
	c, err := fairlead.Open(serverURL())
	if err != nil {
		fmt.Println(err)
		return
	}
	defer c.Close()

	name, found, err := fairlead.Found(c.Get(ctx, "example:nobody"))
	fmt.Printf("%q %v %v\n", name, found, err)
	// Output: "" false <nil>
}

func ExampleAs() {
	ctx := context.Background()
	c, err := fairlead.Open(serverURL())
	if err != nil {
		fmt.Println(err)
		return
	}
	defer c.Close()

	type User struct {
		Name string `redis:"name"`
		Age  int    `redis:"age"`
	}
	if _, err := c.HSet(ctx, "example:user:1", "name", "Ada", "age", 36); err != nil {
		fmt.Println(err)
		return
	}
	u, err := fairlead.As[User](c.HGetAll(ctx, "example:user:1"))
	fmt.Println(u.Name, u.Age, err)
	// Output: Ada 36 <nil>
}

func ExampleDo() {
	ctx := context.Background()
	c, err := fairlead.Open(serverURL())
	if err != nil {
		fmt.Println(err)
		return
	}
	defer c.Close()

	// A command without a method of its own, such as one of a module, and what its reply is read as.
	reply, err := fairlead.Do(ctx, c, redis.New[string]("ECHO", "anything"))
	fmt.Println(reply, err)
	// Output: anything <nil>
}

func ExampleQueue() {
	ctx := context.Background()
	c, err := fairlead.Open(serverURL())
	if err != nil {
		fmt.Println(err)
		return
	}
	defer c.Close()

	p := c.Pipeline() // or TxPipeline: MULTI … EXEC
	fairlead.Queue(p, redis.Set("example:hits", 41, time.Minute))
	hits := fairlead.Queue(p, redis.Incr("example:hits"))
	name := fairlead.Queue(p, redis.Get("example:nobody"))
	if err := p.Exec(ctx); err != nil { // never Nil: that is a matter of each reply
		fmt.Println(err)
		return
	}
	n, err := hits.Result()
	fmt.Println(n, err)
	_, err = name.Result()
	fmt.Println(err)
	// Output:
	// 42 <nil>
	// redis: nil
}

func ExampleClient_Pipeline_failed() {
	ctx := context.Background()
	c, err := fairlead.Open(serverURL())
	if err != nil {
		fmt.Println(err)
		return
	}
	defer c.Close()

	p := c.Pipeline()
	fairlead.Queue(p, redis.Set("example:text", "no number", time.Minute))
	fairlead.Queue(p, redis.Incr("example:text"))
	length := fairlead.Queue(p, redis.StrLen("example:text"))
	var failed *fairlead.PipeError
	if err := p.Exec(ctx); errors.As(err, &failed) {
		fmt.Println(failed.Index, failed.Command, failed.Err)
	}
	n, err := length.Result() // a failure keeps no other command from running
	fmt.Println(n, err)
	// Output:
	// 1 INCR ERR value is not an integer or out of range
	// 9 <nil>
}

func ExampleClient_Watch() {
	ctx := context.Background()
	c, err := fairlead.Open(serverURL())
	if err != nil {
		fmt.Println(err)
		return
	}
	defer c.Close()

	if err := c.Set(ctx, "example:n", 20, time.Minute); err != nil {
		fmt.Println(err)
		return
	}
	var after *fairlead.Reply[int]
	err = c.Watch(ctx, func(tx *fairlead.Tx) error { // again on conflict, bounded
		n, err := fairlead.As[int](tx.Get(ctx, "example:n"))
		if err != nil && err != fairlead.Nil {
			return err
		}
		fairlead.Queue(tx, redis.Set("example:n", 2*n, time.Minute))
		after = fairlead.Queue(tx, redis.As[int](redis.Get("example:n")))
		return nil
	}, "example:n")
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(after.Result())
	// Output: 40 <nil>
}

func ExampleClient_DB() {
	ctx := context.Background()
	c, err := fairlead.Open(serverURL())
	if err != nil {
		fmt.Println(err)
		return
	}
	defer c.Close()

	if err := c.DB(3).Set(ctx, "example:place", "database 3", time.Minute); err != nil {
		fmt.Println(err)
		return
	}
	_, found, err := fairlead.Found(c.Get(ctx, "example:place"))
	fmt.Println(found, err)
	place, err := c.DB(3).Get(ctx, "example:place")
	fmt.Println(place, err)
	fmt.Println(c.Pool().Stats().Open, "connection")
	// Output:
	// false <nil>
	// database 3 <nil>
	// 1 connection
}

func ExampleClient_Conn() {
	ctx := context.Background()
	c, err := fairlead.Open(serverURL())
	if err != nil {
		fmt.Println(err)
		return
	}
	defer c.Close()

	own, err := c.Conn(ctx) // a connection for this goroutine alone
	if err != nil {
		fmt.Println(err)
		return
	}
	defer own.Close() // gives it back
	id, err := own.ClientID(ctx)
	fmt.Println(id == own.ServerID(), err)
	// Output: true <nil>
}

func ExampleNewClient() {
	ctx := context.Background()
	o, err := fairlead.ParseURL(serverURL())
	if err != nil {
		fmt.Println(err)
		return
	}
	pool, err := fairlead.NewPool(o)
	if err != nil {
		fmt.Println(err)
		return
	}
	defer pool.Close()

	a, b := fairlead.NewClient(pool), fairlead.NewClient(pool)
	if err := a.Set(ctx, "example:shared", "one pool", time.Minute); err != nil {
		fmt.Println(err)
		return
	}
	a.Close() // leaves the pool open: others use it
	v, err := b.Get(ctx, "example:shared")
	fmt.Println(v, err)
	_, err = a.Get(ctx, "example:shared")
	fmt.Println(errors.Is(err, fairlead.ErrClosed))
	// Output:
	// one pool <nil>
	// true
}

func ExampleCommands_SetNX() {
	ctx := context.Background()
	c, err := fairlead.Open(serverURL())
	if err != nil {
		fmt.Println(err)
		return
	}
	defer c.Close()
	defer c.Del(ctx, "example:lock")

	fmt.Println(c.SetNX(ctx, "example:lock", "token 1", time.Minute))
	fmt.Println(c.SetNX(ctx, "example:lock", "token 2", time.Minute))
	// Output:
	// true <nil>
	// false <nil>
}

func ExampleCommands_BLPop() {
	ctx := context.Background()
	c, err := fairlead.Open(serverURL())
	if err != nil {
		fmt.Println(err)
		return
	}
	defer c.Close()

	if _, err := c.RPush(ctx, "example:queue", "a job"); err != nil {
		fmt.Println(err)
		return
	}
	kv, err := c.BLPop(ctx, 5*time.Second, "example:queue")
	fmt.Println(kv.Key, kv.Value, err)
	_, err = c.BLPop(ctx, 10*time.Millisecond, "example:queue")
	fmt.Println(err == fairlead.Nil)
	// Output:
	// example:queue a job <nil>
	// true
}

func ExampleTrace() {
	ctx := context.Background()
	o, err := fairlead.ParseURL(serverURL())
	if err != nil {
		fmt.Println(err)
		return
	}
	o.Trace = &fairlead.Trace{
		CommandEnd: func(_ context.Context, c fairlead.TraceCommand, took time.Duration, err error) {
			fmt.Println(c.Name, c.DB, took > 0, err)
		},
		Closed: func(c fairlead.TraceClosed) { fmt.Println(c.Cause) },
	}
	pool, err := fairlead.NewPool(o)
	if err != nil {
		fmt.Println(err)
		return
	}
	if _, err := fairlead.NewClient(pool).Ping(ctx); err != nil {
		fmt.Println(err)
	}
	pool.Close()
	// Output:
	// PING 0 true <nil>
	// closed by the user
}

func ExampleNotRun() {
	ctx := context.Background()
	c, err := fairlead.Open("redis://localhost:1?max_retries=0") // nobody listens there
	if err != nil {
		fmt.Println(err)
		return
	}
	defer c.Close()

	_, err = c.Incr(ctx, "example:hits")
	fmt.Println(fairlead.NotRun(err)) // it can be sent again without being counted twice
	// Output: true
}

func ExampleCommands_RunScript() {
	ctx := context.Background()
	c, err := fairlead.Open(serverURL())
	if err != nil {
		fmt.Println(err)
		return
	}
	defer c.Close()

	add := redis.NewScript("return redis.call('INCRBY', KEYS[1], ARGV[1])") // better a variable of the package
	if _, err := c.Del(ctx, "example:hits"); err != nil {
		fmt.Println(err)
		return
	}
	n, err := fairlead.As[int](add.Run(ctx, c, []string{"example:hits"}, 5))
	fmt.Println(n, err)

	p := c.TxPipeline()
	first := fairlead.Queue(p, redis.As[int](add.Cmd([]string{"example:hits"}, 1)))
	second := fairlead.Queue(p, redis.As[int](add.Cmd([]string{"example:hits"}, 2)))
	if err := p.Exec(ctx); err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(first.Result())
	fmt.Println(second.Result())
	// Output:
	// 5 <nil>
	// 6 <nil>
	// 8 <nil>
}

func ExampleCommands_Keys() {
	ctx := context.Background()
	c, err := fairlead.Open(serverURL())
	if err != nil {
		fmt.Println(err)
		return
	}
	defer c.Close()

	if err := c.MSet(ctx, "example:walk:1", "a", "example:walk:2", "b"); err != nil {
		fmt.Println(err)
		return
	}
	keys := make(map[string]bool) // a key may come more than once
	for key, err := range c.Keys(ctx, redis.ScanArgs{Match: "example:walk:*", Count: 1000}) {
		if err != nil {
			fmt.Println(err) // once; the loop ends by itself
			return
		}
		keys[key] = true
	}
	fmt.Println(keys)
	// Output: map[example:walk:1:true example:walk:2:true]
}
