package redis

import (
	"bufio"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/fairlead-go/fairlead/redistest"
)

func liveServer(l *live) {
	liveACL(l)
	liveCommandTable(l)
	liveConfig(l)
	liveLatency(l)
	liveMemory(l)
	liveModules(l)
	liveDatabases(l)
	liveSaving(l)
	liveReplication(l)
	such(l, Lolwut(5, 10, 2, 2), func(s string) bool { return strings.Contains(s, "ver") }, "a picture and a version")
	such(l, Time(), func(at time.Time) bool { return time.Since(at).Abs() < time.Minute }, "now")
}

func liveACL(l *live) {
	such(l, ACLCat(), func(s []string) bool { return slices.Contains(s, "read") }, "categories")
	such(l, ACLCatCategory("string"), func(s []string) bool { return slices.Contains(s, "get") }, "commands")
	succeed(l, ACLSetUser("joe", "on", ">secret", "~a:*", "&news", "-@all", "+get", "(~b:* +set)"))
	such(l, ACLGetUser("joe"), func(u ACLUser) bool {
		return slices.Contains(u.Flags, "on") && len(u.Passwords) == 1 && u.Commands == "-@all +get" && u.Keys == "~a:*" &&
			u.Channels == "&news" && len(u.Selectors) == 1 && u.Selectors[0].Keys == "~b:*" && u.Selectors[0].Commands == "-@all +set"
	}, "joe")
	expectNil(l, ACLGetUser("nobody"))
	such(l, ACLList(), func(s []string) bool { return len(s) == 2 }, "two users")
	expectSet(l, []string{"default", "joe"}, ACLUsers())
	expect(l, "default", ACLWhoAmI())
	expect(l, "OK", ACLDryRun("joe", "GET", "a:1"))
	such(l, ACLDryRun("joe", "GET", "x"), func(s string) bool { return strings.Contains(s, "no permissions") }, "a reason")
	such(l, ACLGenPass(0), func(s string) bool { return len(s) == 64 }, "64 digits")
	such(l, ACLGenPass(8), func(s string) bool { return len(s) == 2 }, "2 digits")
	succeed(l, ACLSave())
	succeed(l, ACLLoad())

	fails(l, "WRONGPASS", New[string]("AUTH", "joe", "guess"))
	such(l, ACLLog(0), func(es []ACLLogEntry) bool {
		return len(es) > 0 && es[0].Reason == "auth" && es[0].Username == "joe" && es[0].Count == 1 && es[0].Client.ID > 0
	}, "a refused login")
	such(l, ACLLog(1), func(es []ACLLogEntry) bool { return len(es) == 1 }, "one entry")
	succeed(l, ACLLogReset())
	expect(l, []ACLLogEntry{}, ACLLog(0))
	expect(l, 1, ACLDelUser("joe", "nobody"))
}

func liveCommandTable(l *live) {
	var count int64
	such(l, CommandCount(), func(n int64) bool { count = n; return n > 200 }, "hundreds")
	such(l, Command(), func(m map[string]CommandDetails) bool {
		get := m["get"]
		return int64(len(m)) == count && get.Arity == 2 && get.FirstKey == 1 && slices.Contains(get.Flags, "readonly") &&
			get.KeySpecs[0].FindKeys.Type == "range" && len(m["client"].Subcommands) > 10
	}, "all commands")
	such(l, CommandInfo("get", "none"), func(cs []Optional[CommandDetails]) bool {
		return len(cs) == 2 && cs[0].Value.Name == "get" && !cs[1].Found
	}, "get and nothing")
	such(l, CommandDocs("get", "client"), func(m map[string]CommandDoc) bool {
		return m["get"].Group == "string" && m["get"].Arguments[0].Name == "key" && m["client"].Subcommands["client|list"].Since == "2.4.0"
	}, "two commands")
	expect(l, []string{"a", "b"}, CommandGetKeys("mset", "a", 1, "b", 2))
	expect(l, []KeyFlags{{"a", []string{"RO", "access"}}}, CommandGetKeysAndFlags("get", "a"))
	such(l, CommandList(CommandListArgs{}), func(s []string) bool { return int64(len(s)) >= count }, "all commands")
	expectSet(l, []string{"getdel", "getex"}, CommandList(CommandListArgs{Pattern: "get[de]*"}))
	such(l, CommandList(CommandListArgs{ACLCat: "scripting"}), func(s []string) bool { return slices.Contains(s, "eval") }, "eval")
	expect(l, []string{}, CommandList(CommandListArgs{Module: "none"}))
}

func liveConfig(l *live) {
	succeed(l, ConfigSet("timeout", 0))
	succeed(l, ConfigSet("timeout", 100, "tcp-keepalive", 200))
	expect(l, map[string]string{"timeout": "100", "tcp-keepalive": "200"}, ConfigGet("timeout", "tcp-keepalive"))
	succeed(l, ConfigSet("timeout", 0))
	expect(l, map[string]string{}, ConfigGet("none"))
	succeed(l, ConfigResetStat())
	succeed(l, ConfigRewrite())
	such(l, Info(), func(i ServerInfo) bool {
		port, found := i.Field("tcp_port")
		return found && strings.HasSuffix(l.server.Addr(), ":"+port) && len(i.Sections) > 5
	}, "the default sections")
	such(l, Info("server", "memory"), func(i ServerInfo) bool {
		return slices.Equal(slices.Sorted(maps.Keys(i.Sections)), []string{"Memory", "Server"})
	}, "two sections")
}

func liveLatency(l *live) {
	such(l, LatencyReset("command"), func(n int64) bool { return n <= 1 }, "one event at most")
	fails(l, "no samples", LatencyGraph("command"))
	if _, err := l.server.Do("DEBUG", "SLEEP", "0.005"); err != nil {
		l.t.Fatal(err)
	}
	such(l, LatencyLatest(), func(es []LatencyEvent) bool {
		return slices.ContainsFunc(es, func(e LatencyEvent) bool {
			return e.Name == "command" && e.Latest >= 5*time.Millisecond && e.Max >= e.Latest
		})
	}, "command, five milliseconds")
	such(l, LatencyHistory("command"), func(s []LatencySample) bool { return len(s) == 1 && s[0].Latency >= 5*time.Millisecond }, "five milliseconds")
	such(l, LatencyGraph("command"), func(s string) bool { return strings.Contains(s, "command") }, "a drawing")
	such(l, LatencyDoctor(), func(s string) bool { return len(s) > 50 }, "a report")
	such(l, LatencyReset(), func(n int64) bool { return n >= 1 }, "one event or more")
	expect(l, []LatencySample{}, LatencyHistory("command"))
	succeed(l, Set("k", 1, 0))
	such(l, LatencyHistogram("set", "none"), func(m map[string]LatencyHist) bool {
		return len(m) == 1 && m["set"].Calls >= 1 && len(m["set"].Buckets) >= 1 && m["set"].Buckets[0].Max > 0
	}, "set")

	such(l, SlowLogGet(2), func(es []SlowLogEntry) bool {
		return len(es) == 2 && es[0].Args[0] == "LATENCY" && es[1].Args[1] == "k" && es[0].ID > es[1].ID && strings.HasPrefix(es[0].ClientAddr, "127.0.0.1:")
	}, "the last two commands")
	such(l, SlowLogLen(), func(n int64) bool { return n > 2 }, "more than two")
	succeed(l, SlowLogReset())
	such(l, CommandLogGet(1, "SLOW"), func(es []CommandLogEntry) bool { return len(es) == 1 && len(es[0].Args) > 0 }, "one command")
	such(l, CommandLogLen("SLOW"), func(n int64) bool { return n >= 1 }, "one or more")
	expect(l, 0, CommandLogLen("LARGE-REPLY"))
	succeed(l, CommandLogReset("SLOW"))
}

func liveMemory(l *live) {
	such(l, MemoryStats(), func(m map[string]float64) bool {
		return m["total.allocated"] > 1000 && m["db.0.overhead.hashtable.main"] > 0
	}, "numbers")
	such(l, MemoryUsage("k"), func(n int64) bool { return n > 10 }, "some bytes")
	such(l, MemoryUsage("k", 0), func(n int64) bool { return n > 10 }, "some bytes")
	expectNil(l, MemoryUsage("none"))
	succeed(l, MemoryPurge())
	such(l, MemoryDoctor(), func(s string) bool { return len(s) > 20 }, "a report")
	such(l, MemoryMallocStats(), func(s string) bool { return len(s) > 20 }, "a report")
}

// liveModules: loading is switched off, unless a server is configured otherwise.
func liveModules(l *live) {
	such(l, ModuleList(), func(ms []ModuleDetails) bool {
		return !slices.ContainsFunc(ms, func(m ModuleDetails) bool { return m.Name == "" || m.Version == 0 })
	}, "modules with names and versions, if there are any")
	fails(l, "ERR", ModuleLoad("/none.so"))
	fails(l, "ERR", ModuleLoadex("/none.so", ModuleLoadArgs{Args: []any{1}}))
	fails(l, "ERR", ModuleUnload("none"))
}

func liveDatabases(l *live) {
	expect(l, 1, DBSize())
	succeed(l, SwapDB(0, 1))
	expect(l, 0, DBSize())
	succeed(l, SwapDB(0, 1))
	for _, flush := range []Cmd[struct{}]{FlushDB(), FlushDBAsync(), FlushDBSync(), FlushAll(), FlushAllAsync(), FlushAllSync()} {
		succeed(l, Set("k", 1, 0))
		succeed(l, flush)
		expect(l, 0, DBSize())
	}
}

// liveSaving waits between jobs, since a server does only one at a time.
func liveSaving(l *live) {
	idle := func() {
		l.t.Helper()
		redistest.Eventually(l.t, 20*time.Second, "the server has no background job", func() bool {
			info, err := ask(l, Info("persistence"))
			saving, _ := info.Field("rdb_bgsave_in_progress")
			rewriting, _ := info.Field("aof_rewrite_in_progress")
			scheduled, _ := info.Field("aof_rewrite_scheduled")
			return err == nil && saving == "0" && rewriting == "0" && scheduled == "0"
		})
	}
	idle()
	succeed(l, Save())
	such(l, LastSave(), func(at time.Time) bool { return time.Since(at).Abs() < time.Minute }, "now")
	such(l, BgSave(), func(s string) bool { return strings.Contains(s, "started") }, "started")
	idle()
	such(l, BgSaveSchedule(), func(s string) bool { return strings.Contains(s, "started") }, "started")
	idle()
	if l.since("", "8.1.0") {
		fails(l, "ERR", BgSaveCancel()) // there is nothing to cancel
	} else {
		fails(l, "syntax", BgSaveCancel())
	}
	such(l, BgRewriteAOF(), func(s string) bool { return strings.Contains(s, "started") }, "started")
	idle()
}

func liveReplication(l *live) {
	such(l, Role(), func(r RoleInfo) bool { return r.Role == "master" && len(r.Replicas) == 0 }, "a primary")
	fails(l, "replicas", Failover(FailoverArgs{}))
	fails(l, "failover", FailoverAbort())
	succeed(l, ReplicaOf("127.0.0.1", "1")) // nobody is there
	such(l, Role(), func(r RoleInfo) bool {
		return r.Role == "slave" && r.Host == "127.0.0.1" && r.Port == 1 && strings.HasPrefix(r.State, "connect")
	}, "a replica")
	succeed(l, ReplicaOfNoOne())
	expect(l, "OK", New[string]("SLAVEOF", "no", "one"))
	liveReplica(l)
}

// liveReplica does what a replica does: it tells about itself and asks for the data, in the old way and in the new one.
func liveReplica(l *live) {
	succeed(l, ConfigSet("repl-diskless-sync", "no"))
	succeed(l, Set("k", "v", 0))
	old := l.other(2)
	if _, err := old.Write([]byte("SYNC\r\n")); err != nil {
		l.t.Fatal(err)
	}
	stream := bufio.NewReader(old)
	header := "\n" // a server that is not ready keeps the connection alive by empty lines
	for header == "\n" {
		var err error
		if header, err = stream.ReadString('\n'); err != nil {
			l.t.Fatal(err)
		}
	}
	magic, err := stream.Peek(5)
	if size, _ := strconv.Atoi(strings.Trim(header, "$\r\n")); err != nil || size < 50 || !slices.Contains([]string{"REDIS", "VALKE"}, string(magic)) {
		l.t.Errorf("SYNC: %q and %q, %v; want a file of the data", header, magic, err)
	}
	l.note("SYNC", compared, "a file", nil)
	old.Close()

	replica := l.other(2)
	expect(replica, "OK", New[string]("REPLCONF", "capa", "psync2"))
	such(replica, New[string]("PSYNC", "?", -1), func(s string) bool {
		words := strings.Fields(s)
		return len(words) == 3 && words[0] == "FULLRESYNC" && len(words[1]) == 40
	}, "FULLRESYNC, an id and an offset")
	replica.Close()
}

// liveShutdown ends the server several times: it answers only if it does not end.
func liveShutdown(l *live) {
	fails(l, "shutdown", ShutdownServerAbort())
	for _, shutdown := range []Cmd[struct{}]{
		ShutdownServer(), ShutdownServerSave(), ShutdownServerNoSave(), ShutdownServerWithArgs(ShutdownArgs{NoSave: true, Now: true, Force: true}),
	} {
		if _, err := l.roundTrip(shutdown.Append(nil)); err != io.EOF {
			l.t.Errorf("SHUTDOWN: %v, want the connection to be closed", err)
		}
		l.note("SHUTDOWN", compared, io.EOF, nil)
		if err := l.server.Restart(); err != nil {
			l.t.Fatal(err)
		}
		l.connect(2)
	}
}
