package fairlead_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/fairlead-go/fairlead"
	"github.com/fairlead-go/fairlead/redis"
	"github.com/fairlead-go/fairlead/redistest"
)

// xadd adds an entry whose field n has this value, and returns its id.
func xadd(t *testing.T, c *fairlead.Client, stream, n string) string {
	t.Helper()
	id, err := c.XAdd(background, redis.XAddArgs{Stream: stream, Values: []string{"n", n}})
	must(t, err)
	return id
}

// consumeN runs a loop until it has got so many entries, acknowledges them if told to, and returns them as "value×deliveries".
func consumeN(t *testing.T, c *fairlead.Client, args fairlead.ConsumeArgs, n int, acknowledge bool) []string {
	t.Helper()
	ctx, cancel := context.WithTimeout(background, patience)
	defer cancel()
	var got []string
	for m, err := range c.Consume(ctx, args) {
		must(t, err)
		got = append(got, fmt.Sprintf("%s×%d", m.Values["n"], m.Deliveries))
		if acknowledge {
			must(t, m.Ack(ctx))
		}
		if len(got) == n {
			break
		}
	}
	return got
}

// pendingIn returns how many entries are pending in the group.
func pendingIn(t *testing.T, c *fairlead.Client, stream, group string) int64 {
	t.Helper()
	pending, err := c.XPending(background, stream, group)
	must(t, err)
	return pending.Count
}

func TestConsume(t *testing.T) {
	eachMode(t, func(t *testing.T, c *fairlead.Client) {
		stream := newKey(t)
		args := fairlead.ConsumeArgs{Group: "g", Consumer: "ann", Streams: []string{stream, stream + ":b"}, CreateFrom: "0"}
		for _, n := range []string{"1", "2", "3"} {
			xadd(t, c, stream, n)
		}
		same(t, "what was there before the group", consumeN(t, c, args, 3, true), []string{"1×1", "2×1", "3×1"})
		is(t, "pending after Ack", pendingIn(t, c, stream, "g"), 0)
		added := make(chan error, 1)
		go func() {
			_, err := c.XAdd(background, redis.XAddArgs{Stream: stream + ":b", Values: []string{"n", "4"}})
			added <- err
		}()
		same(t, "what came to the other stream while the loop waited", consumeN(t, c, args, 1, true), []string{"4×1"})
		must(t, <-added)
	})
}

// TestConsumeGoesOnAfterARestart: a loop of the same name begins with what it had not acknowledged, and then gets what is new.
func TestConsumeGoesOnAfterARestart(t *testing.T) {
	eachProtocol(t, func(t *testing.T, c *fairlead.Client) {
		stream := newKey(t)
		args := fairlead.ConsumeArgs{Group: "g", Consumer: "ann", Streams: []string{stream}, CreateFrom: "0", Count: 2}
		for _, n := range []string{"1", "2", "3"} {
			xadd(t, c, stream, n)
		}
		// 3 is not read ahead, since Count is 2.
		same(t, "before", consumeN(t, c, args, 2, false), []string{"1×1", "2×1"})
		is(t, "pending", pendingIn(t, c, stream, "g"), 2)
		xadd(t, c, stream, "4")
		same(t, "after, with Count 1 to need more than one page", consumeN(t, c, withCount(args, 1), 4, true), []string{"1×2", "2×2", "3×1", "4×1"})
		is(t, "pending", pendingIn(t, c, stream, "g"), 0)
	})
}

func withCount(args fairlead.ConsumeArgs, n int64) fairlead.ConsumeArgs {
	args.Count = n
	return args
}

// TestConsumeClaims: what a consumer that died had got, or had read ahead, is claimed after MinIdle. A crash counts against the
// entry that was delivered, not against those behind it.
func TestConsumeClaims(t *testing.T) {
	eachProtocol(t, func(t *testing.T, c *fairlead.Client) {
		stream := newKey(t)
		must(t, c.XGroupCreateMkStream(background, stream, "g", "0"))
		var ids []string
		for _, n := range []string{"poison", "1", "2", "3"} {
			ids = append(ids, xadd(t, c, stream, n))
		}
		// As by a consumer that got the first entry three times and crashed each time; the others it had read ahead.
		_, err := c.XReadGroup(background, redis.XReadGroupArgs{Group: "g", Consumer: "dead", Streams: []string{stream}, ID: ">"})
		must(t, err)
		three, once := int64(3), int64(1)
		dead := redis.XClaimArgs{Stream: stream, Group: "g", Consumer: "dead", Messages: ids, Idle: time.Hour, RetryCount: &once}
		_, err = c.XClaimJustID(background, dead) // as if an hour had passed
		must(t, err)
		dead.Messages, dead.RetryCount = ids[:1], &three
		_, err = c.XClaimJustID(background, dead)
		must(t, err)
		args := fairlead.ConsumeArgs{Group: "g", Consumer: "ann", Streams: []string{stream}, Count: 3}
		same(t, "claimed", consumeN(t, c, args, 4, true), []string{"poison×4", "1×2", "2×2", "3×2"})
		is(t, "pending", pendingIn(t, c, stream, "g"), 0)
	})
}

// TestConsumeDeliversAgain: what the body did not acknowledge comes again after MinIdle, to the same loop if there is no other.
func TestConsumeDeliversAgain(t *testing.T) {
	eachProtocol(t, func(t *testing.T, c *fairlead.Client) {
		stream := newKey(t)
		args := fairlead.ConsumeArgs{Group: "g", Consumer: "ann", Streams: []string{stream}, CreateFrom: "0", MinIdle: 10 * time.Millisecond}
		xadd(t, c, stream, "1")
		same(t, "deliveries", consumeN(t, c, args, 3, false), []string{"1×1", "1×2", "1×3"})
	})
}

// TestConsumeLeavesWhatItDidNotDeliver: a loop that ends leaves what it had read ahead to the others, at once and as if it had
// not been delivered; what it did deliver they claim after MinIdle.
func TestConsumeLeavesWhatItDidNotDeliver(t *testing.T) {
	eachProtocol(t, func(t *testing.T, c *fairlead.Client) {
		stream := newKey(t)
		args := fairlead.ConsumeArgs{Group: "g", Consumer: "ann", Streams: []string{stream}, CreateFrom: "0", MinIdle: time.Hour}
		for _, n := range []string{"1", "2", "3"} {
			xadd(t, c, stream, n)
		}
		same(t, "one of three, all of them read", consumeN(t, c, args, 1, false), []string{"1×1"})
		is(t, "pending", pendingIn(t, c, stream, "g"), 3)
		args.Consumer = "bob"
		same(t, "another consumer gets the others without waiting for an hour", consumeN(t, c, args, 2, false), []string{"2×1", "3×1"})
		args.Consumer = "ann"
		same(t, "the first one comes back", consumeN(t, c, args, 1, false), []string{"1×2"})
	})
}

// TestConsumeTellsOfDeletedEntries: entries that were deleted while they were pending are told of, once, and are pending no more.
func TestConsumeTellsOfDeletedEntries(t *testing.T) {
	for _, consumer := range []string{"ann", "bob"} { // her own after a restart; another's that he claims
		t.Run(consumer, func(t *testing.T) {
			eachProtocol(t, func(t *testing.T, c *fairlead.Client) {
				stream := newKey(t)
				first, second := xadd(t, c, stream, "1"), xadd(t, c, stream, "2")
				args := fairlead.ConsumeArgs{Group: "g", Consumer: "ann", Streams: []string{stream}, CreateFrom: "0"}
				same(t, "before", consumeN(t, c, args, 2, false), []string{"1×1", "2×1"})
				_, err := c.XDel(background, stream, first, second)
				must(t, err)
				xadd(t, c, stream, "3")
				args.Consumer, args.MinIdle = consumer, time.Millisecond
				var deleted []string
				got := ""
				for m, err := range c.Consume(background, args) {
					var told *fairlead.EntriesDeletedError
					if errors.As(err, &told) {
						is(t, "stream", told.Stream, stream)
						says(t, err, `deleted before group "g" had acknowledged them: `+told.IDs[0])
						deleted = append(deleted, told.IDs...)
					} else {
						must(t, err)
						got += m.Values["n"]
						must(t, m.Ack(background))
					}
					if len(deleted) == 2 && got != "" {
						break
					}
				}
				is(t, "what is still there", got, "3")
				slices.Sort(deleted)
				same(t, "deleted", deleted, []string{first, second})
				is(t, "pending", pendingIn(t, c, stream, "g"), 0)
			})
		})
	}
}

func TestConsumeAutoAck(t *testing.T) {
	eachMode(t, func(t *testing.T, c *fairlead.Client) {
		stream := newKey(t)
		args := fairlead.ConsumeArgs{Group: "g", Consumer: "ann", Streams: []string{stream}, CreateFrom: "0", AutoAck: true, MinIdle: -1}
		for _, n := range []string{"1", "2", "3", "4"} {
			xadd(t, c, stream, n)
		}
		same(t, "what comes", consumeN(t, c, args, 3, false), []string{"1×1", "2×1", "3×1"})
		is(t, "pending: the one whose body left the loop, and the one that was read ahead", pendingIn(t, c, stream, "g"), 2)
		ctx, cancel := context.WithCancel(background)
		var got []string
		for m, err := range c.Consume(ctx, args) {
			if err != nil {
				wraps(t, err, context.Canceled)
				continue
			}
			if got = append(got, m.Values["n"]); len(got) == 2 {
				cancel() // so that this one is not handled
			}
		}
		same(t, "after a restart", got, []string{"3", "4"})
		is(t, "pending: the one during whose body the context ended", pendingIn(t, c, stream, "g"), 1)
		ctx, cancel = context.WithCancel(background)
		ended := make(chan error)
		go func() {
			for _, err := range c.Consume(ctx, args) {
				if err != nil {
					ended <- err
				}
			}
		}()
		redistest.Eventually(t, patience, "the last one is acknowledged while the loop waits for more", func() bool {
			pending, err := c.XPending(background, stream, "g")
			return err == nil && pending.Count == 0
		})
		cancel()
		wraps(t, <-ended, context.Canceled)
	})
}

// TestTouch: an entry that takes long to handle stays with its consumer, and does not count as delivered once more.
func TestTouch(t *testing.T) {
	eachProtocol(t, func(t *testing.T, c *fairlead.Client) {
		stream := newKey(t)
		id := xadd(t, c, stream, "1")
		args := fairlead.ConsumeArgs{Group: "g", Consumer: "ann", Streams: []string{stream}, CreateFrom: "0"}
		for m, err := range c.Consume(background, args) {
			must(t, err)
			hour := redis.XClaimArgs{Stream: stream, Group: "g", Consumer: "ann", Messages: []string{id}, Idle: time.Hour}
			_, err = c.XClaimJustID(background, hour) // as if an hour had passed
			must(t, err)
			must(t, m.Touch(background))
			pending, err := c.XPendingExt(background, redis.XPendingExtArgs{Stream: stream, Group: "g", Count: 1})
			must(t, err)
			is(t, "it is idle for less than a minute", pending[0].Idle < time.Minute, true)
			is(t, "deliveries", pending[0].RetryCount, 1)
			hour.Consumer = "bob"
			_, err = c.XClaimJustID(background, hour)
			must(t, err)
			err = m.Touch(background)
			wraps(t, err, fairlead.ErrNotPending)
			says(t, err, "entry "+id+" of stream ", "not pending with this consumer any more")
			must(t, m.Ack(background)) // whoever has it: the work was done
			must(t, m.Ack(background))
			wraps(t, m.Touch(background), fairlead.ErrNotPending)
			break
		}
		is(t, "pending", pendingIn(t, c, stream, "g"), 0)
	})
}

// TestConsumeManyStreams: entries of each stream come in the order of their ids.
func TestConsumeManyStreams(t *testing.T) {
	eachProtocol(t, func(t *testing.T, c *fairlead.Client) {
		streams := []string{newKey(t), newKey(t), newKey(t)}
		var want []string
		for i := range 50 {
			for _, stream := range streams {
				xadd(t, c, stream, fmt.Sprint(i))
			}
			want = append(want, fmt.Sprint(i))
		}
		got := map[string][]string{}
		args := fairlead.ConsumeArgs{Group: "g", Consumer: "ann", Streams: streams, CreateFrom: "0", Count: 7, AutoAck: true}
		n := 0
		for m, err := range c.Consume(background, args) {
			must(t, err)
			got[m.Stream] = append(got[m.Stream], m.Values["n"])
			if n++; n == 3*50 {
				break
			}
		}
		for _, stream := range streams {
			is(t, stream, strings.Join(got[stream], " "), strings.Join(want, " "))
		}
	})
}
