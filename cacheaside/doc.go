// Package cacheaside keeps what is slow to load in a server, beside where it comes from, and lets one caller load it for all.
//
//	users, err := cacheaside.New[User](c, cacheaside.Options[User]{})
//
//	u, err := users.Get(ctx, "user:1", time.Hour, func(ctx context.Context) (User, error) {
//		return fromDatabase(ctx, 1)
//	})
//	_, err = users.Delete(ctx, "user:1") // after a change
//
// What is there costs one GET. What is not is loaded once per process, however many callers ask for it, and with
// [Options.OneLoader] once for all processes, and stored by one SET.
//
// # Callers that share a load
//
// The load runs in a goroutine of its own, which ends with it. Its context has the values of the caller that began it, and ends
// when nobody waits for it any more: no caller's cancellation fails the others. Errors of the load go to all who wait and are
// not stored. If the load panics, the caller that began it panics with a [*Panic], and the others get it as an error; nothing
// is stuck, and the next caller loads anew. Callers that share a load share its value: do not change what it points to.
//
// # Absent values
//
// A load says by [fairlead.Nil], or an error that wraps it, that there is no such value. Get then returns fairlead.Nil. With
// [Options.AbsentTTL] that is remembered too.
//
// # Expiry
//
// Times to live are shortened by chance, by a tenth at most, so that what was stored together does not expire together. And a
// caller may draw the lot to load a value anew before it expires (XFetch: Vattani, Chierichetti, Lowenstein, 2015): if
//
//	load time × Early × -ln(a number drawn between 0 and 1) ≥ the time left
//
// so the slower the load and the more often a value is asked for, the more certainly it is renewed before it is missed. That
// caller waits for the load; the others go on with what is there, and so does it if the load fails. The time left is reckoned
// by the clocks of the processes: one that is ahead renews earlier.
//
// # What is stored
//
// A header "cacheaside1 value 1700000000000 2500\n" (when it expires in Unix milliseconds, how long the load took in
// microseconds) and then the value in its encoding. A key that holds something else is an error, and is left alone. A value
// that cannot be decoded, as by a program that was changed, is loaded anew.
//
// A load that began before Delete may store what it read before the change, if it runs in another process; it stays until its
// time to live has passed. Choose that accordingly.
package cacheaside
