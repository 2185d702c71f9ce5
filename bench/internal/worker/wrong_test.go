package worker

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/fairlead-go/fairlead/bench/internal/dataset"
	"github.com/fairlead-go/fairlead/bench/internal/driver"
	"github.com/fairlead-go/fairlead/bench/internal/plan"
	"github.com/fairlead-go/fairlead/redistest"
)

// answer is a server that is right about everything but the command under test.
func answer(command, reply string) func(args []string) string {
	return func(args []string) string {
		switch name := strings.ToUpper(args[0]); name {
		case command:
			return reply
		case "HELLO":
			return "-ERR unknown command 'HELLO'\r\n"
		case "PING":
			return "+PONG\r\n"
		}
		return "+OK\r\n"
	}
}

// A driver that gets a wrong reply must say so: a fast wrong answer would otherwise look like a fast right one.
func TestWrongRepliesFail(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name, command, reply string
		cell                 plan.Cell
	}{
		{"a value that is too short", "GET", "$15\r\nvvvvvvvvvvvvvvv\r\n", plan.Cell{Op: plan.Get}},
		{"the value of another key", "GET", bulk(dataset.GetKeys().Value(1)), plan.Cell{Op: plan.Get}},
		{"a large value of another key", "GET", bulk(strings.Repeat("x", 1<<10)), plan.Cell{Op: plan.Get, Value: 1 << 10}},
		{"the values of MGET in another order", "MGET", "*2\r\n" + bulk(dataset.GetKeys().Value(1)) + bulk(dataset.GetKeys().Value(0)),
			plan.Cell{Op: plan.MGet, N: 2}},
		{"an error to GET", "GET", "-ERR no\r\n", plan.Cell{Op: plan.Get}},
		{"null to GET", "GET", "$-1\r\n", plan.Cell{Op: plan.Get}},
		{"an error to SET", "SET", "-OOM no\r\n", plan.Cell{Op: plan.Set}},
		{"too few elements of MGET", "MGET", "*1\r\n$16\r\nvvvvvvvvvvvvvvvv\r\n", plan.Cell{Op: plan.MGet, N: 2}},
		{"too few elements of LRANGE", "LRANGE", "*1\r\n$16\r\nvvvvvvvvvvvvvvvv\r\n", plan.Cell{Op: plan.LRange}},
		{"an error in a pipe", "SET", "-OOM no\r\n", plan.Cell{Op: plan.Pipe, N: 3}},
		{"an empty hash", "HGETALL", "*0\r\n", plan.Cell{Op: plan.HGetAll}},
	} {
		for _, d := range driver.All() {
			t.Run(d.Name+" gets "+test.name, func(t *testing.T) {
				t.Parallel()
				mustFail(t, d, test.cell, answer(test.command, test.reply))
			})
		}
	}
}

func bulk(text string) string { return fmt.Sprintf("$%d\r\n%s\r\n", len(text), text) }

// fairlead's Set returns no status, so its driver cannot look at it.
func TestWrongStatusesFail(t *testing.T) {
	t.Parallel()
	for _, d := range driver.All() {
		if d.Kind != driver.Candidate {
			t.Run(d.Name, func(t *testing.T) {
				t.Parallel()
				mustFail(t, d, plan.Cell{Op: plan.Set}, answer("SET", "+QUEUED\r\n"))
			})
		}
	}
}

// mustFail lets a driver do what the cell says, with a server that answers wrongly.
func mustFail(t *testing.T, d driver.Info, cell plan.Cell, server func(args []string) string) {
	t.Helper()
	fake := redistest.NewFake(t, func(c *redistest.FakeConn) { c.Serve(server) })
	client, err := d.Open(driver.Config{Network: "tcp", Addr: fake.Addr(), Pool: 2})
	if err != nil {
		t.Fatal(err)
	}
	defer client.Close()
	w, cancel := newWork(cell)
	defer cancel()
	if err := w.of(client, 0)(0); err == nil {
		t.Error("it took the wrong reply for a right one")
	}
}

// stranger is a client that answers with what was stored under another key.
type stranger struct{ driver.Client }

func (stranger) Set(context.Context, string, string) error { return nil }

func (stranger) Get(_ context.Context, key string) ([]byte, error) {
	return []byte(strings.Repeat("x", 16)), nil
}

func TestVerifyLooksAtTheContent(t *testing.T) {
	t.Parallel()
	w, cancel := newWork(plan.Cell{Op: plan.Get})
	defer cancel()
	if err := verify(context.Background(), stranger{}, w); err == nil {
		t.Error("a value of the right length and the wrong content was taken for right")
	}
}
