package redis

import (
	"fmt"
	"net"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/fairlead-go/fairlead/redistest"
)

// soon is how long things may take that several servers agree on.
const soon = 30 * time.Second

// A liveNodes is a cluster of three nodes: a and b are primaries, c replicates a.
type liveNodes struct {
	t             *testing.T
	a, b, c       *live
	idA, idB, idC string
}

// key5 and key3300 belong to the slots of their names.
const key5, key3300 = "k12912", "{b}1"

// liveCluster runs the commands of clusters.
func liveCluster(run *liveRun) {
	lines := []string{"cluster-announce-hostname a.example"}
	if strings.HasPrefix(run.product.Name, "valkey") {
		lines = append(lines, "cluster-slot-stats-enabled yes", "availability-zone az-1")
	}
	start := func() *live { return run.start("", redistest.ClusterMode(), redistest.Config(lines...)) }
	n := &liveNodes{t: run.T, a: start(), b: start(), c: start()}
	helps(n.a, "CLUSTER")
	n.first()
	n.join()
	n.look()
	n.keys()
	n.move()
	n.migrate()
	n.replicate()
	n.failover()
	n.reset()
}

// port is the port of the live's server.
func (l *live) port() string {
	_, port, _ := net.SplitHostPort(l.server.Addr())
	return port
}

// eventually runs a command until it succeeds with a right result.
func eventually[T any](l *live, what string, c Cmd[T], right func(T) bool) {
	l.t.Helper()
	var got T
	redistest.Eventually(l.t, soon, what, func() (done bool) {
		var err error
		got, err = ask(l, c)
		return err == nil && right(got)
	})
	l.note(c.Name(), compared, got, nil)
}

func always[T any](T) bool { return true }

// first is what nodes do before they know each other.
func (n *liveNodes) first() {
	for _, node := range []struct {
		*live
		id *string
	}{{n.a, &n.idA}, {n.b, &n.idB}, {n.c, &n.idC}} {
		such(node.live, ClusterMyID(), func(s string) bool { *node.id = s; return len(s) == 40 }, "an id")
		such(node.live, ClusterMyShardID(), func(s string) bool { return len(s) == 40 }, "an id")
	}
	such(n.a, ClusterInfo(), func(d ClusterDetails) bool { return d.State == "fail" && d.KnownNodes == 1 && d.SlotsAssigned == 0 }, "a node alone")
	succeed(n.a, ClusterAddSlots(0, 1, 2))
	fails(n.a, "busy", ClusterAddSlots(2))
	succeed(n.a, ClusterDelSlots(0, 1, 2))
	succeed(n.a, ClusterAddSlotsRange(0, 8000, SlotRange{8005, 16383}))
	succeed(n.a, ClusterAddSlotsRange(8001, 8004))
	succeed(n.a, ClusterDelSlotsRange(16010, 16383, SlotRange{16001, 16009}))
	succeed(n.b, ClusterAddSlotsRange(16001, 16383))
	succeed(n.a, ClusterSetConfigEpoch(1))
	succeed(n.b, ClusterSetConfigEpoch(2))
	succeed(n.c, ClusterAddSlots(7))
	succeed(n.c, ClusterFlushSlots())
	succeed(n.c, ClusterSaveConfig())
	expect(n.a, 3300, ClusterKeySlot("a{b}c"))
}

// join makes a cluster of the nodes.
func (n *liveNodes) join() {
	succeed(n.a, ClusterMeet("127.0.0.1", n.b.port()))
	port, _ := strconv.Atoi(n.c.port())
	for _, l := range []*live{n.a, n.b} {
		succeed(l, ClusterMeetWithBusPort("127.0.0.1", n.c.port(), strconv.Itoa(port+10000)))
	}
	fails(n.a, "invalid", ClusterMeet("no address", "1"))
	eventually(n.c, "c can become a replica of a", ClusterReplicate(n.idA), always)
	for _, l := range []*live{n.a, n.b, n.c} {
		eventually(l, "the cluster works", ClusterInfo(), func(d ClusterDetails) bool {
			return d.State == "ok" && d.KnownNodes == 3 && d.Size == 2 && d.SlotsOK == HashSlots && d.MessagesSent > 0 && d.MessagesReceivedByType["pong"] > 0
		})
	}
	eventually(n.a, "a knows its replica", ClusterReplicas(n.idA), func(ds []ClusterNodeDetails) bool {
		return len(ds) == 1 && ds[0].ID == n.idC && ds[0].PrimaryID == n.idA && ds[0].Has("slave")
	})
}

// look asks for the nodes and slots in every way.
func (n *liveNodes) look() {
	such(n.a, ClusterNodes(), func(ds []ClusterNodeDetails) bool {
		i := slices.IndexFunc(ds, func(d ClusterNodeDetails) bool { return d.Has("myself") })
		j := slices.IndexFunc(ds, func(d ClusterNodeDetails) bool { return d.ID == n.idB })
		if len(ds) != 3 || i < 0 || j < 0 {
			return false
		}
		a, b := ds[i], ds[j]
		return a.ID == n.idA && a.Has("master") && slices.Equal(a.Slots, []SlotRange{{0, 16000}}) && a.Hostname == "a.example" && a.PrimaryID == "" &&
			b.Host == "127.0.0.1" && fmt.Sprint(b.Port) == n.b.port() && b.BusPort == b.Port+10000 && b.LinkState == "connected" &&
			time.Since(b.PongReceived).Abs() < time.Minute
	}, "three nodes")
	such(n.a, New[[]string]("CLUSTER SLAVES", n.idA), func(lines []string) bool {
		return len(lines) == 1 && strings.HasPrefix(lines[0], n.idC+" ")
	}, "the replica")
	fails(n.a, "unknown node", ClusterReplicas("none"))
	expect(n.a, 0, ClusterCountFailureReports(n.idB))
	fails(n.a, "unknown node", ClusterCountFailureReports("none"))
	eventually(n.a, "CLUSTER SLOTS has the replica", ClusterSlots(), func(s []ClusterSlot) bool {
		return len(s) == 2 && s[0].Start == 0 && s[0].End == 16000 && len(s[0].Nodes) == 2 && s[0].Nodes[0].ID == n.idA &&
			s[0].Nodes[0].Addr() == n.a.server.Addr() && s[0].Nodes[0].NetworkingMetadata["hostname"] == "a.example" && s[0].Nodes[1].ID == n.idC &&
			s[1].Start == 16001 && s[1].Nodes[0].ID == n.idB
	})
	such(n.a, ClusterShards(), func(s []ClusterShard) bool {
		i := slices.IndexFunc(s, func(s ClusterShard) bool { return len(s.Nodes) == 2 })
		if len(s) != 2 || i < 0 || !slices.Equal(s[i].Slots, []SlotRange{{0, 16000}}) || (s[i].ID != "") != n.a.since("", "9.1.0") {
			return false
		}
		a := s[i].Nodes[slices.IndexFunc(s[i].Nodes, func(n ShardNode) bool { return n.Role == "master" })]
		return a.ID == n.idA && a.IP == "127.0.0.1" && fmt.Sprint(a.Port) == n.a.port() && a.TLSPort == 0 && a.Hostname == "a.example" && a.Health == "online" &&
			(a.AvailabilityZone == "az-1") == n.a.since("", "9.1.0")
	}, "two shards")
	such(n.a, ClusterLinks(), func(links []ClusterLink) bool {
		return slices.ContainsFunc(links, func(l ClusterLink) bool {
			return l.Direction == "to" && l.Node == n.idB && time.Since(l.CreateTime).Abs() < 5*time.Minute && strings.Contains(l.Events, "r")
		})
	}, "a link to b")
	such(n.a, ClusterBumpEpoch(), func(e ClusterEpoch) bool { return e.Bumped && e.Epoch >= 3 }, "a higher epoch")
	such(n.a, ClusterBumpEpoch(), func(e ClusterEpoch) bool { return !e.Bumped && e.Epoch >= 3 }, "the same epoch")
}

// keys is about the keys in a slot.
func (n *liveNodes) keys() {
	for _, flush := range []Cmd[struct{}]{ClusterFlushSlot(3300), ClusterFlushSlotSync(3300), ClusterFlushSlotAsync(3300)} {
		succeed(n.a, Set("{b}1", 1, 0))
		succeed(n.a, Set("{b}2", 1, 0))
		expect(n.a, 2, ClusterCountKeysInSlot(3300))
		expectSet(n.a, []string{"{b}1", "{b}2"}, ClusterGetKeysInSlot(3300, 10))
		such(n.a, ClusterGetKeysInSlot(3300, 1), func(keys []string) bool { return len(keys) == 1 }, "one key")
		used := func(s SlotStats) bool {
			return s.Slot == 3300 && s.KeyCount == 2 && s.CPUTime > 0 && s.NetworkBytesIn > 0
		}
		such(n.a, ClusterSlotStats(3300, 3301), func(s []SlotStats) bool { return len(s) == 2 && used(s[0]) && s[1].KeyCount == 0 }, "two slots")
		such(n.a, ClusterSlotStatsOrderBy("key-count", ClusterSlotStatsArgs{Limit: 1}), func(s []SlotStats) bool { return len(s) == 1 && used(s[0]) }, "slot 3300")
		such(n.a, ClusterSlotStatsOrderBy("key-count", ClusterSlotStatsArgs{Limit: 2, Order: "ASC"}), func(s []SlotStats) bool { return len(s) == 2 && s[0].KeyCount == 0 }, "unused slots")
		n.scan()
		succeed(n.a, flush)
		if n.a.since("", "9.0.0") {
			expect(n.a, 0, ClusterCountKeysInSlot(3300))
		}
	}
	succeed(n.a, Set(key3300, 1, 0))
}

// scan goes through a slot, and through the cluster as far as the node's slots go.
func (n *liveNodes) scan() {
	var found []string
	for cursor := "0"; ; {
		page, err := ask(n.a, ClusterScanSlot(cursor, 3300, ClusterScanArgs{Match: "{b}*", Type: "string"}))
		if n.a.lacks("CLUSTERSCAN", err) {
			return
		}
		if err != nil {
			n.t.Fatal(err)
		}
		found = append(found, page.Elements...)
		if cursor = page.Cursor; cursor == "0" {
			break
		}
	}
	if slices.Sort(found); !slices.Equal(found, []string{"{b}1", "{b}2"}) {
		n.t.Errorf("CLUSTERSCAN finds %q in slot 3300", found)
	}
	such(n.a, ClusterScan("0", ClusterScanArgs{Count: 10}), func(p ClusterPage) bool { return p.Cursor != "0" && strings.Contains(p.Cursor, "{") }, "a cursor with a slot in it")
	fails(n.b, "MOVED", ClusterScan("0", ClusterScanArgs{}))
}

// move is about a slot on its way from a to b.
func (n *liveNodes) move() {
	fails(n.b, "MOVED 5", Get(key5))
	succeed(n.b, ClusterSetSlotImporting(5, n.idA, ClusterSetSlotArgs{}))
	succeed(n.a, ClusterSetSlotMigrating(5, n.idB, ClusterSetSlotArgs{}))
	moves := func(l *live, want ...SlotPeer) {
		l.t.Helper()
		such(l, ClusterNodes(), func(ds []ClusterNodeDetails) bool {
			me := ds[slices.IndexFunc(ds, func(d ClusterNodeDetails) bool { return d.Has("myself") })]
			return slices.Equal(slices.Concat(me.Migrating, me.Importing), want)
		}, want)
	}
	moves(n.a, SlotPeer{5, n.idB})
	moves(n.b, SlotPeer{5, n.idA})
	fails(n.a, "ASK 5", Get(key5))
	fails(n.b, "MOVED 5", Get(key5))
	succeed(n.b, Asking())
	expectNil(n.b, Get(key5))
	fails(n.b, "MOVED 5", Get(key5))
	for _, l := range []*live{n.a, n.b} {
		succeed(l, ClusterSetSlotStable(5, ClusterSetSlotArgs{}))
		moves(l)
	}
	expectSince(n.a, "", "8.0.0", struct{}{}, ClusterSetSlotStable(5, ClusterSetSlotArgs{Timeout: time.Second}))

	succeed(n.b, ClusterSetSlotImporting(5, n.idA, ClusterSetSlotArgs{}))
	succeed(n.b, ClusterSetSlotNode(5, n.idB, ClusterSetSlotArgs{}))
	succeed(n.a, ClusterSetSlotNode(5, n.idB, ClusterSetSlotArgs{}))
	succeed(n.b, Set(key5, 1, 0))
}

// migrate lets Valkey move slots with their keys.
func (n *liveNodes) migrate() {
	expect(n.a, []SlotMigration{}, ClusterGetSlotMigrations())
	_, err := ask(n.a, ClusterMigrateSlots(SlotMove{Slots: []SlotRange{{10, 12}, {3300, 3300}}, NodeID: n.idB}))
	if n.a.lacks("CLUSTER MIGRATESLOTS", err) {
		succeed(n.a, ClusterCancelSlotMigrations())
		return
	}
	if err != nil {
		n.t.Fatal(err)
	}
	for _, end := range []struct {
		*live
		operation string
	}{{n.a, "EXPORT"}, {n.b, "IMPORT"}} {
		eventually(end.live, "the slots have moved", ClusterGetSlotMigrations(), func(ms []SlotMigration) bool {
			return len(ms) == 1 && ms[0].State == "success" && ms[0].Operation == end.operation && slices.Equal(sortedRanges(ms[0].Slots), []SlotRange{{10, 12}, {3300, 3300}}) &&
				ms[0].SourceNode == n.idA && ms[0].TargetNode == n.idB && len(ms[0].Name) == 40 && time.Since(ms[0].CreateTime).Abs() < time.Minute && ms[0].Message == ""
		})
	}
	fails(n.a, "no migrations", ClusterCancelSlotMigrations())
	expect(n.b, "1", Get(key3300))
	succeed(n.b, ClusterMigrateSlots(SlotMove{Slots: []SlotRange{{3300, 3300}}, NodeID: n.idA}))
	eventually(n.a, "slot 3300 is back", Get(key3300), always)
}

func sortedRanges(list []SlotRange) []SlotRange {
	return slices.SortedFunc(slices.Values(list), func(a, b SlotRange) int { return int(a.Start - b.Start) })
}

// replicate reads at the replica.
func (n *liveNodes) replicate() {
	fails(n.c, "MOVED 3300", Get(key3300))
	succeed(n.c, ReadOnlyConn())
	eventually(n.c, "c has a's data", Get(key3300), func(v string) bool { return v == "1" })
	succeed(n.c, ReadWriteConn())
	fails(n.c, "MOVED 3300", Get(key3300))
}

// failover lets a and c exchange their roles, in every way.
func (n *liveNodes) failover() {
	exchange := func(primary, replica *live) {
		n.t.Helper()
		eventually(primary, "the replica is a primary", Role(), func(r RoleInfo) bool { return r.Role == "master" })
		eventually(replica, "the primary is a replica", Role(), func(r RoleInfo) bool { return r.Role == "slave" })
		redistest.Eventually(n.t, soon, "all nodes see it so", n.agree)
	}
	fails(n.a, "replica", ClusterFailover())
	eventually(n.c, "c begins a failover", ClusterFailover(), always)
	exchange(n.c, n.a)
	succeed(n.a, ClusterFailoverForce())
	exchange(n.a, n.c)
	succeed(n.c, ClusterFailoverTakeover())
	exchange(n.c, n.a)
	expectSince(n.a, "", "9.0.0", struct{}{}, ClusterReplicateNoOne())
	if n.a.since("", "9.0.0") {
		expect(n.a, 0, DBSize())
	}
}

// agree reports whether all nodes say the same about who is who, which they have to before they vote.
func (n *liveNodes) agree() bool {
	views := make(map[string]bool)
	for _, l := range []*live{n.a, n.b, n.c} {
		ds, err := ask(l, ClusterNodes())
		if err != nil {
			n.t.Fatal(err)
		}
		var view []string
		for _, d := range ds {
			view = append(view, fmt.Sprint(d.ID, d.Has("master"), d.PrimaryID, d.ConfigEpoch, d.Slots))
		}
		slices.Sort(view)
		views[strings.Join(view, "\n")] = true
	}
	return len(views) == 1
}

// reset takes the cluster apart.
func (n *liveNodes) reset() {
	succeed(n.b, FlushAll())
	succeed(n.b, ClusterForget(n.idA))
	fails(n.b, "unknown node", ClusterForget("none"))
	succeed(n.b, ClusterResetSoft())
	expect(n.b, n.idB, ClusterMyID())
	such(n.b, ClusterNodes(), func(ds []ClusterNodeDetails) bool { return len(ds) == 1 && len(ds[0].Slots) == 0 }, "itself without slots")
	succeed(n.b, ClusterResetHard())
	such(n.b, ClusterMyID(), func(id string) bool { return len(id) == 40 && id != n.idB }, "another id")
}
