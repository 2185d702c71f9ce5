package fairlead_test

import (
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/fairlead-go/fairlead"
	"github.com/fairlead-go/fairlead/redis"
	"github.com/fairlead-go/fairlead/redistest"
)

// consumerEnv makes this test's program, started again, a process that consumes: its name in the group, and the server's URL.
const consumerEnv = "FAIRLEAD_TEST_CONSUMER"

// TestConsumerProcess is the part of such a process; in an ordinary run there is none. It goes on until it is killed.
func TestConsumerProcess(t *testing.T) {
	name, url, is := strings.Cut(os.Getenv(consumerEnv), " at ")
	if !is {
		return
	}
	c := open(t, url)
	args := fairlead.ConsumeArgs{Group: "g", Consumer: name, Streams: []string{"s"}, MinIdle: time.Second, Count: 20}
	for m, err := range c.Consume(background, args) {
		must(t, err)
		p := c.Pipeline() // what is done with an entry: it is counted
		fairlead.Queue(p, redis.HIncrBy("handled", m.ID, 1))
		fairlead.Queue(p, redis.HIncrBy("by", name, 1))
		must(t, p.Exec(background))
		must(t, m.Ack(background))
	}
}

func startConsumer(t *testing.T, name, url string) *exec.Cmd {
	t.Helper()
	cmd := exec.Command(os.Args[0], "-test.run=^TestConsumerProcess$")
	cmd.Env = append(os.Environ(), consumerEnv+"="+name+" at "+url)
	cmd.Stderr = os.Stderr
	must(t, cmd.Start())
	return cmd
}

// endProcess kills a process, as nothing can be done against, and waits until it is gone.
func endProcess(t *testing.T, cmd *exec.Cmd) {
	t.Helper()
	must(t, cmd.Process.Kill())
	_ = cmd.Wait() // that it was killed is no news
}

// TestConsumersAreKilled: three processes consume, one of which is killed at random again and again and started anew, half of the
// times under another name. Every entry is handled, and few of them twice.
func TestConsumersAreKilled(t *testing.T) {
	t.Parallel()
	s := redistest.Start(t)
	c := openTo(t, &fairlead.Options{Addr: s.Addr()})
	must(t, c.XGroupCreateMkStream(background, "s", "g", "0"))
	names := []string{"ann", "bob", "cid"}
	processes := make([]*exec.Cmd, len(names))
	for i := range processes {
		processes[i] = startConsumer(t, names[i], s.URL())
		t.Cleanup(func() { endProcess(t, processes[i]) })
	}
	redistest.Eventually(t, 4*patience, "all three wait for entries", func() bool {
		clients, err := s.Do("INFO", "clients")
		return err == nil && strings.Contains(clients, "blocked_clients:3")
	})
	added, kills, every := 0, 5, 300*time.Millisecond
	if soaking() {
		kills, every = 30, time.Second
	}
	for n := range kills {
		added += addFor(t, s, "s", every)
		i := rand.IntN(len(names))
		endProcess(t, processes[i])
		if n%2 == 0 {
			names[i] = fmt.Sprintf("%.3s-%d", names[i], n)
		}
		processes[i] = startConsumer(t, names[i], s.URL())
	}
	redistest.Eventually(t, 4*patience, "everything is read and acknowledged", func() bool { return allDone(c, "s", "g") })
	handled, err := fairlead.As[map[string]int](c.HGetAll(background, "handled"))
	must(t, err)
	twice, most := 0, 0
	for _, n := range handled {
		if n > 1 {
			twice++
		}
		most = max(most, n)
	}
	is(t, "entries handled", len(handled), added)
	is(t, "a kill costs less than what its process had read ahead", twice < 20*kills, true)
	by, err := c.HGetAll(background, "by")
	must(t, err)
	t.Logf("%d entries, %d kills: none lost, %d handled more than once (at most %d times); by %v", added, kills, twice, most, by)
}
