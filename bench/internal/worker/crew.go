package worker

import (
	"runtime"
	"runtime/debug"
	"sync"

	"github.com/fairlead-go/fairlead/bench/internal/machine"
	"github.com/fairlead-go/fairlead/bench/internal/sample"
)

// crew is many goroutines that live as long as the measurement does. Memory before and after they used a client can then
// be compared: what Go keeps for goroutines that have ended would be as much as what the client keeps.
type crew struct {
	tasks []chan func(g int) error
	done  chan error
	ended sync.WaitGroup
}

func newCrew(n int) *crew {
	c := &crew{tasks: make([]chan func(int) error, n), done: make(chan error)}
	for g := range c.tasks {
		task := make(chan func(int) error)
		c.tasks[g] = task
		c.ended.Go(func() { // dismiss ends it
			for f := range task {
				c.done <- f(g)
			}
		})
	}
	return c
}

// work lets all of the crew run f at the same time and returns the first error.
func (c *crew) work(f func(g int) error) (first error) {
	for _, task := range c.tasks {
		task <- f
	}
	for g := range c.tasks {
		if err := <-c.done; err != nil && first == nil {
			first = opError(g, err)
		}
	}
	return first
}

func (c *crew) dismiss() {
	for _, task := range c.tasks {
		close(task)
	}
	c.ended.Wait()
}

// stretch uses as much stack as a call of a client may: stacks that grew once lie elsewhere than those that never did.
func (c *crew) stretch() {
	_ = c.work(func(g int) error {
		var deep [6 << 10]byte
		for i := range deep {
			deep[i] = byte(g + i)
		}
		runtime.KeepAlive(&deep)
		return nil
	})
}

// footprint is what this process holds.
type footprint struct {
	resident, heap, stack float64 // KiB
	goroutines, sockets   float64
}

// hold collects garbage and looks. It does so several times: pools of the standard library survive the first one, and a
// stack shrinks by half with each.
func hold() footprint {
	for range 4 {
		runtime.GC()
	}
	debug.FreeOSMemory()
	var memory runtime.MemStats
	runtime.ReadMemStats(&memory)
	return footprint{machine.ResidentMemory(), float64(memory.HeapAlloc) / 1024, float64(memory.StackInuse) / 1024,
		float64(runtime.NumGoroutine()), float64(machine.Sockets())}
}

func (f footprint) mebibytes() float64 { return (f.heap + f.stack) / 1024 }

// since returns what came on top, for each of n.
func (f footprint) since(before footprint, n float64) sample.Sample {
	heap, stack := f.heap-before.heap, f.stack-before.stack
	return sample.Sample{
		sample.IdleResident: (f.resident - before.resident) / n,
		sample.IdleHeap:     heap / n,
		sample.IdleStack:    stack / n,
		sample.IdleKept:     (heap + stack) / n,
		sample.IdleRoutines: (f.goroutines - before.goroutines) / n,
		sample.HeapMiB:      heap / 1024,
		sample.KeptMiB:      (heap + stack) / 1024,
		sample.Connections:  f.sockets - before.sockets,
	}
}
