package machine

import (
	"net"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"testing"
)

func TestPinnedProcessesHaveOneCPU(t *testing.T) {
	t.Parallel()
	cpus := CPUs()
	if len(cpus) == 0 {
		t.Fatal("this process may use no CPU")
	}
	cpu := cpus[len(cpus)-1]
	var said strings.Builder
	cmd := exec.Command("cat", "/proc/self/status")
	cmd.Stdout = &said
	if err := Pinned(cpu, cmd.Start); err != nil {
		t.Fatal(err)
	}
	if err := cmd.Wait(); err != nil {
		t.Fatal(err)
	}
	_, rest, _ := strings.Cut(said.String(), "Cpus_allowed_list:")
	if got := strings.Fields(rest)[0]; got != strconv.Itoa(cpu) {
		t.Errorf("the process may run on CPUs %s, want %d", got, cpu)
	}
}

func TestPinnedTellsOfACPUThatIsNot(t *testing.T) {
	t.Parallel()
	if err := Pinned(1000, func() error { return nil }); err == nil {
		t.Skip("this machine has a thousand CPUs")
	}
	if err := Pinned(AnyCPU, func() error { return os.ErrExist }); err != os.ErrExist {
		t.Errorf("an error of the function became %v", err)
	}
}

func TestUsedGrows(t *testing.T) {
	t.Parallel()
	before, err := Used()
	if err != nil {
		t.Fatal(err)
	}
	began := Monotonic()
	for n := 0; Monotonic()-began < 20e6; n++ {
		_ = n * n
	}
	after, err := Used()
	if err != nil {
		t.Fatal(err)
	}
	if used := after.Minus(before); used.CPU() <= 0 || used.Calls <= 0 {
		t.Errorf("20 ms of reckoning used %+v", used)
	}
}

// Not in parallel: the count is the process's.
func TestSocketsAreCounted(t *testing.T) {
	before := Sockets()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	if got := Sockets() - before; got != 1 {
		t.Errorf("a listener is %d sockets more", got)
	}
}

func TestSleepUntil(t *testing.T) {
	t.Parallel()
	at := Monotonic() + 5e6
	SleepUntil(at)
	if now := Monotonic(); now < at {
		t.Errorf("it woke %d ns early", at-now)
	}
}

func TestTheMachineHasNames(t *testing.T) {
	t.Parallel()
	if CPUModel() == "" || !strings.HasPrefix(Kernel(), "Linux ") {
		t.Errorf("CPU %q, kernel %q", CPUModel(), Kernel())
	}
	host, err := os.Hostname()
	if err == nil && len(host) > 3 && strings.Contains(Kernel(), host) {
		t.Errorf("the kernel's name %q tells the host's", Kernel())
	}
	if OtherCPU(os.Getpid()) < 0 || ResidentMemory() <= 0 || PeakMemory() <= 0 {
		t.Error("/proc tells nothing")
	}
}
