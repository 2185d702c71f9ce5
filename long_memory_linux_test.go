package fairlead_test

import (
	"bytes"
	"fmt"
	"io"
	"math"
	"os"
	"os/exec"
	"runtime"
	"strconv"
	"testing"

	"github.com/fairlead-go/fairlead/redistest"
)

// longSize is how long the value of the memory test is: FAIRLEAD_LARGE in bytes, up to 512 MiB, or enough for every run of the tests.
func longSize(t *testing.T) int64 {
	text := os.Getenv("FAIRLEAD_LARGE")
	if text == "" {
		return 16 << 20
	}
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		t.Fatalf("FAIRLEAD_LARGE is no number of bytes: %v", err)
	}
	return n
}

// TestLongValueMemory writes a value from a reader and reads it into a writer, in a process of its own, whose memory must not grow by
// more than 4 MiB: neither what it has from the system at its peak, nor its heap.
func TestLongValueMemory(t *testing.T) {
	if url := os.Getenv("FAIRLEAD_LARGE_CHILD"); url != "" {
		passLongValue(t, url, longSize(t))
		return
	}
	t.Parallel()
	server := redistest.Start(t)
	child := exec.Command(os.Args[0], "-test.run=^TestLongValueMemory$", "-test.v")
	child.Env = append(os.Environ(), "FAIRLEAD_LARGE_CHILD="+server.URL())
	out, err := child.CombinedOutput()
	t.Logf("%s", out)
	must(t, err)
}

func passLongValue(t *testing.T, url string, n int64) {
	c := open(t, url)
	pass := func(n int64) {
		must(t, c.SetFrom(background, "long", &counting{left: n}, n, 0))
		check := &counting{left: n}
		got, err := c.GetTo(background, "long", check)
		must(t, err)
		is(t, "bytes", got, n)
		is(t, "bytes that were others than was sent", check.wrong, 0)
	}
	pass(1 << 20) // connections, buffers and code are there
	runtime.GC()
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	peak := peakMemory(t)
	pass(n)
	runtime.ReadMemStats(&after)
	grew, heap := peakMemory(t)-peak, int64(after.HeapSys)-int64(before.HeapSys)
	allocated := int64(after.TotalAlloc - before.TotalAlloc)
	t.Logf("%d MiB each way: the process's peak grew by %d KiB, its heap by %d KiB; %d KiB were allocated in all",
		n>>20, grew>>10, heap>>10, allocated>>10)
	for what, grew := range map[string]int64{"peak memory": grew, "heap": heap, "allocations": allocated} {
		if grew > 4<<20 {
			t.Errorf("%s: %d KiB, want 4 MiB at most", what, grew>>10)
		}
	}
}

// peakMemory is the most memory that the process has had from the system, in bytes.
func peakMemory(t *testing.T) int64 {
	status, err := os.ReadFile("/proc/self/status")
	must(t, err)
	var kib int64 = math.MinInt64
	_, line, _ := bytes.Cut(status, []byte("VmHWM:"))
	_, err = fmt.Sscan(string(line), &kib)
	must(t, err)
	return kib << 10
}

// counting is a reader of bytes that tell where they are, and a writer that compares them.
type counting struct {
	left  int64
	wrong int
}

func (c *counting) Read(b []byte) (int, error) {
	if c.left == 0 {
		return 0, io.EOF
	}
	b = b[:min(int64(len(b)), c.left)]
	for i := range b {
		b[i] = byte(c.left ^ c.left>>9)
		c.left--
	}
	return len(b), nil
}

func (c *counting) Write(b []byte) (int, error) {
	for _, got := range b {
		if got != byte(c.left^c.left>>9) {
			c.wrong++
		}
		c.left--
	}
	return len(b), nil
}
