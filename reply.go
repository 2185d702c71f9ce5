package fairlead

import (
	"sync/atomic"

	"github.com/fairlead-go/fairlead/redis"
	"github.com/fairlead-go/fairlead/resp"
)

// Queue adds a command to a batch and returns its reply, which is there when the batch was executed. Byte slices in the
// command are copied: they may be changed afterwards.
func Queue[T any](b Batch, cmd redis.Cmd[T]) *Reply[T] {
	f := b.queue().add(&cmd.Request) // not a method of Batch: what is given to one of those goes to the heap
	f.read = cmd.Reader()
	return (*Reply[T])(f)
}

// A Reply is the result of a queued command. It is read after Exec returned; then it is safe for concurrent use.
type Reply[T any] struct{ promise }

// A future is a Reply of any type: it has the same fields, so that those of a batch, whatever their types, are made together.
type future struct{ promise }

// A promise says where a queued command's reply will be.
type promise struct {
	results *results
	index   int
	read    any // a func(resp.Reply) (T, error)
}

// Result returns the command's value as its method would have: Nil, an *Error or a *CallError where it failed. Before the
// batch was executed, and if it was not, the error is ErrNotExecuted or the reason.
func (r *Reply[T]) Result() (T, error) {
	var none T
	if r.results == nil || !r.results.settled.Load() {
		return none, ErrNotExecuted
	}
	if err := r.results.failure(r.index); err != nil {
		return none, err
	}
	read, ok := r.read.(func(resp.Reply) (T, error))
	if !ok {
		return none, ErrNotExecuted
	}
	return read(r.results.replies[r.index])
}

// results are what became of a batch: of each command its reply, or why it has none.
type results struct {
	settled atomic.Bool // the others are set, for good
	replies []resp.Reply
	errs    []error // nil where there is a reply; nil as a whole if there are all
	err     error   // why there is no reply at all
}

// failure is why the i-th command got no value, as far as that can be said without reading its reply.
func (r *results) failure(i int) error {
	switch {
	case r.err != nil:
		return r.err
	case r.errs != nil && r.errs[i] != nil:
		return r.errs[i]
	}
	return r.replies[i].Err()
}

// failOne says why the i-th of n commands has no reply.
func (r *results) failOne(i, n int, err error) {
	if r.errs == nil {
		r.errs = make([]error, n)
	}
	r.errs[i] = err
}

// lost is the future of a command that was not queued: the error says why.
func lost(err error) *future {
	r := &results{err: err}
	r.settled.Store(true)
	return &future{promise{results: r}}
}

// futures makes those of a batch: the first few are part of it, the others come in slabs that grow.
type futures struct {
	first [8]future
	free  []future
	slab  int // how many the last slab had
}

// mostFutures is how many a slab has at most: who keeps one of them keeps them all.
const mostFutures = 256

func (f *futures) next() *future {
	if len(f.free) == 0 {
		f.grow()
	}
	next := &f.free[0]
	f.free = f.free[1:]
	return next
}

func (f *futures) grow() {
	if f.slab == 0 {
		f.free = f.first[:]
	} else {
		f.free = make([]future, min(4*f.slab, mostFutures))
	}
	f.slab = len(f.free)
}
