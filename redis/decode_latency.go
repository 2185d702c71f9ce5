package redis

import (
	"time"

	"github.com/fairlead-go/fairlead/resp"
)

// A LatencySample is a moment when an event was slow.
type LatencySample struct {
	Time    time.Time // to the second
	Latency time.Duration
}

func readLatencies(r resp.Reply) ([]LatencySample, error) {
	return readSlice(r, func(e resp.Reply) (s LatencySample, err error) {
		n, err := readInts(e)
		if err == nil && len(n) != 2 {
			err = &resp.TypeError{Want: "a list of two integers", Got: e.Kind()}
		}
		if err != nil {
			return s, err
		}
		return LatencySample{Time: fromUnix(n[0]), Latency: time.Duration(n[1]) * time.Millisecond}, nil
	})
}

// A LatencyEvent is an event that was slow.
type LatencyEvent struct {
	Name        string
	Time        time.Time // when it last was slow, to the second
	Latest, Max time.Duration
	Sum         time.Duration // since Valkey 8.1.0
	Count       int64         // since Valkey 8.1.0
}

func readLatencyEvents(r resp.Reply) ([]LatencyEvent, error) { return readSlice(r, readLatencyEvent) }

func readLatencyEvent(r resp.Reply) (e LatencyEvent, err error) {
	f, err := columns(r, 4)
	if err != nil {
		return e, err
	}
	if e.Name, err = f[0].Str(); err != nil {
		return e, err
	}
	if e.Time, err = readUnix(f[1]); err != nil {
		return e, err
	}
	for i, d := range []*time.Duration{&e.Latest, &e.Max, &e.Sum} {
		if 2+i == len(f) {
			return e, nil
		}
		if *d, err = readMillis(f[2+i]); err != nil {
			return e, err
		}
	}
	if len(f) > 5 {
		e.Count, err = f[5].Int()
	}
	return e, err
}

// A LatencyHist tells how long the runs of a command took.
type LatencyHist struct {
	Calls   int64
	Buckets []LatencyBucket // the shortest time first
}

// A LatencyBucket tells how many runs took no longer than Max, those of the buckets before it included.
type LatencyBucket struct {
	Max   time.Duration
	Calls int64
}

func readHistograms(r resp.Reply) (map[string]LatencyHist, error) {
	m := make(map[string]LatencyHist, r.Len()/2)
	err := eachField(r, func(name string, value resp.Reply) (err error) {
		m[name], err = readHistogram(value)
		return err
	})
	if err != nil {
		return nil, err
	}
	return m, nil
}

func readHistogram(r resp.Reply) (h LatencyHist, err error) {
	err = eachField(r, func(name string, value resp.Reply) (err error) {
		switch name {
		case "calls":
			h.Calls, err = value.Int()
		case "histogram_usec":
			h.Buckets, err = readPairs(value, toBucket)
		}
		return err
	})
	return h, err
}

func toBucket(limit, calls resp.Reply) (b LatencyBucket, err error) {
	microseconds, err := limit.Int()
	if err != nil {
		return b, err
	}
	b.Max = time.Duration(microseconds) * time.Microsecond
	b.Calls, err = calls.Int()
	return b, err
}
