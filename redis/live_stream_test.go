package redis

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"time"

	"github.com/fairlead-go/fairlead/redistest"
)

// message is an entry of a stream with its fields and values in turn.
func message(id string, fields ...string) XMessage {
	m := XMessage{id, make(map[string]string)}
	for pair := range slices.Chunk(fields, 2) {
		m.Values[pair[0]] = pair[1]
	}
	return m
}

func liveStream(l *live) {
	liveStreamEntries(l)
	liveStreamReads(l)
	liveStreamGroups(l)
	liveStreamClaims(l)
	liveStreamInfo(l)
	liveStreamTrims(l)
}

func liveStreamEntries(l *live) {
	expect(l, "1-1", XAdd(XAddArgs{Stream: "s", ID: "1-1", Values: []string{"a", "1", "b", "2"}}))
	expect(l, "1-2", XAdd(XAddArgs{Stream: "s", ID: "1-*", Values: []any{"a", 1, "a", 2.5}})) // a field twice: the last counts
	expect(l, "2-0", XAdd(XAddArgs{Stream: "s", ID: "2-0", Values: map[string]any{"x": true}}))
	expect(l, "3-0", XAdd(XAddArgs{Stream: "s", ID: "3", Values: map[string]string{"": ""}}))
	such(l, XAdd(XAddArgs{Stream: "auto", Values: []string{"a", "1"}}), func(id string) bool {
		var ms, n int64
		_, err := fmt.Sscanf(id, "%d-%d", &ms, &n)
		return err == nil && time.Since(time.UnixMilli(ms)).Abs() < time.Minute
	}, "an id of now")
	fails(l, "equal or smaller", XAdd(XAddArgs{Stream: "s", ID: "2-0", Values: []string{"a", "1"}}))
	expectNil(l, XAdd(XAddArgs{Stream: "none", NoMkStream: true, Values: []string{"a", "1"}}))
	expect(l, 4, XLen("s"))
	expect(l, 0, XLen("none"))

	one, two, three, four := message("1-1", "a", "1", "b", "2"), message("1-2", "a", "2.5"), message("2-0", "x", "1"), message("3-0", "", "")
	expect(l, []XMessage{one, two, three, four}, XRange("s", "-", "+"))
	expect(l, []XMessage{one, two}, XRange("s", "1", "1"))
	expect(l, []XMessage{two, three}, XRange("s", "(1-1", "(3-0"))
	expect(l, []XMessage{one}, XRangeN("s", "-", "+", 1))
	expect(l, []XMessage{one, two, three, four}, XRangeN("s", "-", "+", 0))
	expect(l, []XMessage{}, XRangeN("s", "-", "+", -1))
	expect(l, []XMessage{}, XRange("none", "-", "+"))
	expect(l, []XMessage{four, three, two, one}, XRevRange("s", "+", "-"))
	expect(l, []XMessage{four}, XRevRangeN("s", "+", "-", 1))
	expect(l, [][]any{{"1-2", []any{"a", "1", "a", "2.5"}}}, As[[][]any](XRange("s", "1-2", "1-2")))

	expect(l, 1, XDel("s", "3-0", "9-9"))
	expect(l, 0, XDel("none", "1-0"))
}

func liveStreamReads(l *live) {
	const moment = time.Millisecond
	one, two, three := message("1-1", "a", "1", "b", "2"), message("1-2", "a", "2.5"), message("2-0", "x", "1")
	expect(l, "7-0", XAdd(XAddArgs{Stream: "t", ID: "7-0", Values: []string{"y", "z"}}))
	seven := message("7-0", "y", "z")
	expect(l, []XStream{{"s", []XMessage{one, two, three}}}, XReadStreams("s", "0"))
	expect(l, []XStream{{"t", []XMessage{seven}}, {"s", []XMessage{two}}}, XRead(XReadArgs{Streams: []string{"t", "none", "s", "0", "0", "1-1"}, Count: 1}))
	expect(l, []XStream{{"s", []XMessage{three}}, {"t", []XMessage{seven}}}, XRead(XReadArgs{Streams: []string{"s", "t"}, ID: "1-2", Block: Forever}))
	expectNil(l, XReadStreams("s", "t", "2-0", "7-0"))
	expectNil(l, XReadStreams("none", "0"))
	expectNil(l, XRead(XReadArgs{Streams: []string{"s", "$"}, Block: moment}))
	expectSince(l, "7.4.0", "9.1.0", []XStream{{"t", []XMessage{seven}}}, XReadStreams("t", "+"))

	// an entry that comes while somebody waits
	waiting := l.other(3)
	read := make(chan []XStream, 1)
	go func() {
		defer close(read)
		streams, err := ask(waiting, XRead(XReadArgs{Streams: []string{"t", "$"}, Block: Forever}))
		if err != nil {
			l.t.Errorf("XREAD that waits: %v", err)
		}
		read <- streams
	}()
	redistest.Eventually(l.t, 10*time.Second, "a client is blocked", func() bool {
		info, err := ask(l, Info("clients"))
		n, _ := info.Field("blocked_clients")
		return err == nil && n == "1"
	})
	expect(l, "8-0", XAdd(XAddArgs{Stream: "t", ID: "8-0", Values: []string{"y", "later"}}))
	if got, want := <-read, []XStream{{"t", []XMessage{message("8-0", "y", "later")}}}; !reflect.DeepEqual(got, want) {
		l.t.Errorf("XREAD that waited got %v, want %v", got, want)
	}
}

func liveStreamGroups(l *live) {
	const moment = time.Millisecond
	one, two, three := message("1-1", "a", "1", "b", "2"), message("1-2", "a", "2.5"), message("2-0", "x", "1")
	succeed(l, XGroupCreate("s", "g", "0"))
	fails(l, "BUSYGROUP", XGroupCreate("s", "g", "0"))
	fails(l, "requires the key to exist", XGroupCreate("new", "g", "$"))
	succeed(l, XGroupCreateMkStream("new", "g", "$"))
	succeed(l, XGroupCreateWithArgs("new2", "g", "$", XGroupCreateArgs{MkStream: true, EntriesRead: new(int64(7))}))
	such(l, XInfoGroups("new2"), func(gs []XInfoGroup) bool { return len(gs) == 1 && gs[0].EntriesRead == 7 && gs[0].Lag == 0 }, "seven entries read")
	expect(l, 1, XGroupCreateConsumer("s", "g", "ann"))
	expect(l, 0, XGroupCreateConsumer("s", "g", "ann"))

	fresh := func(consumer string) XReadGroupArgs {
		return XReadGroupArgs{Group: "g", Consumer: consumer, Streams: []string{"s", ">"}}
	}
	first := fresh("ann")
	first.Count = 1
	expect(l, []XStream{{"s", []XMessage{one}}}, XReadGroup(first))
	unnoted := fresh("bob")
	unnoted.Count, unnoted.NoAck = 1, true
	expect(l, []XStream{{"s", []XMessage{two}}}, XReadGroup(unnoted))
	waits := XReadGroupArgs{Group: "g", Consumer: "bob", Streams: []string{"s"}, ID: ">", Block: Forever}
	expect(l, []XStream{{"s", []XMessage{three}}}, XReadGroup(waits))
	expectNil(l, XReadGroup(fresh("bob")))
	waits.Block = moment
	expectNil(l, XReadGroup(waits))
	fails(l, "NOGROUP", XReadGroup(XReadGroupArgs{Group: "none", Consumer: "bob", Streams: []string{"s", ">"}}))

	// what is pending, deleted meanwhile or not
	pending := func(consumer string) XReadGroupArgs {
		return XReadGroupArgs{Group: "g", Consumer: consumer, Streams: []string{"s", "0"}}
	}
	expect(l, []XStream{{"s", []XMessage{three}}}, XReadGroup(pending("bob")))
	expect(l, 1, XDel("s", "1-1"))
	expect(l, []XStream{{"s", []XMessage{{"1-1", nil}}}}, XReadGroup(pending("ann")))
	expect(l, []XStream{{"s", []XMessage{}}}, XReadGroup(pending("cid")))

	expect(l, XPendingSummary{2, "1-1", "2-0", map[string]int64{"ann": 1, "bob": 1}}, XPending("s", "g"))
	expect(l, XPendingSummary{Consumers: map[string]int64{}}, XPending("new", "g"))
	fails(l, "NOGROUP", XPending("s", "none"))
	such(l, XPendingExt(XPendingExtArgs{Stream: "s", Group: "g", Count: 9}), func(es []XPendingEntry) bool {
		return len(es) == 2 && es[0].ID == "1-1" && es[0].Consumer == "ann" && es[0].RetryCount == 1 && es[0].Idle < time.Minute &&
			es[1].ID == "2-0" && es[1].Consumer == "bob" && es[1].RetryCount == 2
	}, "two entries, the one that is there delivered twice")
	such(l, XPendingExt(XPendingExtArgs{Stream: "s", Group: "g", Start: "(1-1", End: "9", Count: 9, Consumer: "bob"}), func(es []XPendingEntry) bool {
		return len(es) == 1 && es[0].ID == "2-0"
	}, "bob's")
	expect(l, []XPendingEntry{}, XPendingExt(XPendingExtArgs{Stream: "s", Group: "g", Idle: time.Hour, Count: 9}))
	expect(l, 1, XAck("s", "g", "1-1", "9-9"))
	expect(l, 0, XAck("s", "none", "1-1"))
}

func liveStreamClaims(l *live) {
	two, three := message("1-2", "a", "2.5"), message("2-0", "x", "1")
	claim := func(ids ...string) XClaimArgs {
		return XClaimArgs{Stream: "s", Group: "g", Consumer: "cid", Messages: ids}
	}
	expect(l, []XMessage{three}, XClaim(claim("2-0", "9-9")))
	patient := claim("2-0")
	patient.MinIdle = time.Hour
	expect(l, []XMessage{}, XClaim(patient))
	forced := claim("1-2")
	forced.Force, forced.Idle, forced.RetryCount, forced.LastID = true, time.Minute, new(int64(0)), "2-0"
	expect(l, []XMessage{two}, XClaim(forced))
	expectPending(l, XPendingEntry{"1-2", "cid", time.Minute, 0})
	expect(l, []string{"1-2"}, XClaimJustID(claim("1-2")))
	expectPending(l, XPendingEntry{"1-2", "cid", 0, 0}) // no delivery
	dated := claim("1-2")
	dated.Time, dated.RetryCount = time.Now().Add(-time.Hour), new(int64(5))
	expect(l, []XMessage{two}, XClaim(dated))
	expectPending(l, XPendingEntry{"1-2", "cid", time.Hour, 5})

	auto := XAutoClaimArgs{Stream: "s", Group: "g", Consumer: "dan", Count: 1}
	expect(l, XAutoClaimMessages{"2-0", []XMessage{two}, []string{}}, XAutoClaim(auto))
	auto.Start = "2-0"
	expect(l, XAutoClaimIDs{"0-0", []string{"2-0"}, []string{}}, XAutoClaimJustID(auto))
	expect(l, 1, XDel("s", "1-2"))
	auto.Start, auto.Count = "", 10
	expect(l, XAutoClaimIDs{"0-0", []string{"2-0"}, []string{"1-2"}}, XAutoClaimJustID(auto))
	auto.MinIdle = time.Hour
	expect(l, XAutoClaimMessages{"0-0", []XMessage{}, []string{}}, XAutoClaim(auto))
	expect(l, []XMessage{}, XClaim(claim("1-2"))) // deleted
}

// expectPending expects one entry of the group g to be pending like this, give or take a few seconds.
func expectPending(l *live, want XPendingEntry) {
	l.t.Helper()
	such(l, XPendingExt(XPendingExtArgs{Stream: "s", Group: "g", Start: want.ID, End: want.ID, Count: 9}), func(es []XPendingEntry) bool {
		return len(es) == 1 && es[0].Consumer == want.Consumer && es[0].RetryCount == want.RetryCount && (es[0].Idle-want.Idle).Abs() < 20*time.Second
	}, want)
}

func liveStreamInfo(l *live) {
	three := message("2-0", "x", "1")
	counts := XInfoStreamCounts{
		Length: 1, RadixTreeKeys: 1, RadixTreeNodes: 2, LastGeneratedID: "3-0", MaxDeletedEntryID: "3-0", EntriesAdded: 4, RecordedFirstEntryID: "2-0"}
	expect(l, XInfoStreamDetails{counts, 1, three, three}, XInfoStream("s"))
	such(l, XInfoStream("new"), func(x XInfoStreamDetails) bool {
		return x.Length == 0 && x.Groups == 1 && x.FirstEntry.ID == "" && x.LastEntry.ID == "" && x.LastGeneratedID == "0-0"
	}, "an empty stream")
	fails(l, "no such key", XInfoStream("none"))

	recent := func(at time.Time) bool { return time.Since(at).Abs() < time.Minute }
	such(l, XInfoStreamFull("s", -1), func(x XInfoStreamFullDetails) bool {
		if x.XInfoStreamCounts != counts || !reflect.DeepEqual(x.Entries, []XMessage{three}) || len(x.Groups) != 1 {
			return false
		}
		g := x.Groups[0]
		dan := g.Consumers[slices.IndexFunc(g.Consumers, func(c XInfoStreamConsumer) bool { return c.Name == "dan" })]
		knows := l.since("7.2.0", "7.2.0")
		return g.Name == "g" && g.LastDeliveredID == "2-0" && g.PelCount == 1 && len(g.Consumers) == 4 &&
			len(g.Pending) == 1 && g.Pending[0].ID == "2-0" && g.Pending[0].Consumer == "dan" && recent(g.Pending[0].DeliveryTime) && g.Pending[0].DeliveryCount == 3 &&
			dan.PelCount == 1 && len(dan.Pending) == 1 && dan.Pending[0].ID == "2-0" && recent(dan.Pending[0].DeliveryTime) && dan.Pending[0].DeliveryCount == 3 &&
			recent(dan.SeenTime) && recent(dan.ActiveTime) == knows
	}, "one entry that is pending with dan")
	such(l, XInfoStreamFull("s", 1), func(x XInfoStreamFullDetails) bool { return len(x.Entries) == 1 }, "one entry")
	such(l, XInfoStreamFull("s", 0), func(x XInfoStreamFullDetails) bool { return len(x.Entries) == 1 }, "one entry")

	such(l, XInfoGroups("s"), func(gs []XInfoGroup) bool {
		return len(gs) == 1 && gs[0].Name == "g" && gs[0].Consumers == 4 && gs[0].Pending == 1 && gs[0].LastDeliveredID == "2-0"
	}, "a group of four consumers")
	fails(l, "no such key", XInfoGroups("none"))
	expect(l, 1, XGroupCreateConsumer("s", "g", "eve"))
	such(l, XInfoConsumers("s", "g"), func(cs []XInfoConsumer) bool {
		names := make([]string, len(cs))
		for i, c := range cs {
			names[i] = c.Name
		}
		dan, eve := cs[slices.Index(names, "dan")], cs[slices.Index(names, "eve")]
		return strings.Join(names, " ") == "ann bob cid dan eve" && dan.Pending == 1 && dan.Idle < time.Minute && dan.Inactive < time.Minute &&
			(dan.Inactive >= 0) == l.since("7.2.0", "7.2.0") && eve.Pending == 0 && eve.Inactive == -1
	}, "five consumers")
	fails(l, "NOGROUP", XInfoConsumers("s", "none"))

	succeed(l, XGroupSetID("s", "g", "$"))
	succeed(l, XGroupSetIDWithArgs("s", "g", "2-0", XGroupSetIDArgs{EntriesRead: new(int64(3))}))
	such(l, XInfoGroups("s"), func(gs []XInfoGroup) bool { return gs[0].EntriesRead == 3 }, "three entries read")
	succeed(l, XGroupSetIDWithArgs("s", "g", "1-0", XGroupSetIDArgs{}))
	such(l, XInfoGroups("s"), func(gs []XInfoGroup) bool { return gs[0].EntriesRead == -1 }, "nobody knows how many entries read")
	expect(l, 1, XGroupDelConsumer("s", "g", "dan"))
	expect(l, 0, XGroupDelConsumer("s", "g", "dan"))
	expect(l, 1, XGroupDestroy("s", "g"))
	expect(l, 0, XGroupDestroy("s", "g"))

	succeed(l, XSetID("s", "5-0"))
	succeed(l, XSetIDWithArgs("s", "9-0", XSetIDArgs{EntriesAdded: new(int64(12)), MaxDeletedID: "4-0"}))
	counts.LastGeneratedID, counts.EntriesAdded, counts.MaxDeletedEntryID = "9-0", 12, "4-0"
	expect(l, XInfoStreamDetails{counts, 0, three, three}, XInfoStream("s"))
	fails(l, "smaller", XSetID("s", "1-0"))
}

func liveStreamTrims(l *live) {
	const many = 250 // so that there are blocks of entries to trim by
	for i := 1; i <= many; i++ {
		if _, err := ask(l, XAdd(XAddArgs{Stream: "long", ID: fmt.Sprint(i), Values: []string{"f", "v"}})); err != nil {
			l.t.Fatal(err)
		}
	}
	expect(l, 100, XTrimMaxLenApprox("long", 101, -1)) // the block of entries 1 to 100
	expect(l, 0, XTrimMaxLenApprox("long", 149, 0))
	expect(l, 0, XTrimMaxLenApprox("long", 0, 10)) // no block is that small
	expect(l, 100, XTrimMinIDApprox("long", "230", 0))
	expect(l, 9, XTrimMinID("long", "210"))
	expect(l, 11, XTrimMaxLen("long", 30))
	expect(l, "300-0", XAdd(XAddArgs{Stream: "long", ID: "300", MaxLen: 5, Values: []string{"f", "v"}}))
	expect(l, 5, XLen("long"))
	expect(l, "301-0", XAdd(XAddArgs{Stream: "long", ID: "301", MinID: "300", Values: []string{"f", "v"}}))
	expect(l, 2, XLen("long"))
	expect(l, "302-0", XAdd(XAddArgs{Stream: "long", ID: "302", MaxLen: 1, Approx: true, Limit: 100, Values: []string{"f", "v"}}))
	expect(l, 3, XLen("long"))
	expect(l, 3, XTrimMaxLen("long", 0))
	expect(l, 0, XTrimMinIDApprox("long", "9", 5))
}
