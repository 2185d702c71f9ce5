package worker

import (
	"errors"
	"fmt"
	"os"
	"runtime"
	"runtime/pprof"
	"sync/atomic"
	"time"

	"github.com/fairlead-go/fairlead/bench/internal/driver"
	"github.com/fairlead-go/fairlead/bench/internal/machine"
	"github.com/fairlead-go/fairlead/bench/internal/plan"
	"github.com/fairlead-go/fairlead/bench/internal/sample"
)

// meter takes readings before and after the window and turns them into metrics.
type meter struct {
	spec    Spec
	work    *work
	control *driver.Conn // asks the server what it has used
	latency histogram
	sockets int                   // further ones of the harness
	failed  atomic.Pointer[error] // the first error of any goroutine

	server        serverUse
	before, after reading
}

// reading is what this process has used so far.
type reading struct {
	at     time.Time
	used   machine.Usage
	memory runtime.MemStats
}

func (m *meter) fail(err error) { m.failed.CompareAndSwap(nil, &err) }

func (m *meter) error() error {
	if err := m.failed.Load(); err != nil {
		return *err
	}
	return nil
}

// start begins the window. What takes long comes first.
func (m *meter) start() (err error) {
	if m.server, err = askServer(m.control); err != nil {
		return err
	}
	if m.spec.Profile != "" {
		file, err := os.Create(m.spec.Profile)
		if err != nil {
			return err
		}
		if err := pprof.StartCPUProfile(file); err != nil { // the file is closed with the process
			return err
		}
	}
	runtime.ReadMemStats(&m.before.memory)
	m.before.used, err = machine.Used()
	m.before.at = time.Now()
	return err
}

// stop ends the window. What takes long comes last.
func (m *meter) stop() (err error) {
	m.after.at = time.Now()
	m.after.used, err = machine.Used()
	runtime.ReadMemStats(&m.after.memory)
	pprof.StopCPUProfile()
	return err
}

// finish returns the metrics of so many operations.
func (m *meter) finish(operations int64) (sample.Sample, error) {
	if err := m.error(); err != nil {
		return nil, err
	}
	if operations == 0 {
		return nil, errors.New("not one operation ended within the window")
	}
	now, err := askServer(m.control)
	if err != nil {
		return nil, err
	}
	n := float64(operations)
	seconds := m.after.at.Sub(m.before.at).Seconds()
	used := m.after.used.Minus(m.before.used)
	micros := func(d time.Duration) float64 { return float64(d) / 1e3 / n }
	s := sample.Sample{
		sample.OperationsRun: n,
		sample.Rate:          n / seconds,
		sample.CPU:           micros(used.CPU()),
		sample.System:        micros(used.System),
		sample.Calls:         float64(used.Calls) / n,
		sample.Switches:      float64(used.Switches) / n,
		sample.Allocs:        float64(m.after.memory.Mallocs-m.before.memory.Mallocs) / n,
		sample.Allocated:     float64(m.after.memory.TotalAlloc-m.before.memory.TotalAlloc) / n,
		sample.P50:           m.latency.quantile(0.5),
		sample.P99:           m.latency.quantile(0.99),
		sample.P999:          m.latency.quantile(0.999),
		sample.Connections:   float64(machine.Sockets() - 1 - m.sockets), // less our own
		sample.PeakMemory:    machine.PeakMemory() / 1024,
	}
	now.since(m.server, s)
	m.perCommandOrByte(s)
	return s, nil
}

// perCommandOrByte adds what is asked of pipes and of large values.
func (m *meter) perCommandOrByte(s sample.Sample) {
	if cell := m.spec.Cell; cell.Op == plan.Pipe {
		n := float64(cell.N)
		s[sample.Commands] = s[sample.Rate] * n
		s[sample.CommandCPU] = s[sample.CPU] / n
		s[sample.CommandAllocs] = s[sample.Allocs] / n
		s[sample.CommandBytes] = s[sample.Allocated] / n
	}
	megabytes := float64(len(m.work.value)) / 1e6
	s[sample.Bytes] = s[sample.Rate] * megabytes
	s[sample.MegabyteCPU] = s[sample.CPU] / megabytes
}

func opError(g int, err error) error { return fmt.Errorf("goroutine %d: %w", g, err) }
