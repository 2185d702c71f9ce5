package pubsub

import (
	"errors"
	"io"
	"strconv"
	"testing"
	"time"

	"github.com/fairlead-go/fairlead/redis"
)

func numbered(n int) item {
	return item{message: redis.Message{Payload: strconv.Itoa(n)}, since: int64(n)}
}

// TestQueueKeepsItsOrderAndGivesMemoryBack: a burst makes the ring large; once messages come singly it shrinks again.
func TestQueueKeepsItsOrderAndGivesMemoryBack(t *testing.T) {
	t.Parallel()
	q := queue{limit: 1 << 20}
	next := 0
	for n := range 5000 {
		q.put(numbered(n), time.Time{})
		if n%3 == 0 { // so that the ring goes round
			if got := q.pop(); got.message.Payload != strconv.Itoa(next) {
				t.Fatalf("got %s, want %d", got.message.Payload, next)
			}
			next++
		}
	}
	for ; q.size > 0; next++ {
		if got := q.pop(); got.message.Payload != strconv.Itoa(next) {
			t.Fatalf("got %s, want %d", got.message.Payload, next)
		}
	}
	if next != 5000 || q.bytes != 0 || q.lost != nil {
		t.Errorf("%d came, %d bytes are left, %v is lost; want 5000, none, nothing", next, q.bytes, q.lost)
	}
	large := len(q.ring)
	for n := range 100 {
		q.put(numbered(n), time.Time{})
		q.pop()
	}
	if large < 2048 || len(q.ring) > 64 {
		t.Errorf("the ring was %d long after a burst of thousands and is %d long after single messages", large, len(q.ring))
	}
}

// TestQueueThatNobodyReadsIsBounded: by its bytes, however many messages come and however often the connection is lost.
func TestQueueThatNobodyReadsIsBounded(t *testing.T) {
	t.Parallel()
	q := queue{limit: 10 * (itemSize + 4)}
	began := time.Unix(0, 0)
	for n := range 9999 {
		q.put(numbered(n), began.Add(time.Duration(n)))
		q.putGap(interrupted(began, began.Add(time.Duration(n)), io.EOF))
		q.putGap(interrupted(began, began.Add(time.Duration(n)), io.EOF)) // joins the one before
		if q.bytes > q.limit || q.size > 20+1 {
			t.Fatalf("%d bytes and %d items wait, of %d bytes and 10 messages with a gap each", q.bytes, q.size, q.limit)
		}
	}
	kept := 0
	for q.size > 0 {
		if i := q.pop(); i.gap == nil {
			kept++
		}
	}
	if lost := q.lost; lost.Dropped+int64(kept) != 9999 || !errors.Is(lost, ErrSlow) || !errors.Is(lost, io.EOF) || !errors.Is(lost, ErrGap) {
		t.Errorf("%d messages are counted as lost (%v), %d were kept; want 9999 together, and both reasons", lost.Dropped, lost.Err, kept)
	}
}
