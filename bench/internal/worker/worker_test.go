package worker

import (
	"context"
	"encoding/binary"
	"os"
	"slices"
	"testing"
	"time"

	"github.com/fairlead-go/fairlead/bench/internal/dataset"
	"github.com/fairlead-go/fairlead/bench/internal/driver"
	"github.com/fairlead-go/fairlead/bench/internal/machine"
	"github.com/fairlead-go/fairlead/bench/internal/plan"
	"github.com/fairlead-go/fairlead/bench/internal/sample"
	"github.com/fairlead-go/fairlead/redistest"
)

// start starts a server with the data in it.
func start(t *testing.T) (tcp, unix driver.Config) {
	t.Helper()
	server := redistest.Start(t)
	tcp = driver.Config{Network: "tcp", Addr: server.Addr(), Pool: 4}
	unix = driver.Config{Network: "unix", Addr: server.SocketPath(), Pool: 4}
	conn, err := driver.Dial(tcp)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	if err := dataset.Seed(conn, false, false); err != nil {
		t.Fatal(err)
	}
	return tcp, unix
}

func TestEveryDriverAnswersRight(t *testing.T) {
	t.Parallel()
	tcp, unix := start(t)
	for _, d := range driver.All() {
		for _, cfg := range []driver.Config{tcp, unix} {
			t.Run(d.Name+" over "+cfg.Network, func(t *testing.T) { // one after another, as they write to the same keys
				client, err := d.Open(cfg)
				if err != nil {
					t.Fatal(err)
				}
				for _, cell := range []plan.Cell{
					{Op: plan.Get}, {Op: plan.Set}, {Op: plan.Mix, Reads: 50, Random: true}, {Op: plan.Pipe, N: 10},
					{Op: plan.MGet, N: 10}, {Op: plan.HGetAll}, {Op: plan.LRange}, {Op: plan.Get, Value: 256 << 10}, {Op: plan.Set, Value: 256 << 10},
					{Op: plan.Get, Context: plan.Timeout}, {Op: plan.Get, Context: plan.Cancel}, {Op: plan.Get, Context: plan.Mixed},
					{Op: plan.Get, Context: plan.Fresh},
				} {
					checkCell(t, client, cell)
				}
				if err := client.Close(); err != nil {
					t.Errorf("close: %v", err)
				}
			})
		}
	}
}

// checkCell verifies a driver in a cell and lets it run there a few times.
func checkCell(t *testing.T, client driver.Client, cell plan.Cell) {
	t.Helper()
	w, cancel := newWork(cell)
	defer cancel()
	if err := verify(context.Background(), client, w); err != nil {
		t.Errorf("%+v: %v", cell, err)
	}
	for g := range 3 {
		f := w.of(client, g)
		for i := range 3 {
			if err := f(i); err != nil {
				t.Errorf("%+v: %v", cell, err)
			}
		}
	}
}

func TestSamples(t *testing.T) {
	t.Parallel()
	tcp, _ := start(t)
	conn, err := driver.Dial(tcp)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	if err := conn.Set(t.Context(), dataset.LargeKey(largeValue), dataset.LargeValue(largeValue)); err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		name   string
		cell   plan.Cell
		driver string
		has    []string
	}{
		{"one goroutine", plan.Cell{Op: plan.Get, Goroutines: 1}, "raw", []string{sample.Rate, sample.CPU, sample.P99}},
		{"many", plan.Cell{Op: plan.Get, Goroutines: 8, Context: plan.Mixed}, "fairlead", []string{sample.Connections, sample.Batch}},
		{"pipe", plan.Cell{Op: plan.Pipe, Goroutines: 1, N: 10}, "fairlead", []string{sample.Commands, sample.CommandCPU}},
		{"beside large values with new names", plan.Cell{Op: plan.Get, Goroutines: 2, Large: 2, NewNames: true,
			Window: 500 * time.Millisecond}, "fairlead",
			[]string{sample.LargeBytes, sample.LargeP50}},
		{"large", plan.Cell{Op: plan.Set, Goroutines: 1, Value: 16 << 10}, "redigo", []string{sample.Bytes, sample.MegabyteCPU}},
	} {
		t.Run(test.name, func(t *testing.T) {
			spec := Spec{Driver: test.driver, Cell: test.cell, Server: tcp, Warm: time.Millisecond,
				Window: max(test.cell.Window, 30*time.Millisecond)}
			s, err := Run(spec, nil, os.Stdout)
			if err != nil {
				t.Fatal(err)
			}
			for _, metric := range test.has {
				if s[metric] <= 0 {
					t.Errorf("%s is %v", metric, s[metric])
				}
			}
		})
	}
}

func TestOfferedRate(t *testing.T) {
	t.Parallel()
	tcp, _ := start(t)
	in, arrivals, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	told, out, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer told.Close()
	const requests = 400
	go func() { // it ends when the requests are written
		defer arrivals.Close()
		line := make([]byte, len(Ready)+1)
		if _, err := told.Read(line); err != nil {
			return
		}
		for range requests {
			_, _ = arrivals.Write(binary.LittleEndian.AppendUint64(nil, uint64(machine.Monotonic())))
		}
	}()
	spec := Spec{Driver: "fairlead", Cell: plan.Cell{Op: plan.Get, Goroutines: 4, Rate: 1}, Server: tcp, Window: time.Second}
	s, err := Run(spec, in, out)
	if err != nil {
		t.Fatal(err)
	}
	if s[sample.Offered] != requests || s[sample.OperationsRun] != requests {
		t.Errorf("%v requests became due and %v were answered, want %d", s[sample.Offered], s[sample.OperationsRun], requests)
	}
}

// Not in parallel: the sockets are the process's.
func TestIdleness(t *testing.T) {
	tcp, _ := start(t)
	for _, d := range []string{"fairlead", "redigo"} {
		s, err := Run(Spec{Driver: d, Cell: plan.Cell{Op: plan.IdleConns, N: 20}, Server: tcp}, nil, os.Stdout)
		if err != nil {
			t.Fatal(err)
		}
		if s[sample.Connections] < 20 {
			t.Errorf("%s holds %v connections, want 20", d, s[sample.Connections])
		}
	}
}

func TestUnknownDriver(t *testing.T) {
	t.Parallel()
	if _, err := Run(Spec{Driver: "nobody"}, nil, os.Stdout); err == nil {
		t.Error("a driver that does not exist was measured")
	}
}

func TestDiceAreEven(t *testing.T) {
	t.Parallel()
	counts := make([]int, 10)
	dice := newDice(3)
	for range 10000 {
		counts[dice.below(10)]++
	}
	if slices.Min(counts) < 850 || slices.Max(counts) > 1150 {
		t.Errorf("10000 throws of 0 to 9 fell %v", counts)
	}
}
