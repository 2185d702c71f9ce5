package fairlead

import (
	"context"

	"github.com/fairlead-go/fairlead/internal/budget"
	"github.com/fairlead-go/fairlead/internal/conn"
	"github.com/fairlead-go/fairlead/internal/pool"
	"github.com/fairlead-go/fairlead/internal/pubsub"
	"github.com/fairlead-go/fairlead/internal/route"
)

// A Pool holds every connection to one server. Any number of clients may share it, in any number of goroutines.
// It opens no connection before the first command.
type Pool struct {
	opts   *Options // without Username and Password: a Pool shows none, however it is printed
	login  func() (username, password string)
	pool   *pool.Pool
	single *route.Single
	subs   *pubsub.Subscriptions
}

// NewPool returns a pool. It does no I/O; an option that cannot be is an error that names it.
func NewPool(o *Options) (*Pool, error) {
	if err := o.check(); err != nil {
		return nil, err
	}
	full := o.withDefaults()
	p := &Pool{opts: &full}
	p.pool = pool.New(p.poolConfig())
	p.single = route.NewSingle(p.pool, p.routeConfig())
	p.subs = pubsub.New(p.subscriptionsConfig())
	user, password := full.Username, full.Password
	p.login = func() (string, string) { return user, password }
	full.Username, full.Password = "", ""
	return p, nil
}

// poolConfig says to the pool what the options say to the user.
func (p *Pool) poolConfig() pool.Config {
	o := p.opts
	cfg := pool.Config{
		Conn:        p.connConfig(),
		Slots:       budget.NewProcess(o.MaxConnections),
		Shared:      o.SharedConns,
		MinIdle:     o.MinIdle,
		WaitTimeout: o.PoolTimeout,
		IdleTimeout: o.IdleTimeout,
		MaxLifetime: o.MaxLifetime,
	}
	if o.Mode == Exclusive {
		cfg.Shared = 0
	}
	if o.PoolTimeout == FailAtOnce {
		cfg.WaitTimeout = 0
	}
	o.Trace.attach(&cfg)
	return cfg
}

func (p *Pool) connConfig() *conn.Config {
	o := p.opts
	cfg := &conn.Config{
		Network: o.Network, Addr: o.Addr, Dialer: o.Dialer, TLS: o.TLS,
		KeepAlive: o.KeepAlive, UserTimeout: o.UserTimeout,
		Credentials: o.Credentials, Protocol: o.Protocol, DB: o.DB,
		ClientName: o.ClientName, LibName: "fairlead", LibVersion: Version,
		DialTimeout: o.DialTimeout, Timeout: o.Timeout, Limits: o.Limits,
	}
	if cfg.Credentials == nil && (o.Username != "" || o.Password != "") {
		user, password := o.Username, o.Password
		cfg.Credentials = func(context.Context) (string, string, error) { return user, password, nil }
	}
	return cfg
}

func (p *Pool) routeConfig() route.Config {
	o := p.opts
	return route.Config{
		Exclusive: o.Mode == Exclusive,
		Limit:     o.MaxConnections,
		Addr:      o.Addr,
		DB:        o.DB,
		Timeout:   o.Timeout,
		Retry:     route.Retry{Max: o.Retry.MaxRetries, MinBackoff: o.Retry.MinBackoff, MaxBackoff: o.Retry.MaxBackoff, OnTimeout: o.Retry.OnTimeout},
	}
}

// Options returns what the pool was made with, defaults filled in.
func (p *Pool) Options() Options {
	o := *p.opts
	o.Username, o.Password = p.login()
	return o
}

// Close closes every connection at once; commands on their way fail with a CallError, subscriptions end with ErrClosed. Calling it again changes nothing. The
// error is always nil; it is there so that a Pool is an io.Closer.
func (p *Pool) Close() error {
	p.subs.End(ErrClosed)
	p.pool.Close()
	return nil
}

// Shutdown takes no new commands and waits for those on their way; subscriptions end with ErrClosed. If the context ends first, the rest is cut off and the
// context's error returned.
func (p *Pool) Shutdown(ctx context.Context) error {
	if ctx == nil {
		return route.ErrNoContext
	}
	p.subs.End(ErrClosed)
	return p.pool.Shutdown(ctx)
}

// CloseIdle closes every connection that nobody uses now, and returns how many it closed.
func (p *Pool) CloseIdle() int { return p.pool.CloseIdle() }

// Version is this library's version, as CLIENT LIST shows it (lib-ver, since Redis 7.2).
const Version = "0.1.0"
