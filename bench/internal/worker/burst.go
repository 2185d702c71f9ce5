package worker

import (
	"runtime"
	"time"

	"github.com/fairlead-go/fairlead/bench/internal/machine"
	"github.com/fairlead-go/fairlead/bench/internal/plan"
	"github.com/fairlead-go/fairlead/bench/internal/sample"
)

// burst measures what memory a client keeps after very many goroutines have used it.
func burst(spec Spec, w *work, open opener) (sample.Sample, error) {
	w.cell.Op = plan.Get
	goroutines := newCrew(spec.Cell.Goroutines)
	defer goroutines.dismiss()
	c, err := openChecked(spec, w, open)
	if err != nil {
		return nil, err
	}
	goroutines.stretch()
	s := sample.Sample{sample.BeforeMiB: hold().mebibytes()}
	err = goroutines.use(w, c, func() {
		var memory runtime.MemStats
		runtime.ReadMemStats(&memory)
		s[sample.PeakMiB] = float64(memory.HeapAlloc+memory.StackInuse) / (1 << 20)
	})
	if err != nil {
		return nil, err
	}
	ended := time.Now()
	time.Sleep(time.Until(ended.Add(time.Second)))
	s[sample.After1MiB] = hold().mebibytes()
	time.Sleep(time.Until(ended.Add(10 * time.Second)))
	s[sample.After10MiB] = hold().mebibytes()
	s[sample.Connections] = float64(machine.Sockets() - 1) // less our own
	return s, c.Close()
}
