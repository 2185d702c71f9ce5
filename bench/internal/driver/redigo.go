package driver

import (
	"context"
	"errors"
	"time"

	"github.com/gomodule/redigo/redis"
)

var redigoDrivers = []Info{{Name: "redigo", Kind: Peer, Module: "github.com/gomodule/redigo", Open: openRedigo,
	Note: "MaxActive = MaxIdle = pool, Wait; 5 s read and write timeouts as in go-redis (its default is none)"}}

type redigo struct {
	pool *redis.Pool
	cfg  Config
}

func openRedigo(cfg Config) (Client, error) { return &redigo{redigoPool(cfg, cfg.Pool), cfg}, nil }

func redigoPool(cfg Config, n int) *redis.Pool {
	const timeout = 5 * time.Second
	return &redis.Pool{MaxIdle: n, MaxActive: n, Wait: true,
		DialContext: func(ctx context.Context) (redis.Conn, error) {
			return redis.DialContext(ctx, cfg.Network, cfg.Addr, redis.DialConnectTimeout(timeout),
				redis.DialReadTimeout(timeout), redis.DialWriteTimeout(timeout))
		}}
}

// do takes a connection for one command. It is redis.DoContext where the caller's context can end, as that is the only way
// in which this client obeys it.
func (r *redigo) do(ctx context.Context, command string, args ...any) (any, error) {
	conn, err := r.pool.GetContext(ctx)
	if err != nil {
		return nil, err
	}
	var reply any
	if ctx.Done() == nil {
		reply, err = conn.Do(command, args...)
	} else {
		reply, err = redis.DoContext(conn, ctx, command, args...)
	}
	return reply, errors.Join(err, conn.Close())
}

func (r *redigo) Get(ctx context.Context, key string) ([]byte, error) {
	return redis.Bytes(r.do(ctx, "GET", key))
}

func (r *redigo) Set(ctx context.Context, key, value string) error {
	return okReply(r.do(ctx, "SET", key, value))
}

func okReply(reply any, err error) error {
	status, err := redis.String(reply, err)
	if err == nil && status != "OK" {
		return notOK("SET", status)
	}
	return err
}

func (r *redigo) SetPipe(ctx context.Context, keys []string, value string) error {
	conn, err := r.pool.GetContext(ctx)
	if err != nil {
		return err
	}
	defer conn.Close()
	for _, key := range keys {
		if err := conn.Send("SET", key, value); err != nil {
			return err
		}
	}
	if err := conn.Flush(); err != nil {
		return err
	}
	for range keys {
		if err := okReply(conn.Receive()); err != nil {
			return err
		}
	}
	return nil
}

func (r *redigo) MGet(ctx context.Context, keys []string) (Elements, error) {
	v, err := redis.Strings(r.do(ctx, "MGET", redis.Args{}.AddFlat(keys)...))
	return Elements{Strings: v}, err
}

func (r *redigo) HGetAll(ctx context.Context, key string) (Elements, error) {
	v, err := redis.StringMap(r.do(ctx, "HGETALL", key))
	return Elements{Fields: v}, err
}

func (r *redigo) LRange(ctx context.Context, key string) (Elements, error) {
	v, err := redis.Strings(r.do(ctx, "LRANGE", key, 0, -1))
	return Elements{Strings: v}, err
}

// Idle is [Idler].Idle.
func (r *redigo) Idle(ctx context.Context, n int) error {
	if err := r.pool.Close(); err != nil {
		return err
	}
	r.pool = redigoPool(r.cfg, n)
	for range n {
		conn, err := r.pool.GetContext(ctx)
		if err != nil {
			return err
		}
		defer conn.Close()
		if _, err := conn.Do("PING"); err != nil {
			return err
		}
	}
	return nil
}

func (r *redigo) Close() error { return r.pool.Close() }
