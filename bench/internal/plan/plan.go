// Package plan says what is measured: scenarios, their cells, and how their tables look.
package plan

import (
	"slices"
	"time"
)

// The placements of client and server.
const (
	Split = "split" // a CPU for the server, another for the client
	Same  = "same"  // one CPU for both
	Free  = "free"  // where the kernel puts them
)

// Places are all of them.
var Places = []string{Split, Same, Free}

// The kinds of contexts that commands get.
const (
	NoContext = ""        // context.Background
	Timeout   = "timeout" // a context.WithTimeout of its own for every command
	Fresh     = "fresh"   // a context.WithCancel of its own for every command
	Cancel    = "cancel"  // one that can be cancelled, shared by all
	Mixed     = "mixed"   // a third of the goroutines each of the above
)

// The operations.
const (
	Get         = "get"
	Set         = "set"
	Mix         = "mix" // of both
	Pipe        = "pipe"
	MGet        = "mget"
	HGetAll     = "hgetall"
	LRange      = "lrange"
	IdleConns   = "idle connections"
	IdleClients = "idle clients"
	IdleUsed    = "idle after use"
	Burst       = "burst"
)

// A Cell is one workload.
type Cell struct {
	Name       string
	Op         string
	Goroutines int
	Unix       bool
	Context    string
	Value      int  // bytes of a value; 0: 16
	Wide       bool // random keys of a million, not one after another of a thousand
	Random     bool // random keys of a thousand
	Reads      int  // of a mix, the percentage of GET
	N          int  // commands of a pipe, keys of MGET, connections or clients that idle

	// Large further goroutines GET values of 8 MiB. LargeRest and Rest are the pauses of such a goroutine and of an
	// ordinary one between calls: without them large replies saturate the server, and a closed loop weighs its stalls less the
	// faster the client is.
	Large           int
	LargeRest, Rest time.Duration

	// NewNames: each large value gets a new name before it is read, so that no client can know that it is large.
	NewNames bool

	// Rate is how many requests become due per second, in an open loop; 0 is a closed loop. HalfRate: half of what fairlead
	// reached with 512 goroutines.
	Rate     int
	HalfRate bool

	Places     []string      // instead of the scenario's
	Window     time.Duration // instead of the scenario's
	Drivers    []string      // only these; nil: all but those that must be named
	Also       []string      // further drivers, which must be named
	CrowdOnly  bool          // only drivers that share connections
	NoSessions bool          // not for drivers with a connection per goroutine
	Together   bool          // the workers of all drivers run at the same time: nothing is timed

	Rank  Rank
	Ranks map[string]Rank // in single places, instead
	Quick []string        // where it is measured in a quick run; nil: not at all
}

// A Rank says how much depends on a cell: it decides the order within a round, and in how many rounds the cell takes part.
type Rank int

// The ranks.
const (
	Promised Rank = iota // a promise is checked by it: every round
	Once                 // likewise, but it needs no repetition
	Telling              // worth a second look: up to two rounds
	Extra                // one round
)

// InRound says whether cells of this rank are measured in a round, counted from 0.
func (r Rank) InRound(round int) bool {
	switch r {
	case Promised:
		return true
	case Telling:
		return round < 2
	}
	return round == 0
}

// RankIn returns the rank of the cell in a place.
func (c Cell) RankIn(place string) Rank {
	if rank, own := c.Ranks[place]; own {
		return rank
	}
	return c.Rank
}

// A Column is a metric in a table.
type Column struct{ Metric, Head string }

// A Scenario is a set of cells with the same table.
type Scenario struct {
	ID, Title string
	Cells     []Cell
	Columns   []Column
	Primary   string // the metric of the ratios
	Lower     bool   // the lower the better
	CPU       string // the metric of the ratios in CPU; "" for none
	Places    []string
	Window    time.Duration
}

// PlacesOf returns where a cell is measured.
func (s *Scenario) PlacesOf(c Cell) []string {
	if c.Places != nil {
		return c.Places
	}
	return s.Places
}

// WindowOf returns for how long a cell is measured.
func (s *Scenario) WindowOf(c Cell) time.Duration {
	if c.Window > 0 {
		return c.Window
	}
	return s.Window
}

// AllPlaces returns every place of any cell, in the order of Places.
func (s *Scenario) AllPlaces() []string {
	return slices.DeleteFunc(slices.Clone(Places), func(place string) bool {
		return !slices.ContainsFunc(s.Cells, func(c Cell) bool { return slices.Contains(s.PlacesOf(c), place) })
	})
}

// A Filter chooses a part of the plan. Empty fields choose everything.
type Filter struct {
	Scenarios, Cells []string
	Places           []string // instead of those of the plan
	Quick            bool
}

// Choose returns the scenarios and cells that the filter lets through.
func Choose(f Filter) []Scenario {
	chosen := func(list []string, name string) bool { return len(list) == 0 || slices.Contains(list, name) }
	var out []Scenario
	for _, s := range All() {
		if !chosen(f.Scenarios, s.ID) {
			continue
		}
		var cells []Cell
		for _, c := range s.Cells {
			if c.Places = s.PlacesOf(c); f.Quick {
				c.Places = c.Quick
			}
			if len(f.Places) > 0 {
				c.Places = f.Places
			}
			if chosen(f.Cells, c.Name) && len(c.Places) > 0 {
				cells = append(cells, c)
			}
		}
		if s.Cells = cells; len(cells) > 0 {
			out = append(out, s)
		}
	}
	return out
}
