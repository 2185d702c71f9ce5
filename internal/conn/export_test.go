package conn

import (
	"net"
	"reflect"
	"slices"
	"time"

	"github.com/fairlead-go/fairlead/resp"
)

// Socket is the connection's socket, under TLS if there is any.
func (c *Conn) Socket() net.Conn { return c.raw }

// Reader says who has the reader's role.
func (c *Conn) Reader() string {
	c.mu.Lock()
	defer c.mu.Unlock()
	switch c.reading {
	case caller:
		return "caller"
	case resident:
		return "resident"
	}
	return "nobody"
}

// Waiting is how many bytes wait to be written.
func (c *Conn) Waiting() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return int(c.appended - c.handed)
}

// LeastRipe is how many calls that wait to be written are enough, in a small crowd.
const LeastRipe = leastRipe

// CauseOf lets tests ask for what a socket seldom gives.
var CauseOf = causeOf

// StepsBack has the resident goroutine, which must be waiting in the socket, decide as after so many lone calls.
func (c *Conn) StepsBack() bool {
	c.lone = loneCalls
	return c.stepBack()
}

// Crowds has the next flusher that writes for more than one call let others append first, as in a crowd.
func (c *Conn) Crowds() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.crowd, c.yields = 2*smallCrowd, yielding{}
}

// WhileYielding has the connection's flushers call f where they let others append.
func (c *Conn) WhileYielding(f func()) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.yield = f
}

// Kick has the caller that reads next leave the socket at once, as if its time had run out.
func (c *Conn) Kick() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.kick()
}

// Heed has the connection watch over the context with this Done channel, as a caller does whose context came twice.
func (c *Conn) Heed(done <-chan struct{}) { c.heed(done) }

// Heeds reports whether the connection watches over the context with this Done channel.
func (c *Conn) Heeds(done <-chan struct{}) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.heeds.done == done && c.heeds.release != nil
}

// GiveUpAll is what follows when the watchdog finds that the contexts of all calls under way have ended; meanwhile is called between.
func (c *Conn) GiveUpAll(meanwhile func()) {
	c.mu.Lock()
	var all []overdue
	for i := range c.queue.size {
		all = append(all, overdue{begin: c.queue.at(i).begin})
	}
	c.mu.Unlock()
	meanwhile()
	c.giveUp(all)
}

// HeardJustNow has the connection believe that it need not look for its end before the next call.
func (c *Conn) HeardJustNow() { c.lastRead.Store(c.clock() + int64(time.Hour)) }

// Alarmed reports whether the watchdog is set.
func (c *Conn) Alarmed() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.alarm != 0
}

// Exchanges reports whether a lone caller writes and reads in one visit to the socket.
func (c *Conn) Exchanges() bool { return c.direct != nil }

// Keeps is how many bytes of what it read or wrote last the connection's socket keeps alive, and how many replies the
// reader does. Nobody may read.
func (c *Conn) Keeps() (size, replies int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if s, ok := c.net.(*socket); ok {
		size = cap(s.r.buf) + cap(s.w.buf)
	}
	for _, r := range c.replies[:cap(c.replies)] {
		if r != (resp.Reply{}) {
			replies++
		}
	}
	return size, replies
}

// Leftovers are the names of the fields by which a call that was just got carries over something of its last use. Those that every
// sending sets, and what is kept on purpose, do not count.
func Leftovers(c *Call) []string {
	kept := []string{"done", "home", "holds", "begin", "began", "_"}
	var left []string
	v := reflect.ValueOf(c).Elem()
	for i := range v.NumField() {
		if name := v.Type().Field(i).Name; !v.Field(i).IsZero() && !slices.Contains(kept, name) {
			left = append(left, name)
		}
	}
	return left
}

// NextSweep is when the watchdog looks at the context of a call that is appended now, if it was to look at other ones at the given time.
func NextSweep(at, now int64) int64 {
	s := sweeping{at}
	return s.next(now)
}
