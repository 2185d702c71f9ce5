package lock

import (
	"context"
	"fmt"
	"time"
)

// keep renews the lease and ends it when its time has run out. It ends with the lease.
func (l *Lease) keep() {
	var failed error // why the last renewal failed
	for l.rest(failed != nil) {
		if l.current().left() <= 0 {
			l.ranOut(failed)
			return
		}
		if l.lock.byHand || l.untilRenewal() > 0 {
			continue // it was extended meanwhile
		}
		failed = l.renew()
	}
}

// rest waits until there is something to do, and reports false if the lease ended.
func (l *Lease) rest(again bool) bool {
	left := l.current().left()
	pause := max(0, l.untilRenewal())
	switch {
	case l.lock.byHand:
		pause = left
	case again:
		pause = l.lock.ttl / 10
	}
	timer := time.NewTimer(max(0, min(pause, left)))
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-l.later:
	case <-l.life.Done():
	}
	return l.life.Err() == nil
}

// untilRenewal is the time until a third of the TTL has passed.
func (l *Lease) untilRenewal() time.Duration { return l.current().left() - l.lock.ttl*2/3 }

// renew waits for the answer only so long that there is time for another try, over another connection.
func (l *Lease) renew() error {
	ctx, cancel := context.WithTimeout(l.life, min(l.current().left(), l.lock.ttl/5))
	defer cancel()
	return l.prolong(ctx, l.lock.ttl)
}

// ranOut ends the lease because its time did.
func (l *Lease) ranOut(failed error) {
	if failed != nil {
		l.lose(fmt.Errorf("its time ran out before it could be renewed: %w", failed))
		return
	}
	l.lose(fmt.Errorf("its time of %v ran out", l.current().length))
}
