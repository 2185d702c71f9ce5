package redis

import "time"

func liveList(l *live) {
	expect(l, 3, RPush("k", "a", "b", "c"))
	expect(l, 4, LPush("k", "z"))
	expect(l, 0, LPushX("none", "z"))
	expect(l, 0, RPushX("none", "z"))
	expect(l, []string{"z", "a", "b", "c"}, LRange("k", 0, -1))
	expect(l, "c", LIndex("k", -1))
	expectNil(l, LIndex("k", 9))
	expect(l, 5, LInsert("k", "before", "a", "y"))
	expect(l, 6, LInsertBefore("k", "y", "x"))
	expect(l, 7, LInsertAfter("k", "c", "d"))
	expect(l, -1, LInsertAfter("k", "none", "d"))
	expect(l, 7, LLen("k"))
	succeed(l, LSet("k", 0, "b"))
	fails(l, "no such key", LSet("none", 0, "b"))
	expect(l, 0, LPos("k", "b", LPosArgs{}))
	expect(l, 4, LPos("k", "b", LPosArgs{Rank: 2}))
	expectNil(l, LPos("k", "none", LPosArgs{}))
	expect(l, []int64{0, 4}, LPosCount("k", "b", 0, LPosArgs{MaxLen: 100}))
	expect(l, []int64{}, LPosCount("k", "none", 0, LPosArgs{}))
	expect(l, 1, LRem("k", -1, "b"))
	succeed(l, LTrim("k", 0, 3))
	expect(l, []string{"b", "x", "y", "a"}, LRange("k", 0, -1))

	expect(l, "b", LPop("k"))
	expectNil(l, LPop("none"))
	expect(l, []string{"x"}, LPopCount("k", 1))
	expectNil(l, LPopCount("none", 1))
	expect(l, "a", RPop("k"))
	expectNil(l, RPop("none"))
	expect(l, []string{"y"}, RPopCount("k", 5))
	expectNil(l, RPopCount("none", 5))

	expect(l, 3, RPush("k", "a", "b", "c"))
	expect(l, "a", LMove("k", "o", "LEFT", "RIGHT"))
	expectNil(l, LMove("none", "o", "LEFT", "RIGHT"))
	expect(l, "c", RPopLPush("k", "o"))
	expectNil(l, RPopLPush("none", "o"))
	expect(l, KeyValues{"o", []string{"a", "c"}}, LMPop("RIGHT", 5, "none", "o"))
	expect(l, KeyValues{"k", []string{"b"}}, LMPop("LEFT", 0, "k"))
	expectNil(l, LMPop("LEFT", 0, "k"))
	liveBlockingList(l)
}

// liveBlockingList has an element there at once, or waits for the shortest time there is.
func liveBlockingList(l *live) {
	const moment = time.Millisecond
	expect(l, 6, RPush("q", "1", "2", "3", "4", "5", "6"))
	expect(l, KV{"q", "1"}, BLPop(0, "none", "q"))
	expect(l, KV{"q", "6"}, BRPop(time.Second, "q"))
	expect(l, "2", BLMove("q", "p", "LEFT", "LEFT", time.Second))
	expect(l, "5", BRPopLPush("q", "p", time.Second))
	expect(l, KeyValues{"q", []string{"3", "4"}}, BLMPop(time.Second, "LEFT", 2, "none", "q"))
	expectNil(l, BLPop(moment, "q"))
	expectNil(l, BRPop(moment, "q"))
	expectNil(l, BLMove("q", "p", "LEFT", "LEFT", moment))
	expectNil(l, BRPopLPush("q", "p", moment))
	expectNil(l, BLMPop(moment, "LEFT", 0, "q"))
}
