package worker

import (
	"context"
	"fmt"
	"strings"

	"github.com/fairlead-go/fairlead/bench/internal/dataset"
	"github.com/fairlead-go/fairlead/bench/internal/driver"
	"github.com/fairlead-go/fairlead/bench/internal/plan"
)

// verify checks once, before anything is measured, that the driver returns what the cell asks for, to the last byte.
func verify(ctx context.Context, c driver.Client, w *work) error {
	const key, value = "bench:verify", "abc\r\ndef"
	if err := c.Set(ctx, key, value); err != nil {
		return fmt.Errorf("SET: %w", err)
	}
	if got, err := c.Get(ctx, key); err != nil || string(got) != value {
		return fmt.Errorf("GET after SET: %q, %v", got, err)
	}
	if got, err := c.Get(ctx, "bench:missing"); err == nil && len(got) > 0 {
		return fmt.Errorf("GET of a missing key: %q", got)
	}
	switch w.cell.Op {
	case plan.Get, plan.Mix:
		return verifyGet(ctx, c, w)
	case plan.Pipe:
		return verifyPipe(ctx, c, w)
	case plan.MGet:
		e, err := c.MGet(ctx, w.list)
		return w.elements(e, err)
	case plan.HGetAll:
		e, err := c.HGetAll(ctx, dataset.Hash)
		return w.elements(e, err)
	case plan.LRange:
		e, err := c.LRange(ctx, dataset.List)
		return w.elements(e, err)
	}
	return nil
}

func verifyGet(ctx context.Context, c driver.Client, w *work) error {
	last := w.getKeys.Len() - 1
	key, value := w.getKeys.At(last), w.getKeys.Value(last)
	if len(w.value) > dataset.SmallValue {
		key, value = dataset.LargeKey(len(w.value)), w.value
	}
	got, err := c.Get(ctx, key)
	if err != nil {
		return fmt.Errorf("GET: %w", err)
	}
	if string(got) != value {
		return fmt.Errorf("GET: the value of %d bytes is not the one of %d bytes that was stored", len(got), len(value))
	}
	return nil
}

func verifyPipe(ctx context.Context, c driver.Client, w *work) error {
	value := strings.Repeat("p", dataset.SmallValue)
	if err := c.SetPipe(ctx, w.list, value); err != nil {
		return fmt.Errorf("pipe: %w", err)
	}
	for _, key := range []string{w.list[0], w.list[len(w.list)-1]} {
		if got, err := c.Get(ctx, key); err != nil || string(got) != value {
			return fmt.Errorf("GET after a pipe of SET: %q, %v", got, err)
		}
	}
	return nil
}

func (w *work) elements(e driver.Elements, err error) error {
	if err != nil {
		return err
	}
	return w.wanted.Check(e)
}
