package driver

import (
	"context"
	"sync"
	"time"

	"github.com/mediocregopher/radix/v4"
)

var radixDrivers = []Info{{Name: "radix", Kind: Peer, Module: "github.com/mediocregopher/radix/v4", Open: openRadix,
	Note: "its default pool: 4 connections, shared by concurrent calls; no WriteFlushInterval, which makes it faster with 64 goroutines " +
		"and more (20 and 150 µs were tried), but never the best; replies to an explicit pipe are checked for errors only"}}

type radixClient struct {
	client radix.Client
	cfg    Config
}

func openRadix(cfg Config) (Client, error) {
	client, err := radix.PoolConfig{}.New(context.Background(), cfg.Network, cfg.Addr)
	if err != nil {
		return nil, err
	}
	return &radixClient{client, cfg}, nil
}

func (r *radixClient) Get(ctx context.Context, key string) (value []byte, err error) {
	err = r.client.Do(ctx, radix.Cmd(&value, "GET", key))
	return value, err
}

// statuses are buffers to read a status into without allocating one for each call.
var statuses = sync.Pool{New: func() any { b := make([]byte, 0, 16); return &b }}

func (r *radixClient) Set(ctx context.Context, key, value string) error {
	status := statuses.Get().(*[]byte)
	*status = (*status)[:0]
	err := r.client.Do(ctx, radix.Cmd(status, "SET", key, value))
	if err == nil && string(*status) != "OK" {
		err = notOK("SET", string(*status))
	}
	statuses.Put(status)
	return err
}

func (r *radixClient) SetPipe(ctx context.Context, keys []string, value string) error {
	p := radix.NewPipeline()
	for _, key := range keys {
		p.Append(radix.Cmd(nil, "SET", key, value))
	}
	return r.client.Do(ctx, p)
}

func (r *radixClient) MGet(ctx context.Context, keys []string) (Elements, error) {
	var v []string
	err := r.client.Do(ctx, radix.Cmd(&v, "MGET", keys...))
	return Elements{Strings: v}, err
}

func (r *radixClient) HGetAll(ctx context.Context, key string) (Elements, error) {
	var v map[string]string
	err := r.client.Do(ctx, radix.Cmd(&v, "HGETALL", key))
	return Elements{Fields: v}, err
}

func (r *radixClient) LRange(ctx context.Context, key string) (Elements, error) {
	var v []string
	err := r.client.Do(ctx, radix.Cmd(&v, "LRANGE", key, "0", "-1"))
	return Elements{Strings: v}, err
}

// Idle is [Idler].Idle: it opens the client anew with n connections, which radix dials one by one in the background.
func (r *radixClient) Idle(ctx context.Context, n int) error {
	if err := r.client.Close(); err != nil {
		return err
	}
	client, err := radix.PoolConfig{Size: n, PingInterval: time.Hour}.New(ctx, r.cfg.Network, r.cfg.Addr)
	if err != nil {
		return err
	}
	r.client = client
	return r.awaitConnections(n)
}

// awaitConnections waits until the server has n connections more than one.
func (r *radixClient) awaitConnections(n int) error {
	probe, err := Dial(r.cfg)
	if err != nil {
		return err
	}
	defer probe.Close()
	for end := time.Now().Add(10 * time.Second); time.Now().Before(end); time.Sleep(50 * time.Millisecond) {
		if have, err := probe.Clients(); err != nil || have > n {
			return err
		}
	}
	return nil
}

func (r *radixClient) Close() error { return r.client.Close() }
