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
	renamers, err := m.renamers()
	if err != nil {
		return nil, err
	}
	defer renamers.close() // what it leaves ends with the server
	for g, client := range all {
		beside := g - cell.Goroutines
		switch {
		case beside < 0:
			goroutines.start(g, turn{call: m.work.of(client, g)}, small)
		case cell.NewNames:
			goroutines.start(g, renamers[beside].turn(largeWork, client), large)
		default:
			goroutines.start(g, turn{call: largeWork.of(client, g)}, large)
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

// turn is what a goroutine repeats.
type turn struct {
	ready func() error // before each call, and not timed; nil for nothing
	call  func(i int) error
}

// start starts a goroutine, which the phase stopping ends.
func (c *crowd) start(g int, t turn, l *lane) {
	c.group.Go(func() {
		operations := int64(0)
		began, err := c.begin(t)
		for i := 0; ; i++ {
			phase := c.phase.Load()
			if phase == stopping {
				break
			}
			if err == nil {
				err = t.call(i)
			}
			if err != nil {
				c.fail(opError(g, err))
				break
			}
			ended := time.Since(c.epoch)
			if phase == measuring {
				l.latency.add(g, int64(ended-began))
				operations++
			}
			if began = ended; l.rest > 0 || t.ready != nil {
				time.Sleep(l.rest)
				began, err = c.begin(t)
			}
		}
		l.operations.Add(operations)
	})
}

// begin prepares a call and returns when it begins.
func (c *crowd) begin(t turn) (at time.Duration, err error) {
	if t.ready != nil {
		err = t.ready()
	}
	return time.Since(c.epoch), err
}
