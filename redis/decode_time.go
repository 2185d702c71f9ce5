package redis

import (
	"time"

	"github.com/fairlead-go/fairlead/resp"
)

func readSeconds(r resp.Reply) (time.Duration, error) { return readDuration(r, time.Second) }
func readMillis(r resp.Reply) (time.Duration, error)  { return readDuration(r, time.Millisecond) }

// readDuration reads a length of time; -1 and -2 are NoExpiry and NotFound.
func readDuration(r resp.Reply, unit time.Duration) (time.Duration, error) {
	n, err := readInt(r)
	if err != nil {
		return 0, err
	}
	if n < 0 {
		return time.Duration(n), nil
	}
	return time.Duration(n) * unit, nil
}

func readSecondsList(r resp.Reply) ([]time.Duration, error) { return readSlice(r, readSeconds) }
func readMillisList(r resp.Reply) ([]time.Duration, error)  { return readSlice(r, readMillis) }

func readUnix(r resp.Reply) (time.Time, error)       { return readMoment(r, fromUnix) }
func readUnixMillis(r resp.Reply) (time.Time, error) { return readMoment(r, time.UnixMilli) }

func fromUnix(n int64) time.Time { return time.Unix(n, 0) }

// readMoment reads when a key expires: the zero time if never, Nil if it does not exist.
func readMoment(r resp.Reply, from func(int64) time.Time) (time.Time, error) {
	n, err := readInt(r)
	switch {
	case err != nil:
		return time.Time{}, err
	case n == -1:
		return time.Time{}, nil
	case n < 0:
		return time.Time{}, Nil
	}
	return from(n), nil
}

func readUnixList(r resp.Reply) ([]Optional[time.Time], error) { return readMoments(r, readUnix) }

func readUnixMillisList(r resp.Reply) ([]Optional[time.Time], error) {
	return readMoments(r, readUnixMillis)
}

func readMoments(r resp.Reply, read func(resp.Reply) (time.Time, error)) ([]Optional[time.Time], error) {
	return readSlice(r, func(e resp.Reply) (Optional[time.Time], error) {
		t, err := read(e)
		if err == Nil {
			return Optional[time.Time]{}, nil
		}
		return Optional[time.Time]{Value: t, Found: err == nil}, err
	})
}
