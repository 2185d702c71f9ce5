package rueidis

import (
	"context"
	cryptotls "crypto/tls"
	"time"

	"github.com/redis/rueidis"
)

func connect() (rueidis.Client, error) {
	// begin connect
	opt, err := rueidis.ParseURL("redis://user:secret@localhost:6379/0")
	if err != nil {
		return nil, err
	}
	c, err := rueidis.NewClient(opt) // dials
	if err != nil {
		return nil, err
	}
	// end
	return c, nil
}

func options() (rueidis.Client, error) {
	// begin options
	c, err := rueidis.NewClient(rueidis.ClientOption{
		InitAddress:      []string{"localhost:6379"},
		Password:         "secret",
		SelectDB:         2,
		ConnWriteTimeout: 2 * time.Second,
	})
	// end
	return c, err
}

func timeouts(ctx context.Context, c rueidis.Client) error {
	// begin timeouts
	ctx, cancel := context.WithTimeout(ctx, 50*time.Millisecond)
	defer cancel()
	err := c.Do(ctx, c.B().Get().Key("name").Build()).Error()
	// end
	return err
}

func retries(ctx context.Context, c rueidis.Client) error {
	// begin retries
	o := rueidis.ClientOption{DisableRetry: true} // else what only reads is sent again until the context ends
	err := c.Do(ctx, c.B().Hset().Key("user:1").FieldValue().FieldValue("name", "Ada").Build().ToRetryable()).Error()
	// end
	_ = o
	return err
}

func pool() rueidis.ClientOption {
	// begin pool
	o := rueidis.ClientOption{
		PipelineMultiplex:   2,  // 4 connections that commands share
		BlockingPoolSize:    20, // besides those
		BlockingPoolMinSize: 2,
		BlockingPoolCleanup: time.Minute,
	}
	// end
	return o
}

func tls(config *cryptotls.Config) rueidis.ClientOption {
	// begin tls
	o := rueidis.ClientOption{InitAddress: []string{"localhost:6379"}, TLSConfig: config}
	// end
	return o
}

func databases(ctx context.Context, addr string) error {
	// begin databases
	third, err := rueidis.NewClient(rueidis.ClientOption{InitAddress: []string{addr}, SelectDB: 3})
	// end
	if err == nil {
		third.Close()
	}
	return err
}

func closing(c rueidis.Client) {
	// begin closing
	c.Close() // waits for commands on their way
	// end
}
