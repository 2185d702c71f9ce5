package conn_test

import (
	"context"
	"fmt"
	"testing"
	"testing/synctest"

	"github.com/fairlead-go/fairlead/internal/conn"
)

// A flusher that lets others append is not waited for once enough of them have: the one with whom it is enough writes for all.
func TestRipeBufferIsWrittenWhileTheFlusherWaits(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		p := connect(t, inMemory(t, 0), conn.Config{})
		first := p.start(context.Background(), command("GET", "first"))
		p.server.wants(wire("GET", "first"))
		p.Crowds()
		back := make(chan struct{})
		p.WhileYielding(func() { <-back })

		var calls []*pending
		for i := range conn.LeastRipe {
			p.server.wantsNothing() // those before wait for more
			calls = append(calls, p.start(context.Background(), command("GET", fmt.Sprint(i))))
			synctest.Wait()
		}
		for i := range calls {
			p.server.wants(wire("GET", fmt.Sprint(i)))
		}

		late := p.start(context.Background(), command("GET", "late")) // it finds nobody flushing, and waits for more itself
		synctest.Wait()
		p.server.wantsNothing()
		close(back) // both are back: one has nothing left to write, the other writes its own
		p.server.wants(wire("GET", "late"))
		synctest.Wait()
		p.server.wantsNothing()

		p.server.sends(bulk("v"))
		first.gets("v")
		for i, call := range calls {
			p.server.sends(bulk(fmt.Sprint("v", i)))
			call.gets(fmt.Sprint("v", i))
		}
		p.server.sends(bulk("v"))
		late.gets("v")
	})
}
