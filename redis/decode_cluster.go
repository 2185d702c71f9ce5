package redis

import (
	"strconv"
	"strings"
	"time"

	"github.com/fairlead-go/fairlead/resp"
)

// ClusterDetails are how a cluster is, as one of its nodes sees it. A field that the server's version does not tell is zero.
type ClusterDetails struct {
	State         string // "ok", or "fail" where keys cannot be served
	SlotsAssigned int64  // that some node serves
	SlotsOK       int64  // whose node is up
	SlotsPFail    int64  // whose node this one cannot reach
	SlotsFail     int64  // whose node is down, as most primaries say
	KnownNodes    int64
	Size          int64 // primaries that serve slots
	CurrentEpoch  int64 // the highest one known
	MyEpoch       int64 // the node's own

	// How many nodes this one cannot reach, and how many are down, as most primaries say; of all and of the primaries that serve
	// slots. Since Valkey 9.1.2 or earlier.
	NodesPFail, NodesFail, VotingNodesPFail, VotingNodesFail int64

	// Messages to and from other nodes in all, and by their type, such as "ping", where there were any.
	MessagesSent, MessagesReceived             int64
	MessagesSentByType, MessagesReceivedByType map[string]int64

	// Bytes to and from other nodes in all, and those of messages that were published or are of modules. Valkey's.
	BytesSent, BytesReceived             int64
	PubSubBytesSent, PubSubBytesReceived int64
	ModuleBytesSent, ModuleBytesReceived int64

	LinksBufferLimitExceeded int64             // how many connections to nodes were closed because too much waited to be sent
	Fields                   map[string]string // everything as it came
}

func readCluster(r resp.Reply) (d ClusterDetails, err error) {
	text, err := readString(r)
	if err != nil {
		return d, err
	}
	d.Fields = make(map[string]string)
	d.MessagesSentByType, d.MessagesReceivedByType = make(map[string]int64), make(map[string]int64)
	for line := range strings.Lines(text) {
		name, value, ok := strings.Cut(strings.TrimSpace(line), ":")
		if !ok {
			continue
		}
		d.Fields[name] = value
		if n, err := strconv.ParseInt(value, 10, 64); err == nil {
			d.count(name, n)
		}
	}
	if d.State = d.Fields["cluster_state"]; d.State == "" {
		return d, &resp.TypeError{Want: "a text with cluster_state", Got: r.Kind()}
	}
	return d, nil
}

// count puts a number where it belongs.
func (d *ClusterDetails) count(name string, n int64) {
	places := map[string]*int64{
		"cluster_slots_assigned": &d.SlotsAssigned, "cluster_slots_ok": &d.SlotsOK,
		"cluster_slots_pfail": &d.SlotsPFail, "cluster_slots_fail": &d.SlotsFail,
		"cluster_nodes_pfail": &d.NodesPFail, "cluster_nodes_fail": &d.NodesFail,
		"cluster_voting_nodes_pfail": &d.VotingNodesPFail, "cluster_voting_nodes_fail": &d.VotingNodesFail,
		"cluster_known_nodes": &d.KnownNodes, "cluster_size": &d.Size,
		"cluster_current_epoch": &d.CurrentEpoch, "cluster_my_epoch": &d.MyEpoch,
		"cluster_stats_messages_sent": &d.MessagesSent, "cluster_stats_messages_received": &d.MessagesReceived,
		"cluster_stats_bytes_sent": &d.BytesSent, "cluster_stats_bytes_received": &d.BytesReceived,
		"cluster_stats_pubsub_bytes_sent": &d.PubSubBytesSent, "cluster_stats_pubsub_bytes_received": &d.PubSubBytesReceived,
		"cluster_stats_module_bytes_sent": &d.ModuleBytesSent, "cluster_stats_module_bytes_received": &d.ModuleBytesReceived,
		"total_cluster_links_buffer_limit_exceeded": &d.LinksBufferLimitExceeded,
	}
	if place := places[name]; place != nil {
		*place = n
		return
	}
	if kind, ok := strings.CutPrefix(name, "cluster_stats_messages_"); ok {
		if sent, ok := strings.CutSuffix(kind, "_sent"); ok {
			d.MessagesSentByType[sent] = n
		} else if received, ok := strings.CutSuffix(kind, "_received"); ok {
			d.MessagesReceivedByType[received] = n
		}
	}
}

// A ClusterSlot is a range of slots, both ends included, and the nodes that serve it: the primary first.
type ClusterSlot struct {
	Start, End int64
	Nodes      []ClusterNode
}

// A ClusterNode is where a node of a cluster is.
type ClusterNode struct {
	ID                 string
	Host               string            // what clients should connect to; "" is the host that was asked, "?" one that is not known
	Port               int64             // of TLS, if the question came by TLS
	NetworkingMetadata map[string]string // such as "ip" or "hostname", if Host is another, or Valkey's "availability-zone"
}

// Addr returns the host and the port as they are dialled.
func (n ClusterNode) Addr() string { return dialled(n.Host, n.Port) }

// dialled is a host and a port as they are dialled: an IPv6 address is in brackets.
func dialled(host string, port int64) string {
	if strings.Contains(host, ":") {
		host = "[" + host + "]"
	}
	return host + ":" + strconv.FormatInt(port, 10)
}

func readClusterSlots(r resp.Reply) ([]ClusterSlot, error) {
	return readSlice(r, func(e resp.Reply) (s ClusterSlot, err error) {
		f, err := columns(e, 3)
		if err != nil {
			return s, err
		}
		if s.Start, err = f[0].Int(); err != nil {
			return s, err
		}
		if s.End, err = f[1].Int(); err != nil {
			return s, err
		}
		for _, node := range f[2:] {
			n, err := readClusterNode(node)
			if err != nil {
				return s, err
			}
			s.Nodes = append(s.Nodes, n)
		}
		return s, nil
	})
}

func readClusterNode(r resp.Reply) (n ClusterNode, err error) {
	f, err := columns(r, 2)
	if err != nil {
		return n, err
	}
	if n.Host, err = readText(f[0]); err != nil {
		return n, err
	}
	if n.Port, err = f[1].Int(); err != nil || len(f) < 3 {
		return n, err
	}
	if n.ID, err = f[2].Str(); err != nil || len(f) < 4 {
		return n, err
	}
	n.NetworkingMetadata, err = readStringMap(f[3])
	return n, err
}

// A ClusterShard is a primary of a cluster and its replicas, with the slots that they have in common.
type ClusterShard struct {
	ID    string // since Valkey 9.1.0
	Slots []SlotRange
	Nodes []ShardNode
}

// A ShardNode is a node of a shard.
type ShardNode struct {
	ID                string
	Endpoint          string // what clients should connect to; "" is the host that was asked, "?" one that is not known
	IP                string
	Hostname          string // "" if it has none
	Port              int64  // 0 if it listens for TLS only
	TLSPort           int64  // 0 if it does not listen for TLS
	Role              string // "master" or "replica"
	ReplicationOffset int64  // how many bytes of changes it has made or got
	Health            string // "online", "failed", or "loading" of a replica that is not up to date for the first time
	AvailabilityZone  string // since Valkey 9.1.0
}

func readClusterShards(r resp.Reply) ([]ClusterShard, error) {
	return readSlice(r, func(e resp.Reply) (s ClusterShard, err error) {
		err = eachField(e, func(name string, value resp.Reply) (err error) {
			switch name {
			case "id":
				s.ID, err = readText(value)
			case "slots":
				s.Slots, err = readSlotRanges(value)
			case "nodes":
				s.Nodes, err = readSlice(value, readShardNode)
			}
			return err
		})
		return s, err
	})
}

func readShardNode(r resp.Reply) (n ShardNode, err error) {
	err = readFields(r, map[string]any{
		"id": &n.ID, "endpoint": &n.Endpoint, "ip": &n.IP, "hostname": &n.Hostname, "port": &n.Port, "tls-port": &n.TLSPort,
		"role": &n.Role, "replication-offset": &n.ReplicationOffset, "health": &n.Health, "availability-zone": &n.AvailabilityZone,
	})
	return n, err
}

// readSlotRanges reads starts and ends in turn.
func readSlotRanges(r resp.Reply) ([]SlotRange, error) {
	ends, err := readInts(r)
	if err == nil && len(ends)%2 != 0 {
		err = &resp.TypeError{Want: "a list of pairs", Got: r.Kind()}
	}
	if err != nil {
		return nil, err
	}
	list := make([]SlotRange, len(ends)/2)
	for i := range list {
		list[i] = SlotRange{Start: ends[2*i], End: ends[2*i+1]}
	}
	return list, nil
}

// A ClusterLink is a connection between two nodes of a cluster.
type ClusterLink struct {
	Direction           string // "to" or "from" the other node
	Node                string // id of the other node
	CreateTime          time.Time
	Events              string // what the node waits for: "r" to read, "w" to write, "rw" both
	SendBufferAllocated int64  // bytes
	SendBufferUsed      int64  // bytes
}

func readClusterLinks(r resp.Reply) ([]ClusterLink, error) {
	return readSlice(r, func(e resp.Reply) (l ClusterLink, err error) {
		err = readFields(e, map[string]any{
			"direction": &l.Direction, "node": &l.Node, "create-time": atMillis{&l.CreateTime}, "events": &l.Events,
			"send-buffer-allocated": &l.SendBufferAllocated, "send-buffer-used": &l.SendBufferUsed,
		})
		return l, err
	})
}

// A ClusterEpoch is a node's configuration epoch.
type ClusterEpoch struct {
	Bumped bool // whether it was made higher; else it was the highest already
	Epoch  int64
}

func readClusterEpoch(r resp.Reply) (e ClusterEpoch, err error) {
	text, err := readString(r)
	if err != nil {
		return e, err
	}
	word, number, _ := strings.Cut(text, " ")
	epoch, err := strconv.ParseInt(number, 10, 64)
	if err != nil || word != "BUMPED" && word != "STILL" {
		return e, &resp.TypeError{Want: "BUMPED or STILL with an epoch", Got: r.Kind()}
	}
	return ClusterEpoch{Bumped: word == "BUMPED", Epoch: epoch}, nil
}

// A ClusterPage is what one call of [ClusterScan] returned.
type ClusterPage struct {
	Cursor   string   // where the next call goes on; "0": there is no more
	Elements []string // may be empty before the end
}

func readClusterPage(r resp.Reply) (p ClusterPage, err error) {
	f, err := columns(r, 2)
	if err != nil {
		return p, err
	}
	if p.Cursor, err = f[0].Str(); err != nil {
		return p, err
	}
	p.Elements, err = readStrings(f[1])
	return p, err
}
