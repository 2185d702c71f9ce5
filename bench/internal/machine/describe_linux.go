// Package machine asks Linux for what the benchmark needs of it: which CPU a process runs on, what it has used, a clock
// that processes share, and what kind of machine this is.
package machine

import (
	"os"
	"strings"

	"golang.org/x/sys/unix"
)

// CPUModel is the processor's name.
func CPUModel() string {
	text, err := os.ReadFile("/proc/cpuinfo")
	if err != nil {
		return "unknown CPU"
	}
	for line := range strings.Lines(string(text)) {
		key, value, _ := strings.Cut(line, ":")
		if key = strings.TrimSpace(key); key == "model name" || key == "Model" {
			return strings.TrimSpace(value)
		}
	}
	return "unknown CPU"
}

// Kernel is the kernel's name and version, without the name of the host and without what a distribution or a cloud has put behind it.
func Kernel() string {
	var name unix.Utsname
	if err := unix.Uname(&name); err != nil {
		return "Linux"
	}
	version, _, _ := strings.Cut(unix.ByteSliceToString(name.Release[:]), "-")
	return "Linux " + version
}
