package worker

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/fairlead-go/fairlead/bench/internal/dataset"
	"github.com/fairlead-go/fairlead/bench/internal/driver"
	"github.com/fairlead-go/fairlead/bench/internal/plan"
)

// An operation is what a goroutine repeats; i counts its calls. It checks every reply.
type operation func(ctx context.Context, i int) error

// patience is the limit of contexts with a deadline: nothing reaches it.
const patience = 5 * time.Second

// work prepares the operations of one cell.
type work struct {
	cell             plan.Cell
	getKeys, setKeys dataset.Keys
	value            string
	list             []string // the keys of a pipe or MGET
	shared           context.Context
}

// newWork prepares a cell; cancel ends the context that goroutines share.
func newWork(cell plan.Cell) (w *work, cancel context.CancelFunc) {
	w = &work{cell: cell, getKeys: dataset.GetKeys(), setKeys: dataset.SetKeys()}
	w.value = dataset.Value(max(cell.Value, dataset.SmallValue))
	switch {
	case cell.Wide:
		w.getKeys = dataset.Wide()
		w.setKeys = w.getKeys
	case cell.Op == plan.Pipe:
		w.list = w.setKeys.First(cell.N)
	case cell.Op == plan.MGet:
		w.list = w.getKeys.First(cell.N)
	}
	w.shared, cancel = context.WithCancel(context.Background())
	return w, cancel
}

// of returns what goroutine g does with client c, with the contexts of the cell.
func (w *work) of(c driver.Client, g int) func(i int) error {
	f := w.operation(c, g)
	kind := w.cell.Context
	if kind == plan.Mixed {
		kind = []string{plan.NoContext, plan.Timeout, plan.Cancel}[g%3]
	}
	switch kind {
	case plan.Timeout:
		return func(i int) error {
			ctx, cancel := context.WithTimeout(context.Background(), patience)
			err := f(ctx, i)
			cancel()
			return err
		}
	case plan.Cancel:
		return func(i int) error { return f(w.shared, i) }
	}
	return func(i int) error { return f(context.Background(), i) }
}

// operation returns one goroutine's operation. The goroutines walk through the keys from different starts.
func (w *work) operation(c driver.Client, g int) operation {
	cell := w.cell
	switch cell.Op {
	case plan.Get, plan.Set, plan.Mix:
		return w.single(c, g)
	case plan.Pipe:
		return func(ctx context.Context, _ int) error { return c.SetPipe(ctx, w.list, w.value) }
	case plan.MGet:
		return func(ctx context.Context, _ int) error { return ofLength(cell.N)(c.MGet(ctx, w.list)) }
	case plan.HGetAll:
		return func(ctx context.Context, _ int) error {
			return ofLength(dataset.HashFields)(c.HGetAll(ctx, dataset.Hash))
		}
	case plan.LRange:
		return func(ctx context.Context, _ int) error {
			return ofLength(dataset.ListLength)(c.LRange(ctx, dataset.List))
		}
	}
	return func(context.Context, int) error { return errors.New("there is no operation " + cell.Op) }
}

// single returns GET, SET or a mix of both.
func (w *work) single(c driver.Client, g int) operation {
	get, set := w.getter(c, g), w.setter(c, g)
	switch w.cell.Op {
	case plan.Get:
		return get
	case plan.Set:
		return set
	}
	dice := newDice(g + 1000)
	return func(ctx context.Context, i int) error {
		if dice.below(100) < w.cell.Reads {
			return get(ctx, i)
		}
		return set(ctx, i)
	}
}

func (w *work) getter(c driver.Client, g int) operation {
	length := len(w.value)
	check := func(value []byte, err error) error {
		if err == nil && len(value) != length {
			err = fmt.Errorf("GET: a value of %d bytes came, not of %d", len(value), length)
		}
		return err
	}
	if length > dataset.SmallValue {
		key := dataset.LargeKey(length)
		return func(ctx context.Context, _ int) error { return check(c.Get(ctx, key)) }
	}
	choose := w.chooser(g, w.getKeys.Len())
	return func(ctx context.Context, i int) error { return check(c.Get(ctx, w.getKeys.At(choose(i)))) }
}

func (w *work) setter(c driver.Client, g int) operation {
	if len(w.value) > dataset.SmallValue {
		key := dataset.LargeTarget(len(w.value), g)
		return func(ctx context.Context, _ int) error { return c.Set(ctx, key, w.value) }
	}
	choose := w.chooser(g, w.setKeys.Len())
	return func(ctx context.Context, i int) error { return c.Set(ctx, w.setKeys.At(choose(i)), w.value) }
}

// chooser returns which of n keys a call takes.
func (w *work) chooser(g, n int) func(i int) int {
	if w.cell.Random || w.cell.Wide {
		dice := newDice(g)
		return func(int) int { return dice.below(n) }
	}
	return func(i int) int { return (i + g*31) % n }
}

// ofLength checks the number of elements.
func ofLength(n int) func(driver.Elements, error) error {
	return func(e driver.Elements, err error) error {
		if err == nil && e.Len() != n {
			err = fmt.Errorf("%d elements came, not %d", e.Len(), n)
		}
		return err
	}
}
