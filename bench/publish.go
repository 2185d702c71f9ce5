//go:build linux

package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"time"

	"github.com/fairlead-go/fairlead/bench/internal/driver"
	"github.com/fairlead-go/fairlead/bench/internal/machine"
	"github.com/fairlead-go/fairlead/bench/internal/picture"
	"github.com/fairlead-go/fairlead/bench/internal/report"
	"github.com/fairlead-go/fairlead/bench/internal/run"
	"github.com/fairlead-go/fairlead/bench/internal/sample"
	"github.com/fairlead-go/fairlead/bench/internal/score"
)

// measured makes the run, or loads one. The run is nil only with an error; with a run, an error says why it ended early.
func (s *settings) measured(ctx context.Context, progress io.Writer) (*sample.Run, error) {
	if s.from != "" {
		return sample.Load(s.from)
	}
	server, err := run.ServerVersion(ctx, s.Server)
	if err != nil {
		return nil, err
	}
	began := time.Now()
	results, early := run.Run(ctx, s.Options)
	if len(results) == 0 {
		return nil, errors.Join(early, errors.New("nothing was measured"))
	}
	about := sample.About{
		Date: began, CPU: machine.CPUModel(), CPUs: runtime.NumCPU(), Kernel: machine.Kernel(), Go: runtime.Version(), Server: server,
		Versions: map[string]string{}, Rounds: s.Rounds, Scale: s.Scale, Whole: s.Whole, Warm: s.Warm, Pool: s.Pool, Took: time.Since(began),
	}
	for _, d := range s.Drivers {
		if d.Module != "" {
			about.Versions[d.Name] = d.Version()
		}
	}
	if early != nil {
		about.Incomplete = early.Error()
		if ctx.Err() == nil {
			fmt.Fprintln(progress, "bench:", early)
		}
	}
	return &sample.Run{About: about, Results: results}, early
}

// publish writes what the flags ask for.
func (s *settings) publish(r *sample.Run, out io.Writer) error {
	if file := s.jsonOut; file != "" {
		if s.out != "" && r.About.Incomplete != "" {
			file = partial(file) // the samples stay beside the report that they belong to
		}
		if err := r.Save(file); err != nil {
			return err
		}
	}
	samples := score.New(r.Results, report.Peers(s.Drivers))
	rep := &report.Report{Run: r, Scenarios: s.Scenarios, Drivers: s.Drivers}
	file := s.out
	if r.About.Incomplete == "" {
		var err error
		if rep.Pictures, err = s.draw(samples); err != nil {
			return err
		}
	} else if file != "" {
		file = partial(file)
	}
	if file == "" {
		rep.Write(out)
	} else if err := writeFile(file, rep.Write); err != nil {
		return err
	} else {
		fmt.Fprintf(out, "The report is in %s.\n", file)
		rep.Summary(out)
	}
	if s.compare != "" {
		return s.differences(samples, out)
	}
	return nil
}

// partial names the file of an incomplete run's report, which must not take the place of a complete one's.
func partial(name string) string {
	kind := filepath.Ext(name)
	return strings.TrimSuffix(name, kind) + ".partial" + kind
}

// unfinished is an error if the report was to be kept and the run is incomplete.
func (s *settings) unfinished(r *sample.Run) error {
	if s.out == "" || r.About.Incomplete == "" {
		return nil
	}
	return fmt.Errorf("the run is incomplete (%s): its report is in %s, without pictures; %s was left as it is",
		r.About.Incomplete, partial(s.out), s.out)
}

// draw makes the pictures and says where they are, seen from the report.
func (s *settings) draw(samples *score.Samples) ([]report.Picture, error) {
	if s.pictures == "" {
		return nil, nil
	}
	drawn, err := picture.Draw(samples, driverNames(s.Drivers))
	if err != nil {
		return nil, err
	}
	if err := picture.Save(drawn, s.pictures); err != nil {
		return nil, err
	}
	shown := make([]report.Picture, len(drawn))
	for i, p := range drawn {
		file := filepath.Join(s.pictures, p.File)
		if seen, err := filepath.Rel(filepath.Dir(s.out), file); err == nil {
			file = seen
		}
		shown[i] = report.Picture{File: filepath.ToSlash(file), Title: p.Title}
	}
	return shown, nil
}

// differences prints what changed since an earlier run.
func (s *settings) differences(samples *score.Samples, out io.Writer) error {
	old, err := sample.Load(s.compare)
	if err != nil {
		return err
	}
	before := score.New(old.Results, report.Peers(driver.All()))
	differences := score.Compare(before, samples, driverNames(s.Drivers))
	fmt.Fprintf(out, "\nCompared with the run of %s, %d figures differ by more than the noise of both:\n",
		old.About.Date.Format("2006-01-02 15:04"), len(differences))
	for _, d := range differences {
		fmt.Fprintln(out, d)
	}
	return nil
}

// writeFile writes a file by a function.
func writeFile(name string, write func(io.Writer)) error {
	file, err := os.Create(name)
	if err != nil {
		return err
	}
	write(file)
	return file.Close()
}
