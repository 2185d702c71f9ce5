package wiretap

import (
	"context"
	"crypto/tls"
	"errors"
	"net"
	"time"

	"github.com/fairlead-go/fairlead"
	"github.com/fairlead-go/fairlead/redis"
	"github.com/fairlead-go/fairlead/resp"
)

// Options say what to follow.
type Options struct {
	Server  *fairlead.Options                     // where; not changed
	Command func() (redis.Cmd[resp.Value], error) // builds the command
	Alone   bool                                  // over a connection that is held for the command
	Redact  bool                                  // show neither arguments nor values
}

// Follow opens a connection, sends the command over it, and returns its way. The error is the command's: a
// *fairlead.Error if the server answered with one, a *fairlead.CallError if no reply came; then the way ends where the command
// did. Without a connection the Way has no steps. It is nil if nothing was tried.
func Follow(ctx context.Context, o Options) (*Way, error) {
	f := follower{tape: tape{tls: tlsConfig(o.Server)}, scribe: scribe{options: resp.TraceOptions{Redact: o.Redact, Limits: o.Server.Limits}}}
	began := time.Now()
	command, err := o.Command()
	if err != nil {
		return nil, err
	}
	f.command, f.built = command, time.Since(began)
	pool, err := fairlead.NewPool(f.options(o.Server))
	if err != nil {
		return nil, err
	}
	defer pool.Close()
	f.alone = o.Alone
	way := &Way{Command: command.Name(), Server: pool.Options().Addr}
	rt, release, err := f.warm(ctx, fairlead.NewClient(pool))
	f.describeOpening(way)
	if err != nil {
		return way, err
	}
	defer release()
	f.start = time.Now()
	f.reply, f.err = fairlead.Do(ctx, rt, command)
	f.end = time.Now()
	f.describe(way, pool)
	return way, f.err
}

// A follower is one command on its way.
type follower struct {
	tape    tape
	scribe  scribe
	command redis.Cmd[resp.Value]
	alone   bool

	built        time.Duration // what building the command took
	opened       time.Duration // what it took until a connection was ready
	start, end   time.Time     // of Do
	answered     time.Time     // when the reply, or the failure, had reached the caller, and was to be decoded
	reply        resp.Value
	err          error
	warmedByPing bool
}

// options are the server's, with the tape between the client and the socket. TLS is laid under the tape, which would
// record nothing readable otherwise.
func (f *follower) options(server *fairlead.Options) *fairlead.Options {
	o := *server
	o.TLS, o.Dialer = nil, f.tape.dial
	o.Trace = &fairlead.Trace{CommandEnd: func(context.Context, fairlead.TraceCommand, time.Duration, error) {
		f.answered = time.Now()
	}}
	return &o
}

// tlsConfig is the server's TLS with the name that its certificate must bear.
func tlsConfig(server *fairlead.Options) *tls.Config {
	if server.TLS == nil || server.TLS.ServerName != "" {
		return server.TLS
	}
	config := server.TLS.Clone()
	if host, _, err := net.SplitHostPort(server.Addr); err == nil {
		config.ServerName = host
	}
	return config
}

// warm opens the connection that the command will travel over, and returns what to run it with.
func (f *follower) warm(ctx context.Context, client *fairlead.Client) (_ fairlead.RoundTripper, release func(), err error) {
	began := time.Now()
	defer func() { f.opened = time.Since(began) }()
	_, blocks := f.command.Blocks()
	leased := blocks || f.command.Has(redis.HangsUp) // the pool gives such a command a connection to itself
	if !f.alone && !leased {
		f.warmedByPing = true
		_, err := client.Ping(ctx)
		return client, func() {}, connectError(callError(err)) // an answer that refuses PING is an answer
	}
	conn, err := client.Conn(ctx)
	if err != nil {
		return nil, nil, connectError(err)
	}
	if f.alone {
		return conn, func() { conn.Close() }, nil
	}
	conn.Close() // back into the pool, where the command finds it
	return client, func() {}, nil
}

// callError returns err if it says that no reply came.
func callError(err error) error {
	if _, none := errors.AsType[*fairlead.CallError](err); none {
		return err
	}
	return nil
}

// connectError leaves out which command the connection was to be opened for: it was not the user's.
func connectError(err error) error {
	if dial, ok := errors.AsType[*fairlead.DialError](err); ok {
		return dial
	}
	return err
}
