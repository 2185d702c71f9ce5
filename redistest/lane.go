package redistest

import (
	"net"
	"time"
)

// laneBytes is how much a lane accepts beyond what it has forwarded. A socket of a frozen process takes some bytes too.
const laneBytes = 1 << 20

// lane is one direction of a proxied connection.
type lane struct {
	conn     *proxied
	dir      Direction
	src, dst net.Conn
	finished bool          // a FIN was sent to dst; owned by write
	wake     chan struct{} // has a value when the queue has grown
	room     chan struct{} // has a value when the queue has shrunk

	// Guarded by the proxy's mu:

	queue    []item
	queued   int       // bytes in queue
	nextDrip time.Time // when SlowDrip lets the next bytes go
	counting *cut      // the CutAfter that left counts for
	left     int       // bytes until the cut
}

// item is something on its way through a lane.
type item struct {
	kind itemKind
	data []byte    // of a dataItem: what is left of it
	at   time.Time // when it came
}

// itemKind says what becomes of an item at the end of the lane.
type itemKind int

const (
	// dataItem is bytes.
	dataItem itemKind = iota
	// finItem is a FIN made by the proxy: more may come from the source, which is thrown away.
	finItem
	// lastItem is the source's own FIN, after which nothing comes.
	lastItem
	// rstItem is the source's RST.
	rstItem
)

// move is what a lane does next.
type move struct {
	nothing bool            // for now: wait
	wake    time.Time       // until when, zero for no time
	stalled bool            // because of Stall
	changed <-chan struct{} // or until the faults change
	kind    itemKind
	data    []byte
	cut     *cut // after data
}

func newLane(c *proxied, dir Direction, src, dst net.Conn) *lane {
	return &lane{conn: c, dir: dir, src: src, dst: dst, wake: make(chan struct{}, 1), room: make(chan struct{}, 1)}
}

// add puts an item at the end of the lane.
func (l *lane) add(i item) {
	l.conn.proxy.mu.Lock()
	i.at = time.Now()
	l.queue = append(l.queue, i)
	l.queued += len(i.data)
	l.conn.proxy.mu.Unlock()
	poke(l.wake)
}

// awaitRoom waits until the lane takes more. It returns false if the connection ended first.
func (l *lane) awaitRoom() bool {
	for {
		l.conn.proxy.mu.Lock()
		full := l.queued >= laneBytes
		l.conn.proxy.mu.Unlock()
		if !full {
			return true
		}
		select {
		case <-l.room:
		case <-l.conn.ended:
			return false
		}
	}
}

// next takes what may be forwarded now. Faults are looked at and bytes taken under one lock: what comes after a fault was
// set is subject to it.
func (l *lane) next() move {
	p := l.conn.proxy
	p.mu.Lock()
	defer p.mu.Unlock()
	f := &p.faults[l.dir]
	if f.cut != l.counting {
		l.counting, l.left = f.cut, 0
		if f.cut != nil {
			l.left = f.cut.after
		}
	}
	if len(l.queue) == 0 || f.stalled {
		return move{nothing: true, stalled: f.stalled, changed: p.changed}
	}
	head := &l.queue[0]
	due := head.at.Add(f.delay)
	if f.dripBytes > 0 && l.nextDrip.After(due) {
		due = l.nextDrip
	}
	if time.Now().Before(due) {
		return move{nothing: true, wake: due, changed: p.changed}
	}
	if head.kind != dataItem {
		m := move{kind: head.kind}
		l.queue = l.queue[1:]
		return m
	}
	return l.takeBytes(head, f)
}

// takeBytes takes as many bytes from head as the fault allows; the proxy's mu is held.
func (l *lane) takeBytes(head *item, f *fault) move {
	n := len(head.data)
	if f.dripBytes > 0 {
		n = min(n, f.dripBytes)
		l.nextDrip = time.Now().Add(f.dripEvery)
	}
	m := move{kind: dataItem}
	if f.cut != nil {
		n = min(n, l.left)
		l.left -= n
		if l.left == 0 {
			m.cut = f.cut
			*f = fault{} // once is enough
			l.conn.proxy.broadcast()
		}
	}
	m.data = head.data[:n]
	head.data = head.data[n:]
	if len(head.data) == 0 {
		l.queue = l.queue[1:]
	}
	l.queued -= n
	poke(l.room)
	return m
}

// pause waits until it is worth asking next again. It returns false if the connection is over: it was ended, or it is
// stalled and both sides have gone away.
func (l *lane) pause(m move) bool {
	var due <-chan time.Time
	if !m.wake.IsZero() {
		timer := time.NewTimer(time.Until(m.wake))
		defer timer.Stop()
		due = timer.C
	}
	var silent <-chan struct{}
	if m.stalled {
		silent = l.conn.silent
	}
	select {
	case <-l.wake:
	case <-m.changed:
	case <-due:
	case <-silent:
		return false
	case <-l.conn.ended:
		return false
	}
	return true
}

// poke leaves a value in a channel of one place.
func poke(c chan struct{}) {
	select {
	case c <- struct{}{}:
	default:
	}
}
