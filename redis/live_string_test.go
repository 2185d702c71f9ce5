package redis

import "time"

func liveString(l *live) {
	succeed(l, Set("k", "v", 0))
	expect(l, "v", Get("k"))
	expectNil(l, Get("none"))
	expect(l, 3, Append("k", "al"))
	expect(l, "va", GetRange("k", 0, 1))
	expect(l, 3, StrLen("k"))
	expect(l, 5, SetRange("k", 2, "lue"))
	expect(l, "value", GetSet("k", "w"))
	expectNil(l, GetSet("new", "w"))

	expect(l, -1, Decr("n"))
	expect(l, -4, DecrBy("n", 3))
	expect(l, -3, Incr("n"))
	expect(l, 7, IncrBy("n", 10))
	expect(l, 7.5, IncrByFloat("n", 0.5))
	fails(l, "not an integer", Incr("k"))

	liveExpirations(l)
	liveSetOptions(l)

	succeed(l, MSet("a", 1, "b", "two"))
	expect(l, []Optional[string]{{"1", true}, {"", false}, {"two", true}}, MGet("a", "none", "b"))
	expect(l, false, MSetNX("a", 2, "c", 3))
	expect(l, true, MSetNX("c", 3, "d", 4))
	expect(l, true, MSetEX(MSetEXArgs{NX: true, Expiration: time.Minute}, "m1", 1, "m2", 2))
	expect(l, false, MSetEX(MSetEXArgs{NX: true}, "m1", 1, "m3", 2))
	expect(l, true, MSetEX(MSetEXArgs{XX: true, Expiration: KeepTTL}, "m1", 1))
	expect(l, true, MSetEX(MSetEXArgs{ExpireAt: time.Now().Add(time.Hour)}, "m1", 1))

	succeed(l, Set("lock", "mine", 0))
	expect(l, false, DelIFEQ("lock", "other"))
	expect(l, true, DelIFEQ("lock", "mine"))
	expect(l, "1", GetDel("a"))
	expectNil(l, GetDel("a"))

	succeed(l, MSet("l1", "ohmytext", "l2", "mynewtext"))
	expect(l, "mytext", LCS("l1", "l2"))
	expect(l, 6, LCSLen("l1", "l2"))
	expect(l, LCSMatches{[]LCSMatch{{LCSRange{4, 7}, LCSRange{5, 8}, 0}, {LCSRange{2, 3}, LCSRange{0, 1}, 0}}, 6}, LCSIdx("l1", "l2", LCSArgs{}))
	expect(l, LCSMatches{[]LCSMatch{{LCSRange{4, 7}, LCSRange{5, 8}, 4}}, 6}, LCSIdx("l1", "l2", LCSArgs{MinMatchLen: 4, WithMatchLen: true}))
}

// liveExpirations looks at what was set with the commands that tell it.
func liveExpirations(l *live) {
	lives := func(from, to time.Duration) {
		l.t.Helper()
		such(l, PTTL("e"), func(d time.Duration) bool { return from < d && d <= to }, to)
	}
	succeed(l, Set("e", "v", 10*time.Second))
	lives(8*time.Second, 10*time.Second)
	succeed(l, Set("e", "v", KeepTTL))
	lives(8*time.Second, 10*time.Second)
	succeed(l, Set("e", "v", 90500*time.Millisecond))
	lives(80*time.Second, 90500*time.Millisecond)
	succeed(l, SetEx("e", "v", time.Minute))
	lives(50*time.Second, time.Minute)
	succeed(l, PSetEx("e", "v", 30*time.Second))
	lives(20*time.Second, 30*time.Second)

	expect(l, "v", GetEx("e", time.Hour))
	lives(50*time.Minute, time.Hour)
	expect(l, "v", GetEx("e", KeepTTL))
	lives(50*time.Minute, time.Hour)
	expect(l, "v", GetEx("e", 0))
	expect(l, NoExpiry, TTL("e"))
	expect(l, "v", GetExWithArgs("e", GetExArgs{ExpireAt: time.Now().Add(time.Minute)}))
	lives(50*time.Second, time.Minute)
	expect(l, "v", GetExWithArgs("e", GetExArgs{}))
	lives(50*time.Second, time.Minute)
	expect(l, "v", GetExWithArgs("e", GetExArgs{Persist: true}))
	expect(l, NoExpiry, PTTL("e"))
	expectNil(l, GetEx("none", 0))
}

func liveSetOptions(l *live) {
	expect(l, true, SetNX("s", "1", 0))
	expect(l, false, SetNX("s", "2", time.Minute))
	expect(l, true, SetXX("s", "2", time.Minute))
	expect(l, false, SetXX("none", "2", 0))
	expectSince(l, "", "8.1.0", false, SetIFEQ("s", "3", "1", 0))
	expectSince(l, "", "8.1.0", true, SetIFEQ("s", "3", "2", 0))
	succeed(l, Set("s", "3", 0))
	expect(l, "3", SetGet("s", "4", 0))
	expectNil(l, SetGet("s2", "4", time.Minute))
	expect(l, true, SetWithArgs("s", "5", SetArgs{}))
	expect(l, false, SetWithArgs("s", "6", SetArgs{NX: true, Expiration: time.Minute}))
	expect(l, true, SetWithArgs("s", "6", SetArgs{XX: true, ExpireAt: time.Now().Add(time.Minute)}))
	expect(l, "6", SetGetWithArgs("s", "7", SetArgs{NX: true})) // it was not set
	expect(l, "6", Get("s"))
}
