package wiretap

import (
	"strings"

	"github.com/fairlead-go/fairlead/resp"
)

// A scribe writes down what a tape has recorded in the wire trace format of package resp. Offsets are counted from the
// beginning of each connection, so it must see every piece, in order.
type scribe struct {
	options resp.TraceOptions
	tracers []*resp.Tracer
	text    strings.Builder
}

// write returns the lines of what became complete with the piece.
func (s *scribe) write(p piece) []string {
	for len(s.tracers) <= p.conn {
		s.tracers = append(s.tracers, resp.NewTracer(&s.text, s.options))
	}
	if p.sent {
		s.tracers[p.conn].Sent(p.data)
	} else {
		s.tracers[p.conn].Received(p.data)
	}
	text := strings.TrimSuffix(s.text.String(), "\n")
	s.text.Reset()
	if text == "" {
		return nil
	}
	return strings.Split(text, "\n")
}
