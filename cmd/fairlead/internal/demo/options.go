// Package demo runs an application's mix of work through the library, kills the server half way, and checks afterwards what the
// server holds against what was acknowledged.
package demo

import (
	"fmt"
	"time"
)

// Options say what to show.
type Options struct {
	Goroutines int           // that work at the same time
	Duration   time.Duration // for how long; the server is killed half way
	Server     string        // which server program to start; "": one that is found, or else the embedded one; Embedded: that one
}

// Embedded as Options.Server is the server inside this program.
const Embedded = "embedded"

const (
	mostGoroutines = 10_000
	shortest       = time.Second
	longest        = 10 * time.Minute // the books on the queue are kept in memory
	longestOutage  = 500 * time.Millisecond
)

// Check returns a sentence about the first option that cannot be.
func (o *Options) Check() error {
	switch {
	case o.Goroutines < int(kinds) || o.Goroutines > mostGoroutines:
		return fmt.Errorf("--goroutines is %d: write a number from %d, one for each kind of work, to %d", o.Goroutines, kinds, mostGoroutines)
	case o.Duration < shortest || o.Duration > longest:
		return fmt.Errorf("--duration is %v: write a time from %v to %v", o.Duration, shortest, longest)
	}
	return nil
}

// outage is for how long the server is left dead: long enough for every goroutine to meet it.
func (o *Options) outage() time.Duration { return min(longestOutage, o.Duration/8) }
