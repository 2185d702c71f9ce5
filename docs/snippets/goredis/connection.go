package goredis

import (
	"context"
	cryptotls "crypto/tls"
	"errors"
	"log"
	"net"
	"time"

	"github.com/redis/go-redis/v9"
)

func connect() (*redis.Client, error) {
	// begin connect
	opt, err := redis.ParseURL("redis://user:secret@localhost:6379/0?pool_size=20")
	if err != nil {
		return nil, err
	}
	rdb := redis.NewClient(opt)
	// end
	return rdb, nil
}

func options() *redis.Client {
	// begin options
	rdb := redis.NewClient(&redis.Options{
		Addr:        "localhost:6379",
		Password:    "secret",
		DB:          2,
		PoolSize:    20,
		ReadTimeout: 2 * time.Second,
	})
	// end
	return rdb
}

func timeouts(ctx context.Context, addr string) error {
	// begin timeouts
	rdb := redis.NewClient(&redis.Options{Addr: addr, ContextTimeoutEnabled: true}) // else only ReadTimeout counts
	ctx, cancel := context.WithTimeout(ctx, 50*time.Millisecond)
	defer cancel()
	err := rdb.Get(ctx, "name").Err() // the connection is closed if the time is over
	// end
	return err
}

func retries() redis.Options {
	// begin retries
	o := redis.Options{MaxRetries: -1} // every command, INCR too, is sent again otherwise
	// end
	return o
}

func pool() redis.Options {
	// begin pool
	o := redis.Options{
		PoolSize:        20, // commands at the same time; pipelines and subscriptions have more
		PoolTimeout:     time.Second,
		MinIdleConns:    2,
		ConnMaxIdleTime: time.Minute,
	}
	// end
	return o
}

func tls(config *cryptotls.Config) *redis.Client {
	// begin tls
	rdb := redis.NewClient(&redis.Options{Addr: "localhost:6379", TLSConfig: config})
	// end
	return rdb
}

func databases(ctx context.Context, addr string) error {
	// begin databases
	third := redis.NewClient(&redis.Options{Addr: addr, DB: 3}) // a client and a pool for each
	err := third.Set(ctx, "name", "Ada", 0).Err()
	// end
	return err
}

// begin hooks
type timer struct{}

func (timer) DialHook(next redis.DialHook) redis.DialHook { return next }

func (timer) ProcessHook(next redis.ProcessHook) redis.ProcessHook {
	return func(ctx context.Context, cmd redis.Cmder) error {
		began := time.Now()
		err := next(ctx, cmd)
		log.Println(cmd.Name(), time.Since(began), err)
		return err
	}
}

func (timer) ProcessPipelineHook(next redis.ProcessPipelineHook) redis.ProcessPipelineHook {
	return next
}

func hooks(rdb *redis.Client) { rdb.AddHook(timer{}) }

// end

func closing(rdb *redis.Client) error {
	// begin closing
	err := rdb.Close() // at once
	// end
	return err
}

func failures(err error) {
	// begin errors
	var server redis.Error
	var network net.Error
	switch {
	case err == redis.Nil:
		// there is no such key
	case errors.As(err, &server):
		// the server's answer; redis.IsOOMError(err) and others tell which
	case errors.As(err, &network):
		// it may have run, or not
	}
	// end
}
