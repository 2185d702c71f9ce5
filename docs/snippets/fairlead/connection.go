package fairlead

import (
	"context"
	"errors"
	"fmt"
	"log"
	"time"

	"github.com/fairlead-go/fairlead"
	"github.com/fairlead-go/fairlead/redis"
)

func connect() (*fairlead.Client, error) {
	// begin connect
	c, err := fairlead.Open("redis://user:secret@localhost:6379/0?max_connections=20")
	if err != nil {
		return nil, err // a bad URL or option; nothing was dialled yet
	}
	// end
	return c, nil
}

func options() (*fairlead.Client, error) {
	// begin options
	pool, err := fairlead.NewPool(&fairlead.Options{
		Addr:           "localhost:6379",
		Password:       "secret",
		DB:             2,
		MaxConnections: 20,
		Timeout:        2 * time.Second,
	})
	if err != nil {
		return nil, err
	}
	c := fairlead.NewClient(pool)
	// end
	return c, nil
}

func timeouts(ctx context.Context, c *fairlead.Client) error {
	// begin timeouts
	ctx, cancel := context.WithTimeout(ctx, 50*time.Millisecond)
	defer cancel()
	_, err := c.Get(ctx, "name")
	if errors.Is(err, context.DeadlineExceeded) {
		return err // the 50 ms are over; the connection goes on, and the late reply reaches nobody
	}
	// end
	return err
}

func retries(ctx context.Context, c *fairlead.Client) error {
	// begin retries
	o := fairlead.Options{Retry: fairlead.Retry{MaxRetries: 5, MaxBackoff: time.Second}}

	_, err := c.Incr(ctx, "visits")
	if err != nil && fairlead.NotRun(err) {
		_, err = c.Incr(ctx, "visits") // it cannot have run: sending it again is safe
	}
	_, err = fairlead.Do(ctx, c, redis.Idempotent(redis.HSet("user:1", "name", "Ada"))) // may be sent again
	// end
	_ = o
	return err
}

func pool() fairlead.Options {
	// begin pool
	o := fairlead.Options{
		MaxConnections: 20,          // all of them, those that commands share too
		PoolTimeout:    time.Second, // how long a call waits for one; fairlead.FailAtOnce does not wait
		MinIdle:        2,
		IdleTimeout:    time.Minute,
	}
	// end
	return o
}

func tls() (*fairlead.Client, error) {
	// begin tls
	c, err := fairlead.Open("rediss://localhost:6379?ssl_ca_certs=/etc/ssl/redis-ca.pem")
	// or fairlead.Options{TLS: &tls.Config{…}}
	// end
	return c, err
}

func databases(ctx context.Context, c *fairlead.Client) error {
	// begin databases
	err := c.DB(3).Set(ctx, "name", "Ada", 0) // the same connections, another database
	// end
	return err
}

func hooks() fairlead.Options {
	// begin hooks
	o := fairlead.Options{Trace: &fairlead.Trace{
		CommandEnd: func(ctx context.Context, cmd fairlead.TraceCommand, took time.Duration, err error) {
			log.Println(cmd.Name, took, err)
		},
	}}
	// c.Pool().Stats(), Conns() and Events() tell of connections
	// end
	return o
}

func closing(ctx context.Context, c *fairlead.Client) error {
	// begin closing
	err := c.Shutdown(ctx) // lets commands on their way finish
	err = c.Close()        // or at once
	// end
	return err
}

func failures(err error) {
	// begin errors
	var server *fairlead.Error
	var call *fairlead.CallError
	switch {
	case err == fairlead.Nil:
		// there is no such key
	case errors.As(err, &server):
		fmt.Println(server.Code) // WRONGTYPE, OOM, …: the server's answer
	case errors.Is(err, fairlead.ErrPoolTimeout):
		// all connections were in use; the error says by whom
	case errors.As(err, &call):
		fmt.Println(call.Sent) // no reply came; if false, not one byte left this process
	}
	// end
}
