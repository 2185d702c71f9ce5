package fairlead

import (
	"sync"

	"github.com/fairlead-go/fairlead/redis"
)

// Room for the commands of a batch is used again by later ones: a command is large, and a batch may have thousands.
const (
	firstRoom = 16
	wideRoom  = 1024 // up to here room grows by a factor of 4, beyond by 2
	keptRoom  = 4096 // more is left to the garbage collector
)

// A room is a pointer, as a sync.Pool wants it.
type room struct{ requests []redis.Request }

var (
	rooms   sync.Pool // of *room with some
	emptied sync.Pool // of *room with none, for giveRoom
)

// moreRoom returns the commands with room for at least one more.
func moreRoom(full []redis.Request) []redis.Request {
	size := max(firstRoom, 4*len(full))
	if len(full) >= wideRoom {
		size = 2 * len(full)
	}
	return append(takeRoom(len(full)+1, size), full...)
}

// takeRoom returns room for at least so many commands: what is there, or new room of the size.
func takeRoom(least, size int) []redis.Request {
	r, ok := rooms.Get().(*room)
	if !ok {
		return make([]redis.Request, 0, size)
	}
	requests := r.requests
	r.requests = nil
	emptied.Put(r)
	if cap(requests) < least {
		return make([]redis.Request, 0, size)
	}
	return requests
}

// giveRoom keeps the room of commands that nobody else holds.
func giveRoom(requests []redis.Request) {
	if cap(requests) == 0 || cap(requests) > keptRoom {
		return
	}
	clear(requests) // what they point at is not ours to keep
	r, ok := emptied.Get().(*room)
	if !ok {
		r = new(room)
	}
	r.requests = requests[:0]
	rooms.Put(r)
}
