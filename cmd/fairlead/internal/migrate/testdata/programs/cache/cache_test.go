package cache_test

import (
	"context"
	"os"
	"testing"

	"example.com/programs/cache"
)

func TestCache(t *testing.T) {
	asked := 0
	c, err := cache.Open("redis://"+os.Getenv("REDIS_ADDR")+"/1", func(context.Context, string) (cache.User, error) {
		asked++
		return cache.User{ID: 7, Name: "Ada"}, nil
	})
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	ctx := t.Context()
	if _, err := c.Drop(ctx, "7"); err != nil {
		t.Fatal(err)
	}
	for range 3 {
		u, err := c.Get(ctx, "7")
		if err != nil || u.Name != "Ada" {
			t.Errorf("%v, %v", u, err)
		}
	}
	if asked != 1 {
		t.Errorf("the source was asked %d times", asked)
	}
	if n, err := c.Drop(ctx, "7", "8"); n != 1 || err != nil {
		t.Errorf("%d users dropped, %v", n, err)
	}
	if _, err := cache.Open("http://localhost", nil); err == nil {
		t.Error("a wrong URL is no error")
	}
}
