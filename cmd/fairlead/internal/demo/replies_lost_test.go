package demo

import (
	"strings"
	"testing"
	"time"

	"github.com/fairlead-go/fairlead/redistest"
)

// repliesLost is a server that is not killed: instead every connection is cut when the commands under way have run and
// none of their replies has come. Nothing is worse for a client that sends commands again.
type repliesLost struct {
	*processServer
	t     *testing.T
	proxy *redistest.Proxy
	query string
}

func newRepliesLost(t *testing.T, query string) *repliesLost {
	t.Helper()
	started := redistest.Start(t)
	return &repliesLost{&processServer{started, "redis-server"}, t, redistest.NewProxy(t, started.Addr()), query}
}

func (s *repliesLost) url() string     { return "redis://" + s.proxy.Addr() + s.query }
func (s *repliesLost) killing() string { return "all replies lost" }
func (s *repliesLost) restart() error  { return nil }

func (s *repliesLost) kill() {
	s.proxy.Stall(redistest.ToClient)
	before := ""
	redistest.Eventually(s.t, 10*time.Second, "nothing runs any more, since everybody waits for a reply", func() bool {
		now, err := s.Do("MGET", counterKey(0), counterKey(1), counterKey(2), counterKey(3), transferKey)
		same := err == nil && now == before
		before = now
		return same
	})
	s.proxy.ResetNow()
	if err := s.proxy.Restore(); err != nil {
		s.t.Error(err)
	}
}

// perform shows a demonstration of a second with the server.
func (s *repliesLost) perform() *Report {
	s.t.Helper()
	quiet := Screen{
		Note:    func(string, ...any) {},
		Figures: func(func() Progress) func() { return func() {} },
	}
	report, err := runWith(s.t.Context(), s, Options{Goroutines: 64, Duration: time.Second}, quiet)
	if err != nil {
		s.t.Fatal(err)
	}
	return report
}

// What has run and was not acknowledged is in doubt, and not sent again.
func TestLostRepliesDoubleNothing(t *testing.T) {
	t.Parallel()
	r := newRepliesLost(t, "").perform()
	if err := r.Err(); err != nil {
		t.Error(err)
	}
	inDoubt := r.sum(func(f *finding) int64 { return f.inDoubt })
	if inDoubt == 0 || r.Failed() == 0 {
		t.Errorf("%d changes in doubt and %d failures: no reply was lost", inDoubt, r.Failed())
	}
}

// A client that is told to send such commands again does them twice, and the check finds that.
func TestCheckFindsDoubledChanges(t *testing.T) {
	t.Parallel()
	r := newRepliesLost(t, "?retry_on_timeout=true").perform()
	if err := r.Err(); r.Doubled() == 0 || err == nil || !strings.HasPrefix(err.Error(), "the books do not balance: ") {
		t.Errorf("doubled %d, %v: the check has found nothing", r.Doubled(), err)
	}
}
