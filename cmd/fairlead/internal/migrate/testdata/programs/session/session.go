// Package session keeps sessions of users as hashes.
package session

import (
	"context"
	"errors"
	"strconv"
	"time"

	"github.com/redis/go-redis/v9"
)

// A Session is one login.
type Session struct {
	User  string
	Role  string
	Seen  int64
	Extra map[string]string
}

// Store keeps sessions for a while after they were last used.
type Store struct {
	rdb *redis.Client
	ttl time.Duration
}

// NewStore returns a store over a client.
func NewStore(rdb *redis.Client, ttl time.Duration) *Store { return &Store{rdb, ttl} }

// ErrNoSession says that a session has ended, or never was.
var ErrNoSession = errors.New("no such session")

// Create stores a session, unless there is one of that id.
func (s *Store) Create(ctx context.Context, id string, v Session) (bool, error) {
	key := "session:" + id
	fresh, err := s.rdb.SetNX(ctx, key+":lock", v.User, s.ttl).Result()
	if err != nil || !fresh {
		return false, err
	}
	_, err = s.rdb.TxPipelined(ctx, func(pipe redis.Pipeliner) error {
		pipe.HSet(ctx, key, "user", v.User, "role", v.Role, "seen", v.Seen)
		if len(v.Extra) > 0 {
			pipe.HSet(ctx, key, v.Extra)
		}
		pipe.Expire(ctx, key, s.ttl)
		return nil
	})
	return err == nil, err
}

// Load reads a session and keeps it alive.
func (s *Store) Load(ctx context.Context, id string) (Session, error) {
	key := "session:" + id
	var fields *redis.MapStringStringCmd
	var alive *redis.BoolCmd
	_, err := s.rdb.Pipelined(ctx, func(pipe redis.Pipeliner) error {
		fields = pipe.HGetAll(ctx, key)
		alive = pipe.Expire(ctx, key, s.ttl)
		return nil
	})
	if err != nil {
		return Session{}, err
	}
	if !alive.Val() {
		return Session{}, ErrNoSession
	}
	v := Session{Extra: map[string]string{}}
	for name, value := range fields.Val() {
		switch name {
		case "user":
			v.User = value
		case "role":
			v.Role = value
		case "seen":
			if v.Seen, err = strconv.ParseInt(value, 10, 64); err != nil {
				return Session{}, err
			}
		default:
			v.Extra[name] = value
		}
	}
	return v, nil
}

// Touch counts a use and returns how many there were.
func (s *Store) Touch(ctx context.Context, id string) (int64, error) {
	return s.rdb.HIncrBy(ctx, "session:"+id, "seen", 1).Result()
}

// End deletes a session.
func (s *Store) End(ctx context.Context, id string) error {
	pipe := s.rdb.TxPipeline()
	pipe.Del(ctx, "session:"+id)
	pipe.Del(ctx, "session:"+id+":lock")
	_, err := pipe.Exec(ctx)
	return err
}

// All returns the ids of the sessions.
func (s *Store) All(ctx context.Context) (n int, err error) {
	keys, err := s.rdb.Keys(ctx, "session:*:lock").Result()
	return len(keys), err
}

// Users returns the users who have a session.
func (s *Store) Users(ctx context.Context) (users []string, err error) {
	match := "session:*:lock"
	iter := s.rdb.Scan(ctx, 0, match, 10).Iterator()
	for iter.Next(ctx) {
		user, err := s.rdb.Get(ctx, iter.Val()).Result()
		if err == redis.Nil {
			continue
		}
		if err != nil {
			return nil, err
		}
		users = append(users, user)
	}
	if err := iter.Err(); err != nil {
		return nil, err
	}
	return users, nil
}
