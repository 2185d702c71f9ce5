package run

import (
	"encoding/binary"
	"io"
	"time"

	"github.com/fairlead-go/fairlead/bench/internal/machine"
)

// pace writes the time at which each request is due to the worker, in a batch every 200 µs, whatever the worker does. It runs
// outside of the worker so that the client's own scheduler does not shape the load, and on the server's CPU if that is pinned.
func pace(worker io.WriteCloser, rate int, lasts time.Duration, cpu int) {
	const tick = 200 * time.Microsecond
	defer worker.Close()
	machine.PinThread(cpu)
	machine.SharpenTimer()
	began := machine.Monotonic()
	sent := 0
	var batch []byte
	for at := tick; at <= lasts; at += tick {
		planned := began + int64(at)
		machine.SleepUntil(planned)
		due := machine.Monotonic()
		if due-planned > int64(time.Millisecond) { // the worker did not let us write: keep to the plan
			due = planned
		}
		batch = batch[:0]
		for want := int(float64(rate) * at.Seconds()); sent < want; sent++ {
			batch = binary.LittleEndian.AppendUint64(batch, uint64(due))
		}
		if _, err := worker.Write(batch); err != nil {
			return // the worker is gone; its end says why
		}
	}
}
