package conn_test

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"github.com/fairlead-go/fairlead/internal/conn"
)

// A connection is busy while calls met on it lately: then a large reply, or a large request, would hold somebody back.
func TestBusy(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		p := connect(t, inMemory(t, 0), conn.Config{})
		busy := func(want bool, why string) {
			t.Helper()
			if p.Busy() != want {
				t.Errorf("busy: %v, want %v: %s", p.Busy(), want, why)
			}
		}
		begin := func(key string) *pending {
			call := p.start(context.Background(), command("GET", key))
			p.server.wants(wire("GET", key))
			return call
		}
		busy(false, "nobody has used it yet")
		<-time.After(time.Second)
		p.alone()
		busy(false, "calls in a row did not meet")

		first := begin("a")
		busy(false, "it is alone so far")
		<-time.After(100 * time.Millisecond)
		second := begin("b")
		busy(true, "two calls are under way")
		p.server.sends(bulk("1") + bulk("2"))
		first.gets("1")
		second.gets("2")
		<-time.After(time.Second - time.Nanosecond)
		busy(true, "that was within the last second")
		<-time.After(time.Nanosecond)
		busy(false, "now it was not")

		p.alone()
		busy(false, "a lone caller has come back")
		first, second = begin("a"), begin("b")
		<-time.After(2 * time.Second)
		busy(false, "they met two seconds ago, and nobody has come since")
		third := begin("c")
		busy(true, "the third met both")
		p.Close(conn.UserClosed, nil)
		busy(true, "its end changes nothing about that; Usable says that it is over")
		for _, call := range []*pending{first, second, third} {
			call.fails(conn.AwaitingReply, nil)
		}
	})
}

// Standing tells both things at once that Owes and Usable tell.
func TestStanding(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		p := connect(t, inMemory(t, 0), conn.Config{Timeout: time.Second})
		stands := func(owes int, usable bool, why string) {
			t.Helper()
			gotOwes, gotUsable := p.Standing()
			if gotOwes != owes || gotUsable != usable {
				t.Errorf("it owes %d, usable: %v; want %d, %v: %s", gotOwes, gotUsable, owes, usable, why)
			}
			if gotOwes != p.Owes() || gotUsable != p.Usable() {
				t.Errorf("it owes %d, usable: %v; Owes and Usable say %d, %v", gotOwes, gotUsable, p.Owes(), p.Usable())
			}
		}
		stands(0, true, "it was just opened")
		first := p.start(context.Background(), command("GET", "a"))
		p.server.wants(wire("GET", "a"))
		stands(1, true, "a call is under way")
		second := p.start(context.Background(), block("GET b", "GET c"))
		p.server.wants(wires("GET b", "GET c"))
		stands(2, true, "a block counts as one")
		first.fails(conn.AwaitingReply, conn.ErrTimeout)
		second.fails(conn.AwaitingReply, conn.ErrTimeout)
		stands(2, false, "the server is silent: its replies are still owed, and it takes no calls")
		p.server.sends(bulk("1"))
		synctest.Wait()
		stands(1, true, "it is back")
		third := p.start(context.Background(), command("GET", "d"))
		p.server.wants(wire("GET", "d"))
		p.Drain(conn.Topology)
		stands(2, false, "it only delivers what it owes")
		p.server.sends(bulk("2") + bulk("3") + bulk("4"))
		third.gets("4")
		<-p.Closed()
		stands(0, false, "it is closed")
	})
}
