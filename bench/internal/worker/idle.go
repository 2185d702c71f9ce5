package worker

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/fairlead-go/fairlead/bench/internal/driver"
	"github.com/fairlead-go/fairlead/bench/internal/machine"
	"github.com/fairlead-go/fairlead/bench/internal/plan"
	"github.com/fairlead-go/fairlead/bench/internal/sample"
)

type opener func(driver.Config) (driver.Client, error)

// openChecked opens a client and verifies its replies.
func openChecked(spec Spec, w *work, open opener) (driver.Client, error) {
	c, err := open(spec.Server)
	if err != nil {
		return nil, err
	}
	if err := verify(context.Background(), c, w); err != nil {
		return nil, errors.Join(fmt.Errorf("wrong reply: %w", err), c.Close())
	}
	return c, nil
}

// idle measures what connections or clients hold that nobody uses.
func idle(spec Spec, w *work, open opener) (s sample.Sample, err error) {
	cell := spec.Cell
	w.cell.Op = plan.Get
	before := hold()
	opened := 1
	if cell.Op == plan.IdleClients {
		opened = cell.N
	}
	clients := make([]driver.Client, opened)
	for i := range clients {
		if clients[i], err = openChecked(spec, w, open); err != nil {
			return nil, err
		}
	}
	if cell.Op == plan.IdleConns {
		pooled, ok := clients[0].(driver.Idler)
		if !ok {
			return nil, errors.New("n/a: it has no pool of connections")
		}
		if err := pooled.Idle(context.Background(), cell.N); err != nil {
			return nil, err
		}
	}
	time.Sleep(200 * time.Millisecond) // goroutines that are about to end or to shrink their buffers do so
	s = hold().since(before, float64(cell.N))
	for _, c := range clients {
		err = errors.Join(err, c.Close())
	}
	return s, err
}

// callsEach is how often each goroutine of a crew uses the client.
const callsEach = 20

// use lets the crew use the client; halfway is called once in the middle of it.
func (c *crew) use(w *work, client driver.Client, halfway func()) error {
	return c.work(func(g int) error {
		f := w.of(client, g)
		for i := range callsEach {
			if err := f(i); err != nil {
				return err
			}
			if g == 0 && i == callsEach/2 {
				halfway()
			}
		}
		return nil
	})
}

// idleAfterUse measures what a client costs that many goroutines used and nobody uses any more.
func idleAfterUse(spec Spec, w *work, open opener) (sample.Sample, error) {
	const settled, watched = 500 * time.Millisecond, 2 * time.Second
	w.cell.Op = plan.Get
	goroutines := newCrew(spec.Cell.Goroutines)
	defer goroutines.dismiss()
	goroutines.stretch()
	before := hold()
	c, err := openChecked(spec, w, open)
	if err != nil {
		return nil, err
	}
	if err := goroutines.use(w, c, func() {}); err != nil {
		return nil, err
	}
	hold()
	time.Sleep(settled)
	began, err := machine.Used()
	if err != nil {
		return nil, err
	}
	time.Sleep(watched)
	ended, err := machine.Used()
	if err != nil {
		return nil, err
	}
	after := hold()
	s := after.since(before, max(1, after.sockets-before.sockets))
	s[sample.IdleCPU] = ended.Minus(began).CPU().Seconds() * 1e3 / watched.Seconds()
	return s, c.Close()
}
