package machine

import (
	"os"
	"strconv"
	"strings"
	"time"

	"golang.org/x/sys/unix"
)

// Usage is what this process has used so far.
type Usage struct {
	User, System time.Duration // CPU time
	Switches     int64         // context switches, voluntary or not
	Calls        int64         // read and write system calls, not recv and send
}

// Used reads the usage.
func Used() (Usage, error) {
	var r unix.Rusage
	if err := unix.Getrusage(unix.RUSAGE_SELF, &r); err != nil {
		return Usage{}, err
	}
	return Usage{
		User:     time.Duration(r.Utime.Nano()),
		System:   time.Duration(r.Stime.Nano()),
		Switches: r.Nvcsw + r.Nivcsw,
		Calls:    int64(ofSelf("io", "syscr:") + ofSelf("io", "syscw:")),
	}, nil
}

// Minus returns what was used since before.
func (u Usage) Minus(before Usage) Usage {
	return Usage{u.User - before.User, u.System - before.System, u.Switches - before.Switches, u.Calls - before.Calls}
}

// CPU is user and system time together.
func (u Usage) CPU() time.Duration { return u.User + u.System }

// PeakMemory returns the most memory in KiB that was resident since ForgetPeak.
func PeakMemory() float64 { return ofSelf("status", "VmHWM:") }

// ResidentMemory returns the resident memory in KiB.
func ResidentMemory() float64 { return ofSelf("status", "VmRSS:") }

// ForgetPeak lets PeakMemory begin anew. Without the right to do so the peak is that of the whole process.
func ForgetPeak() { _ = os.WriteFile("/proc/self/clear_refs", []byte("5"), 0) }

// Sockets counts the sockets that this process has open.
func Sockets() int {
	const folder = "/proc/self/fd/"
	files, _ := os.ReadDir(folder)
	n := 0
	for _, file := range files {
		if target, err := os.Readlink(folder + file.Name()); err == nil && strings.HasPrefix(target, "socket:") {
			n++
		}
	}
	return n
}

// ofSelf reads one number of a file in /proc/self; 0 if the kernel does not tell it.
func ofSelf(file, key string) float64 {
	text, err := os.ReadFile("/proc/self/" + file)
	if err != nil {
		return 0
	}
	_, rest, _ := strings.Cut(string(text), key)
	line, _, _ := strings.Cut(rest, "\n")
	number, _, _ := strings.Cut(strings.TrimSpace(line), " ")
	value, _ := strconv.ParseFloat(number, 64)
	return value
}
