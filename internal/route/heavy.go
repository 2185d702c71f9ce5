package route

import (
	"hash/maphash"
	"sync/atomic"

	"github.com/fairlead-go/fairlead/internal/conn"
	"github.com/fairlead-go/fairlead/redis"
	"github.com/fairlead-go/fairlead/resp"
)

// A memory of heavy commands keeps which ones had a large reply when they were last sent, by their names, databases and first keys:
// small ones would have to wait behind such a reply, so they are sent over different connections. It may forget and, very rarely,
// mistake one command for another; either costs a little time and nothing else. The zero memory knows of none.
//
// Only commands that read are heavy. A write that was given up must not be overtaken by the next one of its caller, so all writes go over
// the same connection, whatever they carry, and whatever arrives on it.
type memory struct {
	any   atomic.Bool // there is something to remember; while there is not, nothing is paid for it
	marks [256]atomic.Uint64
}

var heavySeed = maphash.MakeSeed()

// heavy reports whether the command had a large reply when it was last sent.
func (m *memory) heavy(r *redis.Request, db int) bool { return m.any.Load() && m.knows(r, db) }

func (m *memory) knows(r *redis.Request, db int) bool {
	h := heavyHash(r, db)
	return r.ReadOnly() && m.marks[h%uint64(len(m.marks))].Load() == h
}

// note remembers how large the command's reply was.
func (m *memory) note(r *redis.Request, db int, reply resp.Reply) {
	large := reply.Size() >= conn.LargeReply
	if !r.ReadOnly() || !large && !m.any.Load() {
		return
	}
	h := heavyHash(r, db)
	mark := &m.marks[h%uint64(len(m.marks))]
	if large {
		mark.Store(h)
		m.any.Store(true)
	} else {
		mark.CompareAndSwap(h, 0)
	}
}

// heavyHash is the hash of a command's name, its database and its first key. It is never 0.
func heavyHash(r *redis.Request, db int) uint64 {
	h := maphash.String(heavySeed, r.Name()) + uint64(db)
	for key := range r.Keys() {
		h ^= maphash.String(heavySeed, key) * 3
		break
	}
	return h | 1<<63
}
