package redis

import (
	"reflect"
	"testing"
	"time"
)

// entryOf is an entry of a stream on the wire.
func entryOf(id string, fields ...string) string {
	list := make([]string, len(fields))
	for i, f := range fields {
		list[i] = bulk(f)
	}
	return arrayOf(bulk(id), arrayOf(list...))
}

func TestReadXMessages(t *testing.T) {
	t.Parallel()
	two := arrayOf(entryOf("1-0", "f", "v", "g", "w"), entryOf("2-0", "f", "1", "f", "2"))
	want := []XMessage{{"1-0", map[string]string{"f": "v", "g": "w"}}, {"2-0", map[string]string{"f": "2"}}}
	bothRead(t, XRange("s", "-", "+"), two, two, want)
	bothRead(t, XRevRangeN("s", "+", "-", 9), two, two, want)
	bothRead(t, XRange("s", "-", "+"), arrayOf(), arrayOf(), []XMessage{})
	bothRead(t, XRangeN("s", "-", "+", -1), "*-1\r\n", "_\r\n", []XMessage{}) // servers say so of a limit that lets nothing pass
	// before Redis 7.0 a null stands for an entry that was deleted
	bothRead(t, XClaim(XClaimArgs{}), arrayOf("*-1\r\n", entryOf("1-0", "f", "v")), arrayOf("_\r\n", entryOf("1-0", "f", "v")),
		[]XMessage{{"1-0", map[string]string{"f": "v"}}})
	bothRead(t, XClaimJustID(XClaimArgs{}), arrayOf(bulk("1-0")), arrayOf(bulk("1-0")), []string{"1-0"})
	readsNot(t, XRange("s", "-", "+"), bulk("1-0"), number(1), arrayOf(bulk("1-0")), arrayOf(arrayOf(bulk("1-0"))), arrayOf(arrayOf(arrayOf(), arrayOf())),
		arrayOf(entryOf("1-0", "f")), arrayOf(arrayOf(bulk("1-0"), bulk("f"))), arrayOf(arrayOf("_\r\n", arrayOf())), arrayOf("-ERR inside\r\n"),
		arrayOf(arrayOf(bulk("1-0"), arrayOf(arrayOf(), bulk("v")))))
}

// TestXMessagesAsLists: whoever needs the fields' order, or a field more than once, reads the reply as lists.
func TestXMessagesAsLists(t *testing.T) {
	t.Parallel()
	entry := entryOf("1-0", "f", "1", "a", "2", "f", "3")
	fields := []any{"1-0", []any{"f", "1", "a", "2", "f", "3"}}
	bothRead(t, As[[][]any](XRange("s", "-", "+")), arrayOf(entry), arrayOf(entry), [][]any{fields})
	bothRead(t, As[map[string][][]any](XReadStreams("s", "0")), arrayOf(arrayOf(bulk("s"), arrayOf(entry))), mapOf(bulk("s"), arrayOf(entry)),
		map[string][][]any{"s": {fields}})

	type reading struct {
		Degrees float64 `redis:"degrees"`
	}
	got, err := Convert[reading](XMessage{"1-0", map[string]string{"degrees": "21.5"}}.Values)
	if want := (reading{21.5}); err != nil || got != want {
		t.Errorf("Values as a struct are %v, %v; want %v", got, err, want)
	}
}

func TestReadXStreams(t *testing.T) {
	t.Parallel()
	first, last := arrayOf(entryOf("1-0", "f", "v")), arrayOf(entryOf("5-0", "g", "w"))
	want := []XStream{{"b", []XMessage{{"1-0", map[string]string{"f": "v"}}}}, {"a", []XMessage{{"5-0", map[string]string{"g": "w"}}}}}
	resp2, resp3 := arrayOf(arrayOf(bulk("b"), first), arrayOf(bulk("a"), last)), mapOf(bulk("b"), first, bulk("a"), last)
	bothRead(t, XReadStreams("b", "a", "0", "0"), resp2, resp3, want)
	bothRead(t, XReadGroup(XReadGroupArgs{}), resp2, resp3, want)
	bothNil(t, XRead(XReadArgs{}))
	bothNil(t, XReadGroup(XReadGroupArgs{}))

	// what is pending may have been deleted meanwhile
	gone2, gone3 := arrayOf(arrayOf(bulk("1-0"), "*-1\r\n"), entryOf("2-0", "f", "v")), arrayOf(arrayOf(bulk("1-0"), "_\r\n"), entryOf("2-0", "f", "v"))
	bothRead(t, XReadGroup(XReadGroupArgs{}), arrayOf(arrayOf(bulk("s"), gone2)), mapOf(bulk("s"), gone3),
		[]XStream{{"s", []XMessage{{"1-0", nil}, {"2-0", map[string]string{"f": "v"}}}}})
	bothRead(t, XReadGroup(XReadGroupArgs{}), arrayOf(arrayOf(bulk("s"), arrayOf())), mapOf(bulk("s"), arrayOf()), []XStream{{"s", []XMessage{}}})
	readsNot(t, XRead(XReadArgs{}), bulk("s"), number(1), arrayOf(bulk("s")), arrayOf(arrayOf(arrayOf(), first)), mapOf(bulk("s"), number(1)),
		mapOf(bulk("s"), arrayOf(bulk("1-0"))))
}

func TestReadXAutoClaim(t *testing.T) {
	t.Parallel()
	args := XAutoClaimArgs{}
	full := arrayOf(bulk("3-0"), arrayOf(entryOf("1-0", "f", "v")), arrayOf(bulk("2-0")))
	bothRead(t, XAutoClaim(args), full, full, XAutoClaimMessages{"3-0", []XMessage{{"1-0", map[string]string{"f": "v"}}}, []string{"2-0"}})
	ids := arrayOf(bulk("0-0"), arrayOf(bulk("1-0")), arrayOf())
	bothRead(t, XAutoClaimJustID(args), ids, ids, XAutoClaimIDs{"0-0", []string{"1-0"}, []string{}})
	// Redis 6.2
	bothRead(t, XAutoClaim(args), arrayOf(bulk("0-0"), arrayOf("*-1\r\n")), arrayOf(bulk("0-0"), arrayOf("_\r\n")), XAutoClaimMessages{Start: "0-0", Messages: []XMessage{}})
	bothRead(t, XAutoClaimJustID(args), arrayOf(bulk("0-0"), arrayOf()), arrayOf(bulk("0-0"), arrayOf()), XAutoClaimIDs{Start: "0-0", IDs: []string{}})
	readsNot(t, XAutoClaim(args), bulk("0-0"), arrayOf(bulk("0-0")), arrayOf(arrayOf(), arrayOf(), arrayOf()), arrayOf(bulk("0-0"), number(1), arrayOf()),
		arrayOf(bulk("0-0"), arrayOf(), number(1)), arrayOf(bulk("0-0"), arrayOf(), "_\r\n"))
	readsNot(t, XAutoClaimJustID(args), bulk("0-0"), arrayOf(bulk("0-0")), arrayOf(arrayOf(), arrayOf()), arrayOf(bulk("0-0"), "_\r\n", arrayOf()),
		arrayOf(bulk("0-0"), arrayOf(entryOf("1-0")), arrayOf()))
}

func TestReadXPending(t *testing.T) {
	t.Parallel()
	some := arrayOf(number(3), bulk("1-0"), bulk("3-0"), arrayOf(arrayOf(bulk("ann"), bulk("2")), arrayOf(bulk("bob"), bulk("1"))))
	bothRead(t, XPending("s", "g"), some, some, XPendingSummary{3, "1-0", "3-0", map[string]int64{"ann": 2, "bob": 1}})
	bothRead(t, XPending("s", "g"), arrayOf(number(0), "$-1\r\n", "$-1\r\n", "*-1\r\n"), arrayOf(number(0), "_\r\n", "_\r\n", "_\r\n"),
		XPendingSummary{Consumers: map[string]int64{}})
	readsNot(t, XPending("s", "g"), number(3), arrayOf(number(3)), arrayOf(bulk("x"), bulk("1-0"), bulk("3-0"), arrayOf()),
		arrayOf(number(3), arrayOf(), bulk("3-0"), arrayOf()), arrayOf(number(3), bulk("1-0"), arrayOf(), arrayOf()),
		arrayOf(number(3), bulk("1-0"), bulk("3-0"), number(1)), arrayOf(number(3), bulk("1-0"), bulk("3-0"), arrayOf(arrayOf(bulk("ann"), bulk("x")))))

	args := XPendingExtArgs{Count: 1}
	list := arrayOf(arrayOf(bulk("1-0"), bulk("ann"), number(1500), number(2)))
	bothRead(t, XPendingExt(args), list, list, []XPendingEntry{{"1-0", "ann", 1500 * time.Millisecond, 2}})
	bothRead(t, XPendingExt(args), arrayOf(), arrayOf(), []XPendingEntry{})
	readsNot(t, XPendingExt(args), number(1), arrayOf(number(1)), arrayOf("_\r\n"), arrayOf(arrayOf(bulk("1-0"), bulk("ann"), number(1))),
		arrayOf(arrayOf(arrayOf(), bulk("ann"), number(1), number(2))), arrayOf(arrayOf(bulk("1-0"), arrayOf(), number(1), number(2))),
		arrayOf(arrayOf(bulk("1-0"), bulk("ann"), bulk("x"), number(2))), arrayOf(arrayOf(bulk("1-0"), bulk("ann"), number(1), "_\r\n")))
}

// streamCounts are what both forms of XINFO STREAM begin with.
func streamCounts() []string {
	return []string{
		bulk("length"), number(2), bulk("radix-tree-keys"), number(1), bulk("radix-tree-nodes"), number(3), bulk("last-generated-id"), bulk("9-0"),
		bulk("max-deleted-entry-id"), bulk("1-0"), bulk("entries-added"), number(7), bulk("recorded-first-entry-id"), bulk("2-0"),
	}
}

var wantCounts = XInfoStreamCounts{
	Length: 2, RadixTreeKeys: 1, RadixTreeNodes: 3, LastGeneratedID: "9-0", MaxDeletedEntryID: "1-0", EntriesAdded: 7, RecordedFirstEntryID: "2-0"}

func TestReadXInfoStream(t *testing.T) {
	t.Parallel()
	asMap(t, XInfoStream("s"), XInfoStreamDetails{wantCounts, 4, XMessage{"2-0", map[string]string{"f": "v"}}, XMessage{"9-0", map[string]string{"g": "w"}}},
		append(streamCounts(), bulk("groups"), number(4), bulk("first-entry"), entryOf("2-0", "f", "v"), bulk("last-entry"), entryOf("9-0", "g", "w"),
			bulk("of-a-later-version"), arrayOf(number(1)))...)
	empty := append(streamCounts(), bulk("first-entry"))
	bothRead(t, XInfoStream("s"), arrayOf(append(empty, "*-1\r\n")...), mapOf(append(empty, "_\r\n")...), XInfoStreamDetails{XInfoStreamCounts: wantCounts})
	readsNot(t, XInfoStream("s"), number(1), arrayOf(bulk("length")), arrayOf(bulk("length"), bulk("x")), arrayOf(bulk("length"), "_\r\n"),
		arrayOf(bulk("groups"), bulk("x")), arrayOf(bulk("last-entry"), number(1)), arrayOf(bulk("last-generated-id"), arrayOf()))
}

func TestReadXInfoStreamFull(t *testing.T) {
	t.Parallel()
	const at = 1700000000123
	moment := time.UnixMilli(at)
	consumer := func(m func(...string) string, active int64) string {
		return m(bulk("name"), bulk("ann"), bulk("seen-time"), number(at), bulk("active-time"), number(active), bulk("pel-count"), number(1),
			bulk("pending"), arrayOf(arrayOf(bulk("2-0"), number(at), number(5))))
	}
	full := func(m func(...string) string, null string) string {
		known := m(bulk("name"), bulk("g"), bulk("last-delivered-id"), bulk("2-0"), bulk("entries-read"), number(6), bulk("lag"), number(1),
			bulk("pel-count"), number(1), bulk("pending"), arrayOf(arrayOf(bulk("2-0"), bulk("ann"), number(at), number(5))),
			bulk("consumers"), arrayOf(consumer(m, at), consumer(m, -1)))
		unknown := m(bulk("name"), bulk("h"), bulk("entries-read"), null, bulk("lag"), null)
		return m(append(streamCounts(), bulk("entries"), arrayOf(entryOf("2-0", "f", "v")), bulk("groups"), arrayOf(known, unknown))...)
	}
	ann := XInfoStreamConsumer{"ann", moment, moment, 1, []XInfoStreamConsumerPending{{"2-0", moment, 5}}}
	idle := ann
	idle.ActiveTime = time.Time{}
	bothRead(t, XInfoStreamFull("s", 0), full(arrayOf, "$-1\r\n"), full(mapOf, "_\r\n"), XInfoStreamFullDetails{
		wantCounts, []XMessage{{"2-0", map[string]string{"f": "v"}}}, []XInfoStreamGroup{
			{"g", "2-0", 6, 1, 1, []XInfoStreamGroupPending{{"2-0", "ann", moment, 5}}, []XInfoStreamConsumer{ann, idle}},
			{Name: "h", EntriesRead: -1, Lag: -1}}})

	group := func(fields ...string) string { return arrayOf(bulk("groups"), arrayOf(arrayOf(fields...))) }
	row := func(cells ...string) string { return arrayOf(arrayOf(cells...)) }
	member := func(fields ...string) string { return group(bulk("consumers"), row(fields...)) }
	readsNot(t, XInfoStreamFull("s", 0), number(1), arrayOf(bulk("entries"), number(1)), arrayOf(bulk("groups"), "_\r\n"), arrayOf(bulk("groups"), arrayOf("_\r\n")),
		group(bulk("lag"), bulk("x")), group(bulk("pending"), "_\r\n"), group(bulk("pending"), row(bulk("1-0"))), group(bulk("consumers"), "_\r\n"),
		group(bulk("pending"), row(arrayOf(), bulk("a"), number(1), number(1))), group(bulk("pending"), row(bulk("1-0"), arrayOf(), number(1), number(1))),
		group(bulk("pending"), row(bulk("1-0"), bulk("a"), bulk("x"), number(1))), group(bulk("pending"), row(bulk("1-0"), bulk("a"), number(1), bulk("x"))),
		member(bulk("seen-time"), bulk("x")), member(bulk("pending"), "_\r\n"), member(bulk("pending"), row(bulk("1-0"))), member(bulk("pending"), row(arrayOf(), number(1), number(1))),
		member(bulk("pending"), row(bulk("1-0"), bulk("x"), number(1))), member(bulk("pending"), row(bulk("1-0"), number(1), bulk("x"))))
}

func TestReadXInfoGroups(t *testing.T) {
	t.Parallel()
	group := []string{bulk("name"), bulk("g"), bulk("consumers"), number(2), bulk("pending"), number(3), bulk("last-delivered-id"), bulk("5-0")}
	known := append(group, bulk("entries-read"), number(4), bulk("lag"), number(0))
	bothRead(t, XInfoGroups("s"), arrayOf(arrayOf(known...)), arrayOf(mapOf(known...)), []XInfoGroup{{"g", 2, 3, "5-0", 4, 0}})
	bothRead(t, XInfoGroups("s"), arrayOf(arrayOf(append(group, bulk("entries-read"), "$-1\r\n", bulk("lag"), "$-1\r\n")...)),
		arrayOf(mapOf(append(group, bulk("entries-read"), "_\r\n", bulk("lag"), "_\r\n")...)), []XInfoGroup{{"g", 2, 3, "5-0", -1, -1}})
	bothRead(t, XInfoGroups("s"), arrayOf(arrayOf(group...)), arrayOf(mapOf(group...)), []XInfoGroup{{"g", 2, 3, "5-0", -1, -1}}) // before Redis 7.0
	bothRead(t, XInfoGroups("s"), arrayOf(), arrayOf(), []XInfoGroup{})
	readsNot(t, XInfoGroups("s"), number(1), arrayOf(number(1)), arrayOf("_\r\n"), arrayOf(arrayOf(bulk("lag"), bulk("x"))), arrayOf(arrayOf(bulk("pending"), "_\r\n")))
}

func TestReadXInfoConsumers(t *testing.T) {
	t.Parallel()
	consumer := []string{bulk("name"), bulk("ann"), bulk("pending"), number(2), bulk("idle"), number(1500)}
	active := append(consumer, bulk("inactive"), number(2500))
	bothRead(t, XInfoConsumers("s", "g"), arrayOf(arrayOf(active...)), arrayOf(mapOf(active...)),
		[]XInfoConsumer{{"ann", 2, 1500 * time.Millisecond, 2500 * time.Millisecond}})
	never := append(consumer, bulk("inactive"), number(-1))
	bothRead(t, XInfoConsumers("s", "g"), arrayOf(arrayOf(never...)), arrayOf(mapOf(never...)), []XInfoConsumer{{"ann", 2, 1500 * time.Millisecond, -1}})
	bothRead(t, XInfoConsumers("s", "g"), arrayOf(arrayOf(consumer...)), arrayOf(mapOf(consumer...)), // before Redis 7.2
		[]XInfoConsumer{{"ann", 2, 1500 * time.Millisecond, -1}})
	readsNot(t, XInfoConsumers("s", "g"), number(1), arrayOf(number(1)), arrayOf("_\r\n"), arrayOf(arrayOf(bulk("idle"), bulk("x"))))
}

// TestXReadBlocks: reading from streams waits as long as its option says, and not at all without it.
func TestXReadBlocks(t *testing.T) {
	t.Parallel()
	type waiting struct {
		time   time.Duration
		blocks bool
	}
	for _, test := range []struct {
		request Request
		want    waiting
	}{
		{XRead(XReadArgs{Streams: []string{"s", "$"}}).Request, waiting{}},
		{XReadStreams("s", "$").Request, waiting{}},
		{XReadGroup(XReadGroupArgs{Streams: []string{"s", ">"}}).Request, waiting{}},
		{XRead(XReadArgs{Streams: []string{"s", "$"}, Block: 1500*time.Microsecond + 1}).Request, waiting{2 * time.Millisecond, true}},
		{XReadGroup(XReadGroupArgs{Streams: []string{"s", ">"}, Block: time.Second}).Request, waiting{time.Second, true}},
		{XRead(XReadArgs{Streams: []string{"s", "$"}, Block: Forever}).Request, waiting{0, true}},
		{XReadGroup(XReadGroupArgs{Streams: []string{"s", ">"}, Block: Forever}).Request, waiting{0, true}},
		{As[map[string]any](XReadStreams("s", "$")).Request, waiting{}},
	} {
		var got waiting
		got.time, got.blocks = test.request.Blocks()
		if !reflect.DeepEqual(got, test.want) {
			t.Errorf("%q waits %+v, want %+v", sent(&test.request), got, test.want)
		}
		if test.request.Plain() == test.want.blocks {
			t.Errorf("%q is plain: %v", sent(&test.request), test.request.Plain())
		}
	}
}

// TestStreamMisuse: what cannot be sent is an error with a sentence before a byte leaves, and no value is part of it.
func TestStreamMisuse(t *testing.T) {
	t.Parallel()
	const values = "give fields and values in turn as []string or []any, a map[string]string or map[string]any, or a struct"
	const sendable = "use a string, []byte, integer, float, bool, time.Time, time.Duration, a pointer to one of these, " +
		`or a type with a MarshalText method; the tag redis:"-" leaves the field out`
	fv := []string{"f", "v"}
	for _, m := range []struct {
		request Request
		want    string
	}{
		{XAck("s", "g").Request, "XACK: needs at least one id"},
		{XDel("s").Request, "XDEL: needs at least one id"},
		{XClaim(XClaimArgs{}).Request, "XCLAIM: needs at least one message"},
		{XClaim(XClaimArgs{Messages: fv, Idle: time.Second, Time: time.Unix(1, 0)}).Request, "XCLAIM: use only one of the options Idle or Time"},
		{XClaim(XClaimArgs{Messages: fv, MinIdle: 60}).Request, "XCLAIM: the time is 60ns: write a unit, such as 60*time.Second"},
		{XPendingExt(XPendingExtArgs{}).Request, "XPENDING: Count must be 1 or more"},

		{XAdd(XAddArgs{}).Request, "XADD: needs at least one pair"},
		{XAdd(XAddArgs{Values: []any{}}).Request, "XADD: needs at least one pair"},
		{XAdd(XAddArgs{Values: []string{}}).Request, "XADD: needs at least one pair"},
		{XAdd(XAddArgs{Values: map[string]any{}}).Request, "XADD: needs at least one pair"},
		{XAdd(XAddArgs{Values: []string{"secret"}}).Request, "XADD: 1 arguments do not make pairs of a name and a value: the last one has none"},
		{XAdd(XAddArgs{Values: []any{"f", 1, "secret"}}).Request, "XADD: 3 arguments do not make pairs of a name and a value: the last one has none"},
		{XAdd(XAddArgs{Values: "secret"}).Request, "XADD: the Values cannot be a string: " + values},
		{XAdd(XAddArgs{Values: []int{1}}).Request, "XADD: the Values cannot be a []int: " + values},
		{XAdd(XAddArgs{Values: struct{ C chan int }{}}).Request, "XADD: struct struct { C chan int }: field C: a chan int cannot be sent: " + sendable},
		{XAdd(XAddArgs{Values: []any{"f", nil}}).Request, `XADD: nil is no value: send "" or delete the key`},
		{XAdd(XAddArgs{Values: fv, MaxLen: 1, MinID: "1"}).Request, "XADD: use only one of the options MaxLen or MinID"},
		{XAdd(XAddArgs{Values: fv, MaxLen: 1, Limit: 1}).Request, "XADD: a Limit needs Approx: what is trimmed exactly is trimmed at once"},

		{XRead(XReadArgs{}).Request, "XREAD: needs at least one stream"},
		{XRead(XReadArgs{ID: "0"}).Request, "XREAD: needs at least one stream"},
		{XReadStreams().Request, "XREAD: needs at least one stream"},
		{XReadStreams("s").Request, "XREAD: 1 streams and ids: there must be an id for each stream, after all streams"},
		{XReadGroup(XReadGroupArgs{Streams: []string{"a", "b", ">"}}).Request, "XREADGROUP: 3 streams and ids: there must be an id for each stream, after all streams"},
		{XRead(XReadArgs{Streams: fv, Block: -1}).Request, "XREAD: the time to wait, -1ns, is negative: use 0 not to wait, Forever to wait without end"},
	} {
		if err := m.request.Err(); err == nil || err.Error() != m.want {
			t.Errorf("got  %v\nwant %s", err, m.want)
		}
	}
}
