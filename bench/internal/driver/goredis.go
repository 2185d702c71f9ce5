package driver

import (
	"context"
	"fmt"
	"time"

	"github.com/redis/go-redis/v9"
)

const goRedisModule = "github.com/redis/go-redis/v9"

var goRedisDrivers = []Info{
	{Name: "goredis", Kind: Peer, Module: goRedisModule, Open: openGoRedis(nil),
		Note: "PoolSize = pool; ContextTimeoutEnabled is off, as by default: a context's deadline does not end a read or a write"},
	{Name: "goredis-ap", Kind: Peer, Module: goRedisModule, Crowd: true, Open: openGoRedis(parallel()),
		Note: "goredis with AutoPipeline as in its own headline benchmark: MaxBatchSize 300, MaxConcurrentBatches 80, " +
			"Unordered; explicit pipes and idle connections by the plain client"},
	{Name: "goredis-fd", Kind: Peer, Module: goRedisModule, Crowd: true, Open: openGoRedis(fullDuplex()),
		Note: "goredis with AutoPipeline, its default options and FullDuplex; explicit pipes and idle connections by the plain client"},
}

// parallel is faster than the ordered default, a little up to 64 goroutines and by up to 1.4 times with more.
func parallel() *redis.AutoPipelineOptions {
	return &redis.AutoPipelineOptions{MaxBatchSize: 300, MaxConcurrentBatches: 80, Unordered: true}
}

func fullDuplex() *redis.AutoPipelineOptions {
	o := redis.DefaultBlockingAutoPipelineOptions()
	o.FullDuplex = true
	return o
}

type goRedis struct {
	client   *redis.Client
	commands redis.Cmdable // the client, or its pipelining face
	opts     redis.Options
}

func openGoRedis(pipelining *redis.AutoPipelineOptions) func(Config) (Client, error) {
	return func(cfg Config) (Client, error) {
		g := &goRedis{opts: redis.Options{Network: cfg.Network, Addr: cfg.Addr, PoolSize: cfg.Pool}}
		g.open(g.opts)
		if pipelining != nil {
			o := *pipelining
			face, err := g.client.AutoPipelineWithOptions(&o)
			if err != nil {
				return nil, err
			}
			g.commands = face
		}
		return g, g.client.Ping(context.Background()).Err()
	}
}

func (g *goRedis) open(o redis.Options) {
	g.client = redis.NewClient(&o)
	g.commands = g.client
}

func (g *goRedis) Get(ctx context.Context, key string) ([]byte, error) {
	s, err := g.commands.Get(ctx, key).Result()
	return view(s), err
}

func (g *goRedis) Set(ctx context.Context, key, value string) error {
	status, err := g.commands.Set(ctx, key, value, 0).Result()
	if err == nil && status != "OK" {
		return notOK("SET", status)
	}
	return err
}

func (g *goRedis) SetPipe(ctx context.Context, keys []string, value string) error {
	p := g.client.Pipeline()
	for _, key := range keys {
		p.Set(ctx, key, value, 0)
	}
	replies, err := p.Exec(ctx)
	if err != nil {
		return err
	}
	if len(replies) != len(keys) {
		return fmt.Errorf("%d replies to %d commands", len(replies), len(keys))
	}
	for _, reply := range replies {
		if status, err := reply.(*redis.StatusCmd).Result(); err != nil || status != "OK" {
			return notOK("SET", status)
		}
	}
	return nil
}

func (g *goRedis) MGet(ctx context.Context, keys []string) (Elements, error) {
	v, err := g.commands.MGet(ctx, keys...).Result()
	return Elements{Values: v}, err
}

func (g *goRedis) HGetAll(ctx context.Context, key string) (Elements, error) {
	v, err := g.commands.HGetAll(ctx, key).Result()
	return Elements{Fields: v}, err
}

func (g *goRedis) LRange(ctx context.Context, key string) (Elements, error) {
	v, err := g.commands.LRange(ctx, key, 0, -1).Result()
	return Elements{Strings: v}, err
}

// Idle is [Idler].Idle.
func (g *goRedis) Idle(ctx context.Context, n int) error {
	o := g.opts
	o.PoolSize, o.MinIdleConns = n, n
	if err := g.client.Close(); err != nil {
		return err
	}
	g.open(o)
	for end := time.Now().Add(10 * time.Second); int(g.client.PoolStats().IdleConns) < n && time.Now().Before(end); {
		time.Sleep(20 * time.Millisecond)
	}
	for range n { // a connection is set up when it is first used
		conn := g.client.Conn()
		defer conn.Close()
		if err := conn.Ping(ctx).Err(); err != nil {
			return err
		}
	}
	return nil
}

func (g *goRedis) Close() error { return g.client.Close() }
