package redis

import (
	"time"

	"github.com/fairlead-go/fairlead/resp"
)

// An XMessage is an entry of a stream.
//
// Of a field that an entry has more than once, Values has the last value. Where that or the fields' order matters, read
// the reply as a list: As[[][]any](XRange("s", "-", "+")) has an id and a list of fields and values for each entry.
// [Convert] reads Values as a struct.
type XMessage struct {
	ID     string
	Values map[string]string // by field; nil if the entry was deleted while it was pending
}

// An XStream is a stream's key with some of its entries.
type XStream struct {
	Stream   string
	Messages []XMessage // the lowest id first
}

// readXMessages reads entries of a stream; a null is none. A null among them, with which XCLAIM answered before Redis 7.0
// of an entry that was deleted, is left out: it does not say which one.
func readXMessages(r resp.Reply) ([]XMessage, error) {
	if r.IsNull() {
		return []XMessage{}, nil
	}
	if err := noList(r); err != nil {
		return nil, err
	}
	list := make([]XMessage, 0, r.Len())
	for c := r.Elements(); ; {
		e, ok := c.Next()
		if !ok {
			return list, nil
		}
		if e.IsNull() {
			continue
		}
		m, err := readXMessage(e)
		if err != nil {
			return nil, err
		}
		list = append(list, m)
	}
}

func readXMessage(r resp.Reply) (m XMessage, err error) {
	if err := r.Err(); err != nil {
		return m, err
	}
	if !r.Kind().Aggregate() || r.Len() < 2 {
		return m, &resp.TypeError{Want: "an entry of a stream, which is a list of its id and its fields", Got: r.Kind()}
	}
	c := r.Elements()
	id, _ := c.Next()
	fields, _ := c.Next()
	if m.ID, err = id.Str(); err != nil || fields.IsNull() {
		return m, err
	}
	m.Values, err = readStringMap(fields)
	return m, err
}

// readXStreams reads the entries of several streams. Null is Nil.
func readXStreams(r resp.Reply) ([]XStream, error) {
	return readPairs(r, func(stream, messages resp.Reply) (s XStream, err error) {
		if s.Stream, err = stream.Str(); err != nil {
			return s, err
		}
		s.Messages, err = readXMessages(messages)
		return s, err
	})
}

// XAutoClaimMessages are entries that a consumer has claimed.
type XAutoClaimMessages struct {
	Start    string     // where the next call goes on; "0-0": all were looked at
	Messages []XMessage // now the consumer's
	Deleted  []string   // ids of entries that no longer exist and are no longer pending; since Redis 7.0.0
}

// XAutoClaimIDs are the ids of entries that a consumer has claimed.
type XAutoClaimIDs struct {
	Start   string   // where the next call goes on; "0-0": all were looked at
	IDs     []string // now the consumer's
	Deleted []string // ids of entries that no longer exist and are no longer pending; since Redis 7.0.0
}

func readXAutoClaim(r resp.Reply) (x XAutoClaimMessages, err error) {
	f, err := columns(r, 2)
	if err != nil {
		return x, err
	}
	if x.Start, x.Deleted, err = readXAutoClaimRest(f); err != nil {
		return x, err
	}
	x.Messages, err = readXMessages(f[1])
	return x, err
}

func readXAutoClaimIDs(r resp.Reply) (x XAutoClaimIDs, err error) {
	f, err := columns(r, 2)
	if err != nil {
		return x, err
	}
	if x.Start, x.Deleted, err = readXAutoClaimRest(f); err != nil {
		return x, err
	}
	x.IDs, err = inside(readStrings(f[1]))
	return x, err
}

// readXAutoClaimRest reads what both forms of XAUTOCLAIM's reply have around the entries.
func readXAutoClaimRest(f []resp.Reply) (start string, deleted []string, err error) {
	if start, err = f[0].Str(); err != nil || len(f) < 3 {
		return start, nil, err
	}
	deleted, err = inside(readStrings(f[2]))
	return start, deleted, err
}

// An XPendingSummary tells what is pending in a consumer group: delivered, but not acknowledged.
type XPendingSummary struct {
	Count         int64
	Lower, Higher string           // the lowest and the highest id; "" if nothing is pending
	Consumers     map[string]int64 // how many entries are pending with each consumer that has any
}

func readXPending(r resp.Reply) (x XPendingSummary, err error) {
	f, err := columns(r, 4)
	if err != nil {
		return x, err
	}
	if x.Count, err = f[0].Int(); err != nil {
		return x, err
	}
	if x.Lower, err = readText(f[1]); err != nil {
		return x, err
	}
	if x.Higher, err = readText(f[2]); err != nil {
		return x, err
	}
	x.Consumers = make(map[string]int64, f[3].Len())
	if f[3].IsNull() {
		return x, nil
	}
	return x, eachField(f[3], func(consumer string, count resp.Reply) (err error) {
		x.Consumers[consumer], err = count.Int()
		return err
	})
}

// An XPendingEntry is an entry that was delivered to a consumer and not yet acknowledged.
type XPendingEntry struct {
	ID         string
	Consumer   string        // to whom it was delivered last
	Idle       time.Duration // how long ago that was, to the millisecond
	RetryCount int64         // how often it was delivered
}

func readXPendingEntries(r resp.Reply) ([]XPendingEntry, error) {
	return readSlice(r, func(r resp.Reply) (e XPendingEntry, err error) {
		f, err := inside(columns(r, 4))
		if err != nil {
			return e, err
		}
		if e.ID, err = f[0].Str(); err != nil {
			return e, err
		}
		if e.Consumer, err = f[1].Str(); err != nil {
			return e, err
		}
		if e.Idle, err = readSpan(f[2]); err != nil {
			return e, err
		}
		e.RetryCount, err = f[3].Int()
		return e, err
	})
}

// inside turns the Nil of a part of a reply into an error: only a reply as a whole is Nil.
func inside[T any](v T, err error) (T, error) {
	if err == Nil {
		err = &resp.TypeError{Want: "a part of the reply that is always there", Got: resp.Null}
	}
	return v, err
}

// readSpan reads a length of time in milliseconds; a negative one, which is none, as -1.
func readSpan(r resp.Reply) (time.Duration, error) {
	n, err := r.Int()
	if n < 0 {
		return -1, err
	}
	return time.Duration(n) * time.Millisecond, err
}

// readSinceEpoch reads a moment in milliseconds; a negative one, which is none, as the zero time.
func readSinceEpoch(r resp.Reply) (time.Time, error) {
	n, err := r.Int()
	if err != nil || n < 0 {
		return time.Time{}, err
	}
	return time.UnixMilli(n), nil
}
