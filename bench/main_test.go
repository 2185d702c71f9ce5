//go:build linux

package main

import (
	"context"
	"encoding/xml"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/fairlead-go/fairlead/bench/internal/handmade"
	"github.com/fairlead-go/fairlead/bench/internal/sample"
	"github.com/fairlead-go/fairlead/bench/internal/worker"
)

// The runner starts its own program as a worker, which is this test program here.
func TestMain(m *testing.M) {
	if worker.Wanted() {
		os.Exit(worker.Main())
	}
	if err := os.Setenv("GORACE", "atexit_sleep_ms=0"); err != nil { // or every worker takes a second more to end
		panic(err)
	}
	os.Exit(m.Run())
}

// invoke runs the command and returns what it printed.
func invoke(t *testing.T, args ...string) (out, errs string) {
	t.Helper()
	var stdout, stderr strings.Builder
	if err := bench(t.Context(), args, &stdout, &stderr); err != nil {
		t.Fatalf("bench %v: %v\n%s", args, err, stderr.String())
	}
	return stdout.String(), stderr.String()
}

func contains(t *testing.T, text string, parts ...string) {
	t.Helper()
	for _, part := range parts {
		if !strings.Contains(text, part) {
			t.Errorf("no %q in:\n%s", part, text)
		}
	}
}

func TestARunFromEndToEnd(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	report, data, pictures := filepath.Join(folder, "report.md"), filepath.Join(folder, "run.json"), filepath.Join(folder, "pictures")
	out, errs := invoke(t, "-cells", "tcp,get 8,20000/s", "-scenarios", "A,B,H", "-place", "free", "-drivers", "raw,rueidis,fairlead",
		"-rounds", "2", "-scale", "0.1", "-warm", "5ms", "-wait", "0s", "-out", report, "-json", data, "-pictures", pictures)
	contains(t, out, "The report is in", "targets")
	contains(t, errs, "round 1 of 2: A (free)", "round 2 of 2: B (free)")

	text, err := os.ReadFile(report)
	if err != nil {
		t.Fatal(err)
	}
	contains(t, string(text), "### A. One goroutine: GET 16 B (free)", "### B. ", "### H. ", "rueidis (best, least CPU)",
		"fairlead", "8 goroutines: ", "![", "(pictures/throughput.svg)", "redis ")
	if host, err := os.Hostname(); err == nil && len(host) > 3 && strings.Contains(string(text), host) {
		t.Error("the report tells the name of the host")
	}
	if strings.Contains(string(text), folder) {
		t.Error("the report tells a path of this machine")
	}
	isXML(t, filepath.Join(pictures, "throughput.svg"))

	run, err := sample.Load(data)
	if err != nil {
		t.Fatal(err)
	}
	if len(run.Results) != 3*3*2 {
		t.Errorf("%d samples, want those of 3 cells, 3 drivers and 2 rounds", len(run.Results))
	}
	for _, r := range run.Results {
		if r.Err != "" || r.Sample[sample.Rate] <= 0 || r.Sample[sample.CPU] <= 0 || r.Sample[sample.P99] < r.Sample[sample.P50] {
			t.Errorf("%s %s %s: %v %s", r.Scenario, r.Cell, r.Driver, r.Sample, r.Err)
		}
	}

	// The samples again, without measuring, compared with themselves.
	out, _ = invoke(t, "-from", data, "-compare", data)
	contains(t, out, "### B. ", "0 figures differ")
}

func isXML(t *testing.T, name string) {
	t.Helper()
	file, err := os.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	for decoder := xml.NewDecoder(file); ; {
		if _, err := decoder.Token(); errors.Is(err, io.EOF) {
			return
		} else if err != nil {
			t.Fatalf("%s is no XML: %v", name, err)
		}
	}
}

func TestCompareFindsWhatChanged(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	old, fresh := filepath.Join(folder, "old.json"), filepath.Join(folder, "new.json")
	before, after := handmade.Run(2), handmade.Run(2)
	for i, r := range after.Results {
		if r.Driver == "fairlead" && r.Cell == "get 512" && r.Place == "free" {
			after.Results[i].Sample[sample.CPU] *= 1.5
		}
	}
	for name, run := range map[string]*sample.Run{old: before, fresh: after} {
		if err := run.Save(name); err != nil {
			t.Fatal(err)
		}
	}
	out, _ := invoke(t, "-from", fresh, "-compare", old)
	contains(t, out, "1 figures differ", "get 512", "+50 %")
}

func TestMistakesInFlags(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		args []string
		says string
	}{
		{[]string{"-drivers", "nobody"}, `no driver "nobody": there are raw, rawmux`},
		{[]string{"-place", "moon"}, `no placement "moon": there are split, same, free`},
		{[]string{"-cells", "nothing"}, "no cell has these names"},
		{[]string{"-scenarios", "Q"}, "get 64"},
		{[]string{"everything"}, "no flag"},
		{[]string{"-from", filepath.Join(t.TempDir(), "missing.json")}, "missing.json"},
		{[]string{"-from", "main_test.go"}, "does not hold the samples of a run"},
		{[]string{"-rounds", "0", "-cells", "tcp"}, "nothing was measured"},
	} {
		err := bench(context.Background(), test.args, io.Discard, io.Discard)
		if err == nil || !strings.Contains(err.Error(), test.says) {
			t.Errorf("bench %v: %v, want an error that says %s", test.args, err, test.says)
		}
	}
}

func TestAnIncompleteRunKeepsTheReportThatIsThere(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	report, pictures := filepath.Join(folder, "RESULTS.md"), filepath.Join(folder, "pictures")
	if err := os.WriteFile(report, []byte("complete"), 0o600); err != nil {
		t.Fatal(err)
	}
	run := handmade.Run(1)
	run.About.Incomplete = "stopped in round 1 of 3"
	data := filepath.Join(folder, "run.json")
	if err := run.Save(data); err != nil {
		t.Fatal(err)
	}
	err := bench(t.Context(), []string{"-from", data, "-out", report, "-pictures", pictures}, io.Discard, io.Discard)
	if err == nil {
		t.Fatal("an incomplete run ended well")
	}
	contains(t, err.Error(), "incomplete (stopped in round 1 of 3)", "RESULTS.partial.md", "was left as it is")
	for name, want := range map[string]string{report: "complete", filepath.Join(folder, "RESULTS.partial.md"): "The run is incomplete"} {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		contains(t, string(text), want)
	}
	if _, err := os.Stat(pictures); err == nil {
		t.Error("an incomplete run has drawn pictures")
	}
}

func TestAnInterruptedRunSaysSo(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := bench(ctx, []string{"-cells", "tcp", "-drivers", "raw"}, io.Discard, io.Discard); err == nil {
		t.Error("a run that was interrupted at once ended well")
	}
}
