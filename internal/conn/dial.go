package conn

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"os"
	"runtime"
	"strings"
	"sync/atomic"
	"syscall"
	"time"

	"github.com/fairlead-go/fairlead/resp"
)

var lastID atomic.Uint64

// Dial opens a connection and shakes hands with the server; what it returns is Ready. The context and
// Config.DialTimeout bound both. The error is a *DialError.
func Dial(ctx context.Context, cfg *Config) (*Conn, error) {
	if cfg.DialTimeout > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeoutCause(ctx, cfg.DialTimeout, errDialTimeout)
		defer cancel()
	}
	c := &Conn{
		id:     lastID.Add(1),
		cfg:    cfg,
		db:     cfg.DB,
		scan:   resp.NewScanner(cfg.Limits),
		give:   make(chan struct{}, 1),
		closed: make(chan struct{}),
		start:  time.Now(),
		yield:  runtime.Gosched,
		bound:  cfg.WriteBuffer,
	}
	c.scan.Divert(c.taker)
	if c.bound <= 0 {
		c.bound = defaultWriteBuffer
	}
	if err := c.open(ctx); err != nil {
		err = endedBy(ctx, err)
		c.abort(DialFailed, err)
		return nil, &DialError{Addr: cfg.Addr, Conn: c.id, Err: explainDial(cfg, err)}
	}
	c.mu.Lock()
	c.setState(Handshaking, NoCause, nil)
	c.mu.Unlock()
	if err := c.shakeHands(ctx); err != nil {
		err = endedBy(ctx, err)
		c.abort(refusal(err), err)
		return nil, &DialError{Addr: cfg.Addr, Conn: c.id, Handshake: true, Err: explainHandshake(cfg, err)}
	}
	c.watchdog = time.AfterFunc(time.Hour, c.look) // stopped at once; set by the first call that has a deadline
	c.watchdog.Stop()
	c.mu.Lock()
	c.setState(Ready, NoCause, nil)
	c.reading = resident
	c.appended, c.handed = c.written.Load(), c.written.Load()
	c.mu.Unlock()
	if open, _ := c.deliver(nil, nil); open { // what came in one piece with the handshake's replies: no reply to a call, whatever it is
		go c.live()
	}
	return c, nil
}

// A DialError says that no connection could be made, so that nothing was sent.
type DialError struct {
	Addr      string
	Conn      uint64 // the number the connection would have had
	Handshake bool   // the socket was opened, the handshake failed
	Err       error
}

// Error says what failed, where and why.
func (e *DialError) Error() string {
	if e.Handshake {
		return fmt.Sprintf("no connection to %s: %v", e.Addr, e.Err)
	}
	return fmt.Sprintf("cannot connect to %s: %v", e.Addr, e.Err)
}

// Unwrap returns why the connection could not be made.
func (e *DialError) Unwrap() error { return e.Err }

// Unfinished is the error of a call that gave up, for this reason, while a connection for it was being opened.
func Unfinished(cfg *Config, reason error) *DialError {
	return &DialError{Addr: cfg.Addr, Err: explainDial(cfg, reason)}
}

var errDialTimeout error = dialTimeoutError{}

type dialTimeoutError struct{ timeoutError }

func (dialTimeoutError) Error() string { return "no connection within Options.DialTimeout" }

// endedBy returns the context's reason if it is what ended a step, else err.
func endedBy(ctx context.Context, err error) error {
	if deadline, ok := ctx.Deadline(); ok && !time.Now().Before(deadline) {
		<-ctx.Done() // the socket's deadline, set from the context's, can pass a moment before the context's
	}
	switch {
	case ctx.Err() == nil:
		return err
	case errors.Is(context.Cause(ctx), errDialTimeout):
		return errDialTimeout
	}
	return ContextError(ctx)
}

// abort records the end of a connection that never was Ready.
func (c *Conn) abort(cause Cause, err error) {
	c.mu.Lock()
	c.setState(Closed, cause, err)
	c.mu.Unlock()
	close(c.closed)
	if c.raw != nil {
		c.closeSocket(false)
	}
}

// open opens the socket and lays TLS over it.
func (c *Conn) open(ctx context.Context) (err error) {
	cfg := c.cfg
	if cfg.Dialer != nil {
		c.net, err = cfg.Dialer(ctx, cfg.Network, cfg.Addr)
		if err == nil && c.net == nil {
			err = errors.New("Options.Dialer returned neither a connection nor an error")
		}
	} else {
		d := net.Dialer{KeepAlive: -1, KeepAliveConfig: cfg.KeepAlive, Control: c.control}
		c.net, err = d.DialContext(ctx, cfg.Network, cfg.Addr)
	}
	if err != nil {
		return err
	}
	if tcp, ok := c.net.(*net.TCPConn); ok && cfg.Dialer != nil {
		c.tune(tcp)
	}
	c.raw = c.net
	c.peek = peeker(c.raw)
	switch c.raw.(type) {
	case *net.TCPConn:
		c.holds = much
	case *net.UnixConn:
		c.holds = little
	}
	if s := newSocket(c.raw); s != nil {
		c.net = s
		if cfg.TLS == nil {
			c.direct = newExchange(c, s)
		}
	}
	if cfg.TLS != nil {
		t := tls.Client(c.net, cfg.TLS)
		c.net = t
		return t.HandshakeContext(ctx)
	}
	return nil
}

// control sets the socket options that net does not know, before the socket connects.
func (c *Conn) control(network, _ string, raw syscall.RawConn) error {
	if c.cfg.UserTimeout <= 0 || !strings.HasPrefix(network, "tcp") {
		return nil
	}
	var optErr error
	err := raw.Control(func(fd uintptr) { optErr = setUserTimeout(fd, c.cfg.UserTimeout) })
	return errors.Join(err, optErr)
}

// tune gives a socket that the user's own dialer opened the options that ours has. Errors are ignored: the connection works
// without them.
func (c *Conn) tune(tcp *net.TCPConn) {
	_ = tcp.SetKeepAliveConfig(c.cfg.KeepAlive)
	if raw, err := tcp.SyscallConn(); err == nil {
		_ = c.control("tcp", "", raw)
	}
}

// explainDial adds what to do to an error of opening the socket.
func explainDial(cfg *Config, err error) error {
	var dns *net.DNSError
	var record tls.RecordHeaderError
	var unknownCA *tls.CertificateVerificationError
	switch {
	case errors.As(err, &record):
		return fmt.Errorf("%w: the server does not speak TLS on this port; use redis:// or leave Options.TLS empty, or ask its tls-port", err)
	case errors.As(err, &unknownCA):
		return fmt.Errorf("%w: give the server's certificate authority in Options.TLS.RootCAs (ssl_ca_certs in a URL)", err)
	case alerted(err):
		return fmt.Errorf("%w; %s", err, noCertificate)
	case errors.As(err, &dns) && dns.IsNotFound:
		return fmt.Errorf("%w: check the host's name", err)
	case cfg.Network == "unix" && errors.Is(err, syscall.ECONNREFUSED): // Linux says so of a file that is no socket, too
		return fmt.Errorf("%w: no server listens on this path; is it the server's \"unixsocket\"?", err)
	case errors.Is(err, syscall.ECONNREFUSED):
		return fmt.Errorf("%w: is the server running, and is this its address?", err)
	case cfg.Network == "unix" && errors.Is(err, syscall.ENOENT):
		return fmt.Errorf("%w: the path does not exist; see \"unixsocket\" in the server's configuration", err)
	case cfg.Network == "unix" && (errors.Is(err, syscall.ENOTSOCK) || errors.Is(err, syscall.EPROTOTYPE)):
		return fmt.Errorf("%w: the path is no stream socket", err)
	case cfg.TLS != nil && causeOf(err) == PeerClosed:
		return fmt.Errorf("%w during the TLS handshake: does the server speak TLS on this port?", err)
	case cfg.TLS != nil && errors.Is(err, os.ErrDeadlineExceeded): // Redis lets a TLS handshake on a plain port wait for ever
		return fmt.Errorf("%w: does the server speak TLS on this port?", err)
	}
	return err
}
