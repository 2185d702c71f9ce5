// Package failure sorts what can go wrong with a command into kinds, and counts them.
package failure

import (
	"cmp"
	"context"
	"errors"
	"io"
	"net"
	"slices"
	"sync"
	"syscall"

	"github.com/fairlead-go/fairlead"
	"github.com/fairlead-go/fairlead/resp"
)

// A Kind is what commands that failed in the same way have in common.
type Kind struct {
	Reason     string `json:"reason"`       // what went wrong, and how far the command had come
	CanHaveRun bool   `json:"can_have_run"` // false: it is proven that the command did not run
}

// KindOf returns the kind of an error of this library.
func KindOf(err error) Kind {
	return Kind{Reason: reason(err), CanHaveRun: !fairlead.NotRun(err)}
}

func reason(err error) string {
	var call *fairlead.CallError
	var server *fairlead.Error
	switch {
	case errors.As(err, &call):
		text := cause(call.Err) + ", " + call.Phase.String()
		if call.Sent && call.Phase < fairlead.PhaseWriting {
			text += " again" // an earlier try was sent and got no reply
		}
		return text
	case errors.As(err, &server):
		return "the server said " + cmp.Or(server.Code, "an error without a code")
	case errors.Is(err, fairlead.ErrTxFailed):
		return "a watched key changed too often"
	}
	return innermost(err).Error()
}

// causes are the reasons that need no further words.
var causes = []struct {
	is   error
	text string
}{
	{fairlead.ErrTimeout, "no reply in time"},
	{fairlead.ErrPoolTimeout, "no connection free in time"},
	{fairlead.ErrClosed, "client closed"},
	{context.Canceled, "cancelled"},
	{context.DeadlineExceeded, "deadline passed"},
	{syscall.ECONNREFUSED, "connection refused"},
	{syscall.ECONNRESET, "connection reset"},
	{syscall.EPIPE, "connection reset"},
	{io.EOF, "closed by the server"},
	{io.ErrUnexpectedEOF, "closed by the server"},
}

// cause is why no reply came, in few words.
func cause(err error) string {
	for _, c := range causes {
		if errors.Is(err, c.is) {
			return c.text
		}
	}
	var server *fairlead.Error
	var protocol *resp.ProtocolError
	var network net.Error
	switch {
	case errors.As(err, &server):
		return "refused with " + cmp.Or(server.Code, "an error without a code")
	case errors.As(err, &protocol):
		return "protocol broken"
	case errors.As(err, &network) && network.Timeout():
		return "time ran out"
	}
	return innermost(err).Error()
}

// innermost is the error behind all others: its text has no addresses and times, which would make a kind of every failure.
func innermost(err error) error {
	for {
		inner := errors.Unwrap(err)
		if inner == nil {
			return err
		}
		err = inner
	}
}

// A Tally counts failures by kind. Its zero value is empty; it is safe for concurrent use.
type Tally struct {
	mu     sync.Mutex // guards counts
	counts map[Kind]int64
}

// Add counts err. The caller has made sure that it is a failure, which fairlead.Nil is not.
func (t *Tally) Add(err error) {
	kind := KindOf(err)
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.counts == nil {
		t.counts = map[Kind]int64{}
	}
	t.counts[kind]++
}

// Total returns how many failures were counted.
func (t *Tally) Total() int64 {
	t.mu.Lock()
	defer t.mu.Unlock()
	total := int64(0)
	for _, n := range t.counts {
		total += n
	}
	return total
}

// A Count is how often one kind of failure was seen.
type Count struct {
	Kind
	Count int64 `json:"count"`
}

// Counts returns the kinds that were seen, the most frequent first; never nil.
func (t *Tally) Counts() []Count {
	t.mu.Lock()
	defer t.mu.Unlock()
	counts := make([]Count, 0, len(t.counts))
	for kind, n := range t.counts {
		counts = append(counts, Count{kind, n})
	}
	slices.SortFunc(counts, func(a, b Count) int {
		return cmp.Or(cmp.Compare(b.Count, a.Count), cmp.Compare(a.Reason, b.Reason))
	})
	return counts
}
