package demo

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strconv"
	"time"

	"github.com/fairlead-go/fairlead"
	"github.com/fairlead-go/fairlead/redis"
)

const (
	sessionsPerWorker = 4
	sessionLifetime   = time.Hour // longer than any demonstration
)

// sessionWork writes hashes that expire and reads them back. A session has one owner, so the owner knows what must be there.
type sessionWork struct {
	*stage
	books []*sessionBook
}

// A sessionBook is what the owner of a session knows about it. It belongs to one goroutine.
type sessionBook struct {
	key, owner string
	version    int64   // of the last write
	acked      int64   // the last version known to be there; 0: none was written
	doubts     []int64 // versions written since whose reply did not come

	writes, inDoubt, lost, doubled int64
}

// A session is the hash as it is read.
type session struct {
	Owner   string `redis:"owner"`
	Version int64  `redis:"version"`
}

func (*sessionWork) title() string                 { return "sessions" }
func (*sessionWork) prepare(context.Context) error { return nil }

func (w *sessionWork) worker() func(context.Context) bool {
	own := make([]*sessionBook, sessionsPerWorker)
	for i := range own {
		n := len(w.books)
		own[i] = &sessionBook{key: fmt.Sprintf("demo:session:%d", n), owner: fmt.Sprintf("user-%d", n)}
		w.books = append(w.books, own[i])
	}
	return func(ctx context.Context) bool {
		b := own[rand.IntN(len(own))]
		if rand.IntN(3) == 0 {
			return w.write(ctx, b)
		}
		return w.read(ctx, b)
	}
}

// write stores the next version, with its expiry, as one transaction.
func (w *sessionWork) write(ctx context.Context, b *sessionBook) bool {
	b.version++
	p := w.client.TxPipeline()
	fairlead.Queue(p, redis.HSet(b.key, "owner", b.owner, "version", b.version))
	fairlead.Queue(p, redis.Expire(b.key, sessionLifetime))
	err := p.Exec(ctx)
	switch outcomeOf(err) {
	case acknowledged:
		b.writes++
		b.acked, b.doubts = b.version, b.doubts[:0]
	case inDoubt:
		b.inDoubt++
		b.doubts = append(b.doubts, b.version)
	}
	return w.went(ctx, sessions, err)
}

func (w *sessionWork) read(ctx context.Context, b *sessionBook) bool {
	s, err := fairlead.As[session](w.client.HGetAll(ctx, b.key))
	if err == nil {
		w.compare(b, s)
	}
	return w.went(ctx, sessions, err)
}

// compare notes what is wrong with a session that was read.
func (w *sessionWork) compare(b *sessionBook, s session) {
	if s.Owner != b.owner && s != (session{}) {
		w.wrong.add("session %s came back as that of %s", b.key, strconv.Quote(s.Owner))
		return
	}
	b.found(s.Version)
}

// found notes which version is at the server.
func (b *sessionBook) found(version int64) {
	switch {
	case version == b.acked:
	case slices.Contains(b.doubts, version):
		b.acked = version // so that write did run
		b.doubts = slices.DeleteFunc(b.doubts, func(v int64) bool { return v <= version })
	case version < b.acked:
		b.lost++
	default:
		b.doubled++ // a write that was said not to have run
	}
}

func (w *sessionWork) check(look *plain) ([]finding, error) {
	f := finding{work: w.title()}
	for _, b := range w.books {
		if err := w.checkOne(look, b); err != nil {
			return nil, err
		}
		f.acknowledged += b.writes
		f.inDoubt += b.inDoubt
		f.lost += b.lost
		f.doubled += b.doubled
	}
	return []finding{f}, nil
}

func (w *sessionWork) checkOne(look *plain, b *sessionBook) error {
	fields, err := look.list("HMGET", b.key, "owner", "version")
	if err != nil {
		return err
	}
	left, err := look.number("PTTL", b.key)
	if err != nil {
		return err
	}
	version, _ := strconv.ParseInt(fields[1], 10, 64) // 0 if there is none
	w.compare(b, session{Owner: fields[0], Version: version})
	if b.acked > 0 && left <= 0 {
		b.lost++ // the expiry was acknowledged with the write
	}
	return nil
}
