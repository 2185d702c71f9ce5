package conn_test

import (
	"context"
	"errors"
	"io"
	"net"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"github.com/fairlead-go/fairlead/internal/conn"
	"github.com/fairlead-go/fairlead/redistest"
)

// The ends that a peer can make, and what is recorded of them.
var endings = []struct {
	name  string
	end   func(*peer)
	cause conn.Cause
	err   error
}{
	{"FIN", func(p *peer) { p.Close() }, conn.PeerClosed, io.EOF},
	{"RST", (*peer).resets, conn.PeerReset, syscall.ECONNRESET},
}

// forEachEnding runs a test in a bubble for FIN and for RST.
func forEachEnding(t *testing.T, test func(t *testing.T, end func(*peer), cause conn.Cause, err error)) {
	for _, e := range endings {
		t.Run(e.name, func(t *testing.T) {
			inBubble(t, func(t *testing.T) { test(t, e.end, e.cause, e.err) })
		})
	}
}

func TestEndOfAnIdleConnection(t *testing.T) {
	forEachEnding(t, func(t *testing.T, end func(*peer), cause conn.Cause, wantErr error) {
		p := connect(t, inMemory(t, 0), conn.Config{})
		<-time.After(time.Hour)
		took := stopwatch(t)
		end(p.server)
		i := p.wantEnd(cause)
		took(0) // somebody was reading
		if !errors.Is(i.Err, wantErr) || !errors.Is(p.Gone(), wantErr) {
			t.Errorf("the error is %v, Gone says %v, want %v", i.Err, p.Gone(), wantErr)
		}
		if err := p.Do(context.Background(), command("GET", "k")); !conn.Unavailable(err) {
			t.Errorf("error %v, want Unavailable", err)
		}
		if p.Usable() || p.Quiet(conn.AnyDB) {
			t.Error("it still passes for usable")
		}
		wantLines(t, p.events.lines(), "dialing→handshaking", "handshaking→ready", "ready→closed ("+cause.String()+")")
	})
}

// After lone calls nobody reads an idle connection, until the resident goroutine looks at it.
func TestEndOfAnIdleConnectionOfALoneCaller(t *testing.T) {
	forEachEnding(t, func(t *testing.T, end func(*peer), cause conn.Cause, _ error) {
		p := connect(t, inMemory(t, 0), conn.Config{})
		p.alone()
		synctest.Wait()
		if p.Reader() != "nobody" {
			t.Fatalf("%s reads, want nobody", p.Reader())
		}
		began := time.Now()
		end(p.server)
		p.wantEnd(cause)
		if took := time.Since(began); took > 20*time.Millisecond {
			t.Errorf("it was noticed after %v, want 20ms at most", took)
		}
	})
}

func TestEndWithCallsInFlight(t *testing.T) {
	forEachEnding(t, func(t *testing.T, end func(*peer), cause conn.Cause, wantErr error) {
		p := connect(t, inMemory(t, 0), conn.Config{})
		names := []string{"GET", "SET", "INCR"}
		var calls []*pending
		for _, name := range names {
			calls = append(calls, p.start(t.Context(), command(name, "k")))
			p.server.wants(wire(name, "k"))
		}
		<-time.After(time.Second)
		p.server.sends(bulk("v") + "+O") // one reply and a half
		synctest.Wait()
		end(p.server)
		calls[0].gets("v")
		for i, call := range calls[1:] {
			e := call.fails(conn.AwaitingReply, wantErr)
			if e.Command != names[i+1] || e.Addr != "redis:6379" || e.Conn != p.ID() || e.Elapsed != time.Second {
				t.Errorf("the error is %+v", e)
			}
		}
		p.wantEnd(cause)
	})
}

func TestEndWhileTheCallerReads(t *testing.T) {
	forEachEnding(t, func(t *testing.T, end func(*peer), cause conn.Cause, wantErr error) {
		p := connect(t, inMemory(t, 0), conn.Config{})
		p.alone()
		synctest.Wait()
		call := p.start(context.Background(), command("INCR", "n"))
		p.server.wants(wire("INCR", "n"))
		synctest.Wait()
		if p.Reader() != "caller" {
			t.Fatalf("%s reads, want the caller", p.Reader())
		}
		end(p.server)
		call.fails(conn.AwaitingReply, wantErr)
		p.wantEnd(cause)
	})
}

func TestServerKilled(t *testing.T) {
	t.Parallel()
	server := redistest.Start(t)
	c := dial(t, &conn.Config{Addr: server.Addr()})
	idle := dial(t, &conn.Config{Addr: server.Addr()})
	failed := make(chan error)
	go func() { failed <- c.Do(context.Background(), command("BLPOP", "never", "0")) }()
	redistest.Eventually(t, patience, "the server has the BLPOP", func() bool {
		clients, err := server.Clients()
		if err != nil {
			t.Fatal(err)
		}
		for _, client := range clients {
			if client["cmd"] == "blpop" {
				return true
			}
		}
		return false
	})
	server.Kill()
	wantCallError(t, <-failed, conn.AwaitingReply, nil)
	<-idle.Closed()
}

// What was written gets the replies that still arrive; what was not is told so at once.
func TestWriteFailure(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		o := inMemory(t, 0)
		gate := &failingDialer{dial: o.dial, after: len(helloCommand) + 2*len(wire("GET", "k")), err: errBroken}
		p := connect(t, o, conn.Config{Dialer: gate.Dial, Timeout: time.Minute})
		first := p.start(context.Background(), command("GET", "k"))
		p.server.wants(wire("GET", "k"))
		second := p.start(context.Background(), command("GET", "k"))
		p.server.wants(wire("GET", "k"))
		took := stopwatch(t)
		third := p.start(context.Background(), command("INCR", "n"))
		e := third.fails(conn.Writing, errBroken)
		took(0)
		if !containsText(e, "it was not sent") {
			t.Errorf("%q does not say so", e)
		}
		if err := p.Do(context.Background(), command("GET", "k")); !conn.Unavailable(err) {
			t.Errorf("error %v, want Unavailable", err)
		}
		<-time.After(50 * time.Millisecond)
		p.server.sends(bulk("late but not too late"))
		first.gets("late but not too late")
		second.fails(conn.AwaitingReply, errBroken) // nothing came in time
		took(100 * time.Millisecond)
		p.wantEnd(conn.SocketError)
		wantLines(t, p.events.lines()[2:], "ready→draining (socket error)", "draining→closed (socket error)")
	})
}

func TestWriteFailureWithNothingOwed(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		for _, lone := range []bool{false, true} { // whoever reads
			o := inMemory(t, 0)
			gate := &failingDialer{dial: o.dial, after: len(helloCommand), err: syscall.EPIPE}
			if lone {
				gate.after += 3 * len(wire("PING"))
			}
			p := connect(t, o, conn.Config{Dialer: gate.Dial})
			if lone {
				p.alone()
				synctest.Wait()
			}
			call := p.start(context.Background(), command("INCR", "n"))
			call.fails(conn.Writing, syscall.EPIPE)
			p.wantEnd(conn.PeerReset)
			o.Close()
		}
	})
}

func TestWriteFailureAndThenFIN(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		o := inMemory(t, 0)
		gate := &failingDialer{dial: o.dial, after: len(helloCommand) + len(wire("GET", "k")), err: syscall.EPIPE}
		p := connect(t, o, conn.Config{Dialer: gate.Dial})
		first := p.start(context.Background(), command("GET", "k"))
		p.server.wants(wire("GET", "k"))
		p.start(context.Background(), command("INCR", "n")).fails(conn.Writing, syscall.EPIPE)
		p.server.sends(bulk("v"))
		first.gets("v")
		p.wantEnd(conn.PeerReset) // all is delivered: it does not wait any longer
	})
}

func TestWriteTimesOut(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		o := inMemory(t, 0)
		gate := &failingDialer{dial: o.dial, after: len(helloCommand), err: timedOut{}}
		p := connect(t, o, conn.Config{Dialer: gate.Dial})
		p.start(context.Background(), command("GET", "k")).fails(conn.Writing, timedOut{})
		p.wantEnd(conn.WriteTimeout)
	})
}

// timedOut is an error of a socket whose time has run out.
type timedOut struct{}

func (timedOut) Error() string   { return "i/o timeout" }
func (timedOut) Timeout() bool   { return true }
func (timedOut) Temporary() bool { return true }

func TestCloseWhileAWriteIsUnderWay(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		p := connect(t, inMemory(t, 100_000), conn.Config{})
		large := p.start(context.Background(), block("SET k "+string(make([]byte, 200_000)), "SET l v"))
		synctest.Wait()
		p.Close(conn.Topology, nil)
		large.fails(conn.AwaitingReply, net.ErrClosed)
		if sent := large.call.SentEach(); len(sent) != 2 || !sent[0] {
			t.Errorf("SentEach is %v: a part of the first was sent", sent)
		}
		p.wantEnd(conn.Topology)
	})
}

// What the hook about ends does holds up nobody whose reply has come.
func TestRepliesDoNotWaitForOnClose(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		answered := make(chan struct{})
		p := connect(t, inMemory(t, 0), conn.Config{OnClose: func(*conn.Conn) { <-answered }})
		get := p.start(context.Background(), command("GET", "k"))
		p.server.wants(wire("GET", "k"))
		p.Drain(conn.LifetimeLimit)
		p.server.sends(bulk("v"))
		get.gets("v")
		close(answered)
		p.wantEnd(conn.LifetimeLimit)
	})
}

// The connection ends while the flusher lets others append: what it was about to write has its answer, so it must not leave.
func TestCloseWhileTheFlusherYields(t *testing.T) {
	t.Parallel()
	o := onTCP(t)
	spy := &spyDialer{closing: make(chan struct{}), end: make(chan struct{})}
	p := connect(t, o, conn.Config{Dialer: spy.Dial})
	first := p.start(context.Background(), command("GET", "k"))
	p.server.wants(wire("GET", "k"))
	p.Crowds()
	over := make(chan struct{})
	p.WhileYielding(func() {
		go func() {
			p.Close(conn.UserClosed, nil)
			close(over)
		}()
		<-spy.closing // the calls that were owed are about to be answered, the socket is still open
	})
	second := p.start(context.Background(), command("INCR", "n"))
	<-spy.closing
	close(spy.end)
	<-over
	second.fails(conn.Writing, net.ErrClosed)
	first.fails(conn.AwaitingReply, net.ErrClosed)
	if spy.wrote("INCR") {
		t.Error("the command left, and was reported as not sent")
	}
}

// A conn that takes a part of a write without an error has lost the rest: nothing must follow it.
func TestWriteThatTakesLess(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		o := inMemory(t, 0)
		short := &failingDialer{dial: o.dial, after: len(helloCommand) + 10}
		p := connect(t, o, conn.Config{Dialer: short.Dial})
		p.start(context.Background(), command("SET", "k", "value")).fails(conn.AwaitingReply, io.ErrShortWrite)
		p.wantEnd(conn.SocketError)
	})
}
