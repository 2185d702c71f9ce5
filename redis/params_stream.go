package redis

import (
	"errors"
	"fmt"
	"math"
	"time"
)

// Forever as the time that a command waits is without end.
const Forever = time.Duration(math.MaxInt64)

// block sends for how long a command waits as an option: not at all for 0, without end for Forever.
func (r *Request) block(d time.Duration) {
	switch {
	case d == 0:
		r.flags &^= Blocking
		return
	case d < 0:
		r.fail(fmt.Errorf("the time to wait, %v, is negative: use 0 not to wait, Forever to wait without end", d))
		return
	case d == Forever:
		d = 0
	}
	r.text("BLOCK")
	r.timeoutMillis(d)
}

// streams sends the keys of streams and the ids to read them from, as a command that does not wait.
func (r *Request) streams(keysThenIDs []string) {
	r.block(0)
	r.streamsAfter(keysThenIDs, "")
}

// streamsAfter sends the keys of streams and the ids to read them from: id for all of them, or the second half of the list.
func (r *Request) streamsAfter(list []string, id string) {
	keys, ids := list, []string(nil)
	if id == "" {
		if len(list)%2 != 0 {
			r.fail(fmt.Errorf("%d streams and ids: there must be an id for each stream, after all streams", len(list)))
		}
		keys, ids = list[:len(list)/2], list[len(list)/2:]
	}
	r.atLeastOne(len(list), "stream")
	r.room(1 + 2*len(keys))
	r.text("STREAMS")
	r.keys(keys)
	if id == "" {
		r.texts(ids)
		return
	}
	for range keys {
		r.text(id)
	}
}

// entry sends the fields of a stream's entry and their values in turn.
func (r *Request) entry(values any) {
	switch v := values.(type) {
	case []any:
		r.atLeastOne(len(v), "pair")
		r.pairs(v)
	case nil, []string, map[string]string, map[string]any:
		if v == nil {
			v = []string(nil)
		}
		r.pairs([]any{v})
	default:
		if _, ok := writable(v); ok {
			r.pairs([]any{v})
			return
		}
		r.fail(fmt.Errorf("the Values cannot be a %T: give fields and values in turn as []string or []any, "+
			"a map[string]string or map[string]any, or a struct", v))
	}
}

// trim sends down to where a stream is trimmed; nothing if there is no such threshold.
func (r *Request) trim(maxLen int64, minID string, approx bool, limit int64) {
	if limit != 0 && !approx {
		r.fail(errors.New("a Limit needs Approx: what is trimmed exactly is trimmed at once"))
	}
	if maxLen == 0 && minID == "" {
		return
	}
	if minID != "" {
		r.text("MINID")
	} else {
		r.text("MAXLEN")
	}
	if approx {
		r.text("~")
	} else {
		r.text("=")
	}
	if minID != "" {
		r.text(minID)
	} else {
		r.int(maxLen)
	}
	if limit != 0 {
		r.text("LIMIT")
		r.most(limit)
	}
}

// most sends a limit; a negative one is none, which servers write as 0.
func (r *Request) most(n int64) { r.int(max(n, 0)) }

// intAt sends a number that may be left out.
func (r *Request) intAt(n *int64) { r.int(*n) }

// textOr sends s, or what stands for it if it is empty.
func (r *Request) textOr(s, otherwise string) {
	if s == "" {
		s = otherwise
	}
	r.text(s)
}

// positive sends a number that must be at least 1.
func (r *Request) positive(n int64, what string) {
	if n < 1 {
		r.fail(fmt.Errorf("%s must be 1 or more", what))
	}
	r.int(n)
}
