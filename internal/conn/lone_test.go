package conn_test

import (
	"context"
	"errors"
	"net"
	"path/filepath"
	"runtime"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"github.com/fairlead-go/fairlead/internal/conn"
	"github.com/fairlead-go/fairlead/redistest"
	"github.com/fairlead-go/fairlead/resp"
)

// whenPushed is an OnPush that does not look at the push.
func whenPushed(f func()) func(*conn.Conn, resp.Reply) { return func(*conn.Conn, resp.Reply) { f() } }

// onUnix is a listener on a unix socket.
func onUnix(t *testing.T) opener {
	t.Helper()
	path := filepath.Join(t.TempDir(), "redis")
	l, err := net.Listen("unix", path)
	if err != nil {
		t.Skip(err)
	}
	t.Cleanup(func() { l.Close() })
	return opener{l, func(ctx context.Context, _, _ string) (net.Conn, error) {
		var d net.Dialer
		return d.DialContext(ctx, "unix", path)
	}}
}

// exchanges makes the connection one whose lone callers write and read in one visit to the socket.
func (p *pair) exchanges() {
	p.t.Helper()
	if runtime.GOOS == "linux" && !p.Exchanges() {
		p.t.Fatal("no exchange on a socket")
	}
	p.alone()
	redistest.Eventually(p.t, patience, "nobody reads", func() bool { return p.Reader() == "nobody" })
}

// The caller is told to leave before it has begun: its command is sent all the same, and nothing was read yet.
func TestExchangeIsToldToLeaveBeforeItBegins(t *testing.T) {
	t.Parallel()
	p := connect(t, onTCP(t), conn.Config{})
	p.exchanges()
	p.Kick()
	p.get(context.Background())
	p.exchanges()
	p.get(context.Background())
}

func TestExchangeRunsOutOfTime(t *testing.T) {
	t.Parallel()
	p := connect(t, onTCP(t), conn.Config{Timeout: 50 * time.Millisecond})
	p.exchanges()
	p.start(context.Background(), command("GET", "slow")).fails(conn.AwaitingReply, conn.ErrTimeout)
	p.server.wants(wire("GET", "slow"))
	p.server.sends(bulk("late"))
	redistest.Eventually(t, patience, "it is trusted again", p.Usable)
	p.get(context.Background())
}

// The socket takes nothing any more: nothing is lost or waited for.
func TestExchangeThatCannotWrite(t *testing.T) {
	t.Parallel()
	p := connect(t, onUnix(t), conn.Config{})
	p.exchanges()
	p.server.Close()
	p.HeardJustNow()
	call := p.start(context.Background(), command("GET", "k"))
	if runtime.GOOS == "linux" {
		call.fails(conn.Writing, syscall.EPIPE)
	}
	p.wantEnd(conn.PeerReset)
}

func TestCloseInTheMiddleOfAnExchange(t *testing.T) {
	t.Parallel()
	for name, end := range map[string]func(*pair){
		"close": func(p *pair) { p.Close(conn.UserClosed, nil) },
		"reset": func(p *pair) { p.server.resets() },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := connect(t, onTCP(t), conn.Config{})
			p.exchanges()
			call := p.start(context.Background(), command("GET", "k"))
			p.server.wants(wire("GET", "k"))
			end(p)
			call.fails(conn.AwaitingReply, nil)
			<-p.Closed()
		})
	}
}

func TestDrainInTheMiddleOfAnExchange(t *testing.T) {
	t.Parallel()
	p := connect(t, onTCP(t), conn.Config{})
	p.exchanges()
	call := p.start(context.Background(), command("GET", "k"))
	p.server.wants(wire("GET", "k"))
	p.Drain(conn.LifetimeLimit)
	p.server.sends(bulk("v"))
	call.gets("v")
	p.wantEnd(conn.LifetimeLimit)
}

// Last words are waited for only for a moment, even if the caller that reads has to leave meanwhile.
func TestLastWordsAndACallerThatLeaves(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		o := inMemory(t, 0)
		broken := errors.New("broken")
		d := &failingDialer{dial: o.dial, err: broken,
			after: len(helloCommand) + 3*len(wire("PING")) + len(wire("GET", "k")) + len(wire("BLPOP", "q", "0"))}
		p := connect(t, o, conn.Config{Dialer: d.Dial, Timeout: time.Second})
		p.alone()
		synctest.Wait()
		reading := p.reads(context.Background())
		pop := command("BLPOP", "q", "0")
		pop.Block = -1
		waiting := p.start(context.Background(), pop)
		p.server.wants(wire("BLPOP", "q", "0"))
		<-time.After(950 * time.Millisecond)
		p.start(context.Background(), command("INCR", "n")).fails(conn.Writing, broken)
		reading.fails(conn.AwaitingReply, conn.ErrTimeout)
		<-time.After(time.Second)
		synctest.Wait()
		if !waiting.isOver() {
			t.Fatal("a reply is waited for without end, though the server cannot be reached")
		}
		waiting.fails(conn.AwaitingReply, broken)
	})
}
