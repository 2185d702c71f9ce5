package worker

import (
	"sync"
	"sync/atomic"
	"time"

	"github.com/fairlead-go/fairlead/bench/internal/driver"
	"github.com/fairlead-go/fairlead/bench/internal/plan"
	"github.com/fairlead-go/fairlead/bench/internal/sample"
)

// largeValue is what the goroutines beside the ordinary ones read.
const largeValue = 8 << 20

// The phases of a closed loop.
const (
	warming int32 = iota
	measuring
	stopping
)

// crowd is the goroutines of a closed loop. An operation counts if it began inside the window.
type crowd struct {
	phase atomic.Int32
	epoch time.Time
	group sync.WaitGroup
	fail  func(error)
}

// lane is what goroutines of one kind add up to.
type lane struct {
	latency    *histogram
	operations atomic.Int64
	rest       time.Duration // between calls
}

// closed runs the cell's goroutines, each of which sends its next command when the last one was answered.
func (m *meter) closed(c driver.Client) (sample.Sample, error) {
	cell := m.spec.Cell
	all, err := sessions(c, cell.Goroutines+cell.Large)
	if err != nil {
		return nil, err
	}
	large := &lane{latency: new(histogram), rest: cell.LargeRest}
	small := &lane{latency: &m.latency, rest: cell.Rest}
	largeWork, cancel := newWork(plan.Cell{Op: plan.Get, Value: largeValue})
	defer cancel()
	goroutines := &crowd{epoch: time.Now(), fail: m.fail}
	for g, client := range all {
		if g < cell.Goroutines {
			goroutines.start(g, m.work.of(client, g), small)
		} else {
			goroutines.start(g, largeWork.of(client, g), large)
		}
	}
	err = m.window(goroutines)
	if err != nil {
		return nil, err
	}
	s, err := m.finish(small.operations.Load())
	if err == nil && cell.Large > 0 {
		s[sample.LargeBytes] = float64(large.operations.Load()) * largeValue / 1e6 / m.after.at.Sub(m.before.at).Seconds()
		s[sample.LargeP50] = large.latency.quantile(0.5)
	}
	return s, err
}

// window measures while the goroutines run, and ends them.
func (m *meter) window(goroutines *crowd) error {
	time.Sleep(m.spec.Warm)
	err := m.start()
	goroutines.phase.Store(measuring)
	if err == nil {
		time.Sleep(m.spec.Window)
	}
	goroutines.phase.Store(stopping)
	if stopped := m.stop(); err == nil {
		err = stopped
	}
	goroutines.group.Wait()
	return err
}

// start starts a goroutine, which the phase stopping ends.
func (c *crowd) start(g int, f func(i int) error, l *lane) {
	c.group.Go(func() {
		operations := int64(0)
		began := time.Since(c.epoch)
		for i := 0; ; i++ {
			phase := c.phase.Load()
			if phase == stopping {
				break
			}
			if err := f(i); err != nil {
				c.fail(opError(g, err))
				break
			}
			ended := time.Since(c.epoch)
			if phase == measuring {
				l.latency.add(g, int64(ended-began))
				operations++
			}
			if began = ended; l.rest > 0 {
				time.Sleep(l.rest)
				began = time.Since(c.epoch)
			}
		}
		l.operations.Add(operations)
	})
}
