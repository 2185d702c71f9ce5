//go:build unix

package lock_test

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/fairlead-go/fairlead"
	"github.com/fairlead-go/fairlead/lock"
	"github.com/fairlead-go/fairlead/redis"
	"github.com/fairlead-go/fairlead/redistest"
)

// pausedTTL leaves a renewal interval of 400 ms.
const pausedTTL = 1200 * time.Millisecond

// holdOrders makes this process a holder if its environment says so: it says what happens to it, line by line, and does what it
// is told.
func holdOrders() bool {
	url, key := os.Getenv("LOCK_TEST_URL"), os.Getenv("LOCK_TEST_KEY")
	if url == "" {
		return false
	}
	if err := hold(url, key); err != nil {
		fmt.Println("failed:", err)
		os.Exit(1)
	}
	return true
}

func hold(url, key string) error {
	ctx := context.Background()
	c, err := fairlead.Open(url)
	if err != nil {
		return err
	}
	defer c.Close()
	l, err := lock.New(c, key, lock.Options{TTL: pausedTTL})
	if err != nil {
		return err
	}
	lease, err := l.Acquire(ctx)
	if err != nil {
		return err
	}
	fmt.Println("held", lease.Fence())
	work, stop := lease.Context(ctx)
	defer stop()
	orders := make(chan string)
	go func() { // ends with the process
		in := bufio.NewScanner(os.Stdin)
		for in.Scan() {
			orders <- in.Text()
		}
		close(orders)
	}()
	for told := work.Done(); ; {
		select {
		case <-told:
			fmt.Println("told:", context.Cause(work))
			told = nil
		case order, more := <-orders:
			if !more {
				return nil
			}
			switch order {
			case "write":
				accepted, err := write(ctx, c, key+":resource", lease.Fence())
				fmt.Println("written", accepted, err)
			case "release":
				fmt.Println("released", lease.Release(ctx))
			}
		}
	}
}

// guarded is a resource that refuses numbers lower than the highest it has seen.
var guarded = redis.NewScript(`
if tonumber(redis.call('GET', KEYS[1]) or 0) > tonumber(ARGV[1]) then return 0 end
redis.call('SET', KEYS[1], ARGV[1], 'PX', 60000)
return 1`)

func write(ctx context.Context, c *fairlead.Client, resource string, fence int64) (bool, error) {
	return fairlead.As[bool](guarded.Run(ctx, c, []string{resource}, fence))
}

// A holder is another process.
type holder struct {
	process *os.Process
	in      io.Writer
	out     *bufio.Scanner
}

func startHolder(t *testing.T, key string) *holder {
	t.Helper()
	program, err := os.Executable()
	must(t, err)
	cmd := exec.Command(program)
	cmd.Env = append(os.Environ(), "LOCK_TEST_URL="+redistest.Default(t).URL(), "LOCK_TEST_KEY="+key)
	in, err := cmd.StdinPipe()
	must(t, err)
	out, err := cmd.StdoutPipe()
	must(t, err)
	cmd.Stderr = os.Stderr
	must(t, cmd.Start())
	t.Cleanup(func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
	})
	return &holder{cmd.Process, in, bufio.NewScanner(out)}
}

// hears returns the rest of the holder's next line, which must begin so.
func (h *holder) hears(t *testing.T, begin string) string {
	t.Helper()
	if !h.out.Scan() {
		t.Fatalf("the holder ended, want it to say %q", begin)
	}
	rest, ok := strings.CutPrefix(h.out.Text(), begin)
	if !ok {
		t.Fatalf("the holder says %q, want %q", h.out.Text(), begin)
	}
	return strings.TrimSpace(rest)
}

func (h *holder) order(t *testing.T, what string) {
	t.Helper()
	_, err := fmt.Fprintln(h.in, what)
	must(t, err)
}

// TestPausedHolder: two processes; the first is stopped until its lock has gone to the second, and then goes on.
func TestPausedHolder(t *testing.T) {
	t.Parallel()
	key := newKey(t)
	first := startHolder(t, key)
	one, err := strconv.ParseInt(first.hears(t, "held"), 10, 64)
	must(t, err)
	first.order(t, "write")
	is(t, "the first holder's write", first.hears(t, "written"), "true <nil>")

	must(t, first.process.Signal(syscall.SIGSTOP))
	second := startHolder(t, key) // waits for the TTL
	two, err := strconv.ParseInt(second.hears(t, "held"), 10, 64)
	must(t, err)
	if two <= one {
		t.Errorf("the second holder's fencing number is %d, the first one's %d", two, one)
	}
	second.order(t, "write")
	is(t, "the second holder's write", second.hears(t, "written"), "true <nil>")

	must(t, first.process.Signal(syscall.SIGCONT))
	woken := time.Now()
	if why := first.hears(t, "told:"); !strings.Contains(why, "the lock was lost") {
		t.Errorf("the first holder is told %q", why)
	}
	if took := time.Since(woken); took > pausedTTL/3 {
		t.Errorf("the first holder is told %v after it was woken, want %v at most", took, pausedTTL/3)
	}
	first.order(t, "write")
	is(t, "the first holder's late write", first.hears(t, "written"), "false <nil>")
	first.order(t, "release")
	if said := first.hears(t, "released"); !strings.Contains(said, "the lock was lost") {
		t.Errorf("the first holder's release says %q", said)
	}
	second.order(t, "write") // untouched by all that
	is(t, "the second holder's write", second.hears(t, "written"), "true <nil>")
	second.order(t, "release")
	is(t, "the second holder's release", second.hears(t, "released"), "<nil>")
}
