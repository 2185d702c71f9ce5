package fairlead_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/fairlead-go/fairlead"
	"github.com/fairlead-go/fairlead/redis"
	"github.com/fairlead-go/fairlead/redistest"
)

// monitored is what a loop over Monitor got.
type monitored struct {
	line redis.MonitorLine
	err  error
}

// startMonitor loops over Monitor until the test ends, and returns when the server knows of it.
func startMonitor(ctx context.Context, t *testing.T, c *fairlead.Client, server *redistest.Server) <-chan monitored {
	t.Helper()
	got := make(chan monitored, 100)
	go func() { // ends with the context, or with the client
		defer close(got)
		for line, err := range c.Monitor(ctx) {
			got <- monitored{line, err}
		}
	}()
	redistest.Eventually(t, patience, "the server knows a monitor", func() bool { return monitors(server) == 1 })
	return got
}

// monitors is how many connections the server tells every command.
func monitors(server *redistest.Server) int {
	n := 0
	clients, err := server.Clients()
	for _, client := range clients {
		if err == nil && strings.Contains(client["flags"], "O") {
			n++
		}
	}
	return n
}

func TestMonitor(t *testing.T) {
	t.Parallel()
	server := redistest.Start(t)
	for _, protocol := range []int{2, 3} {
		t.Run(fmt.Sprintf("RESP%d", protocol), func(t *testing.T) {
			watching := openTo(t, &fairlead.Options{Addr: server.Addr(), Protocol: protocol})
			c := openTo(t, &fairlead.Options{Addr: server.Addr(), DB: 3})
			_, err := c.Ping(background)
			must(t, err)
			ctx, cancel := context.WithCancel(background)
			got := startMonitor(ctx, t, watching, server)

			began := time.Now()
			must(t, c.Set(background, "key with \"quotes\"", "a\r\n\x00\xff\\", 0))
			_, err = c.Eval(background, "return redis.call('GET', KEYS[1])", []string{"k"})
			must(t, err)
			addr := ""
			for _, want := range []struct {
				lua  bool
				args []string
			}{
				{false, []string{"SET", "key with \"quotes\"", "a\r\n\x00\xff\\"}},
				{false, []string{"EVAL", "return redis.call('GET', KEYS[1])", "1", "k"}},
				{true, []string{"GET", "k"}},
			} {
				m := <-got
				for m.err == nil && strings.EqualFold(m.line.Args[0], "CLIENT") { // the test's own questions
					m = <-got
				}
				must(t, m.err)
				same(t, "arguments", m.line.Args, want.args)
				is(t, "by a script", m.line.Lua, want.lua)
				is(t, "database", m.line.DB, 3)
				if !want.lua && addr == "" {
					addr = m.line.ClientAddr
				}
				if off := m.line.Time.Sub(began).Abs(); off > time.Minute {
					t.Errorf("it ran %v away from now", off)
				}
			}
			is(t, "the address is one", strings.HasPrefix(addr, "127.0.0.1:"), true)
			cancel()
			last := monitored{}
			for m := range got {
				last = m
			}
			wraps(t, last.err, context.Canceled)
			redistest.Eventually(t, patience, "the connection is closed", func() bool { return monitors(server) == 0 })
		})
	}
}

// TestMonitorThatIsLeft: the loop's end is the connection's.
func TestMonitorThatIsLeft(t *testing.T) {
	t.Parallel()
	o := fairlead.Options{}
	closed := watchClosed(&o)
	fake := redistest.NewFake(t, func(c *redistest.FakeConn) {
		c.AnswerHandshake()
		c.Expect("*1\r\n$7\r\nMONITOR\r\n")
		c.Reply("+OK\r\n+1700000000.000001 [0 127.0.0.1:1] \"GET\" \"k\"\r\n+170")
		c.Hang()
	})
	o.Addr = fake.Addr()
	c := openTo(t, &o)
	for line, err := range c.Monitor(background) {
		must(t, err)
		same(t, "arguments", line.Args, []string{"GET", "k"})
		break
	}
	is(t, "cause", (<-closed).Cause, fairlead.CauseDirty)
	is(t, "connections", c.Pool().Stats().Open, 0)
}

func TestMonitorEnds(t *testing.T) {
	t.Parallel()
	const line = "+1700000000.000001 [0 127.0.0.1:1] \"GET\" \"k\"\r\n"
	for _, test := range []struct {
		name  string
		reply string
		lines int
		end   func(c *redistest.FakeConn)
		want  []string
	}{
		{"the server hangs up", "+OK\r\n" + line + line, 2, (*redistest.FakeConn).Close, []string{"MONITOR at", "closed by the server"}},
		{"it is refused", "-NOPERM this user may not\r\n", 0, (*redistest.FakeConn).Hang, []string{"NOPERM this user may not"}},
		{"a line is none", "+OK\r\n" + line + "+what\r\n", 1, (*redistest.FakeConn).Hang, []string{`"what" is no line of MONITOR`}},
		{"no RESP", "+OK\r\n" + line + "what\r\n", 1, (*redistest.FakeConn).Hang, []string{"MONITOR at", "protocol broken"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			fake := redistest.NewFake(t, func(c *redistest.FakeConn) {
				c.AnswerHandshake()
				c.ExpectCommand("MONITOR")
				c.Reply(test.reply)
				test.end(c)
			})
			lines := 0
			var last error
			for _, err := range open(t, fake.URL()).Monitor(background) {
				if last = err; err == nil {
					lines++
				}
			}
			is(t, "lines before the end", lines, test.lines)
			says(t, last, test.want...)
		})
	}
}

// TestSlowMonitor: what waits for the loop is bounded, and nothing is left out in silence.
func TestSlowMonitor(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("x", 1<<20)
	sent := make(chan struct{})
	fake := redistest.NewFake(t, func(c *redistest.FakeConn) {
		c.AnswerHandshake()
		c.ExpectCommand("MONITOR")
		c.Reply("+OK\r\n")
		for i := range 30 {
			c.Reply(fmt.Sprintf("+1700000000.%06d [0 127.0.0.1:1] \"SET\" \"k\" \"%s\"\r\n", i, long))
		}
		close(sent) // all but what the sockets hold was read
		c.Hang()
	})
	lines := 0
	var last error
	for line, err := range open(t, fake.URL()).Monitor(background) {
		if last = err; err != nil {
			break
		}
		is(t, "the number of the line", line.Time.Nanosecond()/1000, lines)
		if lines++; lines == 1 {
			<-sent
		}
	}
	wraps(t, last, fairlead.ErrSlowMonitor)
	if lines < 15 || lines > 20 { // 16 MiB, and what came before the loop held still
		t.Errorf("%d lines of a MiB came before the end", lines)
	}
}

func TestMonitorNeedsAClient(t *testing.T) {
	eachProtocol(t, func(t *testing.T, c *fairlead.Client) {
		for _, err := range lend(t, c).Monitor(background) {
			says(t, err, "MONITOR", "a connection of its own comes from a Client")
		}
		//lint:ignore SA1012 a nil context is what is tested
		for _, err := range c.Monitor(nil) {
			says(t, err, "MONITOR", "context is nil")
		}
		for _, err := range new(fairlead.Client).Monitor(background) {
			says(t, err, "MONITOR", "belong to no client")
		}
	})
}

// TestConnThatIsLeftAlone: CLIENT NO-EVICT and NO-TOUCH.
func TestConnThatIsLeftAlone(t *testing.T) {
	t.Parallel()
	o := fairlead.Options{}
	closed := watchClosed(&o)
	fake := redistest.NewFake(t, func(c *redistest.FakeConn) {
		c.AnswerHandshake()
		c.Expect("*3\r\n$6\r\nCLIENT\r\n$8\r\nNO-EVICT\r\n$2\r\nON\r\n")
		c.Reply("+OK\r\n")
		c.Expect("*3\r\n$6\r\nCLIENT\r\n$8\r\nNO-TOUCH\r\n$3\r\nOFF\r\n")
		c.Reply("-ERR unknown subcommand\r\n")
		c.Hang()
	})
	o.Addr = fake.Addr()
	own := lend(t, openTo(t, &o))
	must(t, own.ClientNoEvict(background, true))
	says(t, own.ClientNoTouch(background, false), "ERR unknown subcommand")
	must(t, own.Close())
	is(t, "cause", (<-closed).Cause, fairlead.CauseDirty)
}
