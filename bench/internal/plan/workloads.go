package plan

import (
	"fmt"
	"time"

	"github.com/fairlead-go/fairlead/bench/internal/sample"
)

// SizeName writes a number of bytes as cell names have it.
func SizeName(bytes int) string {
	switch {
	case bytes >= 1<<20:
		return fmt.Sprintf("%d MiB", bytes>>20)
	case bytes >= 1<<10:
		return fmt.Sprintf("%d KiB", bytes>>10)
	}
	return fmt.Sprintf("%d B", bytes)
}

func mixes() Scenario {
	s := Scenario{
		ID: "W", Title: "Mixed work: 64 goroutines GET and SET 16 B of random keys; 8 goroutines GET or SET larger values (2 for 64 MiB)",
		Primary: sample.Rate, CPU: sample.CPU, Places: []string{Free}, Window: 200 * time.Millisecond,
		Columns: []Column{rate, bytesRate, p50, p99, p999, cpu, system, calls, switches, connections, allocs, allocated},
	}
	for _, reads := range []int{90, 50} {
		for _, wide := range []bool{false, true} {
			of := "1000 keys"
			if wide {
				of = "1 million keys"
			}
			s.Cells = append(s.Cells, Cell{Name: fmt.Sprintf("%d/%d of %s", reads, 100-reads, of), Op: Mix, Reads: reads, Goroutines: 64,
				Random: !wide, Wide: wide, Rank: Extra})
		}
	}
	for _, size := range []int{1 << 10, 16 << 10, 256 << 10, 1 << 20, 64 << 20} {
		goroutines, window := 8, time.Duration(0)
		if size == 64<<20 {
			goroutines, window = 2, 800*time.Millisecond
		}
		for _, op := range []string{Get, Set} {
			s.Cells = append(s.Cells, Cell{Name: op + " " + SizeName(size), Op: op, Value: size, Goroutines: goroutines,
				Window: window, Rank: Extra})
		}
	}
	return s
}

func pipes() Scenario {
	s := Scenario{
		ID: "C", Title: "Explicit pipes of n SETs, one goroutine", Primary: sample.Commands, CPU: sample.CommandCPU,
		Places: []string{Split}, Window: 250 * time.Millisecond,
		Columns: []Column{{sample.Commands, "commands/s"}, {sample.CommandCPU, "cpu µs/cmd"}, p50, p99, serverCPU,
			{sample.CommandAllocs, "allocs/cmd"}, {sample.CommandBytes, "B/cmd"}},
	}
	for _, n := range []int{10, 100, 1000} {
		c := Cell{Name: fmt.Sprint(n), Op: Pipe, Goroutines: 1, N: n}
		if n == 10 {
			c.Rank = Telling
		}
		if n == 100 {
			c.Quick = []string{Split}
		}
		s.Cells = append(s.Cells, c)
	}
	return s
}

func largeValues() Scenario {
	s := Scenario{
		ID: "D", Title: "Large values, one goroutine", Primary: sample.Bytes, CPU: sample.MegabyteCPU,
		Places: []string{Split}, Window: 300 * time.Millisecond,
		Columns: []Column{bytesRate, {sample.MegabyteCPU, "cpu µs/MB"}, p50, {sample.PeakMemory, "peak MiB"}, calls, allocs, allocated},
	}
	for _, size := range []int{1 << 20, 64 << 20} {
		for _, op := range []string{Get, Set} {
			c := Cell{Name: op + " " + SizeName(size), Op: op, Value: size, Goroutines: 1}
			if op == Get && size == 1<<20 {
				c.Quick = []string{Split}
			}
			s.Cells = append(s.Cells, c)
		}
	}
	return s
}

// The cells of E.
const (
	BackToBack = "back to back"
	EveryPause = "every 50 ms"
	NewNames   = "every 50 ms, new names"
)

func headOfLine() Scenario {
	s := Scenario{
		ID: "E", Title: "64 goroutines GET 16 B beside 2 that GET 8 MiB, one client; but for new names the large keys stay the same",
		Primary: sample.P99, Lower: true,
		Places: []string{Split}, Window: time.Second,
		Columns: []Column{p50, p99, p999, {sample.Rate, "small ops/s"}, {sample.LargeBytes, "large MB/s"},
			{sample.LargeP50, "large p50 µs"}, cpu, connections},
		Cells: []Cell{
			{Name: BackToBack, Op: Get, Goroutines: 64, Large: 2},
			{Name: EveryPause, Op: Get, Goroutines: 64, Large: 2, LargeRest: 50 * time.Millisecond, Rest: 2 * time.Millisecond},
			{Name: NewNames, Op: Get, Goroutines: 64, Large: 2, LargeRest: 50 * time.Millisecond, Rest: 2 * time.Millisecond,
				NewNames: true, Rank: Extra},
		},
	}
	for i := range s.Cells {
		s.Cells[i].Also = []string{"rueidis-mux"}
	}
	return s
}

func aggregates() Scenario {
	return Scenario{
		ID: "F", Title: "Aggregates, one goroutine", Primary: sample.Rate, CPU: sample.CPU,
		Places: []string{Split}, Window: 250 * time.Millisecond,
		Columns: []Column{rate, p50, p99, cpu, system, serverCPU, calls, allocs, allocated},
		Cells: []Cell{
			{Name: "HGETALL 1000", Op: HGetAll, Goroutines: 1, Quick: []string{Split}},
			{Name: "LRANGE 10000", Op: LRange, Goroutines: 1},
			{Name: "MGET 1000", Op: MGet, Goroutines: 1, N: 1000, Rank: Telling},
		},
	}
}

// The cells of H.
const (
	FixedRate = "20000/s"
	HalfRate  = "half of the maximum"
)

func offeredRate() Scenario {
	return Scenario{
		ID: "H", Title: "Offered rate: GET 16 B by 256 goroutines, latency from the moment when a request was due",
		Primary: sample.P99, Lower: true, CPU: sample.CPU, Places: []string{Split}, Window: 800 * time.Millisecond,
		Columns: []Column{{sample.Offered, "offered/s"}, rate, p50, p99, p999, {sample.Unserved, "unserved %"},
			cpu, system, batch, connections},
		Cells: []Cell{
			{Name: FixedRate, Op: Get, Goroutines: 256, Rate: 20000, Quick: []string{Split}},
			{Name: HalfRate, Op: Get, Goroutines: 256, HalfRate: true},
		},
	}
}

func hooks() Scenario {
	both := []string{"fairlead", "fairlead-trace"}
	return Scenario{
		ID: "T", Title: "What a hook costs: GET 16 B without and with Trace.CommandEnd set", Primary: sample.Rate, CPU: sample.CPU,
		Columns: []Column{rate, p50, p99, cpu, system, allocs, allocated}, Places: []string{Same}, Window: 250 * time.Millisecond,
		Cells: []Cell{
			{Name: "1 goroutine", Op: Get, Goroutines: 1, Drivers: both},
			{Name: "64 goroutines", Op: Get, Goroutines: 64, Drivers: both},
		},
	}
}
