package stats

import (
	"reflect"
	"sync"
	"testing"
	"time"
)

// Each counter reaches the field of its own name: a snapshot in which two are mixed up would tell a wrong story.
func TestSnapshotHasEachCounterInItsPlace(t *testing.T) {
	t.Parallel()
	var p Pool
	p.Dials.Add(1)
	p.DialErrors.Add(2)
	p.Closes.Add(3)
	p.Waits.Add(4)
	p.WaitNanos.Add(int64(5 * time.Second))
	p.WaitTimeouts.Add(6)
	p.Retries.Add(7)
	p.Replies.Add(8)
	p.BytesIn.Add(9)
	p.BytesOut.Add(10)
	want := Snapshot{
		Dials: 1, DialErrors: 2, Closes: 3, Waits: 4, WaitTime: 5 * time.Second, WaitTimeouts: 6, Retries: 7, Replies: 8,
		BytesIn: 9, BytesOut: 10,
	}
	if got := p.Snapshot(); got != want {
		t.Errorf("snapshot %+v\nwant     %+v", got, want)
	}
	if got := reflect.TypeFor[Pool]().NumField(); got != 10 {
		t.Errorf("there are %d counters, and this test knows 10", got)
	}
}

func TestCountersOfManyGoroutinesAddUp(t *testing.T) {
	t.Parallel()
	const writers, rounds = 8, 1000
	var p Pool
	var all sync.WaitGroup
	for range writers {
		all.Go(func() {
			for range rounds {
				before := p.Snapshot()
				p.Replies.Add(1)
				p.Retries.Add(2)
				if after := p.Snapshot(); after.Replies <= before.Replies || after.Retries < before.Retries+2 {
					t.Errorf("went from %+v to %+v: counters only grow", before, after)
				}
			}
		})
	}
	all.Wait()
	if got := p.Snapshot(); got.Replies != writers*rounds || got.Retries != 2*writers*rounds {
		t.Errorf("%d replies, %d retries; want %d, %d", got.Replies, got.Retries, writers*rounds, 2*writers*rounds)
	}
}
