package main

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"sync"
	"time"

	"github.com/fairlead-go/fairlead"
)

// rate is how many messages are published each second while latency is measured.
const rate = 2000

// stalled measures how long messages take to ten subscribers of Fairlead, without and with one more that never receives: its queue is full
// nearly from the beginning, so every message drops another one.
func stalled(addr string, s settings, rounds int) error {
	var quiet, beside []time.Duration
	for range rounds {
		for _, never := range []bool{false, true} {
			p99, err := latency(addr, s, never)
			if err != nil {
				return err
			}
			if never {
				beside = append(beside, p99)
			} else {
				quiet = append(quiet, p99)
			}
		}
	}
	slices.Sort(quiet)
	slices.Sort(beside)
	a, b := quiet[rounds/2], beside[rounds/2]
	fmt.Printf("p99 of %d messages/s to %d subscribers, median of %d runs of %v: %v; beside one that never receives %v (%+.1f %%)\n",
		rate, s.subscribers, rounds, s.length, a, b, 100*(float64(b)/float64(a)-1))
	return nil
}

// latency returns the 99th percentile of the time from publishing a message to each subscriber's having it.
func latency(addr string, s settings, never bool) (time.Duration, error) {
	c, err := fairlead.Open("redis://" + addr)
	if err != nil {
		return 0, err
	}
	defer c.Close()
	ctx := context.Background()
	if never {
		if _, err := c.SubscribeWithArgs(ctx, fairlead.SubscribeArgs{Channels: []string{channel}, QueueBytes: 16 << 10}); err != nil {
			return 0, err
		}
	}
	began := time.Now()
	took := make([][]time.Duration, s.subscribers)
	var subscribers sync.WaitGroup
	for i := range took {
		sub, err := c.Subscribe(ctx, channel)
		if err != nil {
			return 0, err
		}
		subscribers.Go(func() {
			for m, err := range sub.Messages(ctx) {
				if err != nil {
					return
				}
				at, _ := strconv.ParseInt(m.Payload, 10, 64) // "end" is 0
				if at == 0 {
					return
				}
				took[i] = append(took[i], time.Since(began)-time.Duration(at))
			}
		})
	}
	tick := time.NewTicker(time.Second / rate)
	defer tick.Stop()
	for time.Since(began) < s.length {
		<-tick.C
		if _, err := c.Publish(ctx, channel, int64(time.Since(began))); err != nil {
			return 0, err
		}
	}
	if _, err := c.Publish(ctx, channel, "end"); err != nil {
		return 0, err
	}
	subscribers.Wait()
	all := slices.Concat(took...)
	slices.Sort(all)
	if len(all) == 0 {
		return 0, fmt.Errorf("no message came")
	}
	return all[len(all)*99/100], nil
}
