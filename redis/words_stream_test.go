package redis

import "time"

var streamWords = []transcript{
	send("XACK <s> g 1-0 2-0", XAck("s", "g", "1-0", "2-0")),

	send("XADD <s> * f v", XAdd(XAddArgs{Stream: "s", Values: []string{"f", "v"}})),
	send("XADD <s> 1-* f 1 g 2.5", XAdd(XAddArgs{Stream: "s", ID: "1-*", Values: []any{"f", 1, "g", 2.5}})),
	send("XADD <s> * f v", XAdd(XAddArgs{Stream: "s", Values: map[string]string{"f": "v"}})),
	send("XADD <s> * f 1", XAdd(XAddArgs{Stream: "s", Values: map[string]any{"f": true}})),
	send("XADD <s> * f v", XAdd(XAddArgs{Stream: "s", Values: []any{map[string]any{"f": []byte("v")}}})), // as HSet takes it
	send("XADD <s> NOMKSTREAM MAXLEN = 1000 * f v", XAdd(XAddArgs{Stream: "s", NoMkStream: true, MaxLen: 1000, Values: []string{"f", "v"}})),
	send("XADD <s> MAXLEN ~ 1000 LIMIT 50 * f v", XAdd(XAddArgs{Stream: "s", MaxLen: 1000, Approx: true, Limit: 50, Values: []string{"f", "v"}})),
	send("XADD <s> MINID = 5-0 6-0 f v", XAdd(XAddArgs{Stream: "s", MinID: "5-0", ID: "6-0", Values: []string{"f", "v"}})),
	send("XADD <s> MINID ~ 5 LIMIT 0 * f v", XAdd(XAddArgs{Stream: "s", MinID: "5", Approx: true, Limit: -1, Values: []string{"f", "v"}})),
	send("XADD <s> * f v", XAdd(XAddArgs{Stream: "s", Approx: true, Values: []string{"f", "v"}})), // nothing to trim

	send("XAUTOCLAIM <s> g c 60000 0-0", XAutoClaim(XAutoClaimArgs{Stream: "s", Group: "g", Consumer: "c", MinIdle: time.Minute})),
	send("XAUTOCLAIM <s> g c 0 5-0 COUNT 10", XAutoClaim(XAutoClaimArgs{Stream: "s", Group: "g", Consumer: "c", Start: "5-0", Count: 10})),
	send("XAUTOCLAIM <s> g c 2 0-0 COUNT 10 JUSTID",
		XAutoClaimJustID(XAutoClaimArgs{Stream: "s", Group: "g", Consumer: "c", MinIdle: 1500 * time.Microsecond, Count: 10})),
	send("XCLAIM <s> g c 1000 1-0 2-0", XClaim(XClaimArgs{Stream: "s", Group: "g", Consumer: "c", MinIdle: second, Messages: []string{"1-0", "2-0"}})),
	send("XCLAIM <s> g c 0 1-0 IDLE 5000 RETRYCOUNT 0 FORCE LASTID 3-0", XClaim(XClaimArgs{
		Stream: "s", Group: "g", Consumer: "c", Messages: []string{"1-0"}, Idle: 5 * second, RetryCount: new(int64(0)), Force: true, LastID: "3-0"})),
	send("XCLAIM <s> g c 0 1-0 TIME 1700000000123", XClaim(XClaimArgs{
		Stream: "s", Group: "g", Consumer: "c", Messages: []string{"1-0"}, Time: time.UnixMilli(1700000000123)})),
	send("XCLAIM <s> g c 0 1-0 FORCE JUSTID", XClaimJustID(XClaimArgs{Stream: "s", Group: "g", Consumer: "c", Messages: []string{"1-0"}, Force: true})),
	send("XDEL <s> 1-0 2-0", XDel("s", "1-0", "2-0")),

	send("XGROUP CREATE <s> g 0", XGroupCreate("s", "g", "0")),
	send("XGROUP CREATE <s> g $ MKSTREAM", XGroupCreateMkStream("s", "g", "$")),
	send("XGROUP CREATE <s> g 0", XGroupCreateWithArgs("s", "g", "0", XGroupCreateArgs{})),
	send("XGROUP CREATE <s> g 0 MKSTREAM ENTRIESREAD 0", XGroupCreateWithArgs("s", "g", "0", XGroupCreateArgs{MkStream: true, EntriesRead: new(int64(0))})),
	send("XGROUP CREATECONSUMER <s> g c", XGroupCreateConsumer("s", "g", "c")),
	send("XGROUP DELCONSUMER <s> g c", XGroupDelConsumer("s", "g", "c")),
	send("XGROUP DESTROY <s> g", XGroupDestroy("s", "g")),
	send("XGROUP SETID <s> g $", XGroupSetID("s", "g", "$")),
	send("XGROUP SETID <s> g 5-0", XGroupSetIDWithArgs("s", "g", "5-0", XGroupSetIDArgs{})),
	send("XGROUP SETID <s> g 5-0 ENTRIESREAD 5", XGroupSetIDWithArgs("s", "g", "5-0", XGroupSetIDArgs{EntriesRead: new(int64(5))})),
	send("XINFO CONSUMERS <s> g", XInfoConsumers("s", "g")),
	send("XINFO GROUPS <s>", XInfoGroups("s")),
	send("XINFO STREAM <s>", XInfoStream("s")),
	send("XINFO STREAM <s> FULL", XInfoStreamFull("s", 0)),
	send("XINFO STREAM <s> FULL COUNT 5", XInfoStreamFull("s", 5)),
	send("XINFO STREAM <s> FULL COUNT 0", XInfoStreamFull("s", -1)),

	send("XLEN <s>", XLen("s")),
	send("XPENDING <s> g", XPending("s", "g")),
	send("XPENDING <s> g - + 10", XPendingExt(XPendingExtArgs{Stream: "s", Group: "g", Count: 10})),
	send("XPENDING <s> g IDLE 60000 (1-0 9-0 1 c",
		XPendingExt(XPendingExtArgs{Stream: "s", Group: "g", Idle: time.Minute, Start: "(1-0", End: "9-0", Count: 1, Consumer: "c"})),
	send("XRANGE <s> - +", XRange("s", "-", "+")),
	send("XRANGE <s> 1 (2-0 COUNT 3", XRangeN("s", "1", "(2-0", 3)),
	send("XRANGE <s> - +", XRangeN("s", "-", "+", 0)),
	send("XREVRANGE <s> + -", XRevRange("s", "+", "-")),
	send("XREVRANGE <s> + - COUNT 1", XRevRangeN("s", "+", "-", 1)),

	send("XREAD STREAMS <s> 0", XRead(XReadArgs{Streams: []string{"s", "0"}})),
	send("XREAD COUNT 5 BLOCK 1500 STREAMS <a> <b> 0 $", XRead(XReadArgs{Streams: []string{"a", "b", "0", "$"}, Count: 5, Block: 1500 * time.Millisecond})),
	send("XREAD BLOCK 0 STREAMS <a> <b> <c> $ $ $", XRead(XReadArgs{Streams: []string{"a", "b", "c"}, ID: "$", Block: Forever})),
	send("XREAD BLOCK 1 STREAMS <s> $", XRead(XReadArgs{Streams: []string{"s", "$"}, Block: time.Nanosecond})), // rounded up: 0 would block for ever
	send("XREAD STREAMS <a> <b> 0 5-0", XReadStreams("a", "b", "0", "5-0")),
	send("XREADGROUP GROUP g c STREAMS <s> >", XReadGroup(XReadGroupArgs{Group: "g", Consumer: "c", Streams: []string{"s", ">"}})),
	send("XREADGROUP GROUP g c COUNT 5 BLOCK 2000 NOACK STREAMS <a> <b> > 0",
		XReadGroup(XReadGroupArgs{Group: "g", Consumer: "c", Streams: []string{"a", "b", ">", "0"}, Count: 5, Block: 2 * second, NoAck: true})),
	send("XREADGROUP GROUP g c BLOCK 0 STREAMS <a> <b> > >",
		XReadGroup(XReadGroupArgs{Group: "g", Consumer: "c", Streams: []string{"a", "b"}, ID: ">", Block: Forever})),

	send("XSETID <s> 9-0", XSetID("s", "9-0")),
	send("XSETID <s> 9-0", XSetIDWithArgs("s", "9-0", XSetIDArgs{})),
	send("XSETID <s> 9-0 ENTRIESADDED 12 MAXDELETEDID 2-0", XSetIDWithArgs("s", "9-0", XSetIDArgs{EntriesAdded: new(int64(12)), MaxDeletedID: "2-0"})),
	send("XTRIM <s> MAXLEN = 0", XTrimMaxLen("s", 0)),
	send("XTRIM <s> MAXLEN ~ 1000", XTrimMaxLenApprox("s", 1000, 0)),
	send("XTRIM <s> MAXLEN ~ 1000 LIMIT 50", XTrimMaxLenApprox("s", 1000, 50)),
	send("XTRIM <s> MAXLEN ~ 1000 LIMIT 0", XTrimMaxLenApprox("s", 1000, -1)),
	send("XTRIM <s> MINID = 5-0", XTrimMinID("s", "5-0")),
	send("XTRIM <s> MINID ~ 5", XTrimMinIDApprox("s", "5", 0)),
	send("XTRIM <s> MINID ~ 5 LIMIT 50", XTrimMinIDApprox("s", "5", 50)),
}
