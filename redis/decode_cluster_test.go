package redis

import (
	"fmt"
	"reflect"
	"strings"
	"testing"
	"time"
)

const nodeA, nodeB = "07c37dfeb235213a872192d90877d0cd55635b91", "67ed2db8d677e59ec4a4cefb06858cf2a1a89fa1"

// verbatim is text as RESP3 sends it.
func verbatim(text string) string { return fmt.Sprintf("=%d\r\ntxt:%s\r\n", len(text)+4, text) }

func TestReadCluster(t *testing.T) {
	t.Parallel()
	fields := []string{
		"cluster_state:ok", "cluster_slots_assigned:16384", "cluster_slots_ok:16383", "cluster_slots_pfail:1", "cluster_slots_fail:2",
		"cluster_nodes_pfail:3", "cluster_nodes_fail:4", "cluster_voting_nodes_pfail:5", "cluster_voting_nodes_fail:6",
		"cluster_known_nodes:7", "cluster_size:8", "cluster_current_epoch:9", "cluster_my_epoch:10", "cluster_stats_messages_ping_sent:11",
		"cluster_stats_messages_auth-req_sent:1", "cluster_stats_messages_sent:12", "cluster_stats_messages_pong_received:13",
		"cluster_stats_messages_received:14", "cluster_stats_bytes_sent:15", "cluster_stats_bytes_received:16",
		"cluster_stats_pubsub_bytes_sent:17", "cluster_stats_pubsub_bytes_received:18", "cluster_stats_module_bytes_sent:19",
		"cluster_stats_module_bytes_received:20", "total_cluster_links_buffer_limit_exceeded:21", "cluster_later:x",
	}
	want := ClusterDetails{
		State: "ok", SlotsAssigned: 16384, SlotsOK: 16383, SlotsPFail: 1, SlotsFail: 2, NodesPFail: 3, NodesFail: 4, VotingNodesPFail: 5,
		VotingNodesFail: 6, KnownNodes: 7, Size: 8, CurrentEpoch: 9, MyEpoch: 10, MessagesSent: 12, MessagesReceived: 14,
		MessagesSentByType: map[string]int64{"ping": 11, "auth-req": 1}, MessagesReceivedByType: map[string]int64{"pong": 13},
		BytesSent: 15, BytesReceived: 16, PubSubBytesSent: 17, PubSubBytesReceived: 18, ModuleBytesSent: 19, ModuleBytesReceived: 20,
		LinksBufferLimitExceeded: 21, Fields: map[string]string{},
	}
	for _, f := range fields {
		name, value, _ := strings.Cut(f, ":")
		want.Fields[name] = value
	}
	text := strings.Join(fields, "\r\n") + "\r\n"
	bothRead(t, ClusterInfo(), bulk(text), verbatim(text), want)
	readsNot(t, ClusterInfo(), bulk("nothing"), arrayOf(), number(1))
}

func TestReadClusterNodes(t *testing.T) {
	t.Parallel()
	lines := nodeA + " 127.0.0.1:7000@17000 myself,master - 0 1700000000123 2 connected 0-100 105 [5->-" + nodeB + "] [6-<-" + nodeB + "]\n" +
		nodeB + " ::1:7001@17001,b.example slave,fail? " + nodeA + " 1700000000456 0 0 disconnected\n" +
		nodeB + " :0@0,,tls-port=0,shard-id=x master,fail,noaddr - 0 0 1 disconnected 200-300\n" +
		nodeB + " 10.0.0.1:7001 noflags - 0 0 1 connected\n"
	want := []ClusterNodeDetails{
		{ID: nodeA, Host: "127.0.0.1", Port: 7000, BusPort: 17000, Flags: []string{"myself", "master"}, PongReceived: time.UnixMilli(1700000000123),
			ConfigEpoch: 2, LinkState: "connected", Slots: []SlotRange{{0, 100}, {105, 105}},
			Migrating: []SlotPeer{{5, nodeB}}, Importing: []SlotPeer{{6, nodeB}}},
		{ID: nodeB, Host: "::1", Port: 7001, BusPort: 17001, Hostname: "b.example", Flags: []string{"slave", "fail?"}, PrimaryID: nodeA,
			PingSent: time.UnixMilli(1700000000456), LinkState: "disconnected"},
		{ID: nodeB, Aux: map[string]string{"tls-port": "0", "shard-id": "x"}, Flags: []string{"master", "fail", "noaddr"}, ConfigEpoch: 1,
			LinkState: "disconnected", Slots: []SlotRange{{200, 300}}},
		{ID: nodeB, Host: "10.0.0.1", Port: 7001, ConfigEpoch: 1, LinkState: "connected"}, // before Redis 4.0
	}
	bothRead(t, ClusterNodes(), bulk(lines), verbatim(lines), want)
	bothRead(t, ClusterNodes(), bulk(""), verbatim(""), []ClusterNodeDetails{})
	var list []string
	for line := range strings.Lines(lines) {
		list = append(list, bulk(strings.TrimSpace(line)))
	}
	bothRead(t, ClusterReplicas("id"), arrayOf(list...), arrayOf(list...), want)
	if !want[0].Has("myself") || want[1].Has("myself") {
		t.Error("Has does not tell which node is the one that was asked")
	}

	readsNot(t, ClusterNodes(), arrayOf(), number(1))
	for _, line := range []string{
		"a b c", "id host c - 0 0 0 connected", "id host:x master - 0 0 0 connected", "id h:1@x master - 0 0 0 connected", "id h:1@2 master - x 0 0 connected",
		"id h:1@2 master - 0 x 0 connected", "id h:1@2 master - 0 0 x connected", "id h:1@2 master - 0 0 0 connected x", "id h:1@2 master - 0 0 0 connected 1-x",
		"id h:1@2 master - 0 0 0 connected [1]", "id h:1@2 master - 0 0 0 connected [x->-id]",
	} {
		readsNot(t, ClusterNodes(), bulk(line))
		readsNot(t, ClusterReplicas("id"), arrayOf(bulk(line)))
	}
	readsNot(t, ClusterReplicas("id"), arrayOf(arrayOf()), number(1))
}

func TestReadClusterSlots(t *testing.T) {
	t.Parallel()
	slots := func(metadata func(...string) string) string {
		return arrayOf(
			arrayOf(number(0), number(100), arrayOf(bulk("10.0.0.1"), number(7000), bulk(nodeA), metadata()),
				arrayOf(bulk("10.0.0.2"), number(7001), bulk(nodeB), metadata(bulk("hostname"), bulk("b.example")))),
			arrayOf(number(101), number(102), arrayOf("$-1\r\n", number(7000), bulk(nodeA), metadata(bulk("ip"), bulk("10.0.0.1")))),
			arrayOf(number(103), number(103), arrayOf(bulk("10.0.0.1"), number(7000))), // before Redis 4.0
		)
	}
	want := []ClusterSlot{
		{0, 100, []ClusterNode{{nodeA, "10.0.0.1", 7000, map[string]string{}}, {nodeB, "10.0.0.2", 7001, map[string]string{"hostname": "b.example"}}}},
		{101, 102, []ClusterNode{{nodeA, "", 7000, map[string]string{"ip": "10.0.0.1"}}}},
		{103, 103, []ClusterNode{{Host: "10.0.0.1", Port: 7000}}},
	}
	bothRead(t, ClusterSlots(), slots(arrayOf), strings.ReplaceAll(slots(mapOf), "$-1\r\n", "_\r\n"), want)
	for node, addr := range map[hostPort]string{{"10.0.0.1", 7000}: "10.0.0.1:7000", {"", 7000}: ":7000", {"::1", 7000}: "[::1]:7000"} {
		if got := (ClusterNode{Host: node.host, Port: node.port}).Addr(); got != addr {
			t.Errorf("the address of %v is %s, want %s", node, got, addr)
		}
	}
	readsNot(t, ClusterSlots(), number(1), arrayOf(number(1)), arrayOf(arrayOf(number(1), number(2))), arrayOf(arrayOf(bulk("x"), number(1), arrayOf())),
		arrayOf(arrayOf(number(1), bulk("x"), arrayOf())), arrayOf(arrayOf(number(1), number(2), number(3))),
		arrayOf(arrayOf(number(1), number(2), arrayOf(arrayOf(), number(1)))), arrayOf(arrayOf(number(1), number(2), arrayOf(bulk("h"), bulk("x")))),
		arrayOf(arrayOf(number(1), number(2), arrayOf(bulk("h"), number(1), arrayOf()))),
		arrayOf(arrayOf(number(1), number(2), arrayOf(bulk("h"), number(1), bulk("id"), number(1)))))
}

// A hostPort is a host and a port.
type hostPort struct {
	host string
	port int64
}

func TestReadClusterShards(t *testing.T) {
	t.Parallel()
	node := []string{
		bulk("id"), bulk(nodeA), bulk("port"), number(7000), bulk("tls-port"), number(7443), bulk("ip"), bulk("10.0.0.1"), bulk("endpoint"), bulk("a.example"),
		bulk("hostname"), bulk("a.example"), bulk("role"), bulk("master"), bulk("replication-offset"), number(72), bulk("health"), bulk("online"),
		bulk("availability-zone"), bulk("az-1"), bulk("later"), arrayOf(),
	}
	shard := func(dict func(...string) string) string {
		return arrayOf(dict(bulk("slots"), arrayOf(number(0), number(5), number(10), number(10)), bulk("nodes"), arrayOf(dict(node...)), bulk("id"), bulk("s"),
			bulk("later"), number(1)), dict(bulk("slots"), arrayOf(), bulk("nodes"), arrayOf()))
	}
	bothRead(t, ClusterShards(), shard(arrayOf), shard(mapOf), []ClusterShard{
		{ID: "s", Slots: []SlotRange{{0, 5}, {10, 10}}, Nodes: []ShardNode{{ID: nodeA, Endpoint: "a.example", IP: "10.0.0.1", Hostname: "a.example", Port: 7000,
			TLSPort: 7443, Role: "master", ReplicationOffset: 72, Health: "online", AvailabilityZone: "az-1"}}},
		{Slots: []SlotRange{}, Nodes: []ShardNode{}},
	})
	readsNot(t, ClusterShards(), number(1), arrayOf(number(1)), arrayOf(arrayOf(bulk("slots"), arrayOf(number(1)))),
		arrayOf(arrayOf(bulk("slots"), number(1))), arrayOf(arrayOf(bulk("nodes"), number(1))), arrayOf(arrayOf(bulk("id"), arrayOf())),
		arrayOf(arrayOf(bulk("nodes"), arrayOf(arrayOf(bulk("port"), bulk("x"))))), arrayOf(arrayOf(bulk("nodes"), arrayOf(arrayOf(bulk("id"), arrayOf())))))
}

func TestReadClusterLinks(t *testing.T) {
	t.Parallel()
	link := []string{bulk("direction"), bulk("to"), bulk("node"), bulk(nodeB), bulk("create-time"), number(1700000000123), bulk("events"), bulk("rw"),
		bulk("send-buffer-allocated"), number(48), bulk("send-buffer-used"), number(24)}
	bothRead(t, ClusterLinks(), arrayOf(arrayOf(link...)), arrayOf(mapOf(link...)), []ClusterLink{{"to", nodeB, time.UnixMilli(1700000000123), "rw", 48, 24}})
	readsNot(t, ClusterLinks(), number(1), arrayOf(number(1)), arrayOf(arrayOf(bulk("create-time"), bulk("x"))))

	bothRead(t, ClusterBumpEpoch(), "+BUMPED 3\r\n", "+BUMPED 3\r\n", ClusterEpoch{true, 3})
	bothRead(t, ClusterBumpEpoch(), "+STILL 3\r\n", "+STILL 3\r\n", ClusterEpoch{false, 3})
	readsNot(t, ClusterBumpEpoch(), "+OK\r\n", "+BUMPED x\r\n", "+ELSE 3\r\n", number(1), arrayOf())

	page := arrayOf(bulk("0-{06S}-0"), arrayOf(bulk("a"), bulk("b")))
	bothRead(t, ClusterScan("0", ClusterScanArgs{}), page, page, ClusterPage{"0-{06S}-0", []string{"a", "b"}})
	readsNot(t, ClusterScan("0", ClusterScanArgs{}), number(1), arrayOf(bulk("0")), arrayOf(arrayOf(), arrayOf()), arrayOf(bulk("0"), number(1)))
}

func TestReadSlots(t *testing.T) {
	t.Parallel()
	all := []string{bulk("key-count"), number(20), bulk("cpu-usec"), number(58), bulk("network-bytes-in"), number(620), bulk("network-bytes-out"), number(720)}
	few := []string{bulk("key-count"), number(1)}
	bothRead(t, ClusterSlotStats(0, 1), arrayOf(arrayOf(number(0), arrayOf(all...)), arrayOf(number(1), arrayOf(few...))),
		arrayOf(arrayOf(number(0), mapOf(all...)), arrayOf(number(1), mapOf(few...))), []SlotStats{
			{0, 20, 58 * time.Microsecond, 620, 720, map[string]int64{"key-count": 20, "cpu-usec": 58, "network-bytes-in": 620, "network-bytes-out": 720}},
			{Slot: 1, KeyCount: 1, Stats: map[string]int64{"key-count": 1}},
		})
	readsNot(t, ClusterSlotStats(0, 1), number(1), arrayOf(arrayOf(number(1))), arrayOf(arrayOf(bulk("x"), arrayOf())), arrayOf(arrayOf(number(1), number(1))),
		arrayOf(arrayOf(number(1), arrayOf(bulk("key-count"), bulk("x")))))

	migration := []string{
		bulk("name"), bulk("m"), bulk("operation"), bulk("EXPORT"), bulk("slot_ranges"), bulk("3300-3300 10-12"), bulk("target_node"), bulk(nodeB),
		bulk("source_node"), bulk(nodeA), bulk("create_time"), number(1700000000), bulk("last_update_time"), number(1700000001), bulk("last_ack_time"), number(0),
		bulk("state"), bulk("failed"), bulk("message"), bulk("why"), bulk("cow_size"), number(4096), bulk("remaining_repl_size"), number(7),
	}
	bothRead(t, ClusterGetSlotMigrations(), arrayOf(arrayOf(migration...)), arrayOf(mapOf(migration...)), []SlotMigration{{
		Name: "m", Operation: "EXPORT", Slots: []SlotRange{{3300, 3300}, {10, 12}}, TargetNode: nodeB, SourceNode: nodeA, CreateTime: time.Unix(1700000000, 0),
		LastUpdateTime: time.Unix(1700000001, 0), State: "failed", Message: "why", CowSize: 4096, RemainingReplSize: 7,
	}})
	bothRead(t, ClusterGetSlotMigrations(), arrayOf(), arrayOf(), []SlotMigration{})
	readsNot(t, ClusterGetSlotMigrations(), number(1), arrayOf(number(1)), arrayOf(arrayOf(bulk("slot_ranges"), bulk("x-y"))),
		arrayOf(arrayOf(bulk("cow_size"), bulk("x"))), arrayOf(arrayOf(bulk("name"), arrayOf())))
}

// TestReadFields: an error names the field; what is null is as if it were not there.
func TestReadFields(t *testing.T) {
	t.Parallel()
	var d struct {
		text  string
		n     int64
		f     float64
		words []string
	}
	places := map[string]any{"text": &d.text, "n": &d.n, "f": &d.f, "words": &d.words}
	err := readFields(fromWire(t, mapOf(bulk("n"), bulk("x"))), places)
	if err == nil || !strings.HasPrefix(err.Error(), "n: ") {
		t.Errorf("a field that is no number is reported as %v", err)
	}
	if err := readFields(fromWire(t, mapOf(bulk("text"), "_\r\n", bulk("words"), "_\r\n", bulk("n"), "_\r\n", bulk("f"), ",1.5\r\n")), places); err != nil || d.f != 1.5 {
		t.Errorf("with nulls: %v, %+v", err, d)
	}
	if err := readFields(fromWire(t, "_\r\n"), places); err != Nil {
		t.Errorf("null is read as %v, want Nil", err)
	}
	if err := readFields(fromWire(t, arrayOf(bulk("words"), arrayOf(bulk("a")))), places); err != nil || !reflect.DeepEqual(d.words, []string{"a"}) {
		t.Errorf("a list is read as %v, %v", d.words, err)
	}
}
