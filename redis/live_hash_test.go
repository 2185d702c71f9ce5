package redis

import "time"

func liveHash(l *live) {
	expect(l, 2, HSet("h", "a", 1, "b", "two"))
	expect(l, 1, HSet("h", map[string]string{"c": "3"}))
	succeed(l, HMSet("h", "c", 4))
	expect(l, "4", HGet("h", "c"))
	expectNil(l, HGet("h", "none"))
	expectNil(l, HGet("none", "a"))
	expect(l, map[string]string{"a": "1", "b": "two", "c": "4"}, HGetAll("h"))
	expect(l, map[string]string{}, HGetAll("none"))
	expect(l, true, HExists("h", "a"))
	expect(l, false, HExists("h", "none"))
	expect(l, 3, HIncrBy("h", "a", 2))
	expect(l, 3.25, HIncrByFloat("h", "a", 0.25))
	expect(l, 3, HLen("h"))
	expect(l, []Optional[string]{{"two", true}, {}}, HMGet("h", "b", "none"))
	expect(l, false, HSetNX("h", "a", 1))
	expect(l, true, HSetNX("h", "d", 5))
	expect(l, 3, HStrLen("h", "b"))
	expect(l, 2, HDel("h", "c", "d", "none"))
	expect(l, []string{"a", "b"}, HKeys("h"))
	expect(l, []string{"3.25", "two"}, HVals("h"))
	expect(l, Page[KV]{0, []KV{{"a", "3.25"}, {"b", "two"}}}, HScan("h", 0, "", 0))
	expect(l, Page[KV]{0, []KV{{"b", "two"}}}, HScan("h", 0, "b*", 100))
	expectSince(l, "7.4.0", "8.0.0", Page[string]{0, []string{"a", "b"}}, HScanNoValues("h", 0, "", 0))
	such(l, HRandField("h", -3), func(fields []string) bool { return len(fields) == 3 }, "three of a, b")
	such(l, HRandFieldWithValues("h", 1), func(kvs []KV) bool {
		return len(kvs) == 1 && (kvs[0] == KV{"a", "3.25"} || kvs[0] == KV{"b", "two"})
	}, "a or b with its value")
	such(l, HRandFieldWithValues("h", 5), func(kvs []KV) bool { return len(kvs) == 2 }, "a and b")
	expect(l, []KV{}, HRandFieldWithValues("none", 5))

	liveFieldExpirations(l)
	liveFieldsAtOnce(l)
}

// liveFieldExpirations sets and reads when fields expire, which servers can since Redis 7.4.0 and Valkey 9.0.0.
func liveFieldExpirations(l *live) {
	at := time.Now().Add(time.Hour).Truncate(time.Second)
	expect(l, 2, HSet("e", "f", 1, "g", 2))
	expect(l, []int64{1, -2}, HExpire("e", time.Minute, "f", "none"))
	such(l, HTTL("e", "f", "g", "none"), func(d []time.Duration) bool {
		return len(d) == 3 && d[0] > 50*time.Second && d[0] <= time.Minute && d[1] == NoExpiry && d[2] == NotFound
	}, "a minute, NoExpiry, NotFound")
	such(l, HPTTL("e", "f"), func(d []time.Duration) bool { return d[0] > 50*time.Second && d[0] <= time.Minute }, "a minute")
	expect(l, []int64{0}, HExpireWithArgs("e", time.Second, HExpireArgs{GT: true}, "f"))
	expect(l, []int64{0}, HPExpireWithArgs("e", time.Hour, HExpireArgs{LT: true}, "f"))
	expect(l, []int64{1}, HPExpire("e", time.Minute, "f"))
	expect(l, []int64{1}, HExpireAt("e", at, "f"))
	expect(l, []Optional[time.Time]{{at, true}, {time.Time{}, true}, {}}, HExpireTime("e", "f", "g", "none"))
	expect(l, []int64{0}, HExpireAtWithArgs("e", at, HExpireArgs{NX: true}, "f"))
	expect(l, []int64{0}, HPExpireAtWithArgs("e", at, HExpireArgs{XX: true}, "g"))
	expect(l, []int64{1}, HPExpireAt("e", at.Add(time.Millisecond), "f"))
	expect(l, []Optional[time.Time]{{time.UnixMilli(at.UnixMilli() + 1), true}}, HPExpireTime("e", "f"))
	expect(l, []int64{1, -1, -2}, HPersist("e", "f", "g", "none"))
	expect(l, []int64{2}, HExpire("e", 0, "f")) // deleted at once
	expect(l, []int64{-2}, HExpire("none", time.Minute, "f"))
	expect(l, []time.Duration{NotFound}, HTTL("none", "f"))
}

func liveFieldsAtOnce(l *live) {
	expect(l, 2, HSet("x", "f", 1, "g", 2))
	expect(l, []Optional[string]{{"1", true}, {}}, HGetEX("x", "f", "none"))
	expect(l, []Optional[string]{{"1", true}}, HGetEXWithArgs("x", HGetEXArgs{Expiration: time.Minute}, "f"))
	expect(l, []Optional[string]{{"2", true}, {}}, HGetDel("x", "g", "none"))
	expect(l, []Optional[string]{{}}, HGetDel("none", "g"))
	expect(l, true, HSetEX("x", "h", 3, "i", 4))
	expect(l, true, HSetEXWithArgs("x", HSetEXArgs{FXX: true, Expiration: time.Minute}, "h", 5))
	expect(l, false, HSetEXWithArgs("x", HSetEXArgs{FNX: true}, map[string]string{"h": "5"}))
	expectSince(l, "", "9.1.0", false, HSetEXWithArgs("x", HSetEXArgs{NX: true}, "h", 5))
}
