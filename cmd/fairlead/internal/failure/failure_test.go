package failure_test

import (
	"context"
	"fmt"
	"io"
	"net"
	"os"
	"strings"
	"sync"
	"syscall"
	"testing"

	"github.com/fairlead-go/fairlead"
	"github.com/fairlead-go/fairlead/cmd/fairlead/internal/failure"
	"github.com/fairlead-go/fairlead/resp"
)

func TestKinds(t *testing.T) {
	t.Parallel()
	refused := &net.OpError{Op: "dial", Net: "tcp", Addr: &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1), Port: 6379}, Err: os.NewSyscallError("connect", syscall.ECONNREFUSED)}
	call := func(phase fairlead.Phase, sent bool, err error) error {
		return &fairlead.CallError{Command: "INCR", Phase: phase, Sent: sent, Err: err}
	}
	for _, test := range []struct {
		name string
		err  error
		want failure.Kind
	}{
		{"dial refused", call(fairlead.PhaseDialing, false, refused), failure.Kind{Reason: "connection refused, dialing"}},
		{"closed while the reply was awaited", call(fairlead.PhaseAwaitingReply, true, io.EOF), failure.Kind{Reason: "closed by the server, awaiting reply", CanHaveRun: true}},
		{"reset before it was sent", call(fairlead.PhaseWriting, false, syscall.ECONNRESET), failure.Kind{Reason: "connection reset, writing"}},
		{"no reply in time", call(fairlead.PhaseAwaitingReply, true, fairlead.ErrTimeout), failure.Kind{Reason: "no reply in time, awaiting reply", CanHaveRun: true}},
		{"sent, and then no connection for another try", call(fairlead.PhaseDialing, true, refused), failure.Kind{Reason: "connection refused, dialing again", CanHaveRun: true}},
		{"cancelled", call(fairlead.PhaseQueued, false, context.Canceled), failure.Kind{Reason: "cancelled, queued"}},
		{"an error of the network by its number, not its addresses", call(fairlead.PhaseDialing, false, fmt.Errorf("10.0.0.1: %w", syscall.EHOSTUNREACH)), failure.Kind{Reason: syscall.EHOSTUNREACH.Error() + ", dialing"}},
		{"refused in the handshake", call(fairlead.PhaseHandshake, false, resp.ParseError("WRONGPASS no")), failure.Kind{Reason: "refused with WRONGPASS, handshake"}},
		{"answered with an error that proves it did not run", resp.ParseError("OOM no memory"), failure.Kind{Reason: "the server said OOM"}},
		{"answered with any other error", resp.ParseError("ERR some"), failure.Kind{Reason: "the server said ERR", CanHaveRun: true}},
		{"first of a pipe", &fairlead.PipeError{Command: "INCR", Err: call(fairlead.PhaseAwaitingReply, true, io.EOF)}, failure.Kind{Reason: "closed by the server, awaiting reply", CanHaveRun: true}},
		{"conflict", fairlead.ErrTxFailed, failure.Kind{Reason: "a watched key changed too often"}},
	} {
		if got := failure.KindOf(test.err); got != test.want {
			t.Errorf("%s: %+v, want %+v", test.name, got, test.want)
		}
	}
}

func TestTally(t *testing.T) {
	t.Parallel()
	var tally failure.Tally
	if got := tally.Counts(); got == nil || len(got) != 0 {
		t.Errorf("an empty tally has %v, want an empty list, which JSON writes as []", got)
	}
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			tally.Add(&fairlead.CallError{Phase: fairlead.PhaseDialing, Err: syscall.ECONNREFUSED})
			tally.Add(&fairlead.CallError{Phase: fairlead.PhaseDialing, Err: syscall.ECONNREFUSED})
			tally.Add(&fairlead.CallError{Phase: fairlead.PhaseAwaitingReply, Sent: true, Err: io.EOF})
		})
	}
	all.Wait()
	if got := tally.Total(); got != 24 {
		t.Errorf("Total() = %d, want 24", got)
	}
	var out strings.Builder
	if err := failure.WriteCounts(&out, tally.Counts()); err != nil {
		t.Fatal(err)
	}
	want := "            16  connection refused, dialing: cannot have run\n" +
		"             8  closed by the server, awaiting reply: may have run\n"
	if out.String() != want {
		t.Errorf("got:\n%swant:\n%s", out.String(), want)
	}
}
