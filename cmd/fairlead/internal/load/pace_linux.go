package load

import (
	"syscall"
	"time"
)

// nap sleeps for a short time in the kernel, which counts in microseconds.
func nap(d time.Duration) {
	rest := syscall.NsecToTimespec(d.Nanoseconds())
	_ = syscall.Nanosleep(&rest, nil) // a signal ends it early: then a round begins a moment too soon
}
