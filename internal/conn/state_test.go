package conn_test

import (
	"context"
	"errors"
	"net"
	"testing"
	"testing/synctest"
	"time"

	"github.com/fairlead-go/fairlead/internal/conn"
)

func TestEventsTellTheWholeLife(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		p := connect(t, inMemory(t, 0), conn.Config{})
		opened := time.Now()
		<-time.After(time.Minute)
		why := errors.New("the test is over")
		p.Close(conn.UserClosed, why)
		wantLines(t, p.events.lines(), "dialing→handshaking", "handshaking→ready", "ready→closed (closed by the user)")
		last := p.events.all[2]
		if last.Conn != p.ID() || last.Addr != p.Addr() || last.Err != why || last.Time.Sub(opened) != time.Minute {
			t.Errorf("the last event is %+v", last)
		}
		if i := p.Info(); i.Since != opened || p.Opened() != opened || i.Err != why || i.ID != p.ID() || i.Addr != p.Addr() {
			t.Errorf("Info says %+v", i)
		}
		if err := p.Gone(); !errors.Is(err, why) || !containsText(err, "closed by the user") {
			t.Errorf("Gone says %v", err)
		}
	})
}

func TestIDsAreNotUsedTwice(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		o := inMemory(t, 0)
		if a, b := connect(t, o, conn.Config{}), connect(t, o, conn.Config{}); a.ID() == b.ID() || a.ID() == 0 {
			t.Errorf("two connections with the numbers %d and %d", a.ID(), b.ID())
		}
	})
}

func TestCloseFailsCalls(t *testing.T) {
	for _, reader := range []string{"resident", "caller"} {
		t.Run("the "+reader+" reads", func(t *testing.T) {
			inBubble(t, func(t *testing.T) {
				closes := 0
				p := connect(t, inMemory(t, 0), conn.Config{OnClose: func(*conn.Conn) { closes++ }})
				if reader == "caller" {
					p.alone()
					synctest.Wait()
				}
				call := p.start(context.Background(), command("INCR", "n"))
				p.server.wants(wire("INCR", "n"))
				synctest.Wait()
				if p.Reader() != reader {
					t.Fatalf("%s reads", p.Reader())
				}
				other := p.start(t.Context(), command("GET", "k"))
				p.server.wants(wire("GET", "k"))
				p.Close(conn.UserClosed, nil)
				e := call.fails(conn.AwaitingReply, net.ErrClosed)
				if !containsText(e, "closed by the user") || !containsText(e, "it was sent and may have run") {
					t.Errorf("%q does not say why it failed, and whether it may have run", e)
				}
				other.fails(conn.AwaitingReply, net.ErrClosed)
				p.server.wantsEnd()
				p.Close(conn.Dirty, errors.New("again")) // changes nothing
				p.wantEnd(conn.UserClosed)
				if closes != 1 {
					t.Errorf("OnClose was called %d times", closes)
				}
			})
		})
	}
}

func TestDrainDeliversWhatIsOwed(t *testing.T) {
	for _, reader := range []string{"resident", "caller"} {
		t.Run("the "+reader+" reads", func(t *testing.T) {
			inBubble(t, func(t *testing.T) {
				p := connect(t, inMemory(t, 0), conn.Config{})
				if reader == "caller" {
					p.alone()
					synctest.Wait()
				}
				a := p.start(context.Background(), command("GET", "a"))
				p.server.wants(wire("GET", "a"))
				b := p.start(t.Context(), command("GET", "b"))
				p.server.wants(wire("GET", "b"))
				p.Drain(conn.LifetimeLimit)
				if err := p.Do(context.Background(), command("GET", "c")); !conn.Unavailable(err) {
					t.Errorf("error %v, want Unavailable", err)
				}
				if p.Usable() || p.Quiet(conn.AnyDB) {
					t.Error("it passes for usable")
				}
				if i := p.Info(); i.State != conn.Draining || i.Cause != conn.LifetimeLimit || i.Owes != 2 {
					t.Errorf("Info says %+v", i)
				}
				p.Drain(conn.IdleLimit) // changes nothing
				<-time.After(time.Hour)
				p.server.sends(bulk("1"))
				a.gets("1")
				p.server.sends(bulk("2"))
				b.gets("2")
				p.server.wantsEnd()
				p.wantEnd(conn.LifetimeLimit)
				p.Drain(conn.IdleLimit) // changes nothing either
				wantLines(t, p.events.lines()[2:], "ready→draining (lifetime limit)", "draining→closed (lifetime limit)")
			})
		})
	}
}

func TestDrainOfAnIdleConnection(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		p := connect(t, inMemory(t, 0), conn.Config{})
		p.Drain(conn.Topology)
		p.server.wantsEnd()
		p.wantEnd(conn.Topology)
		wantLines(t, p.events.lines()[2:], "ready→draining (topology changed)", "draining→closed (topology changed)")
	})
}

func TestDrainWhoseServerGoesAway(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		p := connect(t, inMemory(t, 0), conn.Config{Timeout: time.Second})
		call := p.start(context.Background(), command("GET", "k"))
		p.server.wants(wire("GET", "k"))
		p.Drain(conn.LifetimeLimit)
		call.fails(conn.AwaitingReply, conn.ErrTimeout)
		began := time.Now()
		p.wantEnd(conn.LifetimeLimit)
		if took := time.Since(began); took != 0 {
			t.Errorf("it was closed %v after its last call, want at once: nobody wants the reply", took)
		}
	})
}

func TestDrainOfASuspect(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		p := connect(t, inMemory(t, 0), conn.Config{Timeout: time.Second})
		p.start(context.Background(), command("GET", "k")).fails(conn.AwaitingReply, conn.ErrTimeout)
		p.Drain(conn.BudgetCalled)
		p.server.wants(wire("GET", "k"))
		p.server.wantsEnd() // at once: nobody waits for the reply that is owed
		wantLines(t, p.events.lines()[2:], "ready→suspect", "suspect→draining (place needed by another connection)",
			"draining→closed (place needed by another connection)")
	})
}

func TestDrainEndsWhenTheLastCallerLeaves(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		p := connect(t, inMemory(t, 0), conn.Config{Timeout: time.Hour})
		ctx, cancel := context.WithCancel(context.Background())
		call := p.start(ctx, command("GET", "k"))
		p.server.wants(wire("GET", "k"))
		p.Drain(conn.LifetimeLimit)
		if p.Info().State != conn.Draining {
			t.Errorf("the connection is %v, want draining: its reply is waited for", p.Info().State)
		}
		cancel()
		call.fails(conn.AwaitingReply, context.Canceled)
		p.wantEnd(conn.LifetimeLimit)
	})
}

func TestInfo(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		p := connect(t, inMemory(t, 0), conn.Config{})
		since := time.Now()
		<-time.After(time.Second)
		a := p.start(context.Background(), command("GET", "a"))
		p.server.wants(wire("GET", "a"))
		<-time.After(time.Second)
		b := p.start(context.Background(), command("GET", "b"))
		p.server.wants(wire("GET", "b"))
		p.server.sends(bulk("1"))
		a.gets("1")
		replied := time.Now()
		<-time.After(time.Second)
		want := conn.Info{ID: p.ID(), Addr: "redis:6379", State: conn.Ready, Since: since, Owes: 1, Oldest: time.Second,
			BytesIn: int64(len(helloReply + bulk("1"))), BytesOut: int64(len(helloCommand + wires("GET a", "GET b"))),
			Replies: 1, LastRead: replied, Server: conn.Server{ClientID: 7, Name: "redis", Protocol: 3}}
		if got := p.Info(); got != want || p.LastUsed() != replied {
			t.Errorf("Info is\n\t%+v, want\n\t%+v", got, want)
		}
		p.server.sends(bulk("2"))
		b.gets("2")
	})
}

func TestPing(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		p := connect(t, inMemory(t, 0), conn.Config{Timeout: time.Second})
		p.server.sends("")
		failed := make(chan error)
		go func() { failed <- p.Ping(context.Background()) }()
		p.server.wants(wire("PING"))
		wantCallError(t, <-failed, conn.AwaitingReply, conn.ErrTimeout)
	})
}
