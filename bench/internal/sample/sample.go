// Package sample holds what was measured: one Sample per worker process, and the file of a whole run.
package sample

// A Sample is what one worker measured, by metric.
type Sample map[string]float64

// The metrics. Times are in µs, sizes in bytes unless the name says otherwise.
const (
	Rate          = "ops/s"
	Commands      = "commands/s" // operations times the commands of a pipe
	Bytes         = "MB/s"       // of values, in millions of bytes
	CPU           = "cpu"        // of the client's process, user and system, per operation
	System        = "sys"        // its system part
	CommandCPU    = "cpu/command"
	MegabyteCPU   = "cpu/MB"
	Calls         = "calls"    // read and write system calls per operation
	Switches      = "switches" // context switches per operation
	Allocs        = "allocs"
	Allocated     = "allocated" // bytes per operation
	CommandAllocs = "allocs/command"
	CommandBytes  = "allocated/command"
	P50           = "p50"
	P99           = "p99"
	P999          = "p99.9"
	ServerCPU     = "server cpu"      // per command
	Batch         = "commands/read"   // commands that the server got with one read
	Connections   = "connections"     // sockets of the worker while it was loaded
	PeakMemory    = "peak memory KiB" // resident
	LargeBytes    = "large bytes/s"   // of the large values beside small ones
	LargeP50      = "large p50"       // of the same
	Offered       = "offered/s"       // open loop: requests that became due
	Unserved      = "unserved %"      // open loop: requests that were not answered in time to be counted
	IdleResident  = "resident KiB/"   // per connection or client
	IdleHeap      = "heap KiB/"       // live heap, per connection or client
	IdleStack     = "stack KiB/"      // goroutine stacks, per connection or client
	IdleKept      = "heap+stack KiB/" // both
	IdleRoutines  = "goroutines/"     // per connection or client
	HeapMiB       = "heap MiB"        // live heap, of all of them
	KeptMiB       = "heap+stack MiB"  // live heap and goroutine stacks, of all of them
	IdleCPU       = "idle cpu ms/s"   // of a client that nobody uses
	BeforeMiB     = "before MiB"      // heap and stack in use before a burst
	PeakMiB       = "peak MiB"        // at its height
	After1MiB     = "after 1 s MiB"   // a second after it
	After10MiB    = "after 10 s MiB"  // ten seconds after it
	Disturbance   = "others"          // CPUs that other processes used meanwhile
	OperationsRun = "operations"      // that were counted
)

// Disturbed says that other processes took a tenth of a CPU or more.
func (s Sample) Disturbed() bool { return s[Disturbance] >= 0.1 }

// A Result is the sample of one driver in one cell and one round, or why there is none.
type Result struct {
	Scenario string
	Cell     string
	Place    string
	Driver   string
	Round    int
	Sample   Sample `json:",omitempty"`
	Err      string `json:",omitempty"`
}
