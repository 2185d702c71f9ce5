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
	value            string   // of a pipe, and of large keys
	list             []string // the keys of a pipe or MGET
	wanted           driver.Wanted
	shared           context.Context
}

// newWork prepares a cell; cancel ends the context that goroutines share.
func newWork(cell plan.Cell) (w *work, cancel context.CancelFunc) {
	w = &work{cell: cell, getKeys: dataset.GetKeys(), setKeys: dataset.SetKeys()}
	w.value = w.setKeys.Value(0)
	if cell.Value > dataset.SmallValue {
		w.value = dataset.LargeValue(cell.Value)
	}
	switch {
	case cell.Wide:
		w.getKeys = dataset.Wide() // and the same are written, each with its own value
		w.setKeys = w.getKeys
	case cell.Op == plan.Pipe:
		w.list = w.setKeys.First(cell.N)
	case cell.Op == plan.MGet:
		w.list = w.getKeys.First(cell.N)
		w.wanted.Values = w.getKeys.FirstValues(cell.N)
	case cell.Op == plan.HGetAll:
		w.wanted.Fields, w.wanted.Values = dataset.Fields()
	case cell.Op == plan.LRange:
		w.wanted.Values = dataset.Elements()
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
	case plan.Fresh:
		return func(i int) error {
			ctx, cancel := context.WithCancel(context.Background())
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
		return func(ctx context.Context, _ int) error { return w.glance(c.MGet(ctx, w.list)) }
	case plan.HGetAll:
		return func(ctx context.Context, _ int) error { return w.glance(c.HGetAll(ctx, dataset.Hash)) }
	case plan.LRange:
		return func(ctx context.Context, _ int) error { return w.glance(c.LRange(ctx, dataset.List)) }
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
	if len(w.value) > dataset.SmallValue {
		key := dataset.LargeKey(len(w.value))
		return func(ctx context.Context, _ int) error { return w.getLarge(ctx, c, key) }
	}
	choose := w.chooser(g, w.getKeys.Len())
	return func(ctx context.Context, i int) error {
		n := choose(i)
		value, err := c.Get(ctx, w.getKeys.At(n))
		if err == nil && string(value) != w.getKeys.Value(n) {
			err = fmt.Errorf("GET: %.40q came, not %q", value, w.getKeys.Value(n))
		}
		return err
	}
}

// getLarge reads the large value under one of its names, and looks at its length, its begin, its middle and its end.
func (w *work) getLarge(ctx context.Context, c driver.Client, key string) error {
	value, err := c.Get(ctx, key)
	if err != nil {
		return err
	}
	n := len(w.value)
	if len(value) != n {
		return fmt.Errorf("GET: a value of %d bytes came, not of %d", len(value), n)
	}
	const some = dataset.SmallValue
	for _, at := range [...]int{0, n / 2, n - some} {
		if string(value[at:at+some]) != w.value[at:at+some] {
			return fmt.Errorf("GET: %q came at byte %d of %d, not %q", value[at:at+some], at, n, w.value[at:at+some])
		}
	}
	return nil
}

func (w *work) setter(c driver.Client, g int) operation {
	if len(w.value) > dataset.SmallValue {
		key := dataset.LargeTarget(len(w.value), g)
		return func(ctx context.Context, _ int) error { return c.Set(ctx, key, w.value) }
	}
	choose := w.chooser(g, w.setKeys.Len())
	return func(ctx context.Context, i int) error {
		n := choose(i)
		return c.Set(ctx, w.setKeys.At(n), w.setKeys.Value(n))
	}
}

// chooser returns which of n keys a call takes.
func (w *work) chooser(g, n int) func(i int) int {
	if w.cell.Random || w.cell.Wide {
		dice := newDice(g)
		return func(int) int { return dice.below(n) }
	}
	return func(i int) int { return (i + g*31) % n }
}

// glance looks at a few elements.
func (w *work) glance(e driver.Elements, err error) error {
	if err != nil {
		return err
	}
	return w.wanted.Glance(e)
}
