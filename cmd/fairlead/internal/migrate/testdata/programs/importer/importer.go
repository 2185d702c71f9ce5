// Package importer writes many rows in pipelines.
package importer

import (
	"context"
	"errors"
	"fmt"

	"github.com/redis/go-redis/v9"
)

// A Row is one product.
type Row struct {
	SKU   string
	Name  string
	Price float64
	Tags  []string
}

// Import writes rows, so many in each pipeline, and returns how many are new.
func Import(ctx context.Context, rdb *redis.Client, rows []Row, batch int) (fresh int64, err error) {
	for len(rows) > 0 {
		n := min(batch, len(rows))
		pipe := rdb.Pipeline()
		added := make([]*redis.IntCmd, 0, n)
		for _, row := range rows[:n] {
			added = append(added, pipe.SAdd(ctx, "skus", row.SKU))
			queueRow(ctx, pipe, row)
		}
		if pipe.Len() == 0 {
			return fresh, nil
		}
		pipe.IncrBy(ctx, "imported", int64(n))
		_, err := pipe.Exec(ctx)
		if err != nil && !errors.Is(err, redis.Nil) {
			return fresh, fmt.Errorf("import: %w", err)
		}
		for _, cmd := range added {
			fresh += cmd.Val()
		}
		rows = rows[n:]
	}
	return fresh, nil
}

func queueRow(ctx context.Context, pipe redis.Pipeliner, row Row) {
	pipe.HSet(ctx, "product:"+row.SKU, map[string]interface{}{
		"name":  row.Name,
		"price": row.Price,
	})
	for _, tag := range row.Tags {
		pipe.SAdd(ctx, "tag:"+tag, row.SKU)
	}
}

// Names returns the names of products, "" for those that are not there.
func Names(ctx context.Context, rdb *redis.Client, skus []string) (map[string]string, error) {
	cmds := make(map[string]*redis.StringCmd, len(skus))
	_, err := rdb.Pipelined(ctx, func(p redis.Pipeliner) error {
		for _, sku := range skus {
			cmds[sku] = p.HGet(ctx, "product:"+sku, "name")
		}
		return nil
	})
	if err != nil && err != redis.Nil {
		return nil, err
	}
	names := make(map[string]string, len(cmds))
	for sku, cmd := range cmds {
		name, err := cmd.Result()
		if err == redis.Nil {
			continue
		}
		if err != nil {
			return nil, err
		}
		names[sku] = name
	}
	return names, nil
}

// Tagged returns the products that have a tag.
func Tagged(ctx context.Context, rdb *redis.Client, tag string) ([]string, error) {
	return rdb.SMembers(ctx, "tag:"+tag).Result()
}
