package session

import (
	"context"
	"errors"
	"os"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"
)

func TestSessions(t *testing.T) {
	opts := &redis.Options{Addr: os.Getenv("REDIS_ADDR"), DB: 4, DialTimeout: time.Second, MaxRetries: 1, MinRetryBackoff: time.Millisecond}
	rdb := redis.NewClient(opts)
	defer rdb.Close()
	ctx := t.Context()
	if err := rdb.FlushDB(ctx).Err(); err != nil {
		t.Fatal(err)
	}
	s := NewStore(rdb, time.Minute)
	if _, err := s.Load(ctx, "1"); err != ErrNoSession {
		t.Errorf("what is not there gives %v", err)
	}
	want := Session{User: "ada", Role: "admin", Seen: 3, Extra: map[string]string{"lang": "en"}}
	if ok, err := s.Create(ctx, "1", want); !ok || err != nil {
		t.Fatal(ok, err)
	}
	if ok, err := s.Create(ctx, "1", Session{User: "eve"}); ok || err != nil {
		t.Errorf("a second one: %v, %v", ok, err)
	}
	if n, err := s.Touch(ctx, "1"); n != 4 || err != nil {
		t.Error(n, err)
	}
	got, err := s.Load(ctx, "1")
	if err != nil || got.User != "ada" || got.Seen != 4 || got.Extra["lang"] != "en" {
		t.Errorf("%+v, %v", got, err)
	}
	if n, err := s.All(ctx); n != 1 || err != nil {
		t.Error(n, err)
	}
	if users, err := s.Users(ctx); len(users) != 1 || users[0] != "ada" || err != nil {
		t.Error(users, err)
	}
	if err := s.End(ctx, "1"); err != nil {
		t.Error(err)
	}
	if _, err := s.Touch(ctx, "2"); err != nil {
		t.Error(err)
	}
	rdb.Set(ctx, "session:3", "no hash", 0)
	ended, cancel := context.WithCancel(ctx)
	cancel()
	if _, err := s.Users(ended); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
	if _, err := s.Load(ctx, "3"); err == nil {
		t.Error("a wrong type is no error")
	}
}
