package ratelimit

import (
	"os"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"
)

func TestLimiter(t *testing.T) {
	rdb := redis.NewClient(&redis.Options{Addr: os.Getenv("REDIS_ADDR"), DB: 5})
	defer rdb.Close()
	ctx := t.Context()
	l := New(rdb, 2, time.Minute)
	if err := l.Reset(ctx, "ada"); err != nil {
		t.Fatal(err)
	}
	if d := l.Remaining(ctx, "ada"); d != -2 {
		t.Errorf("no window lasts %v", d)
	}
	if known, err := l.Known(ctx, "ada"); known || err != nil {
		t.Errorf("known before the first call: %v, %v", known, err)
	}
	for i, want := range []bool{true, true, false, false} {
		ok, left, err := l.Allow(ctx, "ada")
		if ok != want || left != max(1-i, 0) || err != nil {
			t.Errorf("call %d: %v, %d left, %v", i, ok, left, err)
		}
	}
	if d := l.Remaining(ctx, "ada"); d < 50*time.Second {
		t.Errorf("the window lasts %v", d)
	}
}
