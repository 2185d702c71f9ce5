package lock

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/fairlead-go/fairlead"
)

var (
	// ErrHeld is why TryAcquire got no lock, and why Acquire got none before its context ended: somebody else has it.
	ErrHeld = errors.New("it is held by somebody else")
	// ErrLost is why a lease ended that was not released: its time ran out, or the server no longer has it as this holder's.
	ErrLost = errors.New("the lock was lost")
	// ErrReleased is why a lease ended that was released.
	ErrReleased = errors.New("the lock was released")
)

// Options say how a lock behaves. The zero value of every field is its default.
type Options struct {
	// TTL is how long the lock lasts unless it is renewed: so long it stays taken after its holder died. It is renewed when a
	// third of it has passed. 0 is 10 s; at least 10 ms, in whole milliseconds.
	TTL time.Duration
	// Poll is the longest pause between two tries of Acquire. Pauses begin at 4 ms and double; each is drawn between half of
	// that and all of it, and none goes far beyond the end of the holder's TTL. 0 is 100 ms, negative is an error.
	Poll time.Duration
	// ByHand: nothing is renewed in the background; the lock lasts TTL, and longer by Lease.Extend.
	ByHand bool
	// Unfenced: there are no fencing numbers, Lease.Fence is 0, and the key that holds the last number is spared.
	Unfenced bool
}

const (
	defaultTTL  = 10 * time.Second
	leastTTL    = 10 * time.Millisecond
	mostTTL     = 10 * 365 * 24 * time.Hour
	defaultPoll = 100 * time.Millisecond
	fenceKept   = 24 * time.Hour // how long the last fencing number is kept after a lease's end
)

// A Lock is the name of a lock and how to take it. It is safe for concurrent use: every lease is a holder of its own, in this
// process or another.
type Lock struct {
	client fairlead.RoundTripper
	keys   []string // the lock's, and the last fencing number's
	ttl    time.Duration
	poll   time.Duration
	byHand bool
}

// New returns the lock that is kept in a key, and, unless it is unfenced, its last number in the key "{key}:fence"; a key with
// a hash tag gets ":fence" behind it, so that both are in the same slot. Nothing is sent. c is a Client, or what Client.DB
// returns. Bad options are errors, and so is a key with a "}" but no hash tag.
func New(c fairlead.RoundTripper, key string, o Options) (*Lock, error) {
	l := &Lock{client: c, ttl: o.TTL, poll: o.Poll, byHand: o.ByHand}
	if l.ttl == 0 {
		l.ttl = defaultTTL
	}
	if l.poll == 0 {
		l.poll = defaultPoll
	}
	switch {
	case c == nil:
		return nil, errors.New("a lock needs a client: pass the *fairlead.Client")
	case key == "":
		return nil, errors.New("a lock needs a key: name it after what it protects")
	case l.poll < 0:
		return nil, fmt.Errorf("lock %q: Poll of %v is no pause: leave it 0 for %v", key, o.Poll, defaultPoll)
	}
	if err := checkTTL(key, l.ttl); err != nil {
		return nil, err
	}
	l.keys = []string{key}
	if o.Unfenced {
		return l, nil
	}
	fence, err := fenceKey(key)
	l.keys = append(l.keys, fence)
	return l, err
}

func checkTTL(key string, ttl time.Duration) error {
	if ttl < leastTTL || ttl > mostTTL || ttl%time.Millisecond != 0 {
		return fmt.Errorf("lock %q: a TTL of %v cannot be: it is in whole milliseconds, %v at least and ten years at most",
			key, ttl, leastTTL)
	}
	return nil
}

// fenceKey is a key in the same slot of a cluster.
func fenceKey(key string) (string, error) {
	_, tag, open := strings.Cut(key, "{")
	tag, _, closed := strings.Cut(tag, "}")
	switch {
	case open && closed && tag != "":
		return key + ":fence", nil
	case strings.Contains(key, "}"):
		return "", fmt.Errorf("lock %q: the key has a } but no hash tag, so no second key can be in its slot: "+
			"take out the }, or use Unfenced", key)
	}
	return "{" + key + "}:fence", nil
}

// Key returns the key that the lock is kept in.
func (l *Lock) Key() string { return l.keys[0] }

// TryAcquire takes the lock if nobody has it, in one round trip. The error is ErrHeld if somebody has, or why the server could
// not be asked: where the command may have run all the same, the lock is released in the background.
func (l *Lock) TryAcquire(ctx context.Context) (*Lease, error) {
	lease, left, err := l.try(ctx, rand.Text())
	switch {
	case lease != nil || err != nil:
		return lease, err
	case left < 0:
		return nil, fmt.Errorf("lock %q: %w, without an end", l.Key(), ErrHeld)
	}
	return nil, fmt.Errorf("lock %q: %w, for %v unless it is renewed", l.Key(), ErrHeld, left)
}

// Acquire waits until it has the lock or ctx ends; the error then is ErrHeld and the context's. Any other error is why the
// server could not be asked, as that of TryAcquire.
func (l *Lock) Acquire(ctx context.Context) (*Lease, error) {
	began, token := time.Now(), rand.Text()
	for try := 0; ; try++ {
		lease, left, err := l.try(ctx, token)
		if lease != nil || err != nil {
			return lease, err
		}
		if !sleep(ctx, l.pause(try, left)) {
			waited := time.Since(began).Round(time.Millisecond)
			return nil, fmt.Errorf("lock %q: %w, after %v of waiting: %w", l.Key(), ErrHeld, waited, context.Cause(ctx))
		}
	}
}

// try asks once. Without a lease and an error somebody else has the lock, for the time left.
func (l *Lock) try(ctx context.Context, token string) (_ *Lease, left time.Duration, err error) {
	asked := term{time.Now(), l.ttl}
	got, fence, left, err := l.acquire(ctx, token)
	switch {
	case err != nil:
		if !fairlead.NotRun(err) {
			l.undo(token)
		}
		return nil, 0, fmt.Errorf("lock %q could not be asked for: %w", l.Key(), err)
	case !got:
		return nil, left, nil
	}
	lease := newLease(l, token, fence, asked)
	return lease, 0, nil
}

// undo releases, in a goroutine that ends with the answer or with the TTL, a lock that was perhaps taken by a command without a
// reply.
func (l *Lock) undo(token string) {
	go func() {
		ctx, cancel := context.WithTimeout(context.Background(), l.ttl)
		defer cancel()
		_, _ = l.release(ctx, token) // if it fails the lock ends with its TTL
	}()
}
