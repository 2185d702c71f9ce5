//go:build !linux

package load

import "time"

// nap sleeps for a short time, as exactly as the Go runtime can.
func nap(d time.Duration) { time.Sleep(d) }
