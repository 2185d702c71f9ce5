package redis

import (
	"testing"
	"time"
)

// bulks are strings on the wire.
func bulks(texts ...string) (wires []string) {
	for _, s := range texts {
		wires = append(wires, bulk(s))
	}
	return wires
}

// instance is what sentinels say about any server, as far as the names differ from wantInstance's zero fields.
func instance(more ...string) []string {
	return append([]string{
		"name", "m", "ip", "10.0.0.1", "port", "6379", "runid", "r", "flags", "master,s_down", "link-pending-commands", "1", "link-refcount", "2",
		"last-ping-sent", "3", "last-ok-ping-reply", "4", "last-ping-reply", "5", "s-down-time", "6", "o-down-time", "7", "down-after-milliseconds", "8",
	}, more...)
}

func wantInstance(more ...string) SentinelInstance {
	s := SentinelInstance{
		Name: "m", Host: "10.0.0.1", Port: 6379, RunID: "r", Flags: []string{"master", "s_down"}, LinkPendingCommands: 1, LinkRefcount: 2,
		LastPingSent: 3 * time.Millisecond, LastOKPingReply: 4 * time.Millisecond, LastPingReply: 5 * time.Millisecond, SDownTime: 6 * time.Millisecond,
		ODownTime: 7 * time.Millisecond, DownAfter: 8 * time.Millisecond, Fields: map[string]string{},
	}
	for pair := instance(more...); len(pair) > 0; pair = pair[2:] {
		s.Fields[pair[0]] = pair[1]
	}
	return s
}

func TestReadSentinelInstances(t *testing.T) {
	t.Parallel()
	more := []string{
		"info-refresh", "9", "role-reported", "master", "role-reported-time", "10", "config-epoch", "11", "num-slaves", "12", "num-other-sentinels", "13",
		"quorum", "14", "failover-state", "wait_start", "failover-timeout", "15", "parallel-syncs", "16", "notification-script", "/n", "client-reconfig-script", "/c",
		"later", "x",
	}
	wire := bulks(instance(more...)...)
	want := SentinelMasterDetails{
		SentinelInstance: wantInstance(more...), InfoRefresh: 9 * time.Millisecond, RoleReported: "master", RoleReportedTime: 10 * time.Millisecond, ConfigEpoch: 11,
		NumReplicas: 12, NumOtherSentinels: 13, Quorum: 14, FailoverState: "wait_start", FailoverTimeout: 15 * time.Millisecond, ParallelSyncs: 16,
		NotificationScript: "/n", ClientReconfigScript: "/c",
	}
	asMap(t, SentinelMaster("m"), want, wire...)
	bothRead(t, SentinelMasters(), arrayOf(arrayOf(wire...)), arrayOf(mapOf(wire...)), []SentinelMasterDetails{want})
	readsNot(t, SentinelMaster("m"), number(1), arrayOf(bulks("port", "x")...), arrayOf(bulk("flags"), arrayOf()))
	readsNot(t, SentinelMasters(), number(1), arrayOf(number(1)))

	more = []string{
		"info-refresh", "9", "role-reported", "slave", "role-reported-time", "10", "master-link-down-time", "-1000", "master-link-status", "ok",
		"master-host", "10.0.0.2", "master-port", "6380", "slave-priority", "100", "slave-repl-offset", "17", "replica-announced", "1",
	}
	wire = bulks(instance(more...)...)
	bothRead(t, SentinelReplicas("m"), arrayOf(arrayOf(wire...)), arrayOf(mapOf(wire...)), []SentinelReplicaDetails{{
		SentinelInstance: wantInstance(more...), InfoRefresh: 9 * time.Millisecond, RoleReported: "slave", RoleReportedTime: 10 * time.Millisecond,
		MasterLinkDownTime: -time.Second, MasterLinkStatus: "ok", MasterHost: "10.0.0.2", MasterPort: 6380, Priority: 100, Offset: 17, Announced: true,
	}})
	readsNot(t, SentinelReplicas("m"), number(1), arrayOf(arrayOf(bulks("replica-announced", "x")...)))

	more = []string{"last-hello-message", "9", "voted-leader", "?", "voted-leader-epoch", "10"}
	wire = bulks(instance(more...)...)
	bothRead(t, SentinelSentinels("m"), arrayOf(arrayOf(wire...)), arrayOf(mapOf(wire...)), []SentinelPeerDetails{{
		SentinelInstance: wantInstance(more...), LastHelloMessage: 9 * time.Millisecond, VotedLeader: "?", VotedLeaderEpoch: 10,
	}})
	readsNot(t, SentinelSentinels("m"), number(1), arrayOf(arrayOf(bulks("voted-leader-epoch", "x")...)))
}

func TestReadSentinel(t *testing.T) {
	t.Parallel()
	addr := arrayOf(bulks("10.0.0.1", "6379")...)
	bothRead(t, SentinelGetMasterAddrByName("m"), addr, addr, SentinelAddr{"10.0.0.1", 6379})
	bothNil(t, SentinelGetMasterAddrByName("m"))
	readsNot(t, SentinelGetMasterAddrByName("m"), number(1), arrayOf(bulk("h")), arrayOf(bulks("h", "x")...), arrayOf(arrayOf(), bulk("1")))
	if got := (SentinelAddr{"::1", 6379}).Addr(); got != "[::1]:6379" {
		t.Errorf("the address is %s", got)
	}

	vote := arrayOf(number(1), bulk("leader"), number(3))
	bothRead(t, SentinelIsMasterDownByAddr("h", "1", 3, "*"), vote, vote, SentinelVote{true, "leader", 3})
	readsNot(t, SentinelIsMasterDownByAddr("h", "1", 3, "*"), number(1), arrayOf(number(1), bulk("l")), arrayOf(bulk("x"), bulk("l"), number(1)),
		arrayOf(number(1), arrayOf(), number(1)), arrayOf(number(1), bulk("l"), bulk("x")))

	running := []string{bulk("argv"), arrayOf(bulks("/s", "a")...), bulk("flags"), bulk("running"), bulk("pid"), bulk("77"), bulk("run-time"), bulk("1500"), bulk("retry-num"), bulk("2")}
	waiting := []string{bulk("argv"), arrayOf(bulk("/s")), bulk("flags"), bulk("scheduled"), bulk("pid"), bulk("0"), bulk("run-delay"), bulk("30000"), bulk("retry-num"), bulk("0")}
	bothRead(t, SentinelPendingScripts(), arrayOf(arrayOf(running...), arrayOf(waiting...)), arrayOf(mapOf(running...), mapOf(waiting...)), []SentinelScript{
		{Args: []string{"/s", "a"}, Flags: "running", PID: 77, RunTime: 1500 * time.Millisecond, Retry: 2},
		{Args: []string{"/s"}, Flags: "scheduled", RunDelay: 30 * time.Second},
	})
	readsNot(t, SentinelPendingScripts(), number(1), arrayOf(number(1)), arrayOf(arrayOf(bulk("argv"), number(1))))

	text := "# Server\r\nredis_version:8.0.6\r\n"
	infos := []string{bulk("m"), arrayOf(arrayOf(number(1500), bulk(text)), arrayOf(number(0), "$-1\r\n"))}
	bothRead(t, SentinelInfoCache("m"), arrayOf(infos...), mapOf(infos...), map[string][]SentinelInfo{"m": {
		{1500 * time.Millisecond, ServerInfo{text, map[string]map[string]string{"Server": {"redis_version": "8.0.6"}}}}, {},
	}})
	bothRead(t, SentinelInfoCache("m"), arrayOf(), arrayOf(), map[string][]SentinelInfo{})
	readsNot(t, SentinelInfoCache("m"), number(1), arrayOf(bulk("m")), arrayOf(bulk("m"), number(1)), arrayOf(bulk("m"), arrayOf(arrayOf(number(1)))),
		arrayOf(bulk("m"), arrayOf(arrayOf(bulk("x"), bulk("y")))), arrayOf(bulk("m"), arrayOf(arrayOf(number(1), arrayOf()))))

	asMap(t, SentinelDebug(), map[string]time.Duration{"INFO-PERIOD": 10 * time.Second}, bulks("INFO-PERIOD", "10000")...)
	readsNot(t, SentinelDebug(), number(1), arrayOf(bulks("INFO-PERIOD", "x")...))
}
