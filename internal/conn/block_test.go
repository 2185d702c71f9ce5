package conn_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"

	"github.com/fairlead-go/fairlead/internal/conn"
	"github.com/fairlead-go/fairlead/redistest"
)

func TestBlockTravelsInOnePiece(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		o := inMemory(t, 0)
		gate := &gatedDialer{dial: o.dial, open: make(chan struct{}), entered: make(chan string, 10)}
		p := connect(t, o, conn.Config{Dialer: gate.Dial})
		gate.shut()
		before := p.start(context.Background(), command("GET", "before"))
		synctest.Wait()
		many := block("MULTI", "INCR n", "EXEC")
		many.Tx, many.DB = true, 1
		tx := p.start(context.Background(), many)
		synctest.Wait()
		after := p.start(context.Background(), command("GET", "after"))
		synctest.Wait()
		close(gate.open)
		p.server.wants(wires("GET before", "SELECT 1", "MULTI", "INCR n", "EXEC", "GET after"))
		p.server.sends(bulk("b") + "+OK\r\n+OK\r\n+QUEUED\r\n*1\r\n:1\r\n" + bulk("a"))
		before.gets("b")
		tx.getsAll("OK", "QUEUED", "")
		after.gets("a")
		if tx.call.Got() != 3 {
			t.Errorf("Got is %d, want 3", tx.call.Got())
		}
	})
}

// A real server's replies show whether blocks of many callers were cut by one another.
func TestBlocksOfManyCallersStayWhole(t *testing.T) {
	t.Parallel()
	c := dial(t, &conn.Config{Addr: redistest.Default(t).Addr()})
	var callers sync.WaitGroup
	for g := range 16 {
		callers.Go(func() {
			key := fmt.Sprint("whole:", g%4) // shared by four callers
			for i := range 50 {
				mine := fmt.Sprintf("%d-%d", g, i)
				call := block("SET "+key+" "+mine, "GET "+key, "APPEND "+key+" !", "GET "+key)
				if err := c.Do(context.Background(), call); err != nil {
					t.Error(err)
					return
				}
				want := []string{"OK", mine, fmt.Sprint(len(mine) + 1), mine + "!"}
				if got := texts(call.Replies); !slices.Equal(got, want) {
					t.Errorf("replies %q, want %q: another caller's command ran in between", got, want)
				}
				call.Free()
			}
		})
	}
	callers.Wait()
}

func TestBlockCutInTheMiddle(t *testing.T) {
	for n := range 4 {
		t.Run(fmt.Sprint(n, " replies"), func(t *testing.T) {
			inBubble(t, func(t *testing.T) {
				p := connect(t, inMemory(t, 0), conn.Config{})
				tx := p.start(context.Background(), block("SET a 1", "SET b 2", "SET c 3", "SET d 4"))
				p.server.wants(wires("SET a 1", "SET b 2", "SET c 3", "SET d 4"))
				p.server.sends(strings.Repeat("+OK\r\n", n) + "+O") // and a part of the next
				synctest.Wait()
				p.server.Close()
				tx.fails(conn.AwaitingReply, io.EOF)
				if tx.call.Got() != n {
					t.Errorf("Got is %d, want %d", tx.call.Got(), n)
				}
				for _, r := range tx.call.Replies[:n] {
					if r.Text() != "OK" {
						t.Errorf("a reply that came is %q", r.Text())
					}
				}
				if sent := tx.call.SentEach(); !slices.Equal(sent, []bool{true, true, true, true}) {
					t.Errorf("SentEach is %v: all four had left", sent)
				}
			})
		})
	}
}

// Of a block that the kernel took only a part of, each command says for itself whether any byte of it left.
func TestBlockWrittenInPart(t *testing.T) {
	all := wires("SET a 1", "SET b 2", "SET c 3")
	one := len(all) / 3
	for _, test := range []struct {
		taken int
		sent  []bool
	}{
		{1, []bool{true, false, false}},
		{one, []bool{true, false, false}},
		{one + 1, []bool{true, true, false}},
		{2 * one, []bool{true, true, false}},
		{3*one - 1, []bool{true, true, true}},
	} {
		t.Run(fmt.Sprint(test.taken, " bytes"), func(t *testing.T) {
			inBubble(t, func(t *testing.T) {
				o := inMemory(t, 0)
				gate := &failingDialer{dial: o.dial, after: len(helloCommand) + test.taken, err: errBroken}
				p := connect(t, o, conn.Config{Dialer: gate.Dial})
				set := p.start(context.Background(), block("SET a 1", "SET b 2", "SET c 3"))
				p.server.wants(all[:test.taken])
				p.server.Close()
				set.fails(conn.AwaitingReply, errBroken)
				if sent := set.call.SentEach(); !slices.Equal(sent, test.sent) {
					t.Errorf("SentEach is %v, want %v", sent, test.sent)
				}
			})
		})
	}
}

func TestBlockNotWrittenAtAll(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		o := inMemory(t, 0)
		gate := &failingDialer{dial: o.dial, after: len(helloCommand) + len(wire("SELECT", "1")), err: errBroken}
		p := connect(t, o, conn.Config{Dialer: gate.Dial})
		many := block("SET a 1", "SET b 2")
		many.DB = 1
		set := p.start(context.Background(), many)
		p.server.wants(wire("SELECT", "1")) // no byte of the block itself
		set.fails(conn.Writing, errBroken)
		if sent := set.call.SentEach(); !slices.Equal(sent, []bool{false, false}) {
			t.Errorf("SentEach is %v, want none", sent)
		}
	})
}

func TestSentEachOfACallThatGotNoConnection(t *testing.T) {
	t.Parallel()
	if sent := block("SET a 1", "SET b 2").SentEach(); sent != nil {
		t.Errorf("SentEach is %v, want nil", sent)
	}
}

// A repetition that was not sent leaves the question open that its first try has left.
func TestSentEachOfARepetition(t *testing.T) {
	t.Parallel()
	call := block("SET a 1", "SET b 2")
	call.InDoubt = true
	if sent := call.Repeat().SentEach(); !slices.Equal(sent, []bool{true, true}) {
		t.Errorf("SentEach is %v: a try before this one may have run", sent)
	}
}

func TestSentEachOfACancelledBlock(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		o := inMemory(t, 0)
		gate := &gatedDialer{dial: o.dial, open: make(chan struct{}), entered: make(chan string, 10)}
		p := connect(t, o, conn.Config{Dialer: gate.Dial})
		gate.shut()
		first := p.start(context.Background(), command("GET", "a"))
		synctest.Wait()
		ctx, cancel := context.WithCancel(context.Background())
		many := p.start(ctx, block("INCR a", "INCR b"))
		synctest.Wait()
		cancel()
		many.fails(conn.AwaitingReply, context.Canceled)
		if sent := many.call.SentEach(); !slices.Equal(sent, []bool{true, true}) {
			t.Errorf("SentEach is %v: the connection is open and will send both", sent)
		}
		close(gate.open)
		p.server.wants(wires("GET a", "INCR a", "INCR b"))
		p.server.sends(bulk("v"))
		first.gets("v")
	})
}

// A connection that drains still writes what was appended: a block that its caller left meanwhile is in doubt.
func TestSentEachOfABlockCancelledWhileDraining(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		o := inMemory(t, 0)
		gate := &gatedDialer{dial: o.dial, open: make(chan struct{}), entered: make(chan string, 10)}
		p := connect(t, o, conn.Config{Dialer: gate.Dial})
		gate.shut()
		first := p.start(context.Background(), command("GET", "a"))
		synctest.Wait()
		ctx, cancel := context.WithCancel(context.Background())
		many := p.start(ctx, block("MULTI", "INCR a", "EXEC"))
		synctest.Wait()
		p.Drain(conn.LifetimeLimit)
		cancel()
		many.fails(conn.AwaitingReply, context.Canceled)
		if sent := many.call.SentEach(); !slices.Equal(sent, []bool{true, true, true}) {
			t.Errorf("SentEach is %v: the connection will send all of it", sent)
		}
		close(gate.open)
		p.server.wants(wires("GET a", "MULTI", "INCR a", "EXEC"))
		p.server.sends(bulk("v") + "+OK\r\n+QUEUED\r\n*1\r\n:1\r\n")
		first.gets("v")
		p.wantEnd(conn.LifetimeLimit)
	})
}

var errBroken = errors.New("the cable was cut")
