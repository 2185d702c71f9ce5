package driver

import (
	"context"
	"crypto/tls"
	"fmt"
	"net"
	"time"

	"github.com/redis/rueidis"
)

const rueidisModule = "github.com/redis/rueidis"

var rueidisDrivers = []Info{
	{Name: "rueidis", Kind: Peer, Module: rueidisModule, Crowd: true, Open: openRueidis(rueidis.ClientOption{}),
		Note: "DisableCache (no CLIENT TRACKING), ForceSingleClient; PipelineMultiplex by default: a connection per CPU, 4 at most"},
	{Name: "rueidis-ap", Kind: Peer, Module: rueidisModule, Crowd: true, Open: openRueidis(rueidis.ClientOption{AlwaysPipelining: true}),
		Note: "rueidis with AlwaysPipelining"},
	{Name: "rueidis-delay", Kind: Peer, Module: rueidisModule, Crowd: true, Open: openRueidis(rueidis.ClientOption{MaxFlushDelay: delay}),
		Note: "rueidis with MaxFlushDelay 20 µs"},
	{Name: "rueidis-mux", Kind: Peer, Module: rueidisModule, Crowd: true, OnlyNamed: true,
		Open: openRueidis(rueidis.ClientOption{MaxFlushDelay: delay, PipelineMultiplex: 2}),
		Note: "rueidis-delay with PipelineMultiplex 2 (4 connections), beside large values only: elsewhere it is slower from 64 goroutines on"},
}

type rueidisClient struct{ client rueidis.Client }

// delay is the figure that its documentation names.
const delay = 20 * time.Microsecond

func openRueidis(o rueidis.ClientOption) func(Config) (Client, error) {
	return func(cfg Config) (Client, error) {
		o := o
		o.InitAddress, o.DisableCache, o.ForceSingleClient = []string{cfg.Addr}, true, true
		if cfg.Network == "unix" {
			o.DialCtxFn = func(ctx context.Context, addr string, d *net.Dialer, _ *tls.Config) (net.Conn, error) {
				return d.DialContext(ctx, "unix", addr)
			}
		}
		client, err := rueidis.NewClient(o)
		if err != nil {
			return nil, err
		}
		return &rueidisClient{client}, nil
	}
}

func (r *rueidisClient) Get(ctx context.Context, key string) ([]byte, error) {
	s, err := r.client.Do(ctx, r.client.B().Get().Key(key).Build()).ToString()
	return view(s), err
}

func (r *rueidisClient) Set(ctx context.Context, key, value string) error {
	return isOK(r.client.Do(ctx, r.client.B().Set().Key(key).Value(value).Build()))
}

func isOK(result rueidis.RedisResult) error {
	status, err := result.ToString()
	if err == nil && status != "OK" {
		return notOK("SET", status)
	}
	return err
}

func (r *rueidisClient) SetPipe(ctx context.Context, keys []string, value string) error {
	commands := make(rueidis.Commands, 0, len(keys))
	for _, key := range keys {
		commands = append(commands, r.client.B().Set().Key(key).Value(value).Build())
	}
	results := r.client.DoMulti(ctx, commands...)
	if len(results) != len(keys) {
		return fmt.Errorf("%d replies to %d commands", len(results), len(keys))
	}
	for _, result := range results {
		if err := isOK(result); err != nil {
			return err
		}
	}
	return nil
}

func (r *rueidisClient) MGet(ctx context.Context, keys []string) (Elements, error) {
	v, err := r.client.Do(ctx, r.client.B().Mget().Key(keys...).Build()).AsStrSlice()
	return Elements{Strings: v}, err
}

func (r *rueidisClient) HGetAll(ctx context.Context, key string) (Elements, error) {
	v, err := r.client.Do(ctx, r.client.B().Hgetall().Key(key).Build()).AsStrMap()
	return Elements{Fields: v}, err
}

func (r *rueidisClient) LRange(ctx context.Context, key string) (Elements, error) {
	v, err := r.client.Do(ctx, r.client.B().Lrange().Key(key).Start(0).Stop(-1).Build()).AsStrSlice()
	return Elements{Strings: v}, err
}

// Idle is [Idler].Idle, with dedicated connections.
func (r *rueidisClient) Idle(ctx context.Context, n int) error {
	for range n {
		dedicated, release := r.client.Dedicate()
		defer release()
		if err := dedicated.Do(ctx, dedicated.B().Ping().Build()).Error(); err != nil {
			return err
		}
	}
	return nil
}

func (r *rueidisClient) Close() error {
	r.client.Close()
	return nil
}
