package machine

import (
	"bytes"
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

const (
	ticksPerSecond = 100 // of /proc/PID/stat, on every architecture Go runs on
	kernelThreads  = 2   // the process that is the parent of the kernel's own threads
)

// OtherCPU returns the CPU time in seconds that all processes have used, with what they inherited from children, except
// the given ones and the kernel's threads.
func OtherCPU(except ...int) float64 {
	own := map[int]bool{kernelThreads: true}
	for _, pid := range except {
		own[pid] = true
	}
	files, _ := filepath.Glob("/proc/[0-9]*/stat")
	total := 0.0
	for _, name := range files {
		pid, _ := strconv.Atoi(filepath.Base(filepath.Dir(name)))
		if !own[pid] {
			total += cpuOf(name)
		}
	}
	return total / ticksPerSecond
}

// cpuOf reads the ticks in a stat file, which reads "PID (name) STATE PARENT …". A process that is gone has none.
func cpuOf(statFile string) float64 {
	const parent, utime, cstime = 1, 11, 14 // fields after the name, which may hold anything
	text, err := os.ReadFile(statFile)
	if err != nil {
		return 0
	}
	fields := strings.Fields(string(text[bytes.LastIndexByte(text, ')')+1:]))
	if len(fields) <= cstime || fields[parent] == strconv.Itoa(kernelThreads) {
		return 0
	}
	ticks := 0.0
	for _, field := range fields[utime : cstime+1] {
		value, _ := strconv.ParseFloat(field, 64)
		ticks += value
	}
	return ticks
}
