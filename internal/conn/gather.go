package conn

import "time"

// yielding decides whether the flusher lets other goroutines append before it writes. One write for two calls saves either
// side a system call, and costs a trip through the scheduler. That is as good as nothing when nobody else wants to run, but long
// when many do that are none of our callers: after a yield that took long and gained little the next ones are left out,
// twice as many each time.
type yielding struct{ left, penalty int }

const (
	mostSkipped = 255
	worthACall  = int64(20 * time.Microsecond) // the most that a yield may take for each call gained, and one more
)

func (y *yielding) now() bool {
	if y.left > 0 {
		y.left--
		return false
	}
	return true
}

func (y *yielding) gained(calls uint64, took int64) {
	if took <= worthACall*int64(calls+1) {
		y.penalty = 0
		return
	}
	y.penalty = min(2*y.penalty+1, mostSkipped)
	y.left = y.penalty
}

// expectsMore reports whether others are likely to append soon, and so many that the flusher should wait for them: callers that
// were just answered come back, and those behind a large crowd too. A small one is served faster, at the price of more system
// calls, if everybody's command goes out at once and the server begins with the first while the others are written.
// Called with c.mu held.
func (c *Conn) expectsMore() bool { return c.crowd > smallCrowd && (c.woken > 0 || c.queue.size > 1) }

const (
	smallCrowd = 10
	leastRipe  = 8 // so many calls at least for one of their callers to write at once
)

// waitForMore lets others append, and reports whether the flusher's role is still its caller's: one of them takes it if the buffer
// is ripe before. Called with c.mu held, which it lets go of meanwhile.
func (c *Conn) waitForMore() bool {
	before, began, alone := c.calls, c.clock(), c.behind // who flushes in a goroutine of its own is not relieved
	c.turns++
	turn, yield := c.turns, c.yield
	if !alone {
		c.waits = turn
	}
	c.mu.Unlock()
	yield()
	c.mu.Lock()
	c.yields.gained(c.calls-before, c.clock()-began)
	if !alone && c.waits != turn {
		return false
	}
	c.waits = 0
	return true
}

// ripe reports whether enough calls wait to be written: with a third of them here, a third at the server and a third on the way back,
// client and server work at the same time, and not in turns. Called with c.mu held.
func (c *Conn) ripe() bool { return c.calls-c.taken >= uint64(max(leastRipe, c.crowd/3)) }
