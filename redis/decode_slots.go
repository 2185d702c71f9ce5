package redis

import (
	"strings"
	"time"

	"github.com/fairlead-go/fairlead/resp"
)

// SlotStats tell how a slot is used. All but KeyCount are 0 unless the server is configured to count them.
type SlotStats struct {
	Slot            int64
	KeyCount        int64
	CPUTime         time.Duration // of commands, in microseconds
	NetworkBytesIn  int64
	NetworkBytesOut int64
	Stats           map[string]int64 // everything by its name, such as "cpu-usec"
}

func readSlotStats(r resp.Reply) ([]SlotStats, error) {
	return readSlice(r, func(e resp.Reply) (s SlotStats, err error) {
		f, err := columns(e, 2)
		if err != nil {
			return s, err
		}
		if s.Slot, err = f[0].Int(); err != nil {
			return s, err
		}
		s.Stats = make(map[string]int64)
		err = eachField(f[1], func(name string, value resp.Reply) error {
			n, err := value.Int()
			s.Stats[name] = n
			return err
		})
		s.KeyCount, s.CPUTime = s.Stats["key-count"], time.Duration(s.Stats["cpu-usec"])*time.Microsecond
		s.NetworkBytesIn, s.NetworkBytesOut = s.Stats["network-bytes-in"], s.Stats["network-bytes-out"]
		return s, err
	})
}

// A SlotMigration is slots on their way from one node to another, or that were.
type SlotMigration struct {
	Name              string // which tells migrations from one another
	Operation         string // "EXPORT" at the node that gives the slots, "IMPORT" at the one that gets them
	Slots             []SlotRange
	TargetNode        string // id
	SourceNode        string // id
	CreateTime        time.Time
	LastUpdateTime    time.Time // of its state
	LastAckTime       time.Time // when the target last said how far it is
	State             string    // such as "connecting" or "replicating"; "success", "failed" or "cancelled" at the end
	Message           string    // why it failed; "" if it did not
	CowSize           int64     // bytes of memory that the snapshot took because of changes meanwhile
	RemainingReplSize int64     // bytes of changes that are still to be sent
}

func readSlotMigrations(r resp.Reply) ([]SlotMigration, error) {
	return readSlice(r, func(e resp.Reply) (m SlotMigration, err error) {
		ranges := ""
		err = readFields(e, map[string]any{
			"name": &m.Name, "operation": &m.Operation, "slot_ranges": &ranges, "target_node": &m.TargetNode, "source_node": &m.SourceNode,
			"create_time": atSeconds{&m.CreateTime}, "last_update_time": atSeconds{&m.LastUpdateTime}, "last_ack_time": atSeconds{&m.LastAckTime},
			"state": &m.State, "message": &m.Message, "cow_size": &m.CowSize, "remaining_repl_size": &m.RemainingReplSize,
		})
		if err != nil {
			return m, err
		}
		for word := range strings.FieldsSeq(ranges) {
			s, ok := parseSlotRange(word)
			if !ok {
				return m, &resp.TypeError{Want: "slot_ranges such as 0-100", Got: e.Kind()}
			}
			m.Slots = append(m.Slots, s)
		}
		return m, nil
	})
}
