// Package lock is a lock that processes share through a key of a server.
//
//	invoices, err := lock.New(c, "lock:invoices", lock.Options{TTL: 10 * time.Second})
//
//	lease, err := invoices.Acquire(ctx) // waits for its turn as long as ctx allows
//	if err != nil {
//		return err
//	}
//	defer lease.Release(ctx)
//	work, stop := lease.Context(ctx) // ends when the lock is lost
//	defer stop()
//	err = store(work, lease.Fence(), invoice)
//
// A [Lease] is what its holder has: a token at the server that nobody else knows, and a time until which it lasts. It is
// renewed in the background when a third of that time has passed, until Release or the loss of it.
//
// # What it guarantees, and what it cannot
//
// While one server keeps its data and its clock runs as fast as the holder's, to a percent, at most one lease lasts at any
// moment by the holder's own reckoning: the time is counted from before the server was asked, by the monotonic clock and by the
// wall clock, whichever ran further, so that a process that was stopped and a machine that was suspended count as time that
// passed. Only its holder can release or renew a lock: both are scripts that compare the token.
//
// A holder does not know that it is being stopped. It may look at its lease, be paused for longer than the TTL (by its
// collector, its scheduler, a debugger, a virtual machine that moves), and write when somebody else holds the lock already. No
// lock that expires can prevent that; its resource can. [Lease.Fence] is a number that rises with every acquisition: hand it to
// the resource with every write, and let the resource refuse a number lower than the highest it has seen.
//
// The lock is lost with the server's data: by FLUSHALL, by eviction, by a restart without a file, and by a fail-over to a
// replica that had not received it, since replication does not wait. Then two may hold it. So it keeps work from being done
// twice where that is a waste; where it would be a harm, the fencing number has to be checked.
//
// A fencing number is the server's time in microseconds, or one more than the last number if that is not less. The last one is
// kept in a second key for a day, so numbers rise while that key is there, and also when it is not, unless the server's clock
// was set back in between.
//
// Waiters are not served in turn: they ask again and again, with pauses drawn by chance. The lock is not reentrant.
//
// Since Redis 5.0; scripts must be allowed by the ACL (EVALSHA and EVAL, and the commands GET, SET, DEL, PTTL, PEXPIRE, TIME).
package lock
