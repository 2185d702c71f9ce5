package plan

import "github.com/fairlead-go/fairlead/bench/internal/sample"

// The cells of G.
const (
	ThousandConns  = "1000 idle connections"
	HundredClients = "100 idle clients"
	AfterUse       = "client that 1000 goroutines used"
)

func idle() Scenario {
	return Scenario{
		ID: "G", Title: "What idleness costs", Primary: sample.IdleKept, Lower: true, Places: []string{Free},
		Columns: []Column{{sample.IdleKept, "heap+stack KiB each"}, {sample.IdleHeap, "heap KiB each"},
			{sample.IdleStack, "stack KiB each"}, {sample.IdleRoutines, "goroutines each"}, {sample.IdleResident, "RSS KiB each"}, {sample.HeapMiB, "heap MiB in all"},
			{sample.KeptMiB, "heap+stack MiB in all"},
			connections, {sample.IdleCPU, "idle cpu ms/s"}},
		Cells: []Cell{
			{Name: ThousandConns, Op: IdleConns, N: 1000, Rank: Once},
			{Name: HundredClients, Op: IdleClients, N: 100, Rank: Once},
			{Name: AfterUse, Op: IdleUsed, Goroutines: 1000, NoSessions: true, Together: true, Rank: Once},
		},
	}
}

func bursts() Scenario {
	return Scenario{
		ID: "M", Title: "Memory after a burst of 4096 goroutines: live heap and stacks of the process",
		Primary: sample.After10MiB, Lower: true, Places: []string{Free},
		Columns: []Column{{sample.BeforeMiB, "before MiB"}, {sample.PeakMiB, "in the burst MiB"}, {sample.After1MiB, "1 s after MiB"},
			{sample.After10MiB, "10 s after MiB"}, connections},
		Cells: []Cell{{Name: "4096 goroutines", Op: Burst, Goroutines: 4096, NoSessions: true, Together: true, Rank: Once}},
	}
}
