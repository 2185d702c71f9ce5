package redis

import (
	"math"
	"time"
)

func liveSortedSet(l *live) {
	expect(l, 3, ZAdd("k", Z{1, "a"}, Z{2, "b"}, Z{3.5, "c"}))
	expect(l, 1, ZAddNX("k", Z{9, "a"}, Z{4, "d"}))
	expect(l, 0, ZAddXX("k", Z{5, "d"}, Z{9, "none"}))
	expect(l, 0, ZAddGT("k", Z{4, "d"}))
	expect(l, 0, ZAddLT("k", Z{4, "d"}))
	expect(l, 1, ZAddWithArgs("k", ZAddArgs{XX: true, Ch: true, Members: []Z{{math.Inf(1), "d"}, {1, "none"}}}))
	expect(l, 3, ZAddArgsIncr("k", ZAddArgs{Members: []Z{{2, "a"}}}))
	expectNil(l, ZAddArgsIncr("k", ZAddArgs{NX: true, Members: []Z{{2, "a"}}}))
	expect(l, 1, ZIncrBy("k", -2, "a"))
	expect(l, 4, ZCard("k"))
	expect(l, 2, ZCount("k", "(1", "3.5"))
	expect(l, 3.5, ZScore("k", "c"))
	expect(l, math.Inf(1), ZScore("k", "d"))
	expectNil(l, ZScore("k", "none"))
	expect(l, []Optional[float64]{{1, true}, {}}, ZMScore("k", "a", "none"))
	expect(l, 1, ZRank("k", "b"))
	expectNil(l, ZRank("k", "none"))
	expect(l, 2, ZRevRank("k", "b"))
	expectNil(l, ZRevRank("k", "none"))
	expectSince(l, "7.2.0", "7.2.0", RankScore{2, 3.5}, ZRankWithScore("k", "c"))
	expectSince(l, "7.2.0", "7.2.0", RankScore{1, 3.5}, ZRevRankWithScore("k", "c"))
	if l.since("7.2.0", "7.2.0") {
		expectNil(l, ZRankWithScore("k", "none"))
	}
	such(l, ZRandMember("k", -2), func(s []string) bool { return len(s) == 2 }, "two members")
	such(l, ZRandMemberWithScores("k", 9), func(zs []Z) bool { return len(zs) == 4 && zs[0].Member != "" }, "all members")
	expect(l, []Z{}, ZRandMemberWithScores("none", 9))
	expect(l, Page[Z]{0, []Z{{3.5, "c"}}}, ZScan("k", 0, "c*", 100))
	expectSince(l, "", "8.1.0", Page[string]{0, []string{"c"}}, ZScanNoScores("k", 0, "c*", 100))

	liveRanges(l)
	liveLex(l)
	liveStores(l)
	livePops(l)
}

func liveRanges(l *live) {
	a, b, c, d := Z{1, "a"}, Z{2, "b"}, Z{3.5, "c"}, Z{math.Inf(1), "d"}
	expect(l, []string{"a", "b", "c", "d"}, ZRange("k", 0, -1))
	expect(l, []Z{a, b, c, d}, ZRangeWithScores("k", 0, -1))
	expect(l, []string{"d", "c"}, ZRevRange("k", 0, 1))
	expect(l, []Z{d, c}, ZRevRangeWithScores("k", 0, 1))
	expect(l, []string{"d", "c"}, ZRangeWithArgs(ZRangeArgs{Key: "k", Start: 0, Stop: 1, Rev: true}))
	expect(l, []string{"c", "b"}, ZRangeWithArgs(ZRangeArgs{Key: "k", Start: "(1", Stop: 5, ByScore: true, Rev: true}))
	expect(l, []Z{b}, ZRangeArgsWithScores(ZRangeArgs{Key: "k", Start: 1, Stop: 5, ByScore: true, Offset: 1, Count: 1}))
	expect(l, []string{"b", "c"}, ZRangeByScore("k", ZRangeByArgs{Min: "2", Max: "5"}))
	expect(l, []Z{b}, ZRangeByScoreWithScores("k", ZRangeByArgs{Min: "2", Max: "5", Count: 1}))
	expect(l, []string{"c", "b"}, ZRevRangeByScore("k", ZRangeByArgs{Min: "2", Max: "5"}))
	expect(l, []Z{c, b}, ZRevRangeByScoreWithScores("k", ZRangeByArgs{Min: "2", Max: "5"}))
	expect(l, 2, ZRangeStore("dst", ZRangeArgs{Key: "k", Start: 0, Stop: 1}))
	expect(l, []string{}, ZRange("none", 0, -1))
}

func liveLex(l *live) {
	expect(l, 4, ZAdd("lex", Z{0, "a"}, Z{0, "b"}, Z{0, "c"}, Z{0, "d"}))
	expect(l, 2, ZLexCount("lex", "[a", "(c"))
	expect(l, []string{"a", "b"}, ZRangeByLex("lex", ZRangeByArgs{Min: "-", Max: "(c"}))
	expect(l, []string{"c", "b"}, ZRevRangeByLex("lex", ZRangeByArgs{Min: "(a", Max: "[c"}))
	expect(l, []string{"d", "c"}, ZRangeWithArgs(ZRangeArgs{Key: "lex", Start: "-", Stop: "+", ByLex: true, Rev: true, Count: 2}))
	expect(l, 1, ZRemRangeByLex("lex", "-", "[a"))
	expect(l, 1, ZRemRangeByRank("lex", 0, 0))
	expect(l, 2, ZRemRangeByScore("lex", "-inf", "0"))
	expect(l, 0, ZRem("lex", "none"))
}

func liveStores(l *live) {
	expect(l, 2, ZAdd("x", Z{1, "a"}, Z{2, "b"}))
	expect(l, 2, ZAdd("y", Z{10, "b"}, Z{20, "c"}))
	both := ZStoreArgs{Keys: []string{"x", "y"}}
	weighed := ZStoreArgs{Keys: []string{"x", "y"}, Weights: []float64{2, 1}, Aggregate: "MAX"}
	expect(l, []string{"a"}, ZDiff("x", "y"))
	expect(l, []Z{{1, "a"}}, ZDiffWithScores("x", "y"))
	expect(l, 1, ZDiffStore("d", "x", "y"))
	expect(l, []string{"b"}, ZInter(both))
	expect(l, []Z{{12, "b"}}, ZInterWithScores(both))
	expect(l, []Z{{10, "b"}}, ZInterWithScores(weighed))
	expect(l, 1, ZInterStore("d", weighed))
	expect(l, 1, ZInterCard(0, "x", "y"))
	expect(l, 1, ZInterCard(1, "x", "x"))
	expect(l, []string{"a", "b", "c"}, ZUnion(both))
	expect(l, []Z{{2, "a"}, {10, "b"}, {20, "c"}}, ZUnionWithScores(weighed))
	expect(l, 3, ZUnionStore("d", both))
}

func livePops(l *live) {
	const moment = time.Millisecond
	expect(l, []Z{{1, "a"}}, ZPopMin("x"))
	expect(l, []Z{{20, "c"}, {10, "b"}}, ZPopMax("y", 5))
	expect(l, []Z{}, ZPopMin("none", 5))
	expect(l, []Z{}, ZPopMax("none"))
	expect(l, ZsWithKey{"x", []Z{{2, "b"}}}, ZMPop("MIN", 0, "none", "x"))
	expectNil(l, ZMPop("MIN", 0, "none"))
	expect(l, 4, ZAdd("q", Z{1, "a"}, Z{2, "b"}, Z{3, "c"}, Z{4, "d"}))
	expect(l, ZWithKey{Z{1, "a"}, "q"}, BZPopMin(0, "none", "q"))
	expect(l, ZWithKey{Z{4, "d"}, "q"}, BZPopMax(time.Second, "q"))
	expect(l, ZsWithKey{"q", []Z{{3, "c"}, {2, "b"}}}, BZMPop(time.Second, "MAX", 9, "q"))
	expectNil(l, BZPopMin(moment, "q"))
	expectNil(l, BZPopMax(moment, "q"))
	expectNil(l, BZMPop(moment, "MIN", 0, "q"))
}
