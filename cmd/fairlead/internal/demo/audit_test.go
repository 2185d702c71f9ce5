package demo

import (
	"testing"
)

// lookAtEmbedded returns a plain connection to a server of the test's own.
func lookAtEmbedded(t *testing.T) *plain {
	t.Helper()
	s, err := startEmbedded()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.close)
	look, err := dialPlain(t.Context(), s.addr())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(look.close)
	return look
}

// oneConsumer is a queue with one producer, whose pushes had these outcomes, and one consumer, who took these elements.
func oneConsumer(outcomes []outcome, took ...taken) *queue {
	return &queue{
		stage:  new(stage),
		pushes: []*pushBook{{outcomes: outcomes}},
		pops:   []*popBook{{processing: "demo:processing:0", taken: took}},
	}
}

func TestAudit(t *testing.T) {
	t.Parallel()
	acked := []outcome{acknowledged}
	for _, test := range []struct {
		name             string
		queue            *queue
		waiting, working []string // what the server holds: the queue, and the consumer's list
		lost             int64
		doubledPush      int64
		doubledPop       int64
		wrong            int64
	}{
		{name: "acknowledged and still waiting", queue: oneConsumer(acked), waiting: []string{"0-0"}},
		{name: "acknowledged and popped", queue: oneConsumer(acked, taken{"0-0", true})},
		{name: "acknowledged and nowhere", queue: oneConsumer(acked), lost: 1},
		{name: "moved to a consumer that got no reply", queue: oneConsumer(acked), working: []string{"0-0"}},
		{name: "popped, and its removal not acknowledged", queue: oneConsumer(acked, taken{"0-0", false}), working: []string{"0-0"}},
		{name: "popped, and its removal not acknowledged but made", queue: oneConsumer(acked, taken{"0-0", false})},
		{name: "popped, its removal acknowledged and not made", queue: oneConsumer(acked, taken{"0-0", true}), working: []string{"0-0"}, doubledPop: 1},
		{name: "popped twice", queue: oneConsumer(acked, taken{"0-0", true}, taken{"0-0", true}), doubledPop: 1},
		{name: "popped and still waiting", queue: oneConsumer(acked, taken{"0-0", true}), waiting: []string{"0-0"}, doubledPop: 1},
		{name: "waiting twice", queue: oneConsumer(acked), waiting: []string{"0-0", "0-0"}, doubledPop: 1},
		{name: "in the consumer's list twice", queue: oneConsumer(acked, taken{"0-0", false}), working: []string{"0-0", "0-0"}, doubledPop: 1},
		{name: "in doubt and there", queue: oneConsumer([]outcome{inDoubt}), waiting: []string{"0-0"}},
		{name: "in doubt and not there", queue: oneConsumer([]outcome{inDoubt})},
		{name: "in doubt and there twice", queue: oneConsumer([]outcome{inDoubt}), waiting: []string{"0-0", "0-0"}, doubledPop: 1},
		{name: "said not to have run, and so it is", queue: oneConsumer([]outcome{notRun})},
		{name: "said not to have run, and there", queue: oneConsumer([]outcome{notRun}), waiting: []string{"0-0"}, doubledPush: 1},
		{name: "never pushed", queue: oneConsumer(acked, taken{"0-0", true}), waiting: []string{"0-7"}, wrong: 1},
		{name: "no element at all", queue: oneConsumer(acked, taken{"0-0", true}), waiting: []string{"0-00"}, wrong: 1},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			look := lookAtEmbedded(t)
			for key, elements := range map[string][]string{queueKey: test.waiting, "demo:processing:0": test.working} {
				for _, e := range elements {
					if _, err := look.ask("RPUSH", key, e); err != nil {
						t.Fatal(err)
					}
				}
			}
			found, err := test.queue.audit(look)
			if err != nil {
				t.Fatal(err)
			}
			pushed, popped := found[0], found[1]
			if pushed.lost != test.lost || pushed.doubled != test.doubledPush || popped.lost != 0 || popped.doubled != test.doubledPop {
				t.Errorf("pushed %+v, popped %+v", pushed, popped)
			}
			if n, first := test.queue.wrong.seen(); n != test.wrong {
				t.Errorf("%d wrong replies, want %d: %s", n, test.wrong, first)
			}
		})
	}
}

// Half of a transaction is money that appeared or vanished.
func TestTransfersKeepTheSum(t *testing.T) {
	t.Parallel()
	look := lookAtEmbedded(t)
	for i := range accounts {
		if _, err := look.ask("SET", account(i), "1000"); err != nil {
			t.Fatal(err)
		}
	}
	for _, test := range []struct {
		balance       string
		lost, doubled int64
	}{{"1000", 0, 0}, {"993", 7, 0}, {"1007", 0, 7}} {
		if _, err := look.ask("SET", account(3), test.balance); err != nil {
			t.Fatal(err)
		}
		w := transferWork{stage: new(stage)}
		found, err := w.check(look)
		if err != nil || found[0].lost != test.lost || found[0].doubled != test.doubled {
			t.Errorf("with %s instead of 1000 in one account: %+v, %v, want lost %d and doubled %d", test.balance, found, err, test.lost, test.doubled)
		}
	}
}

// An expiry that was acknowledged with a session's fields must be there with them.
func TestSessionsKeepTheirExpiry(t *testing.T) {
	t.Parallel()
	look := lookAtEmbedded(t)
	if _, err := look.ask("HSET", "demo:session:0", "owner", "user-0", "version", "3"); err != nil {
		t.Fatal(err)
	}
	expect := func(lost int64) {
		t.Helper()
		w := sessionWork{stage: new(stage), books: []*sessionBook{{key: "demo:session:0", owner: "user-0", version: 3, acked: 3}}}
		found, err := w.check(look)
		if n, first := w.wrong.seen(); err != nil || n != 0 || found[0].lost != lost {
			t.Errorf("%+v, %v, wrong replies %d (%s), want lost %d", found, err, n, first, lost)
		}
	}
	expect(1)
	if _, err := look.ask("EXPIRE", "demo:session:0", "3600"); err != nil {
		t.Fatal(err)
	}
	expect(0)
}
