package pool

import (
	"cmp"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"time"

	"github.com/fairlead-go/fairlead/internal/conn"
)

// A lease is what the pool knows about one of its connections.
type lease struct {
	conn    *conn.Conn
	shared  bool      // it was opened to be shared
	holder  string    // the command, or the purpose, that has it; "" while it is idle or shared
	since   time.Time // since when it is so
	expires time.Time // when it has lived long enough; zero: never
}

// lifetimeFrom draws the end of a lifetime: within its last tenth, so that connections opened together do not end together.
func (p *Pool) lifetimeFrom(opened time.Time) time.Time {
	life := p.cfg.MaxLifetime
	if life <= 0 {
		return time.Time{}
	}
	return opened.Add(life - rand.N(life/10+1))
}

func (l *lease) expired(now time.Time) bool { return !l.expires.IsZero() && now.After(l.expires) }

// holders says who has the pool's exclusive connections, the longest first. Called with p.mu held.
func (p *Pool) holders() string {
	var held []*lease
	for _, l := range p.leases {
		if l.holder != "" {
			held = append(held, l)
		}
	}
	if len(held) == 0 {
		return "shared connections hold them all"
	}
	slices.SortFunc(held, func(a, b *lease) int { return cmp.Compare(a.since.UnixNano(), b.since.UnixNano()) })
	const most = 5
	var s strings.Builder
	s.WriteString("held by ")
	for i, l := range held[:min(most, len(held))] {
		if i > 0 {
			s.WriteString(", ")
		}
		fmt.Fprintf(&s, "%s for %v", l.holder, time.Since(l.since).Round(time.Millisecond))
	}
	if more := len(held) - most; more > 0 {
		fmt.Fprintf(&s, " and %d more", more)
	}
	return s.String()
}
