package redis

import (
	"errors"
	"maps"
	"time"

	"github.com/fairlead-go/fairlead/resp"
)

// A SentinelInstance is what a sentinel knows about any server that it watches. Times are to the millisecond.
type SentinelInstance struct {
	Name                string // a primary's is the one that it is watched under; of a replica its address, of a sentinel its id
	Host                string
	Port                int64
	RunID               string   // "" if it is not known
	Flags               []string // such as "master", "slave", "sentinel", "s_down" (for this sentinel), "o_down" (for enough of them), "disconnected"
	LinkPendingCommands int64    // commands that it has not answered
	LinkRefcount        int64    // how many primaries' watches use the connection to it

	LastPingSent    time.Duration // how long ago the ping was sent that is not answered; 0 if there is none
	LastOKPingReply time.Duration // how long ago it answered a ping as it should
	LastPingReply   time.Duration // how long ago it answered a ping
	SDownTime       time.Duration // for how long it has been down for this sentinel; 0 if it is up
	ODownTime       time.Duration // for how long it has been down for enough sentinels; 0 if it is up
	DownAfter       time.Duration // how long it may be silent before it is down

	Fields map[string]string // everything as it came
}

// SentinelMasterDetails are what a sentinel knows about a primary.
type SentinelMasterDetails struct {
	SentinelInstance
	InfoRefresh          time.Duration // how long ago it answered INFO; 0 if it never did
	RoleReported         string        // "master", or "slave" if it says that it is a replica
	RoleReportedTime     time.Duration // for how long it has said so
	ConfigEpoch          int64         // of the failover that made it a primary
	NumReplicas          int64
	NumOtherSentinels    int64
	Quorum               int64  // how many sentinels have to agree that it is down
	FailoverState        string // how far the failover is; "" if there is none
	FailoverTimeout      time.Duration
	ParallelSyncs        int64 // how many replicas at a time get to know a new primary
	NotificationScript   string
	ClientReconfigScript string
}

// SentinelReplicaDetails are what a sentinel knows about a replica.
type SentinelReplicaDetails struct {
	SentinelInstance
	InfoRefresh        time.Duration // how long ago it answered INFO; 0 if it never did
	RoleReported       string        // "slave", or "master" if it says that it is a primary
	RoleReportedTime   time.Duration // for how long it has said so
	MasterLinkDownTime time.Duration // for how long it has been without its primary; not above 0 if it is with it, or never was
	MasterLinkStatus   string        // "ok" or "err"
	MasterHost         string        // of the primary that it follows
	MasterPort         int64
	Priority           int64 // the lower, the sooner it becomes the primary; 0 is never
	Offset             int64 // how many bytes of changes it has got
	Announced          bool  // whether clients are told about it
}

// SentinelPeerDetails are what a sentinel knows about another one that watches the same primary.
type SentinelPeerDetails struct {
	SentinelInstance
	LastHelloMessage time.Duration // how long ago it made itself known
	VotedLeader      string        // id of the sentinel that it voted for; "?" if it did not
	VotedLeaderEpoch int64         // in which it did
}

// read reads the fields that all have, and more. Null is Nil.
func (s *SentinelInstance) read(r resp.Reply, more map[string]any) (err error) {
	places := map[string]any{
		"name": &s.Name, "ip": &s.Host, "port": &s.Port, "runid": &s.RunID, "flags": commaWords{&s.Flags},
		"link-pending-commands": &s.LinkPendingCommands, "link-refcount": &s.LinkRefcount,
		"last-ping-sent": inMillis{&s.LastPingSent}, "last-ok-ping-reply": inMillis{&s.LastOKPingReply},
		"last-ping-reply": inMillis{&s.LastPingReply}, "s-down-time": inMillis{&s.SDownTime}, "o-down-time": inMillis{&s.ODownTime},
		"down-after-milliseconds": inMillis{&s.DownAfter},
	}
	maps.Copy(places, more)
	if err = readFields(r, places); err == nil {
		s.Fields, err = readStringMap(r)
	}
	return err
}

func readSentinelMaster(r resp.Reply) (d SentinelMasterDetails, err error) {
	err = d.read(r, map[string]any{
		"info-refresh": inMillis{&d.InfoRefresh}, "role-reported": &d.RoleReported, "role-reported-time": inMillis{&d.RoleReportedTime},
		"config-epoch": &d.ConfigEpoch, "num-slaves": &d.NumReplicas, "num-other-sentinels": &d.NumOtherSentinels, "quorum": &d.Quorum,
		"failover-state": &d.FailoverState, "failover-timeout": inMillis{&d.FailoverTimeout}, "parallel-syncs": &d.ParallelSyncs,
		"notification-script": &d.NotificationScript, "client-reconfig-script": &d.ClientReconfigScript,
	})
	return d, err
}

func readSentinelReplica(r resp.Reply) (d SentinelReplicaDetails, err error) {
	err = d.read(r, map[string]any{
		"info-refresh": inMillis{&d.InfoRefresh}, "role-reported": &d.RoleReported, "role-reported-time": inMillis{&d.RoleReportedTime},
		"master-link-down-time": inMillis{&d.MasterLinkDownTime}, "master-link-status": &d.MasterLinkStatus,
		"master-host": &d.MasterHost, "master-port": &d.MasterPort, "slave-priority": &d.Priority, "slave-repl-offset": &d.Offset,
		"replica-announced": &d.Announced,
	})
	return d, err
}

func readSentinelPeer(r resp.Reply) (d SentinelPeerDetails, err error) {
	err = d.read(r, map[string]any{
		"last-hello-message": inMillis{&d.LastHelloMessage}, "voted-leader": &d.VotedLeader, "voted-leader-epoch": &d.VotedLeaderEpoch,
	})
	return d, err
}

func readSentinelMasters(r resp.Reply) ([]SentinelMasterDetails, error) {
	return readSlice(r, readSentinelMaster)
}

func readSentinelReplicas(r resp.Reply) ([]SentinelReplicaDetails, error) {
	return readSlice(r, readSentinelReplica)
}

func readSentinelPeers(r resp.Reply) ([]SentinelPeerDetails, error) {
	return readSlice(r, readSentinelPeer)
}

// A SentinelAddr is where a primary is, as a sentinel says.
type SentinelAddr struct {
	Host string
	Port int64
}

// Addr returns the host and the port as they are dialled.
func (a SentinelAddr) Addr() string { return dialled(a.Host, a.Port) }

func readSentinelAddr(r resp.Reply) (a SentinelAddr, err error) {
	f, err := columns(r, 2)
	if err != nil {
		return a, err
	}
	if a.Host, err = f[0].Str(); err != nil {
		return a, err
	}
	a.Port, err = f[1].Int()
	return a, err
}

// A SentinelVote is what a sentinel says about a primary that may be down.
type SentinelVote struct {
	Down        bool   // whether it is down for this sentinel
	Leader      string // id of the sentinel that it votes for; "*" if it was not asked to
	LeaderEpoch int64  // in which it does
}

func readSentinelVote(r resp.Reply) (v SentinelVote, err error) {
	f, err := columns(r, 3)
	if err != nil {
		return v, err
	}
	if v.Down, err = f[0].Bool(); err != nil {
		return v, err
	}
	if v.Leader, err = f[1].Str(); err != nil {
		return v, err
	}
	v.LeaderEpoch, err = f[2].Int()
	return v, err
}

// A SentinelScript is a script that a sentinel runs, or is going to run.
type SentinelScript struct {
	Args     []string      // its path first
	Flags    string        // "running" or "scheduled"
	PID      int64         // 0 if it does not run
	RunTime  time.Duration // for how long it has run
	RunDelay time.Duration // in how long it is going to run
	Retry    int64         // how often it was run before
}

func readSentinelScripts(r resp.Reply) ([]SentinelScript, error) {
	return readSlice(r, func(e resp.Reply) (s SentinelScript, err error) {
		err = readFields(e, map[string]any{
			"argv": &s.Args, "flags": &s.Flags, "pid": &s.PID, "run-time": inMillis{&s.RunTime}, "run-delay": inMillis{&s.RunDelay},
			"retry-num": &s.Retry,
		})
		return s, err
	})
}

// A SentinelInfo is what a server last answered to a sentinel's INFO.
type SentinelInfo struct {
	Age  time.Duration // how long ago that was; 0 if it never answered
	Info ServerInfo    // without Text if it never answered
}

func readSentinelInfos(r resp.Reply) (map[string][]SentinelInfo, error) {
	m := make(map[string][]SentinelInfo, pairCount(r))
	err := eachField(r, func(name string, value resp.Reply) (err error) {
		m[name], err = readSlice(value, readSentinelInfo)
		return err
	})
	if err != nil {
		return nil, err
	}
	return m, nil
}

func readSentinelInfo(r resp.Reply) (i SentinelInfo, err error) {
	f, err := columns(r, 2)
	if err != nil {
		return i, err
	}
	age, err := f[0].Int()
	if err != nil {
		return i, err
	}
	i.Age = time.Duration(age) * time.Millisecond
	if i.Info, err = readInfo(f[1]); errors.Is(err, Nil) {
		err = nil
	}
	return i, err
}

// readMillisMap reads names and numbers of milliseconds.
func readMillisMap(r resp.Reply) (map[string]time.Duration, error) {
	m := make(map[string]time.Duration, pairCount(r))
	err := eachField(r, func(name string, value resp.Reply) error {
		n, err := value.Int()
		m[name] = time.Duration(n) * time.Millisecond
		return err
	})
	if err != nil {
		return nil, err
	}
	return m, nil
}
