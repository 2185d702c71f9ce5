package fairlead_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/fairlead-go/fairlead"
	"github.com/fairlead-go/fairlead/redis"
	"github.com/fairlead-go/fairlead/redistest"
)

func TestShutdownServerSucceedsByTheServersEnd(t *testing.T) {
	t.Parallel()
	s := redistest.Start(t)
	c := openTo(t, &fairlead.Options{Addr: s.Addr(), Retry: fairlead.Retry{MaxRetries: -1}})
	if err := c.ShutdownServerAbort(context.Background()); err == nil || !strings.Contains(err.Error(), "No shutdown in progress") {
		t.Errorf("there is nothing to abort, and the server says so: %v", err)
	}
	if err := c.ShutdownServerNoSave(context.Background()); err != nil {
		t.Errorf("the server ended, which is the answer to SHUTDOWN: %v", err)
	}
	if _, err := c.Ping(context.Background()); !fairlead.NotRun(err) {
		t.Errorf("after SHUTDOWN there is no server: %v", err)
	}
}

func TestWaitBelongsOnTheConnectionOfTheWrites(t *testing.T) {
	t.Parallel()
	s := redistest.Start(t)
	c := openTo(t, &fairlead.Options{Addr: s.Addr()})
	ctx := context.Background()
	if _, err := c.Wait(ctx, 1, time.Millisecond); err == nil || !strings.Contains(err.Error(), "Client.Conn") || !fairlead.NotRun(err) {
		t.Errorf("on a shared connection WAIT would count others' writes: %v", err)
	}
	own, err := c.Conn(ctx)
	if err != nil {
		t.Fatal(err)
	}
	defer own.Close()
	if n, err := own.Wait(ctx, 0, time.Millisecond); n != 0 || err != nil {
		t.Errorf("WAIT 0 on a connection of one's own: %d, %v; want no replica and no error", n, err)
	}
	p := c.Pipeline()
	fairlead.Queue(p, redis.Set("k", "v", 0))
	n := fairlead.Queue(p, redis.Wait(1, time.Millisecond))
	if err := p.Exec(ctx); err != nil {
		t.Fatal(err)
	}
	if got, err := n.Result(); got != 0 || err != nil {
		t.Errorf("WAIT behind its write in one pipe: %d, %v; want 0 replicas after its time", got, err)
	}
}
