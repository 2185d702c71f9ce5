package pool

import (
	"testing"
	"time"

	"github.com/fairlead-go/fairlead/internal/conn"
)

func TestStatsAndConnsShowWhatThereIs(t *testing.T) {
	scene{max: 5, latency: time.Millisecond, Config: Config{Shared: 1, WaitTimeout: -1}}.play(t, func(r *rig) {
		if s := r.Stats(); s.Open != 0 || s.Limit != 5 || s.Dials != 0 {
			r.t.Errorf("before anything happened: %+v", s)
		}
		shared, busy, idle := r.share(), r.get("BLPOP"), r.get("A")
		r.Put(idle, true)
		end := r.send(r.ctx, busy, "BLPOP", "never", 0)
		for range 7 {
			if err := shared.Ping(r.ctx); err != nil {
				r.t.Fatal(err)
			}
		}
		r.CountRetry()
		s := r.Stats()
		if s.Open != 3 || s.Shared != 1 || s.Idle != 1 || s.Peak != 3 || s.Limit != 5 || s.InFlight != 1 {
			r.t.Errorf("%+v, want 3 open: 1 shared, 1 idle; at most 3 of 5; 1 call in flight", s)
		}
		if s.Replies != 7 || s.Retries != 1 || s.Dials != 3 || s.DialErrors != 0 || s.Closes != 0 {
			r.t.Errorf("%+v, want 7 replies, 1 retry, 3 dials", s)
		}
		infos := r.Conns()
		if len(infos) != 3 || infos[0].ID != shared.ID() || !infos[0].Shared || infos[1].Holder != "BLPOP" || infos[2].Holder != "" {
			r.t.Errorf("%+v, want the shared one, the one that BLPOP has, and the idle one", infos)
		}
		before := s
		busy.Close(conn.PeerReset, nil)
		<-end
		r.Close()
		s = r.Stats()
		if s.Open != 0 || s.Peak != 3 || s.Closes != 3 || s.Replies != 7 || s.BytesIn != before.BytesIn || s.BytesOut != before.BytesOut {
			r.t.Errorf("%+v\nwant what closed connections did to be counted still: %+v", s, before)
		}
	})
}

func TestEventsTellEachConnectionsLife(t *testing.T) {
	scene{max: 2}.play(t, func(r *rig) {
		c := r.get("A")
		r.Put(c, false)
		r.holds(0, 0, 0, "it was dirty")
		var told []conn.State
		for _, e := range r.Events() {
			if e.Conn != c.ID() || e.Addr != redisAddr {
				r.t.Errorf("an event of connection %d at %s, want %d at %s", e.Conn, e.Addr, c.ID(), redisAddr)
			}
			told = append(told, e.To)
		}
		want := []conn.State{conn.Handshaking, conn.Ready, conn.Closed}
		if len(told) != 3 || told[0] != want[0] || told[1] != want[1] || told[2] != want[2] {
			r.t.Errorf("went through %v, want %v", told, want)
		}
		if last := r.Events()[2]; last.Cause != conn.Dirty {
			r.t.Errorf("closed because %v, want %v", last.Cause, conn.Dirty)
		}
	})
}

func TestHistoryKeepsTheLastEvents(t *testing.T) {
	t.Parallel()
	var h history
	for i := range uint64(historyLen + 10) {
		h.add(conn.Event{Conn: i})
		events := h.events()
		if want := int(min(i+1, historyLen)); len(events) != want {
			t.Fatalf("%d events after %d, want %d", len(events), i+1, want)
		}
		if last := events[len(events)-1].Conn; last != i {
			t.Fatalf("the last event is number %d, want %d", last, i)
		}
		if first, want := events[0].Conn, i+1-uint64(len(events)); first != want {
			t.Fatalf("the first event after %d is number %d, want %d", i+1, first, want)
		}
	}
}

func TestOnDialTellsSuccessAndFailure(t *testing.T) {
	var told []string
	cfg := Config{OnDial: func(addr string, took time.Duration, err error) {
		told = append(told, addr, took.String(), map[bool]string{true: "open", false: "failed"}[err == nil])
	}}
	scene{max: 1, latency: time.Millisecond, down: true, Config: cfg}.play(t, func(r *rig) {
		if _, err := r.Get(r.ctx, "A"); err == nil {
			r.t.Fatal("nobody listens")
		}
		r.serve()
		r.get("A")
		want := []string{redisAddr, "2ms", "failed", redisAddr, "4ms", "open"} // a round trip to connect, one for the handshake
		for i := range want {
			if len(told) != len(want) || told[i] != want[i] {
				r.t.Fatalf("told %q, want %q", told, want)
			}
		}
		if s := r.Stats(); s.Dials != 1 || s.DialErrors != 1 {
			r.t.Errorf("%d dials, %d failed; want 1, 1", s.Dials, s.DialErrors)
		}
	})
}
