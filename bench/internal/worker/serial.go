package worker

import (
	"runtime/debug"
	"time"

	"github.com/fairlead-go/fairlead/bench/internal/driver"
	"github.com/fairlead-go/fairlead/bench/internal/machine"
	"github.com/fairlead-go/fairlead/bench/internal/sample"
)

// serial runs one goroutine in a closed loop; the window ends with a whole operation.
func (m *meter) serial(c driver.Client) (sample.Sample, error) {
	const warmest, settling, fewest = 2, 10, 3 // operations, however long they take
	f := m.work.of(c, 0)
	i := 0
	for end := time.Now().Add(m.spec.Warm); time.Now().Before(end) || i < warmest; i++ {
		if err := f(i); err != nil {
			return nil, err
		}
	}
	if len(m.work.value) > 1<<10 { // so that the peak is the steady state's
		debug.FreeOSMemory()
		machine.ForgetPeak()
		for range settling { // else most operations would measure the kernel giving the heap its pages back
			if err := f(i); err != nil {
				return nil, err
			}
			i++
		}
	}
	if err := m.start(); err != nil {
		return nil, err
	}
	operations, last := int64(0), time.Duration(0)
	for last < m.spec.Window || operations < fewest {
		if err := f(i); err != nil {
			return nil, err
		}
		now := time.Since(m.before.at)
		m.latency.add(0, int64(now-last))
		last = now
		i++
		operations++
	}
	if err := m.stop(); err != nil {
		return nil, err
	}
	return m.finish(operations)
}
