package redis

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/fairlead-go/fairlead/redistest"
)

// A liveSentinels is a primary with a replica, watched by two sentinels.
type liveSentinels struct {
	t                *testing.T
	primary, replica *live
	one, two         *live
}

// liveSentinel runs the commands of sentinels.
func liveSentinel(run *liveRun) {
	s := &liveSentinels{t: run.T, primary: run.start("")}
	s.replica = run.start("", redistest.Config("replicaof 127.0.0.1 "+s.primary.port(), "repl-diskless-sync-delay 0"))
	s.one = run.start(" sentinel", redistest.Sentinel())
	s.two = run.start(" sentinel", redistest.Sentinel())
	s.exchange()
	s.watch()
	s.look()
	s.configure()
	s.failover()
	s.end()
}

// exchange makes the replica the primary without any sentinel.
func (s *liveSentinels) exchange() {
	follows := func(r RoleInfo) bool { return r.Role == "slave" && r.State == "connected" }
	eventually(s.replica, "the replica has the data", Role(), follows)
	eventually(s.primary, "the replica is fit for a failover", Failover(FailoverArgs{Timeout: soon}), always)
	s.primary, s.replica = s.replica, s.primary
	eventually(s.primary, "the replica is the primary", Role(), func(r RoleInfo) bool { return r.Role == "master" })
	eventually(s.replica, "the primary is the replica", Role(), follows)
}

// watch begins to watch the primary.
func (s *liveSentinels) watch() {
	for _, l := range []*live{s.one, s.two} {
		succeed(l, SentinelDebugSet("info-period", 200, "ping-period", 100))
		succeed(l, SentinelDebugSet("publish-period", 500))
		such(l, SentinelDebug(), func(m map[string]time.Duration) bool {
			return m["INFO-PERIOD"] == 200*time.Millisecond && m["TILT-PERIOD"] == 30*time.Second
		}, "times")
		expect(l, []SentinelMasterDetails{}, SentinelMasters())
		succeed(l, SentinelMonitor("m", "127.0.0.1", s.primary.port(), 2))
		fails(l, "duplicate", SentinelMonitor("m", "127.0.0.1", s.primary.port(), 2))
		succeed(l, SentinelSet("m", "down-after-milliseconds", 20000))
		succeed(l, SentinelSet("m", "failover-timeout", 60000, "parallel-syncs", 2))
	}
	for _, l := range []*live{s.one, s.two} {
		eventually(l, "the sentinel knows everybody", SentinelMaster("m"), func(d SentinelMasterDetails) bool {
			return d.NumReplicas == 1 && d.NumOtherSentinels == 1 && slices.Equal(d.Flags, []string{"master"})
		})
	}
}

// look asks for what the sentinel knows.
func (s *liveSentinels) look() {
	such(s.one, SentinelMasters(), func(ds []SentinelMasterDetails) bool {
		return len(ds) == 1 && ds[0].Name == "m" && ds[0].Host == "127.0.0.1" && fmt.Sprint(ds[0].Port) == s.primary.port() && len(ds[0].RunID) == 40 &&
			ds[0].Quorum == 2 && ds[0].DownAfter == 20*time.Second && ds[0].FailoverTimeout == time.Minute && ds[0].ParallelSyncs == 2 &&
			ds[0].RoleReported == "master" && ds[0].InfoRefresh < time.Minute && ds[0].FailoverState == "" && ds[0].Fields["num-slaves"] == "1"
	}, "the primary")
	fails(s.one, "no such master", SentinelMaster("none"))
	s.otherNames()
	eventually(s.one, "the replica follows its primary", SentinelReplicas("m"), func(ds []SentinelReplicaDetails) bool {
		return len(ds) == 1 && fmt.Sprint(ds[0].Port) == s.replica.port() && slices.Contains(ds[0].Flags, "slave") && ds[0].MasterLinkStatus == "ok" &&
			ds[0].MasterHost == "127.0.0.1" && fmt.Sprint(ds[0].MasterPort) == s.primary.port() && ds[0].Priority == 100 && ds[0].Announced && ds[0].Offset > 0
	})
	such(s.two, SentinelMyID(), func(id string) bool {
		such(s.one, SentinelSentinels("m"), func(ds []SentinelPeerDetails) bool {
			return len(ds) == 1 && ds[0].RunID == id && fmt.Sprint(ds[0].Port) == s.two.port() && slices.Contains(ds[0].Flags, "sentinel") && ds[0].LastHelloMessage < time.Minute
		}, "the other sentinel")
		return len(id) == 40
	}, "an id")
	such(s.one, SentinelGetMasterAddrByName("m"), func(a SentinelAddr) bool { return a.Addr() == s.primary.server.Addr() }, s.primary.server.Addr())
	expectNil(s.one, SentinelGetMasterAddrByName("none"))
	such(s.one, SentinelCkQuorum("m"), func(sentence string) bool { return strings.HasPrefix(sentence, "OK 2") }, "OK 2")
	fails(s.one, "no such master", SentinelCkQuorum("none"))
	expect(s.one, SentinelVote{Down: false, Leader: "*", LeaderEpoch: 0}, SentinelIsMasterDownByAddr("127.0.0.1", s.primary.port(), 0, "*"))
	expect(s.one, []SentinelScript{}, SentinelPendingScripts())
	such(s.one, SentinelInfoCache("m", "none"), func(m map[string][]SentinelInfo) bool {
		if len(m) != 1 || len(m["m"]) != 2 || m["m"][0].Age > time.Minute {
			return false
		}
		first, _ := m["m"][0].Info.Field("tcp_port")
		second, _ := m["m"][1].Info.Field("tcp_port")
		return first == s.primary.port() && second == s.replica.port()
	}, "the primary and its replica")
	if r, err := ask(s.one, Role()); err != nil || r.Role != "sentinel" || !slices.Equal(r.Names, []string{"m"}) {
		s.t.Errorf("ROLE: %+v, %v, want a sentinel of m", r, err)
	}
}

// otherNames asks by the earlier and later names of commands.
func (s *liveSentinels) otherNames() {
	helps(s.one, "SENTINEL")
	hasPort := func(port string) func(map[string]string) bool {
		return func(m map[string]string) bool { return m["ip"] == "127.0.0.1" && m["port"] == port }
	}
	only := func(port string) func([]map[string]string) bool {
		return func(ms []map[string]string) bool { return len(ms) == 1 && hasPort(port)(ms[0]) }
	}
	such(s.one, New[[]map[string]string]("SENTINEL SLAVES", "m"), only(s.replica.port()), "the replica")
	such(s.one, New[map[string]string]("SENTINEL PRIMARY", "m"), hasPort(s.primary.port()), "the primary")
	such(s.one, New[[]map[string]string]("SENTINEL PRIMARIES"), only(s.primary.port()), "the primary")
	expect(s.one, []any{int64(0), "*", int64(0)}, New[[]any]("SENTINEL IS-PRIMARY-DOWN-BY-ADDR", "127.0.0.1", s.primary.port(), 0, "*"))
	such(s.one, New[[]string]("SENTINEL GET-PRIMARY-ADDR-BY-NAME", "m"), func(addr []string) bool {
		return slices.Equal(addr, []string{"127.0.0.1", s.primary.port()})
	}, "the primary's address")
}

func (s *liveSentinels) configure() {
	succeed(s.one, SentinelConfigSet("resolve-hostnames", "yes"))
	expect(s.one, map[string]string{"resolve-hostnames": "yes"}, SentinelConfigGet("resolve-hostnames"))
	such(s.one, SentinelConfigGet("*"), func(m map[string]string) bool { return len(m) > 3 && m["announce-port"] == "0" }, "all parameters")
	expectSince(s.one, "7.2.0", "7.2.0", struct{}{}, SentinelConfigSet("resolve-hostnames", "no", "announce-hostnames", "no"))
	expectSince(s.one, "7.2.0", "7.2.0", map[string]string{"resolve-hostnames": "no", "announce-hostnames": "no"}, SentinelConfigGet("resolve-hostnames", "announce-hostnames"))
	succeed(s.one, SentinelFlushConfig())
	expect(s.one, 0, SentinelReset("none*"))
}

// failover puts the replica in the primary's place, and back if the sentinel can do it without loss.
func (s *liveSentinels) failover() {
	fails(s.one, "no such master", SentinelFailover("none"))
	eventually(s.one, "the replica is fit for a failover", SentinelFailover("m"), always)
	eventually(s.one, "the replica is the primary", SentinelGetMasterAddrByName("m"), func(a SentinelAddr) bool { return a.Addr() == s.replica.server.Addr() })
	redistest.Eventually(s.t, soon, "the replica says so", func() bool { // over a connection that the sentinel may close
		role, err := s.replica.server.Do("ROLE")
		return err == nil && strings.HasPrefix(role, "master")
	})
	if !s.one.since("", "9.0.0") {
		fails(s.one, "wrong number", SentinelFailoverCoordinated("m"))
		return
	}
	eventually(s.one, "the old primary is fit for a failover", SentinelFailoverCoordinated("m"), always)
	eventually(s.one, "the old primary is the primary", SentinelGetMasterAddrByName("m"), func(a SentinelAddr) bool { return a.Addr() == s.primary.server.Addr() })
}

func (s *liveSentinels) end() {
	succeed(s.two, SentinelSimulateFailure("crash-after-election", "crash-after-promotion"))
	expect(s.two, 1, SentinelReset("m"))
	for _, l := range []*live{s.one, s.two} {
		succeed(l, SentinelRemove("m"))
		expect(l, []SentinelMasterDetails{}, SentinelMasters())
	}
}
