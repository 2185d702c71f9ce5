package redis

import "time"

var (
	second  = time.Second
	moment  = time.Unix(1700000000, 0)      // a whole second: EXAT
	instant = time.UnixMilli(1700000000123) // none: PXAT
)

var stringWords = []transcript{
	send("APPEND <k> v", Append("k", "v")),
	send("DECR <k>", Decr("k")),
	send("DECRBY <k> 3", DecrBy("k", 3)),
	send("DELIFEQ <k> v", DelIFEQ("k", "v")),
	send("GET <k>", Get("k")),
	send("GETDEL <k>", GetDel("k")),

	send("GETEX <k> EX 10", GetEx("k", 10*second)),
	send("GETEX <k> PX 1500", GetEx("k", 1500*time.Millisecond)),
	send("GETEX <k> PERSIST", GetEx("k", 0)),
	send("GETEX <k>", GetEx("k", KeepTTL)),
	send("GETEX <k>", GetExWithArgs("k", GetExArgs{})),
	send("GETEX <k> EX 10", GetExWithArgs("k", GetExArgs{Expiration: 10 * second})),
	send("GETEX <k> EXAT 1700000000", GetExWithArgs("k", GetExArgs{ExpireAt: moment})),
	send("GETEX <k> PXAT 1700000000123", GetExWithArgs("k", GetExArgs{ExpireAt: instant})),
	send("GETEX <k> PERSIST", GetExWithArgs("k", GetExArgs{Persist: true})),

	send("GETRANGE <k> 0 -1", GetRange("k", 0, -1)),
	send("GETSET <k> v", GetSet("k", "v")),
	send("INCR <k>", Incr("k")),
	send("INCRBY <k> -3", IncrBy("k", -3)),
	send("INCRBYFLOAT <k> 1.5", IncrByFloat("k", 1.5)),

	send("LCS <a> <b>", LCS("a", "b")),
	send("LCS <a> <b> LEN", LCSLen("a", "b")),
	send("LCS <a> <b> IDX", LCSIdx("a", "b", LCSArgs{})),
	send("LCS <a> <b> IDX MINMATCHLEN 4 WITHMATCHLEN", LCSIdx("a", "b", LCSArgs{MinMatchLen: 4, WithMatchLen: true})),

	send("MGET <a> <b>", MGet("a", "b")),
	send("MSET <a> 1 <b> x", MSet("a", 1, "b", []byte("x"))),
	send("MSET <a> 1 <b> 2", MSet([]string{"a", "1", "b", "2"})),
	send("MSET <a> 1", MSet(map[string]string{"a": "1"})),
	send("MSET <a> 1", MSet(map[string]any{"a": 1})),
	send("MSET <7> 1", MSet(7, 1)), // a number as a key
	send("MSETEX 2 <a> 1 <b> 2", MSetEX(MSetEXArgs{}, "a", 1, "b", 2)),
	send("MSETEX 1 <a> 1 NX EX 10", MSetEX(MSetEXArgs{NX: true, Expiration: 10 * second}, "a", 1)),
	send("MSETEX 1 <a> 1 XX KEEPTTL", MSetEX(MSetEXArgs{XX: true, Expiration: KeepTTL}, map[string]string{"a": "1"})),
	send("MSETEX 1 <a> 1 PX 1", MSetEX(MSetEXArgs{Expiration: time.Microsecond}, []string{"a", "1"})),
	send("MSETEX 1 <a> 1 EXAT 1700000000", MSetEX(MSetEXArgs{ExpireAt: moment}, map[string]any{"a": 1})),
	send("MSETEX 1 <a> 1 PXAT 1700000000123", MSetEX(MSetEXArgs{ExpireAt: instant}, "a", 1)),
	send("MSETNX <a> 1 <b> 2", MSetNX("a", 1, "b", 2)),
	send("PSETEX <k> 2 v", PSetEx("k", "v", 1100*time.Microsecond)), // rounded up

	send("SET <k> v", Set("k", "v", 0)),
	send("SET <k> v EX 10", Set("k", "v", 10*second)),
	send("SET <k> v PX 1500", Set("k", "v", 1500*time.Millisecond)),
	send("SET <k> v PX 1", Set("k", "v", time.Microsecond)), // never 0, which would be an error
	send("SET <k> v KEEPTTL", Set("k", "v", KeepTTL)),
	send("SET <k> v NX", SetNX("k", "v", 0)),
	send("SET <k> v EX 60 NX", SetNX("k", "v", time.Minute)),
	send("SET <k> v KEEPTTL XX", SetXX("k", "v", KeepTTL)),
	send("SET <k> v IFEQ old EX 1", SetIFEQ("k", "v", "old", second)),
	send("SET <k> v GET", SetGet("k", "v", 0)),
	send("SET <k> v PX 5 GET", SetGet("k", "v", 5*time.Millisecond)),
	send("SET <k> v", SetWithArgs("k", "v", SetArgs{})),
	send("SET <k> v NX EX 10", SetWithArgs("k", "v", SetArgs{NX: true, Expiration: 10 * second})),
	send("SET <k> v XX KEEPTTL", SetWithArgs("k", "v", SetArgs{XX: true, Expiration: KeepTTL})),
	send("SET <k> v IFEQ 0 EXAT 1700000000", SetWithArgs("k", "v", SetArgs{IFEQ: 0, ExpireAt: moment})),
	send("SET <k> v PXAT 1700000000123", SetWithArgs("k", "v", SetArgs{ExpireAt: instant})),
	send("SET <k> v NX GET", SetGetWithArgs("k", "v", SetArgs{NX: true})),
	send("SETEX <k> 2 v", SetEx("k", "v", 1500*time.Millisecond)), // rounded up
	send("SETRANGE <k> 5 v", SetRange("k", 5, "v")),
	send("STRLEN <k>", StrLen("k")),

	// every kind of value
	send("SET <k> -1", Set("k", -1, 0)),
	send("SET <k> 18446744073709551615", Set("k", uint64(1<<64-1), 0)),
	send("SET <k> 0.1", Set("k", 0.1, 0)),
	send("SET <k> 1", Set("k", true, 0)),
	send("SET <k> 0", Set("k", false, 0)),
	send(`SET <k> ""`, Set("k", "", 0)),
}
