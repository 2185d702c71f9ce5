package demo

import (
	"context"
	"fmt"
	"time"

	"github.com/fairlead-go/fairlead/cmd/fairlead/internal/figures"
)

// timetable waits half of the time, kills the server, restarts it, and waits for the other half.
func (s *show) timetable(ctx context.Context) error {
	end := time.After(s.options.Duration)
	if err := wait(ctx, time.After(s.options.Duration/2)); err != nil {
		return err
	}
	if err := s.outage(ctx); err != nil {
		return err
	}
	return wait(ctx, end)
}

// wait returns when the time has come; the error is that of the context, if it ends before.
func wait(ctx context.Context, until <-chan time.Time) error {
	select {
	case <-until:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

// outage kills the server, leaves it dead for a while, restarts it, and returns when it answers again.
func (s *show) outage(ctx context.Context) error {
	s.killing = s.server.killing()
	s.screen.Note("%s", s.killing)
	s.down.Store(true)
	s.server.kill()
	killed := time.Now()
	if err := wait(ctx, time.After(s.options.outage())); err != nil {
		return err
	}
	restarted := make(chan error, 1)
	go func() { restarted <- s.server.restart() }() // ends when the server answers or has failed to start
	answered := make(chan struct{})
	looking, stop := context.WithCancel(ctx)
	defer stop()
	go func() { // ends with looking at the latest
		defer close(answered)
		awaitPong(looking, s.server.addr(), s.stage.recovery.serverBack)
	}()
	if err := <-restarted; err != nil {
		return fmt.Errorf("the server did not come back: %w", err)
	}
	<-answered
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	s.down.Store(false)
	s.screen.Note("the server answers again, %s after it was killed", figures.Duration(time.Since(killed)))
	return nil
}

// probeEvery is how finely the server's return is looked for.
const probeEvery = time.Millisecond

// awaitPong asks for PONG over a new connection each time, and calls back as soon as it comes.
func awaitPong(ctx context.Context, addr string, back func()) {
	tick := time.NewTicker(probeEvery)
	defer tick.Stop()
	for !pongs(ctx, addr, back) {
		select {
		case <-tick.C:
		case <-ctx.Done():
			return
		}
	}
}

// pongs reports whether the server answers, after it has called back.
func pongs(ctx context.Context, addr string, back func()) bool {
	look, err := dialPlain(ctx, addr)
	if err != nil {
		return false
	}
	defer look.close()
	if answer, err := look.text("PING"); err != nil || answer != "PONG" {
		return false
	}
	back()
	return true
}
