// Package goredis lets a *redis.Client of go-redis (github.com/redis/go-redis/v9) run over the few connections of a fairlead pool.
// Code that is written for go-redis stays as it is; only where the client is made, its options come from here:
//
//	c, err := fairlead.Open("redis://localhost:6379")
//	rdb := redis.NewClient(goredis.Options(c))
//
// What go-redis takes for connections are net.Conns of package wire, which says what holds: replies byte for byte, pipelines in one
// write, MULTI … EXEC, WATCH, blocking commands, databases. What does not: subscriptions, MONITOR and client-side caching, which get an
// error; a *redis.Client of its own, without the Dialer, serves them. A *redis.ClusterClient and a failover client choose servers by
// address, so they cannot run over a pool for one.
//
// The commands of many goroutines leave together over one connection to the server, however large go-redis's pool is. Close both:
// the *redis.Client first, then the fairlead.Client.
package goredis

import (
	"context"
	"net"
	"time"

	"github.com/fairlead-go/fairlead"
	"github.com/fairlead-go/fairlead/contrib/wire"
	"github.com/redis/go-redis/v9"
	"github.com/redis/go-redis/v9/maintnotifications"
)

// poolSize is how many commands may be under way at the same time: connections of package wire cost next to nothing.
const poolSize = 4096

// Options returns options for redis.NewClient; what they leave at go-redis's defaults may be set. They differ from these in what follows.
//
// The protocol and the database are the pool's. MaxRetries is -1: fairlead sends again what it may, where go-redis would
// also send commands again that may have run. ContextTimeoutEnabled is true: the deadline of a command's context counts. ReadTimeout
// and WriteTimeout are fairlead.Options.Timeout. PoolSize is 4096. Credentials are left out, since the pool logs in for itself.
func Options(c *fairlead.Client) *redis.Options {
	o := &redis.Options{
		Dialer:                   Dialer(c),
		Protocol:                 3,
		MaxRetries:               -1,
		ContextTimeoutEnabled:    true,
		PoolSize:                 poolSize,
		DisableIdentity:          true,
		MaintNotificationsConfig: &maintnotifications.Config{Mode: maintnotifications.ModeDisabled},
	}
	if c == nil || c.Pool() == nil {
		return o // the Dialer says what is wrong
	}
	from := c.Pool().Options()
	o.Network, o.Addr, o.DB = from.Network, from.Addr, from.DB
	if from.Protocol == 2 {
		o.Protocol = 2
	}
	o.ReadTimeout, o.WriteTimeout = timeout(from.Timeout), timeout(from.Timeout)
	return o
}

// timeout is one of fairlead in go-redis's terms.
func timeout(d time.Duration) time.Duration {
	if d <= 0 {
		return -1
	}
	return d
}

// Dialer returns redis.Options.Dialer for options of one's own. MaxRetries should be -1 in them, and Protocol that of the pool.
func Dialer(c *fairlead.Client) func(ctx context.Context, network, addr string) (net.Conn, error) {
	return wire.Dialer(c)
}
