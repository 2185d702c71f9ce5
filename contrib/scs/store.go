// Package scs keeps the sessions of github.com/alexedwards/scs/v2 in Redis or Valkey, by fairlead:
//
//	sessions := scs.New()
//	sessions.Store = fairleadscs.New(c) // fairleadscs is this package
//
// A session is a string at "scs:session:" and its token, which the server itself forgets when it expires. The stores of scs's own
// repository for redigo and go-redis keep them in the same way, so that one can take the place of the other.
package scs

import (
	"context"
	"strings"
	"time"

	"github.com/alexedwards/scs/v2"
	"github.com/fairlead-go/fairlead"
	"github.com/fairlead-go/fairlead/redis"
)

// A Client is what the store needs: a *fairlead.Client, or a view of one such as Client.DB.
type Client interface {
	// Get is that of fairlead.Commands.
	Get(ctx context.Context, key string) (string, error)
	// Set is that of fairlead.Commands.
	Set(ctx context.Context, key string, value any, expiration time.Duration) error
	// Del is that of fairlead.Commands.
	Del(ctx context.Context, keys ...string) (int64, error)
	// Scan is that of fairlead.Commands.
	Scan(ctx context.Context, cursor uint64, match string, count int64) (redis.Page[string], error)
	// MGet is that of fairlead.Commands.
	MGet(ctx context.Context, keys ...string) ([]redis.Optional[string], error)
}

// A Store keeps sessions. It is safe for concurrent use.
type Store struct {
	c      Client
	prefix string
}

var (
	_ scs.CtxStore         = (*Store)(nil)
	_ scs.IterableStore    = (*Store)(nil)
	_ scs.IterableCtxStore = (*Store)(nil)
)

// New returns a store whose keys begin with "scs:session:". It does no I/O.
func New(c Client) *Store { return NewWithPrefix(c, "scs:session:") }

// NewWithPrefix returns a store whose keys begin with a prefix of one's own, so that several programs can use one database.
func NewWithPrefix(c Client, prefix string) *Store { return &Store{c: c, prefix: prefix} }

// FindCtx returns the data of a session; found is false if there is none, or it has expired.
func (s *Store) FindCtx(ctx context.Context, token string) (b []byte, found bool, err error) {
	v, found, err := fairlead.Found(s.c.Get(ctx, s.prefix+token))
	if err != nil || !found {
		return nil, false, err
	}
	return []byte(v), true, nil
}

// CommitCtx keeps the data of a session until expiry, in place of what there was. A session that has expired already is forgotten.
func (s *Store) CommitCtx(ctx context.Context, token string, b []byte, expiry time.Time) error {
	left := time.Until(expiry)
	if left <= 0 {
		return s.DeleteCtx(ctx, token)
	}
	return s.c.Set(ctx, s.prefix+token, b, left)
}

// DeleteCtx forgets a session. That there is none is no error.
func (s *Store) DeleteCtx(ctx context.Context, token string) error {
	_, err := s.c.Del(ctx, s.prefix+token)
	return err
}

// scanCount is about how many keys the server looks at before it lets others go on.
const scanCount = 500

// AllCtx returns the data of all sessions by their tokens. It walks over all keys of the database: what came, went or expired meanwhile
// may be there or not.
func (s *Store) AllCtx(ctx context.Context) (map[string][]byte, error) {
	sessions := map[string][]byte{}
	match := literally(s.prefix) + "*"
	for cursor := uint64(0); ; {
		page, err := s.c.Scan(ctx, cursor, match, scanCount)
		if err != nil {
			return nil, err
		}
		if err := s.addTo(ctx, sessions, page.Elements); err != nil {
			return nil, err
		}
		if cursor = page.Cursor; cursor == 0 {
			return sessions, nil
		}
	}
}

// addTo adds the sessions at these keys.
func (s *Store) addTo(ctx context.Context, sessions map[string][]byte, keys []string) error {
	if len(keys) == 0 {
		return nil
	}
	values, err := s.c.MGet(ctx, keys...)
	if err != nil {
		return err
	}
	for i, v := range values {
		if v.Found { // it has not expired since
			sessions[strings.TrimPrefix(keys[i], s.prefix)] = []byte(v.Value)
		}
	}
	return nil
}

// literally is a pattern that only s itself fits.
func literally(s string) string {
	return strings.NewReplacer(`\`, `\\`, "*", `\*`, "?", `\?`, "[", `\[`, "]", `\]`).Replace(s)
}

// Find is FindCtx without a context: Options.Timeout bounds it.
func (s *Store) Find(token string) (b []byte, found bool, err error) {
	return s.FindCtx(context.Background(), token)
}

// Commit is CommitCtx without a context.
func (s *Store) Commit(token string, b []byte, expiry time.Time) error {
	return s.CommitCtx(context.Background(), token, b, expiry)
}

// Delete is DeleteCtx without a context.
func (s *Store) Delete(token string) error { return s.DeleteCtx(context.Background(), token) }

// All is AllCtx without a context.
func (s *Store) All() (map[string][]byte, error) { return s.AllCtx(context.Background()) }
