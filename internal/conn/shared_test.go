package conn_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"github.com/fairlead-go/fairlead/internal/conn"
)

func TestRepliesGoToTheirCallersInOrder(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		p := connect(t, inMemory(t, 0), conn.Config{})
		var calls []*pending
		for i := range 20 {
			name := fmt.Sprint("k", i)
			calls = append(calls, p.start(context.Background(), command("GET", name)))
			p.server.wants(wire("GET", name)) // the first is not answered while the last is sent
		}
		if p.Owes() != 20 || p.Quiet(conn.AnyDB) {
			t.Errorf("it owes %d replies, want 20", p.Owes())
		}
		for i := range 20 {
			synctest.Wait()
			if calls[i].isOver() {
				t.Fatalf("call %d is over without a reply", i)
			}
			p.server.sends(bulk(fmt.Sprint("v", i)))
			calls[i].gets(fmt.Sprint("v", i))
		}
		if p.Owes() != 0 || !p.Quiet(conn.AnyDB) || p.Replies() != 20 {
			t.Errorf("it owes %d after %d replies", p.Owes(), p.Replies())
		}
	})
}

// What callers append while a write is under way leaves in one write after it.
func TestCallersShareWrites(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		o := inMemory(t, 0)
		gate := &gatedDialer{dial: o.dial, open: make(chan struct{}), entered: make(chan string, 10)}
		p := connect(t, o, conn.Config{Dialer: gate.Dial})
		gate.shut()
		first := p.start(context.Background(), command("GET", "a"))
		if got := <-gate.entered; got != wire("GET", "a") {
			t.Fatalf("the first write is %q", got)
		}
		second := p.start(context.Background(), command("GET", "b"))
		synctest.Wait() // it has appended its command
		third := p.start(context.Background(), command("GET", "c"))
		synctest.Wait()
		close(gate.open)
		if got := <-gate.entered; got != wire("GET", "b")+wire("GET", "c") {
			t.Errorf("the second write is %q, want both commands", got)
		}
		p.server.wants(wires("GET a", "GET b", "GET c"))
		p.server.sends(bulk("1") + bulk("2") + bulk("3"))
		first.gets("1")
		second.gets("2")
		third.gets("3")
		select {
		case more := <-gate.entered:
			t.Errorf("a third write: %q", more)
		default:
		}
	})
}

func TestCancelledCallReturnsAtOnce(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		p := connect(t, inMemory(t, 0), conn.Config{Timeout: time.Minute})
		ctx, cancel := context.WithCancelCause(context.Background())
		cancelled := p.start(ctx, command("GET", "mine"))
		p.server.wants(wire("GET", "mine"))
		neighbour := p.start(context.Background(), command("GET", "theirs"))
		p.server.wants(wire("GET", "theirs"))

		took := stopwatch(t)
		reason := errors.New("the user went away")
		cancel(reason)
		e := cancelled.fails(conn.AwaitingReply, context.Canceled)
		took(0)
		if !errors.Is(e, reason) || e.Command != "GET" || e.Addr != p.Addr() || e.Conn != p.ID() || e.Timeout() {
			t.Errorf("the error is %+v, want the context's cause, the command and the connection in it", e)
		}
		cancelled.call.Free() // as the caller may: the late reply must not meet the call's next user
		next := p.start(context.Background(), command("GET", "next"))
		p.server.wants(wire("GET", "next"))

		p.server.sends(bulk("late")) // owed to the one who left: dropped
		synctest.Wait()
		if neighbour.isOver() || next.isOver() {
			t.Fatal("somebody else was given the late reply")
		}
		p.server.sends(bulk("theirs") + bulk("next"))
		neighbour.gets("theirs")
		next.gets("next")
		took(0)
		wantLines(t, p.events.lines(), "dialing→handshaking", "handshaking→ready") // and so it is still
	})
}

func TestCancelledCallBeforeItIsWritten(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		o := inMemory(t, 0)
		gate := &gatedDialer{dial: o.dial, open: make(chan struct{}), entered: make(chan string, 10)}
		p := connect(t, o, conn.Config{Dialer: gate.Dial})
		gate.shut()
		first := p.start(context.Background(), command("GET", "a"))
		<-gate.entered
		ctx, cancel := context.WithCancel(context.Background())
		second := p.start(ctx, command("INCR", "b"))
		synctest.Wait()
		cancel()
		second.fails(conn.AwaitingReply, context.Canceled) // it cannot be taken back: it will be sent
		close(gate.open)
		p.server.wants(wires("GET a", "INCR b"))
		p.server.sends(bulk("1") + ":1\r\n")
		first.gets("1")
	})
}

func TestReplyAndCancellationAtTheSameMoment(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		p := connect(t, inMemory(t, 0), conn.Config{})
		for i := range 200 {
			ctx, cancel := context.WithCancel(context.Background())
			call := p.start(ctx, command("GET", "k"))
			p.server.wants(wire("GET", "k"))
			go cancel()
			p.server.sends(bulk(fmt.Sprint(i)))
			<-call.done
			if call.err == nil {
				call.gets(fmt.Sprint(i)) // its own, not that of a call before it
			} else {
				call.fails(conn.AwaitingReply, context.Canceled)
			}
			call.call.Free()
		}
	})
}

func TestSelectIsInsertedWhenTheDatabaseChanges(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		p := connect(t, inMemory(t, 0), conn.Config{})
		for _, step := range []struct {
			db          int
			sent, reply string
		}{
			{0, wire("GET", "k"), bulk("v")}, // the handshake has left it in 0
			{3, wire("SELECT", "3") + wire("GET", "k"), "+OK\r\n" + bulk("v")},
			{3, wire("GET", "k"), bulk("v")},
			{conn.AnyDB, wire("GET", "k"), bulk("v")},
			{15, wire("SELECT", "15") + wire("GET", "k"), "+OK\r\n" + bulk("v")},
			{0, wire("SELECT", "0") + wire("GET", "k"), "+OK\r\n" + bulk("v")},
		} {
			call := command("GET", "k")
			call.DB = step.db
			get := p.start(context.Background(), call)
			p.server.wants(step.sent)
			p.server.sends(step.reply)
			get.gets("v")
			synctest.Wait()
			if step.db != conn.AnyDB && (p.Info().DB != step.db || !p.Quiet(step.db) || p.Quiet(step.db+1)) {
				t.Errorf("the connection is in database %d, want %d", p.Info().DB, step.db)
			}
		}
	})
}

func TestSelectsOfSeveralCallersInOneWrite(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		o := inMemory(t, 0)
		gate := &gatedDialer{dial: o.dial, open: make(chan struct{}), entered: make(chan string, 10)}
		p := connect(t, o, conn.Config{Dialer: gate.Dial})
		gate.shut()
		var calls []*pending
		for _, db := range []int{0, 1, 1, 2} {
			call := command("GET", fmt.Sprint("of", db))
			call.DB = db
			calls = append(calls, p.start(context.Background(), call))
			synctest.Wait()
		}
		close(gate.open)
		p.server.wants(wires("GET of0", "SELECT 1", "GET of1", "GET of1", "SELECT 2", "GET of2"))
		p.server.sends(bulk("a") + "+OK\r\n" + bulk("b") + bulk("c") + "+O")
		p.server.sends("K\r\n" + bulk("d"))
		for i, want := range []string{"a", "b", "c", "d"} {
			calls[i].gets(want)
		}
	})
}

// What follows a SELECT that failed ran in another database: nobody may take its reply for an answer.
func TestFailedSelectEndsTheConnection(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		p := connect(t, inMemory(t, 0), conn.Config{})
		call := command("SET", "k", "v")
		call.DB = 99
		set := p.start(context.Background(), call)
		p.server.wants(wire("SELECT", "99") + wire("SET", "k", "v"))
		behind := p.start(context.Background(), command("GET", "k"))
		p.server.wants(wire("GET", "k"))
		p.server.sends("-ERR DB index is out of range\r\n+OK\r\n" + bulk("v"))
		set.fails(conn.AwaitingReply, nil)
		behind.fails(conn.AwaitingReply, nil)
		if !containsText(set.err, "ERR DB index is out of range") {
			t.Errorf("%v does not say what the server said", set.err)
		}
		p.server.wantsEnd()
	})
}

func TestLateReplyOfSelectOfACancelledCall(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		p := connect(t, inMemory(t, 0), conn.Config{})
		ctx, cancel := context.WithCancel(context.Background())
		call := command("GET", "k")
		call.DB = 3
		cancelled := p.start(ctx, call)
		p.server.wants(wires("SELECT 3", "GET k"))
		cancel()
		cancelled.fails(conn.AwaitingReply, context.Canceled)
		call = command("GET", "k")
		call.DB = 3
		next := p.start(context.Background(), call)
		p.server.wants(wire("GET", "k")) // the stream is in database 3 all the same
		p.server.sends("+OK\r\n" + bulk("late") + bulk("v"))
		next.gets("v")
	})
}

// Channels of one bubble must not be used in another, but calls are reused all over the process.
func TestCallsAreReusedInOtherBubbles(t *testing.T) {
	for range 2 {
		synctest.Test(t, func(t *testing.T) {
			p := connect(t, inMemory(t, 0), conn.Config{})
			for range 3 {
				ping := make(chan error, 1)
				go func() { ping <- p.Ping(context.Background()) }() // frees its call
				p.server.wants(wire("PING"))
				p.server.sends("+PONG\r\n")
				if err := <-ping; err != nil {
					t.Error(err)
				}
			}
		})
	}
}
