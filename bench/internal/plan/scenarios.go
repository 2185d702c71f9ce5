package plan

import "github.com/fairlead-go/fairlead/bench/internal/sample"

// All returns every scenario, in the order of the report.
func All() []Scenario {
	return []Scenario{
		oneGoroutine(), manyGoroutines(), withContexts(), mixes(),
		pipes(), largeValues(), headOfLine(), aggregates(), idle(), bursts(), offeredRate(), hooks(),
	}
}

// Find returns a scenario by its letters, and whether there is one.
func Find(scenarios []Scenario, id string) (Scenario, bool) {
	for _, s := range scenarios {
		if s.ID == id {
			return s, true
		}
	}
	return Scenario{}, false
}

// Columns that several tables have.
var (
	rate        = Column{sample.Rate, "ops/s"}
	cpu         = Column{sample.CPU, "cpu µs/op"}
	system      = Column{sample.System, "of it sys"}
	calls       = Column{sample.Calls, "rd+wr/op"}
	switches    = Column{sample.Switches, "ctx sw/op"}
	batch       = Column{sample.Batch, "cmds/srv read"}
	serverCPU   = Column{sample.ServerCPU, "server µs/cmd"}
	allocs      = Column{sample.Allocs, "allocs/op"}
	allocated   = Column{sample.Allocated, "B/op"}
	p50         = Column{sample.P50, "p50 µs"}
	p99         = Column{sample.P99, "p99 µs"}
	p999        = Column{sample.P999, "p99.9 µs"}
	connections = Column{sample.Connections, "conns"}
	bytesRate   = Column{sample.Bytes, "MB/s"}

	loaded = []Column{rate, p50, p99, p999, cpu, system, calls, switches, batch, connections, allocs, allocated}
)
