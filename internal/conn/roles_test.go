package conn_test

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"github.com/fairlead-go/fairlead/internal/conn"
)

func TestLoneCallerReadsAfterThreeLoneCalls(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		p := connect(t, inMemory(t, 0), conn.Config{})
		for i, want := range []string{"resident", "resident", "resident", "caller", "caller"} {
			call := p.start(context.Background(), command("GET", "k"))
			p.server.wants(wire("GET", "k"))
			synctest.Wait()
			if p.Reader() != want {
				t.Errorf("%s reads the reply of call %d, want the %s", p.Reader(), i+1, want)
			}
			p.server.sends(bulk("v"))
			call.gets("v")
			synctest.Wait()
		}
	})
}

func TestResidentReadsAgainWhenItFallsIdle(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		p := connect(t, inMemory(t, 0), conn.Config{})
		p.alone()
		synctest.Wait()
		if p.Reader() != "nobody" {
			t.Fatalf("%s reads", p.Reader())
		}
		<-time.After(20 * time.Millisecond)
		synctest.Wait()
		if p.Reader() != "resident" {
			t.Errorf("%s reads an idle connection, want the resident: it would see its end", p.Reader())
		}
		p.alone()
		synctest.Wait()
		if p.Reader() != "nobody" {
			t.Errorf("%s reads after more lone calls, want nobody", p.Reader())
		}
	})
}

func TestCallerWithAContextOfItsOwnDoesNotRead(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		p := connect(t, inMemory(t, 0), conn.Config{})
		p.alone()
		synctest.Wait()
		ctx, cancel := context.WithCancel(context.Background())
		call := p.start(ctx, command("GET", "k"))
		p.server.wants(wire("GET", "k"))
		synctest.Wait()
		if p.Reader() != "resident" {
			t.Errorf("%s reads, want the resident: the caller has to be able to leave", p.Reader())
		}
		took := stopwatch(t)
		cancel()
		call.fails(conn.AwaitingReply, context.Canceled)
		took(0)
		p.server.sends(bulk("late"))
	})
}

// The caller who reads delivers the replies of others, and gives the role away with its own.
func TestHandOverToTheResident(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		p := connect(t, inMemory(t, 0), conn.Config{})
		p.alone()
		synctest.Wait()
		first := p.start(context.Background(), command("GET", "a"))
		p.server.wants(wire("GET", "a"))
		synctest.Wait()
		second := p.start(context.Background(), command("GET", "b"))
		p.server.wants(wire("GET", "b"))
		third := p.start(t.Context(), command("GET", "c"))
		p.server.wants(wire("GET", "c"))
		synctest.Wait()
		if p.Reader() != "caller" {
			t.Fatalf("%s reads", p.Reader())
		}
		p.server.sends(bulk("1") + bulk("2")) // in one piece
		second.gets("2")
		first.gets("1")
		synctest.Wait()
		if p.Reader() != "resident" || third.isOver() {
			t.Errorf("%s reads, want the resident: there is one reply more", p.Reader())
		}
		p.server.sends(bulk("3"))
		third.gets("3")
	})
}

// A caller that has been told that its time is over leaves the socket; who waits behind it is served.
func TestLateCallerLeavesTheSocket(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		p := connect(t, inMemory(t, 0), conn.Config{Timeout: time.Second})
		p.alone()
		synctest.Wait()
		took := stopwatch(t)
		reading := p.start(context.Background(), command("GET", "a"))
		p.server.wants(wire("GET", "a"))
		<-time.After(600 * time.Millisecond)
		second := p.start(context.Background(), command("GET", "b"))
		p.server.wants(wire("GET", "b"))
		reading.fails(conn.AwaitingReply, conn.ErrTimeout)
		took(time.Second)
		synctest.Wait()
		if p.Reader() != "resident" {
			t.Errorf("%s reads, want the resident", p.Reader())
		}
		<-time.After(300 * time.Millisecond)
		p.server.sends(bulk("late") + bulk("2"))
		second.gets("2") // the read deadline that drove the first out is gone
		<-time.After(time.Hour)
		if !p.Usable() {
			t.Errorf("the connection is %v because of %q", p.Info().State, p.Info().Cause)
		}
		for range 4 { // and it works on, in all roles
			p.alone()
			synctest.Wait()
		}
	})
}

func TestReplyAndExpiryAtTheSameMoment(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		p := connect(t, inMemory(t, 0), conn.Config{Timeout: time.Second})
		for range 100 { // timers of one moment fire in any order
			p.alone()
			synctest.Wait()
			call := p.start(context.Background(), command("GET", "k"))
			p.server.wants(wire("GET", "k"))
			<-time.After(time.Second)
			p.server.sends(bulk("v"))
			<-call.done
			if call.err == nil {
				call.gets("v")
			} else {
				call.fails(conn.AwaitingReply, conn.ErrTimeout)
			}
			call.call.Free()
			synctest.Wait()
			if !p.Usable() || p.Owes() != 0 {
				t.Fatalf("the connection is %v and owes %d", p.Info().State, p.Owes())
			}
		}
	})
}

func TestLoneCallsMustBeInARow(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		p := connect(t, inMemory(t, 0), conn.Config{})
		for i, ctx := range []context.Context{
			context.Background(), context.Background(), t.Context(), context.Background(), context.Background(), context.Background(),
		} {
			if p.Reader() != "resident" {
				t.Fatalf("%s reads before call %d", p.Reader(), i+1)
			}
			call := p.start(ctx, command("GET", "k"))
			p.server.wants(wire("GET", "k"))
			p.server.sends(bulk("v"))
			call.gets("v")
			synctest.Wait()
		}
		if p.Reader() != "nobody" {
			t.Errorf("%s reads after three lone calls in a row", p.Reader())
		}
	})
}

// Between a reply and the step back, a call may have come that relies on the resident.
func TestResidentDoesNotStepBackFromWhatIsOwed(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		p := connect(t, inMemory(t, 0), conn.Config{})
		call := p.start(context.Background(), command("GET", "k"))
		p.server.wants(wire("GET", "k"))
		synctest.Wait()
		if p.StepsBack() {
			t.Error("nobody reads the reply that is owed")
		}
		p.server.sends(bulk("v"))
		call.gets("v")
	})
}

// A caller whose reply came while it was still writing does not read for the next one: that could take long.
func TestFlusherThatIsAnsweredDoesNotRead(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		o := inMemory(t, 0)
		d := &lingeringDialer{gatedDialer{dial: o.dial}, make(chan struct{})}
		p := connect(t, o, conn.Config{Dialer: d.Dial})
		for range 2 {
			call := p.start(context.Background(), command("PING"))
			p.server.wants(wire("PING"))
			p.server.sends("+PONG\r\n")
			call.gets("PONG")
		}
		d.shut()
		first := p.start(context.Background(), command("GET", "a"))
		p.server.wants(wire("GET", "a"))
		p.server.sends(bulk("1")) // the third lone call: the resident steps back
		synctest.Wait()
		if p.Reader() != "nobody" || first.isOver() {
			t.Fatalf("%s reads", p.Reader())
		}
		second := p.start(context.Background(), command("GET", "b"))
		synctest.Wait()
		d.leave <- struct{}{} // the first write returns; its caller writes the second command, too
		p.server.wants(wire("GET", "b"))
		d.leave <- struct{}{}
		first.gets("1") // it does not wait for the second reply
		synctest.Wait()
		if p.Reader() != "resident" {
			t.Errorf("%s reads, want the resident", p.Reader())
		}
		p.server.sends(bulk("2"))
		second.gets("2")
	})
}

// Who was alone when it began to write reads for those who came meanwhile, too.
func TestFlusherForTwoReadsForTwo(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		o := inMemory(t, 0)
		gate := &gatedDialer{dial: o.dial, open: make(chan struct{}), entered: make(chan string, 10)}
		p := connect(t, o, conn.Config{Dialer: gate.Dial})
		p.alone()
		synctest.Wait()
		gate.shut()
		first := p.start(context.Background(), command("GET", "a"))
		synctest.Wait()
		second := p.start(context.Background(), command("GET", "b"))
		synctest.Wait()
		close(gate.open)
		p.server.wants(wires("GET a", "GET b"))
		synctest.Wait()
		if p.Reader() != "caller" {
			t.Errorf("%s reads, want the caller that was alone", p.Reader())
		}
		p.server.sends(bulk("1") + bulk("2"))
		first.gets("1")
		second.gets("2")
	})
}
