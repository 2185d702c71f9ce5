package pubsub

import (
	"fmt"
	"time"

	"github.com/fairlead-go/fairlead/redis"
)

// A Policy says what becomes of messages that arrive while a subscription's queue is full.
type Policy uint8

const (
	// DropOldest drops the oldest messages; a GapError with their number comes in their place.
	DropOldest Policy = iota
	// Block reads no more from the server until there is room. The subscription has a connection of its own, so that nobody else waits.
	Block
	// End ends the subscription: what is in the queue can be received, and then comes an error that wraps ErrSlow.
	End
)

// An item is a message in a queue, or a gap between two of them.
type item struct {
	message redis.Message
	gap     *GapError
	since   int64 // of a message: a moment before which it was not published, in nanoseconds since 1970
}

// itemSize is what a queue counts for each message beside its text: the item and the headers of the text in memory.
const itemSize = 96

func (i *item) size() int {
	if i.gap != nil {
		return 0 // there is one message for each, or more
	}
	return itemSize + len(i.message.Channel) + len(i.message.Payload)
}

// A queue holds what a subscription has not received yet: a ring that grows, bounded in bytes.
type queue struct {
	limit  int
	bytes  int
	lost   *GapError // what is missing before the first item
	ring   []item    // its length is a power of two
	head   int
	size   int
	most   int // the largest size since it was empty
	policy Policy
}

// hasRoom reports whether the item may be put. A gap always may, and one message, however large.
func (q *queue) hasRoom(i *item) bool {
	return i.gap != nil || q.bytes == 0 || q.bytes+i.size() <= q.limit
}

// put appends an item, dropping the oldest ones until it has room.
func (q *queue) put(i item, now time.Time) {
	for !q.hasRoom(&i) {
		q.drop(now)
	}
	if q.size == len(q.ring) {
		q.resize(max(8, 2*len(q.ring)))
	}
	q.ring[(q.head+q.size)&(len(q.ring)-1)] = i
	q.size++
	q.most = max(q.most, q.size)
	q.bytes += i.size()
}

// putGap notes that messages may be missing behind the last item.
func (q *queue) putGap(gap *GapError) {
	if q.size == 0 {
		q.lost = q.lost.join(gap)
		return
	}
	if last := &q.ring[(q.head+q.size-1)&(len(q.ring)-1)]; last.gap != nil {
		last.gap = last.gap.join(gap)
		return
	}
	q.put(item{gap: gap}, gap.Until)
}

// resize moves the items to a ring of another length.
func (q *queue) resize(length int) {
	ring := make([]item, length)
	for i := range q.size {
		ring[i] = q.ring[(q.head+i)&(len(q.ring)-1)]
	}
	q.ring, q.head = ring, 0
}

// drop takes the oldest item away and counts it in lost.
func (q *queue) drop(now time.Time) {
	i := q.pop()
	gap := i.gap
	if gap == nil {
		if q.lost != nil && q.lost.Err == ErrSlow { // as nearly always
			q.lost.Until = now
			q.lost.Dropped++
			return
		}
		gap = dropped(time.Unix(0, i.since), now)
	}
	q.lost = q.lost.join(gap)
}

// pop takes the oldest item. There must be one.
func (q *queue) pop() item {
	at := &q.ring[q.head]
	i := *at
	*at = item{}
	q.head = (q.head + 1) & (len(q.ring) - 1)
	q.size--
	q.bytes -= i.size()
	if q.size == 0 {
		if len(q.ring) > 64 && q.most < len(q.ring)/4 {
			q.resize(len(q.ring) / 2)
		}
		q.most = 0
	}
	return i
}

// clear drops everything without a trace.
func (q *queue) clear() { *q = queue{limit: q.limit, policy: q.policy} }

func slowError(limit int) error {
	return fmt.Errorf("the subscription ended, with %d bytes of messages that were not received: %w", limit, ErrSlow)
}
