// Package limit bounds how often something may happen, over all processes that share a server.
//
//	sends, err := limit.New(c, limit.Rate{Count: 100, Per: time.Minute, Burst: 20})
//
//	r, err := sends.Allow(ctx, "limit:send:"+user)
//	if err == nil && !r.Allowed {
//		return tooMany(r.RetryAfter)
//	}
//
//	err = sends.Wait(ctx, "limit:send:"+user) // or wait for one's turn
//
// It is the generic cell rate algorithm (GCRA), which is a leaky bucket: each event adds to a debt that drains evenly, Count
// events in the time Per, and an event is allowed if the debt stays within Burst events. So there are no windows at whose
// borders twice as much gets through, and a key holds three numbers, however many events there are.
//
// Each operation is one script and one round trip, which is atomic: however many processes ask, no more is allowed than the
// rate says. The time is the server's own, so the clocks of the processes do not matter. Debts are whole numbers of a unit so
// small that both a microsecond and an event are whole numbers of it: nothing is rounded, and nothing drifts. RetryAfter and
// ResetAfter are rounded up to a microsecond.
//
// If the server's clock is set back, the time that it repeats does not count. A key expires when its debt has drained; if it is
// evicted or lost with the server's data, its debt is forgiven. A rate may be changed at any time, also while others still use
// the old one: what is kept counts as the time it takes to drain.
//
// An error is no answer: whether what could not be asked for is then done or left is the caller's decision. After an error the
// event may have been counted, unless fairlead.NotRun says that it was not.
//
// Since Redis 5.0; scripts must be allowed by the ACL (EVALSHA and EVAL, and the commands GET, SET, TIME).
package limit
