package stock

import (
	"fmt"
	"os"
	"sync"
	"testing"

	"github.com/redis/go-redis/v9"
)

func TestStock(t *testing.T) {
	rdb := redis.NewClient(&redis.Options{Addr: os.Getenv("REDIS_ADDR"), DB: 7})
	defer rdb.Close()
	ctx := t.Context()
	rdb.FlushDB(ctx)
	if err := rdb.Set(ctx, "a", 10, 0).Err(); err != nil {
		t.Fatal(err)
	}
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			if err := Move(ctx, rdb, "a", "b", 2); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	a, _ := rdb.Get(ctx, "a").Int()
	b, _ := rdb.Get(ctx, "b").Int()
	if a != 2 || b != 8 {
		t.Errorf("%d and %d are left", a, b)
	}
	if err := Move(ctx, rdb, "a", "b", 3); err != ErrTooFew {
		t.Error(err)
	}
	if err := Log(ctx, rdb, "bolts", 8); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"[bolts 8]", "[]"} {
		if seen, err := Read(ctx, rdb, "ada"); fmt.Sprint(seen) != want || err != nil {
			t.Error(seen, err)
		}
	}
}
