package leaderboard

import (
	"fmt"
	"os"
	"slices"
	"testing"

	"github.com/redis/go-redis/v9"
)

func TestBoard(t *testing.T) {
	rdb := redis.NewClient(&redis.Options{
		Addr: os.Getenv("REDIS_ADDR"),
		DB:   3,
	})
	defer rdb.Close()
	ctx := t.Context()
	rdb.Del(ctx, "a", "b", "both")
	a, b := Board{rdb, "a"}, Board{rdb, "b"}
	if n, err := a.Start(ctx, 1, "Ada", "Bob", "Cyd"); n != 3 || err != nil {
		t.Fatal(n, err)
	}
	if s, err := a.Add(ctx, "Bob", 1.5); s != 2.5 || err != nil {
		t.Error(s, err)
	}
	top, err := a.Top(ctx, 2)
	if got := fmt.Sprint(top); got != "[{Bob 2.5 1} {Cyd 1 2}]" || err != nil {
		t.Error(got, err)
	}
	if r, ok, err := a.Of(ctx, "Ada"); r.Place != 3 || !ok || err != nil {
		t.Error(r, ok, err)
	}
	if r, ok, err := a.Of(ctx, "nobody"); ok || err != nil {
		t.Error(r, ok, err)
	}
	if got, err := a.Between(ctx, "1", "(2", 10); !slices.Equal(got, []string{"Ada", "Cyd"}) || err != nil {
		t.Error(got, err)
	}
	if _, err := b.Start(ctx, 10, "Ada"); err != nil {
		t.Error(err)
	}
	if n, err := a.Union(ctx, "both", b); n != 3 || err != nil {
		t.Error(n, err)
	}
	if s := rdb.ZScore(ctx, "both", "Ada").Val(); s != 21 {
		t.Errorf("Ada has %v", s)
	}
	if s, err := rdb.ZScore(ctx, "both", "nobody").Result(); s != 0 || err != redis.Nil {
		t.Errorf("nobody has %v, %v", s, err)
	}
}
