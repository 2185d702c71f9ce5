package redis

import (
	"time"

	"github.com/fairlead-go/fairlead/resp"
)

// A SlowLogEntry is a command that took long.
type SlowLogEntry struct {
	ID         int64
	Time       time.Time // when it ran, to the second
	Duration   time.Duration
	Args       []string // its name first; long and many ones are cut by the server
	ClientAddr string
	ClientName string
}

func readSlowLog(r resp.Reply) ([]SlowLogEntry, error) {
	return readSlice(r, func(e resp.Reply) (SlowLogEntry, error) {
		c, err := readCommandLogEntry(e)
		return SlowLogEntry{
			ID: c.ID, Time: c.Time, Duration: time.Duration(c.Value) * time.Microsecond,
			Args: c.Args, ClientAddr: c.ClientAddr, ClientName: c.ClientName,
		}, err
	})
}

// A CommandLogEntry is a command that took long, was large or had a large reply.
type CommandLogEntry struct {
	ID         int64
	Time       time.Time // when it ran, to the second
	Value      int64     // microseconds in the log SLOW, bytes in the others
	Args       []string  // its name first; long and many ones are cut by the server
	ClientAddr string
	ClientName string
}

func readCommandLog(r resp.Reply) ([]CommandLogEntry, error) {
	return readSlice(r, readCommandLogEntry)
}

func readCommandLogEntry(r resp.Reply) (e CommandLogEntry, err error) {
	f, err := columns(r, 4)
	if err != nil {
		return e, err
	}
	if e.ID, err = f[0].Int(); err != nil {
		return e, err
	}
	if e.Time, err = readUnix(f[1]); err != nil {
		return e, err
	}
	if e.Value, err = f[2].Int(); err != nil {
		return e, err
	}
	if e.Args, err = readStrings(f[3]); err != nil || len(f) < 6 {
		return e, err
	}
	if e.ClientAddr, err = f[4].Str(); err != nil {
		return e, err
	}
	e.ClientName, err = f[5].Str()
	return e, err
}
