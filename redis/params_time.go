package redis

import (
	"fmt"
	"strconv"
	"time"
)

// KeepTTL as an expiration leaves the one that the key has, instead of removing it.
const KeepTTL = time.Duration(-1)

// seconds sends a length of time in whole seconds, rounded up.
func (r *Request) seconds(d time.Duration) { r.length(d, time.Second) }

// millis sends a length of time in whole milliseconds, rounded up.
func (r *Request) millis(d time.Duration) { r.length(d, time.Millisecond) }

// length sends a length of time in units, rounded up.
func (r *Request) length(d, unit time.Duration) {
	if 0 < d && d < leastTime {
		r.fail(fmt.Errorf("the time is %v: write a unit, such as 60*time.Second", d))
	}
	r.int(ceil(d, unit))
}

// leastTime is the shortest time that is no mistake: a number without its unit is one of nanoseconds.
const leastTime = time.Microsecond

// ceil returns d in units, rounded away from 0: what is not 0 is never sent as 0, which means something else.
func ceil(d, unit time.Duration) int64 {
	n := int64(d / unit)
	switch rest := d % unit; {
	case rest > 0:
		n++
	case rest < 0:
		n--
	}
	return n
}

func (r *Request) unix(t time.Time)       { r.int(t.Unix()) }
func (r *Request) unixMillis(t time.Time) { r.int(t.UnixMilli()) }

// ttl sends an expiration as an option: none for 0, the key's own for KeepTTL.
func (r *Request) ttl(d time.Duration) {
	if d == KeepTTL {
		r.text("KEEPTTL")
		return
	}
	r.lifetime(d)
}

// ttlOrPersist sends an expiration as an option: none at all from now on for 0, the key's own for KeepTTL.
func (r *Request) ttlOrPersist(d time.Duration) {
	switch d {
	case 0:
		r.text("PERSIST")
	case KeepTTL:
	default:
		r.lifetime(d)
	}
}

// lifetime sends an expiration as an option: none for 0.
func (r *Request) lifetime(d time.Duration) {
	switch {
	case d < 0:
		r.fail(fmt.Errorf("the expiration %v is negative: use 0 for none, or delete the key", d))
	case d == 0:
	case d < leastTime:
		r.fail(fmt.Errorf("the expiration is %v: write a unit, such as 60*time.Second", d))
	case d%time.Second == 0:
		r.text("EX")
		r.seconds(d)
	default:
		r.text("PX")
		r.millis(d)
	}
}

// ttlAt sends the moment of an expiration as an option.
func (r *Request) ttlAt(t time.Time) {
	if t.Nanosecond() == 0 {
		r.text("EXAT")
		r.unix(t)
		return
	}
	r.text("PXAT")
	r.unixMillis(t)
}

// timeout sends for how long the command may block, in seconds.
func (r *Request) timeout(d time.Duration) {
	ms := r.blocking(d)
	if ms%1000 == 0 {
		r.int(ms / 1000)
		return
	}
	r.text(strconv.FormatFloat(float64(ms)/1000, 'f', -1, 64))
}

// timeoutMillis sends for how long the command may block, in milliseconds.
func (r *Request) timeoutMillis(d time.Duration) { r.int(r.blocking(d)) }

// blocking notes that the command blocks, and returns for how many milliseconds.
func (r *Request) blocking(d time.Duration) int64 {
	if d < 0 {
		r.fail(fmt.Errorf("the timeout %v is negative: use 0 to wait without end", d))
		d = 0
	}
	ms := ceil(d, time.Millisecond)
	r.blocks(time.Duration(ms) * time.Millisecond)
	return ms
}
