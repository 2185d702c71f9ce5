package fairlead

import (
	"context"
	"crypto/tls"
	"net"
	"time"

	"github.com/fairlead-go/fairlead/resp"
)

// Options say how to reach a deployment and how to use connections to it. The zero value of every field is its default,
// so that Options{Addr: "localhost:6379"} is complete. [NewPool] copies and checks them: a bad option is an error there.
type Options struct {
	// Addr is the server: "host:port", or a path if Network is "unix". "" is "localhost:6379". The port must be there, unless
	// Dialer is set.
	Addr string
	// Network is "tcp" or "unix". "" is "unix" if Addr begins with a slash, else "tcp".
	Network string

	// Username and Password log in by AUTH; a Password alone logs in as the user "default".
	Username, Password string
	// Credentials, if set, is asked for both before each connection is made; Username and Password must be empty then.
	Credentials func(ctx context.Context) (username, password string, err error)

	// DB is the database that commands use unless they say otherwise (Client.DB). 0 to the server's setting "databases" less 1.
	DB int
	// Protocol is 3 or 2, the version of RESP. 0 asks for 3 and takes 2 from servers before Redis 6.0.
	Protocol int
	// ClientName is what CLIENT LIST shows as name. "" is "program@host#pid" of this process; spaces and line breaks are not allowed.
	ClientName string

	// TLS, if set, encrypts TCP connections. A ServerName of "" is filled in from Addr.
	TLS *tls.Config
	// Dialer, if set, opens the connections instead of the net package; TLS is laid over what it returns.
	Dialer func(ctx context.Context, network, addr string) (net.Conn, error)

	// DialTimeout bounds opening one connection: name lookup, connect, TLS and the handshake with the server. 0 is 5 s, negative: no bound.
	DialTimeout time.Duration
	// Timeout bounds each try of a command whose context has no deadline, from being sent to its reply, and each wait for a
	// connection; a blocking command gets its own blocking time on top. A command that is sent again (see Retry) has it for each
	// try; for a bound on the whole call give it a context with a deadline. 0 is 5 s, negative: no bound.
	Timeout time.Duration
	// KeepAlive are the probes on a TCP connection over which nothing moves. The zero value is: first after 15 s, then each 5 s,
	// given up after 3, so that a peer that vanished is noticed within 30 s. Idle below 0 switches keepalive off.
	KeepAlive net.KeepAliveConfig
	// UserTimeout is TCP_USER_TIMEOUT (RFC 5482): how long sent bytes may stay unacknowledged before the kernel gives the
	// connection up. 0 is 10 s, negative leaves it to the kernel. Only Linux has it.
	UserTimeout time.Duration

	// Mode says whether commands share connections. The default is Shared.
	Mode Mode
	// SharedConns is how many connections commands may share. 0 is 4, or MaxConnections if those are fewer. The second and further ones
	// are opened only beside large replies (64 KiB and more): small commands use one while such a reply occupies the first, and
	// commands that read go over one if their last reply, for the same key, was large.
	SharedConns int
	// MaxConnections bounds all connections of the pool, shared and exclusive ones together. 0 is 64.
	MaxConnections int
	// MinIdle connections are kept open and ready while the pool has nothing to do. 0 is none.
	MinIdle int
	// PoolTimeout bounds the wait for a connection while MaxConnections are in use. 0 is DefaultPoolTimeout; negative: wait
	// as long as the context allows. FailAtOnce does not wait at all.
	PoolTimeout time.Duration
	// IdleTimeout closes a connection that nobody used for so long, down to MinIdle. 0 is 5 min, negative: never.
	IdleTimeout time.Duration
	// MaxLifetime replaces a connection after so long, each at its own moment within the last tenth of it. 0: never.
	// Negative is an error.
	MaxLifetime time.Duration

	// Retry says what is sent again after a failure, and how patiently.
	Retry Retry
	// Limits bound what a reply may make this process read.
	Limits resp.Limits
	// Trace, if set, is told of every command and connection.
	Trace *Trace
}

// A Mode says whether commands share connections.
type Mode int

const (
	// Shared: commands of all goroutines travel over the same few connections, in one stream each. Only what must be
	// alone (blocking commands, WATCH, Client.Conn) takes a connection of its own from the pool.
	Shared Mode = iota
	// Exclusive: a command has a connection to itself until its reply has come, as in redis-py's and go-redis's pools.
	// It needs as many connections as commands run at the same time.
	Exclusive
)

// FailAtOnce as Options.PoolTimeout: a call that finds MaxConnections in use fails with ErrPoolTimeout instead of waiting.
const FailAtOnce time.Duration = 1

// DefaultPoolTimeout is how long a call waits for a connection unless Options.PoolTimeout says otherwise.
const DefaultPoolTimeout = 5 * time.Second

// Retry says what is sent again. What is not sent, or is proven not to have run, always may be; so may read-only commands
// and those marked by redis.Idempotent. All other commands are sent again only with OnTimeout.
type Retry struct {
	// MaxRetries is how often one call is sent again at most. 0 is 3, negative: never.
	MaxRetries int
	// MinBackoff is the longest wait before the first retry; each later one doubles it, up to MaxBackoff. The wait itself is
	// drawn evenly between nothing and that (full jitter). 0 is 8 ms and 512 ms. A MinBackoff
	// above MaxBackoff is an error.
	MinBackoff, MaxBackoff time.Duration
	// OnTimeout also sends commands again that may have run, when no reply came: each may then run more than once.
	OnTimeout bool
}
