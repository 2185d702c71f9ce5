package machine

import (
	"fmt"
	"os"
	"runtime"
	"strconv"

	"golang.org/x/sys/unix"
)

// AnyCPU means that nothing is bound.
const AnyCPU = -1

// CPUs returns the CPUs that this process may use.
func CPUs() []int {
	var may unix.CPUSet
	if err := unix.SchedGetaffinity(0, &may); err != nil {
		return nil
	}
	list := make([]int, 0, may.Count())
	for cpu := 0; len(list) < may.Count(); cpu++ {
		if may.IsSet(cpu) {
			list = append(list, cpu)
		}
	}
	return list
}

// Pinned calls f on a thread that is bound to one CPU, so that a process which f starts is bound to it from its first
// instruction: Go's runtime then counts one CPU. With AnyCPU it only calls f.
func Pinned(cpu int, f func() error) error {
	if cpu == AnyCPU {
		return f()
	}
	runtime.LockOSThread()
	var before, one unix.CPUSet
	if err := unix.SchedGetaffinity(0, &before); err != nil {
		runtime.UnlockOSThread()
		return fmt.Errorf("cannot read on which CPUs this process may run: %w", err)
	}
	one.Set(cpu)
	err := unix.SchedSetaffinity(0, &one)
	if err == nil {
		err = f()
	} else {
		err = fmt.Errorf("cannot bind to CPU %d: %w", cpu, err)
	}
	if back := unix.SchedSetaffinity(0, &before); back == nil {
		runtime.UnlockOSThread() // a thread that stays bound is thrown away with its goroutine instead
	}
	return err
}

// PinThread binds the calling goroutine and its thread to one CPU for the rest of the goroutine's life. With AnyCPU it
// only keeps the two together.
func PinThread(cpu int) {
	runtime.LockOSThread()
	if cpu == AnyCPU {
		return
	}
	var one unix.CPUSet
	one.Set(cpu)
	_ = unix.SchedSetaffinity(0, &one) // unpinned, it works as well but shapes the load a little
}

// PinProcess binds all threads of a running process to one CPU.
func PinProcess(pid, cpu int) error {
	if cpu == AnyCPU {
		return nil
	}
	threads, err := os.ReadDir(fmt.Sprintf("/proc/%d/task", pid))
	if err != nil {
		return err
	}
	var one unix.CPUSet
	one.Set(cpu)
	for _, thread := range threads {
		id, err := strconv.Atoi(thread.Name())
		if err != nil {
			continue
		}
		if err := unix.SchedSetaffinity(id, &one); err != nil {
			return fmt.Errorf("cannot bind the server to CPU %d: %w", cpu, err)
		}
	}
	return nil
}
