package importer

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"testing"

	"github.com/redis/go-redis/v9"
)

func TestImport(t *testing.T) {
	rdb := redis.NewClient(&redis.Options{Addr: os.Getenv("REDIS_ADDR"), DB: 6})
	defer rdb.Close()
	ctx := t.Context()
	rdb.FlushDB(ctx)
	rows := make([]Row, 250)
	for i := range rows {
		rows[i] = Row{SKU: fmt.Sprint(i), Name: fmt.Sprint("name ", i), Price: float64(i) / 4, Tags: []string{fmt.Sprint("t", i%10)}}
	}
	if n, err := Import(ctx, rdb, rows, 100); n != 250 || err != nil {
		t.Fatal(n, err)
	}
	if n, err := Import(ctx, rdb, rows[:10], 100); n != 0 || err != nil {
		t.Error(n, err)
	}
	if n, err := rdb.Get(ctx, "imported").Int64(); n != 260 || err != nil {
		t.Error(n, err)
	}
	if p, err := rdb.HGet(ctx, "product:3", "price").Float64(); p != 0.75 || err != nil {
		t.Error(p, err)
	}
	names, err := Names(ctx, rdb, []string{"1", "nothing", "249"})
	if len(names) != 2 || names["249"] != "name 249" || err != nil {
		t.Error(names, err)
	}
	tagged, err := Tagged(ctx, rdb, "t7")
	slices.Sort(tagged)
	if len(tagged) != 25 || tagged[0] != "107" || err != nil {
		t.Error(tagged, err)
	}
	rdb.Set(ctx, "skus", "no set", 0)
	if _, err := Import(ctx, rdb, rows[:1], 1); err == nil {
		t.Error("a wrong type is no error")
	}
	ended, cancel := context.WithCancel(ctx)
	cancel()
	if _, err := Import(ended, rdb, rows[:1], 1); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}
