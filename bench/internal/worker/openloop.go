package worker

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"os"
	"sync"
	"sync/atomic"
	"time"

	"github.com/fairlead-go/fairlead/bench/internal/driver"
	"github.com/fairlead-go/fairlead/bench/internal/machine"
	"github.com/fairlead-go/fairlead/bench/internal/sample"
)

const (
	settling = 20 * time.Millisecond  // after the first readings, which take time
	grace    = 300 * time.Millisecond // after the last arrival; what is not answered then counts with the time it has waited
)

// openLoop serves requests at the moments when they become due, whether or not earlier ones were answered.
type openLoop struct {
	meter    *meter
	arrivals chan int64 // due times by machine.Monotonic
	epoch    time.Time
	base     int64 // machine.Monotonic at epoch

	begin, last, served atomic.Int64 // begin is the due time at which the window begins
	first, offered      int64        // of the goroutine that reads arrivals
}

// now is machine.Monotonic without a system call.
func (o *openLoop) now() int64 { return o.base + int64(time.Since(o.epoch)) }

// open serves arrivals with the cell's goroutines. A latency counts from the due time.
func (m *meter) open(c driver.Client, arrivals, out *os.File) (sample.Sample, error) {
	all, err := sessions(c, m.spec.Cell.Goroutines)
	if err != nil {
		return nil, err
	}
	o := &openLoop{meter: m, arrivals: make(chan int64, 1<<20), epoch: time.Now(), base: machine.Monotonic()}
	o.begin.Store(1 << 62)
	var group sync.WaitGroup
	for g, client := range all {
		group.Go(func() { o.serve(g, m.work.of(client, g)) })
	}
	fmt.Fprintln(out, Ready)
	err = o.receive(arrivals)
	unserved := o.drain()
	close(o.arrivals)
	group.Wait()
	if stopped := m.stop(); err == nil {
		err = stopped
	}
	if err != nil {
		return nil, err
	}
	m.after.at = m.before.at.Add(time.Duration(max(1, o.last.Load()-o.begin.Load())))
	s, err := m.finish(o.served.Load())
	if err == nil {
		s[sample.Offered] = float64(o.offered) / m.spec.Window.Seconds()
		s[sample.Unserved] = 100 * float64(unserved) / float64(max(1, o.offered))
	}
	return s, err
}

// serve answers arrivals until there are no more.
func (o *openLoop) serve(g int, f func(i int) error) {
	i := 0
	for due := range o.arrivals {
		if err := f(i); err != nil {
			o.meter.fail(opError(g, err))
		}
		i++
		begin := o.begin.Load()
		if due < begin {
			continue
		}
		now := o.now()
		o.served.Add(1)
		o.last.Store(now)
		if due >= begin+int64(settling) {
			o.meter.latency.add(g, now-due)
		}
	}
}

// receive takes due times until the parent has no more.
func (o *openLoop) receive(in io.Reader) error {
	var buf [8 << 10]byte
	have := 0
	for {
		n, err := in.Read(buf[have:])
		have += n
		whole := have &^ 7
		for at := 0; at < whole; at += 8 {
			if err := o.arrive(int64(binary.LittleEndian.Uint64(buf[at:]))); err != nil {
				return err
			}
		}
		have = copy(buf[:], buf[whole:have])
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("reading when requests are due: %w", err)
		}
	}
}

// arrive hands one request to the goroutines; the first one after the warming time begins the window.
func (o *openLoop) arrive(due int64) error {
	if o.first == 0 {
		o.first = due
	}
	if o.offered == 0 && due >= o.first+int64(o.meter.spec.Warm) {
		if err := o.meter.start(); err != nil {
			return err
		}
		o.begin.Store(due)
	}
	if due >= o.begin.Load() {
		o.offered++
	}
	o.arrivals <- due
	return nil
}

// drain waits for the answers for a while, and then takes away what nobody has served.
func (o *openLoop) drain() (unserved int) {
	for end := time.Now().Add(grace); len(o.arrivals) > 0 && time.Now().Before(end); {
		time.Sleep(time.Millisecond)
	}
	for {
		select {
		case due := <-o.arrivals:
			if due >= o.begin.Load() {
				unserved++
				o.meter.latency.add(unserved, o.now()-due)
			}
		default:
			return unserved
		}
	}
}
