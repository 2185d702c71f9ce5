package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"sync"
	"time"

	"github.com/urfave/cli/v3"

	"github.com/fairlead-go/fairlead/cmd/fairlead/internal/demo"
	"github.com/fairlead-go/fairlead/cmd/fairlead/internal/figures"
	"github.com/fairlead-go/fairlead/cmd/fairlead/internal/live"
)

func demoCommand() *cli.Command {
	return &cli.Command{
		Name:      "demo",
		Usage:     "see an application work while its server is killed, and what became of every change",
		UsageText: "fairlead demo [option…]",
		Description: `Nothing has to run for this. A redis-server or valkey-server found on PATH (or named in $FAIRLEAD_REDIS_SERVER) is started
on a free port, with every change on disk before it is acknowledged; without one a server inside this program is used.
Goroutines then work through the library: sessions, counters, a leaderboard, a queue with consumers that block, and
transactions. Half way the server is killed (kill -9) and started again. At the end what the server holds is compared
with what was acknowledged: no acknowledged change may be lost, none made twice. $REDIS_URL is not used.

` + exitHelp,
		Flags: []cli.Flag{
			&cli.StringFlag{Name: "url", Usage: "refused: the demonstration kills its server, so it only works with one of its own", DefaultText: "none"},
			&cli.IntFlag{Name: "goroutines", Usage: "how many goroutines work", Value: 256},
			&cli.DurationFlag{Name: "duration", Usage: "for how long", Value: 10 * time.Second},
			&cli.StringFlag{Name: "server", Usage: "the server `PROGRAM` to start, or " + demo.Embedded, DefaultText: "what is found"},
			&cli.BoolFlag{Name: "json", Usage: "print one JSON object; what happens meanwhile goes to standard error"},
		},
		Action: runDemo,
	}
}

func runDemo(ctx context.Context, cmd *cli.Command) error {
	if err := noArguments(cmd); err != nil {
		return err
	}
	if cmd.IsSet("url") {
		return usagef("demo kills its server half way, so it works only with a server that it has started itself: leave --url out")
	}
	o := demo.Options{Goroutines: cmd.Int("goroutines"), Duration: cmd.Duration("duration"), Server: cmd.String("server")}
	if err := o.Check(); err != nil {
		return usageError{err}
	}
	ctx, out := watchOutput(ctx, liveWriter(cmd))
	report, err := demo.Run(ctx, o, screen(out, o.Duration))
	if err != nil {
		return err
	}
	if cmd.Bool("json") {
		err = report.WriteJSON(cmd.Root().Writer)
	} else {
		err = report.Write(cmd.Root().Writer)
	}
	return errors.Join(err, report.Err())
}

// screen shows a demonstration: notes by themselves until there are figures, then between those.
func screen(out io.Writer, lasts time.Duration) demo.Screen {
	var mu sync.Mutex // guards line
	var line *live.Line
	current := func() *live.Line {
		mu.Lock()
		defer mu.Unlock()
		return line
	}
	return demo.Screen{
		Note: func(format string, args ...any) {
			if l := current(); l != nil {
				l.Note(format, args...)
				return
			}
			fmt.Fprintf(out, format+"\n", args...)
		},
		Figures: func(progress func() demo.Progress) func() {
			var rate live.Rate
			rate.PerSecond(0)
			mu.Lock()
			defer mu.Unlock()
			line = live.Start(out, live.IsTerminal(out), lasts, func() string { return describe(progress(), &rate) })
			return line.Stop
		},
	}
}

func describe(p demo.Progress, rate *live.Rate) string {
	text := fmt.Sprintf("%s commands/s, %s, %s", figures.Count(int64(rate.PerSecond(p.Commands))),
		figures.Counted(int64(p.Connections), "connection"), figures.Counted(p.Errors, "error"))
	if p.ServerDown {
		text += ", the server is down"
	}
	return text
}
