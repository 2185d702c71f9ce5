package pool

import (
	"sync"

	"github.com/fairlead-go/fairlead/internal/conn"
)

// A history keeps the last changes of state of a pool's connections.
type history struct {
	mu   sync.Mutex // guards ring and next; taken under a connection's lock, and calls nothing
	ring []conn.Event
	next int
}

const historyLen = 512

func (h *history) add(e conn.Event) {
	h.mu.Lock()
	if len(h.ring) < historyLen {
		h.ring = append(h.ring, e)
	} else {
		h.ring[h.next] = e
	}
	h.next = (h.next + 1) % historyLen
	h.mu.Unlock()
}

// events returns what is kept, the oldest first.
func (h *history) events() []conn.Event {
	h.mu.Lock()
	defer h.mu.Unlock()
	if len(h.ring) < historyLen {
		return append([]conn.Event(nil), h.ring...)
	}
	return append(append([]conn.Event(nil), h.ring[h.next:]...), h.ring[:h.next]...)
}
