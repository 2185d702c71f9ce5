package redis

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

// bulk is a string on the wire.
func bulk(s string) string { return fmt.Sprintf("$%d\r\n%s\r\n", len(s), s) }

// arrayOf is an array on the wire; of names and values, it is what RESP2 has instead of a map.
func arrayOf(elements ...string) string {
	return fmt.Sprintf("*%d\r\n%s", len(elements), strings.Join(elements, ""))
}

// mapOf is a map of names and values on the wire.
func mapOf(elements ...string) string {
	return fmt.Sprintf("%%%d\r\n%s", len(elements)/2, strings.Join(elements, ""))
}

func number(n int64) string { return fmt.Sprintf(":%d\r\n", n) }

// asMap expects a command to read names and values in turn as RESP2 sends them and as RESP3's map.
func asMap[T any](t *testing.T, c Cmd[T], want T, elements ...string) {
	t.Helper()
	bothRead(t, c, arrayOf(elements...), mapOf(elements...), want)
}

const clientLine = "id=7 addr=127.0.0.1:44626 laddr=127.0.0.1:6379 fd=7 name=n age=12 idle=3 flags=N db=2 resp=3 redir=-1 " +
	"tot-mem=37658 cmd=client|info user=joe lib-name=fairlead lib-ver=1.0"

func wantClient() ClientDetails {
	return ClientDetails{
		ID: 7, Addr: "127.0.0.1:44626", LAddr: "127.0.0.1:6379", Name: "n", Age: 12 * time.Second, Idle: 3 * time.Second,
		Flags: "N", DB: 2, User: "joe", LastCmd: "client|info", LibName: "fairlead", LibVer: "1.0", Protocol: 3, Redirect: -1,
		Memory: 37658, Fields: map[string]string{
			"id": "7", "addr": "127.0.0.1:44626", "laddr": "127.0.0.1:6379", "fd": "7", "name": "n", "age": "12", "idle": "3",
			"flags": "N", "db": "2", "resp": "3", "redir": "-1", "tot-mem": "37658", "cmd": "client|info", "user": "joe",
			"lib-name": "fairlead", "lib-ver": "1.0",
		},
	}
}

func TestReadClients(t *testing.T) {
	t.Parallel()
	bothRead(t, ClientInfo(), bulk(clientLine+"\n"), "="+fmt.Sprint(len(clientLine)+5)+"\r\ntxt:"+clientLine+"\n\r\n", wantClient())
	bothRead(t, ClientList(), bulk(clientLine+"\n"+clientLine+"\n"), bulk(clientLine+"\n"+clientLine+"\n"), []ClientDetails{wantClient(), wantClient()})
	bothRead(t, ClientList(), bulk(""), bulk(""), []ClientDetails{})
	readsNot(t, ClientInfo(), arrayOf())
	readsNot(t, ClientList(), arrayOf())

	asMap(t, ClientTrackingInfo(), TrackingInfo{[]string{"on", "bcast"}, 0, []string{"a:"}},
		bulk("flags"), arrayOf(bulk("on"), bulk("bcast")), bulk("redirect"), number(0), bulk("prefixes"), arrayOf(bulk("a:")))
	readsNot(t, ClientTrackingInfo(), arrayOf(bulk("flags"), number(1)), number(1))
}

func TestReadACL(t *testing.T) {
	t.Parallel()
	asMap(t, ACLGetUser("joe"), ACLUser{
		Flags: []string{"on"}, Passwords: []string{"ab12"}, ACLSelector: ACLSelector{"-@all +get", "~a:*", "&*", "alldbs"},
		Selectors: []ACLSelector{{Commands: "+set", Keys: "~b", Channels: ""}},
	},
		bulk("flags"), arrayOf(bulk("on")), bulk("passwords"), arrayOf(bulk("ab12")), bulk("commands"), bulk("-@all +get"),
		bulk("keys"), bulk("~a:*"), bulk("channels"), bulk("&*"), bulk("databases"), bulk("alldbs"),
		bulk("selectors"), arrayOf(arrayOf(bulk("commands"), bulk("+set"), bulk("keys"), bulk("~b"), bulk("channels"), bulk(""))))
	// before Redis 7.0 keys and channels are lists
	asMap(t, ACLGetUser("joe"), ACLUser{ACLSelector: ACLSelector{Keys: "~a ~b"}}, bulk("keys"), arrayOf(bulk("~a"), bulk("~b")))
	bothNil(t, ACLGetUser("joe"))
	readsNot(t, ACLGetUser("joe"), arrayOf(bulk("flags"), bulk("on")), arrayOf(bulk("selectors"), arrayOf(bulk("x"))), bulk("joe"))

	entry := []string{
		bulk("count"), number(2), bulk("reason"), bulk("auth"), bulk("context"), bulk("toplevel"), bulk("object"), bulk("AUTH"),
		bulk("username"), bulk("joe"), bulk("age-seconds"), bulk("1.5"), bulk("client-info"), bulk(clientLine),
		bulk("entry-id"), number(3), bulk("timestamp-created"), number(1700000000123), bulk("timestamp-last-updated"), number(1700000000456),
	}
	bothRead(t, ACLLog(0), arrayOf(arrayOf(entry...)), arrayOf(mapOf(entry...)), []ACLLogEntry{{
		ID: 3, Count: 2, Reason: "auth", Context: "toplevel", Object: "AUTH", Username: "joe", Age: 1500 * time.Millisecond,
		Client: wantClient(), Created: time.UnixMilli(1700000000123), Updated: time.UnixMilli(1700000000456),
	}})
	readsNot(t, ACLLog(0), arrayOf(arrayOf(bulk("count"), bulk("two"))), bulk("x"))
}

func TestReadCommandTable(t *testing.T) {
	t.Parallel()
	spec := []string{
		bulk("notes"), bulk("n"), bulk("flags"), arrayOf("+RO\r\n"),
		bulk("begin_search"), arrayOf(bulk("type"), bulk("index"), bulk("spec"), arrayOf(bulk("index"), number(1))),
		bulk("find_keys"), arrayOf(bulk("type"), bulk("range"), bulk("spec"), arrayOf(bulk("lastkey"), number(0), bulk("keystep"), number(1))),
	}
	get := func(subcommands ...string) string {
		return arrayOf(bulk("get"), number(2), arrayOf("+readonly\r\n"), number(1), number(1), number(1), arrayOf("+@read\r\n"),
			arrayOf(bulk("tip")), arrayOf(arrayOf(spec...)), arrayOf(subcommands...))
	}
	want := CommandDetails{
		Name: "get", Arity: 2, Flags: []string{"readonly"}, FirstKey: 1, LastKey: 1, KeyStep: 1, Categories: []string{"@read"},
		Tips: []string{"tip"}, Subcommands: []CommandDetails{},
		KeySpecs: []KeySpec{{"n", []string{"RO"}, KeySearch{"index", map[string]string{"index": "1"}},
			KeySearch{"range", map[string]string{"lastkey": "0", "keystep": "1"}}}},
	}
	bothRead(t, Command(), arrayOf(get()), arrayOf(get()), map[string]CommandDetails{"get": want})
	bothRead(t, CommandInfo("get", "x"), arrayOf(get(), "*-1\r\n"), arrayOf(get(), "_\r\n"), []Optional[CommandDetails]{{want, true}, {}})
	outer := want
	outer.Subcommands = []CommandDetails{want}
	bothRead(t, CommandInfo("get"), arrayOf(get(get())), arrayOf(get(get())), []Optional[CommandDetails]{{outer, true}})
	// before Redis 7.0 there are seven columns
	bothRead(t, Command(), arrayOf(arrayOf(bulk("x"), number(1), arrayOf(), number(0), number(0), number(0), arrayOf())),
		arrayOf(arrayOf(bulk("x"), number(1), arrayOf(), number(0), number(0), number(0), arrayOf())),
		map[string]CommandDetails{"x": {Name: "x", Arity: 1, Flags: []string{}, Categories: []string{}}})
	readsNot(t, Command(), arrayOf(arrayOf(bulk("x"))), arrayOf(arrayOf(bulk("x"), bulk("y"), arrayOf(), number(0), number(0), number(0), arrayOf())), number(1))

	bothRead(t, CommandGetKeysAndFlags("get", "k"), arrayOf(arrayOf(bulk("k"), arrayOf("+RO\r\n"))), arrayOf(arrayOf(bulk("k"), "~1\r\n+RO\r\n")),
		[]KeyFlags{{"k", []string{"RO"}}})
	readsNot(t, CommandGetKeysAndFlags("get", "k"), arrayOf(bulk("k")), arrayOf(arrayOf(arrayOf(), arrayOf())))
}

func TestReadCommandDocs(t *testing.T) {
	t.Parallel()
	argument := arrayOf(bulk("name"), bulk("condition"), bulk("type"), bulk("oneof"), bulk("flags"), arrayOf("+optional\r\n"), bulk("arguments"),
		arrayOf(arrayOf(bulk("name"), bulk("nx"), bulk("display_text"), bulk("nx"), bulk("type"), bulk("pure-token"), bulk("token"), bulk("NX"),
			bulk("since"), bulk("2.6.12"), bulk("summary"), bulk("s"), bulk("key_spec_index"), number(0))))
	inner := arrayOf(bulk("summary"), bulk("sub"), bulk("since"), bulk("2.0.0"))
	doc := []string{
		bulk("summary"), bulk("Does it."), bulk("since"), bulk("1.0.0"), bulk("group"), bulk("string"), bulk("complexity"), bulk("O(1)"),
		bulk("doc_flags"), arrayOf("+deprecated\r\n"), bulk("deprecated_since"), bulk("7.0.0"), bulk("replaced_by"), bulk("that"), bulk("module"), bulk("m"),
		bulk("history"), arrayOf(arrayOf(bulk("6.0.0"), bulk("Changed."))), bulk("arguments"), arrayOf(argument), bulk("subcommands"), arrayOf(bulk("x|y"), inner),
	}
	want := map[string]CommandDoc{"x": {
		Summary: "Does it.", Since: "1.0.0", Group: "string", Complexity: "O(1)", Flags: []string{"deprecated"},
		DeprecatedSince: "7.0.0", ReplacedBy: "that", Module: "m", History: []KV{{"6.0.0", "Changed."}},
		Arguments: []CommandArg{{Name: "condition", Type: "oneof", Flags: []string{"optional"}, Arguments: []CommandArg{
			{Name: "nx", Display: "nx", Type: "pure-token", Token: "NX", Since: "2.6.12", Summary: "s"}}}},
		Subcommands: map[string]CommandDoc{"x|y": {Summary: "sub", Since: "2.0.0"}},
	}}
	bothRead(t, CommandDocs("x"), arrayOf(bulk("x"), arrayOf(doc...)), mapOf(bulk("x"), mapOf(doc...)), want)
	readsNot(t, CommandDocs("x"), arrayOf(bulk("x"), number(1)), number(1), arrayOf(bulk("x"), arrayOf(bulk("arguments"), arrayOf(number(1)))))
}

func TestReadLatency(t *testing.T) {
	t.Parallel()
	at := time.Unix(1700000000, 0)
	samples := arrayOf(arrayOf(number(1700000000), number(15)))
	bothRead(t, LatencyHistory("e"), samples, samples, []LatencySample{{at, 15 * time.Millisecond}})
	readsNot(t, LatencyHistory("e"), arrayOf(arrayOf(number(1))), number(1))

	four := arrayOf(arrayOf(bulk("command"), number(1700000000), number(10), number(20)))
	bothRead(t, LatencyLatest(), four, four, []LatencyEvent{{Name: "command", Time: at, Latest: 10 * time.Millisecond, Max: 20 * time.Millisecond}})
	six := arrayOf(arrayOf(bulk("command"), number(1700000000), number(10), number(20), number(30), number(2))) // Valkey
	bothRead(t, LatencyLatest(), six, six, []LatencyEvent{{"command", at, 10 * time.Millisecond, 20 * time.Millisecond, 30 * time.Millisecond, 2}})
	readsNot(t, LatencyLatest(), arrayOf(arrayOf(bulk("command"), number(1))), arrayOf(arrayOf(bulk("c"), bulk("x"), number(1), number(1))), number(1))

	calls := []string{bulk("calls"), number(3), bulk("histogram_usec")}
	bothRead(t, LatencyHistogram("get"),
		arrayOf(bulk("get"), arrayOf(append(calls, arrayOf(number(1), number(2), number(8), number(3)))...)),
		mapOf(bulk("get"), mapOf(append(calls, mapOf(number(1), number(2), number(8), number(3)))...)),
		map[string]LatencyHist{"get": {3, []LatencyBucket{{time.Microsecond, 2}, {8 * time.Microsecond, 3}}}})
	readsNot(t, LatencyHistogram("get"), arrayOf(bulk("get"), number(1)), number(1), arrayOf(bulk("get"), arrayOf(bulk("histogram_usec"), arrayOf(bulk("x"), number(1)))))
}

func TestReadLogs(t *testing.T) {
	t.Parallel()
	at := time.Unix(1700000000, 0)
	entry := arrayOf(number(9), number(1700000000), number(1500), arrayOf(bulk("GET"), bulk("k")), bulk("127.0.0.1:5"), bulk("n"))
	bothRead(t, SlowLogGet(1), arrayOf(entry), arrayOf(entry), []SlowLogEntry{{9, at, 1500 * time.Microsecond, []string{"GET", "k"}, "127.0.0.1:5", "n"}})
	bothRead(t, CommandLogGet(1, "LARGE-REPLY"), arrayOf(entry), arrayOf(entry), []CommandLogEntry{{9, at, 1500, []string{"GET", "k"}, "127.0.0.1:5", "n"}})
	short := arrayOf(number(9), number(1700000000), number(1500), arrayOf(bulk("GET")))
	bothRead(t, SlowLogGet(1), arrayOf(short), arrayOf(short), []SlowLogEntry{{9, at, 1500 * time.Microsecond, []string{"GET"}, "", ""}})
	readsNot(t, SlowLogGet(1), arrayOf(arrayOf(number(9))), arrayOf(arrayOf(bulk("x"), number(1), number(1), arrayOf())), arrayOf(arrayOf(number(1), number(1), number(1), number(1))), number(1))
}

func TestReadServer(t *testing.T) {
	t.Parallel()
	text := "# Server\r\nredis_version:8.0.6\r\nos:Linux\r\n\r\n# Keyspace\r\ndb0:keys=1,expires=0\r\n"
	info := ServerInfo{text, map[string]map[string]string{
		"Server": {"redis_version": "8.0.6", "os": "Linux"}, "Keyspace": {"db0": "keys=1,expires=0"}}}
	bothRead(t, Info(), bulk(text), fmt.Sprintf("=%d\r\ntxt:%s\r\n", len(text)+4, text), info)
	readsNot(t, Info(), arrayOf())
	if v, found := info.Field("db0"); !found || v != "keys=1,expires=0" {
		t.Errorf("Field(db0) = %q, %v", v, found)
	}
	if v, found := info.Field("db1"); found {
		t.Errorf("Field(db1) = %q, but there is none", v)
	}

	bothRead(t, MemoryStats(),
		arrayOf(bulk("keys.count"), number(4), bulk("db.0"), arrayOf(bulk("overhead"), number(72)), bulk("ratio"), bulk("1.5")),
		mapOf(bulk("keys.count"), number(4), bulk("db.0"), mapOf(bulk("overhead"), number(72)), bulk("ratio"), ",1.5\r\n"),
		map[string]float64{"keys.count": 4, "db.0.overhead": 72, "ratio": 1.5})
	readsNot(t, MemoryStats(), number(1), arrayOf(bulk("x"), bulk("y")))

	module := []string{bulk("name"), bulk("m"), bulk("ver"), number(2), bulk("path"), bulk("/m.so"), bulk("args"), arrayOf(bulk("a"))}
	bothRead(t, ModuleList(), arrayOf(arrayOf(module...)), arrayOf(mapOf(module...)), []ModuleDetails{{"m", 2, "/m.so", []string{"a"}}})
	readsNot(t, ModuleList(), arrayOf(arrayOf(bulk("ver"), bulk("x"))), number(1))
}

func TestReadRole(t *testing.T) {
	t.Parallel()
	primary := arrayOf(bulk("master"), number(100), arrayOf(arrayOf(bulk("10.0.0.2"), bulk("6379"), bulk("90"))))
	bothRead(t, Role(), primary, primary, RoleInfo{Role: "master", Offset: 100, Replicas: []RoleReplica{{"10.0.0.2", 6379, 90}}})
	replica := arrayOf(bulk("slave"), bulk("10.0.0.1"), number(6379), bulk("connected"), number(90))
	bothRead(t, Role(), replica, replica, RoleInfo{Role: "slave", Offset: 90, Host: "10.0.0.1", Port: 6379, State: "connected"})
	sentinel := arrayOf(bulk("sentinel"), arrayOf(bulk("a"), bulk("b")))
	bothRead(t, Role(), sentinel, sentinel, RoleInfo{Role: "sentinel", Names: []string{"a", "b"}})
	readsNot(t, Role(), arrayOf(bulk("master")), arrayOf(arrayOf(), arrayOf()), arrayOf(bulk("master"), bulk("x"), arrayOf()),
		arrayOf(bulk("master"), number(1), arrayOf(arrayOf(bulk("h")))), arrayOf(bulk("slave"), arrayOf(), number(1), bulk("s"), number(1)))
}
