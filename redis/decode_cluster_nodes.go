package redis

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/fairlead-go/fairlead/resp"
)

// ClusterNodeDetails are what a node of a cluster knows about another one, or about itself.
type ClusterNodeDetails struct {
	ID           string
	Host         string            // its IP address; "" if it is not known
	Port         int64             // where it talks to clients
	BusPort      int64             // where it talks to nodes
	Hostname     string            // "" if it has none
	Aux          map[string]string // what else its address has, by name; nil if there is nothing
	Flags        []string          // such as "myself", "master", "slave", "fail?", "fail", "handshake", "noaddr", "nofailover"; none if it has none
	PrimaryID    string            // of a replica's primary, "" if it has none
	PingSent     time.Time         // when the ping was sent that is not answered yet; the zero time if there is none
	PongReceived time.Time         // when it answered a ping last; the zero time if it never did
	ConfigEpoch  int64             // of the primary, if it is a replica
	LinkState    string            // of the connection to it: "connected" or "disconnected"
	Slots        []SlotRange       // that it serves
	Migrating    []SlotPeer        // slots of the node itself that go to others
	Importing    []SlotPeer        // slots of others that come to the node itself
}

// A SlotPeer is a slot that moves, and the node that it goes to or comes from.
type SlotPeer struct {
	Slot   int64
	NodeID string
}

// Has reports whether the node has a flag, such as "myself".
func (d ClusterNodeDetails) Has(flag string) bool { return slices.Contains(d.Flags, flag) }

func readClusterNodes(r resp.Reply) ([]ClusterNodeDetails, error) {
	text, err := readString(r)
	if err != nil {
		return nil, err
	}
	list := make([]ClusterNodeDetails, 0, strings.Count(text, "\n"))
	for line := range strings.Lines(text) {
		if line = strings.TrimSpace(line); line == "" {
			continue
		}
		d, ok := parseClusterNode(line)
		if !ok {
			return nil, &resp.TypeError{Want: "a text of lines that each describe a node", Got: r.Kind()}
		}
		list = append(list, d)
	}
	return list, nil
}

// readClusterNodeLines reads a list with a line for each node.
func readClusterNodeLines(r resp.Reply) ([]ClusterNodeDetails, error) {
	return readSlice(r, func(e resp.Reply) (ClusterNodeDetails, error) {
		line, err := e.Str()
		if err != nil {
			return ClusterNodeDetails{}, err
		}
		d, ok := parseClusterNode(line)
		if !ok {
			return d, &resp.TypeError{Want: "a line that describes a node", Got: e.Kind()}
		}
		return d, nil
	})
}

// parseClusterNode reads: id, address, flags, primary's id, ping, pong, epoch, state, slots. ok is false if it is no such line.
func parseClusterNode(line string) (d ClusterNodeDetails, ok bool) {
	f := strings.Fields(line)
	if len(f) < 8 {
		return d, false
	}
	d.ID, d.LinkState = f[0], f[7]
	if f[2] != "noflags" {
		d.Flags = strings.Split(f[2], ",")
	}
	if f[3] != "-" {
		d.PrimaryID = f[3]
	}
	ping, ok1 := parseNumber(f[4])
	pong, ok2 := parseNumber(f[5])
	epoch, ok3 := parseNumber(f[6])
	d.PingSent, d.PongReceived, d.ConfigEpoch = pingTime(ping), pingTime(pong), epoch
	if !ok1 || !ok2 || !ok3 || !d.address(f[1]) {
		return d, false
	}
	for _, word := range f[8:] {
		if !d.slot(word) {
			return d, false
		}
	}
	return d, true
}

// address reads "ip:port@busport,hostname,name=value,…"; only the port is always there.
func (d *ClusterNodeDetails) address(text string) bool {
	text, more, _ := strings.Cut(text, ",")
	text, bus, hasBus := strings.Cut(text, "@")
	colon := strings.LastIndexByte(text, ':') // an IPv6 address has more of them
	if colon < 0 {
		return false
	}
	var ok bool
	if d.Port, ok = parseNumber(text[colon+1:]); !ok {
		return false
	}
	if d.BusPort, ok = parseNumber(bus); hasBus && !ok {
		return false
	}
	d.Host = text[:colon]
	var aux string
	d.Hostname, aux, _ = strings.Cut(more, ",")
	for pair := range strings.SplitSeq(aux, ",") {
		if name, value, found := strings.Cut(pair, "="); found {
			if d.Aux == nil {
				d.Aux = make(map[string]string)
			}
			d.Aux[name] = value
		}
	}
	return true
}

// slot reads "5", "0-100", "[5->-id]" or "[5-<-id]".
func (d *ClusterNodeDetails) slot(word string) bool {
	if inner, moves := strings.CutPrefix(word, "["); moves {
		inner, _ = strings.CutSuffix(inner, "]")
		number, id, to := strings.Cut(inner, "->-")
		place := &d.Migrating
		if !to {
			if number, id, moves = strings.Cut(inner, "-<-"); !moves {
				return false
			}
			place = &d.Importing
		}
		n, ok := parseNumber(number)
		*place = append(*place, SlotPeer{Slot: n, NodeID: id})
		return ok
	}
	s, ok := parseSlotRange(word)
	d.Slots = append(d.Slots, s)
	return ok
}

// parseSlotRange reads "5" or "0-100".
func parseSlotRange(word string) (s SlotRange, ok bool) {
	start, end, two := strings.Cut(word, "-")
	if !two {
		end = start
	}
	var ok1, ok2 bool
	s.Start, ok1 = parseNumber(start)
	s.End, ok2 = parseNumber(end)
	return s, ok1 && ok2
}

func parseNumber(text string) (n int64, ok bool) {
	n, err := strconv.ParseInt(text, 10, 64)
	return n, err == nil
}

// pingTime is a time in milliseconds since 1970; 0 is never.
func pingTime(ms int64) time.Time {
	if ms == 0 {
		return time.Time{}
	}
	return time.UnixMilli(ms)
}
