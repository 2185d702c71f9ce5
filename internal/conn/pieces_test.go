package conn_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/fairlead-go/fairlead/internal/conn"
	"github.com/fairlead-go/fairlead/redis"
	"github.com/fairlead-go/fairlead/redistest"
	"github.com/fairlead-go/fairlead/resp"
)

// numbered is n bytes that tell where they are, so that none can be lost, doubled or moved unseen.
func numbered(n int) string {
	b := make([]byte, 0, n+8)
	for i := 0; len(b) < n; i += 8 {
		b = fmt.Appendf(b, "%07x,", i)
	}
	return string(b[:n])
}

// lending is a call whose last argument is the caller's bytes.
func lending(b []byte, words ...string) *conn.Call {
	args := make([]any, 0, len(words))
	for _, w := range words[1:] {
		args = append(args, w)
	}
	call := conn.NewCall()
	call.Request, call.DB = redis.New[resp.Reply](words[0], append(args, b)...).Request, conn.AnyDB
	return call
}

// wantsLong is wants for what would not fit on a screen.
func (p *peer) wantsLong(raw string) {
	p.t.Helper()
	p.SetReadDeadline(time.Now().Add(patience))
	got := make([]byte, len(raw))
	n, err := io.ReadFull(p.r, got)
	if string(got[:n]) == raw {
		return
	}
	at := 0
	for at < n && got[at] == raw[at] {
		at++
	}
	p.t.Fatalf("the server read %d bytes (%v) that from %d on are %.60q, want %.60q", n, err, at, got[at:n], raw[at:])
}

// Long values, whether strings or bytes, arrive in their places to the byte, by any kind of socket.
func TestLongValues(t *testing.T) {
	t.Parallel()
	long, longer := numbered(64<<10), numbered(3<<20)
	unix, err := net.Listen("unix", filepath.Join(t.TempDir(), "s"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { unix.Close() })
	for _, c := range []struct {
		name string
		open opener
	}{
		{"TCP", onTCP(t)},
		{"unix", opener{unix, dialUnix}},
		{"a conn of the user's", inMemory(t, 100_000)},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			p := connect(t, c.open, conn.Config{})
			for _, step := range []struct {
				call *conn.Call
				want string
			}{
				{command("SET", "k", longer), wire("SET", "k", longer)},
				{lending([]byte(longer), "SET", "k"), wire("SET", "k", longer)},
				{command("MSET", "a", long, "b", "short", "c", longer), wire("MSET", "a", long, "b", "short", "c", longer)},
				{lending([]byte(long), "MSET", long, longer, longer), wire("MSET", long, longer, longer, long)},
				{command("SET", "k", long[1:]), wire("SET", "k", long[1:])},
				{command("PING"), wire("PING")},
			} {
				call := p.start(context.Background(), step.call)
				p.server.wantsLong(step.want)
				p.server.sends("+OK\r\n")
				call.gets("OK")
			}
			many := p.start(context.Background(), block("GET a", "SET b "+longer, "GET c", "SET d "+long, "SET e "+long))
			p.server.wantsLong(wires("GET a", "SET b "+longer, "GET c", "SET d "+long, "SET e "+long))
			p.server.sends("+1\r\n+2\r\n+3\r\n+4\r\n+5\r\n")
			many.getsAll("1", "2", "3", "4", "5")
		})
	}
}

func TestLongValuesOverTLS(t *testing.T) {
	t.Parallel()
	server := redistest.Start(t, redistest.TLS())
	c := dial(t, &conn.Config{Addr: server.TLSAddr(), TLS: named(server.TLSConfig())})
	text := numbered(1 << 20)
	for name, call := range map[string]*conn.Call{"a string": command("ECHO", text), "bytes": lending([]byte(text), "ECHO")} {
		if err := c.Do(context.Background(), call); err != nil || call.Reply.Text() != text {
			t.Errorf("ECHO of %s: %d bytes, error %v, want what was sent", name, len(call.Reply.Text()), err)
		}
	}
}

// A call that returns gives its caller's bytes back, whatever made it return: the server gets them as they were.
func TestLentBytesMayChangeAfterTheCall(t *testing.T) {
	was, rest := numbered(1_000_000), wire("SET", "k", numbered(1_000_000))
	for _, c := range []struct {
		name    string
		timeout time.Duration // of the connection
		returns func(p *pair, cancel context.CancelFunc)
		want    error
	}{
		{"its context ends", 0, func(_ *pair, cancel context.CancelFunc) { cancel() }, context.Canceled},
		{"its time is over", 10 * time.Second, func(*pair, context.CancelFunc) { time.Sleep(10 * time.Second) }, conn.ErrTimeout},
		{"the server answers at once", 0, func(p *pair, _ context.CancelFunc) { p.server.sends("-OOM no memory\r\n") }, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			inBubble(t, func(t *testing.T) {
				p := connect(t, inMemory(t, 100_000), conn.Config{Timeout: c.timeout})
				ctx, cancel := context.WithCancel(context.Background())
				defer cancel()
				lent := []byte(was)
				call := p.start(ctx, lending(lent, "SET", "k"))
				synctest.Wait() // the window is full
				p.server.wantsLong(rest[:50_000])
				c.returns(p, cancel)
				<-call.done
				if c.want == nil && call.err != nil || !errors.Is(call.err, c.want) {
					t.Errorf("error %v, want %v", call.err, c.want)
				}
				clear(lent)
				p.server.wantsLong(rest[50_000:])
			})
		})
	}
}

// A conn of the user's may keep or change what it is given to write, against the contract: it is given copies.
func TestConnOfTheUsersGetsCopies(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		o := inMemory(t, 0)
		p := connect(t, o, conn.Config{Dialer: func(ctx context.Context, network, addr string) (net.Conn, error) {
			c, err := o.dial(ctx, network, addr)
			return wiping{c}, err
		}})
		text := strings.Clone(numbered(300_000))
		set := p.start(context.Background(), command("SET", "k", text))
		p.server.wantsLong(wire("SET", "k", numbered(300_000)))
		p.server.sends("+OK\r\n")
		set.gets("OK")
		if text != numbered(300_000) {
			t.Error("the caller's string has changed")
		}
	})
}

// A wiping conn clears what it has written.
type wiping struct{ net.Conn }

func (c wiping) Write(b []byte) (int, error) {
	n, err := c.Conn.Write(b)
	clear(b)
	return n, err
}

// What a write that failed part-way had taken counts as sent, and nothing behind it.
func TestWriteErrorWithinLongValues(t *testing.T) {
	long := strings.Repeat("x", 70_000)
	first, second := len(wire("SET", "a", long)), len(wire("SET", "b", long))
	for _, c := range []struct {
		taken int
		want  []bool
	}{
		{0, []bool{false, false, false}},
		{1, []bool{true, false, false}},
		{first - 1, []bool{true, false, false}},
		{first, []bool{true, false, false}},
		{first + 1, []bool{true, true, false}},
		{first + second - 1, []bool{true, true, false}},
		{first + second + 5, []bool{true, true, true}},
	} {
		t.Run(fmt.Sprint(c.taken, " bytes taken"), func(t *testing.T) {
			inBubble(t, func(t *testing.T) {
				o := inMemory(t, 1<<20)
				d := &failingDialer{o.dial, len(helloCommand) + c.taken, errors.New("no more")}
				p := connect(t, o, conn.Config{Dialer: d.Dial})
				call := p.start(context.Background(), block("SET a "+long, "SET b "+long, "GET c"))
				<-call.done
				phase := conn.Writing
				if c.want[0] {
					phase = conn.AwaitingReply
				}
				wantCallError(t, call.err, phase, nil)
				if got := call.call.SentEach(); !slices.Equal(got, c.want) {
					t.Errorf("sent %v, want %v", got, c.want)
				}
			})
		})
	}
}

// The same where the kernel says how much it took. It tells the writer or the reader first of the reset, as it likes; the reader does
// not know how far the writer came, and takes all for sent.
func TestResetWithinLongValues(t *testing.T) {
	t.Parallel()
	for range 20 {
		sent := resetWithinLongValues(t)
		switch {
		case slices.Equal(sent, []bool{true, false}):
			return
		case !slices.Equal(sent, []bool{true, true}):
			t.Fatalf("sent %v, want the first alone, or both", sent)
		}
	}
	t.Error("the second value counts as sent, though nothing of it was")
}

func resetWithinLongValues(t *testing.T) (sent []bool) {
	p := connect(t, onTCP(t), conn.Config{})
	long := strings.Repeat("x", 32<<20) // more than the kernel holds
	sets := block("SET a b", "SET b c")
	sets.Many = []redis.Request{request("SET", "a", long), request("SET", "b", long)}
	call := p.start(context.Background(), sets)
	p.server.wantsLong("*3\r\n$3\r\nSET\r\n$1\r\na\r\n$33554432\r\n" + long[:1<<20])
	p.server.resets()
	call.fails(conn.AwaitingReply, nil)
	return call.call.SentEach()
}

// Long values count as what waits to be written, though they are not in the buffer.
func TestLongValuesWaitForRoom(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		o := inMemory(t, 0)
		gate := &gatedDialer{dial: o.dial, open: make(chan struct{}), entered: make(chan string, 10)}
		p := connect(t, o, conn.Config{WriteBuffer: 300_000, Dialer: gate.Dial})
		gate.shut()
		first := p.start(context.Background(), command("GET", "k"))
		<-gate.entered // it is being written
		long := numbered(200_000)
		second := p.start(context.Background(), command("SET", "a", long))
		synctest.Wait()
		if got, want := p.Waiting(), len(wire("SET", "a", long)); got != want {
			t.Errorf("%d bytes wait to be written, want %d", got, want)
		}
		ctx, cancel := context.WithCancel(context.Background())
		third := p.start(ctx, command("SET", "b", long))
		synctest.Wait()
		cancel()
		<-third.done
		if third.err != context.Canceled {
			t.Errorf("error %v, want the context's alone: nothing of the call was sent", third.err)
		}
		close(gate.open)
		p.server.wantsLong(wire("GET", "k") + wire("SET", "a", long))
		p.server.sends("+1\r\n+2\r\n")
		first.gets("1")
		second.gets("2")
		synctest.Wait()
		p.server.wantsNothing()
	})
}

// Many callers lend their bytes, leave when they like, and write over them: under the race detector nobody reads those then,
// and no reply is another's.
func TestLendersLeave(t *testing.T) {
	t.Parallel()
	c := dial(t, &conn.Config{Addr: redistest.Default(t).Addr()})
	var all sync.WaitGroup
	for number := range 4 {
		all.Go(func() {
			r := rand.New(rand.NewPCG(uint64(number), 5))
			for range 60 {
				lent := bytes.Repeat([]byte{byte('a' + number)}, 60_000+r.IntN(400_000))
				want := string(lent)
				ctx, cancel := context.WithTimeout(context.Background(), time.Duration(r.IntN(3000))*time.Microsecond)
				if r.IntN(2) == 0 {
					ctx, cancel = context.WithTimeout(context.Background(), patience)
				}
				call := lending(lent, "ECHO")
				err := c.Do(ctx, call)
				cancel()
				clear(lent)
				switch {
				case err == nil && call.Reply.Text() != want:
					t.Errorf("a reply of %d bytes is not what was sent", len(call.Reply.Text()))
				case err != nil && !errors.Is(err, context.DeadlineExceeded):
					t.Error(err)
				}
				call.Free()
			}
		})
	}
	all.Wait()
}
