package redis

import (
	"fmt"
	"net"
	"slices"
	"strings"
	"time"
)

func liveGeneric(l *live) {
	expectNil(l, RandomKey())
	succeed(l, Set("a", "1", 0))
	expect(l, "a", RandomKey())
	expect(l, true, Copy("a", "b", -1, false))
	expect(l, false, Copy("a", "b", 0, false))
	expect(l, true, Copy("a", "b", 1, true))
	expect(l, 3, Exists("a", "b", "a", "none"))
	expect(l, 2, Touch("a", "b", "none"))
	expectSet(l, []string{"a", "b"}, Keys("*"))
	expect(l, "string", Type("a"))
	expect(l, "none", Type("none"))
	expect(l, true, Move("a", 2))
	expect(l, false, Move("a", 2))
	succeed(l, Rename("b", "c"))
	fails(l, "no such key", Rename("b", "c"))
	succeed(l, Set("d", "1", 0))
	expect(l, false, RenameNX("c", "d"))
	expect(l, true, RenameNX("c", "e"))
	expect(l, 1, Del("d", "none"))
	expect(l, 1, Unlink("e", "none"))

	liveExpire(l)
	liveDump(l)
	liveSort(l)
	liveScan(l)
	liveObject(l)
	expect(l, 0, Wait(1, time.Millisecond))
	expect(l, WaitAOFCount{1, 0}, WaitAOF(1, 0, 5*time.Second))
	expect(l, false, Migrate("127.0.0.1", "1", "none", 0, time.Second))
	host, port, err := net.SplitHostPort(l.server.Addr())
	if err != nil {
		l.t.Fatal(err)
	}
	succeed(l, Set("mig", "1", 0))
	// to the server itself, into another database; it cannot answer itself, so the transfer fails by its own timeout
	fails(l, "IOERR", MigrateWithArgs(host, port, 1, 10*time.Millisecond, MigrateArgs{Copy: true, Replace: true}, "mig"))
}

func liveExpire(l *live) {
	at := time.Now().Add(time.Hour).Truncate(time.Second)
	succeed(l, Set("k", "v", 0))
	expect(l, NoExpiry, TTL("k"))
	expect(l, NotFound, TTL("none"))
	expect(l, NotFound, PTTL("none"))
	expect(l, time.Time{}, ExpireTime("k"))
	expectNil(l, ExpireTime("none"))
	expectNil(l, PExpireTime("none"))
	expect(l, true, Expire("k", 100*time.Second))
	expect(l, false, Expire("none", time.Second))
	expect(l, false, ExpireNX("k", time.Second))
	expect(l, true, ExpireXX("k", 100*time.Second))
	expect(l, false, ExpireGT("k", time.Second))
	expect(l, false, ExpireLT("k", time.Hour))
	such(l, TTL("k"), func(d time.Duration) bool { return d > 90*time.Second && d <= 100*time.Second }, "100 seconds")
	expect(l, true, ExpireAt("k", at))
	expect(l, at, ExpireTime("k"))
	expect(l, false, ExpireAtWithArgs("k", at, ExpireArgs{NX: true}))
	expect(l, true, PExpireAt("k", at.Add(time.Millisecond)))
	expect(l, time.UnixMilli(at.UnixMilli()+1), PExpireTime("k"))
	expect(l, false, PExpireAtWithArgs("k", at, ExpireArgs{GT: true}))
	expect(l, true, PExpire("k", time.Minute))
	such(l, PTTL("k"), func(d time.Duration) bool { return d > 50*time.Second && d <= time.Minute }, "a minute")
	expect(l, false, PExpireWithArgs("k", time.Hour, ExpireArgs{LT: true}))
	expect(l, true, Persist("k"))
	expect(l, false, Persist("k"))
}

func liveDump(l *live) {
	expectNil(l, Dump("none"))
	var dump string
	such(l, Dump("k"), func(s string) bool { dump = s; return strings.HasPrefix(s, "\x00\x01v") }, "a string of one byte, v, and more")
	succeed(l, Restore("r", 0, dump))
	fails(l, "BUSYKEY", Restore("r", 0, dump))
	succeed(l, RestoreReplace("r", time.Minute, dump))
	succeed(l, RestoreWithArgs("r", time.Minute, dump, RestoreArgs{Replace: true, IdleTime: 10 * time.Second}))
	such(l, ObjectIdleTime("r"), func(d time.Duration) bool { return d >= 10*time.Second }, "ten seconds")
	expect(l, "v", Get("r"))
}

func liveSort(l *live) {
	expect(l, 3, RPush("l", 3, 1, 2))
	succeed(l, MSet("o1", "one", "o2", "two"))
	expect(l, []string{"1", "2", "3"}, Sort("l", SortArgs{}))
	expect(l, []string{"3", "2"}, Sort("l", SortArgs{Order: "DESC", Count: 2}))
	expect(l, []string{"one", "two", ""}, Sort("l", SortArgs{Get: []string{"o*"}}))
	expect(l, []Optional[string]{{"one", true}, {"two", true}, {}}, SortValues("l", SortArgs{Get: []string{"o*"}}))
	expect(l, []string{"1", "2", "3"}, SortRO("l", SortArgs{Alpha: true}))
	expect(l, []Optional[string]{{"1", true}}, SortROValues("l", SortArgs{Count: 1}))
	expect(l, 3, SortStore("l", "sorted", SortArgs{}))
}

func liveScan(l *live) {
	expect(l, Page[string]{0, []string{"sorted"}}, Scan(0, "sort*", 1000))
	such(l, ScanType(0, "", 1000, "list"), func(p Page[string]) bool {
		slices.Sort(p.Elements)
		return p.Cursor == 0 && slices.Equal(p.Elements, []string{"l", "sorted"})
	}, "l, sorted")
	expect(l, Page[string]{0, []string{"l"}}, ScanWithArgs(0, ScanArgs{Match: "l", Type: "list", Count: 1000}))
	var many []string
	for i := range 1000 {
		many = append(many, fmt.Sprintf("many:%d", i), "")
	}
	succeed(l, MSet(many))
	such(l, Scan(0, "", 10), func(p Page[string]) bool { return p.Cursor != 0 }, "a cursor, as there are more keys")
}

func liveObject(l *live) {
	such(l, ObjectEncoding("l"), func(s string) bool { return strings.Contains(s, "list") }, "quicklist or listpack")
	expectNil(l, ObjectEncoding("none"))
	such(l, ObjectRefCount("l"), func(n int64) bool { return n >= 1 }, "one or more")
	expectNil(l, ObjectRefCount("none"))
	expectNil(l, ObjectIdleTime("none"))
	fails(l, "LFU", ObjectFreq("l"))
	succeed(l, ConfigSet("maxmemory-policy", "allkeys-lfu"))
	such(l, ObjectFreq("l"), func(n int64) bool { return n >= 0 }, "a counter")
	expectNil(l, ObjectFreq("none"))
	succeed(l, ConfigSet("maxmemory-policy", "noeviction"))
}
