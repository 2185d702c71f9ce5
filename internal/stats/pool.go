// Package stats counts what happens in a pool. Counting costs nothing where commands run: a connection counts its own
// replies, and only what is rare is counted here.
package stats

import (
	"sync/atomic"
	"time"
)

// A Pool counts what happens to the connections of one pool. All fields only grow.
type Pool struct {
	Dials        atomic.Int64 // connections opened, handshake included
	DialErrors   atomic.Int64 // tries that failed
	Closes       atomic.Int64 // connections closed
	Waits        atomic.Int64 // calls that had to wait for a connection of their own or for a slot
	WaitNanos    atomic.Int64 // how long they waited together
	WaitTimeouts atomic.Int64 // waits that ended without a connection
	Retries      atomic.Int64 // calls sent again
	Replies      atomic.Int64 // calls answered over connections that are closed by now
	BytesIn      atomic.Int64 // read from such connections
	BytesOut     atomic.Int64 // written to such connections
}

// A Snapshot is what a pool has counted, and what it holds, at one moment.
type Snapshot struct {
	Open     int // connections open now, those being opened included
	Shared   int // of them: shared by all callers
	Idle     int // of them: exclusive and waiting in the pool
	PubSub   int // of them: held by subscriptions
	Peak     int // the most that were open at the same time
	Limit    int // Options.MaxConnections
	Waiting  int // calls waiting for a connection now
	InFlight int // calls whose replies are owed now

	Replies      int64         // calls answered
	Retries      int64         // calls sent again
	Dials        int64         // connections opened since the pool was made
	DialErrors   int64         // tries to open one that failed
	Closes       int64         // connections closed
	Waits        int64         // calls that had to wait for a connection
	WaitTime     time.Duration // how long they waited together
	WaitTimeouts int64         // waits that ended without a connection
	BytesIn      int64         // read from all connections
	BytesOut     int64         // written to all connections
}

// Snapshot returns the counters; what the pool holds is added by the pool.
func (p *Pool) Snapshot() Snapshot {
	return Snapshot{
		Replies: p.Replies.Load(), Retries: p.Retries.Load(),
		Dials: p.Dials.Load(), DialErrors: p.DialErrors.Load(), Closes: p.Closes.Load(),
		Waits: p.Waits.Load(), WaitTime: time.Duration(p.WaitNanos.Load()), WaitTimeouts: p.WaitTimeouts.Load(),
		BytesIn: p.BytesIn.Load(), BytesOut: p.BytesOut.Load(),
	}
}
