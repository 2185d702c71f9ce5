package demo

import (
	"context"
	"io"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"github.com/fairlead-go/fairlead"
	"github.com/fairlead-go/fairlead/redistest"
	"github.com/fairlead-go/fairlead/resp"
)

func TestMain(m *testing.M) { redistest.Main(m) }

func TestOutcomes(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		err  error
		want outcome
		why  string
	}{
		{nil, acknowledged, "the server answered"},
		{&fairlead.CallError{Phase: fairlead.PhaseDialing, Err: syscall.ECONNREFUSED}, notRun, "not one byte was sent"},
		{&fairlead.CallError{Phase: fairlead.PhaseAwaitingReply, Sent: true, Err: io.EOF}, inDoubt, "it was sent"},
		{resp.ParseError("LOADING data"), notRun, "the server says that it did not run it"},
		{resp.ParseError("ERR some"), inDoubt, "any other error proves nothing"},
		{fairlead.ErrTxFailed, notRun, "a watched key had changed"},
	} {
		if got := outcomeOf(test.err); got != test.want {
			t.Errorf("%v: outcome %d, want %d: %s", test.err, got, test.want, test.why)
		}
	}
}

func TestCompare(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		acknowledged, inDoubt int64
		held                  int64
		lost, doubled         int64
		why                   string
	}{
		{10, 0, 10, 0, 0, "exactly what was acknowledged"},
		{10, 3, 10, 0, 0, "none in doubt ran"},
		{10, 3, 13, 0, 0, "all in doubt ran"},
		{10, 3, 9, 1, 0, "an acknowledged one is missing, whatever was in doubt"},
		{10, 3, 14, 0, 1, "more than can have run"},
		{0, 0, 1, 0, 1, "one ran that was said not to have run"},
	} {
		var book tally
		for range test.acknowledged {
			book.note(acknowledged)
		}
		for range test.inDoubt {
			book.note(inDoubt)
		}
		book.note(notRun)
		var f finding
		f.compare(&book, test.held)
		if want := (finding{acknowledged: test.acknowledged, inDoubt: test.inDoubt, lost: test.lost, doubled: test.doubled}); f != want {
			t.Errorf("%d acknowledged, %d in doubt, %d held: %+v, want %+v: %s", test.acknowledged, test.inDoubt, test.held, f, want, test.why)
		}
	}
}

func TestSessionVersions(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		found         int64
		lost, doubled int64
		acked         int64 // afterwards
		why           string
	}{
		{5, 0, 0, 5, "the acknowledged one"},
		{6, 0, 0, 6, "one in doubt, which did run"},
		{8, 0, 0, 8, "the later one in doubt"},
		{4, 1, 0, 5, "older than acknowledged"},
		{0, 1, 0, 5, "gone"},
		{7, 0, 1, 5, "one that was said not to have run"},
	} {
		b := sessionBook{version: 8, acked: 5, doubts: []int64{6, 8}}
		b.found(test.found)
		if b.lost != test.lost || b.doubled != test.doubled || b.acked != test.acked {
			t.Errorf("found %d: lost %d, doubled %d, acknowledged %d; want %d, %d, %d: %s",
				test.found, b.lost, b.doubled, b.acked, test.lost, test.doubled, test.acked, test.why)
		}
	}
}

// A session with another owner's fields is another caller's reply.
func TestSessionOfAnother(t *testing.T) {
	t.Parallel()
	w := &sessionWork{stage: new(stage)}
	w.compare(&sessionBook{key: "demo:session:1", owner: "user-1", acked: 1}, session{Owner: "user-2", Version: 1})
	if n, first := w.wrong.seen(); n != 1 || first != `session demo:session:1 came back as that of "user-2"` {
		t.Errorf("%d wrong replies, %q", n, first)
	}
}

func TestRecovery(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(*testing.T) {
		r := recovery{began: time.Now()}
		time.Sleep(time.Second)
		r.success(counters) // before the server was killed: says nothing
		time.Sleep(time.Second)
		r.serverBack()
		for k := range kinds {
			if _, _, ok := r.times(); ok {
				t.Errorf("recovered before kind %d of work has succeeded again", k)
			}
			time.Sleep(10 * time.Millisecond)
			r.success(kinds - 1 - k)
			r.success(kinds - 1 - k)
		}
		time.Sleep(time.Second)
		r.success(counters) // once more changes nothing
		if first, all, ok := r.times(); first != 10*time.Millisecond || all != time.Duration(kinds)*10*time.Millisecond || !ok {
			t.Errorf("first success after %v and all kinds after %v, %v; want 10 ms, and 10 ms more for each kind", first, all, ok)
		}
	})
}

func TestShares(t *testing.T) {
	t.Parallel()
	for goroutines := int(kinds); goroutines <= mostGoroutines; goroutines++ {
		sum := 0
		for k, n := range shares(goroutines) {
			sum += n
			if n < 1 {
				t.Fatalf("with %d goroutines kind %d of work has none", goroutines, k)
			}
		}
		if sum != goroutines {
			t.Fatalf("the shares of %d goroutines are %d together", goroutines, sum)
		}
	}
	if n := shares(mostGoroutines); n[consumers]+n[transfers] >= 64 {
		t.Errorf("%d goroutines need a connection each, and a pool has 64", n[consumers]+n[transfers])
	}
}

// What failed because the user interrupted it is no failure of the library.
func TestWent(t *testing.T) {
	t.Parallel()
	s := new(stage)
	failed := &fairlead.CallError{Err: io.EOF}
	ctx, cancel := context.WithCancel(t.Context())
	if !s.went(ctx, counters, nil) || !s.went(ctx, counters, fairlead.Nil) || s.went(ctx, counters, failed) || s.failures.Total() != 1 {
		t.Errorf("%d failures, want that of the one error", s.failures.Total())
	}
	cancel()
	if s.went(ctx, counters, failed) || s.failures.Total() != 1 {
		t.Errorf("%d failures, want none more after an interruption", s.failures.Total())
	}
}
