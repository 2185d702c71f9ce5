package conn

import (
	"context"
	"crypto/tls"
	"net"
	"time"

	"github.com/fairlead-go/fairlead/resp"
)

// A Config says how connections to one server are opened and kept. It is not changed once in use.
type Config struct {
	Network, Addr string
	Dialer        func(ctx context.Context, network, addr string) (net.Conn, error) // nil: the net package
	TLS           *tls.Config                                                       // nil: no TLS
	KeepAlive     net.KeepAliveConfig
	UserTimeout   time.Duration // TCP_USER_TIMEOUT; 0 or less leaves it to the kernel

	Credentials func(ctx context.Context) (username, password string, err error) // nil: no AUTH
	Protocol    int                                                              // 3, 2, or 0 for the best the server has
	DB          int
	ClientName  string // "" sends no CLIENT SETNAME
	LibName     string // "" sends no CLIENT SETINFO
	LibVersion  string

	DialTimeout time.Duration // bounds dial and handshake together; 0 or less: no bound
	Timeout     time.Duration // bounds each call; 0 or less: no bound
	WriteBuffer int           // bytes that may wait to be written before callers wait; 0: 1 MiB
	Limits      resp.Limits

	// OnEvent is told of every change of state, under the connection's lock: it must be quick and call nothing back.
	OnEvent func(Event)
	// OnClose is called once when the connection is closed, outside of its lock.
	OnClose func(*Conn)
	// OnPush is given every push that arrives, by the goroutine that reads for all: it must be quick.
	OnPush func(*Conn, resp.Reply)
}

// An Event is one change of a connection's state.
type Event struct {
	Time     time.Time
	Conn     uint64 // the connection's number
	Addr     string // its server
	From, To State
	Cause    Cause // why, where To is Draining or Closed
	Err      error // the error behind the cause, if there was one
}
