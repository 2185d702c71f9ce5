package demo

import (
	"context"
	"fmt"
	"math/rand/v2"

	"github.com/fairlead-go/fairlead/redis"
)

const (
	players  = 64
	topCount = 10
	boardKey = "demo:leaderboard"
)

// boardWork gives players points in a sorted set and reads who leads.
type boardWork struct {
	*stage
	books [players]tally
}

func (*boardWork) title() string                 { return "leaderboard" }
func (*boardWork) prepare(context.Context) error { return nil }

func player(i int) string { return fmt.Sprintf("player-%d", i) }

func (w *boardWork) worker() func(context.Context) bool {
	var seen [players]float64 // the last score of each that this goroutine got
	return func(ctx context.Context) bool {
		if rand.IntN(3) == 0 {
			top, err := w.client.ZRevRangeWithScores(ctx, boardKey, 0, topCount-1)
			w.inspect(top)
			return w.went(ctx, leaderboard, err)
		}
		i := rand.IntN(players)
		score, err := w.client.ZIncrBy(ctx, boardKey, 1, player(i))
		w.books[i].note(outcomeOf(err))
		if err == nil {
			if score <= seen[i] {
				w.wrong.add("%s went from %v to %v points by ZINCRBY", player(i), seen[i], score)
			}
			seen[i] = score
		}
		return w.went(ctx, leaderboard, err)
	}
}

// inspect notes what no leaderboard can look like.
func (w *boardWork) inspect(top []redis.Z) {
	if len(top) > topCount {
		w.wrong.add("the first %d of the leaderboard are %d", topCount, len(top))
	}
	for i := 1; i < len(top); i++ {
		if top[i].Score > top[i-1].Score {
			w.wrong.add("the leaderboard is out of order at place %d", i+1)
		}
	}
}

func (w *boardWork) check(look *plain) ([]finding, error) {
	f := finding{work: w.title()}
	for i := range w.books {
		held, err := look.number("ZSCORE", boardKey, player(i))
		if err != nil {
			return nil, err
		}
		f.compare(&w.books[i], held)
	}
	return []finding{f}, nil
}
