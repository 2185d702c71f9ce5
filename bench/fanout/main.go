// Command fanout measures how fast messages published to one channel reach ten subscribers, with Fairlead and with the other clients for
// Go, against a server that it starts itself.
//
//	go run ./bench/fanout -seconds 3 -rounds 3
//	go run ./bench/fanout -seconds 3 -rounds 7 -stalled
//
// One bare socket publishes, in batches, and waits while the slowest subscriber is a window of messages behind: nobody loses any, and each
// client runs as fast as it can. Every message has its number, and every subscriber checks that the numbers come without a gap. The CPU
// is that of the whole process, the publisher's included.
package main

import (
	"bufio"
	"context"
	"errors"
	"flag"
	"fmt"
	"net"
	"os"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"syscall"
	"time"

	"github.com/fairlead-go/fairlead/redistest"
)

const (
	channel = "fanout"
	batch   = 64 // messages in one write
	payload = 64 // bytes of each
	patient = 10 * time.Second
)

// A settings is what the flags say.
type settings struct {
	window, subscribers int
	length              time.Duration
}

// A result is one run of one client.
type result struct {
	messages float64 // published for each second, each received by all subscribers
	cpu      time.Duration
	conns    int // connections that the client's subscribers hold
}

func main() {
	seconds := flag.Float64("seconds", 3, "length of one run")
	rounds := flag.Int("rounds", 3, "runs of each client, in turns")
	window := flag.Int("window", 2048, "messages that the slowest subscriber may be behind")
	subscribers := flag.Int("subscribers", 10, "subscribers of the channel")
	never := flag.Bool("stalled", false, "latency of Fairlead's subscribers beside one that never receives, instead")
	only := flag.String("drivers", "", "clients, separated by commas; all if empty")
	flag.Parse()
	s := settings{*window, *subscribers, time.Duration(*seconds * float64(time.Second))}
	if err := measure(s, *rounds, *only, *never); err != nil {
		fmt.Fprintln(os.Stderr, "fanout:", err)
		os.Exit(1)
	}
}

func measure(s settings, rounds int, only string, never bool) error {
	server, err := redistest.StartProcess(context.Background())
	if err != nil {
		return err
	}
	defer server.Close()
	if never {
		return stalled(server.Addr(), s, rounds)
	}
	results := map[string][]result{}
	for range rounds {
		for _, d := range drivers {
			if only != "" && !slices.Contains(strings.Split(only, ","), d.name) {
				continue
			}
			r, err := run(server.Addr(), d, s)
			if err != nil {
				return fmt.Errorf("%s: %w", d.name, err)
			}
			results[d.name] = append(results[d.name], r)
		}
	}
	fmt.Printf("%d subscribers, %d bytes, window %d, median of %d runs of %v\n\n", s.subscribers, payload, s.window, rounds, s.length)
	fmt.Printf("| client | connections | published/s | delivered/s | CPU per delivery |\n|---|---|---|---|---|\n")
	for _, d := range drivers {
		all := results[d.name]
		if len(all) == 0 {
			continue
		}
		slices.SortFunc(all, func(a, b result) int { return int(a.messages - b.messages) })
		m := all[len(all)/2]
		delivered := m.messages * float64(s.subscribers)
		fmt.Printf("| %s | %d | %.0f | %.0f | %v |\n", d.name, m.conns, m.messages, delivered,
			time.Duration(float64(m.cpu)/(delivered*s.length.Seconds())))
	}
	return nil
}

// A counter is how many messages a subscriber has received.
type counter struct {
	n atomic.Int64
	_ [56]byte // no two on one cache line
}

// got checks a message's number and counts it.
func (c *counter) got(text string) error {
	n := c.n.Load()
	if number, err := strconv.ParseInt(text[:12], 10, 64); err != nil || number != n {
		return fmt.Errorf("message %q came where %d was expected", text[:12], n)
	}
	c.n.Store(n + 1)
	return nil
}

func run(addr string, d driver, s settings) (result, error) {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	counters := make([]counter, s.subscribers)
	failed := make(chan error, s.subscribers)
	stop, err := d.subscribe(ctx, addr, counters, func(err error) {
		if ctx.Err() == nil {
			failed <- err
		}
	})
	if err != nil {
		return result{}, err
	}
	defer func() {
		cancel()
		stop()
	}()
	p, err := newPublisher(addr)
	if err != nil {
		return result{}, err
	}
	defer p.conn.Close()
	conns, err := p.subscribed(s.subscribers)
	if err != nil {
		return result{}, err
	}
	runtime.GC()
	began, cpu := time.Now(), used()
	for time.Since(began) < s.length {
		if err := p.send(); err != nil {
			return result{}, err
		}
		if err := await(counters, p.sent-int64(s.window), failed); err != nil {
			return result{}, err
		}
	}
	if err := await(counters, p.sent, failed); err != nil {
		return result{}, err
	}
	took := time.Since(began)
	return result{messages: float64(p.sent) / took.Seconds(), cpu: used() - cpu, conns: conns}, nil
}

// await waits until every subscriber has received so many messages.
func await(counters []counter, least int64, failed <-chan error) error {
	for began := time.Now(); ; {
		behind := false
		for i := range counters {
			behind = behind || counters[i].n.Load() < least
		}
		if !behind {
			return nil
		}
		select {
		case err := <-failed:
			return err
		case <-time.After(50 * time.Microsecond):
		}
		if time.Since(began) > patient {
			return errors.New("a subscriber receives nothing more")
		}
	}
}

// A publisher is a bare socket.
type publisher struct {
	conn net.Conn
	in   *bufio.Reader
	out  []byte
	sent int64
}

func newPublisher(addr string) (*publisher, error) {
	c, err := net.Dial("tcp", addr)
	if err != nil {
		return nil, err
	}
	return &publisher{conn: c, in: bufio.NewReader(c)}, nil
}

// send publishes a batch and waits for the server's answers.
func (p *publisher) send() error {
	p.out = p.out[:0]
	for range batch {
		p.out = fmt.Appendf(p.out, "*3\r\n$7\r\nPUBLISH\r\n$%d\r\n%s\r\n$%d\r\n%012d%*s\r\n", len(channel), channel, payload, p.sent, payload-12, "")
		p.sent++
	}
	if _, err := p.conn.Write(p.out); err != nil {
		return err
	}
	for range batch {
		if _, err := p.in.ReadSlice('\n'); err != nil {
			return err
		}
	}
	return nil
}

// subscribed waits until publishing reaches a stable number of connections, by asking the server, and returns how many there are.
func (p *publisher) subscribed(most int) (int, error) {
	last, same := -1, 0
	for range 1000 {
		fmt.Fprintf(p.conn, "*3\r\n$6\r\nPUBSUB\r\n$6\r\nNUMSUB\r\n$%d\r\n%s\r\n", len(channel), channel)
		n := 0
		for line := range 4 {
			text, err := p.in.ReadString('\n')
			if err != nil {
				return 0, err
			}
			if line == 3 {
				n, _ = strconv.Atoi(strings.TrimSpace(text[1:])) // 0 where it is no number: then it is asked again
			}
		}
		if same++; n != last || n == 0 {
			last, same = n, 0
		}
		if n == most || same > 50 {
			return n, nil
		}
		time.Sleep(2 * time.Millisecond)
	}
	return 0, errors.New("nobody subscribes")
}

// used is the CPU time of this process.
func used() time.Duration {
	var u syscall.Rusage
	if syscall.Getrusage(syscall.RUSAGE_SELF, &u) != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
