package redis

import (
	"time"

	"github.com/fairlead-go/fairlead/resp"
)

// XInfoStreamCounts are facts and counters of a stream.
type XInfoStreamCounts struct {
	Length               int64  // how many entries it has
	RadixTreeKeys        int64  // how many blocks of entries it is stored in
	RadixTreeNodes       int64  // of the tree that finds these blocks
	LastGeneratedID      string // after which the ids of new entries come
	MaxDeletedEntryID    string // "0-0" if none was deleted; trimming does not count; since Redis 7.0.0
	EntriesAdded         int64  // how many entries it ever got; since Redis 7.0.0
	RecordedFirstEntryID string // "0-0" if it is empty; since Redis 7.0.0
}

// field reads what is one of the counts; other fields are ignored.
func (x *XInfoStreamCounts) field(name string, value resp.Reply) (err error) {
	switch name {
	case "length":
		x.Length, err = value.Int()
	case "radix-tree-keys":
		x.RadixTreeKeys, err = value.Int()
	case "radix-tree-nodes":
		x.RadixTreeNodes, err = value.Int()
	case "last-generated-id":
		x.LastGeneratedID, err = value.Str()
	case "max-deleted-entry-id":
		x.MaxDeletedEntryID, err = value.Str()
	case "entries-added":
		x.EntriesAdded, err = value.Int()
	case "recorded-first-entry-id":
		x.RecordedFirstEntryID, err = value.Str()
	}
	return err
}

// XInfoStreamDetails are facts and counters of a stream, with its ends.
type XInfoStreamDetails struct {
	XInfoStreamCounts
	Groups     int64    // how many consumer groups it has
	FirstEntry XMessage // without ID if there is none
	LastEntry  XMessage // without ID if there is none
}

func readXInfoStream(r resp.Reply) (x XInfoStreamDetails, err error) {
	err = eachField(r, func(name string, value resp.Reply) (err error) {
		switch name {
		case "groups":
			x.Groups, err = value.Int()
		case "first-entry":
			x.FirstEntry, err = readXEnd(value)
		case "last-entry":
			x.LastEntry, err = readXEnd(value)
		default:
			err = x.field(name, value)
		}
		return err
	})
	return x, err
}

// readXEnd reads the entry at one end of a stream, if there is one.
func readXEnd(r resp.Reply) (XMessage, error) {
	if r.IsNull() {
		return XMessage{}, nil
	}
	return readXMessage(r)
}

// XInfoStreamFullDetails are facts and counters of a stream, with entries and groups.
type XInfoStreamFullDetails struct {
	XInfoStreamCounts
	Entries []XMessage // the first ones
	Groups  []XInfoStreamGroup
}

// An XInfoStreamGroup is a consumer group as [XInfoStreamFull] tells about it.
type XInfoStreamGroup struct {
	Name            string
	LastDeliveredID string
	EntriesRead     int64                     // how many entries of the stream it has read; -1 if that is not known; since Redis 7.0.0
	Lag             int64                     // how many entries it has not read yet; -1 if that is not known; since Redis 7.0.0
	PelCount        int64                     // how many entries are pending
	Pending         []XInfoStreamGroupPending // the first ones
	Consumers       []XInfoStreamConsumer
}

// An XInfoStreamGroupPending is an entry that was delivered to a consumer of a group and not yet acknowledged.
type XInfoStreamGroupPending struct {
	ID            string
	Consumer      string    // to whom it was delivered last
	DeliveryTime  time.Time // when that was, to the millisecond
	DeliveryCount int64     // how often it was delivered
}

// An XInfoStreamConsumer is a consumer as [XInfoStreamFull] tells about it.
type XInfoStreamConsumer struct {
	Name       string
	SeenTime   time.Time                    // when it last asked for entries, to the millisecond
	ActiveTime time.Time                    // when it last got any; the zero time if never, or before Redis 7.2.0
	PelCount   int64                        // how many entries are pending
	Pending    []XInfoStreamConsumerPending // the first ones
}

// An XInfoStreamConsumerPending is an entry that was delivered to a consumer and not yet acknowledged.
type XInfoStreamConsumerPending struct {
	ID            string
	DeliveryTime  time.Time // when it was delivered last, to the millisecond
	DeliveryCount int64     // how often it was delivered
}

func readXInfoStreamFull(r resp.Reply) (x XInfoStreamFullDetails, err error) {
	err = eachField(r, func(name string, value resp.Reply) (err error) {
		switch name {
		case "entries":
			x.Entries, err = readXMessages(value)
		case "groups":
			x.Groups, err = inside(readSlice(value, readXInfoStreamGroup))
		default:
			err = x.field(name, value)
		}
		return err
	})
	return x, err
}

func readXInfoStreamGroup(r resp.Reply) (XInfoStreamGroup, error) {
	x := XInfoStreamGroup{EntriesRead: -1, Lag: -1}
	err := eachField(r, func(name string, value resp.Reply) (err error) {
		switch name {
		case "name":
			x.Name, err = value.Str()
		case "last-delivered-id":
			x.LastDeliveredID, err = value.Str()
		case "entries-read":
			x.EntriesRead, err = readKnown(value)
		case "lag":
			x.Lag, err = readKnown(value)
		case "pel-count":
			x.PelCount, err = value.Int()
		case "pending":
			x.Pending, err = inside(readSlice(value, readXInfoStreamGroupPending))
		case "consumers":
			x.Consumers, err = inside(readSlice(value, readXInfoStreamConsumer))
		}
		return err
	})
	return x, err
}

// readKnown reads a counter; -1 if the server does not know it.
func readKnown(r resp.Reply) (int64, error) {
	if r.IsNull() {
		return -1, nil
	}
	return r.Int()
}

func readXInfoStreamGroupPending(r resp.Reply) (x XInfoStreamGroupPending, err error) {
	f, err := inside(columns(r, 4))
	if err != nil {
		return x, err
	}
	if x.ID, err = f[0].Str(); err != nil {
		return x, err
	}
	if x.Consumer, err = f[1].Str(); err != nil {
		return x, err
	}
	if x.DeliveryTime, err = readSinceEpoch(f[2]); err != nil {
		return x, err
	}
	x.DeliveryCount, err = f[3].Int()
	return x, err
}

func readXInfoStreamConsumer(r resp.Reply) (x XInfoStreamConsumer, err error) {
	err = eachField(r, func(name string, value resp.Reply) (err error) {
		switch name {
		case "name":
			x.Name, err = value.Str()
		case "seen-time":
			x.SeenTime, err = readSinceEpoch(value)
		case "active-time":
			x.ActiveTime, err = readSinceEpoch(value)
		case "pel-count":
			x.PelCount, err = value.Int()
		case "pending":
			x.Pending, err = inside(readSlice(value, readXInfoStreamConsumerPending))
		}
		return err
	})
	return x, err
}

func readXInfoStreamConsumerPending(r resp.Reply) (x XInfoStreamConsumerPending, err error) {
	f, err := inside(columns(r, 3))
	if err != nil {
		return x, err
	}
	if x.ID, err = f[0].Str(); err != nil {
		return x, err
	}
	if x.DeliveryTime, err = readSinceEpoch(f[1]); err != nil {
		return x, err
	}
	x.DeliveryCount, err = f[2].Int()
	return x, err
}

// An XInfoGroup is a consumer group of a stream.
type XInfoGroup struct {
	Name            string
	Consumers       int64 // how many it has
	Pending         int64 // how many entries are delivered but not acknowledged
	LastDeliveredID string
	EntriesRead     int64 // how many entries of the stream it has read; -1 if that is not known; since Redis 7.0.0
	Lag             int64 // how many entries it has not read yet; -1 if that is not known; since Redis 7.0.0
}

func readXInfoGroups(r resp.Reply) ([]XInfoGroup, error) {
	return readSlice(r, func(r resp.Reply) (XInfoGroup, error) {
		x := XInfoGroup{EntriesRead: -1, Lag: -1}
		err := eachField(r, func(name string, value resp.Reply) (err error) {
			switch name {
			case "name":
				x.Name, err = value.Str()
			case "consumers":
				x.Consumers, err = value.Int()
			case "pending":
				x.Pending, err = value.Int()
			case "last-delivered-id":
				x.LastDeliveredID, err = value.Str()
			case "entries-read":
				x.EntriesRead, err = readKnown(value)
			case "lag":
				x.Lag, err = readKnown(value)
			}
			return err
		})
		return inside(x, err)
	})
}

// An XInfoConsumer is a consumer of a group.
type XInfoConsumer struct {
	Name     string
	Pending  int64         // how many entries are delivered to it but not acknowledged
	Idle     time.Duration // how long ago it last asked for entries, to the millisecond
	Inactive time.Duration // how long ago it last got any, to the millisecond; -1 if never, or before Redis 7.2.0
}

func readXInfoConsumers(r resp.Reply) ([]XInfoConsumer, error) {
	return readSlice(r, func(r resp.Reply) (XInfoConsumer, error) {
		x := XInfoConsumer{Inactive: -1}
		err := eachField(r, func(name string, value resp.Reply) (err error) {
			switch name {
			case "name":
				x.Name, err = value.Str()
			case "pending":
				x.Pending, err = value.Int()
			case "idle":
				x.Idle, err = readSpan(value)
			case "inactive":
				x.Inactive, err = readSpan(value)
			}
			return err
		})
		return inside(x, err)
	})
}
