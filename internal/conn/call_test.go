package conn_test

import (
	"context"
	"slices"
	"testing"
	"time"

	"github.com/fairlead-go/fairlead/internal/conn"
	"github.com/fairlead-go/fairlead/redis"
)

func TestNameOfACall(t *testing.T) {
	t.Parallel()
	for want, call := range map[string]*conn.Call{
		"GET": command("GET", "k"), "SET": block("SET k v"), "SET …": block("SET k v", "GET k"), "CLIENT LIST": command("CLIENT LIST"),
	} {
		if call.Name() != want {
			t.Errorf("the call is called %q, want %q", call.Name(), want)
		}
	}
}

func TestBlockingCalls(t *testing.T) {
	t.Parallel()
	tx := block("MULTI", "BLPOP l 5", "EXEC")
	tx.Tx = true
	for _, test := range []struct {
		name     string
		call     *conn.Call
		blocking bool
		block    time.Duration
	}{
		{"GET", command("GET", "k"), false, 0},
		{"BLPOP", command("BLPOP", "l", "5"), true, 5 * time.Second},
		{"BLPOP without end", command("BLPOP", "l", "0"), true, -1},
		{"one after another", block("BLPOP l 5", "GET k", "BRPOP l 2"), true, 7 * time.Second},
		{"one without end, then another", block("BLPOP l 0", "BRPOP l 2"), true, -1},
		{"one, then another without end", block("BLPOP l 3", "BRPOP l 0"), true, -1},
		{"for longer than sums of times can be", command("BLPOP", "l", "9223372036"), true, -1},
		{"one after another, for longer than that", block("BLPOP l 3153600000", "BRPOP l 3153600000"), true, 3153600000 * time.Second},
		{"none of many", block("GET a", "GET b"), false, 0},
		{"in a transaction nothing waits", tx, false, 0},
	} {
		if got := test.call.Blocking(); got != test.blocking || test.call.Block != test.block {
			t.Errorf("%s: blocking %v for %v, want %v for %v", test.name, got, test.call.Block, test.blocking, test.block)
		}
	}
}

func TestRepeatableCalls(t *testing.T) {
	t.Parallel()
	idempotent := conn.NewCall()
	idempotent.Request = redis.Idempotent(redis.Set("k", "v", 0)).Request
	for _, test := range []struct {
		call *conn.Call
		want bool
	}{
		{command("GET", "k"), true}, {command("INCR", "k"), false}, {idempotent, true},
		{block("GET a", "GET b"), true}, {block("GET a", "INCR b"), false},
	} {
		if got := test.call.Repeatable(); got != test.want {
			t.Errorf("%s is repeatable: %v", test.call.Name(), got)
		}
	}
}

// A call that is still owed replies cannot be sent again, but what it asks for can.
func TestRepeatAfterTimeout(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		p := connect(t, inMemory(t, 0), conn.Config{Timeout: time.Second})
		first := block("SET k v", "GET k")
		first.DB, first.Tx, first.InDoubt = 2, true, true
		p.start(context.Background(), first).fails(conn.AwaitingReply, conn.ErrTimeout)
		p.server.wants(wires("SELECT 2", "SET k v", "GET k"))
		again := first.Repeat()
		if again == first || first.Final() != again || again.Final() != again {
			t.Fatal("Final is not the repetition")
		}
		if again.DB != 2 || !again.Tx || !again.InDoubt || again.Got() != 0 {
			t.Errorf("the repetition is %+v", again)
		}
		p.server.sends("+OK\r\n" + "+late\r\n" + "+late\r\n")
		for !p.Usable() {
			<-time.After(time.Millisecond)
		}
		second := p.start(context.Background(), again)
		p.server.wants(wires("SET k v", "GET k"))
		p.server.sends("+OK\r\n" + bulk("v"))
		second.getsAll("OK", "v")
		if got := texts(again.Replies); !slices.Equal(got, []string{"OK", "v"}) {
			t.Errorf("the repetition has the replies %q", got)
		}
		first.Free()
	})
}
