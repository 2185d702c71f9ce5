// Package leaderboard ranks players.
package leaderboard

import (
	"context"

	"github.com/redis/go-redis/v9"
)

// A Rank is a player's place, counted from 1.
type Rank struct {
	Player string
	Score  float64
	Place  int64
}

// Board is a leaderboard.
type Board struct {
	Client *redis.Client
	Key    string
}

// Start enters players with a score.
func (b Board) Start(ctx context.Context, score float64, players ...string) (int64, error) {
	members := make([]redis.Z, 0, len(players))
	for _, p := range players {
		members = append(members, redis.Z{Score: score, Member: p})
	}
	return b.Client.ZAdd(ctx, b.Key, members...).Result()
}

// Add gives a player points.
func (b Board) Add(ctx context.Context, player string, points float64) (float64, error) {
	return b.Client.ZIncrBy(ctx, b.Key, points, player).Result()
}

// Top returns the best players.
func (b Board) Top(ctx context.Context, n int64) ([]Rank, error) {
	best, err := b.Client.ZRevRangeWithScores(ctx, b.Key, 0, n-1).Result()
	if err != nil {
		return nil, err
	}
	ranks := make([]Rank, len(best))
	for i, z := range best {
		ranks[i] = Rank{Player: z.Member.(string), Score: z.Score, Place: int64(i) + 1}
	}
	return ranks, nil
}

// Of returns a player's place; ok is false for one who does not play.
func (b Board) Of(ctx context.Context, player string) (rank Rank, ok bool, err error) {
	pipe := b.Client.Pipeline()
	score := pipe.ZScore(ctx, b.Key, player)
	place := pipe.ZRevRank(ctx, b.Key, player)
	if _, err := pipe.Exec(ctx); err != nil && err != redis.Nil {
		return Rank{}, false, err
	}
	if score.Err() == redis.Nil {
		return Rank{}, false, nil
	}
	return Rank{Player: player, Score: score.Val(), Place: place.Val() + 1}, true, nil
}

// Between returns the players with scores of a range, at most a number of them.
func (b Board) Between(ctx context.Context, min, max string, most int64) ([]string, error) {
	return b.Client.ZRangeByScore(ctx, b.Key, &redis.ZRangeBy{Min: min, Max: max, Count: most}).Result()
}

// Union writes the sum of two boards and returns how many players there are.
func (b Board) Union(ctx context.Context, into string, other Board) (int64, error) {
	return b.Client.ZUnionStore(ctx, into, &redis.ZStore{
		Keys:    []string{b.Key, other.Key},
		Weights: []float64{1, 2},
	}).Result()
}
