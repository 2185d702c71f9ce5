package demo

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/fairlead-go/fairlead"
	"github.com/fairlead-go/fairlead/redis"
)

const (
	queueKey    = "demo:queue"
	queueLength = 1000                   // producers wait while it is longer
	popTimeout  = 200 * time.Millisecond // for how long a consumer blocks at once
)

// A queue is a list that producers push to and consumers move elements from, each to a list of its own that holds
// what it has not finished. So an element whose reply was lost on the way to its consumer is still there.
type queue struct {
	*stage
	pushes []*pushBook
	pops   []*popBook
}

// A pushBook is what one producer knows: the outcome of each push, the first being that of element 0.
type pushBook struct{ outcomes []outcome }

// A popBook is what one consumer knows.
type popBook struct {
	processing string // the list that holds what it has not finished
	taken      []taken
	inDoubt    int64 // how often no reply came to what may have moved an element
}

// A taken element is one that a consumer got.
type taken struct {
	element  string
	finished bool // its removal from the list was acknowledged
}

// element is the text in the queue: the producer and its count.
func element(producer, n int) string { return fmt.Sprintf("%d-%d", producer, n) }

// parseElement is the reverse of element; ok is false if the text was never pushed.
func (q *queue) parseElement(text string) (producer, n int, ok bool) {
	if _, err := fmt.Sscanf(text, "%d-%d", &producer, &n); err != nil || text != element(producer, n) {
		return 0, 0, false
	}
	return producer, n, producer >= 0 && producer < len(q.pushes) && n >= 0 && n < len(q.pushes[producer].outcomes)
}

// producerWork is the side of the queue that pushes.
type producerWork struct{ *queue }

func (producerWork) title() string                 { return "queue: pushed" }
func (producerWork) prepare(context.Context) error { return nil }

func (w producerWork) worker() func(context.Context) bool {
	b := new(pushBook)
	number := len(w.pushes)
	w.pushes = append(w.pushes, b)
	return func(ctx context.Context) bool {
		length, err := w.client.RPush(ctx, queueKey, element(number, len(b.outcomes)))
		b.outcomes = append(b.outcomes, outcomeOf(err))
		if err == nil && length > queueLength {
			w.pause(longestPause)
		}
		return w.went(ctx, producers, err)
	}
}

// check is empty: the consumers' looks at both sides.
func (producerWork) check(*plain) ([]finding, error) { return nil, nil }

// consumerWork is the side of the queue that pops.
type consumerWork struct{ *queue }

func (consumerWork) title() string                 { return "queue: popped" }
func (consumerWork) prepare(context.Context) error { return nil }

func (w consumerWork) worker() func(context.Context) bool {
	b := &popBook{processing: fmt.Sprintf("demo:processing:%d", len(w.pops))}
	w.pops = append(w.pops, b)
	return func(ctx context.Context) bool {
		text, found, err := fairlead.Found(w.client.BLMove(ctx, queueKey, b.processing, "LEFT", "RIGHT", popTimeout))
		well := w.went(ctx, consumers, err)
		switch {
		case found:
			w.finish(ctx, b, text)
		case !well && outcomeOf(err) == inDoubt:
			b.inDoubt++
			return w.recover(ctx, b)
		}
		return well
	}
}

// recover takes up elements that were moved to the consumer's list by a command whose reply did not come.
func (w consumerWork) recover(ctx context.Context, b *popBook) bool {
	for !w.isStopping() && ctx.Err() == nil {
		left, err := w.client.LRange(ctx, b.processing, 0, -1)
		if w.went(ctx, consumers, err) {
			for _, text := range left {
				w.finish(ctx, b, text)
			}
			return true
		}
		w.pause(longestPause)
	}
	return false
}

// finish acknowledges an element: it removes it from the consumer's list. Elements are unique, so removing one twice is
// as removing it once, and the library may send the command again.
func (w consumerWork) finish(ctx context.Context, b *popBook, text string) {
	b.taken = append(b.taken, taken{element: strings.Clone(text)})
	last := &b.taken[len(b.taken)-1]
	for ctx.Err() == nil {
		_, err := fairlead.Do(ctx, w.client, redis.Idempotent(redis.LRem(b.processing, 1, text)))
		if w.went(ctx, consumers, err) {
			last.finished = true
			return
		}
		if w.isStopping() {
			return
		}
		w.pause(longestPause)
	}
}

func (w consumerWork) check(look *plain) ([]finding, error) { return w.audit(look) }
