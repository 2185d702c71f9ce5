package driver

import (
	"context"
	"net/url"
	"sync/atomic"
	"time"

	"github.com/fairlead-go/fairlead"
	"github.com/fairlead-go/fairlead/redis"
)

const fairleadModule = "github.com/fairlead-go/fairlead"

var fairleadDrivers = []Info{
	{Name: "fairlead", Kind: Candidate, Module: fairleadModule, Open: openFairlead, Crowd: true,
		Note: "fairlead.Open with a URL of nothing but the address: every option is its default; 1000 idle connections in Mode Exclusive; " +
			"Set tells of an error or nothing, not the status, which is so not looked at"},
	{Name: "fairlead-trace", Kind: Candidate, Module: fairleadModule, Open: openTraced, Crowd: true, OnlyNamed: true,
		Note: "fairlead with the hook Trace.CommandEnd set, which counts"},
}

type fairleadClient struct {
	client *fairlead.Client
	cfg    Config
	closed func() error
}

func openFairlead(cfg Config) (Client, error) {
	address := url.URL{Scheme: "redis", Host: cfg.Addr}
	if cfg.Network == "unix" {
		address = url.URL{Scheme: "unix", Path: cfg.Addr}
	}
	client, err := fairlead.Open(address.String())
	if err != nil {
		return nil, err
	}
	return &fairleadClient{client, cfg, client.Close}, nil
}

// openTraced opens a client whose hook counts the commands.
func openTraced(cfg Config) (Client, error) {
	var commands atomic.Int64
	return openPool(cfg, fairlead.Options{Trace: &fairlead.Trace{
		CommandEnd: func(context.Context, fairlead.TraceCommand, time.Duration, error) { commands.Add(1) },
	}})
}

func openPool(cfg Config, o fairlead.Options) (*fairleadClient, error) {
	o.Network, o.Addr = cfg.Network, cfg.Addr
	pool, err := fairlead.NewPool(&o)
	if err != nil {
		return nil, err
	}
	return &fairleadClient{fairlead.NewClient(pool), cfg, pool.Close}, nil
}

func (f *fairleadClient) Get(ctx context.Context, key string) ([]byte, error) {
	s, err := f.client.Get(ctx, key)
	return view(s), err
}

func (f *fairleadClient) Set(ctx context.Context, key, value string) error {
	return f.client.Set(ctx, key, value, 0)
}

func (f *fairleadClient) SetPipe(ctx context.Context, keys []string, value string) error {
	p := f.client.Pipeline()
	replies := make([]*fairlead.Reply[struct{}], 0, len(keys))
	for _, key := range keys {
		replies = append(replies, fairlead.Queue(p, redis.Set(key, value, 0)))
	}
	if err := p.Exec(ctx); err != nil {
		return err
	}
	for _, reply := range replies {
		if _, err := reply.Result(); err != nil {
			return err
		}
	}
	return nil
}

func (f *fairleadClient) MGet(ctx context.Context, keys []string) (Elements, error) {
	v, err := f.client.MGet(ctx, keys...)
	return Elements{Optional: v}, err
}

func (f *fairleadClient) HGetAll(ctx context.Context, key string) (Elements, error) {
	v, err := f.client.HGetAll(ctx, key)
	return Elements{Fields: v}, err
}

func (f *fairleadClient) LRange(ctx context.Context, key string) (Elements, error) {
	v, err := f.client.LRange(ctx, key, 0, -1)
	return Elements{Strings: v}, err
}

// Idle is [Idler].Idle: n leases at the same time need n connections, which stay when they are given back.
func (f *fairleadClient) Idle(ctx context.Context, n int) error {
	if err := f.Close(); err != nil {
		return err
	}
	fresh, err := openPool(f.cfg, fairlead.Options{Mode: fairlead.Exclusive, MaxConnections: n})
	if err != nil {
		return err
	}
	*f = *fresh
	for range n {
		conn, err := f.client.Conn(ctx)
		if err != nil {
			return err
		}
		defer conn.Close()
		if _, err := conn.Ping(ctx); err != nil {
			return err
		}
	}
	return nil
}

func (f *fairleadClient) Close() error { return f.closed() }
