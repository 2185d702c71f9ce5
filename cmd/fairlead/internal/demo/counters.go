package demo

import (
	"context"
	"fmt"
	"math/rand/v2"

	"github.com/fairlead-go/fairlead"
	"github.com/fairlead-go/fairlead/redis"
)

const (
	counterKeys  = 16
	counterPipe  = 5  // increments in a pipe
	counterPipes = 10 // one turn in so many is a pipe
)

// counterWork increments keys that all goroutines share, one at a time and in pipes whose every command has its own outcome.
type counterWork struct {
	*stage
	books [counterKeys]tally
}

func (*counterWork) title() string                 { return "counters" }
func (*counterWork) prepare(context.Context) error { return nil }

func counterKey(i int) string { return fmt.Sprintf("demo:counter:%d", i) }

func (w *counterWork) worker() func(context.Context) bool {
	var seen [counterKeys]int64 // the last value of each that this goroutine got
	return func(ctx context.Context) bool {
		if rand.IntN(counterPipes) == 0 {
			return w.pipe(ctx, &seen)
		}
		i := rand.IntN(counterKeys)
		n, err := w.client.Incr(ctx, counterKey(i))
		w.note(i, n, err, &seen)
		return w.went(ctx, counters, err)
	}
}

// pipe increments several counters at once. After a failure each reply says for itself whether its command can have run.
func (w *counterWork) pipe(ctx context.Context, seen *[counterKeys]int64) bool {
	p := w.client.Pipeline()
	var which [counterPipe]int
	var replies [counterPipe]*fairlead.Reply[int64]
	for j := range which {
		which[j] = rand.IntN(counterKeys)
		replies[j] = fairlead.Queue(p, redis.Incr(counterKey(which[j])))
	}
	_ = p.Exec(ctx) // of which the replies say more
	well := true
	for j, i := range which {
		n, err := replies[j].Result()
		w.note(i, n, err, seen)
		well = w.went(ctx, counters, err) && well
	}
	return well
}

// note books an increment. One goroutine sees a counter only grow, unless it is given another one's reply.
func (w *counterWork) note(i int, n int64, err error, seen *[counterKeys]int64) {
	w.books[i].note(outcomeOf(err))
	if err != nil {
		return
	}
	if n <= seen[i] {
		w.wrong.add("%s went from %d to %d by INCR", counterKey(i), seen[i], n)
	}
	seen[i] = n
}

func (w *counterWork) check(look *plain) ([]finding, error) {
	f := finding{work: w.title()}
	for i := range w.books {
		held, err := look.number("GET", counterKey(i))
		if err != nil {
			return nil, err
		}
		f.compare(&w.books[i], held)
	}
	return []finding{f}, nil
}
