package demo

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/fairlead-go/fairlead"
	"github.com/fairlead-go/fairlead/cmd/fairlead/internal/latency"
)

// A Screen shows what happens. Its functions may be called by any goroutine.
type Screen struct {
	// Note shows an event.
	Note func(format string, args ...any)
	// Figures begins to show how far the work is, and returns a function that ends that.
	Figures func(progress func() Progress) (hide func())
}

// Progress is how far the work is.
type Progress struct {
	Commands    int64
	Errors      int64
	Connections int
	ServerDown  bool
}

// A show is one demonstration.
type show struct {
	options   Options
	screen    Screen
	server    server
	pool      *fairlead.Pool
	stage     stage
	jobs      [kinds]job
	latencies *latency.Recorder
	commands  atomic.Int64 // that got their reply
	down      atomic.Bool  // the server was killed and has not answered since
	killing   string       // how the server was killed
}

// Run starts a server, works with it, kills it half way, and checks it at the end. The server has ended when Run returns,
// however that comes about. The error says why there is no report: the server did not start or restart, or did not answer
// the check, or ctx has ended.
func Run(ctx context.Context, o Options, screen Screen) (*Report, error) {
	own, err := startServer(ctx, o.Server, screen.Note)
	if err != nil {
		return nil, fmt.Errorf("the server did not start: %w", err)
	}
	defer own.close()
	screen.Note("%s at %s", own.name(), own.addr())
	return runWith(ctx, own, o, screen)
}

// runWith is Run with a server that is there.
func runWith(ctx context.Context, own server, o Options, screen Screen) (*Report, error) {
	s := &show{options: o, screen: screen, server: own, latencies: latency.NewRecorder()}
	if err := s.connect(); err != nil {
		return nil, err
	}
	defer s.pool.Close()
	elapsed, err := s.perform(ctx)
	if err != nil {
		return nil, err
	}
	return s.report(ctx, elapsed)
}

// connect makes the client under test: one pool with the library's own defaults, that tells of every command.
func (s *show) connect() error {
	options, err := fairlead.ParseURL(s.server.url())
	if err != nil {
		return err
	}
	options.Trace = &fairlead.Trace{CommandEnd: s.commandEnded}
	if s.pool, err = fairlead.NewPool(options); err != nil {
		return err
	}
	s.stage.client = fairlead.NewClient(s.pool)
	s.stage.stopping = make(chan struct{})
	return nil
}

// commandEnded counts what got its reply. The time of a command that waits for an element is not a latency.
func (s *show) commandEnded(_ context.Context, c fairlead.TraceCommand, took time.Duration, err error) {
	if err != nil {
		return
	}
	s.commands.Add(int64(c.Commands))
	if !strings.HasPrefix(c.Name, "BL") {
		s.latencies.Record(took)
	}
}

// perform does the work until the time is over, with the outage half way, and returns how long it took.
func (s *show) perform(ctx context.Context) (time.Duration, error) {
	q := &queue{stage: &s.stage}
	s.jobs = [kinds]job{
		sessions: &sessionWork{stage: &s.stage}, counters: &counterWork{stage: &s.stage}, leaderboard: &boardWork{stage: &s.stage},
		producers: producerWork{q}, consumers: consumerWork{q}, transfers: &transferWork{stage: &s.stage},
	}
	for _, j := range s.jobs {
		if err := j.prepare(ctx); err != nil {
			return 0, fmt.Errorf("cannot prepare %s: %w", j.title(), err)
		}
	}
	turns := s.workers()
	began := time.Now()
	s.stage.recovery.began = began
	hide := s.screen.Figures(s.progress)
	defer hide()
	var working sync.WaitGroup
	for _, turn := range turns {
		working.Go(func() { s.work(ctx, turn) })
	}
	err := s.timetable(ctx)
	close(s.stage.stopping)
	working.Wait()
	return time.Since(began), err
}

// workers returns what each goroutine does.
func (s *show) workers() []func(context.Context) bool {
	var turns []func(context.Context) bool
	for k, n := range shares(s.options.Goroutines) {
		for range n {
			turns = append(turns, s.jobs[k].worker())
		}
	}
	return turns
}

// work takes turns until the show ends.
func (s *show) work(ctx context.Context, turn func(context.Context) bool) {
	for !s.stage.isStopping() && ctx.Err() == nil {
		if !turn(ctx) {
			s.stage.pause(longestPause)
		}
	}
}

func (s *show) progress() Progress {
	return Progress{
		Commands: s.commands.Load(), Errors: s.stage.failures.Total(),
		Connections: s.pool.Stats().Open, ServerDown: s.down.Load(),
	}
}
