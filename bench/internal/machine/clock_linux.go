package machine

import (
	"time"

	"golang.org/x/sys/unix"
)

// Monotonic reads a clock in nanoseconds that all processes of the machine share.
func Monotonic() int64 {
	var now unix.Timespec
	_ = unix.ClockGettime(unix.CLOCK_MONOTONIC, &now) // it cannot fail for this clock
	return now.Nano()
}

// SharpenTimer makes SleepUntil of the calling thread exact to about a microsecond.
func SharpenTimer() {
	_ = unix.Prctl(unix.PR_SET_TIMERSLACK, uintptr(time.Microsecond), 0, 0, 0) // without it, 50 µs
}

// SleepUntil holds the calling thread until the clock of Monotonic reads at.
func SleepUntil(at int64) {
	until := unix.NsecToTimespec(at)
	for unix.ClockNanosleep(unix.CLOCK_MONOTONIC, unix.TIMER_ABSTIME, &until, nil) == unix.EINTR {
		continue
	}
}
