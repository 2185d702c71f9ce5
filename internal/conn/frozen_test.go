package conn_test

import (
	"context"
	"errors"
	"net"
	"os"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/fairlead-go/fairlead/internal/conn"
	"github.com/fairlead-go/fairlead/redistest"
)

func TestCallExpires(t *testing.T) {
	for _, reader := range []string{"resident", "caller"} {
		t.Run("the "+reader+" reads", func(t *testing.T) {
			inBubble(t, func(t *testing.T) {
				p := connect(t, inMemory(t, 0), conn.Config{Timeout: 3 * time.Second})
				if reader == "caller" {
					p.alone()
					synctest.Wait()
				}
				took := stopwatch(t)
				call := p.start(context.Background(), command("GET", "k"))
				p.server.wants(wire("GET", "k"))
				synctest.Wait()
				if p.Reader() != reader {
					t.Fatalf("%s reads", p.Reader())
				}
				e := call.fails(conn.AwaitingReply, conn.ErrTimeout)
				took(3 * time.Second)
				var timeout net.Error
				if !errors.Is(e, os.ErrDeadlineExceeded) || !errors.As(call.err, &timeout) || !timeout.Timeout() {
					t.Errorf("%v does not say in Go's terms that time ran out", e)
				}
				if e.Elapsed != 3*time.Second {
					t.Errorf("Elapsed is %v", e.Elapsed)
				}
				call.call.Free() // as the caller may: the late reply must not meet the call's next user

				if p.Usable() || p.Info().State != conn.Suspect {
					t.Errorf("the connection is %v, want suspect", p.Info().State)
				}
				if err := p.Do(context.Background(), command("GET", "k")); !conn.Unavailable(err) {
					t.Errorf("error %v, want Unavailable: the call goes elsewhere", err)
				}
				<-time.After(999 * time.Millisecond)
				p.server.sends("$4\r\nla") // the server lives after all
				synctest.Wait()
				if !p.Usable() {
					t.Errorf("the connection is %v, want ready again", p.Info().State)
				}
				next := p.start(context.Background(), command("GET", "next"))
				p.server.wants(wire("GET", "next"))
				p.server.sends("te\r\n")
				synctest.Wait()
				if next.isOver() {
					t.Fatal("the late reply went to the next caller")
				}
				p.server.sends(bulk("v"))
				next.gets("v")
				wantLines(t, p.events.lines()[1:], "handshaking→ready", "ready→suspect", "suspect→ready")
			})
		})
	}
}

func TestSilentConnectionIsClosedAfterTheGrace(t *testing.T) {
	for timeout, grace := range map[time.Duration]time.Duration{
		5 * time.Second:        time.Second, // at most
		300 * time.Millisecond: 300 * time.Millisecond,
	} {
		t.Run(timeout.String(), func(t *testing.T) {
			inBubble(t, func(t *testing.T) {
				closed := make(chan conn.Cause, 1)
				p := connect(t, inMemory(t, 0), conn.Config{Timeout: timeout, OnClose: func(c *conn.Conn) { closed <- c.Info().Cause }})
				took := stopwatch(t)
				call := p.start(context.Background(), command("GET", "k"))
				p.server.wants(wire("GET", "k"))
				call.fails(conn.AwaitingReply, conn.ErrTimeout)
				took(timeout)
				if cause := <-closed; cause != conn.ReadTimeout {
					t.Errorf("it was closed because of %q", cause)
				}
				took(grace)
				p.server.wantsEnd()
				wantLines(t, p.events.lines()[2:], "ready→suspect", "suspect→closed (no reply in time)")
			})
		})
	}
}

// A caller that gave its command an hour is not cut off because its neighbour had less patience: it may be the very command
// that keeps the server busy.
func TestSuspectConnectionStaysOpenForWhoStillWaits(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		p := connect(t, inMemory(t, 0), conn.Config{Timeout: 5 * time.Second})
		patient, cancel := context.WithTimeout(context.Background(), time.Hour)
		defer cancel()
		slow := p.start(patient, command("FCALL", "slow"))
		p.server.wants(wire("FCALL", "slow"))
		p.start(context.Background(), command("GET", "k")).fails(conn.AwaitingReply, conn.ErrTimeout)
		p.server.wants(wire("GET", "k"))
		<-time.After(10 * time.Minute)
		if state := p.Info().State; state != conn.Suspect {
			t.Errorf("the connection is %v, want suspect: no new calls, but one is still waited for", state)
		}
		p.server.sends(bulk("done"))
		slow.gets("done")
		if !p.Usable() {
			t.Errorf("the connection is %v, want ready: the server answers again", p.Info().State)
		}
	})
}

// When the last one who waited gives up, the doubt ends as it would have without it.
func TestSuspectConnectionIsClosedWhenNobodyWaitsAnyMore(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		p := connect(t, inMemory(t, 0), conn.Config{Timeout: 5 * time.Second})
		patient, cancel := context.WithTimeout(context.Background(), time.Minute)
		defer cancel()
		slow := p.start(patient, command("FCALL", "slow"))
		p.server.wants(wire("FCALL", "slow"))
		p.start(context.Background(), command("GET", "k")).fails(conn.AwaitingReply, conn.ErrTimeout)
		slow.fails(conn.AwaitingReply, context.DeadlineExceeded)
		gaveUp := time.Now()
		p.wantEnd(conn.ReadTimeout)
		if took := time.Since(gaveUp); took > time.Second {
			t.Errorf("it was closed %v after the last caller left, want at most the grace of 1s", took)
		}
	})
}

// A server that answered something since the late call began is slow with that call, not dead.
func TestSlowCommandOfALivingServer(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		p := connect(t, inMemory(t, 0), conn.Config{Timeout: 2 * time.Second})
		fast := p.start(context.Background(), command("GET", "k"))
		p.server.wants(wire("GET", "k"))
		slow := p.start(context.Background(), command("KEYS", "*"))
		p.server.wants(wire("KEYS", "*"))
		<-time.After(1500 * time.Millisecond)
		p.server.sends(bulk("v"))
		fast.gets("v")
		slow.fails(conn.AwaitingReply, conn.ErrTimeout)
		if !p.Usable() {
			t.Errorf("the connection is %v: something came half a second ago", p.Info().State)
		}
	})
}

// Callers with little time give up one after another. That is no reason to send ever more of them to a server that is silent.
func TestFrozenServerAndImpatientCallers(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		p := connect(t, inMemory(t, 0), conn.Config{Timeout: 3 * time.Second})
		began := time.Now()
		var err error
		for n := 0; !conn.Unavailable(err); n++ {
			if n == 100 {
				t.Fatalf("100 calls with 100ms each failed, and the connection is still %v", p.Info().State)
			}
			ctx, cancel := context.WithTimeout(context.Background(), 100*time.Millisecond)
			err = p.Do(ctx, command("GET", "k"))
			cancel()
		}
		if took := time.Since(began); took != 3*time.Second {
			t.Errorf("it was doubted after %v of silence, want 3s: longer than a call may take", took)
		}
		p.wantEnd(conn.ReadTimeout)
		if took := time.Since(began); took != 4*time.Second {
			t.Errorf("it was closed after %v of silence, want 4s", took)
		}
	})
}

// The same when the last reply came while the first of them was waiting.
func TestServerFreezesBetweenTwoReplies(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		p := connect(t, inMemory(t, 0), conn.Config{Timeout: 2 * time.Second})
		first := p.start(context.Background(), command("GET", "a"))
		p.server.wants(wire("GET", "a"))
		second := p.start(context.Background(), command("GET", "b"))
		p.server.wants(wire("GET", "b"))
		<-time.After(time.Millisecond)
		p.server.sends(bulk("1"))
		first.gets("1")
		second.fails(conn.AwaitingReply, conn.ErrTimeout)
		if p.Usable() {
			t.Error("silent for all but a millisecond of two seconds, and still trusted")
		}
		p.wantEnd(conn.ReadTimeout)
	})
}

func TestCancellingEarlyIsNoDoubt(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		p := connect(t, inMemory(t, 0), conn.Config{Timeout: 5 * time.Second})
		for range 5 {
			ctx, cancel := context.WithTimeout(context.Background(), 100*time.Millisecond)
			call := p.start(ctx, command("GET", "k"))
			p.server.wants(wire("GET", "k"))
			call.fails(conn.AwaitingReply, context.DeadlineExceeded)
			cancel()
			<-time.After(time.Second)
			p.server.sends(bulk("late"))
			synctest.Wait()
		}
		if !p.Usable() {
			t.Errorf("the connection is %v", p.Info().State)
		}
	})
}

func TestContextCountsInsteadOfTimeout(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		p := connect(t, inMemory(t, 0), conn.Config{Timeout: time.Second})
		ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
		defer cancel()
		call := p.start(ctx, command("DEBUG", "SLEEP", "50"))
		p.server.wants(wire("DEBUG", "SLEEP", "50"))
		<-time.After(50 * time.Second)
		p.server.sends("+OK\r\n")
		call.gets("OK")
	})
}

func TestBlockingCallHasItsOwnTimeOnTop(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		p := connect(t, inMemory(t, 0), conn.Config{Timeout: time.Second})
		took := stopwatch(t)
		pop := command("BLPOP", "list", "10")
		if !pop.Blocking() || pop.Block != 10*time.Second {
			t.Fatalf("BLPOP of 10 s blocks for %v", pop.Block)
		}
		p.start(context.Background(), pop).fails(conn.AwaitingReply, conn.ErrTimeout)
		took(11 * time.Second)
	})
	t.Run("without end", func(t *testing.T) {
		inBubble(t, func(t *testing.T) {
			p := connect(t, inMemory(t, 0), conn.Config{Timeout: time.Second})
			pop := command("BLPOP", "list", "0")
			if !pop.Blocking() || pop.Block >= 0 {
				t.Fatalf("BLPOP of 0 blocks for %v", pop.Block)
			}
			call := p.start(context.Background(), pop)
			p.server.wants(wire("BLPOP", "list", "0"))
			<-time.After(100 * time.Hour)
			p.server.sends("*2\r\n+list\r\n+x\r\n")
			call.gets("")
		})
	})
}

// One timer serves all calls, each at its own time.
func TestCallsExpireEachAtItsTime(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		p := connect(t, inMemory(t, 0), conn.Config{Timeout: 10 * time.Second})
		began := time.Now()
		var calls []*pending
		for i := range 8 {
			calls = append(calls, p.start(context.Background(), command("GET", "k")))
			p.server.wants(wire("GET", "k"))
			<-time.After(time.Duration(1+i%3) * 100 * time.Millisecond)
		}
		p.server.sends(bulk("first"))
		calls[0].gets("first")
		at := 0 * time.Second
		for i, call := range calls {
			if i > 0 {
				call.fails(conn.AwaitingReply, conn.ErrTimeout)
				if got := time.Since(began); got != at+10*time.Second {
					t.Errorf("call %d, begun after %v, expired after %v", i, at, got)
				}
			}
			at += time.Duration(1+i%3) * 100 * time.Millisecond
			if at > 900*time.Millisecond {
				break // then the grace is over
			}
		}
	})
}

// A call with less time than those before it does not wait for theirs.
func TestShorterTimeBehindALongerOne(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		p := connect(t, inMemory(t, 0), conn.Config{Timeout: time.Second})
		long := func() *pending {
			call := command("WAIT", "1", "60000")
			call.Block = time.Minute
			return p.start(context.Background(), call)
		}
		began := time.Now()
		long()
		synctest.Wait()
		first := p.start(context.Background(), command("GET", "a"))
		synctest.Wait()
		long()
		<-time.After(500 * time.Millisecond)
		second := p.start(context.Background(), command("GET", "b"))
		first.fails(conn.AwaitingReply, conn.ErrTimeout)
		if took := time.Since(began); took != time.Second {
			t.Errorf("the first expired after %v, want 1s", took)
		}
		second.fails(conn.AwaitingReply, conn.ErrTimeout)
		if took := time.Since(began); took != 1500*time.Millisecond {
			t.Errorf("the second expired after %v, want 1.5s", took)
		}
	})
}

// A write that is stuck lets no call's time begin earlier than the call.
func TestTimeOfCallsBehindAStuckWrite(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		p := connect(t, inMemory(t, 100_000), conn.Config{Timeout: 3 * time.Second})
		hour, cancel := context.WithTimeout(context.Background(), time.Hour)
		defer cancel()
		p.start(hour, command("SET", "k", strings.Repeat("x", 1_000_000)))
		<-time.After(10 * time.Second)
		began := time.Now()
		second := p.start(context.Background(), command("GET", "a"))
		<-time.After(time.Second)
		third := p.start(context.Background(), command("GET", "b"))
		<-second.done
		if took := time.Since(began); took != 3*time.Second {
			t.Errorf("the second call expired after %v, want 3s", took)
		}
		<-third.done
		if took := time.Since(began) - time.Second; took != 3*time.Second {
			t.Errorf("the third call expired after %v, want 3s", took)
		}
	})
}

func TestStuckWriteIsRecordedAsSuch(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		p := connect(t, inMemory(t, 100_000), conn.Config{Timeout: time.Second})
		call := p.start(context.Background(), command("SET", "k", strings.Repeat("x", 100_010)))
		call.fails(conn.AwaitingReply, conn.ErrTimeout)
		p.wantEnd(conn.WriteTimeout)
	})
	t.Run("by less than the handshake", func(t *testing.T) {
		inBubble(t, func(t *testing.T) {
			p := connect(t, inMemory(t, 100_000), conn.Config{Timeout: time.Second})
			size := 100_000 - len(wire("SET", "k", strings.Repeat("x", 10_000))) + 10_000
			p.start(context.Background(), command("SET", "k", strings.Repeat("x", size))) // fills the window to the last byte
			synctest.Wait()
			p.start(context.Background(), block("P")) // far less than the handshake was
			p.wantEnd(conn.WriteTimeout)
		})
	})
}

// SIGSTOP: the kernel still acknowledges, but nobody answers.
func TestFrozenProcess(t *testing.T) {
	t.Parallel()
	server := redistest.Start(t)
	var events events
	c := dial(t, &conn.Config{Addr: server.Addr(), Timeout: 200 * time.Millisecond, OnEvent: events.add})
	if err := c.Ping(context.Background()); err != nil {
		t.Fatal(err)
	}
	if err := server.Pause(); err != nil {
		t.Fatal(err)
	}
	began := time.Now()
	err := c.Do(context.Background(), command("INCR", "n"))
	wantCallError(t, err, conn.AwaitingReply, conn.ErrTimeout)
	if took := time.Since(began); took < 200*time.Millisecond {
		t.Errorf("it expired after %v", took)
	}
	if err := c.Do(context.Background(), command("INCR", "n")); !conn.Unavailable(err) {
		t.Errorf("error %v, want Unavailable", err)
	}
	<-c.Closed()
	if err := server.Continue(); err != nil {
		t.Fatal(err)
	}
	wantLines(t, events.lines()[2:], "ready→suspect", "suspect→closed (no reply in time)")
	if n, err := server.Do("GET", "n"); err != nil || n != "1" {
		t.Errorf("n is %q (%v), want 1: it was sent, and may have run", n, err)
	}
}

func TestWhyASuspectTakesNoCalls(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		p := connect(t, inMemory(t, 0), conn.Config{Timeout: 100 * time.Millisecond})
		p.start(context.Background(), command("GET", "k")).fails(conn.AwaitingReply, conn.ErrTimeout)
		if err := p.Gone(); p.Usable() || !containsText(err, "owes a reply for too long") {
			t.Errorf("usable %v: %v", p.Usable(), err)
		}
	})
}
