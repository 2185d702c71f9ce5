package main

import (
	"context"

	"github.com/fairlead-go/fairlead"
	"github.com/gomodule/redigo/redis"
	goredis "github.com/redis/go-redis/v9"
	"github.com/redis/rueidis"
)

// A driver subscribes through one client, once for each counter. Its subscribers end when stop returns; fail is told why one ended.
type driver struct {
	name      string
	subscribe func(ctx context.Context, addr string, counters []counter, fail func(error)) (stop func(), err error)
}

var drivers = []driver{
	{"fairlead", fairleads},
	{"goredis", goRedis},
	{"goredis-channel", goRedisChannel},
	{"rueidis", rueidisReceive},
	{"redigo", redigoConns},
}

func fairleads(ctx context.Context, addr string, counters []counter, fail func(error)) (func(), error) {
	c, err := fairlead.Open("redis://" + addr)
	if err != nil {
		return nil, err
	}
	for i := range counters {
		sub, err := c.Subscribe(ctx, channel)
		if err != nil {
			return nil, err
		}
		go func() { // ends with ctx
			for m, err := range sub.Messages(ctx) {
				if err == nil {
					err = counters[i].got(m.Payload)
				}
				if err != nil {
					fail(err)
					return
				}
			}
		}()
	}
	return func() { _ = c.Close() }, nil
}

func goRedis(ctx context.Context, addr string, counters []counter, fail func(error)) (func(), error) {
	c := goredis.NewClient(&goredis.Options{Addr: addr})
	for i := range counters {
		sub := c.Subscribe(ctx, channel)
		if _, err := sub.Receive(ctx); err != nil {
			return nil, err
		}
		go func() { // ends with the client
			for {
				m, err := sub.ReceiveMessage(ctx)
				if err == nil {
					err = counters[i].got(m.Payload)
				}
				if err != nil {
					fail(err)
					return
				}
			}
		}()
		context.AfterFunc(ctx, func() { _ = sub.Close() })
	}
	return func() { _ = c.Close() }, nil
}

func goRedisChannel(ctx context.Context, addr string, counters []counter, fail func(error)) (func(), error) {
	c := goredis.NewClient(&goredis.Options{Addr: addr})
	for i := range counters {
		sub := c.Subscribe(ctx, channel)
		if _, err := sub.Receive(ctx); err != nil {
			return nil, err
		}
		messages := sub.Channel(goredis.WithChannelSize(1000))
		go func() { // ends with the subscription
			for m := range messages {
				if err := counters[i].got(m.Payload); err != nil {
					fail(err)
					return
				}
			}
		}()
		context.AfterFunc(ctx, func() { _ = sub.Close() })
	}
	return func() { _ = c.Close() }, nil
}

func rueidisReceive(ctx context.Context, addr string, counters []counter, fail func(error)) (func(), error) {
	c, err := rueidis.NewClient(rueidis.ClientOption{InitAddress: []string{addr}, DisableCache: true})
	if err != nil {
		return nil, err
	}
	for i := range counters {
		go func() { // ends with ctx
			err := c.Receive(ctx, c.B().Subscribe().Channel(channel).Build(), func(m rueidis.PubSubMessage) {
				if err := counters[i].got(m.Message); err != nil {
					fail(err)
				}
			})
			if err != nil {
				fail(err)
			}
		}()
	}
	return c.Close, nil
}

func redigoConns(ctx context.Context, addr string, counters []counter, fail func(error)) (func(), error) {
	for i := range counters {
		c, err := redis.Dial("tcp", addr)
		if err != nil {
			return nil, err
		}
		sub := redis.PubSubConn{Conn: c}
		if err := sub.Subscribe(channel); err != nil {
			return nil, err
		}
		context.AfterFunc(ctx, func() { _ = c.Close() })
		go func() { // ends with the connection
			for {
				switch m := sub.Receive().(type) {
				case redis.Message:
					if err := counters[i].got(string(m.Data)); err != nil {
						fail(err)
						return
					}
				case error:
					fail(m)
					return
				}
			}
		}()
	}
	return func() {}, nil
}
