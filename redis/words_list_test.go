package redis

import "time"

var listWords = []transcript{
	send("BLMOVE <a> <b> LEFT RIGHT 5", BLMove("a", "b", "LEFT", "RIGHT", 5*second)),
	send("BLMOVE <a> <b> RIGHT LEFT 0", BLMove("a", "b", "right", "Left", 0)), // words in any case
	send("BLMPOP 5 2 <a> <b> LEFT", BLMPop(5*second, "LEFT", 0, "a", "b")),
	send("BLMPOP 0.1 1 <a> RIGHT COUNT 3", BLMPop(100*time.Millisecond, "RIGHT", 3, "a")),
	send("BLPOP <a> <b> 5", BLPop(5*second, "a", "b")),
	send("BLPOP <a> 0.25", BLPop(250*time.Millisecond, "a")),
	send("BLPOP <a> 0.001", BLPop(time.Nanosecond, "a")), // rounded up: 0 would block for ever
	send("BLPOP <a> 0", BLPop(0, "a")),
	send("BRPOP <a> 1.5", BRPop(1500*time.Millisecond, "a")),
	send("BRPOPLPUSH <a> <b> 1", BRPopLPush("a", "b", second)),
	send("LINDEX <k> -1", LIndex("k", -1)),
	send("LINSERT <k> BEFORE p v", LInsert("k", "before", "p", "v")),
	send("LINSERT <k> AFTER p v", LInsert("k", "AFTER", "p", "v")),
	send("LINSERT <k> BEFORE p v", LInsertBefore("k", "p", "v")),
	send("LINSERT <k> AFTER p v", LInsertAfter("k", "p", "v")),
	send("LLEN <k>", LLen("k")),
	send("LMOVE <a> <b> LEFT RIGHT", LMove("a", "b", "LEFT", "RIGHT")),
	send("LMOVE <a> <b> RIGHT LEFT", LMove("a", "b", "RIGHT", "LEFT")),
	send("LMPOP 2 <a> <b> LEFT", LMPop("LEFT", 0, "a", "b")),
	send("LMPOP 1 <a> RIGHT COUNT 2", LMPop("RIGHT", 2, "a")),
	send("LPOP <k>", LPop("k")),
	send("LPOP <k> 2", LPopCount("k", 2)),
	send("LPOS <k> v", LPos("k", "v", LPosArgs{})),
	send("LPOS <k> v RANK -1 MAXLEN 1000", LPos("k", "v", LPosArgs{Rank: -1, MaxLen: 1000})),
	send("LPOS <k> v COUNT 0 RANK 2", LPosCount("k", "v", 0, LPosArgs{Rank: 2})),
	send("LPUSH <k> a 1", LPush("k", "a", 1)),
	send("LPUSHX <k> a", LPushX("k", "a")),
	send("LRANGE <k> 0 -1", LRange("k", 0, -1)),
	send("LREM <k> -2 v", LRem("k", -2, "v")),
	send("LSET <k> 0 v", LSet("k", 0, "v")),
	send("LTRIM <k> 0 9", LTrim("k", 0, 9)),
	send("RPOP <k>", RPop("k")),
	send("RPOP <k> 2", RPopCount("k", 2)),
	send("RPOPLPUSH <a> <b>", RPopLPush("a", "b")),
	send("RPUSH <k> a b c d e f", RPush("k", "a", "b", "c", "d", "e", "f")),
	send("RPUSHX <k> a", RPushX("k", "a")),
}
