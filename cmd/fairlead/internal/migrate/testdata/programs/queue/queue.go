// Package queue hands jobs to workers and keeps those that are under way.
package queue

import (
	"context"
	"errors"
	"time"

	"github.com/redis/go-redis/v9"
)

// Queue is a list of jobs, and one of those under way.
type Queue struct {
	rdb           *redis.Client
	waiting, busy string
}

// New returns a queue of a name.
func New(rdb *redis.Client, name string) *Queue {
	return &Queue{rdb: rdb, waiting: name + ":waiting", busy: name + ":busy"}
}

// ErrEmpty says that no job came in time.
var ErrEmpty = errors.New("no job")

// Put adds jobs.
func (q *Queue) Put(ctx context.Context, jobs ...string) error {
	args := make([]interface{}, 0, len(jobs))
	for _, j := range jobs {
		args = append(args, j)
	}
	return q.rdb.LPush(ctx, q.waiting, args...).Err()
}

// Take waits for a job.
func (q *Queue) Take(ctx context.Context, wait time.Duration) (string, error) {
	job, err := q.rdb.BRPopLPush(ctx, q.waiting, q.busy, wait).Result()
	if err == redis.Nil {
		return "", ErrEmpty
	}
	return job, err
}

// TakeNow takes a job if there is one.
func (q *Queue) TakeNow(ctx context.Context) (string, error) {
	job, err := q.rdb.LMove(ctx, q.waiting, q.busy, "RIGHT", "LEFT").Result()
	if errors.Is(err, redis.Nil) {
		return "", ErrEmpty
	}
	return job, err
}

// Done forgets a job.
func (q *Queue) Done(ctx context.Context, job string) (bool, error) {
	n, err := q.rdb.LRem(ctx, q.busy, 1, job).Result()
	return n == 1, err
}

// Requeue puts back what is under way, oldest first, and returns how many there were.
func (q *Queue) Requeue(ctx context.Context) (n int, err error) {
	for {
		err := q.rdb.BLMove(ctx, q.busy, q.waiting, "LEFT", "RIGHT", 50*time.Millisecond).Err()
		if err == redis.Nil {
			return n, nil
		}
		if err != nil {
			return n, err
		}
		n++
	}
}

// Lengths returns how many jobs wait and are under way.
func (q *Queue) Lengths(ctx context.Context) (waiting, busy int64) {
	waiting = q.rdb.LLen(ctx, q.waiting).Val()
	busy = q.rdb.LLen(ctx, q.busy).Val()
	return waiting, busy
}
