package driver

import (
	"context"
	"errors"
	"sync"
)

var rawDrivers = []Info{{Name: "raw", Kind: Yardstick, Open: openRaw, PerGoroutine: true,
	Note: "bare sockets, the plain way by hand, a yardstick: a connection per goroutine, one write and one read per call, reused buffers, " +
		"no copies of replies; of a large value the first 16 KiB go out with the header, the rest from where it lies; " +
		"no cancellation; one far deadline instead of one per call (with no timer armed at all, one goroutine came out 30 % slower)"}}

// raw is the plain way by hand for a client that gives each goroutine a connection, a yardstick.
type raw struct {
	*Conn // for calls that no session makes
	cfg   Config
	mu    sync.Mutex // guards open
	open  []*Conn
}

func openRaw(cfg Config) (Client, error) {
	conn, err := Dial(cfg)
	if err != nil {
		return nil, err
	}
	return &raw{Conn: conn, cfg: cfg}, nil
}

// Session is [Sessioner].Session.
func (r *raw) Session() (Client, error) {
	conn, err := Dial(r.cfg)
	if err != nil {
		return nil, err
	}
	r.mu.Lock()
	r.open = append(r.open, conn)
	full := len(r.open)%256 == 0
	r.mu.Unlock()
	if full { // let the server accept what is in its backlog
		_, err = conn.Do("PING")
	}
	return conn, err
}

// Idle is [Idler].Idle.
func (r *raw) Idle(ctx context.Context, n int) error {
	for range n {
		session, err := r.Session()
		if err != nil {
			return err
		}
		if _, err := session.(*Conn).Do("PING"); err != nil {
			return err
		}
	}
	return ctx.Err()
}

func (r *raw) Close() error {
	r.mu.Lock()
	defer r.mu.Unlock()
	err := r.Conn.Close()
	for _, conn := range r.open {
		err = errors.Join(err, conn.Close())
	}
	return err
}
