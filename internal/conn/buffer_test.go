package conn_test

import (
	"context"
	"errors"
	"io"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/fairlead-go/fairlead/internal/conn"
)

// full is a pair whose write buffer is full: one call is being written, and one waits with all the bytes that may wait.
// Both have an hour.
func full(t *testing.T, cfg conn.Config) (p *pair, gate *gatedDialer, calls []*pending) {
	o := inMemory(t, 0)
	gate = &gatedDialer{dial: o.dial, open: make(chan struct{}), entered: make(chan string, 10)}
	cfg.WriteBuffer, cfg.Dialer = 1000, gate.Dial
	p = connect(t, o, cfg)
	gate.shut()
	ctx, cancel := context.WithTimeout(context.Background(), time.Hour)
	t.Cleanup(cancel)
	calls = append(calls, p.start(ctx, command("GET", "written")))
	synctest.Wait()
	calls = append(calls, p.start(ctx, command("SET", "waits", strings.Repeat("x", 900))))
	synctest.Wait()
	return p, gate, calls
}

func TestCallersWaitForRoom(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		p, gate, calls := full(t, conn.Config{})
		late := p.start(context.Background(), command("SET", "late", strings.Repeat("y", 100)))
		synctest.Wait()
		if waiting := p.Waiting(); waiting > 1000 {
			t.Errorf("%d bytes wait to be written, want 1000 at most", waiting)
		}
		close(gate.open)
		p.server.wants(wire("GET", "written") + wire("SET", "waits", strings.Repeat("x", 900)) + wire("SET", "late", strings.Repeat("y", 100)))
		p.server.sends(bulk("v") + "+OK\r\n+OK\r\n")
		calls[0].gets("v")
		calls[1].gets("OK")
		late.gets("OK")
	})
}

func TestCallLargerThanTheBuffer(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		p := connect(t, inMemory(t, 0), conn.Config{WriteBuffer: 1000})
		set := p.start(context.Background(), command("SET", "k", strings.Repeat("x", 200_000)))
		p.server.wants(wire("SET", "k", strings.Repeat("x", 200_000)))
		p.server.sends("+OK\r\n")
		set.gets("OK")
	})
}

func TestWaitForRoomObeysTheContext(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		p, gate, _ := full(t, conn.Config{Timeout: time.Hour})
		ctx, cancel := context.WithTimeout(context.Background(), time.Second)
		defer cancel()
		took := stopwatch(t)
		err := p.Do(ctx, command("SET", "late", strings.Repeat("y", 100)))
		took(time.Second)
		if err != context.DeadlineExceeded {
			t.Errorf("error %v, want the context's alone: nothing of the call was sent", err)
		}
		close(gate.open)
		p.server.wants(wire("GET", "written") + wire("SET", "waits", strings.Repeat("x", 900)))
		synctest.Wait()
		p.server.wantsNothing() // it is not sent after all
	})
}

func TestWaitForRoomObeysTimeout(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		p, gate, _ := full(t, conn.Config{Timeout: 3 * time.Second})
		took := stopwatch(t)
		err := p.Do(context.Background(), command("SET", "late", strings.Repeat("y", 100)))
		took(3 * time.Second)
		if err != conn.ErrTimeout || !errors.Is(err, os.ErrDeadlineExceeded) {
			t.Errorf("error %v, want ErrTimeout alone: nothing of the call was sent", err)
		}
		close(gate.open)
		p.server.wants(wire("GET", "written") + wire("SET", "waits", strings.Repeat("x", 900)))
		synctest.Wait()
		p.server.wantsNothing()
	})
}

func TestWaitForRoomEndsWithTheConnection(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		p, gate, calls := full(t, conn.Config{})
		late := p.start(context.Background(), command("SET", "late", strings.Repeat("y", 100)))
		synctest.Wait()
		p.Close(conn.UserClosed, nil)
		<-late.done
		if !conn.Unavailable(late.err) {
			t.Errorf("error %v, want Unavailable: another connection may take it", late.err)
		}
		close(gate.open)
		calls[0].fails(conn.AwaitingReply, nil) // its write was under way
		calls[1].fails(conn.Writing, nil)
	})
}

func TestWaitForRoomEndsWithDrain(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		p, gate, calls := full(t, conn.Config{})
		late := p.start(context.Background(), command("SET", "late", strings.Repeat("y", 100)))
		synctest.Wait()
		p.Drain(conn.LifetimeLimit)
		<-late.done
		if !conn.Unavailable(late.err) {
			t.Errorf("error %v, want Unavailable: another connection may take it", late.err)
		}
		close(gate.open)
		p.server.wants(wire("GET", "written") + wire("SET", "waits", strings.Repeat("x", 900)))
		p.server.sends(bulk("v") + "+OK\r\n")
		calls[0].gets("v")
		calls[1].gets("OK") // what had been appended is delivered
		p.wantEnd(conn.LifetimeLimit)
	})
}

// The server neither reads nor answers: writes fill the window and wait, but callers leave when they want.
func TestBlockedWriteHoldsNoCaller(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		p := connect(t, inMemory(t, 100_000), conn.Config{})
		ctx, cancel := context.WithTimeout(context.Background(), time.Second)
		defer cancel()
		took := stopwatch(t)
		err := p.Do(ctx, command("SET", "k", strings.Repeat("x", 1_000_000)))
		took(time.Second)
		wantCallError(t, err, conn.AwaitingReply, context.DeadlineExceeded)
	})
}

// Where more is unanswered than surely fits the kernel's buffers, a goroutine writes, and callers cannot be blocked in the
// socket even though nobody else writes at that moment.
func TestSmallCallBehindMuchUnanswered(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		p := connect(t, inMemory(t, 100_000), conn.Config{})
		large := p.start(context.Background(), command("SET", "k", strings.Repeat("x", 99_900)))
		synctest.Wait()
		for range 3 { // the window has room for some
			ctx, cancel := context.WithTimeout(context.Background(), 100*time.Millisecond)
			defer cancel()
			wantCallError(t, p.Do(ctx, command("SET", "l", strings.Repeat("y", 100))), conn.AwaitingReply, context.DeadlineExceeded)
		}
		if large.isOver() {
			t.Error("the first call got a reply that nobody sent")
		}
	})
}

// Of a conn that only Options.Dialer knows, nobody knows what it takes without waiting. A caller with a context never writes to it.
func TestCallerDoesNotWaitInAWriteToAnUnknownConn(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		o := inMemory(t, 0)
		gate := &gatedDialer{dial: o.dial, open: make(chan struct{}), entered: make(chan string, 10)}
		p := connect(t, o, conn.Config{Dialer: gate.Dial})
		gate.shut()
		ctx, cancel := context.WithTimeout(context.Background(), 50*time.Millisecond)
		defer cancel()
		took := stopwatch(t)
		err := p.Do(ctx, command("GET", "k"))
		took(50 * time.Millisecond)
		wantCallError(t, err, conn.AwaitingReply, context.DeadlineExceeded)
		close(gate.open)
	})
}

// A unix socket has room for a few hundred writes, however small. Callers of a server that does not read must not be the
// ones to find it full.
func TestCallerDoesNotWaitInAWriteToAUnixSocket(t *testing.T) {
	t.Parallel()
	l, err := net.Listen("unix", filepath.Join(t.TempDir(), "s"))
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	p := connect(t, opener{l, dialUnix}, conn.Config{})
	over := make(chan struct{})
	go func() {
		defer close(over)
		for range 1000 {
			ctx, cancel := context.WithCancel(context.Background())
			cancel() // it leaves as soon as its command is in the buffer
			wantCallError(t, p.Do(ctx, command("GET", "k")), conn.AwaitingReply, context.Canceled)
		}
	}()
	select {
	case <-over:
	case <-time.After(10 * time.Second):
		t.Error("a caller waits in the socket")
	}
}

func dialUnix(ctx context.Context, _, addr string) (net.Conn, error) {
	var d net.Dialer
	return d.DialContext(ctx, "unix", addr)
}

// What others append while a caller writes may be too much for it to write as well.
func TestCallerDoesNotWriteTheLargeCallOfAnother(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		o := inMemory(t, 100_000)
		gate := &gatedDialer{dial: o.dial, open: make(chan struct{}), entered: make(chan string, 10)}
		p := connect(t, o, conn.Config{Dialer: gate.Dial, Timeout: time.Hour})
		gate.shut()
		small := p.start(context.Background(), command("GET", "k"))
		<-gate.entered // it writes
		large := p.start(context.Background(), command("SET", "l", strings.Repeat("x", 1_000_000)))
		synctest.Wait()
		close(gate.open)
		p.server.wants(wire("GET", "k"))
		p.server.sends(bulk("v"))
		synctest.Wait() // the large call fills the window: the server does not read it
		if !small.isOver() {
			t.Error("the small call has its reply, but its caller writes for another")
		}
		if large.isOver() {
			t.Error("the large call got a reply that nobody sent")
		}
	})
}

func TestNobodyWritesForOthersForLong(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		o := inMemory(t, 0)
		gate := &gatedDialer{dial: o.dial, open: make(chan struct{}), entered: make(chan string)}
		p := connect(t, o, conn.Config{Dialer: gate.Dial})
		gate.shut()
		close(gate.open)
		first := p.start(context.Background(), command("GET", "0"))
		var others []*pending
		for i := range 20 { // each comes while the one before is being written
			synctest.Wait()
			others = append(others, p.start(t.Context(), command("GET", "n")))
			synctest.Wait()
			<-gate.entered
			if i == 10 {
				p.server.sends(bulk("0"))
				first.gets("0") // although it was its caller who began to write for all
			}
		}
		<-gate.entered
		p.server.wants(wire("GET", "0") + strings.Repeat(wire("GET", "n"), 20))
		p.server.sends(strings.Repeat(bulk("n"), 20))
		for _, o := range others {
			o.gets("n")
		}
	})
}

func TestLargeReplyHoldsBack(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		p := connect(t, inMemory(t, 0), conn.Config{})
		large := p.start(context.Background(), command("GET", "large"))
		p.server.wants(wire("GET", "large"))
		value := strings.Repeat("x", 300_000)
		raw := bulk(value)
		if p.HeldBack() {
			t.Error("held back before the reply began")
		}
		p.server.sends(raw[:1000])
		synctest.Wait()
		if !p.HeldBack() {
			t.Error("299,000 bytes are missing, but it is not held back")
		}
		for sent := 1000; sent < 250_000; sent += 10_000 {
			p.server.sends(raw[sent : sent+10_000])
		}
		synctest.Wait()
		if p.HeldBack() {
			t.Error("held back by less than 64 KiB")
		}
		p.server.sends(raw[251_000:])
		large.gets(value)
		if p.HeldBack() {
			t.Error("held back after the reply")
		}
	})
}

func TestWriteErrorOfALargeCall(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		p := connect(t, inMemory(t, 100_000), conn.Config{})
		large := p.start(context.Background(), command("SET", "k", strings.Repeat("x", 1_000_000)))
		synctest.Wait()
		behind := p.start(context.Background(), command("GET", "k"))
		synctest.Wait()
		p.server.Close() // with bytes unread: an RST
		e := large.fails(conn.AwaitingReply, nil)
		if errors.Is(e, io.EOF) || errors.Is(e, os.ErrDeadlineExceeded) {
			t.Errorf("%v, want the reset", e)
		}
		behind.fails(conn.Writing, nil)
		<-p.Closed()
		if cause := p.Info().Cause; cause != conn.PeerReset {
			t.Errorf("it ended because of %q", cause)
		}
	})
}
