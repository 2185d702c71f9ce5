package queue

import (
	"os"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"
)

func TestQueue(t *testing.T) {
	rdb := redis.NewClient(&redis.Options{Addr: os.Getenv("REDIS_ADDR"), DB: 2, MaxRetries: -1, MaxRetryBackoff: time.Second})
	t.Cleanup(func() { rdb.Close() })
	ctx := t.Context()
	if err := rdb.FlushDB(ctx).Err(); err != nil {
		t.Fatal(err)
	}
	q := New(rdb, "jobs")
	if _, err := q.TakeNow(ctx); err != ErrEmpty {
		t.Errorf("an empty queue gives %v", err)
	}
	if _, err := q.Take(ctx, 20*time.Millisecond); err != ErrEmpty {
		t.Errorf("an empty queue gives %v", err)
	}
	if err := q.Put(ctx, "a", "b", "c"); err != nil {
		t.Fatal(err)
	}
	first, _ := q.Take(ctx, time.Second)
	second, _ := q.TakeNow(ctx)
	if first != "a" || second != "b" {
		t.Errorf("took %q and %q", first, second)
	}
	if ok, err := q.Done(ctx, "a"); !ok || err != nil {
		t.Errorf("done: %v, %v", ok, err)
	}
	if ok, err := q.Done(ctx, "a"); ok || err != nil {
		t.Errorf("done twice: %v, %v", ok, err)
	}
	if n, err := q.Requeue(ctx); n != 1 || err != nil {
		t.Errorf("requeued %d, %v", n, err)
	}
	if waiting, busy := q.Lengths(ctx); waiting != 2 || busy != 0 {
		t.Errorf("%d wait, %d are under way", waiting, busy)
	}
}
