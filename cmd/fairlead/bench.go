package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/urfave/cli/v3"

	"github.com/fairlead-go/fairlead/cmd/fairlead/internal/figures"
	"github.com/fairlead-go/fairlead/cmd/fairlead/internal/live"
	"github.com/fairlead-go/fairlead/cmd/fairlead/internal/load"
)

func benchCommand() *cli.Command {
	return &cli.Command{
		Name:      "bench",
		Usage:     "measure a server under a load of GET and SET",
		UsageText: "fairlead bench [option…]",
		Description: `Without --rate each goroutine sends the next command when the last one was answered. With --rate commands become due
at that rate, and a latency counts from the time when its command was due: a server that stalls cannot hide it by
answering fewer commands. The length of every reply to GET is checked. The keys, which begin with fairlead:bench:,
are written first and removed at the end. Status 1 also means that a reply was wrong, or that no command succeeded.

` + exitHelp,
		Flags: []cli.Flag{
			urlFlag(),
			&cli.IntFlag{Name: "goroutines", Usage: "how many goroutines send commands", Value: 64},
			&cli.FloatFlag{Name: "rate", Usage: "how many commands become due per second; 0: as many as are answered"},
			&cli.IntFlag{Name: "keys", Usage: "how many keys are used", Value: 10_000},
			&cli.IntFlag{Name: "value-size", Usage: "how many bytes a value has", Value: 64},
			&cli.IntFlag{Name: "pipeline", Usage: "how many commands travel together", Value: 1},
			&cli.DurationFlag{Name: "duration", Usage: "for how long", Value: 10 * time.Second},
			&cli.FloatFlag{Name: "read-ratio", Usage: "which part of the commands is GET, from 0 to 1", Value: 0.9},
			&cli.BoolFlag{Name: "json", Usage: "print one JSON object; the live figures go to standard error"},
		},
		Action: runBench,
	}
}

func runBench(ctx context.Context, cmd *cli.Command) error {
	if err := noArguments(cmd); err != nil {
		return err
	}
	o := load.Options{
		Goroutines: cmd.Int("goroutines"), Rate: cmd.Float("rate"), Keys: cmd.Int("keys"), ValueSize: cmd.Int("value-size"),
		Pipeline: cmd.Int("pipeline"), Duration: cmd.Duration("duration"), ReadRatio: cmd.Float("read-ratio"),
	}
	if err := o.Check(); err != nil {
		return usageError{err}
	}
	server, err := options(cmd)
	if err != nil {
		return err
	}
	client, closeBoth, err := open(server)
	if err != nil {
		return err
	}
	defer closeBoth()
	ctx, shown := watchOutput(ctx, liveWriter(cmd))
	result, err := load.Run(ctx, client, o, showLoad(shown, o.Duration))
	if result == nil || ctx.Err() != nil {
		return err
	}
	out := cmd.Root().Writer
	if cmd.Bool("json") {
		err = errors.Join(err, result.WriteJSON(out))
	} else {
		err = errors.Join(err, result.Write(out))
	}
	return errors.Join(err, judge(result))
}

// judge returns an error if the result says that something is wrong.
func judge(r *load.Result) error {
	switch {
	case r.Wrong > 0:
		return fmt.Errorf("wrong replies: %s", figures.Count(r.Wrong))
	case r.Commands == 0:
		return errors.New("not one command was answered as it should be")
	}
	return nil
}

// showLoad shows how far a load is.
func showLoad(out io.Writer, lasts time.Duration) func(func() load.Progress) func() {
	return func(progress func() load.Progress) func() {
		var rate live.Rate
		rate.PerSecond(0)
		line := live.Start(out, live.IsTerminal(out), lasts, func() string {
			p := progress()
			return fmt.Sprintf("%s commands/s, %s, %s", figures.Count(int64(rate.PerSecond(p.Commands))),
				figures.Counted(int64(p.Connections), "connection"), figures.Counted(p.Errors, "error"))
		})
		return line.Stop
	}
}
