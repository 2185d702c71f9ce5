package route

import (
	"hash/maphash"
	"sync/atomic"

	"github.com/fairlead-go/fairlead/internal/conn"
	"github.com/fairlead-go/fairlead/redis"
)

// A memory of heavy commands keeps which ones had a large reply when they were last sent, by their names and first keys: small
// ones would have to wait behind such a reply, so they are sent over different connections. It may forget and, very rarely, mistake
// one command for another; either costs a little time and nothing else. The zero memory knows of none.
type memory struct {
	any   atomic.Bool // there is something to remember; while there is not, nothing is paid for it
	marks [256]atomic.Uint64
}

var heavySeed = maphash.MakeSeed()

// heavy reports whether the command is known to be slow to send or to be answered because of what it carries.
func (m *memory) heavy(r *redis.Request) bool {
	return r.HasLong() || m.any.Load() && m.knows(r)
}

func (m *memory) knows(r *redis.Request) bool {
	h := heavyHash(r)
	return m.marks[h%uint64(len(m.marks))].Load() == h
}

// note remembers how large the command's reply was.
func (m *memory) note(call *conn.Call) {
	large := call.Reply.Size() >= conn.LargeReply
	if !large && !m.any.Load() {
		return
	}
	h := heavyHash(&call.Request)
	mark := &m.marks[h%uint64(len(m.marks))]
	if large {
		mark.Store(h)
		m.any.Store(true)
	} else {
		mark.CompareAndSwap(h, 0)
	}
}

// heavyHash is the hash of a command's name and its first key. It is never 0.
func heavyHash(r *redis.Request) uint64 {
	h := maphash.String(heavySeed, r.Name())
	for key := range r.Keys() {
		h ^= maphash.String(heavySeed, key) * 3
		break
	}
	return h | 1<<63
}
