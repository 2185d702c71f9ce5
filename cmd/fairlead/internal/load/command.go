package load

import (
	"context"
	"fmt"
	"math/rand/v2"

	"github.com/fairlead-go/fairlead"
	"github.com/fairlead-go/fairlead/redis"
)

// A wrongReply is a reply to GET that is not the value that was set. Since all values are equal, any is wrong that differs in length.
type wrongReply struct{ got, want int }

func (e wrongReply) Error() string {
	return fmt.Sprintf("GET returned %d bytes instead of %d", e.got, e.want)
}

// call sends one round of commands, a single one or a pipe of them, and reports each command's outcome to done.
func (r *runner) call(ctx context.Context, done func(err error)) {
	if r.options.Pipeline > 1 {
		r.pipe(ctx, done)
		return
	}
	key := r.keys.random()
	if r.reads() {
		value, err := r.client.Get(ctx, key)
		done(r.checked(value, err))
		return
	}
	done(r.client.Set(ctx, key, r.keys.value, 0))
}

// pipe sends as many commands as travel together.
func (r *runner) pipe(ctx context.Context, done func(err error)) {
	p := r.client.Pipeline()
	outcomes := make([]func() error, r.options.Pipeline)
	for i := range outcomes {
		key := r.keys.random()
		if r.reads() {
			reply := fairlead.Queue(p, redis.Get(key))
			outcomes[i] = func() error { return r.checked(reply.Result()) }
			continue
		}
		reply := fairlead.Queue(p, redis.Set(key, r.keys.value, 0))
		outcomes[i] = func() error {
			_, err := reply.Result()
			return err
		}
	}
	_ = p.Exec(ctx) // every reply says for itself how it went
	for _, outcome := range outcomes {
		done(outcome())
	}
}

// reads chooses whether the next command is a GET.
func (r *runner) reads() bool { return rand.Float64() < r.options.ReadRatio }

// checked verifies the reply of a GET.
func (r *runner) checked(value string, err error) error {
	if err == nil && len(value) != r.options.ValueSize {
		return wrongReply{len(value), r.options.ValueSize}
	}
	return err
}
