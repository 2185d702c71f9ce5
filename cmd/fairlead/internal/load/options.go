// Package load puts a load of GET and SET on a server and measures it.
package load

import (
	"fmt"
	"time"
)

// Options say what load to put on the server.
type Options struct {
	Goroutines int           // that send commands, each the next one when the last was answered
	Rate       float64       // commands that become due per second, whether others were answered or not; 0: no rate, as fast as it goes
	Keys       int           // over how many keys the commands are spread
	ValueSize  int           // bytes of each value
	Pipeline   int           // commands that travel together; 1: each by itself
	Duration   time.Duration // for how long
	ReadRatio  float64       // the part of the commands that read: 0 is SET only, 1 is GET only
}

// The bounds of what makes sense on one machine.
const (
	mostGoroutines = 100_000
	mostKeys       = 10_000_000
	mostValueSize  = 16 << 20
	mostPipeline   = 10_000
	mostRate       = 10_000_000
)

// Check returns a sentence about the first option that cannot be.
func (o *Options) Check() error {
	between := func(name string, value, least, most int) error {
		if value < least || value > most {
			return fmt.Errorf("--%s is %d: write a number from %d to %d", name, value, least, most)
		}
		return nil
	}
	for _, err := range []error{
		between("goroutines", o.Goroutines, 1, mostGoroutines),
		between("keys", o.Keys, 1, mostKeys),
		between("value-size", o.ValueSize, 0, mostValueSize),
		between("pipeline", o.Pipeline, 1, mostPipeline),
	} {
		if err != nil {
			return err
		}
	}
	switch {
	case !(o.Rate >= 0 && o.Rate <= mostRate):
		return fmt.Errorf("--rate is %v: write how many commands become due per second, at most %d, or 0 for as many as are answered", o.Rate, mostRate)
	case !(o.ReadRatio >= 0 && o.ReadRatio <= 1):
		return fmt.Errorf("--read-ratio is %v: write a number from 0 (SET only) to 1 (GET only)", o.ReadRatio)
	case o.Duration <= 0:
		return fmt.Errorf("--duration is %v: write a time above 0, as in 10s", o.Duration)
	}
	return nil
}
